"""What a plan's metrics are, from the city's days: the judged year, its outlook and budgets, years beside it, lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

import polars as pl

from lantian import rulebook
from lantian.air import outlook
from lantian.air.parameters import StatisticsRule
from lantian.basis.determination import Basis, Determination, digest
from lantian.basis.finding import Text
from lantian.basis.period import DAY, Days
from lantian.basis.period import year as days_of_year
from lantian.plan.state.compare import number, with_unit
from lantian.plan.state.model import Comparison, Limit, Measured
from lantian.rulebook.answers import BasisChoice
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air import AirReader
from lantian.work.air_basis import AS_PUBLISHED, YearBasis
from lantian.work.air_years import EARLIER_YEARS, YearFacts, city_year_facts

METRICS = {"pm25_annual_mean": "ug/m3", "good_day_ratio": "%", "heavy_pollution_days": "d"}
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
    """Days of the plan's city up to ``as_of`` as they count on a basis, and the facts of its years when asked for."""

    city: str
    as_of: date
    table: pl.DataFrame
    simulated: bool
    reader: AirReader
    basis: YearBasis = AS_PUBLISHED
    _facts: dict[int, YearFacts] = field(default_factory=dict)
    _others: dict[YearBasis, CityAir] = field(default_factory=dict)

    def on(self, basis: YearBasis) -> CityAir:
        """The same city on another basis; its table is empty where there is no such series."""
        if basis == self.basis:
            return self
        if basis not in self._others:
            table = _table(self.reader, self.city, self.as_of, basis)
            self._others[basis] = replace(self, table=table, basis=basis, _facts={}, _others={})
        return self._others[basis]

    @property
    def years(self) -> list[int]:
        """Calendar years with days, in order."""
        return sorted(self.table["date"].dt.year().unique().to_list())

    def facts(self, number: int) -> YearFacts:
        """Facts of a year up to its end, or to ``as_of`` where that comes first."""
        if number not in self._facts:
            last = min(self.as_of, days_of_year(number).last)
            self._facts[number] = city_year_facts(self.reader, self.city, last, self.basis)
        return self._facts[number]


@dataclass(frozen=True, slots=True)
class YearLine:
    """A metric's running value through a year: (day of the year, value or None), for drawing."""

    year: int
    points: tuple[tuple[float, float | None], ...]


def city_air(cities: Iterable[str], reader: AirReader, as_of: date) -> CityAir | None:
    """Days of the first of the plan's names that has any up to ``as_of``; None where there are none."""
    for city in cities:
        table = _table(reader, city, as_of, AS_PUBLISHED)
        if not table.is_empty():
            return CityAir(city, as_of, table, reader.simulated(city), reader)
    return None


def _table(reader: AirReader, city: str, as_of: date, basis: YearBasis) -> pl.DataFrame:
    return basis.counted(basis.measured(reader, city, Days(TOTAL_FROM, as_of)))


def measured(
    air: CityAir | None, metric: str, limit: Limit, choice: BasisChoice | None, computed_at: datetime
) -> Measured | None:
    """The metric over the year ``limit.year`` up to ``as_of``; None where that year has no days.

    ``choice`` is what the plan's data name as basis; the figure stands on that of ``air``.
    """
    number_ = limit.year or (air.as_of.year if air else 0)
    if air is None or number_ not in air.years:
        return None
    facts = air.facts(number_)
    places = _places(metric, facts, choice, air.basis)
    value, best, expected = _values(metric, facts)
    complete = facts.remaining == 0
    validity = facts.validity if complete else facts.reachable
    mean = metric == "pm25_annual_mean"
    basis = basis_of(facts.statistics_edition, choice or WHOLE_CITY_DAYS, places, air.basis)
    counts = air.basis.validity == "none" or validity.mean
    return Measured(
        metric=metric,
        year=number_,
        value=value,
        best=best,
        expected=expected,
        places=places,
        unit=METRICS[metric],
        days=facts.so_far.pm25_days if mean else facts.so_far.valid_days,
        complete=complete,
        valid=counts if mean else value is not None,
        lower_is_better=metric != "good_day_ratio",
        basis=basis,
        determination=_determination(air, metric, facts, basis, value, computed_at),
        simulated=air.simulated,
        verified=all(rulebook.on(path, facts.as_of).confidence == "verified" for path in _LAW[metric]),
        budget=_budget(metric, facts, limit, places),
        notes=(*_notes(choice, facts, metric, air.basis), *_taken_out(air, facts, metric)),
    )


def _places(metric: str, facts: YearFacts, choice: BasisChoice | None, basis: YearBasis) -> int:
    if metric == "heavy_pollution_days":
        return 0
    if basis.decimals is not None:
        return basis.decimals
    if choice is not None:
        return choice.decimals
    return facts.mean_places if metric == "pm25_annual_mean" else facts.ratio_places


def _values(metric: str, facts: YearFacts) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Value so far, best end, expected end; None where it cannot be said."""
    if metric == "pm25_annual_mean":
        return facts.so_far.pm25_mean, facts.best_mean, facts.expected_mean
    if metric == "good_day_ratio":
        return facts.so_far.good_ratio, facts.best_good_ratio, facts.expected_good_ratio
    heavy = facts.so_far.heavy_days if facts.so_far.valid_days else None
    if heavy is None:
        return None, None, None
    return Fraction(heavy), Fraction(heavy), facts.expected_heavy_days


def _budget(metric: str, facts: YearFacts, limit: Limit, places: int) -> tuple[Text, ...]:
    """What is still allowed under the limit in force; nothing where the year is over or the limit has no budget."""
    if limit.value is None or not facts.remaining:
        return ()
    if metric == "pm25_annual_mean" and limit.comparator in ("<=", "<"):
        control = facts.control_value(limit.value, limit.comparator, places)
        return (control.explanation,) if control and facts.so_far.pm25_days else ()
    if metric == "good_day_ratio" and limit.comparator in (">=", ">"):
        budget = facts.good_day_budget(limit.value, limit.comparator, places)
        return (_good_days(budget, facts.remaining),) if budget else ()
    if metric == "heavy_pollution_days" and limit.comparator in ("<=", "<"):
        allowed = facts.heavy_days_allowed(limit.value, limit.comparator)
        return (_heavy_days(allowed),) if allowed is not None else ()
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
    days = "day" if allowed == 1 else "days"
    return Text(f"还可有 {allowed} 个重污染天。", f"{allowed} heavy-pollution {days} may still come.")


def basis_of(edition: str, choice: BasisChoice, places: int, basis: YearBasis = AS_PUBLISHED) -> Basis:
    """The basis a figure computed here stands on: the one decided, else real-time days with dust, whatever was chosen."""
    decided = basis != AS_PUBLISHED
    return Basis(
        edition=edition,
        values=basis.values,
        dust=basis.dust,
        stations=basis.stations if decided else choice.stations,
        decimals=places,
        validity=basis.validity if decided else choice.validity,
    )


def _notes(choice: BasisChoice | None, facts: YearFacts, metric: str, basis: YearBasis) -> tuple[Text, ...]:
    notes: tuple[Text, ...] = ()
    other = choice is not None and (choice.values, choice.dust) != (basis.values, basis.dust)
    if choice is not None and other and basis == AS_PUBLISHED:
        notes += (
            Text(
                f"考核口径为“{choice.title.zh}”；这里按实况、未扣除沙尘计算，仅供调度。",
                f"Assessed on “{choice.title.en}”; computed here from real-time days with dust, for steering only.",
            ),
        )
    short = facts.validity.short_months
    if metric == "pm25_annual_mean" and not facts.remaining and short:
        months = "、".join(str(month) for month in short)
        notes += (Text(f"有效天数不足的月份：{months}。", f"Months with too few valid days: {months}."),)
    if metric != "pm25_annual_mean" and facts.so_far.note is not None:
        notes += (facts.so_far.note,)
    return notes


def _taken_out(air: CityAir, facts: YearFacts, metric: str) -> tuple[Text, ...]:
    """What stands beside a mean without days taken out; counts of days stay as measured."""
    inside = [one for one in air.basis.taken_out if "pm25" in one.items and len(_common(one.days, facts.so_far.days))]
    if metric != "pm25_annual_mean" or not inside:
        return ()
    days = {day for one in inside for day in _common(one.days, facts.so_far.days)}
    documents = "、".join(dict.fromkeys(f"{one.document}（{one.decided_by}）" for one in inside))
    return (
        Text(
            f"按{documents}扣除 {len(days)} 天的 PM2.5，有效天数不因此减少。",
            f"PM2.5 of {len(days)} days taken out by {documents}; they still count as valid days.",
        ),
    )


def _common(one: Days, other: Days) -> Days:
    return Days(max(one.first, other.first), min(one.last, other.last))


def _determination(
    air: CityAir, metric: str, facts: YearFacts, basis: Basis, value: Fraction | None, computed_at: datetime
) -> Determination:
    days = facts.so_far.days
    return Determination(
        subject=air.city,
        metric=metric,
        period=days,
        basis=basis,
        value=None if value is None else number(value, basis.decimals),
        unit=METRICS[metric],
        verdict=None,
        editions=(facts.statistics_edition, *facts.editions),
        inputs=inputs_digest(air, days, "pm25" if metric == "pm25_annual_mean" else "aqi"),
        computed_at=computed_at,
    )


def inputs_digest(air: CityAir, days: Days, column: str) -> str:
    """Digest of the days a figure rests on: date and the one column that went in."""
    inside = air.table.filter(pl.col("date").is_between(days.first, days.last))
    return digest(inside.select(["date", column]).iter_rows())


def comparisons(air: CityAir | None, metric: str, judged: int, choice: BasisChoice | None) -> tuple[Comparison, ...]:
    """The last whole years beside the judged one, oldest first; not valid ones marked."""
    if air is None:
        return ()
    found = []
    for earlier in [one for one in air.years if one != judged and days_of_year(one).last <= air.as_of][-EARLIER_YEARS:]:
        facts = air.facts(earlier)
        value = _values(metric, facts)[0]
        if value is not None:
            text = with_unit(number(value, _places(metric, facts, choice, air.basis)), METRICS[metric]).zh
            valid = facts.validity.mean if metric == "pm25_annual_mean" else facts.validity.percentile
            found.append(Comparison(earlier, text, valid))
    return tuple(found)


def running_lines(air: CityAir | None, metric: str, years: Iterable[int], step: int = 7) -> tuple[YearLine, ...]:
    """Running value of a metric through each year, every ``step`` days and on the last day with data.

    A year whose days cannot be counted (an item missing throughout) has no line of day counts.
    """
    if air is None:
        return ()
    drawn = [year for year in years if year in air.years]
    if metric != "pm25_annual_mean":
        drawn = [year for year in drawn if air.facts(year).so_far.figures.countable]
    return tuple(_running(air, metric, year, step) for year in drawn)


def _running(air: CityAir, metric: str, year: int, step: int) -> YearLine:
    rule = air.basis.statistics(date(year, 12, 31))
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
