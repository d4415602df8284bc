"""Periods as addresses of pages name them: one reader for all pages, cut at the last day that can have data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lantian.air.windows import window, year_to_date
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import Days, month, quarter, ten_days, year
from lantian.rulebook.dated import TOTAL_FROM
from lantian.work import air_law

YEAR_TO_DATE = "ytd"
LAST_YEAR = 2100  # an address of a year further off is a slip of the pen
_TENS = ("上旬", "中旬", "下旬")


@dataclass(frozen=True, slots=True)
class Period:
    """A period of an address: its text, the days it names, those of them up to the last day, words for a title."""

    text: str
    whole: Days
    days: Days
    words: str

    @property
    def cut(self) -> bool:
        """Whether the period goes on after the last day."""
        return self.days != self.whole


def period_of(text: str, last: date) -> Period:
    """The period a text names, cut at ``last``: 2025, 2025-03, 2025-03-上旬, 2025Q1, 2025H1, 2025-spring, 2025采暖期, ytd,
    2025-01-01..2025-06-30, 2025-01..2025-03.

    Rule    ytd runs from 1 January to ``last``; a season bears the year in which it begins
    Errors  Refusal for a text that names none, for days before 2012 and for a period that has not begun
    """
    plain = text.strip()
    days = year_to_date(last) if plain == YEAR_TO_DATE else _window(plain)
    if days.first < TOTAL_FROM:
        zh = f"“{plain}”早于 {TOTAL_FROM}，规则库从这一天开始。请选其后的时段"
        raise _refused("AIR-PERIOD-EARLY", zh, f"{plain} begins before {TOTAL_FROM}")
    if days.first > last:
        zh = f"“{plain}”还没有开始：数据截至 {last}。请选已经开始的时段"
        raise _refused("AIR-PERIOD-AHEAD", zh, f"{plain} begins after {last}, the last day")
    return Period(plain, days, days.until(last), words(days.until(last)))


def words(days: Days) -> str:
    """A period as a title has it: 2025年, 2025年3月, 2025年3月上旬, 2025年第1季度, else both days."""
    first = days.first
    if days == year(first.year):
        return f"{first.year}年"
    if days == month(first.year, first.month):
        return f"{first.year}年{first.month}月"
    number = (first.month + 2) // 3
    if days == quarter(first.year, number):
        return f"{first.year}年第{number}季度"
    for part, name in enumerate(_TENS, start=1):
        if days == ten_days(first.year, first.month, part):
            return f"{first.year}年{first.month}月{name}"
    return f"{first} 至 {days.last}" if days.first != days.last else f"{first}"


def _window(plain: str) -> Days:
    """The window a text names; two dots or 至 part two ends, a hyphen may stand before 上旬."""
    spelled = re.sub(r"(?<=\d)\s*(\.\.|至|~)\s*(?=\d)", "/", plain)
    spelled = re.sub(r"-(?=[上中下]旬\Z)", "", spelled)
    try:
        days = window(spelled, air_law.seasons(TOTAL_FROM))
    except (Refusal, ValueError, OverflowError) as error:
        raise _unknown(plain) from error
    if days.last.year > LAST_YEAR:
        raise _unknown(plain)
    return days


def _unknown(plain: str) -> Refusal:
    zh = (
        f"看不懂时段“{plain[:40]}”。可写 2025、2025-03、2025-03-上旬、2025Q1、2025H1、2025-spring、2025采暖期、"
        "2025-01-01..2025-06-30、ytd（年初至今）"
    )
    return _refused("AIR-PERIOD-UNKNOWN", zh, f"unknown period {plain[:40]!r}")


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en)))
