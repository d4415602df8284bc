"""Attainment of the limits of GB 3095: of a period by item and city, of days, and by how much a limit is exceeded.

A limit set (``Limits``) is that of one class and one span of law. A year that lies in two spans (2026) is shown under
each: no rule says which governs, the last day's comes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

import polars as pl

from lantian.air.day import printed
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import StatisticsRule
from lantian.basis.exact import rounded, rounded_text
from lantian.basis.period import Days


class Verdict(StrEnum):
    """Whether limits are met; NOT_JUDGED where a value is missing or not valid."""

    ATTAINS = "attains"
    EXCEEDS = "exceeds"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one class in one span of law, in the item's unit, and the places of a daily value.

    ``year`` annual means (CO and O3 have none); ``day`` daily values, also those that percentiles are compared with.
    """

    edition: str
    days: Days
    year: Mapping[str, Fraction]
    day: Mapping[str, Fraction]
    day_places: Mapping[str, int]


class Figures(Protocol):
    """Exact means and percentiles of a period."""

    @property
    def means(self) -> Mapping[str, Fraction | None]:
        """Mean of each item that has one."""

    @property
    def percentiles(self) -> Mapping[str, Fraction | None]:
        """Percentile of each item."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One statistic beside its limit: ``value`` rounded once, ``multiple`` only where the limit is exceeded."""

    item: str
    statistic: str
    value: Fraction | None
    text: str | None
    limit: Fraction
    verdict: Verdict
    multiple: Fraction | None


@dataclass(frozen=True, slots=True)
class ItemAttainment:
    """Attainment of one item: its statistics and the verdict over both."""

    item: str
    statistics: tuple[Compared, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Attainment:
    """Attainment of a period under one limit set: by item, and of the city."""

    limits: Limits
    items: tuple[ItemAttainment, ...]
    verdict: Verdict


def exceedance_multiple(value: Fraction, limit: Fraction) -> Fraction | None:
    """By which multiple of the limit a value exceeds it; None where it does not.

    Rule    HJ 663-2013: B = (C − S) / S, only where C > S
    """
    return (value - limit) / limit if value > limit else None


def compared(item: str, statistic: str, value: Fraction | None, limit: Fraction, places: int) -> Compared:
    """A statistic beside its limit, compared after rounding to ``places``.

    Rule    GB/T 8170 half to even, then the rounded value is compared
    """
    if value is None:
        return Compared(item, statistic, None, None, limit, Verdict.NOT_JUDGED, None)
    shown = Fraction(rounded(value, places), 10**places)
    multiple = exceedance_multiple(shown, limit)
    verdict = Verdict.ATTAINS if multiple is None else Verdict.EXCEEDS
    return Compared(item, statistic, shown, rounded_text(value, places), limit, verdict, multiple)


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """Verdict over several: one that exceeds decides, otherwise all must attain."""
    if Verdict.EXCEEDS in verdicts:
        return Verdict.EXCEEDS
    return Verdict.ATTAINS if verdicts and set(verdicts) == {Verdict.ATTAINS} else Verdict.NOT_JUDGED


def attainment(figures: Figures, limits: Limits, rule: StatisticsRule) -> Attainment:
    """Attainment of a period by item and of the city.

    Rule    HJ 663-2013: an item attains when its mean and its percentile do (CO, O3: the percentile alone), a city when
            all six items do
    """
    items = []
    for item in ITEMS:
        found = []
        if item in limits.year and item in rule.means:
            found.append(compared(item, "mean", figures.means.get(item), limits.year[item], rule.places[item]))
        if item in rule.percentiles:
            name, value = f"p{rule.percentiles[item]}", figures.percentiles.get(item)
            found.append(compared(item, name, value, limits.day[item], rule.places[item]))
        items.append(ItemAttainment(item, tuple(found), overall([one.verdict for one in found])))
    return Attainment(limits, tuple(items), overall([one.verdict for one in items]))


def attainments(figures: Figures, limits: Sequence[Limits], rule: StatisticsRule) -> tuple[Attainment, ...]:
    """Attainment of a period under each limit set that held in it, the one of the last day last."""
    return tuple(attainment(figures, one, rule) for one in limits)


@dataclass(frozen=True, slots=True)
class DaysAttained:
    """Valid days of an item (or of the city, ``item`` None), those that attain, and the day furthest above its limit."""

    item: str | None
    valid: int
    attained: int
    worst: date | None = None
    worst_multiple: Fraction | None = None

    @property
    def exceeded(self) -> int:
        """Days above the limit."""
        return self.valid - self.attained

    @property
    def rate(self) -> Fraction | None:
        """Share of attaining days in percent; None without a valid day.

        Rule    HJ 663-2013: D = attaining days / valid days x 100 %
        """
        return Fraction(100 * self.attained, self.valid) if self.valid else None


def attained_days(table: pl.DataFrame, limits: Sequence[Limits]) -> dict[str | None, DaysAttained]:
    """Days of one city that attain, by item and (key None) for the city, each day under the limits of its span.

    Shape   ``table`` has ``date`` and the six items, unrounded and scaled; days outside all spans are passed over
    Rule    HJ 663-2013: a city day attains when all six items do; a day with an item missing is judged only where
            another exceeds
    """
    parts = [_judged(table, one) for one in limits]
    days = pl.concat(parts) if parts else _judged(table.clear(), None)
    found: dict[str | None, DaysAttained] = {item: _item_days(days, item) for item in ITEMS}
    flags = [pl.col(f"{item}_attains") for item in ITEMS]
    # of three-valued flags, all(...) is null where one is missing and none exceeds, False where one exceeds
    city = days.select(attains=pl.all_horizontal(flags)).drop_nulls()["attains"]
    found[None] = DaysAttained(None, len(city), int(city.sum()))
    return found


def _judged(table: pl.DataFrame, limits: Limits | None) -> pl.DataFrame:
    """Days of a span with a flag and the excess over the limit, as a whole number of 10**-SCALE, for each item."""
    if limits is None:
        flags = {f"{item}_attains": pl.Boolean for item in ITEMS}
        numbers = dict.fromkeys((f"{item}_{one}" for item in ITEMS for one in ("value", "limit")), pl.Int64)
        return pl.DataFrame(schema={"date": pl.Date, **flags, **numbers})
    inside = table.filter(pl.col("date").is_between(limits.days.first, limits.days.last))
    values = {item: printed(pl.col(item), limits.day_places[item]) for item in ITEMS}
    edges = {item: int(limits.day[item] * 10**SCALE) for item in ITEMS}
    return inside.select(
        "date",
        *((values[item] <= edges[item]).alias(f"{item}_attains") for item in ITEMS),
        *(values[item].alias(f"{item}_value") for item in ITEMS),
        *(pl.lit(edges[item], dtype=pl.Int64).alias(f"{item}_limit") for item in ITEMS),
    )


def _item_days(days: pl.DataFrame, item: str) -> DaysAttained:
    rows = days.select("date", f"{item}_attains", f"{item}_value", f"{item}_limit").drop_nulls().rows()
    over = [(Fraction(value - limit, limit), day) for day, attains, value, limit in rows if not attains]
    multiple, worst = max(over, key=lambda one: one[0]) if over else (None, None)
    return DaysAttained(item, len(rows), len(rows) - len(over), worst, multiple)
