"""One pollutant of one place over a period: days or months beside last year's, and the limits of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

import polars as pl

from lantian.air.attainment import Limits, attained_days
from lantian.air.item import PRINTED, SCALE
from lantian.air.period import period_figures, printed_value
from lantian.air.windows import Kind, windows, year_before
from lantian.basis.period import DAY, Days, month, same_days_of
from lantian.work import air_law
from lantian.work.air_long_view import LongView, Statistic, long_view
from lantian.work.air_rules import index_rule, statistics_rule
from lantian.work.air_standings import TableOf, needed_days
from lantian.work.duty import day_change, percent


class Step(StrEnum):
    """What one point of a series is."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Point:
    """A day or month: its statistic as printed and exact, that of last year, the limit it is seen against.

    ``over`` whether the printed value lies above the limit; None without a value or a limit.
    """

    days: Days
    value: Fraction | None
    text: str | None
    last_text: str | None
    last: Fraction | None
    limit: Fraction | None
    edition: str
    over: bool | None


@dataclass(frozen=True, slots=True)
class LimitStep:
    """A limit over a run of days and the edition it comes from."""

    days: Days
    value: Fraction
    edition: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Statistics of the whole period as printed beside last year's: name, this, last, change; days valid and above."""

    name: str
    value: str | None
    last: str | None
    change: str | None


@dataclass(frozen=True, slots=True)
class Series:
    """Everything one page of a pollutant shows."""

    item: str
    name: str
    days: Days
    last_days: Days
    step: Step
    statistic: str
    points: tuple[Point, ...]
    limits: tuple[LimitStep, ...]
    summary: tuple[Summary, ...]
    long: LongView
    edition: str
    valid: int

    @property
    def has_rolling(self) -> bool:
        """Whether years have a mean of three; a percentile has none."""
        return any(one.rolling is not None for one in self.long.years)


def series(table_of: TableOf, place: str, item: str, days: Days, step: Step) -> Series:
    """One pollutant of a place over ``days``, last year's same days beside it.

    Rule    HJ 663: figures from unrounded days, rounded once; CO and O3 by their percentile, the others by their mean;
            limits of GB 3095 class 2 by date: the daily one for days and percentiles, the annual one for monthly means
    Errors  rulebook.NoRuleError before 2012
    """
    rule, before = statistics_rule(days.last), year_before(days)
    now, then = table_of(place, days), table_of(place, before)
    own = Statistic(item, rule)
    limits = _limits(own, days, step)
    points = (
        _daily(own, days, before, now, then, limits) if step is Step.DAY else _monthly(own, days, now, then, limits)
    )
    return Series(
        item=item,
        name=PRINTED[item],
        days=days,
        last_days=before,
        step=step,
        statistic=own.daily if step is Step.DAY else f"月{own.statistic}",
        points=points,
        limits=limits,
        summary=_summary(own, days, before, now, then),
        long=long_view(table_of, place, own, days.last),
        edition=rule.edition,
        valid=sum(point.value is not None for point in points),
    )


# ---- points


def _daily(
    own: Statistic, days: Days, before: Days, now: pl.DataFrame, then: pl.DataFrame, limits: Sequence[LimitStep]
) -> tuple[Point, ...]:
    """A point for every calendar day; last year's is that of the same calendar day."""
    this, last = _by_day(now, own.item), _by_day(then, own.item)
    points = []
    for day in days:
        twin = same_days_of(Days(day, day), day.year - (days.first.year - before.first.year)).first
        places = index_rule(day).places[own.item]
        points.append(_point(Days(day, day), this.get(day), last.get(twin), places, limits))
    return tuple(points)


def _by_day(table: pl.DataFrame, item: str) -> dict[date, Fraction]:
    known = table.select("date", item).drop_nulls()
    return {day: Fraction(value, 10**SCALE) for day, value in known.iter_rows()}


def _monthly(
    own: Statistic, days: Days, now: pl.DataFrame, then: pl.DataFrame, limits: Sequence[LimitStep]
) -> tuple[Point, ...]:
    points = []
    for whole in months_of(days):
        inside = Days(max(whole.first, days.first), min(whole.last, days.last))
        this, last = _month(own, now, inside), _month(own, then, year_before(inside))
        points.append(_point(inside, this, last, own.places, limits))
    return tuple(points)


def _month(own: Statistic, table: pl.DataFrame, days: Days) -> Fraction | None:
    """A month's statistic; None with fewer valid days than it needs."""
    figures = period_figures(table, days, own.rule)
    return own.of(figures) if figures.counts[own.item] >= needed_days(days, own.rule) else None


def months_of(days: Days) -> list[Days]:
    """The months a run of days touches."""
    return windows(Days(days.first.replace(day=1), month(days.last.year, days.last.month).last), Kind.MONTH)


def _point(
    days: Days, value: Fraction | None, last: Fraction | None, places: int, limits: Sequence[LimitStep]
) -> Point:
    limit = next((one for one in limits if days.last in one.days), None)
    text = printed_value(value, places)
    return Point(
        days=days,
        value=value,
        text=text,
        last_text=printed_value(last, places),
        last=last,
        limit=limit.value if limit else None,
        edition=limit.edition if limit else "",
        over=None if text is None or limit is None else Fraction(text) > limit.value,
    )


def _limits(own: Statistic, days: Days, step: Step) -> tuple[LimitStep, ...]:
    """Limits by date; a month's mean has no limit of its own and is seen against the annual one."""
    annual = step is Step.MONTH and own.has_mean

    def value(one: Limits) -> Fraction | None:
        return (one.year if annual else one.day).get(own.item)

    found: list[LimitStep] = []
    for one in air_law.limits(days):
        limit = value(one)
        if limit is None:
            continue
        if found and (found[-1].value, found[-1].edition) == (limit, one.edition):
            found.append(LimitStep(Days(found.pop().days.first, one.days.last), limit, one.edition))
        else:
            found.append(LimitStep(one.days, limit, one.edition))
    return tuple(found)


# ---- the whole period


def _summary(own: Statistic, days: Days, before: Days, now: pl.DataFrame, then: pl.DataFrame) -> tuple[Summary, ...]:
    """Mean and percentile, valid days, days above the limit of their date; both years under this year's statistics.

    A last year with too few valid days is not compared with; only their number is said.
    """
    this, last = period_figures(now, days, own.rule), period_figures(then, before, own.rule)
    counts = Summary("有效天数", str(this.counts[own.item]), str(last.counts[own.item]), None)
    if last.counts[own.item] < needed_days(before, own.rule):  # too few to be compared with: only their number is said
        then, last = then.clear(), period_figures(then.clear(), before, own.rule)
    rows = []
    if own.has_mean:
        rows.append(_figure("平均浓度", this.means[own.item], last.means[own.item], own.places))
    rows.append(_figure(own.percentile, this.percentiles[own.item], last.percentiles[own.item], own.places))
    rows.append(_figure(f"最大{own.daily}", _most(now, own.item), _most(then, own.item), own.places))
    rows.append(counts)
    limits = air_law.limits(days)
    judged = (attained_days(now, limits)[own.item], attained_days(then, _a_year_earlier(limits, before))[own.item])
    over = [str(one.exceeded) if one.valid else None for one in judged]
    change = None if over[0] is None or over[1] is None else day_change(over[0], over[1])
    rows.append(Summary("超过二级日限值的天数", over[0], over[1], change))
    return tuple(rows)


def _a_year_earlier(limits: Sequence[Limits], before: Days) -> list[Limits]:
    """The limits of this year's days laid on the same days a year earlier, so that both years stand on one basis."""
    starts = [before.first, *(same_days_of(one.days, one.days.first.year - 1).first for one in limits[1:])]
    ends = [start - DAY for start in starts[1:]] + [before.last]
    return [replace(one, days=Days(a, b)) for one, a, b in zip(limits, starts, ends, strict=True)]


def _figure(name: str, value: Fraction | None, last: Fraction | None, places: int) -> Summary:
    shown, before = printed_value(value, places), printed_value(last, places)
    return Summary(name, shown, before, percent(shown, before) if shown is not None and before is not None else None)


def _most(table: pl.DataFrame, item: str) -> Fraction | None:
    most = table[item].max()
    return None if most is None else Fraction(int(most), 10**SCALE)  # type: ignore[arg-type]
