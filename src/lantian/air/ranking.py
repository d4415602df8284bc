"""Rankings of cities or counties, rates of change against last year, largest single index, primary pollutants counted.

Units are compared by the printed value: equal printed values share a place and the next place is skipped. A unit
without a station of its own or without a valid figure is listed apart with the reason and takes no place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import polars as pl

from lantian.air.item import ITEMS, PRINTED
from lantian.air.parameters import StatisticsRule
from lantian.basis.exact import rounded, rounded_text
from lantian.basis.finding import Text
from lantian.basis.period import Days

NO_STATION = Text("没有自己的监测站，不参加排名", "no station of its own: not ranked")
NO_VALUE = Text("没有有效数值，不参加排名", "no valid value: not ranked")
ATTAINING = Text("各项污染物均达到二级标准，不参加恶化程度排名", "attains all class 2 limits: not ranked by worsening")


@dataclass(frozen=True, slots=True)
class Unit:
    """A city or county that may be ranked by a value; ``own_station`` False for a county without one."""

    name: str
    value: Fraction | None
    own_station: bool = True
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit with its place; ``value`` exact, ``text`` as printed."""

    place: int
    name: str
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Apart:
    """A unit that takes no part, and why."""

    name: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Ranking:
    """Units by place, and those apart."""

    placed: tuple[Placed, ...]
    apart: tuple[Apart, ...]


class Figures(Protocol):
    """Exact figures of a period of one unit."""

    @property
    def means(self) -> Mapping[str, Fraction | None]:
        """Mean of each item that has one."""

    @property
    def percentiles(self) -> Mapping[str, Fraction | None]:
        """Percentile of each item."""


def ranked(units: Sequence[Unit], places: int, *, highest_first: bool = False) -> Ranking:
    """Units by their value rounded once to ``places``, lowest first unless ``highest_first``.

    Shape   equal places keep the order in which the units came
    Rule    城市环境空气质量排名技术规定 (2018): by composite index, equal index means equal place
    """
    taking = [(_printed(one.value, places), one) for one in units if one.own_station and one.value is not None]
    taking.sort(key=lambda one: -one[0] if highest_first else one[0])
    placed: list[Placed] = []
    for at, (number, one) in enumerate(taking):
        shared = bool(placed) and taking[at - 1][0] == number
        value = Fraction(one.value or 0)
        placed.append(Placed(placed[-1].place if shared else at + 1, one.name, value, rounded_text(value, places)))
    apart = [Apart(one.name, _reason(one)) for one in units if not one.own_station or one.value is None]
    return Ranking(tuple(placed), tuple(apart))


def _printed(value: Fraction | None, places: int) -> int:
    return rounded(value if value is not None else Fraction(0), places)


def _reason(unit: Unit) -> Text:
    return unit.reason or (NO_VALUE if unit.own_station else NO_STATION)


def change_rate(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    """Change against the same period of last year in percent, negative where it fell; None without both values.

    Rule    城市环境空气质量变化程度排名方案 (2017): (now − before) / before; both on one basis, which the caller sees to
    """
    if now is None or before is None or before == 0:
        return None
    return 100 * (now - before) / before


@dataclass(frozen=True, slots=True)
class ChangeRankings:
    """Units by how much they improved (greatest fall first) and worsened (greatest rise first)."""

    improvement: Ranking
    worsening: Ranking


def change_rankings(rates: Sequence[Unit], attaining: Collection[str], places: int) -> ChangeRankings:
    """Rankings by rate of change; units that attain every class 2 limit take no part in the one by worsening.

    Rule    城市环境空气质量变化程度排名方案 (2017)
    """
    worsening = [Unit(one.name, None, reason=ATTAINING) if one.name in attaining else one for one in rates]
    return ChangeRankings(ranked(rates, places), ranked(worsening, places, highest_first=True))


def single_indices(figures: Figures, rule: StatisticsRule) -> dict[str, Fraction | None]:
    """Single index of each item, unrounded: mean or percentile over the limit; None where the value is missing.

    Rule    城市环境空气质量排名技术规定 (2018): means over annual limits, CO and O3 percentiles over daily limits
    """
    found: dict[str, Fraction | None] = {}
    for item, limit in rule.index_limits.items():
        value = figures.means.get(item) if item in rule.index_means else figures.percentiles.get(item)
        found[item] = None if value is None else value / limit
    return found


def largest_single(figures: Figures, rule: StatisticsRule) -> tuple[tuple[str, ...], Fraction] | None:
    """Items with the largest single index (最大单项指数) and that index; None where an item is missing."""
    indices = single_indices(figures, rule)
    known = {item: value for item, value in indices.items() if value is not None}
    if len(known) < len(indices):
        return None
    largest = max(known.values())
    return tuple(item for item in ITEMS if known.get(item) == largest), largest


@dataclass(frozen=True, slots=True)
class PrimaryDays:
    """Days on which each item was primary pollutant, of all days with one; ``polluted`` only those above ``good``.

    A day with several counts for each of them, so the sum may exceed ``days``.
    """

    days: int
    by_item: Mapping[str, int]
    polluted_days: int
    polluted: Mapping[str, int]

    def text(self) -> str:
        """Items with their days, most first: PM2.5 82、PM10 11."""
        shown = sorted((one for one in self.by_item.items() if one[1]), key=lambda one: -one[1])
        return "、".join(f"{PRINTED[item]} {count}" for item, count in shown)


def primary_days(table: pl.DataFrame, days: Days, rule: StatisticsRule) -> PrimaryDays:
    """Primary pollutants counted over days of one city that ``air.day.evaluated`` has judged."""
    inside = table.filter(pl.col("date").is_between(days.first, days.last) & (pl.col("primary").list.len() > 0))
    polluted = inside.filter(pl.col("aqi") > rule.good_at_most)
    return PrimaryDays(inside.height, _counted(inside), polluted.height, _counted(polluted))


def _counted(table: pl.DataFrame) -> dict[str, int]:
    return {item: int(table.select(pl.col("primary").list.contains(item).sum()).item()) for item in ITEMS}
