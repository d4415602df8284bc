"""Why a figure of air is what it is: the rule it follows with source and edition, its days, counts and exact value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import polars as pl

from lantian import rulebook
from lantian.air.item import ITEMS, PRINTED, SCALE
from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, period_figures
from lantian.basis.determination import Determination
from lantian.basis.exact import plain_text, rounded_text
from lantian.basis.finding import Text
from lantian.basis.period import Days, month
from lantian.plan.state.compare import number
from lantian.rulebook.sources import source_text
from lantian.work.states_air import WHOLE_CITY_DAYS, CityAir, basis_of, inputs_digest

METRIC_NAMES = {
    "pm25_annual_mean": Text("PM2.5 平均浓度", "Mean PM2.5"),
    "good_day_ratio": Text("优良天数比率", "Share of good days"),
    "heavy_pollution_days": Text("重度及以上污染天数", "Heavy-pollution days"),
    "good_days": Text("优良天数", "Good days"),
    "valid_days": Text("有效天数", "Valid days"),
}
SHORT = {"pm25": "pm25_annual_mean", "good_ratio": "good_day_ratio", "heavy_days": "heavy_pollution_days"}
MEANS = {f"{item}_mean": item for item in ("so2", "no2", "pm10")}
_UNITS = {"pm25_annual_mean": "ug/m3", "good_day_ratio": "%", **dict.fromkeys(MEANS, "ug/m3")}
_MEAN_LAW = ("ambient.places", "ambient.validity.year", "ambient.validity.month")
_AQI_LAW = ("ambient.aqi.breakpoints", "ambient.aqi.rules", "ambient.aqi.days")


@dataclass(frozen=True, slots=True)
class Clause:
    """A parameter of law a figure rests on: its name, source, edition, and whether it is verified."""

    title: Text
    source: Text
    edition: str | None
    confidence: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that went in: value of the item as text, AQI, whether it counts as the kind of day that is counted."""

    day: date
    value: str | None
    aqi: int | None
    counts: bool | None


@dataclass(frozen=True, slots=True)
class Why:
    """A figure with everything it came from; ``exact`` shows it before the one rounding."""

    metric: str
    title: Text
    formula: Text
    numbers: Text
    exact: str | None
    determination: Determination
    clauses: tuple[Clause, ...]
    days: tuple[DayRow, ...]
    missing: int
    simulated: bool


def metric_of(name: str) -> str | None:
    """The metric a name in an address means, or None."""
    metric = SHORT.get(name, name)
    return metric if metric in METRIC_NAMES or metric in MEANS else None


def metric_title(metric: str) -> Text:
    """Name of a metric."""
    if metric in MEANS:
        item = PRINTED[MEANS[metric]]
        return Text(f"{item} 平均浓度", f"Mean {item}")
    return METRIC_NAMES[metric]


def why(air: CityAir, metric: str, days: Days, computed_at: datetime) -> Why:
    """The explanation of a metric over a period up to the air's ``as_of``.

    Errors  rulebook.NoRuleError where the period begins before the rulebook does
    """
    days = days.until(air.as_of)
    rule = air.basis.statistics(days.last)
    figures = period_figures(air.table, days, rule)
    value, places = _value(metric, figures, rule)
    if air.basis.decimals is not None and places_matter(metric):
        places = air.basis.decimals
    inside = air.table.filter(pl.col("date").is_between(days.first, days.last)).sort("date")
    column = _column(metric)
    editions = dict.fromkeys((rule.edition, *inside["edition"].unique().sort().to_list()))
    determination = Determination(
        subject=air.city, metric=metric, period=days, basis=basis_of(rule.edition, WHOLE_CITY_DAYS, places, air.basis),
        value=None if value is None else number(value, places), unit=_UNITS.get(metric, "d"), verdict=None,
        editions=tuple(editions), inputs=inputs_digest(air, days, column), computed_at=computed_at,
    )  # fmt: skip
    return Why(
        metric=metric,
        title=metric_title(metric),
        formula=_formula(metric, rule),
        numbers=_numbers(metric, figures),
        exact=None if value is None or value.denominator == 1 else rounded_text(value, SCALE),
        determination=determination,
        clauses=tuple(_clauses(_MEAN_LAW if column != "aqi" else _AQI_LAW, days.last)),
        days=tuple(_day_rows(inside, metric, rule)),
        missing=len(days) - (figures.counts[column] if column != "aqi" else figures.valid_days),
        simulated=air.simulated,
    )


def places_matter(metric: str) -> bool:
    """Whether a figure of this metric is printed with decimals; counts of days are whole."""
    return metric in _UNITS


def _column(metric: str) -> str:
    return {"pm25_annual_mean": "pm25", **MEANS}.get(metric, "aqi")


def _value(metric: str, figures: PeriodFigures, rule: StatisticsRule) -> tuple[Fraction | None, int]:
    if metric == "pm25_annual_mean" or metric in MEANS:
        item = _column(metric)
        return figures.means[item], rule.places[item]
    if metric == "valid_days":
        return Fraction(figures.valid_days), 0
    if not figures.valid_days or not figures.countable:
        return None, 0
    if metric == "good_day_ratio":
        return figures.good_ratio, rule.ratio_places
    counted = {"heavy_pollution_days": figures.heavy_days, "good_days": figures.good_days}
    return Fraction(counted[metric]), 0


def _formula(metric: str, rule: StatisticsRule) -> Text:
    good, heavy = rule.good_at_most, rule.heavy_above
    valid = Text("有 AQI 的天数", "days with an AQI")
    match metric:
        case "good_day_ratio":
            return Text(f"AQI 不超过 {good} 的天数 ÷ {valid.zh} × 100%，只修约一次",
                        f"days with AQI up to {good} ÷ {valid.en} × 100 %, rounded once")  # fmt: skip
        case "heavy_pollution_days":
            return Text(f"AQI 大于 {heavy} 的天数", f"days with AQI above {heavy}")
        case "good_days":
            return Text(f"AQI 不超过 {good} 的天数", f"days with AQI up to {good}")
        case "valid_days":
            return valid
    return Text(
        "各有效日均值之和 ÷ 有效天数，取未修约的日均值，最后只修约一次（GB/T 8170，四舍六入五成双）",
        "sum of valid daily means ÷ valid days, from unrounded days, rounded once (GB/T 8170, half to even)",
    )


def _numbers(metric: str, figures: PeriodFigures) -> Text:
    column = _column(metric)
    if column != "aqi":
        total, count = plain_text(figures.sums[column], SCALE), figures.counts[column]
        return Text(f"{total} ÷ {count}", f"{total} ÷ {count}")
    if metric == "good_day_ratio":
        share = f"{figures.good_days} ÷ {figures.valid_days} × 100%"
        return Text(share, share)
    good, heavy, valid = figures.good_days, figures.heavy_days, figures.valid_days
    return Text(
        f"优良 {good} 天，重度及以上 {heavy} 天，有效 {valid} 天", f"{good} good, {heavy} heavy, {valid} valid days"
    )


def _clauses(paths: Iterable[str], day: date) -> Iterable[Clause]:
    for path in paths:
        value = rulebook.on(path, day)
        yield Clause(rulebook.parameter(path).title, source_text(value.source), value.edition, value.confidence)


def _day_rows(inside: pl.DataFrame, metric: str, rule: StatisticsRule) -> Iterable[DayRow]:
    item = _column(metric) if _column(metric) in ITEMS else "pm25"
    for day, value, aqi in inside.select(["date", item, "aqi"]).iter_rows():
        yield DayRow(day, None if value is None else plain_text(value, SCALE), aqi, _counts(metric, value, aqi, rule))


def _counts(metric: str, value: int | None, aqi: int | None, rule: StatisticsRule) -> bool | None:
    if _column(metric) != "aqi":
        return value is not None
    if aqi is None:
        return None
    if metric == "heavy_pollution_days":
        return aqi > rule.heavy_above
    return True if metric == "valid_days" else aqi <= rule.good_at_most


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of a year: the metric of the month by itself, and of the year up to its end; None without days."""

    first: date
    own: str | None
    running: str | None
    days: int


def month_rows(air: CityAir, metric: str, year: int) -> list[MonthRow]:
    """The metric month by month through a year, as far as there are days."""
    rule = air.basis.statistics(date(year, 12, 31))
    rows = []
    for n in range(1, 13):
        days = month(year, n).until(air.as_of)
        if not len(days):
            break
        own, so_far = (period_figures(air.table, span, rule) for span in (days, Days(date(year, 1, 1), days.last)))
        if not own.valid_days and not own.counts["pm25"]:
            rows.append(MonthRow(days.first, None, None, 0))
            continue
        values = [_value(metric, figures, rule) for figures in (own, so_far)]
        shown = [None if value is None else number(value, places) for value, places in values]
        count = own.counts[_column(metric)] if _column(metric) != "aqi" else own.valid_days
        rows.append(MonthRow(days.first, shown[0], shown[1], count))
    return rows
