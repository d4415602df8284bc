"""Tables of station hours to tables of city days: the whole way in one function, for any set of cities and days.

One city's year and one late hour go through it; files of a nation and shares of a cluster put the same steps together in
``work.air_hour_sums``, month by month.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lantian.air.city_day import city_days, city_sums
from lantian.air.hour_grid import HOUR_ITEMS, MISSING, Conflict, GridMaker, HourRows
from lantian.air.parameters import DayValidity
from lantian.air.station_day import station_days
from lantian.basis.period import Days


class ConflictError(ValueError):
    """Rows of one station and hour with different values."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(f"{len(conflicts)} station-hours occur with different values, the first: {conflicts[0]}")
        self.conflicts = conflicts


def days_of_hours(
    hours: pl.DataFrame,
    period: Days,
    scales: Mapping[str, int],
    rule: DayValidity,
    parts: Mapping[str, int],
    stations: Mapping[str, int] | None = None,
) -> pl.DataFrame:
    """City days of a period from station hours under one edition; hours outside the period are passed over.

    ``hours`` has ``city``, ``station``, ``time`` (end of the hour, Beijing, no zone) and the six items as integers of
    ``scales`` places, null where missing; rows in any order, absent rows are missing hours. ``stations`` is the number
    of each city's stations; without it those that occur in ``hours`` count.
    Shape   by city (sorted) and date, columns as in ``air.city_day``
    Errors  ConflictError
    """
    heads = hours.select("city", "station")[_run_starts(hours)]
    places = heads.unique().sort("city", "station").with_row_index("number")
    names = places["city"].unique(maintain_order=True)
    city_of = places.select(pl.col("city").rank("dense").cast(pl.Int32) - 1)["city"].to_numpy()
    maker = GridMaker(period)
    maker.put(_rows(_inside(hours, period), places, scales))
    if maker.conflicts:
        raise ConflictError(maker.conflicts)
    counts = np.array([stations[name] for name in names]) if stations else np.bincount(city_of)
    sums = city_sums(station_days(maker.grid(), rule, parts), city_of)
    return city_days([sums], period, names.to_list(), counts, rule)


def _run_starts(hours: pl.DataFrame) -> NDArray[np.uint32]:
    """Numbers of the rows at which another station begins: the texts of all others need not be looked up."""
    changed = hours.select(
        pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in ("city", "station"))
        | (pl.int_range(pl.len()) == 0)
    ).to_series()
    return changed.arg_true().to_numpy()


def _inside(hours: pl.DataFrame, period: Days) -> pl.DataFrame:
    first, last = pl.lit(period.first).cast(pl.Datetime("ms")), pl.lit(period.last).cast(pl.Datetime("ms"))
    return hours.filter((pl.col("time") > first) & (pl.col("time") <= last + pl.duration(days=1)))


def _rows(hours: pl.DataFrame, places: pl.DataFrame, scales: Mapping[str, int]) -> HourRows:
    starts = _run_starts(hours)
    runs = hours.select("city", "station")[starts].join(places, on=["city", "station"], maintain_order="left")
    return HourRows(
        run_stations=runs["number"].cast(pl.Int32).to_numpy(),
        run_lengths=np.diff(starts.astype(np.int64), append=len(hours)).astype(np.int64),
        stamps=hours["time"].dt.timestamp("ms").to_numpy(),
        values={item: hours[item].fill_null(MISSING).to_numpy() for item in HOUR_ITEMS},
        scales=scales,
    )
