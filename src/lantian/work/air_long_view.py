"""One pollutant of one place over its whole years: yearly values, their trend, the mean of three years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, printed_value, year_figures
from lantian.air.trend import WORDS, rolling_means, trend
from lantian.basis.exact import rounded_text
from lantian.basis.finding import Text
from lantian.basis.period import Days, year
from lantian.rulebook.dated import TOTAL_FROM
from lantian.work import air_law
from lantian.work.air_standings import TableOf

COEFFICIENT_PLACES = 3  # as the table of critical values is printed


@dataclass(frozen=True, slots=True)
class Statistic:
    """An item with the statistic that stands for a period: its mean, or the percentile where it has no mean."""

    item: str
    rule: StatisticsRule

    @property
    def has_mean(self) -> bool:
        """Whether a mean of a period is asked of it."""
        return self.item in self.rule.means

    @property
    def percentile(self) -> str:
        """Its percentile in words."""
        return f"第 {self.rule.percentiles[self.item]} 百分位数"

    @property
    def statistic(self) -> str:
        """What stands for a period, in words."""
        return "均值" if self.has_mean else self.percentile

    @property
    def daily(self) -> str:
        """What stands for a day, in words."""
        return "日最大 8 小时平均" if self.item == "o3_8h" else "日均值"

    @property
    def places(self) -> int:
        """Printed decimals."""
        return self.rule.places[self.item]

    def of(self, figures: PeriodFigures) -> Fraction | None:
        """Its statistic among the figures of a period."""
        return figures.means[self.item] if self.has_mean else figures.percentiles[self.item]


@dataclass(frozen=True, slots=True)
class YearValue:
    """One year of the long view: its statistic, the mean of three years, whether it counts."""

    year: int
    text: str | None
    rolling: str | None
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class LongView:
    """Yearly values with Spearman's trend; coefficient and critical value as printed, None for too few years."""

    statistic: str
    years: tuple[YearValue, ...]
    coefficient: str | None
    critical: str | None
    word: Text
    left_out: tuple[int, ...]
    used: int


def long_view(table_of: TableOf, place: str, own: Statistic, last: date) -> LongView:
    """Whole years up to the last one that has ended by ``last``, with trend and rolling mean.

    Rule    HJ 663-2013, annex B; only years valid under GB 3095; the statistics in force on the period's last day
    """
    table = table_of(place, Days(TOTAL_FROM, last))
    law = air_law.trend_rule(last)
    values = _by_year(table, own, last)
    found = trend(values, law)
    rolling = rolling_means(values, law.rolling_years) if own.has_mean else {}
    return LongView(
        statistic="年均值" if own.has_mean else own.percentile,
        years=tuple(
            YearValue(number, printed_value(value, own.places), printed_value(rolling.get(number), own.places), value)
            for number, value in sorted(values.items())
        ),
        coefficient=_coefficient(found.coefficient),
        critical=_coefficient(found.critical),
        word=WORDS[found.direction],
        left_out=found.left_out,
        used=len(found.years),
    )


def _coefficient(value: Fraction | None) -> str | None:
    return None if value is None else rounded_text(value, COEFFICIENT_PLACES).replace("-", "−")


def _by_year(table: pl.DataFrame, own: Statistic, last: date) -> Mapping[int, Fraction | None]:
    if table.is_empty():
        return {}
    first: date = table["date"].min()  # type: ignore[assignment]
    ended = last.year if last == year(last.year).last else last.year - 1
    return {number: own.of(year_figures(table, year(number), own.rule)) for number in range(first.year, ended + 1)}
