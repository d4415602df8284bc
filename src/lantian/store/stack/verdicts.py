"""Verdicts about stacks in ``referee.sqlite``: written whole with their run, read by outlet, factor and time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from lantian.store.stack.verdict_file import raise_version, reading, version_of, writing
from lantian.store.stack.verdict_rows import (
    DayVerdict,
    Hit,
    HourVerdict,
    Row,
    Run,
    Screened,
    day_of,
    day_row,
    hit_of,
    hit_row,
    hour_of,
    hour_row,
    screened_of,
    screened_row,
)

__all__ = [
    "DayVerdict", "Hit", "HourVerdict", "Run", "Screened", "days", "hits", "hours", "last_valid_masses", "referee_version",
    "screened", "write_days", "write_hits", "write_hours", "write_screened", "write_verdicts",
]  # fmt: skip

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "hour": (
        "outlet", "factor", "start", "minutes", "valid", "measured", "converted", "mass_kg", "mass_substituted",
        "hour_limit", "exceeded", "state", "marks", "reasons", "source", "inputs",
    ),
    "day": (
        "outlet", "factor", "day", "hours", "valid", "measured", "converted", "mass_kg", "day_limit", "exceeded",
        "exceeded_hours", "state", "reasons", "inputs",
    ),
    "hit": ("outlet", "code", "factor", "first", "last", "severity", "zh", "en", "evidence"),
    "screened": ("outlet", "pattern", "factor", "first", "last", "score", "zh", "look_at", "evidence"),
}  # fmt: skip
_TIME: Final = {"hour": "start", "day": "day", "hit": "first", "screened": "first"}
_KEY: Final = {
    "hour": ("outlet", "start", "factor"),
    "day": ("outlet", "day", "factor"),
    "hit": ("outlet", "code", "factor", "first"),
    "screened": ("outlet", "pattern", "factor", "first"),
}


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


def last_valid_masses(
    database: sqlite3.Connection, outlet: str, factor: str, before: datetime, count: int
) -> list[Decimal]:
    """The last measured masses (kg) of valid hours before an hour, newest first."""
    rows = database.execute(
        """SELECT mass_kg FROM hour WHERE outlet = ? AND start < ? AND factor = ? AND valid AND NOT mass_substituted
        AND mass_kg IS NOT NULL ORDER BY start DESC LIMIT ?""",
        (outlet, before.isoformat(), factor, count),
    )
    return [Decimal(text) for (text,) in rows]


def write_hours(data: Path, rows: Sequence[HourVerdict], run: Run) -> int:
    """Number of verdicts of hours that were new or differ from what stood; the others keep their run."""
    return write_verdicts(data, run, rows, ())


def write_days(data: Path, rows: Sequence[DayVerdict], run: Run) -> int:
    """Number of verdicts of days that were new or differ from what stood; the others keep their run."""
    return write_verdicts(data, run, (), rows)


def write_verdicts(data: Path, run: Run, of_hours: Sequence[HourVerdict], of_days: Sequence[DayVerdict]) -> int:
    """Number of verdicts that were new or differ from what stood, hours and days in one transaction.

    Errors  Refusal where nothing could be written
    """
    with writing(data) as database:
        number = _run(database, run)
        changed = _put(database, "hour", map(hour_row, of_hours), number)
        changed += _put(database, "day", map(day_row, of_days), number)
        _close(database, number, changed)
    return changed


def write_hits(data: Path, rows: Iterable[Hit], run: Run, *, outlets: Collection[str] | None = None) -> int:
    """Number of hits written or taken away: those of the run's days (and outlets, None: all) are replaced by the rows."""
    return _replace(data, "hit", map(hit_row, rows), run, outlets)


def write_screened(data: Path, rows: Iterable[Screened], run: Run, *, outlets: Collection[str] | None = None) -> int:
    """Number of patterns written or taken away: those of the run's days (and outlets, None: all) are replaced by the rows."""
    return _replace(data, "screened", map(screened_row, rows), run, outlets)


def _read(
    data: Path, table: str, first: date, until: date, outlet: str | None, factor: str | None, *, with_run: bool = False
) -> list[Row]:
    names = ", ".join(f"one.{name}" for name in _COLUMNS[table]) + (", run.computed_at" if with_run else "")
    end = "last" if "last" in _COLUMNS[table] else _TIME[table]
    query = f"SELECT {names} FROM {table} AS one"  # noqa: S608
    query += " JOIN run ON run.id = one.run" if with_run else ""
    query += f" WHERE one.{end} >= ? AND one.{_TIME[table]} < ?"
    values = [first.isoformat(), until.isoformat()]
    for name, wanted in (("outlet", outlet), ("factor", factor)):
        if wanted is not None:
            query += f" AND one.{name} = ?"
            values.append(wanted)
    query += " ORDER BY " + ", ".join(f"one.{name}" for name in _KEY[table])
    with reading(data) as database:
        return [] if database is None else database.execute(query, values).fetchall()


def _run(database: sqlite3.Connection, run: Run) -> int:
    found = database.execute(
        "INSERT INTO run (kind, first, last, as_of, computed_at, inputs, editions) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            run.kind, run.first.isoformat(), run.last.isoformat(), run.as_of.isoformat(), run.computed_at.isoformat(),
            run.inputs, json.dumps(run.editions, ensure_ascii=False),
        ),
    )  # fmt: skip
    return int(found.lastrowid or 0)


def _close(database: sqlite3.Connection, number: int, changed: int) -> None:
    """A run that changed nothing leaves no trace."""
    if changed:
        raise_version(database)
    else:
        database.execute("DELETE FROM run WHERE id = ?", (number,))


def _put(database: sqlite3.Connection, table: str, rows: Iterable[Row], run: int) -> int:
    """Rows that were new or differ; a row that says the same keeps the run that said it first."""
    names = _COLUMNS[table]
    own = [name for name in names if name not in _KEY[table]]
    before = database.total_changes
    database.executemany(
        f"""INSERT INTO {table} ({", ".join(names)}, run) VALUES ({", ".join("?" * len(names))}, {run})
        ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in own)}, run = excluded.run
        WHERE ({", ".join(f"{table}.{name}" for name in own)}) IS NOT ({", ".join(f"excluded.{name}" for name in own)})""",  # noqa: S608
        rows,
    )
    return database.total_changes - before


def _replace(data: Path, table: str, rows: Iterable[Row], run: Run, outlets: Collection[str] | None) -> int:
    given = {tuple(row[_COLUMNS[table].index(name)] for name in _KEY[table]): row for row in rows}
    with writing(data) as database:
        number = _run(database, run)
        names = ", ".join(_KEY[table])
        stood = database.execute(
            f"SELECT {names} FROM {table} WHERE first >= ? AND first < ?",  # noqa: S608
            (run.first.isoformat(), date.fromordinal(run.last.toordinal() + 1).isoformat()),
        ).fetchall()
        gone = [key for key in stood if key not in given and (outlets is None or key[0] in outlets)]
        where = " AND ".join(f"{name} = ?" for name in _KEY[table])
        database.executemany(f"DELETE FROM {table} WHERE {where}", gone)  # noqa: S608
        changed = len(gone) + _put(database, table, given.values(), number)
        _close(database, number, changed)
    return changed
