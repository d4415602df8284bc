"""Nights of the simulated city with something to find (模拟数据): one outlet exceeds, one is silent, one shows a planted pattern.

Every night has them at the same hours, so that a minute asked for again has the same values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

import polars as pl

from lantian.store.stack.outlets import Outlet
from lantian.work.simulated_stack import PLACES, SCALE, Stack
from lantian.work.simulated_stack_kinds import NOX

EXCEEDS: Final = (time(1), time(5))  # so long the converted NOx lies above what the plant keeps below
FLAT: Final = (time(20), time(6))  # so long NOx stands still
SILENT_SINCE: Final = time(3, 10)
MORNING: Final = time(6)
_ABOVE: Final = 1.5  # of the limit
_PLACES_AMONG: Final = (1, 2, 3)  # which outlets, in the order of their codes


@dataclass(frozen=True, slots=True)
class Exceeding:
    """A stack whose NOx is too high between 1 and 5 o'clock."""

    stack: Stack

    def minutes(self, first: datetime, count: int) -> pl.DataFrame:
        """As ``Stack.minutes``."""
        one = self.stack.kind.pollutants[NOX]
        rows = self.stack.minutes(first, count)
        return _with_nox(rows, EXCEEDS, pl.col(NOX) * (_ABOVE * one.limit / one.level))


@dataclass(frozen=True, slots=True)
class Flat:
    """A stack whose NOx stands still from 20 to 6 o'clock while everything else moves."""

    stack: Stack

    def minutes(self, first: datetime, count: int) -> pl.DataFrame:
        """As ``Stack.minutes``."""
        level = self.stack.kind.pollutants[NOX].level * 10**SCALE
        return _with_nox(self.stack.minutes(first, count), FLAT, pl.lit(level))


@dataclass(frozen=True, slots=True)
class Night:
    """The night before a moment: what happens to which outlet (by code)."""

    exceeding: str
    flat: str
    silent: str
    silent_since: datetime

    def source(self, outlet: Outlet, stack: Stack) -> Stack | Exceeding | Flat:
        """The minutes of an outlet, with what was planted."""
        if outlet.code == self.exceeding:
            return Exceeding(stack)
        return Flat(stack) if outlet.code == self.flat else stack

    def silence(self, outlet: Outlet) -> datetime | None:
        """Since when an outlet's device is not heard; None where it is."""
        return self.silent_since if outlet.code == self.silent else None


def last_night(outlets: Iterable[Outlet], now: datetime) -> Night | None:
    """The last night that has ended by ``now``; None where there are too few outlets."""
    codes = sorted(one.code for one in outlets)
    if len(codes) <= max(_PLACES_AMONG):
        return None
    day = now.date() if now.time() >= MORNING else now.date() - timedelta(days=1)
    exceeding, flat, silent = (codes[place] for place in _PLACES_AMONG)
    return Night(exceeding, flat, silent, datetime.combine(day, SILENT_SINCE))


def _with_nox(rows: pl.DataFrame, hours: tuple[time, time], wanted: pl.Expr) -> pl.DataFrame:
    """The rows with another NOx in these hours, where its flag is N; minimum, maximum and converted value in proportion."""
    at, (begin, end) = pl.col("start").dt.time(), hours
    inside = (at >= begin) & (at < end) if begin < end else (at >= begin) | (at < end)
    step = 10 ** (SCALE - PLACES[NOX])
    whole = (wanted / step).round().cast(pl.Int64) * step
    here = inside & (pl.col(f"{NOX}_flag") == "N") & (pl.col("condition") == "") & (pl.col(NOX) > 0)
    found = [pl.when(here).then(whole).otherwise(pl.col(NOX)).alias(NOX)]
    for side in ("min", "max", "zs"):
        one = pl.col(f"{NOX}_{side}")
        scaled = (one * whole / pl.col(NOX) / step).round().cast(pl.Int64) * step
        if side != "zs" and hours is FLAT:
            scaled = whole
        found.append(pl.when(here).then(scaled).otherwise(one).alias(f"{NOX}_{side}"))
    return rows.with_columns(found)
