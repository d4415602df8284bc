"""How much of what could be measured is there: capture rate of each station, item and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from lantian.air.parameters import YearValidity
from lantian.air.quality import NAMES, STATION, Doubt, QualityRule, hourly, items_of, subject, with_month
from lantian.basis.exact import rounded_text
from lantian.basis.finding import Severity, Text
from lantian.basis.period import Days, month

HOURS = 24


@dataclass(frozen=True, slots=True)
class Capture:
    """Values present of an item in the part of a month that was asked for, of those that could be."""

    city: str
    station: str | None
    days: Days
    item: str
    present: int
    possible: int

    @property
    def rate(self) -> Fraction:
        """Share in percent."""
        return Fraction(100 * self.present, self.possible)


def captures(table: pl.DataFrame, days: Days) -> list[Capture]:
    """Capture of each station that occurs in a table, for each month of a run of days and each item of the table.

    Shape   by station in the order of names, month, item; a station without a row in a month has 0 there
    """
    items = items_of(table)
    months = _months(days)
    dated = with_month(table)
    counted = {
        (city, station, first): counts
        for city, station, first, *counts in dated.group_by(*STATION, "month")
        .agg(pl.col(item).count() for item in items)
        .iter_rows()
    }
    stations = table.select(STATION).unique().sort(STATION, nulls_last=False).rows()
    slots = HOURS if hourly(table) else 1
    return [
        Capture(city, station, part, item, present, slots * len(part))
        for city, station in stations
        for part in months
        for item, present in zip(
            items, counted.get((city, station, part.first.replace(day=1)), [0] * len(items)), strict=True
        )
    ]


def _months(days: Days) -> list[Days]:
    found = []
    first = days.first
    while first <= days.last:
        whole = month(first.year, first.month)
        found.append(Days(first, whole.last).until(days.last))
        first = date.fromordinal(whole.last.toordinal() + 1)
    return found


def low_capture(table: pl.DataFrame, days: Days, rule: QualityRule, validity: YearValidity) -> list[Doubt]:
    """Station months with too few values: hours by the share of our own practice, days by what a valid month needs.

    Rule    GB 3095, table 4 for days; of months only in part inside ``days`` nothing is said for days
    """
    hours = hourly(table)
    by_month: dict[tuple[str, str | None, Days], list[Capture]] = {}
    for one in captures(table, days):
        if hours:
            low = one.rate < rule.capture_percent
        else:
            whole = one.days == month(one.days.first.year, one.days.first.month)
            low = whole and one.present < validity.needed(one.days.first.month)
        if low:
            by_month.setdefault((one.city, one.station, one.days), []).append(one)
    return [_doubt(own, hours) for own in by_month.values()]


def _doubt(own: Sequence[Capture], hours: bool) -> Doubt:
    one = own[0]
    who, when = subject(one.city, one.station), f"{one.days.first:%Y-%m}"
    shown = "、".join(f"{NAMES[each.item]} {rounded_text(each.rate, 1)}%" for each in own)
    least = min(each.present for each in own)
    unit = Text("小时值捕获率不足", "too few hours") if hours else Text("有效天数不足", "too few days")
    whole = one.days == month(one.days.first.year, one.days.first.month)
    nothing = "整月没有数据" if whole else f"{one.days.first:%m-%d} 至 {one.days.last:%m-%d} 没有数据"
    zh = nothing if all(each.present == 0 for each in own) else shown
    text = Text(f"{who}：{when} {unit.zh}（{zh}）", f"{who}: {unit.en} in {when} ({shown})")
    clause = "ambient.quality.capture_percent" if hours else "GB 3095 table 4"
    item = one.item if len(own) == 1 else None
    return Doubt(
        "AIR-QUALITY-CAPTURE", Severity.WARNING, one.city, one.station, item, one.days.first, one.days.last, least, text,
        clause,
    )  # fmt: skip
