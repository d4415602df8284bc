"""Which edition of HJ 633 a row of a table falls under: its column of dates or times, hours stamped at their end."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import polars as pl

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import BEIJING, day_of_hour_end_stamp
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.layout import plain_heading
from lantian.work.air_aqi_rules import edition_on, editions
from lantian.work.air_aqi_table import SHOWN, Table, distinct, more, note, plain_columns, plain_text, refused

AUTO = "auto"
_TIMES = ("time", "datetime", "timestamp", "date_time", "time_point", "timepoint", "monitor_time", "publish_time",
          "time_beijing", "time_local", "数据时间", "发布时间", "采样时间")  # fmt: skip
_HOURS = ("hour", "小时", "时", "时刻")
_STAMP = re.compile(
    r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?"
    r"(?:[T\s]+(\d{1,2})(?:[:时点](?:(\d{1,2})分?(?::(\d{1,2})(?:\.\d+)?)?)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?\Z"
)


def editions_of(table: Table, edition: str, hourly: bool, notes: list[Finding]) -> pl.Series:
    """Name of the edition of each row; null in rows without any text.

    Errors  Refusal where no column tells the edition, a row has no date, or hours stand in a daily table
    """
    time, hour = _time_columns(table)
    if time is not None and not hourly:
        _not_hourly(table, time)
    if edition != AUTO:
        return pl.Series([editions()[edition]], dtype=pl.String).new_from_index(0, table.rows.height)
    if time is None:
        shown = "、".join(text.strip() for text in table.headings[:20])
        raise refused(
            "AIR-EDITION-NO-DATE",
            f"没有日期或时间列，无法判定用哪一版标准。找到的列：{shown}。请加 --edition 2012 或 --edition 2026",
            "no column of dates or times tells the edition; name it with --edition 2012 or --edition 2026",
            Place(table.file, row=1),
        )
    pairs = table.rows.select(time=str(time), hour=pl.lit("") if hour is None else pl.col(str(hour)))
    known = pairs.unique(maintain_order=True)
    named = [_edition(table, pairs, cell, clock, hourly) for cell, clock in known.iter_rows()]
    found = pairs.join(
        known.with_columns(edition=pl.Series(named, dtype=pl.String)), on=["time", "hour"], how="left",
        maintain_order="left",
    )["edition"]  # fmt: skip
    dated = found.is_not_null() | _empty_rows(table)
    if not dated.all():
        raise Refusal(*_undated(table, time, (~dated).arg_true().to_list()))
    counts = Counter(found.drop_nulls().to_list())
    shown = "，".join(f"{name}：{counts[name]} 行" for name in editions().values() if counts[name])
    zh = f"按“{table.headings[time].strip()}”列判定标准版本：{shown}"
    notes.append(note("AIR-EDITION-BY-DATE", zh, f"edition by column {table.headings[time]}", Place(table.file)))
    return found


def _edition(table: Table, pairs: pl.DataFrame, cell: str, clock: str, hourly: bool) -> str | None:
    day = measured_on(cell, clock, hourly=hourly)
    if day is None:
        return None
    if day < TOTAL_FROM:
        row = int((pairs["time"] == cell).arg_max() or 0)
        zh = f"{day} 早于规则库的起始日 {TOTAL_FROM}。若要用某一版标准计算，请加 --edition 2012 或 2026"
        raise refused("AIR-DATE-EARLY", zh, f"{day} lies before {TOTAL_FROM}; name an edition", table.place(row))
    return edition_on(day)


def _empty_rows(table: Table) -> pl.Series:
    return table.rows.select(pl.all_horizontal(pl.all().str.strip_chars() == "")).to_series()


def _undated(table: Table, time: int, rows: list[int]) -> list[Finding]:
    shown = []
    for row in rows[:SHOWN]:
        cell = plain_text(table.rows[str(time)][row])
        zh = f"“{cell}”不是日期，无法判定标准版本。请改正，或加 --edition 2012 或 2026。没有写出任何结果"
        text = Text(zh, f"{cell!r} is no date: the edition is not known")
        shown.append(Finding("AIR-DATE-UNREADABLE", Severity.REFUSED, text, table.place(row, time)))
    return [*shown, *more(len(rows), table.file)]


def _not_hourly(table: Table, time: int) -> None:
    """A daily report of a table whose stamps carry different hours of a day would be wrong in silence."""
    stamps = [stamp_of(cell) for cell in distinct(table.rows[str(time)].head(1000))]
    clocks = {(stamp.at.hour, stamp.at.minute) for stamp in stamps if stamp is not None and stamp.at is not None}
    if len(clocks) > 1 and all(minute == 0 for _, minute in clocks):  # odd minutes: times of publishing
        zh = "时间带有不同的钟点，像是小时值。小时值请加 --hourly；日值请只写日期。没有写出任何结果"
        raise refused("AIR-LOOKS-HOURLY", zh, "the times carry hours: add --hourly", Place(table.file, row=1))


def _time_columns(table: Table) -> tuple[int | None, int | None]:
    """Position of the column of dates or times, and of one of hours beside it.

    Of several candidates the first whose first filled cell is a date; a column “time” with a clock only is the hour.
    """
    plain = [plain_heading(text) for text in table.headings]
    times = [plain_heading(name) for name in (*_TIMES, *plain_columns()["date"].names)]
    named = [at for name in dict.fromkeys(times) for at, found in enumerate(plain) if found == name]
    dated = [at for at in named if stamp_of(_first_filled(table, at))]
    time = next(iter([*dated, *named]), None)
    hours = [plain_heading(name) for name in _HOURS]
    beside = [at for at, name in enumerate(plain) if name in hours] + [at for at in named if at not in dated]
    return time, next((at for at in beside if at != time), None)


def _first_filled(table: Table, at: int) -> str:
    column = table.rows[str(at)]
    filled = (column.str.strip_chars() != "").arg_max()
    return str(column[filled]) if filled is not None else ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a cell of the time column says: the day it belongs to as written, and the clock where there is one."""

    day: date
    at: datetime | None


def stamp_of(cell: str) -> Stamp | None:
    """Day and clock of a cell in Beijing time; None where it is no date. 24:00 is 00:00 of the next day."""
    text = plain_text(cell)
    if text.isdigit() and len(text) == len("2026030101"):
        text = f"{text[:8]} {text[8:]}"
    found = _STAMP.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        written = date(int(year), int(month), int(day))
        if hour is None:
            return Stamp(written, None)
        clock = timedelta(hours=int(hour), minutes=int(minute or 0), seconds=int(second or 0))
        if clock > timedelta(hours=24):
            return None
        moment = datetime.combine(written, time()) + clock
        if offset:
            zone = "+00:00" if offset == "Z" else offset
            moment = datetime.fromisoformat(f"{moment.isoformat()}{zone}").astimezone(BEIJING).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return Stamp(moment.date(), moment)


def measured_on(cell: str, hour: str, *, hourly: bool) -> date | None:
    """Day on which a row was measured; an hour is stamped at its end, so 00:00 belongs to the day before.

    Rule    HJ 663: day D is the stamps D 01:00 … 24:00
    """
    stamp = stamp_of(cell)
    if stamp is None:
        return None
    if not hourly:
        return stamp.day
    if stamp.at is not None:
        return day_of_hour_end_stamp(stamp.at)
    text = plain_text(hour).removesuffix("时").partition(":")[0]
    return stamp.day - timedelta(days=1) if text.isdigit() and int(text) == 0 else stamp.day
