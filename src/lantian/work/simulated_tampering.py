"""Tampering planted into clean simulated stacks, for the screening's own suite (模拟数据)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lantian.stack.conversion import AIR_O2
from lantian.stack.screening.trace import DAY, NORMAL, O2, POLLUTANTS, Bytes, Floats, Span, Trace
from lantian.work.simulated_stack import CONVERTED_TO, PLACES
from lantian.work.simulated_stack_kinds import StackKind
from lantian.work.simulated_stack_trace import with_converted, with_flow, with_sums

_TRIES: Final = 60
Change = Callable[["Draft"], Span]


@dataclass(frozen=True, slots=True)
class Planted:
    """A trace with one pattern in it: which, and the minutes it stands in."""

    trace: Trace
    pattern: str
    first: int
    until: int


class Draft:
    """A clean trace being tampered with: arrays of its own, and what chance there is in it."""

    def __init__(self, trace: Trace, kind: StackKind, rng: np.random.Generator, other: Trace | None = None) -> None:
        self.kind, self.rng, self.other, self.clean = kind, rng, other, trace
        self.values: dict[str, Floats] = {code: values.copy() for code, values in trace.values.items()}
        self.flags: dict[str, Bytes] = {code: flags.copy() for code, flags in trace.flags.items()}
        self.idle, self.stopped = trace.idle.copy(), trace.stopped.copy()
        self.made: Trace | None = None  # by changes of what the data logger computes

    @property
    def minutes(self) -> int:
        """How many minutes the trace has."""
        return self.clean.minutes

    def between(self, low: float, high: float) -> float:
        """A number in this range."""
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """A whole number in this range, ends included."""
        return int(self.rng.integers(low, high + 1))

    def pollutant(self, least: float = 0.0) -> str:
        """One of the pollutants whose usual value is at least so much."""
        return str(self.rng.choice([one for one in POLLUTANTS if self.clean.usual[one] >= least]))

    def span(self, minutes: int, code: str = O2, *, whole_days: bool = False) -> slice:
        """Minutes somewhere in the trace in which the stack runs nearly all the time."""
        good = self.clean.good(code)
        best, best_share = slice(0, minutes), -1.0
        for _ in range(_TRIES):
            first = self.whole(0, self.minutes - minutes)
            first -= first % DAY if whole_days else 0
            share = float(good[first : first + minutes].mean())
            if share > best_share:
                best, best_share = slice(first, first + minutes), share
            if share > 0.97:
                break
        return best

    def put(self, code: str, part: slice, values: Floats | float) -> None:
        """Sets the values of minutes with flag N, rounded as they are sent; lost minutes stay lost."""
        here = (self.flags[code][part] == NORMAL) & np.isfinite(self.values[code][part])
        self.values[code][part] = np.where(here, np.round(values, PLACES[code]), self.values[code][part])

    def flag(self, codes: tuple[str, ...], part: slice, letter: str) -> None:
        """Sets the flag of minutes that are there."""
        for code in codes:
            self.flags[code][part] = np.where(self.flags[code][part] != 0, ord(letter), 0).astype(np.uint8)

    def factor(self) -> Floats:
        """What turns a measured into a converted concentration, by minute."""
        found: Floats = (AIR_O2 - self.kind.reference_o2) / (AIR_O2 - np.minimum(self.values[O2], CONVERTED_TO))
        return found

    def trace(self) -> Trace:
        """The tampered minutes with everything a data logger makes of them."""
        raw = replace(self.clean, values=self.values, flags=self.flags, idle=self.idle, stopped=self.stopped)
        return with_sums(with_converted(with_flow(raw, self.kind)))


def planted(
    pattern: str, change: Change, trace: Trace, kind: StackKind, rng: np.random.Generator, other: Trace | None = None
) -> Planted:
    """The trace with the change made to its minutes."""
    draft = Draft(trace, kind, rng, other)
    first, until = change(draft)
    return Planted(draft.made or draft.trace(), pattern, first, until)


def span_of(part: slice) -> Span:
    """A slice as first minute and until."""
    return int(part.start), int(part.stop)
