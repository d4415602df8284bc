"""Deadlines as plans write them, and the year or day they are judged by.

Forms: ``2025`` a year · ``2025-12`` a month · ``2025-12-31`` a day · ``2024/2025`` or ``2024-2025`` a window of years ·
``2027起`` every year from then on · ``每年`` every year · None, where the text gives none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lantian.basis.period import month, year

_YEAR = re.compile(r"(\d{4})\Z")
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_WINDOW = re.compile(r"\d{4}\s*(?:[/—–~至-])\s*(\d{4})\Z")
_FROM = re.compile(r"(\d{4})\s*年?起\Z")


@dataclass(frozen=True, slots=True)
class Deadline:
    """``last`` its last day (ends at 24:00), None for yearly or none; ``since`` the first year of a yearly one."""

    last: date | None
    yearly: bool = False
    since: int | None = None

    def over(self, as_of: date) -> bool:
        """Whether facts up to the end of ``as_of`` reach the end of the deadline."""
        return self.last is not None and as_of >= self.last


def deadline(text: str | None) -> Deadline:
    """The deadline a text means.

    Errors  ValueError for a form plans do not use
    """
    if text is None or not text.strip():
        return Deadline(None)
    plain = text.strip()
    if plain in ("每年", "逐年", "yearly"):
        return Deadline(None, yearly=True)
    if match := _FROM.match(plain):
        return Deadline(None, yearly=True, since=int(match[1]))
    if match := _YEAR.match(plain):
        return Deadline(year(int(match[1])).last)
    if match := _WINDOW.match(plain):
        return Deadline(year(int(match[1])).last)
    if match := _MONTH.match(plain):
        if 1 <= int(match[2]) <= 12:
            return Deadline(month(int(match[1]), int(match[2])).last)
    elif _DAY.match(plain):
        return Deadline(date.fromisoformat(plain))
    raise ValueError(f"no form of a deadline: {text!r}")


def judged_year(when: Deadline, as_of: date) -> int:
    """The calendar year a yearly figure is judged in: the current one, and the deadline's own once that has passed."""
    if when.last is None:
        return as_of.year
    return min(as_of.year, when.last.year)
