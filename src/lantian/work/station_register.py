"""Writing the register of stations; what changes in who counts for a city or county computes its days anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from lantian.basis.finding import Finding, Place, Refusal
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air_file import writing
from lantian.store.air_write import Counts, Quarantined, Series, finish_import, start_import
from lantian.store.folder import prepare
from lantian.store.stations import Station, StationReader, register, remove_stations, write_stations
from lantian.work.air_import import Progress, silent
from lantian.work.simulated_stations import clear_simulated_stations
from lantian.work.station_days import recompute
from lantian.work.station_import import LOCK_SECONDS
from lantian.work.station_places import StationPlace, places
from lantian.work.station_row import Defaults
from lantian.work.station_table import Register, clashing, overlap, read_register, sources_of

_KINDS = ("realtime", "reviewed")
_SOURCES = ("hours", "stations")


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What writing the register did; ``aside`` rows with their reason, for ``station_table.returned``."""

    import_id: int
    rows_read: int
    new: int
    changed: int
    same: int
    aside: list[Quarantined]
    days_recomputed: int
    places: tuple[str, ...]
    notes: list[Finding]


def understood(data: Path, source: Path | str | Sequence[Path], *, role: str | None = None) -> Register:
    """Rows of a table that could be written beside the register as it stands, and those that could not, with reasons.

    Errors  Refusal where no table of stations is found
    """
    known: dict[str, date] = {}
    have = StationReader(data).stations()
    for one in have:
        known[one.code] = one.valid_from  # of several rows the last one
    found = read_register(sources_of(source), Defaults(role, TOTAL_FROM, known))
    rows, aside = _fitting(have, found)
    return replace(found, rows=[(one, place) for one, place in found.rows if one in rows], aside=aside)


def import_stations(
    data: Path,
    source: Path | str | Sequence[Path],
    *,
    now: datetime,
    user: str,
    role: str | None = None,
    progress: Progress = silent,
) -> RegisterReport:
    """Imports a table of stations in one transaction and computes anew the days of places whose stations changed.

    ``role`` is that of the stations of a table without such a column.
    Errors  Refusal where no table of stations is found, or another process writes
    """
    prepare(data, now=now)
    known: dict[str, date] = {}
    for one in StationReader(data).stations():
        known[one.code] = one.valid_from  # of several rows the last one
    found = read_register(sources_of(source), Defaults(role, TOTAL_FROM, known))
    return _written(data, found, now=now, user=user, progress=progress)


def keep_stations(
    data: Path, stations: Sequence[Station], *, now: datetime, user: str, progress: Progress = silent
) -> RegisterReport:
    """Writes rows a person entered, as ``import_stations`` does.

    Errors  Refusal where a row overlaps another one of its station, or another process writes
    """
    prepare(data, now=now)
    found = Register(rows=[(one, Place()) for one in stations], rows_read=len(stations))
    return _written(data, found, now=now, user=user, whole=True, progress=progress)


def take_out_stations(
    data: Path, stations: Sequence[Station], *, now: datetime, user: str, progress: Progress = silent
) -> RegisterReport:
    """Takes rows entered by mistake out of the register; they are kept as replaced, the days are computed anew."""
    with writing(data, job="air stations", now=now, wait_seconds=LOCK_SECONDS) as database:
        before = places(register(database))
        batch = start_import(database, at=now, by=user, kind="stations", files=[], layout="stations")
        remove_stations(database, stations, batch=batch, known_at=now)
        after = places(register(database))
        days = _recomputed(database, data, before, after, batch, now, progress)
        finish_import(
            database, batch, rows_read=len(stations), counts=Counts(changed=len(stations)), quarantined=[], notes=[]
        )
    return RegisterReport(batch, len(stations), 0, len(stations), 0, [], days, _changed(before, after), [])


def _written(
    data: Path, found: Register, *, now: datetime, user: str, whole: bool = False, progress: Progress
) -> RegisterReport:
    with writing(data, job="air stations", now=now, wait_seconds=LOCK_SECONDS) as database:
        clear_simulated_stations(database, data, {one.city for one, _ in found.rows}, now=now)
        rows, aside = _fitting(register(database), found)
        if whole and aside:
            raise Refusal(*(one.finding for one in aside))
        before = places(register(database))
        batch = start_import(database, at=now, by=user, kind="stations", files=found.files, layout="stations")
        counts = write_stations(database, rows, batch=batch, known_at=now)
        after = places(register(database))
        days = _recomputed(database, data, before, after, batch, now, progress)
        if counts.new or counts.changed or aside:
            finish_import(
                database, batch, rows_read=found.rows_read, counts=counts, quarantined=aside, notes=found.notes
            )
        else:
            database.execute("DELETE FROM import WHERE id = ?", (batch,))
    return RegisterReport(
        batch,
        found.rows_read,
        counts.new,
        counts.changed,
        counts.same,
        aside,
        days,
        _changed(before, after),
        found.notes,
    )


def _fitting(have: Sequence[Station], found: Register) -> tuple[list[Station], list[Quarantined]]:
    """Rows that fit beside what stays of the register, and all rows kept aside."""
    replaced = {(one.code, one.valid_from) for one, _ in found.rows}
    stay = [one for one in have if (one.code, one.valid_from) not in replaced]
    rows, aside = [], list(found.aside)
    for one, place in found.rows:
        clash = next((other for other in stay if overlap(one, other)), None)
        if clash is None:
            rows.append(one)
        else:
            aside.append(clashing(one, place, clash, "已登记"))
    return rows, aside


def _changed(before: dict[str, StationPlace], after: dict[str, StationPlace]) -> tuple[str, ...]:
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _recomputed(
    database: sqlite3.Connection,
    data: Path,
    before: dict[str, StationPlace],
    after: dict[str, StationPlace],
    batch: int,
    now: datetime,
    progress: Progress,
) -> int:
    """Days computed anew of the places whose stations changed; those of places that are no more go."""
    count, names = 0, _changed(before, after)
    for done, name in enumerate(names):
        progress(done, len(names), f"重算 {name}")
        for values in _KINDS:
            days = _days_with_data(database, values, [place for place in (before.get(name), after.get(name)) if place])
            if days.is_empty():
                continue
            touched = days.select(city=pl.lit(name), date="date")
            for source in _SOURCES:
                recompute(database, data, touched, after, Series(values, source), batch=batch, now=now)
            count += touched.height
    progress(len(names), len(names), "完成")
    return count


def _days_with_data(database: sqlite3.Connection, values: str, found: Sequence[StationPlace]) -> pl.DataFrame:
    """Days between the first and the last of which there are data of a station of these places, within their validity."""
    days: set[date] = set()
    for place in found:
        for one in place.members:
            row = database.execute(
                "SELECT first, last FROM seen_station WHERE station = ? AND kind = ?", (one.station, values)
            ).fetchone()
            if row is not None:
                first, last = max(date.fromisoformat(row[0]), one.first), min(date.fromisoformat(row[1]), one.last)
                days |= set(pl.date_range(first, last, eager=True).to_list()) if first <= last else set()
    return pl.DataFrame({"date": sorted(days)}, schema={"date": pl.Date})
