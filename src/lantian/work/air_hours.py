"""Station hours to city days: files month by month, each month on its grid, one definition for all.

A month is computed as soon as no file still to come can touch it, and its hours are let go. The next files are read in
threads of their own meanwhile.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from lantian.air.city_day import CitySums, city_days, city_sums
from lantian.air.hour_grid import Conflict, GridMaker, month_numbers
from lantian.air.station_day import parts, station_days
from lantian.basis.exact import text_of
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import Days, month, year
from lantian.rulebook.dated import FAR, TOTAL_FROM
from lantian.store.hour_columns import HourBatch, Stations
from lantian.store.hour_files import hour_batches, hour_files, months_touched
from lantian.work.ahead import made_ahead
from lantian.work.air_hour_checks import HourChecks
from lantian.work.air_rules import day_rules, load_rules

Progress = Callable[[int, int, str], None]
_SHOWN = 20
_AHEAD = 2  # files read while one is computed


@dataclass(frozen=True, slots=True)
class HourDays:
    """City days of station hours: table as in ``air.city_day``, its denominators, stations of each city, notes."""

    days: pl.DataFrame
    parts: dict[str, int]
    stations: dict[str, int]
    notes: list[Finding]


@dataclass(slots=True)
class _Run:
    """What one evaluation knows while it goes: open months, sums of closed ones, stations."""

    stations: Stations = field(default_factory=Stations)
    open: dict[int, GridMaker] = field(default_factory=dict)
    sums: list[CitySums] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    checks: HourChecks = field(default_factory=HourChecks)
    rows: int = 0
    repeated: int = 0


def days_of_files(paths: Sequence[Path], progress: Progress) -> HourDays:
    """City days of files of station hours: a row for each city and day of every calendar year in which it occurs.

    Rule    HJ 663 by date; stations of a city are all that occur for it anywhere in the files
    Errors  Refusal naming what is wrong and where; nothing is kept aside here
    """
    files = hour_files(paths)
    touched = [months_touched(file) for file in files]
    run = _Run()
    batches = _batches(files, run, progress)
    for at, batch in batches:
        if batch is None:
            _refuse_conflicts(run, files[at])
            _close(run, touched[at + 1 :])
        else:
            _take(run, batch)
    if not run.rows:
        text = Text("表头认得，但没有一行数据。请检查是否导出完整", "headings, but no rows")
        raise Refusal(Finding("AIR-TABLE-NO-ROWS", Severity.REFUSED, text, Place(file=str(paths[0]))))
    run.checks.refuse()
    return _finished(run)


def _batches(files: Sequence[Path], run: _Run, progress: Progress) -> Iterator[tuple[int, HourBatch | None]]:
    """Batches with the number of their file, and None after the last of each; the next files are read meanwhile."""
    sources: deque[Iterator[HourBatch]] = deque()

    def start(file: Path) -> None:
        sources.append(made_ahead(hour_batches(file, run.stations, run.notes)))

    for file in files[:_AHEAD]:
        start(file)
    load_rules()
    for at, file in enumerate(files):
        progress(at, len(files), f"读取 {file.name}")
        for following in files[at + _AHEAD : at + _AHEAD + 1]:
            start(following)
        for batch in sources.popleft():
            yield at, batch
        yield at, None


def _take(run: _Run, batch: HourBatch) -> None:
    """Puts the rows of a batch on the grids of their months."""
    rows = batch.rows
    run.rows += len(rows)
    if not len(rows):
        return
    first, last = month_numbers(np.array([rows.stamps.min(), rows.stamps.max()])).tolist()
    if first < TOTAL_FROM.year * 12:
        _refuse_early(batch)
    if first == last:
        run.repeated += _grid(run, first).put(rows)
        return
    numbers = month_numbers(rows.stamps)
    for number in range(first, last + 1):
        if len(part := rows.taken(numbers == number)):
            run.repeated += _grid(run, number).put(part)


def _grid(run: _Run, number: int) -> GridMaker:
    if number not in run.open:
        run.open[number] = GridMaker(month(number // 12, number % 12 + 1))
    return run.open[number]


def _close(run: _Run, still: Sequence[range | None]) -> None:
    """Computes the months no file still to come can touch."""
    if any(one is None for one in still):
        return
    for number in [number for number in run.open if not any(number in one for one in still if one is not None)]:
        grid = run.open.pop(number).grid()
        city_of = np.array(run.stations.city_of, np.int32)
        for span, rule in day_rules(grid.days):
            days = station_days(grid if span == grid.days else grid.part(span), rule, all_parts())
            run.checks.look(days, all_parts())
            run.sums.append(city_sums(days, city_of))


def _finished(run: _Run) -> HourDays:
    """City days of each year and edition from the sums of the months."""
    names, counts = list(run.stations.cities), np.bincount(run.stations.city_of)
    tables = []
    for number in sorted({one.days.first.year for one in run.sums}):
        sums = [one for one in run.sums if one.days.first.year == number]
        present = sorted({city for one in sums for city in one.cities.tolist()})
        for span, rule in day_rules(year(number)):
            days = city_days(sums, span, names, counts, rule)
            tables.append(
                days if len(present) == len(names) else days.filter(pl.col("city").is_in([names[at] for at in present]))
            )
    notes = [*run.notes, *run.checks.notes(run.stations), *_repeats(run), *_same_names(run.stations)]
    days = pl.concat(tables).sort("city", "date")
    return HourDays(days, all_parts(), dict(zip(names, counts.tolist(), strict=True)), notes)


@lru_cache(maxsize=1)  # the package's law does not change while a process runs
def all_parts() -> dict[str, int]:
    """Denominators of station days common to all editions of the rulebook."""
    return parts([rule for _, rule in day_rules(Days(TOTAL_FROM, FAR))])


def _repeats(run: _Run) -> list[Finding]:
    if not run.repeated:
        return []
    zh = f"{run.repeated} 行与已有的行站点、时间和数值都相同，只计一次"
    return [Finding("AIR-HOUR-REPEATED", Severity.WARNING, Text(zh, f"{run.repeated} repeated rows counted once"))]


def _same_names(stations: Stations) -> list[Finding]:
    """Stations of one name in several cities are several stations; a person should know."""
    several = [name for name, count in Counter(name for _, name in stations.numbers).items() if count > 1]
    if not several:
        return []
    named = "、".join(several[:5]) + ("等" if several[5:] else "")
    zh = f"{len(several)} 个站点名出现在不止一个城市（{named}），各城市分别计"
    return [Finding("AIR-HOUR-STATION-CITIES", Severity.WARNING, Text(zh, f"stations of several cities: {named}"))]


def _refuse_early(batch: HourBatch) -> None:
    stamps = batch.rows.stamps
    row = int(np.argmin(stamps))
    stamp = _clock(int(stamps[row]))
    text = Text(f"{stamp} 早于规则库的起始日 {TOTAL_FROM}，不能评价。请核对日期", f"{stamp} lies before {TOTAL_FROM}")
    place = Place(file=batch.file, row=batch.first_row + row)
    raise Refusal(Finding("AIR-HOUR-EARLY", Severity.REFUSED, text, place))


def _refuse_conflicts(run: _Run, file: Path) -> None:
    conflicts = [one for grid in run.open.values() for one in grid.conflicts]
    if conflicts:
        raise Refusal(*(_conflict(one, run.stations, file) for one in conflicts[:_SHOWN]))


def _conflict(one: Conflict, stations: Stations, file: Path) -> Finding:
    city, station = stations.name(one.station)
    first, second = ("空" if value is None else text_of(*value) for value in (one.first, one.second))
    zh = (
        f"{city} {station} {_clock(one.stamp)} 的 {one.item} 有两个不同的值：{first} 和 {second}。"
        "请核对后只留一行，没有写出任何结果"
    )
    en = f"{city} {station} {_clock(one.stamp)}: {one.item} occurs twice with {first} and {second}"
    return Finding("AIR-HOUR-CONFLICT", Severity.REFUSED, Text(zh, en), Place(file=file.name))


def _clock(stamp: int) -> str:
    return str(np.datetime64(stamp, "ms"))[:16].replace("T", " ")
