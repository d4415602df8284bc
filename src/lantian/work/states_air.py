"""What a plan's metrics are, from the city's days: the judged year, its outlook and budgets, years beside it, lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import polars as pl

from lantian import rulebook
from lantian.air import outlook
from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, period_figures, reachable_validity, valid_by_month, year_validity
from lantian.basis.determination import Basis, Determination, digest
from lantian.basis.finding import Text
from lantian.basis.period import DAY, Days
from lantian.basis.period import year as days_of_year
from lantian.plan.state.compare import number, with_unit
from lantian.plan.state.model import Comparison, Limit, Measured
from lantian.rulebook.answers import BasisChoice
from lantian.store.air import CityDay
from lantian.work.air_rules import statistics_rule
from lantian.work.duty import day_table

AirDays = Callable[[str, Days], Sequence[CityDay]]
METRICS = {"pm25_annual_mean": "ug/m3", "good_day_ratio": "%", "heavy_pollution_days": "d"}
LOOK_BACK = 3  # earlier years an outlook rests on, and that stand beside a figure
_LAW = {
    "pm25_annual_mean": ("ambient.places", "ambient.validity.year", "ambient.validity.month"),
    "good_day_ratio": ("ambient.places", "ambient.aqi.breakpoints", "ambient.aqi.rules", "ambient.aqi.days"),
    "heavy_pollution_days": ("ambient.aqi.breakpoints", "ambient.aqi.rules", "ambient.aqi.days"),
}
WHOLE_CITY_DAYS = BasisChoice(
    id="", title=Text("城市日均值实况", "real-time city days"), values="realtime", dust="included", stations="city",
    decimals=0, validity="hj_663",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CityAir:
    """Days of the plan's city up to ``as_of`` as a table; ``editions`` of HJ 633 by year, ``simulated`` as a whole."""

    city: str
    table: pl.DataFrame
    editions: dict[int, tuple[str, ...]]
    simulated: bool
    as_of: date

    @property
    def years(self) -> list[int]:
        """Calendar years with days, in order."""
        return sorted(self.editions)


@dataclass(frozen=True, slots=True)
class YearLine:
    """A metric's running value through a year: (day of the year, value or None), for drawing."""

    year: int
    points: tuple[tuple[float, float | None], ...]


def city_air(cities: Iterable[str], air_days: AirDays, as_of: date) -> CityAir | None:
    """Days of the first of the plan's names that has any; None where there are none."""
    for city in cities:
        days = air_days(city, Days(rulebook.dated.TOTAL_FROM, as_of))
        if days:
            editions: dict[int, dict[str, None]] = {}
            for day in days:
                editions.setdefault(day.date.year, {})[day.edition] = None
            by_year = {year: tuple(names) for year, names in editions.items()}
            return CityAir(city, day_table(days), by_year, any(day.simulated for day in days), as_of)
    return None


def measured(
    air: CityAir | None, metric: str, limit: Limit, choice: BasisChoice | None, computed_at: datetime
) -> Measured | None:
    """The metric over the year ``limit.year`` up to ``as_of``; None where that year has no days."""
    year = limit.year or (air.as_of.year if air else 0)
    if air is None or year not in air.editions:
        return None
    facts = _facts(air, year)
    places = _places(metric, facts.rule, choice)
    value, best, expected, lower = _values(metric, facts)
    by_month = valid_by_month(air.table, facts.days, "pm25")
    complete = facts.remaining == 0
    validity = facts.rule.validity
    item = year_validity(by_month, validity) if complete else reachable_validity(by_month, air.as_of, validity)
    count = facts.figures.counts["pm25"] if metric == "pm25_annual_mean" else facts.figures.valid_days
    basis = basis_of(facts.rule, choice or WHOLE_CITY_DAYS, places)
    return Measured(
        metric=metric,
        year=year,
        value=value,
        best=best,
        expected=expected,
        places=places,
        unit=METRICS[metric],
        days=count,
        complete=complete,
        valid=item.mean if metric == "pm25_annual_mean" else count > 0,
        lower_is_better=lower,
        basis=basis,
        determination=_determination(air, metric, facts, basis, value, places, computed_at),
        simulated=air.simulated,
        verified=all(rulebook.on(path, facts.days.last).confidence == "verified" for path in _LAW[metric]),
        budget=_budget(metric, facts, limit, places),
        notes=_notes(choice, complete, item.short_months, metric),
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    days: Days
    remaining: int
    rule: StatisticsRule
    figures: PeriodFigures
    pool: outlook.Pool


def _facts(air: CityAir, year: int) -> _Facts:
    whole = days_of_year(year)
    days = whole.until(air.as_of)
    rule = statistics_rule(whole.last)
    rest = whole.after(air.as_of)
    return _Facts(days, len(rest), rule, period_figures(air.table, days, rule), _pool(air, year, rest, rule))


def _pool(air: CityAir, year: int, rest: Days, rule: StatisticsRule) -> outlook.Pool:
    """The same days as the rest of the year, in the last earlier years that have days."""
    years = tuple(one for one in air.years if one < year)[-LOOK_BACK:]
    count = total = valid = good = heavy = 0
    for one in years if len(rest) else ():
        first = rest.first.replace(year=one, day=min(rest.first.day, 28) if rest.first.month == 2 else rest.first.day)
        figures = period_figures(air.table, Days(first, date(one, 12, 31)), rule)
        count += figures.counts["pm25"]
        total += figures.sums["pm25"]
        valid += figures.valid_days
        good += figures.good_days
        heavy += figures.heavy_days
    return outlook.Pool(years, count, total, valid, good, heavy)


def _places(metric: str, rule: StatisticsRule, choice: BasisChoice | None) -> int:
    if metric == "heavy_pollution_days":
        return 0
    if choice is not None:
        return choice.decimals
    return rule.places["pm25"] if metric == "pm25_annual_mean" else rule.ratio_places


_Values = tuple[Fraction | None, Fraction | None, Fraction | None, bool]


def _values(metric: str, facts: _Facts) -> _Values:
    """Value so far, best end, expected end, whether lower is better."""
    figures, left, pool = facts.figures, facts.remaining, facts.pool
    if metric == "pm25_annual_mean":
        total, count = figures.sums["pm25"], figures.counts["pm25"]
        return (
            figures.means["pm25"],
            outlook.best_mean(total, count, left),
            outlook.expected_mean(total, count, left, pool),
            True,
        )
    good, heavy, valid = figures.good_days, figures.heavy_days, figures.valid_days
    if not valid:
        return None, None, None, metric == "heavy_pollution_days"
    if metric == "good_day_ratio":
        expected = outlook.expected_ratio(good, valid, left, pool)
        return figures.good_ratio, outlook.best_ratio(good, valid, left), expected, False
    return Fraction(heavy), Fraction(heavy), outlook.expected_days(heavy, left, pool.heavy_days, pool), True


def _budget(metric: str, facts: _Facts, limit: Limit, places: int) -> tuple[Text, ...]:
    """What is still allowed under the limit in force; nothing where the year is over or the limit has no budget."""
    left, figures = facts.remaining, facts.figures
    if limit.value is None or not left:
        return ()
    if metric == "pm25_annual_mean" and limit.comparator in ("<=", "<"):
        control = outlook.control_value(
            figures.sums["pm25"], figures.counts["pm25"], left, limit.value, places, limit.comparator
        )
        return (control.explanation,) if control else ()
    if metric == "good_day_ratio" and limit.comparator in (">=", ">"):
        budget = outlook.good_day_budget(
            figures.good_days, figures.valid_days, left, limit.value, places, limit.comparator
        )
        return (_good_days(budget, left),)
    if metric == "heavy_pollution_days" and limit.comparator in ("<=", "<"):
        return (_heavy_days(outlook.days_allowed(figures.heavy_days, limit.value, limit.comparator)),)
    return ()


def _good_days(budget: outlook.GoodDayBudget, left: int) -> Text:
    if not budget.reachable:
        return Text(
            f"还需 {budget.still_needed} 个优良天，而今年只剩 {left} 天。",
            f"{budget.still_needed} more good days are needed and only {left} days remain.",
        )
    return Text(
        f"还需 {budget.still_needed} 个优良天；剩余 {left} 天中最多可有 {budget.bad_days_allowed} 天超标。",
        f"{budget.still_needed} more good days are needed; of the remaining {left} at most"
        f" {budget.bad_days_allowed} may be worse.",
    )


def _heavy_days(allowed: int) -> Text:
    if allowed < 0:
        return Text(f"已超出 {-allowed} 天。", f"Exceeded by {-allowed} days.")
    return Text(f"还可有 {allowed} 个重污染天。", f"{allowed} heavy-pollution days may still come.")


def basis_of(rule: StatisticsRule, choice: BasisChoice, places: int) -> Basis:
    """The basis a figure computed here stands on, whatever its assessor chose: real-time days, dust included."""
    return Basis(
        edition=rule.edition,
        values="realtime",  # what stations' days bring here; reviewed figures come as entries
        dust="included",
        stations=choice.stations,
        decimals=places,
        validity=choice.validity,
    )


def _notes(choice: BasisChoice | None, complete: bool, short_months: tuple[int, ...], metric: str) -> tuple[Text, ...]:
    notes: tuple[Text, ...] = ()
    if choice is not None and (choice.values == "reviewed" or choice.dust == "excluded"):
        notes += (
            Text(
                f"考核口径为“{choice.title.zh}”；这里按实况、未扣除沙尘计算，仅供调度。",
                f"Assessed on “{choice.title.en}”; computed here from real-time days with dust, for steering only.",
            ),
        )
    if complete and metric == "pm25_annual_mean" and short_months:
        months = "、".join(str(month) for month in short_months)
        notes += (Text(f"有效天数不足的月份：{months}。", f"Months with too few valid days: {months}."),)
    return notes


def _determination(
    air: CityAir, metric: str, facts: _Facts, basis: Basis, value: Fraction | None, places: int, computed_at: datetime
) -> Determination:
    inside = air.table.filter(pl.col("date").is_between(facts.days.first, facts.days.last))
    columns = ["date", "pm25"] if metric == "pm25_annual_mean" else ["date", "aqi"]
    return Determination(
        subject=air.city,
        metric=metric,
        period=facts.days,
        basis=basis,
        value=None if value is None else number(value, places),
        unit=METRICS[metric],
        verdict=None,
        editions=(facts.rule.edition, *air.editions[facts.days.first.year]),
        inputs=digest(inside.select(columns).iter_rows()),
        computed_at=computed_at,
    )


def comparisons(air: CityAir | None, metric: str, judged: int, choice: BasisChoice | None) -> tuple[Comparison, ...]:
    """The last whole years beside the judged one, oldest first; not valid ones marked."""
    if air is None:
        return ()
    found = []
    for year in [one for one in air.years if one != judged and days_of_year(one).last <= air.as_of][-LOOK_BACK:]:
        facts = _facts(air, year)
        value = _values(metric, facts)[0]
        if value is None:
            continue
        item = year_validity(valid_by_month(air.table, facts.days, "pm25"), facts.rule.validity)
        text = with_unit(number(value, _places(metric, facts.rule, choice)), METRICS[metric]).zh
        found.append(Comparison(year, text, item.mean if metric == "pm25_annual_mean" else True))
    return tuple(found)


def running_lines(air: CityAir | None, metric: str, years: Iterable[int], step: int = 7) -> tuple[YearLine, ...]:
    """Running value of a metric through each year, every ``step`` days and on the last day with data."""
    if air is None:
        return ()
    return tuple(_running(air, metric, year, step) for year in years if year in air.editions)


def _running(air: CityAir, metric: str, year: int, step: int) -> YearLine:
    rule = statistics_rule(date(year, 12, 31))
    days = days_of_year(year).until(air.as_of)
    column = "pm25" if metric == "pm25_annual_mean" else "aqi"
    rows = air.table.filter(pl.col("date").is_between(days.first, days.last)).select("date", column).sort("date")
    total = count = 0
    points: list[tuple[float, float | None]] = []
    last = rows.height - 1
    for at, (day, value) in enumerate(rows.iter_rows()):
        if value is not None:
            count += 1
            total += _counted(metric, value, rule)
        if count and (at % step == 0 or at == last):
            points.append((float((day - days.first + DAY).days), _shown(metric, total, count)))
    return YearLine(year, tuple(points))


def _counted(metric: str, value: int, rule: StatisticsRule) -> int:
    if metric == "pm25_annual_mean":
        return value
    return int(value <= rule.good_at_most) if metric == "good_day_ratio" else int(value > rule.heavy_above)


def _shown(metric: str, total: int, count: int) -> float:
    """A point for drawing only; figures that are judged or printed never come from here."""
    if metric == "heavy_pollution_days":
        return float(total)
    return round(100 * total / count, 2) if metric == "good_day_ratio" else round(total / count / 10_000, 2)
