"""Station days and monthly figures that came as tables: kept as they were given, each revision too."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from lantian.air.item import ITEMS
from lantian.basis.period import Days
from lantian.store.air import plain_city
from lantian.store.air_file import reading
from lantian.store.air_write import Counts
from lantian.store.station_given import GIVEN, bits

_NAMES = ", ".join(ITEMS)
_GIVEN: Final = {"station": pl.String, "date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64), "batch": pl.Int64}
FIGURES: Final = (*ITEMS, "good_ratio", "composite_index")
_FIGURE_NAMES = ", ".join((*FIGURES, "rank"))


@dataclass(frozen=True, slots=True)
class GivenMonth:
    """One line of a monthly table as it was issued: figures of a city or county.

    Unit    ``figures`` scaled by 10**4: co mg/m³, the other items µg/m³, good_ratio percent, composite_index; None where
            the table gave none
    """

    place: str
    city: str | None
    month: date
    values: str
    figures: dict[str, int | None]
    rank: int | None
    batch: int
    known_at: datetime


class Written(NamedTuple):
    """What writing rows did: counts, keys that are new or changed, rows that took a value back."""

    counts: Counts
    touched: list[tuple[str, date]]
    emptied: int


class MonthReader:
    """Reads the monthly figures of a data folder as they were issued; where there are none, everything is empty."""

    def __init__(self, data: Path) -> None:
        self.data = Path(data)

    def months(self, days: Days, *, values: str = "realtime", places: Sequence[str] | None = None) -> list[GivenMonth]:
        """Lines of the months whose first day lies in ``days``, by month and place."""
        query = (
            f"SELECT place, city, month, kind, {_FIGURE_NAMES}, batch, known_at FROM given_month "  # noqa: S608 - built from constants
            "WHERE kind = ? AND month BETWEEN ? AND ? ORDER BY month, place"
        )
        asked = (values, days.first.isoformat(), days.last.isoformat())
        with reading(self.data) as database:
            rows = database.execute(query, asked).fetchall() if database is not None else []
        wanted = None if places is None else {plain_city(name) for name in places}
        return [_month(row) for row in rows if wanted is None or row[0] in wanted]


def _month(row: tuple[Any, ...]) -> GivenMonth:
    place, city, text, values, *figures, rank, batch, known_at = row
    return GivenMonth(
        place=place,
        city=city,
        month=date.fromisoformat(text),
        values=values,
        figures=dict(zip(FIGURES, figures, strict=True)),
        rank=rank,
        batch=batch,
        known_at=datetime.fromisoformat(known_at),
    )


def given_days(
    database: sqlite3.Connection, days: Days, values: str, stations: Sequence[str] | None = None
) -> pl.DataFrame:
    """Station days as given: station, date, the six items (scaled), batch."""
    query = f"SELECT station, date, {_NAMES}, batch FROM given_station_day WHERE kind = ? AND date BETWEEN ? AND ?"  # noqa: S608 - built from constants
    rows = database.execute(query, (values, days.first.isoformat(), days.last.isoformat()))
    wanted = None if stations is None else set(stations)
    kept = [(row[0], date.fromisoformat(row[1]), *row[2:]) for row in rows if wanted is None or row[0] in wanted]
    return pl.DataFrame(kept, schema=_GIVEN, orient="row")


def write_station_days(
    database: sqlite3.Connection, table: pl.DataFrame, values: str, *, batch: int, now: datetime
) -> Written:
    """Writes rows (station, date, items of the table, ``given``); an item a row says nothing of keeps what was stored."""
    rows = _completed(table, ITEMS)
    return _written(
        database, "given_station_day", "replaced_station_day", ("station", "date"), ITEMS, rows, values, batch, now
    )


def write_months(
    database: sqlite3.Connection, table: pl.DataFrame, values: str, *, batch: int, now: datetime
) -> Written:
    """Writes rows (place, month, city, figures of the table, ``given``); what a row says nothing of keeps what was stored."""
    names = ("city", *FIGURES, "rank")
    rows = _completed(table, names)
    return _written(database, "given_month", "replaced_month", ("place", "month"), names, rows, values, batch, now)


def _completed(table: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in names if name not in table.columns]
    return table.with_columns(absent)


def _written(
    database: sqlite3.Connection,
    goal: str,
    kept: str,
    key: tuple[str, str],
    names: Sequence[str],
    table: pl.DataFrame,
    values: str,
    batch: int,
    now: datetime,
) -> Written:
    listed = ", ".join(names)
    where = f"{key[0]} = ? AND {key[1]} = ? AND kind = ?"
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    same = emptied = 0
    for own, day, given, *cells in table.select(*key, GIVEN, *names).iter_rows():
        at = (own, day.isoformat(), values)
        before = database.execute(f"SELECT {listed} FROM {goal} WHERE {where}", at).fetchone()  # noqa: S608 - built from constants
        row = _standing(names, given, cells, before or (None,) * len(names))
        if before == row:
            same += 1
        else:
            (new if before is None else changed).append((*at, *row))
            emptied += any(now is None and old is not None for now, old in zip(row, before or (), strict=False))
    every = f"{key[0]}, {key[1]}, kind, {listed}, batch, known_at"
    database.executemany(
        f"INSERT INTO {kept} ({every}, replaced_by, replaced_at) SELECT {every}, ?, ? FROM {goal} WHERE {where}",  # noqa: S608 - built from constants
        ((batch, now.isoformat(), *row[:3]) for row in changed),
    )
    holes = ", ".join("?" for _ in range(len(names) + 5))
    database.executemany(
        f"INSERT OR REPLACE INTO {goal} ({every}) VALUES ({holes})",  # noqa: S608 - built from constants
        ((*row, batch, now.isoformat()) for row in [*new, *changed]),
    )
    touched = [(row[0], date.fromisoformat(row[1])) for row in [*new, *changed]]
    return Written(Counts(len(new), len(changed), same), touched, emptied)


def _standing(names: Sequence[str], given: int, cells: Sequence[Any], before: Sequence[Any]) -> tuple[Any, ...]:
    """A row as it will stand: what it says something of, else what was stored; a city is never taken back."""

    def says(name: str, cell: Any) -> bool:
        return cell is not None if name == "city" else bool(given & bits((name,)))

    return tuple(cell if says(name, cell) else old for name, cell, old in zip(names, cells, before, strict=True))
