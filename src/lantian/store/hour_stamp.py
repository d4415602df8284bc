"""Hours as tables write them: one text, or a date and the number of its hour, each with its reason where it is none."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Final

from lantian.store.dates import DateFault, Order, date_of

_CLOCK = r"(\d{1,2})(?:[:时点](\d{2})分?(?::(\d{2})(?:\.0+)?)?|[时点])?"
_STAMP = re.compile(
    r"(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})\s*日?[T\s]\s*" + _CLOCK + r"\s*(Z|[+-]\d{2}:?\d{2})?\Z"
)
_CHINESE = re.compile(r"(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2})\s*日\s*" + _CLOCK + r"\s*()\Z")
_COMPACT = re.compile(r"((?:19|20)\d{6})[T\s]?(\d{2}):?(?:(\d{2}):?(\d{2})?)?(?:\.0+)?\s*(Z|[+-]\d{2}:?\d{2})?\Z")
_YEAR_LAST = re.compile(r"(\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4})[T\s]\s*" + _CLOCK + r"\s*(Z|[+-]\d{2}:?\d{2})?\Z")
_SERIAL = re.compile(r"(\d{5})(\.\d+)?\Z")
_HOUR = re.compile(r"(\d{1,2})(?:\.0+|[:时点](\d{2})?分?(?::(\d{2})(?:\.0+)?)?)?\Z")
_BEIJING: Final = ("+08:00", "+0800")
ZONES: Final = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Chungking", "PRC", "+08:00"})
_SECONDS: Final = 86_400


def plain(text: str | None) -> str:
    """Text without width and spaces around."""
    return unicodedata.normalize("NFKC", text or "").strip()


def hour_stamp(text: str | None) -> datetime:
    """Time of a text with the year first, such as 2026-01-01 01:00; 24:00 is 00:00 of the next day.

    Errors  ValueError with its reason in Chinese and English
    """
    known = plain(text)
    if not known:
        raise ValueError("时间是空的", "the time is empty")
    found = _STAMP.match(known)
    if not found:
        raise ValueError(
            f"“{known}”不是小时时间。请写成 2026-01-01 01:00（北京时间，小时末）",
            f"{known!r} is no hour; write 2026-01-01 01:00 (Beijing time, end of the hour)",
        )
    return _at(known, found, "year_first")


def any_hour(text: str, order: Order) -> datetime:
    """Time of a text in any dress a table gives it: year first or last, 2026010101, a spreadsheet serial.

    Errors  DateFault
    """
    known = plain(text).strip("'")
    serial = _SERIAL.match(known)
    try:
        if serial:
            return _of_serial(known, serial)
        for form in (_CHINESE, _COMPACT, _YEAR_LAST):
            found = form.match(known)
            if found:
                return _at(known, found, order)
        return hour_stamp(known)
    except ValueError as error:
        raise DateFault("AIR-HOUR-TIME", *error.args) from None


def hour_number(text: str) -> int:
    """Number of an hour (0 … 24) in a column of its own.

    Errors  DateFault
    """
    found = _HOUR.match(plain(text))
    if not found or int(found[1]) > 24 or int(found[2] or 0) or int(found[3] or 0):
        shown = plain(text)
        raise DateFault("AIR-HOUR-TIME", f"“{shown}”不是钟点（0 到 24）", f"{shown!r} is no hour (0 to 24)")
    return int(found[1])


def _at(known: str, found: re.Match[str], order: Order) -> datetime:
    hour, minute, second = (int(part or 0) for part in found.groups()[1:4])
    if minute or second:
        raise ValueError(f"“{known}”不是整点，小时值的时间应为整点", f"{known!r} is no whole hour")
    if found[5] and found[5] not in _BEIJING:
        raise ValueError(
            f"“{known}”带有时区 {found[5]}，这里只收北京时间。请先换算成北京时间",
            f"{known!r} carries the offset {found[5]}; convert it to Beijing time first",
        )
    try:
        day = date_of(found[1], order)
    except DateFault as fault:
        if fault.code == "AIR-DATE-AMBIGUOUS":
            raise
        raise ValueError(f"“{known}”不是日历上的日期", f"{known!r} is no calendar day") from None
    if hour > 24:
        raise ValueError(f"“{known}”的钟点大于 24", f"the hour of {known!r} exceeds 24")
    return _midnight(day) + timedelta(hours=hour)


def _of_serial(known: str, found: re.Match[str]) -> datetime:
    """A spreadsheet keeps a time as a fraction of its day, cut somewhere: within a second of the hour it is the hour."""
    day = date_of(found[1], "year_first")
    seconds = round(float(found[2] or 0) * _SECONDS)
    hour = (seconds + 1) // 3600
    if abs(seconds - hour * 3600) > 1:
        raise ValueError(f"“{known}”是表格软件的日期数，但不是整点", f"{known!r} is a spreadsheet serial off the hour")
    return _midnight(day) + timedelta(hours=hour)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Beijing civil time, held without a zone
