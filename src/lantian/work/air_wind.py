"""Wind and concentration of a place's stations: classes of wind from the rulebook, its hours, tables by direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import polars as pl

from lantian import rulebook
from lantian.air.item import SCALE
from lantian.air.period import printed_value
from lantian.air.wind import DIRECTIONS, Cell, Polar, Rose, WindRule, class_edges, polar, rose
from lantian.basis.period import Days
from lantian.store.hours import HourReader
from lantian.store.stations import OF_CITY, OF_COUNTY, StationReader
from lantian.work.air_rules import statistics_rule
from lantian.work.duty import symbol

CLASS_PERCENTS = (25, 50, 75, 90)  # classes of equal weight and the highest tenth, so that a rose speaks for any item


@dataclass(frozen=True, slots=True)
class _Wind:
    PATH: ClassVar[str] = "ambient.wind"
    calm_to: Decimal
    strengths: tuple[Decimal, ...]
    least_hours: int


def wind_rule(day: date) -> WindRule:
    """The classes of wind that hold on a day; marked unverified in the rulebook."""
    law = rulebook.fill(_Wind, day)
    return WindRule(int(law.calm_to * 10**SCALE), tuple(int(one * 10**SCALE) for one in law.strengths), law.least_hours)


def wind_hours(data: Path, place: str, days: Days, values: str, codes: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Hours of the stations named, else of the place's own (a city's national ones), with wind; and how many stations.

    Shape   the columns of ``HourReader.hours``, only stations that measured wind in these days
    """
    if not codes:
        codes = [
            one.code
            for one in StationReader(data).stations(on=days.last)
            if (one.city == place and one.role in OF_CITY) or (one.county == place and one.role in OF_COUNTY)
        ]
    hours = HourReader(data).hours(days, values=values, stations=codes)
    windy = hours.filter(pl.col("wind_speed").is_not_null())["station"].unique()
    return hours.filter(pl.col("station").is_in(windy.implode())), len(windy)


def column_of(item: str) -> str:
    """Column of an item among hours: ozone is the hour's own value."""
    return "o3" if item == "o3_8h" else item


def class_words(edges: Sequence[int], item: str) -> list[str]:
    """Words of the classes between edges, lowest first."""
    texts = [f"{edge / 10**SCALE:g}" for edge in edges]
    inner = [f"{low}～{high}" for low, high in pairwise(texts)]
    return [f"≤ {texts[0]} {symbol(item)}", *inner, f"＞ {texts[-1]}"]


def strength_words(rule: WindRule) -> list[str]:
    """Words of the classes of wind in m/s, weakest first; calm is none of them."""
    edges = [f"{edge / 10**SCALE:g}" for edge in rule.strengths]
    inner = [f"{low}～{high}" for low, high in pairwise(edges)]  # the lower edge belongs to a class, the upper does not
    return [f"＜{edges[0]}", *inner, f"≥{edges[-1]}"]


@dataclass(frozen=True, slots=True)
class Wind:
    """Rose and polar statistics of an item over a period, from so many stations that measured wind."""

    item: str
    days: Days
    rule: WindRule
    stations: int
    rose: Rose
    polar: Polar

    @property
    def classes(self) -> list[str]:
        """Words of each class of concentration."""
        return class_words(self.rose.edges, self.item)

    @property
    def strengths(self) -> list[str]:
        """Words of each class of wind."""
        return strength_words(self.rule)

    def printed(self, cell: Cell) -> str | None:
        """Mean of a cell as printed."""
        return printed_value(cell.mean, statistics_rule(self.days.last).places[self.item])

    def rose_rows(self) -> list[tuple[str, list[int]]]:
        """Hours of each direction by class and together; calm at the end."""
        found = [*self.rose.counts.values(), self.rose.calm]
        return [(name, [*counts, sum(counts)]) for name, counts in zip((*DIRECTIONS, "静风"), found, strict=True)]

    def polar_rows(self) -> list[tuple[str, list[tuple[str | None, int]]]]:
        """Mean as printed and hours of each direction by strength; calm at the end, in the first column."""
        width = len(self.rule.strengths) + 1
        cells = [(self.printed(cell), cell.hours) for cell in self.polar.cells]
        rows = [(name, cells[at * width : (at + 1) * width]) for at, name in enumerate(DIRECTIONS)]
        return [*rows, ("静风", [(self.printed(self.polar.calm), self.polar.calm.hours)])]


def wind_of(data: Path, place: str, days: Days, item: str, values: str, codes: Sequence[str] = ()) -> Wind | None:
    """Wind and concentration of a place over a period; None where no hour has both."""
    hours, stations = wind_hours(data, place, days, values, codes)
    column, step = column_of(item), 10**SCALE if item != "co" else 10 ** (SCALE - 1)
    rule, edges = wind_rule(days.last), class_edges(hours, column, CLASS_PERCENTS, step)
    if not edges:
        return None
    found = Wind(item, days, rule, stations, rose(hours, column, edges, rule), polar(hours, column, rule))
    return found if found.rose.hours else None
