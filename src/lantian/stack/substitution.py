"""Substitution of missing hourly emissions (HJ 75-2017 tables 5 and 6): gaps, and how far is looked back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import ClassVar

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LookBack:
    """One row of the table: from a capture rate (%) on, for gaps up to so many hours (None: any), the last valid hours."""

    capture_from: int
    gap_to: int | None
    hours: int


@dataclass(frozen=True, slots=True)
class Substitution:
    """The table, its rows from the best capture rate down; ``factors`` are those whose mass is substituted."""

    PATH: ClassVar[str] = "stack.cems.substitution"
    factors: tuple[str, ...]
    rows: tuple[LookBack, ...]

    def hours(self, capture: Fraction | None, gap: int) -> int | None:
        """How many last valid hours give the maximum for a gap; None where the table defines nothing.

        Unit    capture rate in %, gap in hours
        """
        if capture is None:
            return None
        for row in self.rows:
            if capture >= row.capture_from and (row.gap_to is None or gap <= row.gap_to):
                return row.hours
        return None


@dataclass(frozen=True, slots=True)
class Gap:
    """Consecutive hours without mass while the unit ran."""

    starts: tuple[datetime, ...]

    @property
    def first(self) -> datetime:
        return self.starts[0]

    def __len__(self) -> int:
        return len(self.starts)


def gaps(starts: Iterable[datetime]) -> list[Gap]:
    """Runs of consecutive hours among hours in order."""
    found: list[list[datetime]] = []
    for start in starts:
        if found and start - found[-1][-1] == _HOUR:
            found[-1].append(start)
        else:
            found.append([start])
    return [Gap(tuple(run)) for run in found]
