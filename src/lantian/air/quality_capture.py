"""How much of what could be measured is there: capture rate of each station, item and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    counts = Counts()
    counts.take(table)
    return counts.captures(days)


@dataclass(slots=True)
class Counts:
    """Values of each station, month and item, counted over tables that come month by month."""

    items: list[str] = field(default_factory=list)
    slots: int = HOURS
    _of: dict[tuple[str, str | None], dict[date, list[int]]] = field(default_factory=dict)

    def take(self, table: pl.DataFrame) -> None:
        """Counts a table; all tables have the same items, and no month comes in two of them."""
        self.items, self.slots = items_of(table), HOURS if hourly(table) else 1
        counted = with_month(table).group_by(*STATION, "month").agg(pl.col(item).count() for item in self.items)
        for city, station, first, *counts in counted.iter_rows():
            self._of.setdefault((city, station), {})[first] = counts

    def captures(self, days: Days) -> list[Capture]:
        """Capture of each station that occurred, for each month of a run of days and each item.

        Shape   by station in the order of names, month, item; a station without a row in a month has 0 there
        """
        months, nothing = _months(days), [0] * len(self.items)
        stations = sorted(self._of, key=lambda one: (one[0], one[1] or ""))
        return [
            Capture(city, station, part, item, present, self.slots * len(part))
            for city, station in stations
            for part in months
            for item, present in zip(
                self.items, self._of[city, station].get(part.first.replace(day=1), nothing), strict=True
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


def low_capture(counts: Counts, days: Days, rule: QualityRule, validity: YearValidity) -> list[Doubt]:
    """Station months with too few values: hours by the share of our own practice, days by what a valid month needs.

    Rule    GB 3095, table 4 for days; of months only in part inside ``days`` nothing is said for days
    """
    hours = counts.slots == HOURS
    by_month: dict[tuple[str, str | None, Days], list[Capture]] = {}
    for one in counts.captures(days):
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
