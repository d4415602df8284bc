"""Figures of a run of city days of one city: means, percentiles, good and heavy days, ratio, composite index.

Input is a table of evaluated days of one city (``date``, the six items as scaled integers, ``aqi``); figures come from
the unrounded days and stay exact fractions, who prints rounds once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import polars as pl

from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import StatisticsRule, YearValidity
from lantian.basis.exact import rounded_text
from lantian.basis.period import Days, month

_UNIT = 10**SCALE


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Exact figures of one city and period; None where there is no valid value.

    ``counts`` valid days of each item, ``sums`` their sums (scaled integers), ``valid_days`` days with an AQI.
    """

    days: Days
    counts: Mapping[str, int]
    sums: Mapping[str, int]
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

    @property
    def countable(self) -> bool:
        """Whether good days may be counted: with an item missing throughout, only polluted days have an AQI."""
        return self.valid_days > 0 and all(self.counts[item] > 0 for item in ITEMS)


def mean(total: int, count: int) -> Fraction | None:
    """Exact mean of ``count`` scaled values with this sum."""
    return Fraction(total, count * _UNIT) if count else None


def percentile(ascending: Sequence[int], percent: int) -> Fraction | None:
    """Exact percentile of scaled values in ascending order, linear between neighbours.

    Rule    HJ 663-2013, annex A
    """
    if not ascending:
        return None
    index, rest = percentile_place(len(ascending), percent)
    if rest == 0:
        return Fraction(ascending[index], _UNIT)
    return Fraction((100 - rest) * ascending[index] + rest * ascending[index + 1], 100 * _UNIT)


def percentile_place(count: int, percent: int) -> tuple[int, int]:
    """Where a percentile lies among ``count`` values in ascending order: index from 0, hundredths towards the next.

    Rule    HJ 663-2013, annex A: k = 1 + (n - 1) * p / 100
    """
    return divmod((count - 1) * percent, 100)


def period_figures(table: pl.DataFrame, days: Days, rule: StatisticsRule) -> PeriodFigures:
    """Figures of the days of ``table`` that lie in ``days``, whatever their number.

    Rule    HJ 663: from unrounded city days; good and heavy days from the AQI of each day under its own edition
    """
    inside = table.filter(pl.col("date").is_between(days.first, days.last))
    (summary,) = inside.select(
        *(pl.col(item).count().alias(f"{item}_count") for item in ITEMS),
        *(pl.col(item).sum().alias(f"{item}_sum") for item in ITEMS),
        valid=pl.col("aqi").count(),
        good=(pl.col("aqi") <= rule.good_at_most).sum(),
        heavy=(pl.col("aqi") > rule.heavy_above).sum(),
    ).iter_rows(named=True)
    counts = {item: int(summary[f"{item}_count"]) for item in ITEMS}
    sums = {item: int(summary[f"{item}_sum"]) for item in ITEMS}
    ascending = {item: sorted(value for value in inside[item].to_list() if value is not None) for item in ITEMS}
    figures = PeriodFigures(
        days=days,
        counts=counts,
        sums=sums,
        means={item: mean(sums[item], counts[item]) for item in rule.means},
        percentiles={item: percentile(ascending[item], percent) for item, percent in rule.percentiles.items()},
        valid_days=int(summary["valid"]),
        good_days=int(summary["good"]),
        heavy_days=int(summary["heavy"]),
        composite_index=None,
    )
    return replace(figures, composite_index=composite_index(figures.means, figures.percentiles, rule))


def composite_index(
    means: Mapping[str, Fraction | None], percentiles: Mapping[str, Fraction | None], rule: StatisticsRule
) -> Fraction | None:
    """Sum of the six single indices, unrounded; None where one is missing.

    Rule    城市环境空气质量排名技术规定 (2018): means over annual limits, CO and O3 percentiles over daily limits
    """
    total = Fraction(0)
    for item, limit in rule.index_limits.items():
        value = means.get(item) if item in rule.index_means else percentiles.get(item)
        if value is None:
            return None
        total += value / limit
    return total


def year_figures(table: pl.DataFrame, days: Days, rule: StatisticsRule) -> PeriodFigures:
    """Figures of a calendar year with those left out that have too few valid days.

    Rule    GB 3095: a percentile needs the days of the year, a mean also those of every month
    """
    figures = period_figures(table, days, rule)
    valid = {item: year_validity(valid_by_month(table, days, item), rule.validity) for item in ITEMS}
    figures = replace(
        figures,
        means={item: value if valid[item].mean else None for item, value in figures.means.items()},
        percentiles={item: value if valid[item].percentile else None for item, value in figures.percentiles.items()},
    )
    return replace(figures, composite_index=composite_index(figures.means, figures.percentiles, rule))


@dataclass(frozen=True, slots=True)
class ItemValidity:
    """Whether a year of one item counts: days, whether mean and percentile stand, months with too few days."""

    days: int
    mean: bool
    percentile: bool
    short_months: tuple[int, ...]


def valid_by_month(table: pl.DataFrame, days: Days, item: str) -> dict[int, int]:
    """Valid days of an item in each month 1 … 12 of the year in which ``days`` begins."""
    inside = table.filter(pl.col("date").is_between(days.first, days.last) & pl.col(item).is_not_null())
    counted = Counter(inside["date"].dt.month().to_list())
    return {number: counted.get(number, 0) for number in range(1, 13)}


def year_validity(by_month: Mapping[int, int], rule: YearValidity) -> ItemValidity:
    """Validity of a year of one item from its valid days by month.

    Rule    GB 3095-2012 and -2026, table 4
    """
    total = sum(by_month.values())
    short = tuple(number for number, count in sorted(by_month.items()) if count < rule.needed(number))
    enough = total >= rule.year_days
    return ItemValidity(days=total, mean=enough and not short, percentile=enough, short_months=short)


def reachable_validity(by_month: Mapping[int, int], as_of: date, rule: YearValidity) -> ItemValidity:
    """Validity the year can still reach if every day after ``as_of`` is valid."""
    hoped = {number: count + len(month(as_of.year, number).after(as_of)) for number, count in by_month.items()}
    return year_validity(hoped, rule)


def printed_value(value: Fraction | None, places: int) -> str | None:
    """Figure rounded once to its printed places; None stays None."""
    return None if value is None else rounded_text(value, places)
