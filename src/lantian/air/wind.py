"""Concentration by wind: exact counts and sums by sector, wind strength and concentration class.

A table of station hours has ``wind_direction`` (degrees the wind comes from) and ``wind_speed`` (m/s) beside the items,
all integers scaled by 10**SCALE, null where missing. Calm hours have no direction, whatever an instrument writes there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import polars as pl

from lantian.air.item import SCALE
from lantian.air.period import mean, percentile

SECTORS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
DIRECTIONS = ("北", "北东北", "东北", "东东北", "东", "东东南", "东南", "南东南",
              "南", "南西南", "西南", "西西南", "西", "西西北", "西北", "北西北")  # fmt: skip
CALM = "C"
_WHOLE = 360 * 10**SCALE
_WIDTH = _WHOLE // len(SECTORS)


@dataclass(frozen=True, slots=True)
class WindRule:
    """Speed up to which the wind is calm, lowest speeds of the further classes (scaled), hours a mean needs."""

    calm_to: int
    strengths: tuple[int, ...]
    least_hours: int

    def __post_init__(self) -> None:
        if any(upper <= lower for lower, upper in pairwise((self.calm_to, *self.strengths))):
            raise ValueError("wind speeds must ascend")


@dataclass(frozen=True, slots=True)
class Cell:
    """Hours and exact sum of an item in one cell; ``mean`` None with fewer hours than the rule asks for."""

    sector: str
    strength: int
    hours: int
    total: int
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class Polar:
    """Mean by sector and strength; ``calm`` the cell of all calm hours; ``unused`` hours without wind or without value."""

    cells: tuple[Cell, ...]
    calm: Cell
    unused: int

    @property
    def hours(self) -> int:
        """Hours with wind and value, calm ones among them."""
        return sum(cell.hours for cell in self.cells) + self.calm.hours


@dataclass(frozen=True, slots=True)
class Rose:
    """Hours by sector and concentration class; ``calm`` by class; ``unused`` hours without wind or without value.

    ``edges`` (scaled): class 0 lies at or below the first, class n above the n-th.
    """

    edges: tuple[int, ...]
    counts: Mapping[str, tuple[int, ...]]
    calm: tuple[int, ...]
    unused: int

    @property
    def hours(self) -> int:
        """Hours with wind and value, calm ones among them."""
        return sum(map(sum, self.counts.values())) + sum(self.calm)


def sector_of(direction: pl.Expr) -> pl.Expr:
    """Number of the sector 0 … 15 of a direction in scaled degrees; the upper edge belongs to the sector.

    Rule    sixteen sectors centred on N: N is 348.76 … 11.25, NNE 11.26 … 33.75
    """
    number: pl.Expr = -((_WIDTH // 2 - direction) // _WIDTH) % len(SECTORS)
    return number


def with_wind(hours: pl.DataFrame, item: str, rule: WindRule) -> pl.DataFrame:
    """Hours that can be used for an item, each with its sector (null where calm) and strength.

    Shape   ``value`` (Int64), ``sector`` (0 … 15), ``strength`` (0 … number of classes - 1)
    Rule    used: a value, a speed and, unless calm, a direction between 0 and 360 degrees
    """
    speed, direction = pl.col("wind_speed").cast(pl.Int64), pl.col("wind_direction").cast(pl.Int64)
    calm = speed <= rule.calm_to
    strength = pl.sum_horizontal((speed >= edge).cast(pl.Int64) for edge in rule.strengths)
    usable = speed.is_not_null() & (speed >= 0) & pl.col(item).is_not_null() & (calm | direction.is_between(0, _WHOLE))
    return hours.filter(usable.fill_null(False)).select(
        value=pl.col(item).cast(pl.Int64),
        sector=pl.when(~calm).then(sector_of(direction)),
        strength=pl.when(~calm).then(strength),
    )


def polar(hours: pl.DataFrame, item: str, rule: WindRule) -> Polar:
    """Mean of an item by sector and wind strength, every cell in order, empty ones too."""
    used = with_wind(hours, item, rule)
    grouped = used.group_by("sector", "strength").agg(n=pl.len(), total=pl.col("value").sum())
    found = {(sector, strength): (n, total) for sector, strength, n, total in grouped.iter_rows()}

    def cell(name: str, strength: int, key: tuple[int | None, int | None]) -> Cell:
        n, total = found.get(key, (0, 0))
        return Cell(name, strength, n, total, mean(total, n) if n >= rule.least_hours else None)

    cells = tuple(
        cell(name, strength, (at, strength))
        for at, name in enumerate(SECTORS)
        for strength in range(len(rule.strengths) + 1)
    )
    return Polar(cells, cell(CALM, 0, (None, None)), hours.height - used.height)


def rose(hours: pl.DataFrame, item: str, edges: Sequence[int], rule: WindRule) -> Rose:
    """Hours of each sector by class of concentration, calm hours apart.

    Errors  ValueError where the edges do not ascend
    """
    if not edges or any(upper <= lower for lower, upper in pairwise(edges)):
        raise ValueError("concentration classes must ascend")
    used = with_wind(hours, item, rule)
    level = pl.sum_horizontal((pl.col("value") > edge).cast(pl.Int64) for edge in edges)
    grouped = used.group_by("sector", level=level).agg(n=pl.len())
    found = {(sector, level): n for sector, level, n in grouped.select("sector", "level", "n").iter_rows()}

    def by_class(sector: int | None) -> tuple[int, ...]:
        return tuple(found.get((sector, level), 0) for level in range(len(edges) + 1))

    counts = {name: by_class(at) for at, name in enumerate(SECTORS)}
    return Rose(tuple(edges), counts, by_class(None), hours.height - used.height)


def class_edges(hours: pl.DataFrame, item: str, percents: Sequence[int], step: int) -> tuple[int, ...]:
    """Edges of concentration classes: percentiles of the values, on whole steps (scaled), each once; none without values."""
    ascending = sorted(value for value in hours[item].to_list() if value is not None)
    found = (percentile(ascending, percent) for percent in percents)
    return tuple(dict.fromkeys(int(value * 10**SCALE // step) * step for value in found if value is not None))
