"""Marks (标记): what a company or its analyser says about a span of time, kept beside the values and never in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Family = Literal["condition", "monitor"]
Kind = Literal["manual", "automatic"]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A mark of one outlet: ``start`` ≤ t < ``end`` (Beijing, naive); ``factor`` None: all of them.

    ``family`` condition is about the plant (停运, 启炉 …), monitor about the instrument (校准, 维护 …). ``label`` is its word.
    """

    outlet: str
    factor: str | None
    family: Family
    label: str
    start: datetime
    end: datetime
    kind: Kind = "manual"

    def about(self, factor: str) -> bool:
        """Whether the mark is about a factor."""
        return self.factor is None or self.factor == factor


def during(marks: Iterable[Mark], first: datetime, until: datetime) -> tuple[Mark, ...]:
    """Marks that touch [first, until), in the order of their start."""
    found = [one for one in marks if one.start < until and one.end > first]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.family, one.label, one.factor or "")))


def marked_minutes(marks: Sequence[Mark], first: datetime, until: datetime) -> int:
    """Whole minutes of [first, until) that any of the marks covers; a minute counts where its start is covered."""
    covered: set[int] = set()
    for one in marks:
        covered.update(range(_minute(one.start, first), _minute(min(one.end, until), first)))
    return len(covered)


def _minute(moment: datetime, first: datetime) -> int:
    """The first whole minute at or after a moment, counted from ``first`` and never below 0."""
    return max(0, -int((first - moment).total_seconds() // 60))
