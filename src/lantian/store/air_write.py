"""Writing city days inside one transaction (``air_file.writing``): rows, revisions, derived days, the manifest."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl

from lantian.air.item import ITEMS
from lantian.basis.determination import digest
from lantian.basis.finding import Finding

_NAMES = ", ".join(ITEMS)
_HOLES = ", ".join("?" for _ in ITEMS)
_ROW = f"city, date, region, {_NAMES}, simulated, batch, known_at, kind, source"


@dataclass(frozen=True, slots=True)
class Series:
    """Which rows of a city: kind of values (realtime, reviewed), and where they come from (table, hours, stations)."""

    values: str = "realtime"
    source: str = "table"


TABLE = Series()


@dataclass(frozen=True, slots=True)
class RawDay:
    """One row as it came: plain city name, day, region where known, the six items scaled in the order of ITEMS."""

    city: str
    date: date
    region: str | None
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row kept aside: why and where, and its content by column."""

    finding: Finding
    content: dict[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows an import found new, revised and the same."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(slots=True)
class Changes:
    """What writing rows did: the rows new, revised and the same, and the items a revision emptied."""

    new: list[RawDay] = field(default_factory=list)
    changed: list[RawDay] = field(default_factory=list)
    same: int = 0
    emptied: int = 0

    @property
    def counts(self) -> Counts:
        """How many rows of each."""
        return Counts(len(self.new), len(self.changed), self.same)

    @property
    def touched(self) -> list[RawDay]:
        """Rows whose derived days must be computed."""
        return self.new + self.changed


def simulated_days(database: sqlite3.Connection) -> int:
    """How many simulated days the file has, of all cities and sources."""
    return int(database.execute("SELECT count(*) FROM raw_day WHERE simulated = 1").fetchone()[0])


def remove_simulated(database: sqlite3.Connection, cities: Iterable[str], source: str | None = None) -> int:
    """Removes the simulated days of these cities with all that was derived from them; how many days that were.

    ``source`` names the only source whose days go.
    """
    removed = 0
    for city in sorted(set(cities)):
        for table in ("derived_day", "replaced_day"):
            database.execute(
                f"DELETE FROM {table} WHERE city = ?1 AND source = coalesce(?2, source) AND EXISTS "  # noqa: S608 - built from constants
                f"(SELECT 1 FROM raw_day r WHERE r.city = ?1 AND r.simulated = 1 AND r.date = {table}.date "
                f"AND r.kind = {table}.kind AND r.source = {table}.source)",
                (city, source),
            )
        query = "DELETE FROM raw_day WHERE city = ?1 AND simulated = 1 AND source = coalesce(?2, source)"
        removed += database.execute(query, (city, source)).rowcount
    return removed


def compared(database: sqlite3.Connection, rows: Sequence[RawDay], series: Series = TABLE) -> Changes:
    """What writing these rows would do; nothing is written."""
    stored = _stored(database, rows, series)
    changes = Changes()
    for row in rows:
        before = stored.get((row.city, row.date.isoformat()))
        if before is None:
            changes.new.append(row)
        elif before[1:] == row.values and row.region in (None, before[0]):
            changes.same += 1
        else:
            changes.changed.append(RawDay(row.city, row.date, row.region or before[0], row.values))
            pairs = zip(before[1:], row.values, strict=True)
            changes.emptied += any(old is not None and fresh is None for old, fresh in pairs)
    return changes


def write_changes(
    database: sqlite3.Connection,
    changes: Changes,
    *,
    batch: int,
    known_at: datetime,
    simulated: bool,
    series: Series = TABLE,
) -> None:
    """Writes new rows and revisions; a row that is replaced is kept with the batch that replaced it."""
    at = known_at.isoformat()
    keep_replaced(database, ((row.city, row.date) for row in changes.changed), batch, known_at, series)
    database.executemany(
        f"INSERT OR REPLACE INTO raw_day ({_ROW}) VALUES (?, ?, ?, {_HOLES}, ?, ?, ?, ?, ?)",  # noqa: S608 - built from constants
        (
            (row.city, row.date.isoformat(), row.region, *row.values, int(simulated), batch, at, *_of(series))
            for row in changes.touched
        ),
    )


def keep_replaced(
    database: sqlite3.Connection, days: Iterable[tuple[str, date]], batch: int, at: datetime, series: Series
) -> None:
    """Keeps the rows of these days as they are before another batch replaces or removes them."""
    database.executemany(
        f"INSERT INTO replaced_day ({_ROW}, replaced_by, replaced_at) SELECT {_ROW}, ?, ? "  # noqa: S608 - built from constants
        "FROM raw_day WHERE city = ? AND date = ? AND kind = ? AND source = ?",
        ((batch, at.isoformat(), city, day.isoformat(), *_of(series)) for city, day in days),
    )


def remove_days(
    database: sqlite3.Connection, days: Sequence[tuple[str, date]], *, batch: int, at: datetime, series: Series
) -> None:
    """Removes days that no longer can be computed, with what was derived from them; the rows are kept as replaced."""
    keep_replaced(database, days, batch, at, series)
    for table in ("raw_day", "derived_day"):
        database.executemany(
            f"DELETE FROM {table} WHERE city = ? AND date = ? AND kind = ? AND source = ?",  # noqa: S608 - built from constants
            ((city, day.isoformat(), *_of(series)) for city, day in days),
        )


def _of(series: Series) -> tuple[str, str]:
    return series.values, series.source


def stored_days(
    database: sqlite3.Connection, city: str, first: date, last: date, series: Series
) -> dict[date, tuple[int | None, ...]]:
    """Values of the days the file has of a city in one series."""
    query = f"SELECT date, {_NAMES} FROM raw_day WHERE city = ? AND date BETWEEN ? AND ? AND kind = ? AND source = ?"  # noqa: S608 - built from constants
    rows = database.execute(query, (city, first.isoformat(), last.isoformat(), *_of(series)))
    return {date.fromisoformat(row[0]): tuple(row[1:]) for row in rows}


def _stored(
    database: sqlite3.Connection, rows: Sequence[RawDay], series: Series
) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Rows the file has for the cities and days in question: (city, date) to (region, values …)."""
    spans: dict[str, tuple[date, date]] = {}
    for row in rows:
        first, last = spans.get(row.city, (row.date, row.date))
        spans[row.city] = min(first, row.date), max(last, row.date)
    query = (
        f"SELECT city, date, region, {_NAMES} FROM raw_day "  # noqa: S608 - built from constants
        "WHERE city = ? AND date BETWEEN ? AND ? AND kind = ? AND source = ?"
    )
    found = (
        database.execute(query, (city, first.isoformat(), last.isoformat(), *_of(series)))
        for city, (first, last) in spans.items()
    )
    return {(row[0], row[1]): row[2:] for cursor in found for row in cursor}


def write_derived(
    database: sqlite3.Connection, days: pl.DataFrame, *, computed_at: datetime, series: Series = TABLE
) -> int:
    """Writes evaluated days (``air.day.evaluated``), each with the digest of the row it came from; how many.

    Where the table has a column ``records``, what it says of the records behind a day is part of the digest.
    """
    if days.is_empty():
        return 0
    at = computed_at.isoformat()
    columns = ["city", "date", *ITEMS]
    columns += [f"{item}_{part}" for item in ITEMS for part in ("text", "iaqi")]
    columns += ["aqi", "primary", "category", "edition"]
    records = days["records"].to_list() if "records" in days.columns else None
    holes = ", ".join("?" for _ in range(2 + 2 * len(ITEMS) + 8))
    inputs = 2 + len(ITEMS)
    database.executemany(
        f"INSERT OR REPLACE INTO derived_day VALUES ({holes})",  # noqa: S608 - built from constants
        (
            (
                row[0],
                row[1].isoformat(),
                *row[inputs:-3],
                ",".join(row[-3]),
                *row[-2:],
                digest([[*row[:inputs], row[-1], *([records[at_row]] if records else [])]]),
                at,
                *_of(series),
            )
            for at_row, row in enumerate(days.select(columns).iter_rows())
        ),
    )
    return days.height


def earlier_import(database: sqlite3.Connection, files: Sequence[dict[str, str]], layout: str) -> int | None:
    """Latest import of files with this content under this layout; None without one."""
    wanted = sorted(one["sha256"] for one in files)
    query = "SELECT id, files FROM import WHERE layout = ? AND kind <> 'simulated' ORDER BY id DESC"
    for number, text in database.execute(query, (layout,)):
        if sorted(one["sha256"] for one in json.loads(text)) == wanted:
            return int(number)
    return None


def start_import(
    database: sqlite3.Connection, *, at: datetime, by: str, kind: str, files: Sequence[dict[str, str]], layout: str
) -> int:
    """A new line of the import manifest; its id is the batch of the rows written under it."""
    cursor = database.execute(
        "INSERT INTO import (at, by, kind, files, layout, rows_read, rows_new, rows_changed, rows_same, "
        "rows_quarantined, notes) VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '[]')",
        (at.isoformat(), by, kind, json.dumps(list(files), ensure_ascii=False), layout),
    )
    return int(cursor.lastrowid or 0)


def finish_import(
    database: sqlite3.Connection,
    number: int,
    *,
    rows_read: int,
    counts: Counts,
    quarantined: Sequence[Quarantined],
    notes: Sequence[Finding],
) -> None:
    """Completes the line: counts, notes, and the rows kept aside."""
    database.execute(
        "UPDATE import SET rows_read = ?, rows_new = ?, rows_changed = ?, rows_same = ?, rows_quarantined = ?, "
        "notes = ? WHERE id = ?",
        (
            rows_read,
            counts.new,
            counts.changed,
            counts.same,
            len(quarantined),
            json.dumps([note.as_dict() for note in notes], ensure_ascii=False),
            number,
        ),
    )
    database.executemany(
        'INSERT INTO quarantine (import, code, file, sheet, row, "column", zh, en, content) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((number, *_kept(one)) for one in quarantined),
    )


def _kept(one: Quarantined) -> tuple[object, ...]:
    finding, place = one.finding, one.finding.place
    content = json.dumps(one.content, ensure_ascii=False)
    return finding.code, place.file, place.sheet, place.row, place.column, finding.text.zh, finding.text.en, content
