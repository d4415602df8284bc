"""Station hours to sums of city days, month by month: what files in process and shares on a cluster both go through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import polars as pl

from lantian.air.city_day import CitySums, city_days, city_sums
from lantian.air.hour_grid import Conflict, GridMaker, month_numbers
from lantian.air.station_day import parts, station_days
from lantian.basis.exact import plain_text
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import Days, month, year
from lantian.rulebook.dated import FAR, TOTAL_FROM
from lantian.store.hour_columns import HourBatch, Stations
from lantian.work.air_hour_checks import HourChecks
from lantian.work.air_rules import day_rules

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class HourDays:
    """City days of station hours: table as in ``air.city_day``, its denominators, stations of each city, notes."""

    days: pl.DataFrame
    parts: dict[str, int]
    stations: dict[str, int]
    notes: list[Finding]


@dataclass(frozen=True, slots=True)
class Share:
    """What a part of the hours came to: (city, station) by number, sums of city days, what was seen and counted."""

    stations: tuple[tuple[str, str], ...] = ()
    sums: tuple[CitySums, ...] = ()
    notes: tuple[Finding, ...] = ()
    checks: HourChecks = field(default_factory=HourChecks)
    rows: int = 0
    repeated: int = 0


@dataclass(slots=True)
class HourRun:
    """What one evaluation knows while it goes: open months, sums of closed ones, stations."""

    stations: Stations = field(default_factory=Stations)
    open: dict[int, GridMaker] = field(default_factory=dict)
    sums: list[CitySums] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    checks: HourChecks = field(default_factory=HourChecks)
    rows: int = 0
    repeated: int = 0

    def take(self, batch: HourBatch) -> None:
        """Puts the rows of a batch on the grids of their months.

        Errors  Refusal for hours before 2012
        """
        rows = batch.rows
        self.rows += len(rows)
        if not len(rows):
            return
        refuse_early(batch)
        first, last = month_numbers(np.array([rows.stamps.min(), rows.stamps.max()])).tolist()
        if first == last:
            self.repeated += self._grid(first).put(rows)
            return
        numbers = month_numbers(rows.stamps)
        for number in range(first, last + 1):
            if len(part := rows.taken(numbers == number)):
                self.repeated += self._grid(number).put(part)

    def refuse_conflicts(self, file: str) -> None:
        """Errors  Refusal where rows up to the end of ``file`` give one station and hour different values"""
        conflicts = [one for grid in self.open.values() for one in grid.conflicts]
        if conflicts:
            raise Refusal(*(_conflict(one, self.stations, file) for one in conflicts[:_SHOWN]))

    def close(self, still: Sequence[range | None] = ()) -> None:
        """Computes the months that nothing still to come can touch."""
        if any(one is None for one in still):
            return
        for number in [number for number in self.open if not any(number in one for one in still if one is not None)]:
            grid = self.open.pop(number).grid()
            city_of = np.array(self.stations.city_of, np.int32)
            for span, rule in day_rules(grid.days):
                days = station_days(grid if span == grid.days else grid.part(span), rule, all_parts())
                self.checks.look(days, all_parts())
                self.sums.append(city_sums(days, city_of))

    def share(self) -> Share:
        """What has been closed, to be added to another run."""
        stations = tuple(self.stations.numbers)
        return Share(stations, tuple(self.sums), tuple(self.notes), self.checks, self.rows, self.repeated)

    def add(self, share: Share) -> None:
        """Adds what another run came to; no station-hour may have been in both."""
        numbers = np.array([self.stations.number(*one) for one in share.stations], np.int64)
        cities = np.array([self.stations.cities[name] for name in dict.fromkeys(city for city, _ in share.stations)])
        self.sums += [replace(one, cities=cities[one.cities]) for one in share.sums]
        self.notes += share.notes
        self.checks.add(share.checks, numbers)
        self.rows += share.rows
        self.repeated += share.repeated

    def finished(self, source: str) -> HourDays:
        """City days of each year and edition from the sums of the months.

        Errors  Refusal where ``source`` had no rows, or values that cannot be right as a whole
        """
        if not self.rows:
            text = Text("表头认得，但没有一行数据。请检查是否导出完整", "headings, but no rows")
            raise Refusal(Finding("AIR-TABLE-NO-ROWS", Severity.REFUSED, text, Place(file=source)))
        self.checks.refuse()
        names, counts = list(self.stations.cities), np.bincount(self.stations.city_of)
        tables = []
        for number in sorted({one.days.first.year for one in self.sums}):
            sums = [one for one in self.sums if one.days.first.year == number]
            present = sorted({city for one in sums for city in one.cities.tolist()})
            here = [names[at] for at in present]
            for span, rule in day_rules(year(number)):
                days = city_days(sums, span, names, counts, rule)
                tables.append(days if len(present) == len(names) else days.filter(pl.col("city").is_in(here)))
        notes = [*self.notes, *self.checks.notes(self.stations), *_repeats(self.repeated), *_same_names(self.stations)]
        days = pl.concat(tables).sort("city", "date")
        return HourDays(days, all_parts(), dict(zip(names, counts.tolist(), strict=True)), notes)

    def _grid(self, number: int) -> GridMaker:
        if number not in self.open:
            self.open[number] = GridMaker(month(number // 12, number % 12 + 1))
        return self.open[number]


@lru_cache(maxsize=1)  # the package's law does not change while a process runs
def all_parts() -> dict[str, int]:
    """Denominators of station days common to all editions of the rulebook."""
    return parts([rule for _, rule in day_rules(Days(TOTAL_FROM, FAR))])


def refuse_early(batch: HourBatch) -> None:
    """Errors  Refusal naming a row before 2012, where no rule holds"""
    stamps = batch.rows.stamps
    if month_numbers(stamps.min(keepdims=True))[0] >= TOTAL_FROM.year * 12:
        return
    row = int(np.argmin(stamps))
    stamp = _clock(int(stamps[row]))
    text = Text(f"{stamp} 早于规则库的起始日 {TOTAL_FROM}，不能评价。请核对日期", f"{stamp} lies before {TOTAL_FROM}")
    place = Place(file=batch.file, row=batch.first_row + row)
    raise Refusal(Finding("AIR-HOUR-EARLY", Severity.REFUSED, text, place))


def _repeats(count: int) -> list[Finding]:
    if not count:
        return []
    zh = f"{count} 行与已有的行站点、时间和数值都相同，只计一次"
    return [Finding("AIR-HOUR-REPEATED", Severity.WARNING, Text(zh, f"{count} repeated rows counted once"))]


def _same_names(stations: Stations) -> list[Finding]:
    """Stations of one name in several cities are several stations; a person should know."""
    several = [name for name, count in Counter(name for _, name in stations.numbers).items() if count > 1]
    if not several:
        return []
    named = "、".join(several[:5]) + ("等" if several[5:] else "")
    zh = f"{len(several)} 个站点名出现在不止一个城市（{named}），各城市分别计"
    return [Finding("AIR-HOUR-STATION-CITIES", Severity.WARNING, Text(zh, f"stations of several cities: {named}"))]


def _conflict(one: Conflict, stations: Stations, file: str) -> Finding:
    city, station = stations.name(one.station)
    first, second = ("空" if value is None else plain_text(*value) for value in (one.first, one.second))
    zh = (
        f"{city} {station} {_clock(one.stamp)} 的 {one.item} 有两个不同的值：{first} 和 {second}。"
        "请核对后只留一行，没有写出任何结果"
    )
    en = f"{city} {station} {_clock(one.stamp)}: {one.item} occurs twice with {first} and {second}"
    return Finding("AIR-HOUR-CONFLICT", Severity.REFUSED, Text(zh, en), Place(file=file))


def _clock(stamp: int) -> str:
    return str(np.datetime64(stamp, "ms"))[:16].replace("T", " ")
