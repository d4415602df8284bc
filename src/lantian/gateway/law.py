"""What the gateway takes from the rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from lantian import rulebook
from lantian.stack.hj212 import Tables
from lantian.work.stack_law import hj212_tables


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long an answer is waited for (s), and how often a request is repeated (HJ 212-2017 6.2)."""

    PATH: ClassVar[str] = "stack.hj212.timeouts"
    over_time_s: int
    repetitions: int


@dataclass(frozen=True, slots=True)
class Practice:
    """What the gateway does by itself (own practice, 未核实依据)."""

    PATH: ClassVar[str] = "stack.gateway"
    clock_off_s: int
    clock_set_again_h: int
    missing_back_h: int
    missing_after_min: int
    missing_again_h: tuple[int, ...]
    result_s: int
    waits_for_station_h: int


@dataclass(frozen=True, slots=True)
class Law:
    """All of it, as of a day."""

    tables: Tables
    timeouts: Timeouts
    practice: Practice


def law(day: date) -> Law:
    """What holds on a day.

    Errors  NoRuleError before 2012-01-01
    """
    return Law(hj212_tables(day), rulebook.fill(Timeouts, day), rulebook.fill(Practice, day))
