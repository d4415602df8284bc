"""Hours and days of fictional stations for the checks on data quality."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from lantian.air.item import SCALE
from lantian.air.quality import ALL_ITEMS

UNIT = 10**SCALE
START = datetime(2025, 1, 1, 1)


def hours(
    station: str = "东山", city: str = "望海", start: datetime = START, **values: Sequence[float | None]
) -> pl.DataFrame:
    """Hours of one station one after the other; None is a missing value."""
    count = max(len(column) for column in values.values())
    times = [start + timedelta(hours=n) for n in range(count)]
    return _table(city, station, pl.Series("time", times, dtype=pl.Datetime("us")), values)


def days(city: str = "望海", start: date = date(2025, 1, 1), **values: Sequence[float | None]) -> pl.DataFrame:
    """Days of one city, no station."""
    count = max(len(column) for column in values.values())
    return _table(
        city, None, pl.Series("time", [start + timedelta(days=n) for n in range(count)], dtype=pl.Date), values
    )


def _table(city: str, station: str | None, times: pl.Series, values: dict[str, Sequence[float | None]]) -> pl.DataFrame:
    columns = {
        item: pl.Series(
            item,
            [None if one is None else round(one * UNIT) for one in values[item]],
            dtype=pl.Int64,
        )
        for item in ALL_ITEMS
        if item in values
    }
    names = pl.DataFrame({"city": [city] * len(times)}).with_columns(station=pl.lit(station, dtype=pl.String))
    return names.with_columns(times.alias("time"), *columns.values())


def wave(count: int, level: float = 50) -> list[float]:
    """Values that change every hour, gently."""
    return [level + n % 7 for n in range(count)]
