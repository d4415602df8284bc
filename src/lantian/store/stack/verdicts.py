"""Verdicts about stacks in ``referee.sqlite``: read by outlet, factor and time, written whole with their run."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

from lantian.store.stack.verdict_file import reading, version_of
from lantian.store.stack.verdict_rows import (
    DayVerdict,
    Hit,
    HourVerdict,
    Row,
    Run,
    Screened,
    day_of,
    hit_of,
    hour_of,
    screened_of,
)
from lantian.store.stack.verdict_write import (
    COLUMNS,
    KEY,
    TIME,
    write_days,
    write_hits,
    write_hours,
    write_screened,
    write_verdicts,
)

__all__ = [
    "DayVerdict", "Hit", "HourVerdict", "Run", "Screened", "days", "editions", "hits", "hours", "referee_version", "screened",
    "write_days", "write_hits", "write_hours", "write_screened", "write_verdicts",
]  # fmt: skip


def hours(
    data: Path, first: datetime, until: datetime, *, outlet: str | None = None, factor: str | None = None
) -> list[HourVerdict]:
    """Verdicts of hours with ``first`` ≤ start < ``until``, by outlet, start and factor."""
    found = _read(data, "hour", first, until, outlet, factor, with_run=True)
    return [hour_of(row) for row in found]


def days(
    data: Path, first: date, until: date, *, outlet: str | None = None, factor: str | None = None
) -> list[DayVerdict]:
    """Verdicts of days with ``first`` ≤ day < ``until``, by outlet, day and factor."""
    return [day_of(row) for row in _read(data, "day", first, until, outlet, factor, with_run=True)]


def hits(
    data: Path, first: datetime, until: datetime, *, outlet: str | None = None, factor: str | None = None
) -> list[Hit]:
    """Checks not passed whose span touches [first, until), by outlet, code, factor and time."""
    return [hit_of(row) for row in _read(data, "hit", first, until, outlet, factor)]


def screened(
    data: Path, first: datetime, until: datetime, *, outlet: str | None = None, factor: str | None = None
) -> list[Screened]:
    """Suspected patterns whose span touches [first, until), by outlet, pattern, factor and time."""
    return [screened_of(row) for row in _read(data, "screened", first, until, outlet, factor)]


def referee_version(data: Path) -> int:
    """Version of all verdicts: another number after every change, 0 where there are none."""
    with reading(data) as database:
        return 0 if database is None else version_of(database)


def editions(data: Path, first: datetime, until: datetime, *, outlet: str) -> list[str]:
    """Editions of the law the verdicts of an outlet's hours with ``first`` ≤ start < ``until`` rest on, each once."""
    query = """SELECT DISTINCT run.editions FROM hour JOIN run ON run.id = hour.run
        WHERE hour.outlet = ? AND hour.start >= ? AND hour.start < ?"""
    with reading(data) as database:
        rows = (
            []
            if database is None
            else database.execute(query, (outlet, first.isoformat(), until.isoformat())).fetchall()
        )
    return sorted({edition for (text,) in rows for edition in json.loads(text)})


def _read(
    data: Path, table: str, first: date, until: date, outlet: str | None, factor: str | None, *, with_run: bool = False
) -> list[Row]:
    names = ", ".join(f"one.{name}" for name in COLUMNS[table]) + (", run.computed_at" if with_run else "")
    end = "last" if "last" in COLUMNS[table] else TIME[table]
    query = f"SELECT {names} FROM {table} AS one"  # noqa: S608
    query += " JOIN run ON run.id = one.run" if with_run else ""
    query += f" WHERE one.{end} >= ? AND one.{TIME[table]} < ?"
    values = [first.isoformat(), until.isoformat()]
    for name, wanted in (("outlet", outlet), ("factor", factor)):
        if wanted is not None:
            query += f" AND one.{name} = ?"
            values.append(wanted)
    query += " ORDER BY " + ", ".join(f"one.{name}" for name in KEY[table])
    with reading(data) as database:
        return [] if database is None else database.execute(query, values).fetchall()
