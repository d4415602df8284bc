"""Periods in Beijing civil time; the one place where the standards' stamps become ``start`` and ``length``.

Air hours are stamped at their end (HJ 663: 01:00 … 24:00), HJ 212 periods at their start. Inside, a row has a start
(naive, Beijing) and a length. Instants (received, decided) are UTC and aware.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A run of calendar days, both ends included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(len(self)))

    def __len__(self) -> int:
        return max(0, (self.last - self.first).days + 1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def until(self, day: date) -> Days:
        """The part of this run up to and including ``day``."""
        return Days(self.first, min(self.last, day))

    def after(self, day: date) -> Days:
        """The part of this run after ``day``."""
        return Days(max(self.first, day + DAY), self.last)

    def label(self) -> str:
        """2025 for a whole year, 2025-10 for a whole month, else 2025-01-01/2025-10-15."""
        if self == year(self.first.year):
            return f"{self.first.year}"
        if self == month(self.first.year, self.first.month):
            return f"{self.first:%Y-%m}"
        return f"{self.first}/{self.last}"


def year(number: int) -> Days:
    """All days of a calendar year."""
    return Days(date(number, 1, 1), date(number, 12, 31))


def month(year_number: int, number: int) -> Days:
    """All days of a calendar month."""
    following = date(year_number + number // 12, number % 12 + 1, 1)
    return Days(date(year_number, number, 1), following - DAY)


def ten_days(year_number: int, month_number: int, part: int) -> Days:
    """Days 1–10, 11–20 or 21–end of a month (上旬, 中旬, 下旬: part 1, 2, 3).

    Errors  ValueError for another part
    """
    whole = month(year_number, month_number)
    first = whole.first.replace(day=(1, 11, 21)[_numbered(part, 3) - 1])
    return Days(first, whole.last if part == 3 else first + 9 * DAY)


def quarter(year_number: int, number: int) -> Days:
    """All days of a quarter.

    Errors  ValueError for a number beyond 1 … 4
    """
    last = 3 * _numbered(number, 4)
    return Days(date(year_number, last - 2, 1), month(year_number, last).last)


def half_year(year_number: int, number: int) -> Days:
    """All days of the first or second half of a year.

    Errors  ValueError for a number beyond 1 and 2
    """
    return Days(quarter(year_number, 2 * _numbered(number, 2) - 1).first, quarter(year_number, 2 * number).last)


def _numbered(number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise ValueError(f"{number} is not one of 1 … {most}")
    return number


def same_days_of(days: Days, year_number: int) -> Days:
    """The same calendar days in another year; 29 February becomes 28 February where there is none."""
    shift = year_number - days.first.year
    return Days(_in_year(days.first, shift), _in_year(days.last, shift))


def _in_year(day: date, shift: int) -> date:
    try:
        return day.replace(year=day.year + shift)
    except ValueError:
        return date(day.year + shift, 2, 28)


def hour_start_of_end_stamp(stamp: datetime) -> datetime:
    """Start of an air hour that is stamped at its end (HJ 663-2013, 2026: day D is 01:00 … 24:00)."""
    return stamp - HOUR


def day_of_hour_end_stamp(stamp: datetime) -> date:
    """Calendar day an hour stamped at its end belongs to; 00:00 is the last hour of the day before."""
    return (stamp - HOUR).date()


def beijing_date(instant: datetime) -> date:
    """Beijing calendar date of an aware instant."""
    return instant.astimezone(BEIJING).date()


def deadline_instant(day: date) -> datetime:
    """UTC instant at which a deadline given as a Beijing date ends: 24:00 of that day."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING).astimezone(UTC) + DAY
