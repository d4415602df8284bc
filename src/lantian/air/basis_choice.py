"""A basis (口径) applied to figures: one figure on a basis, two bases side by side, a year against the last on one.

The material is every series of city days there is (real-time and reviewed, by station set) and the days taken out by
decision. A basis says which of them count, under which edition, with how many decimals and which rule of validity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from lantian.air.day import evaluated
from lantian.air.excluded import Exclusion, ExclusionRule, valid_only, validity, with_and_without
from lantian.air.item import ITEMS, PRINTED, UNITS
from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.air.period import PeriodFigures
from lantian.air.ranking import change_rate
from lantian.air.windows import year_before
from lantian.basis.determination import VALUES, Basis
from lantian.basis.exact import rounded_text
from lantian.basis.finding import Text
from lantian.basis.period import Days

BY_DATE = "by_date"  # edition of a basis: each day under the edition that holds on it
Spans = list[tuple[Days, IndexRule]]


@dataclass(frozen=True, slots=True)
class Law:
    """Where the rules come from: editions of HJ 633 of a run of days under a named edition, statistics and exclusions."""

    index: Callable[[Days, str], Spans]
    statistics: Callable[[Days, str], StatisticsRule]
    exclusion: Callable[[Days], ExclusionRule]


@dataclass(frozen=True, slots=True)
class Material:
    """City days of one city by (values, stations): unrounded and scaled, ``city``, ``date``, six items; decisions."""

    series: Mapping[tuple[str, str], pl.DataFrame]
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure on one basis; ``value`` and ``text`` None with a ``reason`` where it cannot be said."""

    metric: str
    basis: Basis
    days: Days
    value: Fraction | None
    text: str | None
    unit: str
    taken_out: int = 0
    reason: Text | None = None


def unit_of(metric: str) -> str:
    """Unit of a metric: pm25_mean, co_p95, good_ratio, good_days, heavy_days, composite_index.

    Errors  ValueError for an unknown metric
    """
    if metric in ("good_days", "heavy_days"):
        return "d"
    if metric == "good_ratio":
        return "%"
    if metric == "composite_index":
        return "1"
    item, _, kind = metric.rpartition("_")
    if item in ITEMS and (kind == "mean" or (kind[:1] == "p" and kind[1:].isdigit())):
        return UNITS[item]
    raise ValueError(f"unknown metric {metric!r}")


def figure_on(
    material: Material, metric: str, days: Days, basis: Basis, law: Law, *, judged: Days | None = None
) -> Figure:
    """One metric of a run of days on a basis.

    ``judged`` the days whose editions count instead of their own (last year under this year's).
    Rule    HJ 633 and HJ 663 of the basis' edition; validity ``hj_663`` asks for the valid days of year and months,
            ``none`` takes what is there; dust ``excluded`` takes out what was decided
    Errors  ValueError for a basis word this room does not know
    """
    return figure_of(figures_on(material, days, basis, law, judged=judged), metric, days, basis, law, judged=judged)


def figure_of(
    found: OnBasis | None, metric: str, days: Days, basis: Basis, law: Law, *, judged: Days | None = None
) -> Figure:
    """One metric among the figures ``figures_on`` made of these days on this basis, whatever its decimals.

    Errors  ValueError for an unknown metric
    """
    unit = unit_of(metric)
    if found is None:
        return Figure(metric, basis, days, None, None, unit, reason=_absent(basis))
    figures, taken = found.figures, found.taken_out
    value = _value(figures, metric, law.statistics(judged or days, basis.edition))
    if value is None:
        return Figure(metric, basis, days, None, None, unit, taken, _not_valid(metric))
    return Figure(metric, basis, days, value, rounded_text(value, basis.decimals), unit, taken)


@dataclass(frozen=True, slots=True)
class OnBasis:
    """All figures of a run of days on a basis, the judged days behind them, and how many days were taken out."""

    figures: PeriodFigures
    table: pl.DataFrame
    taken_out: int


def figures_on(material: Material, days: Days, basis: Basis, law: Law, *, judged: Days | None = None) -> OnBasis | None:
    """All figures of a run of days on a basis; None where the material lacks its series.

    Rule    as ``figure_on``; ``table`` are the days with their AQI as measured
    Errors  ValueError for a basis word this room does not know
    """
    if basis.dust not in ("included", "excluded") or basis.validity not in ("hj_663", "none"):
        raise ValueError(f"unknown basis: dust {basis.dust!r}, validity {basis.validity!r}")
    table = material.series.get((basis.values, basis.stations))
    if table is None:
        return None
    statistics = law.statistics(judged or days, basis.edition)
    inside = table.filter(pl.col("date").is_between(days.first, days.last))
    own = _judged(inside, days, law.index(judged or days, basis.edition), judged or days)
    exclusions = material.exclusions if basis.dust == "excluded" else ()
    rule = law.exclusion(days)
    both = with_and_without(own, days, exclusions, statistics, rule)
    figures = both.excluded
    if basis.validity == "hj_663":
        valid = {item: validity(own, days, item, exclusions, rule, statistics.validity) for item in ITEMS}
        figures = valid_only(figures, valid, statistics)
    return OnBasis(figures, own, max(both.taken.values(), default=0))


def _judged(table: pl.DataFrame, days: Days, spans: Spans, judged: Days) -> pl.DataFrame:
    """City days with the AQI each has under the edition of its calendar day among ``judged``."""
    shift = judged.first.year - days.first.year
    twin = pl.col("date").dt.offset_by(f"{shift}y")  # 29 February becomes 28 February where there is none
    days_only = table.select("city", "date", *ITEMS)
    return pl.concat(
        [evaluated(days_only.filter(twin.is_between(span.first, span.last)), rule) for span, rule in spans]
    )


def _value(figures: PeriodFigures, metric: str, rule: StatisticsRule) -> Fraction | None:
    """The metric among the figures; days are not counted where an item is missing throughout."""
    if metric == "composite_index":
        return figures.composite_index
    if metric in ("good_days", "heavy_days", "good_ratio"):
        if not figures.countable:
            return None
        value = getattr(figures, metric)
        return None if value is None else Fraction(value)
    item, _, kind = metric.rpartition("_")
    if kind == "mean":
        return figures.means.get(item)
    if kind != f"p{rule.percentiles[item]}":
        raise ValueError(f"{metric}: {rule.edition} takes the percentile {rule.percentiles[item]} of {item}")
    return figures.percentiles[item]


def _absent(basis: Basis) -> Text:
    word = VALUES.get(basis.values, Text(basis.values, basis.values))
    return Text(f"没有{word.zh}的城市日均值，这一口径算不出", f"no {word.en} city days: not computed on this basis")


def _not_valid(metric: str) -> Text:
    item = metric.rpartition("_")[0]
    name = PRINTED.get(item)
    subject = (
        Text(f"{name} 的有效天数不足", f"too few valid days of {name}")
        if name
        else Text("有效数据不足", "too few data")
    )
    return Text(f"{subject.zh}，这一口径不出数", f"{subject.en}: no figure on this basis")


@dataclass(frozen=True, slots=True)
class Beside:
    """One metric on two bases; ``difference`` of the printed figures (second minus first), None unless both stand."""

    first: Figure
    second: Figure
    difference: Fraction | None
    text: str | None


def beside(material: Material, metric: str, days: Days, first: Basis, second: Basis, law: Law) -> Beside:
    """One metric of the same days on two bases, with the difference a reader sees."""
    return compared(*(figure_on(material, metric, days, basis, law) for basis in (first, second)))


def compared(one: Figure, two: Figure) -> Beside:
    """Two figures of the same metric side by side, with the difference a reader sees."""
    difference, text = _difference(one, two)
    return Beside(one, two, difference, text)


def _difference(one: Figure, two: Figure) -> tuple[Fraction | None, str | None]:
    """Second minus first, of the printed figures, so that the sum on the page is right."""
    if one.text is None or two.text is None:
        return None, None
    difference = Fraction(two.text) - Fraction(one.text)
    places = max(one.basis.decimals, two.basis.decimals)
    sign = "+" if difference > 0 else ""
    return difference, sign + rounded_text(difference, places)


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """One metric of a run of days and of the same days a year before, both computed on one basis (同比).

    ``difference`` of the printed figures; ``rate`` in percent from the unrounded figures, negative where it fell.
    """

    now: Figure
    before: Figure
    difference: Fraction | None
    difference_text: str | None
    rate: Fraction | None
    rate_text: str | None


def year_on_year(
    material: Material, metric: str, days: Days, basis: Basis, law: Law, *, rate_places: int
) -> YearOnYear:
    """One metric against last year: both years under the editions, dust rule and validity of this year's days."""
    now = figure_on(material, metric, days, basis, law)
    before = figure_on(material, metric, year_before(days), basis, law, judged=days)
    difference, text = _difference(before, now)
    rate = change_rate(now.value, before.value)
    return YearOnYear(now, before, difference, text, rate, None if rate is None else rounded_text(rate, rate_places))
