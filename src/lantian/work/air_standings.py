"""Places of one kind ranked over a period by one measure, each beside the same days of last year on one basis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import polars as pl

from lantian.air.basis_choice import BY_DATE, Material, OnBasis, figures_on
from lantian.air.item import ITEMS, PRINTED
from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, printed_value
from lantian.air.ranking import Ranking, Unit, change_rate, largest_single, ranked
from lantian.air.windows import Kind, windows, year_before
from lantian.basis.determination import Basis
from lantian.basis.exact import rounded_text
from lantian.basis.finding import Text
from lantian.basis.period import Days
from lantian.work import air_law
from lantian.work.air_rules import statistics_rule

TableOf = Callable[[str, Days], pl.DataFrame]
DAYS_OF_YEAR = 365
NO_STATION = Text("无本地站点，不参加排名", "no station of its own: not ranked")


class Measure(StrEnum):
    """What places are ranked by."""

    INDEX = "index"
    PM25 = "pm25"
    GOOD = "good"
    IMPROVEMENT = "improvement"


MEASURES = {
    Measure.INDEX: "综合指数",
    Measure.PM25: "PM2.5 平均浓度",
    Measure.GOOD: "优良天数比率",
    Measure.IMPROVEMENT: "综合指数改善幅度",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may be ranked; ``own_station`` False for a county without one."""

    name: str
    title: str
    own_station: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A place: its rank (None where it takes no part, with the reason), figures as printed, last year's, changes."""

    place: int | None
    name: str
    title: str
    index: str | None = None
    last_index: str | None = None
    index_change: str | None = None
    pm25: str | None = None
    last_pm25: str | None = None
    pm25_change: str | None = None
    good_ratio: str | None = None
    last_good_ratio: str | None = None
    good_change: str | None = None
    largest: str | None = None
    valid_days: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standings:
    """A ranking as a page shows it: those placed by rank, then those apart."""

    measure: Measure
    days: Days
    last_days: Days
    placed: tuple[Row, ...]
    apart: tuple[Row, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class _Both:
    """One place's figures of both years on one basis; a reason where the period has too few days."""

    now: PeriodFigures
    before: PeriodFigures | None
    reason: Text | None


def standings(candidates: Sequence[Candidate], table_of: TableOf, days: Days, measure: Measure) -> Standings:
    """Candidates ranked over ``days``.

    Rule    城市环境空气质量排名技术规定 (2018): by the printed figure, equal ones share a place; both years judged under the
            editions of this year's days; valid under GB 3095 table 4 (year, whole months), other periods in proportion
    """
    rule, before = statistics_rule(days.last), year_before(days)
    found = {one.name: _both(one, table_of, days, before, rule) for one in candidates if one.own_station}
    units = [Unit(one.name, *_value(one, found.get(one.name), measure)) for one in candidates]
    order = _ranking(units, measure, rule, days)
    titles = {one.name: one.title for one in candidates}
    placed = [_row(titles[one.name], one.name, one.place, found[one.name], rule, days) for one in order.placed]
    apart = [
        replace(_row(titles[one.name], one.name, None, found.get(one.name), rule, days), reason=one.reason.zh)
        for one in order.apart
    ]
    return Standings(measure, days, before, tuple(placed), tuple(apart), rule.edition)


def _ranking(units: Sequence[Unit], measure: Measure, rule: StatisticsRule, days: Days) -> Ranking:
    places = {
        Measure.INDEX: rule.index_places,
        Measure.PM25: rule.places["pm25"],
        Measure.GOOD: rule.ratio_places,
        Measure.IMPROVEMENT: air_law.rate_places(days.last),
    }
    return ranked(units, places[measure], highest_first=measure is Measure.GOOD)


def _value(one: Candidate, both: _Both | None, measure: Measure) -> tuple[Fraction | None, bool, Text | None]:
    """Value, whether there is a station of its own, and the reason where there is no value."""
    if not one.own_station:
        return None, False, NO_STATION
    if both is None or both.reason is not None:
        return None, True, both.reason if both else None
    value = _measured(both.now, measure)
    if measure is Measure.IMPROVEMENT:
        if both.before is None:
            return None, True, Text("去年同期有效天数不足，不比较", "too few valid days last year")
        value = change_rate(both.now.composite_index, both.before.composite_index)
    return value, True, _without(both.now, measure)


def _without(figures: PeriodFigures, measure: Measure) -> Text:
    """Why a place with days enough has no value: an item missing throughout, or too few days of some month or item."""
    absent = "、".join(PRINTED[item] for item in ITEMS if not figures.counts[item])
    if absent:
        return Text(f"没有 {absent} 数据，不参加排名", f"no {absent}: not ranked")
    return Text(
        f"部分月份或项目有效天数不足，没有有效的{MEASURES[measure]}，不参加排名",
        "too few valid days of a month or item",
    )


def _measured(figures: PeriodFigures, measure: Measure) -> Fraction | None:
    match measure:
        case Measure.PM25:
            return figures.means["pm25"]
        case Measure.GOOD:
            return figures.good_ratio if figures.countable else None
        case _:
            return figures.composite_index


def _both(one: Candidate, table_of: TableOf, days: Days, before: Days, rule: StatisticsRule) -> _Both:
    now = _figures(one.name, table_of, days, days)
    last = _figures(one.name, table_of, before, days)
    return _Both(
        now.figures, last.figures if not too_few(last.figures, before, rule) else None, too_few(now.figures, days, rule)
    )


def _figures(name: str, table_of: TableOf, days: Days, judged: Days) -> OnBasis:
    table = table_of(name, days)
    found = figures_on(Material({("realtime", "city"): table}), days, Basis(BY_DATE), air_law.law(), judged=judged)
    assert found is not None  # the one series there is was asked for
    return found


def needed_days(days: Days, rule: StatisticsRule) -> int:
    """Valid days a period needs before it is ranked or compared with.

    Rule    GB 3095, table 4 for a year and a month; other periods in proportion to the year (our practice)
    """
    if windows(days, Kind.MONTH) == [days]:
        return rule.validity.needed(days.first.month)
    return -(-rule.validity.year_days * len(days) // DAYS_OF_YEAR)


def too_few(figures: PeriodFigures, days: Days, rule: StatisticsRule) -> Text | None:
    """Why a period has too few valid days to be ranked; None where it has enough (``needed_days``)."""
    most = max(figures.counts.values())
    if not most:
        return Text("这一时段没有数据，不参加排名", "no data in this period: not ranked")
    needed = needed_days(days, rule)
    valid = max(figures.counts["pm25"], figures.valid_days)
    if valid >= needed:
        return None
    zh = f"有效天数 {valid} 天，少于所需的 {needed} 天，不参加排名"
    return Text(zh, f"{valid} valid days of the {needed} needed: not ranked")


def _row(title: str, name: str, place: int | None, both: _Both | None, rule: StatisticsRule, days: Days) -> Row:
    if both is None:
        return Row(place, name, title)
    now, last = both.now, both.before
    ratio = _ratio(now, rule)
    last_ratio = _ratio(last, rule) if last else None
    rates = air_law.rate_places(days.last)
    pm25 = printed_value(now.means["pm25"], rule.places["pm25"])
    last_pm25 = printed_value(last.means["pm25"], rule.places["pm25"]) if last else None
    return Row(
        place=place,
        name=name,
        title=title,
        index=printed_value(now.composite_index, rule.index_places),
        last_index=printed_value(last.composite_index, rule.index_places) if last else None,
        index_change=_rate(now.composite_index, last.composite_index if last else None, rates),
        pm25=pm25,
        last_pm25=last_pm25,
        pm25_change=_rate(_fraction(pm25), _fraction(last_pm25), rates),
        good_ratio=ratio,
        last_good_ratio=last_ratio,
        good_change=None
        if ratio is None or last_ratio is None
        else _signed(Fraction(ratio) - Fraction(last_ratio), rule.ratio_places),
        largest=_largest(now, rule),
        valid_days=now.valid_days,
    )


def _ratio(figures: PeriodFigures, rule: StatisticsRule) -> str | None:
    return printed_value(figures.good_ratio, rule.ratio_places) if figures.countable else None


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _rate(now: Fraction | None, before: Fraction | None, places: int) -> str | None:
    rate = change_rate(now, before)
    return None if rate is None else _signed(rate, places)


def _signed(value: Fraction, places: int) -> str:
    """With its sign; the minus is the printed one."""
    text = rounded_text(value, places).replace("-", "−")
    return f"+{text}" if not text.startswith("−") and Fraction(text) else text


def _largest(figures: PeriodFigures, rule: StatisticsRule) -> str | None:
    found = largest_single(figures, rule)
    if found is None:
        return None
    return f"{'、'.join(PRINTED[item] for item in found[0])} {rounded_text(found[1], rule.index_places)}"
