"""Whether the year will count: days that may still be lost, by month and item, and months already too short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lantian.air.item import ITEMS
from lantian.air.parameters import YearValidity
from lantian.air.period import valid_by_month
from lantian.basis.period import month, year


@dataclass(frozen=True, slots=True)
class MonthRisk:
    """Valid days of a month: so far, still to come, needed; ``may_lose`` of those to come, negative: short by that many.

    ``lost`` days of the month so far without a valid value.
    """

    number: int
    valid: int
    lost: int
    to_come: int
    needed: int

    @property
    def may_lose(self) -> int:
        """Days still to come that may be lost; negative where the month can no longer be valid."""
        return self.valid + self.to_come - self.needed

    @property
    def state(self) -> str:
        """Past months: kept or failed; those still running or to come: open, or failed already."""
        if self.may_lose < 0:
            return "failed"
        return "open" if self.to_come else "kept"


@dataclass(frozen=True, slots=True)
class ItemRisk:
    """Validity of an item's year: valid days so far, needed, may still be lost; its months."""

    item: str
    valid: int
    needed: int
    may_lose: int
    months: tuple[MonthRisk, ...]

    @property
    def failed(self) -> tuple[int, ...]:
        """Months that can no longer be valid."""
        return tuple(one.number for one in self.months if one.state == "failed")

    @property
    def tightest(self) -> MonthRisk | None:
        """The month with days to come that may lose the fewest; the earliest of equals."""
        running = [one for one in self.months if one.to_come]
        return min(running, key=lambda one: (one.may_lose, one.number), default=None)

    @property
    def mean_stands(self) -> bool:
        """Whether the annual mean can still come to count: the year's days and every month's."""
        return self.may_lose >= 0 and not self.failed

    @property
    def percentile_stands(self) -> bool:
        """Whether the percentile can still come to count: the year's days."""
        return self.may_lose >= 0


def validity_risk(present: pl.DataFrame, as_of: date, rule: YearValidity) -> tuple[ItemRisk, ...]:
    """Risk of each item's year up to ``as_of``; ``present`` the city days as they count for validity.

    Rule    GB 3095, table 4: days of the year and of every month (February its own)
    """
    return tuple(_item(present, item, as_of, rule) for item in ITEMS)


def _item(present: pl.DataFrame, item: str, as_of: date, rule: YearValidity) -> ItemRisk:
    whole = year(as_of.year)
    counted = valid_by_month(present, whole.until(as_of), item)
    months = tuple(_month(as_of, number, counted[number], rule) for number in range(1, 13))
    valid, to_come = sum(counted.values()), len(whole.after(as_of))
    return ItemRisk(item, valid, rule.year_days, valid + to_come - rule.year_days, months)


def _month(as_of: date, number: int, valid: int, rule: YearValidity) -> MonthRisk:
    days = month(as_of.year, number)
    passed = len(days.until(as_of))
    return MonthRisk(number, valid, passed - valid, len(days) - passed, rule.needed(number))
