"""The time of each row of a station table: end of the hour, day, or first of the month, each distinct text read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import polars as pl

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.dates import DateFault, Order, date_of, numeric_order
from lantian.store.folder import refusal
from lantian.store.hour_stamp import ZONES, any_hour, hour_number, plain
from lantian.store.station_frames import text
from lantian.store.station_layout import Kind, StationMatch

MOMENT: Final[dict[Kind, str]] = {"station_hours": "time", "station_days": "date", "city_months": "month"}
TYPES: Final[dict[Kind, Any]] = {"station_hours": pl.Datetime("ms"), "station_days": pl.Date, "city_months": pl.Date}
FAULT = "fault"
_HOUR = timedelta(hours=1)
_MONTH = re.compile(r"((?:19|20)\d{2})\s*[-/.年]?\s*(\d{1,2})\s*月?(?:份)?(?:[-/.]0?1(?: 00:00:00)?)?\Z")
_MONTH_NUMBER = re.compile(r"(\d{1,2})(?:\.0+)?\s*(?:月份?)?\Z")
_YEAR_NUMBER = re.compile(r"((?:19|20)\d{2})(?:\.0+)?\s*年?\Z")
_TITLE_MONTH = re.compile(r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月(?!\s*[-—–~～至到]\s*\d)")


@dataclass(frozen=True, slots=True)
class Span:
    """The first day taken and the last hour that can have ended (Beijing, without zone; None without bound)."""

    first: date
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """Rows with their moment (null where it is none), the reasons by row, and what to know about the columns."""

    table: pl.DataFrame
    faults: dict[int, DateFault]
    notes: list[Finding]


def title_month(lines: Sequence[Sequence[str]]) -> date | None:
    """Year and month of the title lines above a heading; None where none or several are named."""
    titles = [plain(cell) for line in lines for cell in line if "年" in cell]  # a line may have thousands of cells
    found = {(int(one[1]), int(one[2])) for title in titles for one in _TITLE_MONTH.finditer(title)}
    if len(found) != 1:
        return None
    year, month = found.pop()
    return date(year, month, 1) if 1 <= month <= 12 else None


def moments(body: pl.DataFrame, found: StationMatch, span: Span, month: date | None, place: Place) -> Moments:
    """The rows of a table with a column ``time``, ``date`` or ``month``; rows without one have a reason.

    Errors  Refusal for a Parquet column of times in another zone than Beijing's
    """
    kind = found.layout.kind
    name = MOMENT[kind]
    if not found.moment:
        faults = {}
        if month is not None and (fault := _beyond(month, month, span)):
            faults = dict.fromkeys(body["row"].to_list(), fault)
        own = pl.lit(month if not faults else None, dtype=TYPES[kind]).alias(name)
        return Moments(body.with_columns(own), faults, [])
    keys = [f"c{found.places[field]}" for field in found.moment]
    body = body.with_columns(_local(body[key], found, key, place) for key in keys)
    known = body.select(keys).unique(maintain_order=True)
    texts = [tuple(text(cell) for cell in row) for row in known.iter_rows()]
    order = _order(texts, found)
    read, notes = _reader(texts, found, order, place)
    values: list[date | None] = []
    faulty: dict[int, DateFault] = {}
    for number, cells in enumerate(texts):
        try:
            moment = read(cells)
            day = (moment - _HOUR).date() if isinstance(moment, datetime) else moment
            fault = _beyond(moment, day, span)
        except DateFault as error:
            moment, fault = None, error
        values.append(None if fault else moment)
        if fault:
            faulty[number] = fault
    known = known.with_columns(
        pl.Series(name, values, dtype=TYPES[kind]), pl.int_range(pl.len(), dtype=pl.Int64).alias(FAULT)
    )
    table = body.join(known, on=keys, how="left", nulls_equal=True, maintain_order="left")
    bad = table.filter(pl.col(name).is_null()).select("row", FAULT)
    return Moments(table.drop(FAULT), {row: faulty[number] for row, number in bad.iter_rows()}, notes)


def _local(column: pl.Series, found: StationMatch, key: str, place: Place) -> pl.Series:
    """A column of times without zone; other columns as they are."""
    if not isinstance(column.dtype, pl.Datetime):
        return column.cast(pl.String) if isinstance(column.dtype, pl.Categorical | pl.Enum) else column
    zone = column.dtype.time_zone
    if zone is None:
        return column
    if zone not in ZONES:
        zh = f"“{found.headings[int(key[1:])]}”列带有时区 {zone}，这里只收北京时间。请先换算成北京时间并去掉时区"
        raise refusal(
            "AIR-HOUR-ZONE", zh, f"the column carries the zone {zone}; convert it to Beijing time", place.file
        )
    return column.dt.replace_time_zone(None)


def _order(texts: Sequence[tuple[str, ...]], found: StationMatch) -> Order:
    if found.moment[0] not in ("time", "date"):
        return "year_first"
    firsts = [plain(cells[0]) for cells in texts]
    return numeric_order([re.split(r"[T\s]", one)[0] for one in firsts], found.layout.dates)


def _beyond(moment: date, day: date, span: Span) -> DateFault | None:
    if day < span.first:
        zh = f"日期 {day} 早于规则库的起始日 {span.first}，没有可用的标准"
        return DateFault("AIR-DATE-EARLY", zh, f"{day} lies before {span.first}, where the law begins")
    if span.last is not None and (moment > span.last if isinstance(moment, datetime) else day > span.last.date()):
        shown = f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{day}"
        return DateFault("AIR-DATE-FUTURE", f"时间 {shown} 还没有到", f"{shown} lies in the future")
    return None


Read = Callable[[tuple[str, ...]], date]


def _reader(
    texts: Sequence[tuple[str, ...]], found: StationMatch, order: Order, place: Place
) -> tuple[Read, list[Finding]]:
    """The function that reads the cells of a moment, and what was found out about the column of hours."""
    kind, moment = found.layout.kind, found.moment
    if kind == "city_months":
        return (_month_of_two if len(moment) == 2 else _month), []
    if kind == "station_days":
        return (lambda cells: _day(cells, order)), []
    late = _HOUR if found.layout.stamp == "start" else timedelta(0)
    if moment == ("time",):
        return (lambda cells: any_hour(cells[0], order) + late), []
    counted, notes = _counting(texts, found, place)
    late = timedelta(0) if counted == "1-24" else late  # the number of an hour that counts from 1 is that of its end
    wrong = {"0-23": 24, "1-24": 0}.get(found.layout.hours)

    def read(cells: tuple[str, ...]) -> date:
        hour = hour_number(cells[-1])
        if hour == wrong:
            zh = f"钟点 {hour} 不在布局写明的 {found.layout.hours} 之内"
            raise DateFault("AIR-HOUR-TIME", zh, f"hour {hour} is not within {found.layout.hours} of the layout")
        day = _day(cells[:-1], order)
        return datetime.combine(day, time(0)) + timedelta(hours=hour) + late

    return read, notes


def _counting(texts: Sequence[tuple[str, ...]], found: StationMatch, place: Place) -> tuple[str, list[Finding]]:
    declared = found.layout.hours
    if declared != "detect":
        return declared, []
    numbers = {plain(cells[-1]).split(".")[0].split(":")[0].lstrip("0") or "0" for cells in texts}
    counted = "1-24" if "24" in numbers and "0" not in numbers else "0-23"
    sure = bool({"24", "0"} & numbers)
    if counted == "0-23" and (sure or found.layout.stamp == "end"):
        return counted, []
    zh = f"小时列按 {counted} 计" + ("" if sure else "（表中没有 0 时也没有 24 时，请在布局里写明 hours）")
    severity = Severity.NOTE if sure else Severity.WARNING
    note = Finding("AIR-HOUR-COUNTING", severity, Text(zh, f"hours count {counted}"), place)
    return counted, [note]


def _day(cells: tuple[str, ...], order: Order) -> date:
    if len(cells) == 1:
        return date_of(cells[0], order)
    parts = [plain(cell).removesuffix(".0").rstrip("年月日") for cell in cells]
    return date_of("-".join(parts), "year_first")


def _month(cells: tuple[str, ...]) -> date:
    known = plain(cells[0])
    found = _MONTH.match(known)
    return _first(known, int(found[1]), int(found[2])) if found else _no_month(known)


def _month_of_two(cells: tuple[str, ...]) -> date:
    known = " ".join(plain(cell) for cell in cells)
    year, month = _YEAR_NUMBER.match(plain(cells[0])), _MONTH_NUMBER.match(plain(cells[1]))
    return _first(known, int(year[1]), int(month[1])) if year and month else _no_month(known)


def _first(known: str, year: int, month: int) -> date:
    return date(year, month, 1) if 1 <= month <= 12 else _no_month(known)


def _no_month(known: str) -> date:
    zh = f"“{known}”不是月份。请写成 2025-01" if known else "月份是空的"
    raise DateFault("AIR-MONTH-UNREADABLE", zh, f"{known!r} is no month")
