"""One station over a week or a month: its hours, its days with their limits, what changed, real-time beside reviewed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import polars as pl

from lantian.air.item import HOUR_ITEMS, ITEMS, SCALE
from lantian.air.period import printed_value
from lantian.air.quality import plain
from lantian.basis.period import Days, month
from lantian.store.hours import MEASURED, HourReader, ends
from lantian.work import air_law
from lantian.work.air_rules import statistics_rule
from lantian.work.station_quality import station_days

LABELS = {
    "so2": "SO2", "no2": "NO2", "co": "CO", "o3": "O3", "o3_8h": "O3-8h", "pm10": "PM10", "pm25": "PM2.5",
    "wind_direction": "风向", "wind_speed": "风速",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the full grid: its values as scaled integers in the order of MEASURED, None where missing."""

    time: datetime
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class DayOf:
    """One day of the station: hours with a value, each item's daily value as printed and whether it is above its limit."""

    day: date
    hours: int
    values: tuple[tuple[str | None, bool], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A daily limit of an item over some days."""

    days: Days
    item: str
    value: Fraction
    edition: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value that was replaced: hour, item, what stood there, what stands now, since when, by which import."""

    time: datetime
    item: str
    before: str
    after: str
    known_at: datetime
    batch: int


@dataclass(frozen=True, slots=True)
class Difference:
    """An hour in which real-time and reviewed value of an item are not the same."""

    time: datetime
    item: str
    realtime: str
    reviewed: str


@dataclass(frozen=True, slots=True)
class StationHours:
    """What is known of one station over some days, of one kind of values."""

    days: Days
    hours: tuple[Hour, ...]
    by_day: tuple[DayOf, ...]
    exact_days: dict[str, tuple[tuple[date, float], ...]]
    limits: tuple[Limit, ...]
    presence: dict[date, tuple[int, ...]]
    last: datetime | None
    wind: bool


@lru_cache(maxsize=64)  # the key holds the version of the air data: what changes is computed anew
def station_hours(
    data: Path, version: int, code: str, days: Days, values: str, known: datetime | None = None
) -> StationHours:
    """Hours and days of a station, the latest or as known at an instant; presence for the months touched."""
    reader = HourReader(data)
    whole = Days(_month(days.first).first, _month(days.last).last)
    if known is None:
        rows = reader.hours(whole, values=values, stations=[code])
    else:
        rows = reader.as_known_at(known, whole, values=values, stations=[code])
    last = reader.last_hour(values)
    inside = rows.filter(pl.col("time").is_between(*ends(days)))
    limits = tuple(_limits(days))
    table = station_days(inside, [code], days)
    presence = _presence(rows)
    return StationHours(
        days=days,
        hours=tuple(_grid(inside, days, last)),
        by_day=tuple(_days(table, presence, days, limits)),
        exact_days={
            item: tuple((day, value / 10**SCALE) for day, value in table.select("date", item).drop_nulls().iter_rows())
            for item in ITEMS
        },
        limits=limits,
        presence=presence,
        last=last,
        wind=inside["wind_speed"].is_not_null().any(),
    )


def _month(day: date) -> Days:
    return month(day.year, day.month)


def _grid(rows: pl.DataFrame, days: Days, last: datetime | None) -> list[Hour]:
    """Hours of the full grid up to the last hour of the lake."""
    if last is None:
        return []
    first, end = ends(days)
    stamps = pl.datetime_range(first, min(end, last), interval="1h", time_unit="ms", eager=True).alias("time")
    found = stamps.to_frame().join(rows.select("time", *MEASURED), on="time", how="left", maintain_order="left")
    return [Hour(time, tuple(values)) for time, *values in found.iter_rows()]


def _presence(rows: pl.DataFrame) -> dict[date, tuple[int, ...]]:
    """Hours with any value, then with each item, of each day with a row."""
    told = pl.any_horizontal(pl.col(item).is_not_null() for item in HOUR_ITEMS)
    day = (pl.col("time") - pl.duration(milliseconds=1)).dt.date().alias("day")
    counted = rows.group_by(day).agg(told.sum().alias("any"), *(pl.col(item).count() for item in HOUR_ITEMS))
    return {one: tuple(counts) for one, *counts in counted.iter_rows()}


def _limits(days: Days) -> list[Limit]:
    return [
        Limit(one.days, item, one.day[item], one.edition)
        for one in air_law.limits(days)
        for item in ITEMS
        if item in one.day
    ]


def _days(
    table: pl.DataFrame, presence: dict[date, tuple[int, ...]], days: Days, limits: tuple[Limit, ...]
) -> list[DayOf]:
    held = {row["date"]: row for row in table.iter_rows(named=True)}
    found = []
    for day in days:
        if day not in presence:
            continue
        places, row = statistics_rule(day).places, held.get(day, {})
        cells = []
        for item in ITEMS:
            value = row.get(item)
            text = None if value is None else printed_value(Fraction(value, 10**SCALE), places[item])
            limit = next((one.value for one in limits if one.item == item and day in one.days), None)
            cells.append((text, text is not None and limit is not None and Fraction(text) > limit))
        found.append(DayOf(day, presence[day][0], tuple(cells)))
    return found


@lru_cache(maxsize=32)
def changes(data: Path, version: int, code: str, days: Days, values: str) -> tuple[Change, ...]:
    """Values of these hours that were replaced, newest first; the first row of an hour is no change."""
    rows = HourReader(data).versions(days, values=values, stations=[code])
    found: list[Change] = []
    before: dict[datetime, tuple[int | None, ...]] = {}
    for time, known_at, batch, *cells in rows.select("time", "known_at", "batch", *MEASURED).iter_rows():
        now = tuple(cells)
        old = before.get(time)
        if old is not None:
            found += [
                Change(time, LABELS[item], _text(a), _text(b), known_at, batch)
                for item, a, b in zip(MEASURED, old, now, strict=True)
                if a != b
            ]
        before[time] = now
    return tuple(sorted(found, key=lambda one: (one.known_at, one.time), reverse=True))


@dataclass(frozen=True, slots=True)
class Beside:
    """Real-time beside reviewed hours: values both have, those that differ, and by item how many."""

    both: int
    differences: tuple[Difference, ...]
    by_item: tuple[tuple[str, int], ...]


@lru_cache(maxsize=32)
def beside(data: Path, version: int, code: str, days: Days) -> Beside | None:
    """Where real-time and reviewed values of a station differ; None where there are no reviewed ones."""
    reader = HourReader(data)
    reviewed = reader.hours(days, values="reviewed", stations=[code])
    if reviewed.is_empty():
        return None
    joined = reader.hours(days, stations=[code]).join(reviewed, on="time", suffix="_reviewed").sort("time")
    both, found = 0, []
    for row in joined.iter_rows(named=True):
        for item in HOUR_ITEMS:
            a, b = row[item], row[f"{item}_reviewed"]
            both += a is not None and b is not None
            if a != b:
                found.append(Difference(row["time"], LABELS[item], _text(a), _text(b)))
    return Beside(both, tuple(found), tuple(Counter(one.item for one in found).items()))


def _text(value: int | None) -> str:
    return "无" if value is None else plain(value)
