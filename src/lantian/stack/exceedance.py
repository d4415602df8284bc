"""When a value is above its limit, by how much, and from when on that counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from lantian.basis.period import BEIJING


@dataclass(frozen=True, slots=True)
class MarkingWindow:
    """A day's hours may be marked until ``hour`` o'clock (Beijing) of so many days after it."""

    PATH: ClassVar[str] = "stack.marking.window"
    days_after: int
    hour: int

    def closes(self, day: date) -> datetime:
        """The instant (UTC) from which on the day's hours can no longer be marked."""
        at = datetime.combine(day + timedelta(days=self.days_after), time(), BEIJING) + timedelta(hours=self.hour)
        return at.astimezone(UTC)

    def state(self, day: date, now: datetime) -> Literal["open", "closed"]:
        """Whether the day's hours may still be marked at an instant."""
        return "closed" if now >= self.closes(day) else "open"


def exceeds(value: Decimal, limit: Decimal) -> bool:
    """Whether a value is above a limit; equal is kept."""
    return value > limit


def multiple(value: Decimal, limit: Decimal) -> Fraction:
    """Exceedance multiple (超标倍数): (C − limit) / limit.

    Errors  ZeroDivisionError for a limit of 0
    """
    return (Fraction(value) - Fraction(limit)) / Fraction(limit)
