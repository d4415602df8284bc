"""Validity of hours, days and months of stack monitoring, and which minutes count (HJ 75, HJ 76, HJ 212-2017 D.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from lantian.stack.marks import Mark

MINUTES: Final = 60
COUNTS: Final = "counts"
OVER_RANGE: Final = "over_range"
STOPPED: Final = "stopped"
EXEMPT: Final = "exempt"
NO_EFFECT: Final = "none"
_FEBRUARY: Final = 2


@dataclass(frozen=True, slots=True)
class Validity:
    """Least valid minutes of an hour and valid hours of a day."""

    PATH: ClassVar[str] = "stack.cems.validity"
    hour_minutes: int
    day_hours: int

    def hour(self, minutes: int) -> bool:
        """Whether an hour with so many valid minutes is valid (D.2 eq. 24)."""
        return minutes >= self.hour_minutes

    def day(self, hours: int) -> bool:
        """Whether a day with so many valid hours is valid (D.2 eq. 25)."""
        return hours >= self.day_hours


@dataclass(frozen=True, slots=True)
class MonthValidity:
    """Least valid days of a month."""

    PATH: ClassVar[str] = "stack.cems.month_validity"
    days: int
    february_days: int

    def month(self, days: int, month: date) -> bool:
        """Whether the month of a day is valid with so many valid days (HJ 76)."""
        return days >= (self.february_days if month.month == _FEBRUARY else self.days)


@dataclass(frozen=True, slots=True)
class FlagRules:
    """What a data flag makes of a value: ``counts``, ``over_range`` (counts too), else why it does not count."""

    PATH: ClassVar[str] = "stack.cems.flags"
    absent: str
    unknown: str
    flags: dict[str, str]

    def effect(self, flag: str | None) -> str:
        """The effect of a flag as sent; lower case is taken for the letter it means."""
        text = (flag or "").strip().upper()
        return self.flags.get(text, self.unknown) if text else self.absent

    def counting(self) -> tuple[str, ...]:
        """The flags whose values count."""
        return tuple(flag for flag, effect in self.flags.items() if effect in (COUNTS, OVER_RANGE))


@dataclass(frozen=True, slots=True)
class MarkRules:
    """What a mark does: ``stopped``, ``exempt``, ``none``, or why the instrument's values do not count."""

    PATH: ClassVar[str] = "stack.marking.labels"
    condition: dict[str, str]
    monitor: dict[str, str]

    def effect(self, mark: Mark) -> str | None:
        """The effect of a mark; None where its word is not known, which changes nothing and is told."""
        known: Mapping[str, str] = self.condition if mark.family == "condition" else self.monitor
        return known.get(mark.label)

    def cuts(self, mark: Mark) -> bool:
        """Whether minutes under the mark do not count as measured: the unit stands, or the instrument does not measure."""
        return self.effect(mark) not in (None, NO_EFFECT, EXEMPT)

    def of(self, marks: Iterable[Mark], effect: str) -> list[Mark]:
        """The marks that have an effect."""
        return [one for one in marks if self.effect(one) == effect]
