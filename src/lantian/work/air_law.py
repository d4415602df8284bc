"""Further parameters of the air room filled from the rulebook: limits, trend, days taken out, seasons, editions by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

from lantian import rulebook
from lantian.air.attainment import Limits
from lantian.air.basis_choice import BY_DATE, Law, Spans
from lantian.air.excluded import ExclusionRule
from lantian.air.item import ITEMS
from lantian.air.parameters import StatisticsRule
from lantian.air.trend import TrendRule
from lantian.air.windows import Season
from lantian.basis.finding import Text
from lantian.basis.period import Days
from lantian.rulebook.dated import FAR, TOTAL_FROM, parameter
from lantian.work.air_rules import index_rule, index_rules, statistics_rule


@dataclass(frozen=True, slots=True)
class _Numbers:
    year: Decimal | None = None
    day: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Limit:
    class_1: _Numbers
    class_2: _Numbers
    edition: str


@dataclass(frozen=True, slots=True)
class _Limits:
    PATH: ClassVar[str] = "ambient.limits"
    so2: _Limit
    no2: _Limit
    co: _Limit
    o3: _Limit
    pm10: _Limit
    pm25: _Limit


@dataclass(frozen=True, slots=True)
class _DayPlaces:
    PATH: ClassVar[str] = "ambient.places"
    day: dict[str, int]
    rate: int
    exceedance: int


@dataclass(frozen=True, slots=True)
class _Critical:
    years: int
    above: Decimal


@dataclass(frozen=True, slots=True)
class _Trend:
    PATH: ClassVar[str] = "ambient.trend"
    least_years: int
    rolling_years: int
    critical: tuple[_Critical, ...]


@dataclass(frozen=True, slots=True)
class _Exclusion:
    PATH: ClassVar[str] = "ambient.exclusion"
    items: tuple[str, ...]
    keeps_aqi: bool
    keeps_validity: bool


@dataclass(frozen=True, slots=True)
class _Season:
    id: str
    name: Text
    first: str
    before: str


@dataclass(frozen=True, slots=True)
class _Seasons:
    PATH: ClassVar[str] = "ambient.seasons"
    seasons: tuple[_Season, ...]


def limits(days: Days, *, zone: int = 2) -> list[Limits]:
    """The limit sets of GB 3095 that hold in a period, each with its part; sets that say the same are one part.

    Errors  rulebook.NoRuleError before 2012
    """
    found: list[Limits] = []
    for span, law in rulebook.spans(_Limits, days.first, days.last):
        by_item = {item: getattr(law, "o3" if item == "o3_8h" else item) for item in ITEMS}
        numbers = {item: one.class_1 if zone == 1 else one.class_2 for item, one in by_item.items()}
        one = Limits(
            edition=law.pm25.edition,
            days=span,
            year={item: Fraction(own.year) for item, own in numbers.items() if own.year is not None},
            day={item: Fraction(own.day) for item, own in numbers.items() if own.day is not None},
            day_places=dict(rulebook.fill(_DayPlaces, span.first).day),
        )
        if found and (found[-1].edition, found[-1].year, found[-1].day) == (one.edition, one.year, one.day):
            last = found.pop()
            one = Limits(one.edition, Days(last.days.first, span.last), one.year, one.day, one.day_places)
        found.append(one)
    return found


def rate_places(day: date) -> int:
    """Places of a rate in percent."""
    return rulebook.fill(_DayPlaces, day).rate


def exceedance_places(day: date) -> int:
    """Places of an exceedance multiple."""
    return rulebook.fill(_DayPlaces, day).exceedance


def trend_rule(day: date) -> TrendRule:
    """How a trend is judged."""
    law = rulebook.fill(_Trend, day)
    critical = tuple((row.years, Fraction(row.above)) for row in law.critical)
    return TrendRule(law.least_years, critical, law.rolling_years)


def exclusion_rule(days: Days) -> ExclusionRule:
    """What days taken out change, by the last day of a period."""
    law = rulebook.fill(_Exclusion, days.last)
    return ExclusionRule(law.items, law.keeps_aqi, law.keeps_validity)


def seasons(day: date) -> tuple[Season, ...]:
    """The seasons and the heating period."""
    return tuple(
        Season(one.id, one.name, _month_day(one.first), _month_day(one.before))
        for one in rulebook.fill(_Seasons, day).seasons
    )


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)


def law() -> Law:
    """The rules a basis is applied with. An edition of HJ 633 fixes the AQI, one of HJ 663 the statistics.

    Errors  ValueError for an unknown edition
    """
    return Law(index=_index, statistics=_statistics, exclusion=exclusion_rule)


@lru_cache(maxsize=1)  # the package's law does not change while a process runs
def _editions() -> dict[str, tuple[str, date]]:
    """Name of each edition → which rules it fixes, and a day it holds on."""
    found = {}
    for kind, path in (("index", "ambient.aqi.breakpoints"), ("statistics", "ambient.percentiles")):
        for days, value in parameter(path).spans(TOTAL_FROM, FAR):
            found[value.edition or ""] = (kind, days.first)
    return found


def _fixed(edition: str, kind: str) -> date | None:
    if edition == BY_DATE:
        return None
    if edition not in _editions():
        raise ValueError(f"unknown edition {edition!r}: {BY_DATE}, {', '.join(_editions())}")
    own, day = _editions()[edition]
    return day if own == kind else None


def _index(days: Days, edition: str) -> Spans:
    day = _fixed(edition, "index")
    return index_rules(days) if day is None else [(days, index_rule(day))]


def _statistics(days: Days, edition: str) -> StatisticsRule:
    return statistics_rule(_fixed(edition, "statistics") or days.last)
