"""Columns of a table of station hours: found by their headings, scaled by their units, put together as rows.

Columns are found by name: station, city, time and the six items; others are passed over. Units come from the field
metadata of Parquet or from brackets in a heading, otherwise µg/m³ and for CO mg/m³.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lantian.air.hour_grid import HOUR_ITEMS, HourRows, Integers, off_the_hour
from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.folder import refusal
from lantian.store.hour_units import concentration_factor, declared_unit, name_and_unit
from lantian.store.hour_values import NO_STAMP, Faults, Scaling, distinct
from lantian.store.layout import plain_heading
from lantian.store.station_layout import hour_headings

KEYS = ("station", "city", "time")
_FIELDS = (*KEYS, *HOUR_ITEMS)


@dataclass(slots=True)
class Stations:
    """Numbers of stations and of their cities, given in the order they come."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    cities: dict[str, int] = field(default_factory=dict)
    city_of: list[int] = field(default_factory=list)
    _one_at_a_time: Lock = field(default_factory=Lock)  # files are read in several threads

    def number(self, city: str, station: str) -> int:
        """Number of a station of a city."""
        key = city, station
        with self._one_at_a_time:
            if key not in self.numbers:
                self.city_of.append(self.cities.setdefault(city, len(self.cities)))
                self.numbers[key] = len(self.numbers)
            return self.numbers[key]

    def name(self, number: int) -> tuple[str, str]:
        """City and station of a number."""
        return list(self.numbers)[number]


@dataclass(frozen=True, slots=True)
class HourBatch:
    """Rows of a file: file name, number of the first row (1 = first line), the rows."""

    file: str
    first_row: int
    rows: HourRows


@dataclass(frozen=True, slots=True)
class Columns:
    """Heading of each key and item in a table, how its numbers are scaled, and what to know about it."""

    headings: Mapping[str, str]
    scaling: Mapping[str, Scaling]
    notes: Sequence[Finding]


def columns_of(headings: Sequence[str], units: Mapping[str, str], file: str) -> Columns:
    """Columns of a table by their headings; ``units`` as the file declares them by heading.

    Errors  Refusal where station, city, time or every item is missing, a heading occurs twice, a unit is unknown
    """
    named = [(heading, *name_and_unit(heading)) for heading in headings]
    found: dict[str, str] = {}
    scaling: dict[str, Scaling] = {}
    for key in _FIELDS:
        wanted = [plain_heading(name) for name in hour_headings(key)]
        matches = [(heading, unit) for heading, name, unit in named if plain_heading(name) in wanted]
        if len(matches) > 1 and key in KEYS:  # of “station” and “station_code” the one listed first
            first = min(wanted.index(plain_heading(name_and_unit(heading)[0])) for heading, _ in matches)
            matches = [one for one in matches if plain_heading(name_and_unit(one[0])[0]) == wanted[first]]
        if len(matches) > 1:
            twice = "、".join(heading for heading, _ in matches)
            raise refusal("AIR-COLUMN-TWICE", f"{key} 有不止一列：{twice}。请只留一列", f"{key} occurs twice", file)
        if matches:
            heading, unit = matches[0]
            found[key] = heading
            if key in HOUR_ITEMS:
                written = units.get(heading) or unit or declared_unit(key)
                scaling[key] = _scaling(key, written, heading, file)
    missing = [key for key in KEYS if key not in found]
    if missing or not scaling:
        shown = "、".join(text.strip() for text in headings[:20]) or "（没有表头）"
        lacking = "、".join(missing) or "污染物"
        zh = f"不是站点小时值表：缺少 {lacking} 列。需要 station、city、time 和 so2、no2、co、o3、pm10、pm25；找到：{shown}"
        raise refusal("AIR-HOUR-COLUMNS", zh, f"columns missing: {lacking}; found: {shown}", file)
    return Columns(found, scaling, _absent(found, file))


def _absent(found: Mapping[str, str], file: str) -> list[Finding]:
    absent = "、".join(item for item in HOUR_ITEMS if item not in found)
    if not absent:
        return []
    text = Text(f"表中没有 {absent}，这些项按缺测处理", f"not in the table, taken as missing: {absent}")
    return [Finding("AIR-ITEM-ABSENT", Severity.WARNING, text, Place(file=file))]


def _scaling(item: str, written: str, heading: str, file: str) -> Scaling:
    """How numbers in a written unit (“0.1 mg/m3”, “ug/m3”) become those of the item."""
    by = concentration_factor(item, written)
    if by is None:
        zh = f"“{heading}”列的单位“{written}”不认识。可用：ug/m3、mg/m3、0.1 mg/m3"
        raise refusal("AIR-HOUR-UNIT", zh, f"unknown unit {written!r} of {heading}", f"{file}")
    if by >= 1:
        return Scaling(by=int(by))
    return Scaling(places=len(str(by.denominator)) - 1)


def batch(
    first_row: int,
    names: pa.Table,
    stamps: NDArray[np.int64],
    values: Mapping[str, tuple[Integers, int]],
    stations: Stations,
    faults: Faults,
) -> HourBatch:
    """A batch from its columns: station and city as texts (in this order), stamps, and each item with its scale.

    Errors  Refusal with all that is wrong in these rows
    """
    run_stations, run_lengths = _runs(names, stations, faults)
    if len(off := off_the_hour(stamps, run_lengths)):
        dated = [row for row in off.tolist() if stamps[row] != NO_STAMP]
        faults.add(dated, "time", "AIR-HOUR-TIME", "时间不是整点，小时值的时间应为整点", "no whole hour")
    faults.raise_any()
    rows = HourRows(
        run_stations=run_stations,
        run_lengths=run_lengths,
        stamps=stamps,
        values={item: column for item, (column, _) in values.items()},
        scales={item: scale for item, (_, scale) in values.items()},
    )
    return HourBatch(faults.file, first_row, rows)


def _runs(names: pa.Table, stations: Stations, faults: Faults) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Runs of rows of one station: its number, its length."""
    found: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
    starts: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    first = 0
    for part in names.to_batches():  # part by part as they lie in the file: nothing is copied
        if part.num_rows:
            numbers, at = _part_runs(part, first, stations, faults)
            found.append(numbers)
            starts.append(at + first)
            first += part.num_rows
    numbers, begin = np.concatenate(found), np.concatenate(starts)
    own = np.ones(len(numbers), np.bool_)
    own[1:] = numbers[1:] != numbers[:-1]
    return numbers[own], np.diff(begin[own], append=first)


def _part_runs(
    part: pa.RecordBatch, first: int, stations: Stations, faults: Faults
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    codes, names = distinct(part.column(0))
    city_codes, city_names = distinct(part.column(1))
    changed = codes[1:] != codes[:-1]
    changed |= city_codes[1:] != city_codes[:-1]
    starts = np.concatenate([np.zeros(1, np.int64), np.flatnonzero(changed) + 1])
    joined = codes[starts].astype(np.int64) * len(city_names) + city_codes[starts]
    ordered = np.sort(joined)
    pairs = ordered[np.concatenate([np.ones(1, np.bool_), ordered[1:] != ordered[:-1]])]
    numbers = np.empty(len(pairs), np.int32)
    known = stations.numbers
    for at, pair in enumerate(pairs.tolist()):
        own, of = divmod(pair, len(city_names))
        number = known.get((city_names[of] or "", names[own] or ""))
        if number is None:
            name, city_name = (names[own] or "").strip(), (city_names[of] or "").strip()
            for text, column in ((name, "station"), (city_name, "city")):
                if not text:
                    faults.add((starts[joined == pair] + first).tolist(), column, "AIR-HOUR-KEY-EMPTY", *_NO_KEY)
            number = stations.number(city_name, name)
        numbers[at] = number
    return numbers[np.searchsorted(pairs, joined)], starts


_NO_KEY = ("没有站点或城市，不知道这些值属于哪里", "station or city is empty")


def no_values(count: int) -> tuple[Integers, int]:
    """A column of missing values."""
    return np.full(count, -1, np.int16), 0
