"""Annual figures of many cities at once, from their unrounded city days and the AQI of each day.

A table of city days is that of ``air.city_day`` with the column ``aqi``. City days that came as values are taken as
days of one station with the denominator 1 (``single``), so that both ways share every definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import polars as pl

from lantian.air.city_rounding import points_name
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import StatisticsRule
from lantian.air.period import ItemValidity, composite_index, percentile_place, year_validity

SINGLE: Final = dict.fromkeys(ITEMS, 1)  # denominators of city days that came as values
_KEY: Final = ("city", "year")

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class YearFigures:
    """Exact figures of one city and year; None where the year has no valid value."""

    city: str
    year: int
    means: Mapping[str, Fraction | None]
    percentiles: Mapping[str, Fraction | None]
    valid_days: int
    good_days: int
    heavy_days: int
    composite_index: Fraction | None

    @property
    def good_ratio(self) -> Fraction | None:
        """Share of good days among valid days in percent; None without a valid day."""
        return Fraction(100 * self.good_days, self.valid_days) if self.valid_days else None


def single(days: pl.DataFrame) -> pl.DataFrame:
    """City days that came as values, as days of one station each."""
    return days.with_columns(pl.col(item).is_not_null().cast(pl.Int64).alias(points_name(item)) for item in ITEMS)


def years_figures(days: pl.DataFrame, parts: Mapping[str, int], rule: StatisticsRule) -> list[YearFigures]:
    """Figures of every city and calendar year that has rows, in the order of the rows.

    Rule    HJ 663: from unrounded city days; a year that is not valid for an item has no figure of it
    """
    dated = days.with_columns(year=pl.col("date").dt.year(), month=pl.col("date").dt.month())
    validity = _validity(dated, rule)
    statistics = _statistics(dated, parts, rule)
    found = []
    for city, year, valid_days, good_days, heavy_days in _counts(dated, rule).iter_rows():
        valid, key = validity[city, year], (city, year)
        means = {item: statistics[item][key].mean if valid[item].mean else None for item in rule.means}
        percentiles = {
            item: statistics[item][key].percentile if valid[item].percentile else None for item in rule.percentiles
        }
        index = composite_index(means, percentiles, rule)
        found.append(
            YearFigures(city, year, means, percentiles, valid_days, good_days, heavy_days, composite_index=index)
        )
    return found


def _counts(days: pl.DataFrame, rule: StatisticsRule) -> pl.DataFrame:
    """Days with an AQI, good and heavy days of each city and year."""
    return days.group_by(_KEY, maintain_order=True).agg(
        valid=pl.col("aqi").count(),
        good=(pl.col("aqi") <= rule.good_at_most).sum(),
        heavy=(pl.col("aqi") > rule.heavy_above).sum(),
    )


def _validity(days: pl.DataFrame, rule: StatisticsRule) -> dict[Key, dict[str, ItemValidity]]:
    """Validity of the year of each item."""
    numbers = range(1, 13)
    months = days.group_by(*_KEY, "month", maintain_order=True).agg(pl.col(item).count() for item in ITEMS)
    by_year = months.group_by(_KEY, maintain_order=True).agg("month", *ITEMS)
    found = {}
    for city, year, there, *items in by_year.iter_rows():
        found[city, year] = {
            item: year_validity(dict.fromkeys(numbers, 0) | dict(zip(there, counts, strict=True)), rule.validity)
            for item, counts in zip(ITEMS, items, strict=True)
        }
    return found


@dataclass(frozen=True, slots=True)
class _Statistics:
    """Mean and percentile of the valid days of one item, whatever their number; None without a valid day."""

    mean: Fraction | None
    percentile: Fraction | None


def _statistics(
    days: pl.DataFrame, parts: Mapping[str, int], rule: StatisticsRule
) -> dict[str, dict[Key, _Statistics]]:
    """Statistics of every item for each city and year, its days put over one common multiple of the stations' numbers."""
    found: dict[str, dict[Key, _Statistics]] = {item: {} for item in ITEMS}
    units: dict[str, int] = {}
    numbers = []
    for item in ITEMS:
        common, kind = _common(days, item)
        if kind is None:
            found[item] = _in_python(days, item, common, parts[item], rule.percentiles.get(item))
            continue
        units[item] = common * parts[item]
        points = pl.col(points_name(item)).clip(1).cast(kind)
        numbers.append((pl.col(item).cast(kind) * (pl.lit(common, kind) // points)).alias(item))
    sums = (
        days.select(*_KEY, *numbers)
        .group_by(_KEY, maintain_order=True)
        .agg(expression for item in units for expression in _sums(item))
        .select(*_KEY, *(column for item in units for column in _neighbours(item, rule.percentiles.get(item))))
    )
    for city, year, *rest in sums.iter_rows():
        for at, (item, unit) in enumerate(units.items()):
            own = rest[4 * at : 4 * at + 4]
            found[item][city, year] = _statistics_of(*own, unit=unit, percent=rule.percentiles.get(item))
    return found


def _common(days: pl.DataFrame, item: str) -> tuple[int, pl.DataType | type[pl.DataType] | None]:
    """Common multiple of the numbers of stations, and the integers that hold a year's sum over it; None where none do."""
    valid = days.filter(pl.col(item).is_not_null())
    common = lcm(*valid[points_name(item)].unique().to_list())
    highest = 366 * common * (valid.select(pl.col(item).max()).item() or 0)
    return common, next((kind for kind, bits in ((pl.Int64, 63), (pl.Int128, 127)) if highest < 2**bits), None)


def _sums(item: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    number = pl.col(item)
    ascending = number.drop_nulls().sort()
    return (
        number.count().alias(f"{item}_count"),
        number.sum().alias(f"{item}_sum"),
        ascending.alias(f"{item}_ascending"),
    )


def _neighbours(item: str, percent: int | None) -> tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]:
    """Count, sum, and the two values between which the percentile lies."""
    count, ascending = pl.col(f"{item}_count"), pl.col(f"{item}_ascending").list
    index = (count.cast(pl.Int64) - 1) * (percent or 0) // 100
    low, high = (ascending.get(at, null_on_oob=True) for at in (index, index + 1))
    return count, pl.col(f"{item}_sum"), low.alias(f"{item}_low"), high.alias(f"{item}_high")


def _in_python(days: pl.DataFrame, item: str, common: int, parts: int, percent: int | None) -> dict[Key, _Statistics]:
    """The same with whole numbers of any length: dozens of stations, with every number of them valid on some day."""
    groups: dict[Key, list[int]] = {}
    for city, year, value, stations in days.select(*_KEY, item, points_name(item)).iter_rows():
        own = groups.setdefault((city, year), [])
        if value is not None:
            own.append(value * (common // stations))
    found = {}
    for key, numbers in groups.items():
        numbers.sort()
        at = percentile_place(len(numbers), percent or 0)[0] if numbers else 0
        low, high = (numbers[one] if one < len(numbers) else None for one in (at, at + 1))
        found[key] = _statistics_of(len(numbers), sum(numbers), low, high, unit=common * parts, percent=percent)
    return found


def _statistics_of(
    count: int, total: int, low: int | None, high: int | None, *, unit: int, percent: int | None
) -> _Statistics:
    """From the number of days, their sum and the two neighbours of the percentile, all over ``unit``."""
    if not count or low is None:
        return _Statistics(None, None)
    mean = Fraction(total, count * unit * 10**SCALE)
    if percent is None:
        return _Statistics(mean, None)
    rest = percentile_place(count, percent)[1]
    between = (100 - rest) * low + rest * (low if high is None else high)
    return _Statistics(mean, Fraction(between, 100 * unit * 10**SCALE))
