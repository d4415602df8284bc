"""Times of a platform's table: hours in whatever dress, days, and tables that count their hours to 24."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from lantian.store.cells import Cell
from lantian.store.dates import DateFault, date_of
from lantian.store.hour_stamp import any_hour, hour_number, plain
from lantian.store.stack.import_head import cell_text

Period = Literal["hour", "day"]
_RANGE = re.compile(
    r"\s*[~～至—–-]\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*)?\d{1,2}\s*[:时点](\d{2})?(:\d{2})?\s*分?\Z"
)
_CLOCK = re.compile(
    r"[\sT日]\s*\d{1,2}\s*([:时点]|\Z)|^\d{10}(\d{4})?\Z|^\d{5}\.\d+\Z"
)  # the last: a spreadsheet's number
_ONLY_CLOCK = re.compile(r"\d{1,2}\s*[:时点]")
_WITH_YEAR = re.compile(r"\d{4}\s*[-/.年]|\d{8}")
_HALF = timedelta(milliseconds=500)
_HOUR_24 = re.compile(r"(?<!\d)24\s*([:时点]|\Z)")


def moment(raw: Cell, period: Period) -> datetime:
    """The time a cell holds, as it is written.

    Errors  DateFault
    """
    if isinstance(raw, datetime):
        raw = (raw + _HALF).replace(microsecond=0)  # a spreadsheet keeps a time as a fraction of its day
        if raw.minute or raw.second or (period == "day" and raw.hour):
            raise DateFault("STACK-TIME", f"“{raw}”不是整点", f"{raw} is no whole hour")
        return raw
    if isinstance(raw, date):
        return datetime.combine(raw, time())
    text = _RANGE.sub("", cell_text(raw)) if _CLOCK.search(cell_text(raw)) else cell_text(raw)
    if period == "day":
        return datetime.combine(date_of(text, "year_first"), time())
    return any_hour(text, "year_first")


def parted_keys(rows: Sequence[tuple[Cell, ...]], keys: Mapping[str, int], *, dated: bool) -> dict[str, int]:
    """The keys; where a day and its time stand apart (2026-11-01 | 01:00, ``dated``: the day in a title), the time is the hour."""
    if not (dated or "date" in keys) or "time" not in keys or "hour" in keys:
        return dict(keys)
    at = keys["time"]
    texts = [plain(cell_text(cells[at])) for cells in rows if at < len(cells)]
    apart = any(map(_ONLY_CLOCK.match, texts)) and not any(map(_WITH_YEAR.match, texts))
    return {"hour" if key == "time" and apart else key: place for key, place in keys.items()}


def hour_of(text: str) -> int:
    """The hour of a column of hours, of a range (0-1时, 00:00~01:00) its first.

    Errors  DateFault
    """
    return hour_number(_RANGE.sub("", plain(text)))


def is_day(cells: tuple[Cell, ...], keys: Mapping[str, int]) -> bool:
    """Whether a row's time is a day without an hour."""
    if "hour" in keys and "time" not in keys:
        return False
    at = keys.get("time", keys.get("date"))
    raw = cells[at] if at is not None and at < len(cells) else None
    if isinstance(raw, datetime):
        return raw.time() == time()
    return isinstance(raw, date) or not _CLOCK.search(cell_text(raw))


def counts_to_24(cells: tuple[Cell, ...], keys: Mapping[str, int]) -> bool:
    """Whether a row counts its hours to 24, which labels their ends."""
    at = keys.get("hour", keys.get("time"))
    text = _RANGE.sub("", cell_text(cells[at])) if at is not None and at < len(cells) else ""
    return bool(_HOUR_24.search(text)) and ("hour" in keys or bool(_CLOCK.search(text)))
