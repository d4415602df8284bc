"""The files of HJ 633 as the rulebook holds them, and the tables of sub-indices made of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lantian.air.item import SCALE
from lantian.air.parameters import Breakpoints, Category
from lantian.basis.finding import Text


@dataclass(frozen=True, slots=True)
class Level:
    """A category of the AQI."""

    name: Text
    last: int
    rgb: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Categories:
    """All categories, ascending."""

    categories: tuple[Level, ...]

    def made(self) -> tuple[Category, ...]:
        """The categories as the air room uses them."""
        return tuple(
            Category(level.last, level.name.zh, level.name.en, "#" + "".join(f"{part:02x}" for part in level.rgb))
            for level in self.categories
        )


@dataclass(frozen=True, slots=True)
class Daily:
    """Breakpoints of the daily values, a column an item; a column may be shorter than ``iaqi``."""

    edition: str
    iaqi: tuple[int, ...]
    so2: tuple[Decimal, ...]
    no2: tuple[Decimal, ...]
    co: tuple[Decimal, ...]
    o3_8h: tuple[Decimal, ...]
    pm10: tuple[Decimal, ...]
    pm25: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What an edition says beside its tables; ``…_over`` is the sub-index above a column, None where there is none."""

    highest: int
    primary_above: int
    so2_1h_over: int | None
    o3_8h_over: int | None
    incomplete_above: int
    report_incomplete_above: int | None
    input_places: dict[str, int]


def daily_breakpoints(daily: Daily, rules: Rules, item: str) -> Breakpoints:
    """Sub-index table of a daily value."""
    return breakpoints(daily.iaqi, getattr(daily, item), rules.o3_8h_over if item == "o3_8h" else rules.highest)


def breakpoints(iaqi: tuple[int, ...], column: tuple[Decimal, ...], above: int | None) -> Breakpoints:
    """Sub-index table of a column."""
    return Breakpoints(iaqi[: len(column)], tuple(int(value * 10**SCALE) for value in column), above)
