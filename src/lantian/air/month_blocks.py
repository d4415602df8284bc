"""City days into months: what the forecast sees of one city, and what many cities teach about all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from lantian.air.forecast_year import DaysBlock, MeanBlock
from lantian.air.item import ITEMS, SCALE
from lantian.air.month_field import Array, FieldTable, month_number
from lantian.air.month_fit import MeanMonths, ShareMonths, day_clustering, day_spread, fitted
from lantian.basis.period import Days, month, year

_UNIT = 10**SCALE
KINDS = ("bad", "heavy")
_FINE = (1.2, 1.07)
_START = FieldTable(0.0, 1.0, (0.0,) * 12, 0.3, 2.0, 0.2, 0.3, 0.2, 0.3)


def month_counts(days: pl.DataFrame, good_at_most: int, heavy_above: int) -> pl.DataFrame:
    """Months of each city in thirds (days 1–10, 11–20, 21 to the end).

    Shape   city, month (running number), third, days and total of PM2.5, valid (days with an AQI), bad, heavy; a month
            in which an item is missing throughout has no valid day: only its polluted days would have an AQI
    """
    number = 12 * pl.col("date").dt.year().cast(pl.Int64) + pl.col("date").dt.month() - 1
    aqi = pl.col("aqi")
    keyed = days.with_columns(
        month=number,
        third=((pl.col("date").dt.day().cast(pl.Int64) - 1) // 10).clip(0, 2),
    ).with_columns(
        countable=pl.all_horizontal(pl.col(item).count().over("city", "month") > 0 for item in ITEMS),
    )
    return (
        keyed.group_by("city", "month", "third")
        .agg(
            days=pl.col("pm25").count(),
            total=pl.col("pm25").sum() / _UNIT,
            valid=(aqi.is_not_null() & pl.col("countable")).sum(),
            bad=((aqi > good_at_most) & pl.col("countable")).sum(),
            heavy=((aqi > heavy_above) & pl.col("countable")).sum(),
        )
        .sort("city", "month", "third")
    )


@dataclass(frozen=True, slots=True)
class Blocks:
    """What the forecast of one city sees: blocks of PM2.5, of each kind of day, and the blocks to come."""

    means: tuple[MeanBlock, ...]
    kinds: Mapping[str, tuple[DaysBlock, ...]]
    coming: tuple[MeanBlock, ...]

    def coming_days(self) -> tuple[DaysBlock, ...]:
        """The blocks to come as days of a kind."""
        return tuple(DaysBlock(one.month, one.days, 0) for one in self.coming)


def city_blocks(days: pl.DataFrame, as_of: date, good_at_most: int, heavy_above: int) -> Blocks:
    """Blocks of one city's evaluated days up to the end of ``as_of``; later days are not looked at."""
    counts = month_counts(days.filter(pl.col("date") <= as_of), good_at_most, heavy_above)
    months = counts.group_by("month").agg(pl.col("days", "total", "valid", *KINDS).sum()).sort("month")
    rows = list(months.iter_rows(named=True))
    return Blocks(
        means=tuple(MeanBlock(row["month"], row["days"], row["total"]) for row in rows if row["days"]),
        kinds={
            kind: tuple(DaysBlock(row["month"], row["valid"], row[kind]) for row in rows if row["valid"])
            for kind in KINDS
        },
        coming=tuple(coming_blocks(as_of)),
    )


def coming_blocks(as_of: date) -> list[MeanBlock]:
    """The rest of the month of ``as_of`` and the months after it, to the end of the year."""
    rest = year(as_of.year).after(as_of)
    found = []
    for number in range(as_of.month, 13):
        whole = month(as_of.year, number)
        days = Days(max(whole.first, rest.first), whole.last)
        if len(days):
            found.append(MeanBlock(month_number(as_of.year, number), len(days), 0.0))
    return found


@dataclass(frozen=True, slots=True)
class Pool:
    """Months of many cities in arrays of cities × months × thirds."""

    cities: tuple[str, ...]
    months: Array
    values: Mapping[str, Array]

    def without(self, cities: Sequence[str]) -> Pool:
        """The pool without some cities."""
        left_out = set(cities)
        at = [index for index, name in enumerate(self.cities) if name not in left_out]
        values = {key: array[at] for key, array in self.values.items()}
        return Pool(tuple(self.cities[index] for index in at), self.months, values)

    def mean_table(self, start: FieldTable | None = None, *, near: bool = False) -> FieldTable:
        """Pooled parameters of the logarithm of monthly PM2.5 means; ``near`` says that the start is close."""
        thirds, total = self.values["days"], self.values["total"]
        days = thirds.sum(2)
        logs = np.log(np.maximum(total.sum(2) / np.maximum(days, 1), 1.0))
        spread = day_spread(np.log(np.maximum(total / np.maximum(thirds, 1), 1.0)), thirds, self.months)
        table = replace(start or _START, day_sd_cold=spread[0], day_sd_warm=spread[1])
        return _fitted(MeanMonths(self.months, logs, days), table, near)

    def kind_table(self, kind: str, start: FieldTable | None = None, *, near: bool = False) -> FieldTable:
        """Pooled parameters of the logit of the share of days of a kind; ``near`` says that the start is close."""
        counts, valid = self.values[kind], self.values["valid"]
        table = replace(start or _START, clustering=day_clustering(counts, valid))
        return _fitted(ShareMonths(self.months, counts.sum(2), valid.sum(2)), table, near)


def _fitted(seen: MeanMonths | ShareMonths, start: FieldTable, near: bool) -> FieldTable:
    return fitted(seen, start, rounds=1, factors=_FINE) if near else fitted(seen, start)


def pool_of(counts: pl.DataFrame) -> Pool:
    """Pool of the months that occur in a table of ``month_counts``."""
    cities = counts["city"].unique().sort().to_list()
    months = counts["month"].unique().sort().to_list()
    row = {name: index for index, name in enumerate(cities)}
    column = {number: index for index, number in enumerate(months)}
    values = {key: np.zeros((len(cities), len(months), 3)) for key in ("days", "total", "valid", *KINDS)}
    for entry in counts.iter_rows(named=True):
        place = row[entry["city"]], column[entry["month"]], entry["third"]
        for key, array in values.items():
            array[place] = entry[key]
    return Pool(tuple(cities), np.array(months, dtype=float), values)
