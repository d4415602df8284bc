"""Windows of evaluation: ten days, month, quarter, half-year, season, year, year to date, any run of days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from lantian.air.parameters import YearValidity
from lantian.air.period import year_validity
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import DAY, Days, half_year, month, quarter, same_days_of, ten_days, year

MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Season:
    """A season: the month and day it begins, and those of the first day after it."""

    id: str
    name: Text
    first: MonthDay
    before: MonthDay

    def of(self, year_number: int) -> Days:
        """The season that begins in a year; winter 2024 is December 2024 to February 2025."""
        over = self.before <= self.first
        return Days(date(year_number, *self.first), date(year_number + over, *self.before) - DAY)


class Kind(StrEnum):
    """Kinds of windows a run of days can be cut into."""

    TEN_DAYS = "ten_days"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


def windows(days: Days, kind: Kind) -> list[Days]:
    """The windows of a kind that lie wholly in a run of days, in order."""
    years = range(days.first.year, days.last.year + 1)
    return [
        one for number in years for one in _of_year(number, kind) if days.first <= one.first <= one.last <= days.last
    ]


def _of_year(number: int, kind: Kind) -> Iterator[Days]:
    match kind:
        case Kind.TEN_DAYS:
            yield from (ten_days(number, one, part) for one in range(1, 13) for part in (1, 2, 3))
        case Kind.MONTH:
            yield from (month(number, one) for one in range(1, 13))
        case Kind.QUARTER:
            yield from (quarter(number, one) for one in range(1, 5))
        case Kind.HALF_YEAR:
            yield from (half_year(number, one) for one in (1, 2))
        case Kind.YEAR:
            yield year(number)


def seasons(days: Days, season: Season) -> list[Days]:
    """The times a season lies wholly in a run of days."""
    found = (season.of(number) for number in range(days.first.year, days.last.year + 1))
    return [one for one in found if days.first <= one.first and one.last <= days.last]


def year_to_date(day: date) -> Days:
    """The days of a year up to and including a day."""
    return year(day.year).until(day)


def year_before(days: Days) -> Days:
    """The same calendar days a year earlier; a window that ends with a month ends with that month there too."""
    before = same_days_of(days, days.first.year - 1)
    if (days.last + DAY).day == 1:
        return Days(before.first, month(before.last.year, before.last.month).last)
    return before


_DAY = r"\d{4}-\d{2}-\d{2}"
_TENS = {"上": 1, "中": 2, "下": 3}
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Days]], ...] = (
    (re.compile(r"(\d{4})\Z"), lambda m: year(int(m[1]))),
    (re.compile(r"(\d{4})-(\d{2})\Z"), lambda m: month(int(m[1]), int(m[2]))),
    (re.compile(r"(\d{4})-(\d{2})([上中下])旬\Z"), lambda m: ten_days(int(m[1]), int(m[2]), _TENS[m[3]])),
    (re.compile(r"(\d{4})-?Q(\d)\Z"), lambda m: quarter(int(m[1]), int(m[2]))),
    (re.compile(r"(\d{4})-?H(\d)\Z"), lambda m: half_year(int(m[1]), int(m[2]))),
    (re.compile(rf"\.\.({_DAY})\Z"), lambda m: year_to_date(date.fromisoformat(m[1]))),
    (re.compile(rf"({_DAY})\Z"), lambda m: Days(date.fromisoformat(m[1]), date.fromisoformat(m[1]))),
    (re.compile(rf"({_DAY})/({_DAY})\Z"), lambda m: Days(date.fromisoformat(m[1]), date.fromisoformat(m[2]))),
    (
        re.compile(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})\Z"),
        lambda m: Days(month(int(m[1]), int(m[2])).first, month(int(m[3]), int(m[4])).last),
    ),
)


def window(text: str, named: Sequence[Season] = ()) -> Days:
    """The window a text names: 2015, 2015-07, 2015-07上旬, 2015Q3, 2015H1, 2015-winter, ..2015-07-31, 2015-01/2015-06.

    Errors  Refusal for a text that names none
    """
    plain = text.strip()
    for season in named:
        for name in (season.id, season.name.zh):
            if re.fullmatch(rf"\d{{4}}-?{name}", plain):
                return season.of(int(plain[:4]))
    for form, made in _FORMS:
        if match := form.match(plain):
            try:
                days = made(match)
            except ValueError:
                break
            if len(days):
                return days
    raise Refusal(
        Finding(
            "AIR-PERIOD-UNKNOWN",
            Severity.REFUSED,
            Text(
                f"看不懂时段“{text}”。可写 2015、2015-07、2015-07上旬、2015Q3、2015H1、..2015-07-31（年初至今）、"
                "2015-01-01/2015-07-31",
                f"unknown period {text!r}: write 2015, 2015-07, 2015Q3, 2015H1, ..2015-07-31 or 2015-01-01/2015-07-31",
            ),
        )
    )


@dataclass(frozen=True, slots=True)
class WindowValidity:
    """Valid days of an item in a window, months with too few, and whether mean and percentile of the window stand.

    ``mean`` and ``percentile`` are None where no rule says how many days the window needs.
    """

    days: int
    short_months: tuple[tuple[int, int], ...]
    mean: bool | None
    percentile: bool | None


def window_validity(table: pl.DataFrame, days: Days, item: str, rule: YearValidity) -> WindowValidity:
    """Validity of an item of one city in a window.

    Rule    GB 3095, table 4: a year as such; whole months need their valid days each. No rule for other windows
    """
    inside = table.filter(pl.col("date").is_between(days.first, days.last) & pl.col(item).is_not_null())
    counted = Counter((day.year, day.month) for day in inside["date"].to_list())
    if days == year(days.first.year):
        own = year_validity({number: counted.get((days.first.year, number), 0) for number in range(1, 13)}, rule)
        short = tuple((days.first.year, number) for number in own.short_months)
        return WindowValidity(own.days, short, own.mean, own.percentile)
    if not _whole_months(days):
        return WindowValidity(sum(counted.values()), (), None, None)
    short = _short(counted, days, rule)
    return WindowValidity(sum(counted.values()), short, not short, not short)


def _whole_months(days: Days) -> bool:
    return days.first.day == 1 and (days.last + DAY).day == 1


def _short(counted: Mapping[tuple[int, int], int], days: Days, rule: YearValidity) -> tuple[tuple[int, int], ...]:
    months = [(one.first.year, one.first.month) for one in windows(days, Kind.MONTH)]
    return tuple(one for one in months if counted.get(one, 0) < rule.needed(one[1]))
