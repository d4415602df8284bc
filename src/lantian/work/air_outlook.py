"""Where a city's year will end: its days, the goals of the year, and an outlook for each, for staff only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from lantian.air.day import evaluated
from lantian.air.forecast_year import DaysEnd, MeanEnd, forecast_days, forecast_mean
from lantian.air.item import ITEMS
from lantian.air.month_blocks import Blocks, city_blocks
from lantian.air.outlook import meets
from lantian.air.parameters import StatisticsRule
from lantian.basis.finding import Text
from lantian.basis.period import year
from lantian.store.air import plain_city
from lantian.store.forecast_table import ForecastTables, forecast_tables
from lantian.work.air_goals import GOOD, HEAVY, MEAN, METRICS, RATIO, Goal
from lantian.work.air_rules import index_rules, statistics_rule

STAFF_ONLY = Text("仅供内部研判，不对外公布", "for staff only, not to be published")
_LOW, _HIGH = 0.1, 0.9
_HISTORY_DAYS = 180  # valid days that make an earlier year count as history
_DAYS_ALONE = 59  # valid days of the year itself without which a year of a city without history is not foretold


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """Outlook of one figure; ``mean``, ``p10``, ``p90`` None where nothing can be said, ``reason`` says why.

    ``probability`` of meeting ``goal``; None without a goal.
    """

    metric: str
    so_far: float | None
    valid_days: int
    mean: float | None
    p10: float | None
    p90: float | None
    goal: Goal | None
    probability: float | None
    history_years: tuple[int, ...]
    basis: Text | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class CityOutlook:
    """Outlook of a city's year as of a day; ``latest`` last day with data up to then."""

    city: str
    as_of: date
    latest: date | None
    remaining: int
    edition: str
    simulated: bool
    targets: tuple[TargetOutlook, ...]
    notes: tuple[Text, ...]


def city_outlook(
    days: pl.DataFrame,
    city: str,
    as_of: date,
    *,
    goals: Sequence[Goal] = (),
    simulated: bool = False,
    tables: ForecastTables | None = None,
) -> CityOutlook:
    """Outlook of every figure of the year of ``as_of``; days after it are not looked at.

    Shape   ``days`` of one city with date and the six items (scaled integers)
    Rule    days are judged under the edition of their calendar day in the year of ``as_of``, in all years alike
    """
    known = tables or forecast_tables()
    judged = aligned(days.filter(pl.col("date") <= as_of), as_of.year)
    rule = statistics_rule(date(as_of.year, 12, 31))
    blocks = city_blocks(judged, as_of, rule.good_at_most, rule.heavy_above)
    view = _View(judged, as_of, blocks, rule, known)
    targets = []
    for metric in METRICS:
        wanted: list[Goal | None] = [one for one in goals if one.metric == metric] or [None]
        targets += [view.target(metric, goal) for goal in wanted]
    return CityOutlook(
        city=plain_city(city),
        as_of=as_of,
        latest=judged["date"].max() if judged.height else None,  # type: ignore[arg-type]
        remaining=len(year(as_of.year).after(as_of)),
        edition=rule.edition,
        simulated=simulated,
        targets=tuple(targets),
        notes=tuple(view.notes(simulated)),
    )


def aligned(days: pl.DataFrame, number: int) -> pl.DataFrame:
    """Days with the AQI they have under the editions of the same calendar days in year ``number``."""
    key = pl.col("date").dt.month().cast(pl.Int64) * 100 + pl.col("date").dt.day()
    spans = index_rules(year(number))
    starts = [span.first.month * 100 + span.first.day for span, _ in spans] + [1300]
    parts = [
        evaluated(days.select("city", "date", *ITEMS).filter((key >= first) & (key < following)), rule)
        for (_, rule), first, following in zip(spans, starts, starts[1:], strict=False)
    ]
    return pl.concat(parts).sort("date")


@dataclass(frozen=True, slots=True)
class _View:
    """One city's year as the outlook sees it."""

    days: pl.DataFrame
    as_of: date
    blocks: Blocks
    rule: StatisticsRule
    tables: ForecastTables

    def target(self, metric: str, goal: Goal | None) -> TargetOutlook:
        if metric == MEAN:
            return self._mean(goal)
        return self._of_days(metric, goal)

    def _mean(self, goal: Goal | None) -> TargetOutlook:
        now = [one for one in self.blocks.means if one.month // 12 == self.as_of.year]
        count = sum(one.days for one in now)
        so_far = sum(one.total for one in now) / count if count else None
        history = self._history([(one.month, one.days) for one in self.blocks.means])
        reason = self._too_little(count, history)
        if reason:
            return _nothing(MEAN, so_far, count, goal, history, reason)
        end = forecast_mean(self.blocks.means, self.blocks.coming, self.as_of.year, self.tables.pm25)
        chance = None if goal is None else self._mean_chance(end, goal)
        return TargetOutlook(
            MEAN, so_far, count, end.mean, end.quantile(_LOW), end.quantile(_HIGH), goal, chance, history,
            self._basis(history), None,
        )  # fmt: skip

    def _mean_chance(self, end: MeanEnd, goal: Goal) -> float:
        if end.remaining:
            return end.meeting(goal.value, self.rule.places["pm25"], goal.comparator)
        inside = self.days.filter(pl.col("date").dt.year() == self.as_of.year)["pm25"]
        exact = Fraction(int(inside.sum()), inside.count() * 10_000)
        return float(meets(exact, goal.value, self.rule.places["pm25"], goal.comparator))

    def _of_days(self, metric: str, goal: Goal | None) -> TargetOutlook:
        kind = "heavy" if metric == HEAVY else "bad"
        seen = self.blocks.kinds[kind]
        now = [one for one in seen if one.month // 12 == self.as_of.year]
        valid, counted = sum(one.days for one in now), sum(one.kind for one in now)
        so_far = _figure(metric, counted, valid) if valid else None
        history = self._history([(one.month, one.days) for one in seen])
        reason = self._absent_item() or self._too_little(valid, history)
        if reason:
            return _nothing(metric, so_far, valid, goal, history, reason)
        end = forecast_days(seen, self.blocks.coming_days(), self.as_of.year, getattr(self.tables, kind))
        final = end.valid + end.remaining
        low, high = end.quantile(_LOW), end.quantile(_HIGH)
        if kind == "bad":
            low, high = high, low
        return TargetOutlook(
            metric, so_far, valid, _figure(metric, end.mean, final), _figure(metric, low, final),
            _figure(metric, high, final), goal, None if goal is None else self._days_chance(end, goal), history,
            self._basis(history), None,
        )  # fmt: skip

    def _days_chance(self, end: DaysEnd, goal: Goal) -> float:
        if goal.metric == HEAVY:
            return end.meeting(goal.value, goal.comparator)
        if goal.metric == RATIO:
            return end.meeting_ratio(goal.value, self.rule.ratio_places, goal.comparator)
        needed = -((-goal.value.numerator) // goal.value.denominator)
        return end.at_most(end.valid + end.remaining - needed)

    def _history(self, months: Sequence[tuple[int, int]]) -> tuple[int, ...]:
        days: dict[int, int] = {}
        for number, count in months:
            days[number // 12] = days.get(number // 12, 0) + count
        return tuple(one for one, count in sorted(days.items()) if one < self.as_of.year and count >= _HISTORY_DAYS)

    def _absent_item(self) -> Text | None:
        inside = self.days.filter(pl.col("date").dt.year() == self.as_of.year)
        absent = [item for item in ITEMS if inside[item].count() == 0]
        if not inside.height or not absent:
            return None
        names = "、".join(absent)
        return Text(
            f"今年没有 {names} 数据，只有污染日才有 AQI，不预估天数",
            f"no {', '.join(absent)} this year: only polluted days have an AQI, so days are not foretold",
        )

    def _too_little(self, valid: int, history: tuple[int, ...]) -> Text | None:
        if self.as_of.month == 12 and self.as_of.day == 31 and not valid:
            return Text("今年没有有效数据", "no valid day this year")
        if history or valid >= _DAYS_ALONE:
            return None
        return Text(
            f"没有可用的历史年份（有效天数不少于 {_HISTORY_DAYS} 天），今年有效天数只有 {valid} 天（至少 {_DAYS_ALONE} 天），不作预估",
            f"no earlier year with {_HISTORY_DAYS} valid days and only {valid} this year ({_DAYS_ALONE} needed)",
        )

    def _basis(self, history: tuple[int, ...]) -> Text:
        if not len(year(self.as_of.year).after(self.as_of)):
            return Text("全年已结束，为实际值", "the year is over: the figure itself")
        if not history:
            return Text(
                "本市没有历史年份：季节形态借自其他城市，只看本市今年已有数据",
                "no earlier year of the city: the season is that of the pool, the level that of this year so far",
            )
        years = "、".join(map(str, history))
        return Text(
            f"本市 {years} 年同期与今年已有数据，波动幅度借自 {self.tables.cities} 个城市",
            f"own years {', '.join(map(str, history))} and this year so far; spreads from {self.tables.cities} cities",
        )

    def notes(self, simulated: bool) -> list[Text]:
        found = [STAFF_ONLY]
        if simulated:
            found.append(Text("模拟数据", "simulated data"))
        whole = year(self.as_of.year).until(self.as_of)
        valid = self.days.filter(pl.col("date").is_between(whole.first, whole.last))["pm25"].count()
        if valid < len(whole):
            found.append(
                Text(
                    f"今年截至 {self.as_of} 有 {len(whole) - valid} 天没有 PM2.5 有效值，不计入；其后每天按有效计",
                    f"{len(whole) - valid} days up to {self.as_of} have no valid PM2.5; every later day is taken as valid",
                )
            )
        found.append(Text("沙尘天气影响未扣除；不含气象预报", "dust is not taken out; no weather forecast is in it"))
        return found


def _figure(metric: str, days: float, valid: int) -> float:
    """Days of a kind as the figure of a metric: heavy days as they are, good days and their ratio as the rest."""
    if metric == HEAVY:
        return days
    return valid - days if metric == GOOD else 100 * (1 - days / valid)


def _nothing(
    metric: str, so_far: float | None, valid: int, goal: Goal | None, history: tuple[int, ...], reason: Text
) -> TargetOutlook:
    return TargetOutlook(metric, so_far, valid, None, None, None, goal, None, history, None, reason)
