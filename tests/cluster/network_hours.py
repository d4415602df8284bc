"""Hours of a fictional network in monthly files, fast enough for hundreds of stations (nothing in it is observed)."""

from __future__ import annotations

import calendar
from pathlib import Path

import numpy as np
import polars as pl

LEVELS = {"so2": 12, "no2": 28, "co": 8, "o3": 70, "pm10": 70, "pm25": 35}  # CO in tenths of mg/m³


def month_of(number: int, *, stations: int, cities: int, year: int = 2026) -> pl.DataFrame:
    """One month: station, city, time (end of hour), whole numbers, five in a hundred missing.

    In January the last tenth of the stations does not report yet: a city's stations are known from the whole year only.
    """
    rng = np.random.default_rng([year, number])
    hours = calendar.monthrange(year, number)[1] * 24
    there = stations - stations // 10 if number == 1 else stations
    start = np.datetime64(f"{year}-{number:02d}-01T01:00", "ms")
    swing = 1 + 0.4 * np.cos(2 * np.pi * (number - 1) / 12)
    of = np.arange(there) * cities // stations
    columns: dict[str, pl.Series] = {
        "station": pl.Series([f"S{one:04d}" for one in range(there)]).gather(np.repeat(np.arange(there), hours)),
        "city": pl.Series([f"市{one:03d}" for one in of]).gather(np.repeat(np.arange(there), hours)),
        "time": pl.Series(np.tile(start + np.arange(hours) * np.timedelta64(3_600_000, "ms"), there)),
    }
    weather = np.repeat(np.exp(rng.normal(0, 0.5, (cities, hours // 24))), 24, axis=1)[of]
    for item, level in LEVELS.items():
        values = np.rint(level * swing * weather * rng.uniform(0.6, 1.5, (there, hours))).astype(np.int32).ravel()
        columns[item] = pl.Series(values).set(pl.Series(rng.random(values.size) < 0.05), None)
    return pl.DataFrame(columns).rename({"co": "co(0.1 mg/m3)"})


def written_year(folder: Path, *, stations: int, cities: int) -> Path:
    """A folder of twelve monthly Parquet files."""
    folder.mkdir()
    for number in range(1, 13):
        month_of(number, stations=stations, cities=cities).write_parquet(folder / f"hours-2026-{number:02d}.parquet")
    return folder
