"""Stations of the simulated city with their hours: written beside its days, gone when real data of the city come."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from lantian.basis.period import DAY, Days
from lantian.rulebook.plans import County
from lantian.store.air import AirReader, plain_city
from lantian.store.air_file import writing
from lantian.store.air_write import Counts, Series, finish_import, remove_simulated, start_import
from lantian.store.hours import SCHEMA, note_stations, write_hours
from lantian.store.simulated_stations import PREFIX, forget_stations, simulated_stations
from lantian.store.stations import Station, register, write_stations
from lantian.work.simulate_hours import Place, simulated_hours
from lantian.work.station_days import recompute, touched_days
from lantian.work.station_places import places

DAYS: Final = 120  # of hours before the last simulated day: a season to look at, written in about a second
_NUMERALS = "一二三四五六七八九"
_HOURS = Series("realtime", "hours")
# Role, county (number in the plan, None: none), level beside the city's mean, shift from the centre in degrees. Invented.
_CITY: Final = (
    ("national", 0, 1.04, (0.000, 0.000)),
    ("national", 0, 1.1, (0.03, 0.02)),
    ("national", 1, 0.93, (-0.035, -0.015)),
    ("national", 2, 0.93, (0.015, -0.03)),
    ("reference", None, 0.6, (-0.06, 0.035)),
)
_COUNTY_LEVELS: Final = (0.88, 0.74, 0.8)
_COUNTY_SHIFTS: Final = ((0.09, -0.01), (-0.09, 0.01), (0.06, 0.05))
_DISTRICTS_END: Final = 20  # region codes …01 to …20 are a city's districts, the rest counties and county cities


def simulate_stations(
    data: Path,
    city: str,
    region: str,
    counties: Sequence[County],
    centre: Sequence[Decimal],
    *,
    seed: int,
    last: date,
    now: datetime,
) -> int:
    """Writes simulated stations of a simulated city and their hours up to ``last``; how many hours.

    The last of the counties gets no station, as it is in many cities. Nothing is written for a city without simulated
    days or with stations of its own. Where ``centre`` is not known the stations have no coordinates.
    """
    name = plain_city(city)
    reader = AirReader(data)
    if not reader.simulated(name):
        return 0
    days = Days(last - (DAYS - 1) * DAY, last)
    values = [(one.date, one.values) for one in reader.days(name, days)]
    with writing(data, job=f"simulate {name}", now=now) as database:
        if any(one.city == name for one in register(database)):
            return 0
        made = _stations(name, region, counties, centre, days.first)
        hours = simulated_hours(seed, [place for _, place in made], values)
        batch = start_import(database, at=now, by="", kind="simulated", files=[], layout=f"seed {seed}")
        write_stations(database, [station for station, _ in made], batch=batch, known_at=now)
        told = hours.with_columns(known_at=pl.lit(now).cast(SCHEMA["known_at"]), batch=pl.lit(batch, pl.Int32))
        write_hours(database, data, told, _HOURS.values, now=now)
        seen = hours.select("station", date=(pl.col("time") - pl.duration(milliseconds=1)).dt.date())
        spans = seen.group_by("station").agg(first=pl.col("date").min(), last=pl.col("date").max())
        note_stations(database, spans.with_columns(city=pl.lit(name)), _HOURS.values)
        found = places(register(database))
        touched = touched_days(seen, found)
        recompute(database, data, touched, found, _HOURS, batch=batch, now=now, simulated=True)
        finish_import(
            database, batch, rows_read=hours.height, counts=Counts(new=hours.height), quarantined=[], notes=[]
        )
    return hours.height


def _stations(
    city: str, region: str, counties: Sequence[County], centre: Sequence[Decimal], first: date
) -> list[tuple[Station, Place]]:
    own = [one for one in counties if int(one.code[4:]) <= _DISTRICTS_END] or list(counties)
    far = [one for one in counties if one not in own][:-1][: len(_COUNTY_LEVELS)]
    plans = [
        (role, own[at % len(own)] if at is not None and own else None, level, shift) for role, at, level, shift in _CITY
    ]
    plans += [("county", *three) for three in zip(far, _COUNTY_LEVELS, _COUNTY_SHIFTS, strict=False)]
    found = []
    for number, (role, county, level, shift) in enumerate(plans):
        lon, lat = (
            (float(at + Decimal(str(by))) for at, by in zip(centre, shift, strict=True)) if centre else (None, None)
        )
        station = Station(
            code=f"{PREFIX}{number + 1}",
            name=f"模拟{_NUMERALS[number]}号站",
            city=city,
            county=county.zh if county else None,
            region=county.code if county else region,
            role=role,
            lon=lon,
            lat=lat,
            valid_from=first,
        )
        found.append((station, Place(station.code, level, wind=number == 0)))
    return found


def clear_simulated_stations(
    database: sqlite3.Connection, data: Path, cities: Collection[str], *, now: datetime
) -> int:
    """Takes out the simulated stations of cities, their hours and the days computed of them; how many stations."""
    gone = {one.code for one in simulated_stations(database, {plain_city(city) for city in cities})}
    if not gone:
        return 0
    made = [place.name for place in places(register(database)).values() if {m.station for m in place.members} <= gone]
    forget_stations(database, data, gone, now=now)
    remove_simulated(database, made, source="hours")
    return len(gone)
