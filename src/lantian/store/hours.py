"""Station hours as the other rooms read them: the latest row of each station and hour, or as known at an instant.

Columns: ``station``, ``time`` (END of the hour, Beijing civil time), the six items, ``wind_direction``, ``wind_speed``,
``known_at`` (UTC) and ``batch``. Rows come by month, in it by station and time. An hour that was never told is absent; one
whose values were taken back is there with nulls.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from lantian.air.item import HOUR_ITEMS
from lantian.basis.period import Days
from lantian.store import lake
from lantian.store.air_file import reading

MEASURED: Final = (*HOUR_ITEMS, "wind_direction", "wind_speed")
SCHEMA: Final = {
    "station": pl.String(),
    "time": pl.Datetime("ms"),
    **dict.fromkeys(MEASURED, pl.Int32()),
    "known_at": pl.Datetime("us", "UTC"),
    "batch": pl.Int32(),
}
_KEY: Final = ["station", "time"]
_VERSION: Final = ["station", "time", "known_at", "batch"]


class HourReader:
    """Reads the station hours of a data folder; where there are none yet, everything is empty.

    Unit    values scaled by 10**4: co mg/m³, the other items µg/m³, wind degrees and m/s
    """

    def __init__(self, data: Path) -> None:
        self.data = Path(data)

    def hours(self, days: Days, *, values: str = "realtime", stations: Sequence[str] | None = None) -> pl.DataFrame:
        """The latest rows of the hours of these days, of all stations or those named."""
        with reading(self.data) as database:
            return empty() if database is None else latest(database, self.data, days, values, stations)

    def as_known_at(
        self, instant: datetime, days: Days, *, values: str = "realtime", stations: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """The rows of the hours of these days that were the latest at an instant (with zone)."""
        with reading(self.data) as database:
            return empty() if database is None else latest(database, self.data, days, values, stations, at=instant)

    def versions(self, days: Days, *, values: str = "realtime", stations: Sequence[str] | None = None) -> pl.DataFrame:
        """Every row the hours of these days have had, by station, hour and the order in which they became known."""
        with reading(self.data) as database:
            if database is None:
                return empty()
            months = lake.listed(database, values, lake.months(days.first, days.last))
            files = [self.data / file.path for listed in months.values() for file in listed]
            told = pl.col("known_at").is_not_null() & pl.col("time").is_between(*ends(days))
            if stations is not None:
                told &= pl.col("station").is_in(list(stations))
            parts = pl.collect_all(pl.scan_parquet(file, glob=False).filter(told) for file in files)
        return pl.concat(parts).unique(_VERSION).sort(_VERSION) if parts else empty()

    def files(self, month: str, values: str = "realtime") -> list[str]:
        """Digests of the files a month (2025-01) is read from, in their order: other ones, other hours."""
        query = "SELECT sha256 FROM lake_file WHERE kind = ? AND month = ? AND replaced_at IS NULL ORDER BY id"
        with reading(self.data) as database:
            rows = database.execute(query, (values, month)).fetchall() if database is not None else []
        return [sha256 for (sha256,) in rows]

    def last_hour(self, values: str = "realtime") -> datetime | None:
        """End of the last hour of which there is a value; None without any."""
        query = "SELECT max(last_hour) FROM lake_file WHERE kind = ? AND replaced_at IS NULL"
        with reading(self.data) as database:
            row = database.execute(query, (values,)).fetchone() if database is not None else None
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    def months(self, values: str = "realtime") -> list[str]:
        """Months of which there are hours, as 2025-01."""
        with reading(self.data) as database:
            return [month for _, month in lake.written_months(database, values)] if database is not None else []


def empty() -> pl.DataFrame:
    """The table without rows."""
    return pl.DataFrame(schema=SCHEMA)


def latest(
    database: sqlite3.Connection,
    data: Path,
    days: Days,
    values: str,
    stations: Sequence[str] | None = None,
    *,
    at: datetime | None = None,
) -> pl.DataFrame:
    """Rows of these days, the latest or as known at an instant, by what this connection sees."""
    parts = []
    for month, files in lake.listed(database, values, lake.months(days.first, days.last)).items():
        whole = Days(_first(month), days.last) if days.first < _first(month) else days
        parts.append(_of_month(data, files, whole, stations, at))
    return pl.concat(parts) if parts else empty()


def _of_month(
    data: Path, files: Sequence[lake.LakeFile], days: Days, stations: Sequence[str] | None, at: datetime | None
) -> pl.DataFrame:
    wanted = pl.col("known_at").is_not_null() & pl.col("time").is_between(*ends(days))
    if stations is not None:
        wanted &= pl.col("station").is_in(list(stations))
    if at is not None:
        wanted &= pl.col("known_at") <= at
    chosen = [file for file in files if at is not None or file.role != "history"]
    if not chosen:
        return empty()
    rows = pl.scan_parquet([data / file.path for file in chosen], glob=False).filter(wanted).collect()
    return rows if len(chosen) == 1 and chosen[0].role == "base" else newest(rows)


def newest(rows: pl.DataFrame) -> pl.DataFrame:
    """Of the versions of each station and hour the one known last, by station and time."""
    return rows.sort(_VERSION).unique(_KEY, keep="last", maintain_order=True)


def ends(days: Days) -> tuple[datetime, datetime]:
    """Stamps of the first and the last hour of some days."""
    first, last = (datetime.combine(day, time()) for day in (days.first, days.last))
    return first + timedelta(hours=1), last + timedelta(days=1)


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def write_hours(
    database: sqlite3.Connection, data: Path, rows: pl.DataFrame, values: str, *, now: datetime
) -> list[lake.LakeFile]:
    """Adds rows (columns of SCHEMA) as one file for each month they fall into, and notes the stations as seen."""
    placed = rows.sort(_KEY).with_columns(_month=(pl.col("time") - pl.duration(milliseconds=1)).dt.strftime("%Y-%m"))
    return [
        lake.add(database, data, part.drop("_month").select(list(SCHEMA)), values, str(month), "delta", now=now)
        for (month,), part in placed.group_by("_month", maintain_order=True)
    ]


def note_stations(database: sqlite3.Connection, seen: pl.DataFrame, values: str) -> None:
    """Keeps which stations there are data of, and their first and last day: columns station, city, first, last."""
    database.executemany(
        "INSERT INTO seen_station VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (station, kind) DO UPDATE SET "
        "city = coalesce(excluded.city, city), first = min(first, excluded.first), last = max(last, excluded.last)",
        (
            (station, values, city, first.isoformat(), last.isoformat())
            for station, city, first, last in seen.select("station", "city", "first", "last").iter_rows()
        ),
    )


def merge_month(database: sqlite3.Connection, data: Path, values: str, month: str, *, now: datetime) -> bool:
    """Makes one sorted base file on the full hour grid of a month's files; whether there was anything to merge.

    Rows that were replaced go to the month's history file, so that ``as_known_at`` still finds them.
    """
    files = lake.listed(database, values, [month]).get(month, [])
    if not any(file.role == "delta" for file in files):
        return False
    told = pl.concat(pl.read_parquet(data / file.path) for file in files).filter(pl.col("known_at").is_not_null())
    told = told.unique(_VERSION).sort(_VERSION)
    now_valid = told.unique(_KEY, keep="last", maintain_order=True)
    older = told.join(now_valid.select(_VERSION), on=_VERSION, how="anti")
    lake.replaced(database, files, now=now)
    lake.add(database, data, _on_grid(now_valid, month), values, month, "base", now=now)
    if older.height:
        lake.add(database, data, older, values, month, "history", now=now)
    return True


def _on_grid(rows: pl.DataFrame, month: str) -> pl.DataFrame:
    first = _first(month)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    stamps = pl.datetime_range(*ends(Days(first, last)), interval="1h", time_unit="ms", eager=True).alias("time")
    grid = rows.select(pl.col("station").unique().sort()).join(stamps.to_frame(), how="cross")
    return grid.join(rows, on=_KEY, how="left", maintain_order="left").select(list(SCHEMA))
