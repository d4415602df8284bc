"""Station hours on the full hour grid: every station of a run of days with all its 24 hours, missing ones marked.

Rows come in batches of any order. A batch that already is a full sorted grid is taken as it stands; any other is put
down row by row. Both give the same grid: a row that is absent and a row whose value is null are the same missing hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lantian.air.item import HOUR_ITEMS as HOUR_ITEMS
from lantian.basis.period import Days

MISSING: Final = -1  # concentrations are never negative
HOURS: Final = 24
HIGHEST: Final = 100_000  # in the item's unit: with it every sum of this room fits 64 bits at four places
_HOUR_MS: Final = 3_600_000

Integers = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class HourRows:
    """A batch of rows: runs of rows of one station, stamps (ms since 1970, end of hour, Beijing), values.

    ``run_stations`` station numbers, ``run_lengths`` rows of each run; ``values`` scaled integers, MISSING where there
    is none; ``scales`` decimal places of each item.
    """

    run_stations: NDArray[np.int32]
    run_lengths: NDArray[np.int64]
    stamps: NDArray[np.int64]
    values: Mapping[str, Integers]
    scales: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.stamps)

    @property
    def stations(self) -> NDArray[np.int32]:
        """Station number of each row."""
        return np.repeat(self.run_stations, self.run_lengths)

    def taken(self, rows: NDArray[np.bool_]) -> HourRows:
        """The rows chosen by a mask."""
        stations = self.stations[rows]
        return HourRows(
            run_stations=stations,
            run_lengths=np.ones(len(stations), np.int64),
            stamps=self.stamps[rows],
            values={item: values[rows] for item, values in self.values.items()},
            scales=self.scales,
        )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rows of one station and hour with different values: station number, stamp, item, both values (None missing)."""

    station: int
    stamp: int
    item: str
    first: tuple[int, int] | None
    second: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class HourGrid:
    """Full grid: ``values`` of each item as (station, day x 24) with MISSING, stations by number."""

    days: Days
    stations: NDArray[np.int32]
    values: Mapping[str, Integers]
    scales: Mapping[str, int]

    def part(self, days: Days) -> HourGrid:
        """The grid of some of its days."""
        first = (days.first - self.days.first).days * HOURS
        hours = slice(first, first + len(days) * HOURS)
        return HourGrid(days, self.stations, {item: cube[:, hours] for item, cube in self.values.items()}, self.scales)


def stamps_of(days: Days) -> NDArray[np.int64]:
    """Stamps of all hours of some days: the first day 01:00 to the last day 24:00."""
    first = np.datetime64(days.first, "ms").astype(np.int64) + _HOUR_MS
    return np.int64(first) + np.arange(len(days) * HOURS, dtype=np.int64) * _HOUR_MS


def month_numbers(stamps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Month (years x 12 + month − 1) of the day each hour stamped at its end belongs to."""
    return (stamps - 1).astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def off_the_hour(stamps: NDArray[np.int64], run_lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the rows whose stamp is no whole hour."""
    length = int(run_lengths[0]) if len(run_lengths) else 0
    if length and len(stamps) == length * len(run_lengths) and (stamps.reshape(-1, length) == stamps[:length]).all():
        return np.flatnonzero(stamps[:length] % _HOUR_MS)  # every station has the stamps of the first
    return np.flatnonzero(stamps % _HOUR_MS)


def full_grid(rows: HourRows, days: Days) -> bool:
    """Whether a batch already is the full sorted grid of its stations."""
    hours = len(days) * HOURS
    if not len(rows) or len(rows) != hours * len(rows.run_stations) or (rows.run_lengths != hours).any():
        return False
    if len(set(rows.run_stations.tolist())) != len(rows.run_stations):
        return False
    return bool((rows.stamps.reshape(-1, hours) == stamps_of(days)).all())


@dataclass(slots=True)
class GridMaker:
    """A grid growing by batches; what is put down once stays, the same again is passed over, other values conflict."""

    days: Days
    conflicts: list[Conflict] = field(default_factory=list)
    _order: list[int] = field(default_factory=list)
    _places: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _cubes: dict[str, Integers] = field(default_factory=dict)
    _scales: dict[str, int] = field(default_factory=dict)
    _there: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), np.bool_))

    def put(self, rows: HourRows) -> int:
        """Puts rows of these days down.

        Shape   number of rows that repeated what was there
        """
        if not self._order and full_grid(rows, self.days):
            self._adopt(rows)
            return 0
        return self._scatter(rows)

    def grid(self) -> HourGrid:
        """What has been put down."""
        cubes = {item: cube[: len(self._order)] for item, cube in self._cubes.items()}
        return HourGrid(self.days, np.array(self._order, np.int32), cubes, dict(self._scales))

    def _adopt(self, rows: HourRows) -> None:
        shape = (len(rows.run_stations), len(self.days) * HOURS)
        self._number(rows.run_stations)
        self._cubes = {item: values.reshape(shape) for item, values in rows.values.items()}
        self._scales = dict(rows.scales)
        self._there = np.broadcast_to(np.True_, shape)  # made real when a further batch comes

    def _scatter(self, rows: HourRows) -> int:
        self._make_room(rows)
        first = stamps_of(Days(self.days.first, self.days.first))[0]
        hours = len(self.days) * HOURS
        at = np.repeat(self._places[rows.run_stations] * hours, rows.run_lengths) + (rows.stamps - first) // _HOUR_MS
        there = self._there.reshape(-1)
        old = there[at]
        ascending = bool((at[1:] > at[:-1]).all())
        before = 0 if ascending else int(np.count_nonzero(there))
        repeated = int(old.sum())
        if repeated:  # the first value stays, so that a conflict is told against what came first
            self._compare(rows.taken(old), at[old], earlier=False)
            at, rows = at[~old], rows.taken(~old)
        for item in HOUR_ITEMS:
            self._cubes[item].reshape(-1)[at] = self._as_kept(rows, item)
        there[at] = True
        if not ascending:
            self._compare(rows, at, earlier=True)  # of rows for one place the last one stands there now
            repeated += len(at) - int(np.count_nonzero(there)) + before
        return repeated

    def _number(self, stations: NDArray[np.int32]) -> None:
        """Gives stations that are new here the next places."""
        size = int(stations.max(initial=-1)) + 1
        if size > len(self._places):
            self._places = np.concatenate([self._places, np.full(size - len(self._places), -1, np.int64)])
        new = dict.fromkeys(stations[self._places[stations] < 0].tolist())
        self._places[list(new)] = np.arange(len(self._order), len(self._order) + len(new))
        self._order += new

    def _make_room(self, rows: HourRows) -> None:
        """Cubes large, wide and finely scaled enough for the batch."""
        self._number(rows.run_stations)
        needed, hours = len(self._order), len(self.days) * HOURS
        have = self._there.shape[0]
        if have < needed:
            self._there = _grown(self._there, needed + have // 2, hours, np.dtype(np.bool_), 0)
        elif not self._there.flags.writeable:
            self._there = self._there.copy()
        for item in HOUR_ITEMS:
            column, scale = rows.values[item], rows.scales[item]
            cube = self._cubes.get(item, np.zeros((0, 0), np.int16))
            finer = max(scale, self._scales.get(item, scale))
            kind = _kind(cube, finer - self._scales.get(item, scale), column, finer - scale)
            cube = _grown(cube, self._there.shape[0], hours, kind, MISSING)
            if finer > self._scales.get(item, finer):
                np.multiply(cube, 10 ** (finer - self._scales[item]), out=cube, where=cube != MISSING)
            self._cubes[item], self._scales[item] = cube, finer

    def _as_kept(self, rows: HourRows, item: str) -> Integers:
        """The values of an item at the scale and in the type of the grid."""
        column, step = rows.values[item], 10 ** (self._scales[item] - rows.scales[item])
        if step == 1:
            return column
        kept: Integers = column.astype(self._cubes[item].dtype)
        np.multiply(kept, step, out=kept, where=kept != MISSING)
        return kept

    def _compare(self, rows: HourRows, at: NDArray[np.int64], *, earlier: bool) -> None:
        """Notes where a row differs from what stands in its place; ``earlier`` whether the row came before that."""
        for item in HOUR_ITEMS:
            kept, came = self._cubes[item].reshape(-1)[at], self._as_kept(rows, item)
            for row in np.flatnonzero(kept != came)[:_TOLD].tolist():
                station, stamp = int(rows.stations[row]), int(rows.stamps[row])
                first, second = self._value(item, int(kept[row])), self._value(item, int(came[row]))
                if earlier:
                    first, second = second, first
                self.conflicts.append(Conflict(station, stamp, item, first, second))

    def _value(self, item: str, number: int) -> tuple[int, int] | None:
        return None if number == MISSING else (number, self._scales[item])


_TOLD: Final = 20  # conflicts told of one item and batch; more of them say nothing new


def _kind(cube: Integers, up: int, column: Integers, column_up: int) -> np.dtype[Any]:
    """Narrowest integer type that holds both after their change of scale."""
    highest = max(int(cube.max()) * 10**up if cube.size else 0, int(column.max()) * 10**column_up if column.size else 0)
    narrowest = next(kind for kind in (np.int16, np.int32, np.int64) if highest <= np.iinfo(kind).max)
    return np.promote_types(cube.dtype, narrowest)


def _grown(cube: NDArray[Any], rows: int, hours: int, kind: np.dtype[Any], empty: int) -> NDArray[Any]:
    """The cube with at least so many rows and this type, the new rows empty, writeable."""
    rows = max(rows, cube.shape[0])
    if cube.shape == (rows, hours) and cube.dtype == kind and cube.flags.writeable:
        return cube
    new = np.full((rows, hours), empty, kind)
    if cube.size:
        new[: cube.shape[0]] = cube
    return new
