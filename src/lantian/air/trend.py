"""Trend of yearly values by Spearman's rank correlation, and rolling means of several years; all exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lantian.basis.finding import Text


@dataclass(frozen=True, slots=True)
class TrendRule:
    """Years a trend needs, critical values by number of years (ascending), length of the rolling mean."""

    least_years: int
    critical: tuple[tuple[int, Fraction], ...]
    rolling_years: int

    def critical_of(self, count: int) -> Fraction | None:
        """Critical value of so many years: that of the row before where there is none; None below the first row."""
        rows = [value for years, value in self.critical if years <= count]
        return rows[-1] if rows else None


class Direction(StrEnum):
    """What a trend says."""

    RISING = "rising"
    FALLING = "falling"
    NOT_SIGNIFICANT = "not_significant"
    TOO_SHORT = "too_short"


WORDS = {
    Direction.RISING: Text("显著上升", "significant rise"),
    Direction.FALLING: Text("显著下降", "significant fall"),
    Direction.NOT_SIGNIFICANT: Text("变化趋势不显著", "no significant trend"),
    Direction.TOO_SHORT: Text("年数不足，不作趋势评价", "too few years to judge a trend"),
}


@dataclass(frozen=True, slots=True)
class Trend:
    """Trend of yearly values: years used and left out (no valid value), coefficient, critical value, direction.

    ``coefficient`` and ``critical`` are None where there are too few years; ``ties`` whether values were equal.
    """

    years: tuple[int, ...]
    left_out: tuple[int, ...]
    coefficient: Fraction | None
    critical: Fraction | None
    direction: Direction
    ties: bool


def ranks(values: Sequence[Fraction]) -> list[Fraction]:
    """Rank of each value in ascending order from 1; equal values share the mean of their ranks."""
    ordered = sorted(values)
    first = {value: ordered.index(value) for value in set(values)}
    return [Fraction(2 * first[value] + 1 + ordered.count(value), 2) for value in values]


def spearman(values: Sequence[Fraction]) -> Fraction:
    """Rank correlation of values with their order in time.

    Rule    HJ 663-2013, annex B: rs = 1 − 6·Σd² / (N³ − N); equal values take the mean rank (our reading)
    Errors  ZeroDivisionError for fewer than two values
    """
    count = len(values)
    squares = sum(((rank - at) ** 2 for at, rank in enumerate(ranks(values), start=1)), Fraction(0))
    return 1 - 6 * squares / (count**3 - count)


def trend(values: Mapping[int, Fraction | None], rule: TrendRule) -> Trend:
    """Trend over years; years without a valid value are left out and named.

    Rule    HJ 663-2013, annex B: significant where |rs| exceeds the critical value; the sign gives the direction
    """
    known = {year: value for year, value in sorted(values.items()) if value is not None}
    years, left_out = tuple(known), tuple(year for year in sorted(values) if values[year] is None)
    ties = len(set(known.values())) < len(known)
    critical = rule.critical_of(len(known))
    if len(known) < rule.least_years or critical is None:
        return Trend(years, left_out, None, None, Direction.TOO_SHORT, ties)
    coefficient = spearman(list(known.values()))
    if abs(coefficient) <= critical:
        direction = Direction.NOT_SIGNIFICANT
    else:
        direction = Direction.RISING if coefficient > 0 else Direction.FALLING
    return Trend(years, left_out, coefficient, critical, direction, ties)


def rolling_means(values: Mapping[int, Fraction | None], years: int) -> dict[int, Fraction | None]:
    """Mean of each year and the ``years`` − 1 before it; None where one of them has no valid value.

    Rule    HJ 663-2026 introduces a rolling mean of three years; whether it decides attainment is not known here
    """
    found: dict[int, Fraction | None] = {}
    for year in sorted(values):
        own = [values.get(year - back) for back in range(years)]
        known = [value for value in own if value is not None]
        found[year] = sum(known, Fraction(0)) / years if len(known) == years else None
    return found
