"""The year so far with one station lost: city days computed again from station hours without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from lantian.air.item import HOUR_ITEMS, SCALE
from lantian.basis.period import Days
from lantian.store.air import AirReader, plain_city
from lantian.store.hours import HourReader
from lantian.store.stations import OF_CITY, Station, StationReader


@dataclass(frozen=True, slots=True)
class Lost:
    """PM2.5 of the year so far from station hours; ``station`` None: with all of them. ``total`` exact sum in µg/m³."""

    station: Station | None
    days: int
    total: Fraction

    @property
    def mean(self) -> Fraction | None:
        """Exact mean of the valid days; None without any."""
        return self.total / self.days if self.days else None


def without_each(reader: AirReader, city: str, days: Days) -> tuple[Lost, ...]:
    """All stations first, then without each of the city's national stations; empty without station hours.

    A lost station stays among those of which three of four must be valid, as one that fails does.
    Rule    HJ 663: station days, then the mean of the valid stations' unrounded days
    """
    own = city_stations(reader, city, days.last)
    if not own:
        return ()
    hours = HourReader(reader.data).hours(days, stations=[one.code for one in own])
    if hours.is_empty():
        return ()
    table = hours.select(pl.lit(plain_city(city)).alias("city"), "station", "time", *HOUR_ITEMS)
    cases: list[Station | None] = [None, *own]
    return tuple(_lost(table, one, days, len(own), plain_city(city)) for one in cases)


def city_stations(reader: AirReader, city: str, day: date) -> list[Station]:
    """The city's national stations on a day."""
    found = StationReader(reader.data).stations(day)
    return [one for one in found if one.role in OF_CITY and plain_city(one.city) == plain_city(city)]


def _lost(hours: pl.DataFrame, station: Station | None, days: Days, count: int, city: str) -> Lost:
    from lantian.work.air_city_year import city_days_of  # numpy is loaded when station hours are there
    from lantian.work.air_hour_sums import all_parts

    rest = hours if station is None else hours.filter(pl.col("station") != station.code)
    if rest.is_empty():
        return Lost(station, 0, Fraction(0))
    made = city_days_of(rest, days, dict.fromkeys(HOUR_ITEMS, SCALE), {city: count})
    rows = made.filter(pl.col("pm25").is_not_null()).select("pm25", "pm25_points").iter_rows()
    return _summed(station, list(rows), all_parts()["pm25"])


def _summed(station: Station | None, rows: Sequence[tuple[int, int]], parts: int) -> Lost:
    total = sum((Fraction(value, points) for value, points in rows), Fraction(0))
    return Lost(station, len(rows), total / (parts * 10**SCALE))
