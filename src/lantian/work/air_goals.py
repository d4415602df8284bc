"""Limits the figures of a city's year are held against: those of its plans, named ones, the national standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from lantian import rulebook
from lantian.basis.exact import NotANumberError, TooManyPlacesError, scaled
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.rulebook.plans import deadline_day
from lantian.store.air import plain_city

MEAN, RATIO, GOOD, HEAVY = "pm25_annual_mean", "good_day_ratio", "good_days", "heavy_pollution_days"
METRICS = (MEAN, RATIO, GOOD, HEAVY)
NAMES = {
    MEAN: Text("PM2.5 年均浓度", "annual mean PM2.5"),
    RATIO: Text("优良天数比率", "good-day ratio"),
    GOOD: Text("优良天数", "good days"),
    HEAVY: Text("重度及以上污染天数", "heavy-pollution days"),
}
UNITS = {MEAN: "ug/m3", RATIO: "percent", GOOD: "d", HEAVY: "d"}
COMPARATORS = {MEAN: "<=", RATIO: ">=", GOOD: ">=", HEAVY: "<="}


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit a figure of the year is held against, and where it comes from."""

    metric: str
    comparator: str
    value: Fraction
    source: Text


@dataclass(frozen=True, slots=True)
class _Limit:
    year: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    PATH: ClassVar[str] = "ambient.limits.pm25"
    edition: str
    class_2: _Limit


def national_goal(number: int) -> Goal:
    """The annual PM2.5 limit of class 2 that holds at the end of a year."""
    law = rulebook.fill(_Limits, date(number, 12, 31))
    if law.class_2.year is None:
        raise LookupError(f"no annual PM2.5 limit in {number}")
    source = Text(f"{law.edition} 二级标准年均限值", f"{law.edition} class 2, annual")
    return Goal(MEAN, "<=", Fraction(law.class_2.year), source)


def plan_goals(city: str, number: int, data: Path | None) -> list[Goal]:
    """Goals of a year from the plans of a city: targets due in that year, and those of every year."""
    found: dict[tuple[str, str, Fraction], Goal] = {}
    for plan in rulebook.plans(data).values():
        if plain_city(city) not in map(plain_city, plan.cities):
            continue
        for article in plan.articles:
            for target in article.targets:
                day = deadline_day(target.deadline)
                due = day is not None and day.year == number
                if target.metric not in METRICS or target.value is None or not (due or target.deadline == "每年"):
                    continue
                value = Fraction(target.value)
                source = Text(f"{plan.title.zh} {target.id}", f"{plan.id} {target.id}")
                key = (target.metric, target.comparator, value)
                found.setdefault(key, Goal(target.metric, target.comparator, value, source))
    return list(found.values())


def named_goals(words: Sequence[str]) -> list[Goal]:
    """Goals written as METRIC=VALUE.

    Errors  Refusal naming the metrics there are
    """
    found = []
    for word in words:
        metric, sign, text = word.partition("=")
        try:
            value = Fraction(scaled(text.strip(), 4), 10**4)
        except (NotANumberError, TooManyPlacesError):
            value = None
        if metric.strip() not in METRICS or not sign or value is None or value < 0:
            raise Refusal(
                Finding(
                    "AIR-GOAL-UNKNOWN",
                    Severity.REFUSED,
                    Text(
                        f"目标“{word}”看不懂。请写成 指标=数值，指标为 {'、'.join(METRICS)}，如 {MEAN}=28",
                        f"goal {word!r}: write METRIC=VALUE with one of {', '.join(METRICS)}",
                    ),
                )
            )
        metric = metric.strip()
        found.append(Goal(metric, COMPARATORS[metric], value, Text("命令中给出", "named in the command")))
    return found


def goals_of(city: str, number: int, data: Path | None, named: Sequence[Goal] = ()) -> list[Goal]:
    """Goals of a city's year: named ones win over those of its plans, the national annual limit fills in for PM2.5."""
    taken = {one.metric for one in named}
    goals = [*named, *(one for one in plan_goals(city, number, data) if one.metric not in taken)]
    if not any(one.metric == MEAN for one in goals):
        goals.append(national_goal(number))
    return goals
