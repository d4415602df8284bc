"""Dates as tables write them: year first in any dress, numeric days and months in one order, spreadsheet serials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from lantian.store.cells import Cell

Order = Literal["year_first", "month_first", "day_first", "unknown"]

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(.*)\Z")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})\Z")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(.*)\Z")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?\Z")
_MIDNIGHT = re.compile(r"[T\s]*(?:0{1,2}:00(?::00(?:\.0+)?)?)?(?:\+08:00)?\s*\Z")
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of the 1900 system, with its phantom 29 February 1900
_SERIALS = range(32874, 73051)  # 1990 to 2099: a smaller or larger number is no day


@dataclass(eq=False)
class DateFault(Exception):
    """Why a cell is no day."""

    code: str
    zh: str
    en: str


def numeric_order(cells: Iterable[Cell], declared: Order) -> Order:
    """Order of day and month where the year stands last: declared by the layout, or told by the table's own days.

    A column in which some first number exceeds 12 has the day first, and the other way round; where no number tells,
    the order is unknown and such rows are kept aside.
    """
    if declared != "year_first":
        return declared
    firsts, seconds = [0], [0]
    for cell in cells:
        found = _YEAR_LAST.match(_plain(cell)) if isinstance(cell, str) else None
        if found:
            firsts.append(int(found[1]))
            seconds.append(int(found[2]))
    if max(firsts) > 12 and max(seconds) <= 12:
        return "day_first"
    if max(seconds) > 12 and max(firsts) <= 12:
        return "month_first"
    return "unknown"


def date_of(cell: Cell, order: Order) -> date:
    """The day a cell means.

    Errors  DateFault
    """
    if isinstance(cell, datetime):
        if cell.time() != time(0):
            raise _with_time(str(cell))
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _plain(cell)
    if not text:
        raise DateFault("AIR-DATE-EMPTY", "日期是空的", "the date is empty")
    if _SERIAL.match(text) and int(float(text)) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(float(text)))
    found = _YEAR_FIRST.match(text)
    if found:
        return _day(text, found[1], found[2], found[3], found[4])
    found = _COMPACT.match(text)
    if found:
        return _day(text, found[1], found[2], found[3], "")
    found = _YEAR_LAST.match(text)
    if found:
        return _year_last(text, found, order)
    raise _unknown(text)


def _year_last(text: str, found: re.Match[str], order: Order) -> date:
    first, second = found[1], found[2]
    if order == "unknown" and first != second:
        raise DateFault(
            "AIR-DATE-AMBIGUOUS",
            f"“{text}”分不清月和日。请改成 2025-01-05 这样的写法，或在布局里写明 dates",
            f"{text!r}: day or month first? Write 2025-01-05, or say so in the layout (dates)",
        )
    month, day = (second, first) if order == "day_first" else (first, second)
    return _day(text, found[3], month, day, found[4])


def _day(text: str, year: str, month: str, day: str, rest: str) -> date:
    if not _MIDNIGHT.match(rest):
        raise _with_time(text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DateFault("AIR-DATE-INVALID", f"“{text}”不是日历上的日期", f"{text!r} is no calendar day") from None


def _plain(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", str(cell)).strip().strip("'") if cell is not None else ""


def _with_time(text: str) -> DateFault:
    zh = f"“{text}”带有钟点，像是小时数据；这里只收城市日均值"
    return DateFault("AIR-DATE-HOUR", zh, f"{text!r} carries an hour; city days are wanted here")


def _unknown(text: str) -> DateFault:
    return DateFault("AIR-DATE-UNREADABLE", f"“{text}”不是日期。请写成 2025-01-05", f"{text!r} is no date")
