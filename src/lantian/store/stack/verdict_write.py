"""Writing verdicts: with their run, whole or not at all; a verdict that says the same as before stays as it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from lantian.store.stack.verdict_file import raise_version, writing
from lantian.store.stack.verdict_rows import (
    DayVerdict,
    Hit,
    HourVerdict,
    Row,
    Run,
    Screened,
    day_row,
    hit_row,
    hour_row,
    screened_row,
)

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
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
TIME: Final = {"hour": "start", "day": "day", "hit": "first", "screened": "first"}
KEY: Final = {
    "hour": ("outlet", "start", "factor"),
    "day": ("outlet", "day", "factor"),
    "hit": ("outlet", "code", "factor", "first"),
    "screened": ("outlet", "pattern", "factor", "first"),
}


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
        number = begin(database, run)
        changed = put(database, "hour", map(hour_row, of_hours), number)
        changed += put(database, "day", map(day_row, of_days), number)
        end(database, number, changed)
    return changed


def write_hits(data: Path, rows: Iterable[Hit], run: Run, *, outlets: Collection[str] | None = None) -> int:
    """Number of hits written or taken away: those of the run's days (and outlets, None: all) are replaced by the rows."""
    return _replace(data, "hit", map(hit_row, rows), run, outlets)


def write_screened(data: Path, rows: Iterable[Screened], run: Run, *, outlets: Collection[str] | None = None) -> int:
    """Number of patterns written or taken away: those of the run's days (and outlets, None: all) are replaced by the rows."""
    return _replace(data, "screened", map(screened_row, rows), run, outlets)


def begin(database: sqlite3.Connection, run: Run) -> int:
    """The number of a run that has been written down."""
    found = database.execute(
        "INSERT INTO run (kind, first, last, as_of, computed_at, inputs, editions) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            run.kind, run.first.isoformat(), run.last.isoformat(), run.as_of.isoformat(), run.computed_at.isoformat(),
            run.inputs, json.dumps(run.editions, ensure_ascii=False),
        ),
    )  # fmt: skip
    return int(found.lastrowid or 0)


def end(database: sqlite3.Connection, number: int, changed: int) -> None:
    """A run that changed nothing leaves no trace."""
    if changed:
        raise_version(database)
    else:
        database.execute("DELETE FROM run WHERE id = ?", (number,))


def put(
    database: sqlite3.Connection, table: str, rows: Iterable[Row], run: int, *, differing: Sequence[str] | None = None
) -> int:
    """Number of rows that were new or differ (in some columns; None: in any); others keep the run that said them first."""
    names = COLUMNS[table]
    own = [name for name in names if name not in KEY[table]]
    compared = differing or own
    before = database.total_changes
    database.executemany(
        f"""INSERT INTO {table} ({", ".join(names)}, run) VALUES ({", ".join("?" * len(names))}, {run})
        ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in own)}, run = excluded.run
        WHERE ({", ".join(f"{table}.{name}" for name in compared)})
        IS NOT ({", ".join(f"excluded.{name}" for name in compared)})""",  # noqa: S608
        rows,
    )
    return database.total_changes - before


def _replace(data: Path, table: str, rows: Iterable[Row], run: Run, outlets: Collection[str] | None) -> int:
    given = {tuple(row[COLUMNS[table].index(name)] for name in KEY[table]): row for row in rows}
    with writing(data) as database:
        number = begin(database, run)
        names = ", ".join(KEY[table])
        stood = database.execute(
            f"SELECT {names} FROM {table} WHERE first >= ? AND first < ?",  # noqa: S608
            (run.first.isoformat(), date.fromordinal(run.last.toordinal() + 1).isoformat()),
        ).fetchall()
        gone = [key for key in stood if key not in given and (outlets is None or key[0] in outlets)]
        where = " AND ".join(f"{name} = ?" for name in KEY[table])
        database.executemany(f"DELETE FROM {table} WHERE {where}", gone)  # noqa: S608
        changed = len(gone) + put(database, table, given.values(), number)
        end(database, number, changed)
    return changed
