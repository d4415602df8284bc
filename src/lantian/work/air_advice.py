"""Health advice of a day: what HJ 633 says of its level, by group of people, and who is sensitive to what leads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lantian import rulebook
from lantian.air.item import PRINTED
from lantian.basis.finding import Text
from lantian.rulebook.dated import Confidence, on, weakest
from lantian.work.air_rules import index_rule


@dataclass(frozen=True, slots=True)
class Measure:
    """What one group of people should do."""

    who: Text
    do: Text


@dataclass(frozen=True, slots=True)
class _Level:
    level: int
    effect: Text
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class _Health:
    PATH: ClassVar[str] = "ambient.aqi.health"
    edition: str
    confidence: str
    levels: tuple[_Level, ...]


@dataclass(frozen=True, slots=True)
class _Groups:
    PATH: ClassVar[str] = "ambient.aqi.sensitive_groups"
    above: int | None
    so2: Text | None = None
    no2: Text | None = None
    co: Text | None = None
    o3: Text | None = None
    pm10: Text | None = None
    pm25: Text | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Effect on health and measures of one level; ``sensitive`` (item, group) of items above the edition's bound.

    ``confidence`` the weaker of both tables, as shown on screen where it is not verified.
    """

    category: str
    effect: Text
    measures: tuple[Measure, ...]
    sensitive: tuple[tuple[str, Text], ...]
    edition: str
    sources: tuple[str, ...]
    confidence: Confidence


def advice(aqi: int, iaqi: Mapping[str, int | None], day: date) -> Advice:
    """Advice for an AQI and its sub-indices (by item, ``o3`` or ``o3_8h``) under the edition of a day.

    Rule    HJ 633, table of categories: by the level of the AQI; HJ 633-2026: groups by pollutant above 100
    Errors  rulebook.NoRuleError before 2012
    """
    rule, health, groups = index_rule(day), rulebook.fill(_Health, day), rulebook.fill(_Groups, day)
    category = rule.category(aqi)
    own = health.levels[rule.categories.index(category)]
    sensitive = []
    for item, index in iaqi.items():
        group: Text | None = getattr(groups, "o3" if item == "o3_8h" else item)
        if groups.above is not None and index is not None and index > groups.above and group is not None:
            sensitive.append((PRINTED.get(item, PRINTED["o3_8h"]), group))
    values = [on(_Health.PATH, day), *([on(_Groups.PATH, day)] if sensitive else [])]
    return Advice(
        category=category.zh,
        effect=own.effect,
        measures=own.measures,
        sensitive=tuple(sensitive),
        edition=health.edition,
        sources=tuple(value.source for value in values),
        confidence=weakest(values),
    )
