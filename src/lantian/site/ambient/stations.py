"""Stations and their hours as the pages show them: the last hour, a day by station, counties with stations of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from lantian.air.item import HOUR_ITEMS, PRINTED, SCALE
from lantian.basis.exact import rounded_text
from lantian.basis.period import DAY, HOUR, Days, day_of_hour_end_stamp, month
from lantian.site.ambient.places import Place, Places
from lantian.store.air import AirReader, plain_city
from lantian.store.hours import HourReader
from lantian.store.stations import OF_COUNTY, ROLES, Station, StationReader
from lantian.work.air_now import Now, now_of
from lantian.work.air_rules import index_rule
from lantian.work.air_standings import Candidate


@dataclass(frozen=True, slots=True)
class StationDay:
    """Hours of one station on one day: how many of each item, and their plain mean (no validity asked)."""

    code: str
    name: str
    role: str
    hours: int
    counts: tuple[tuple[str, int, str | None], ...]


def last_hour(city: str, until: date) -> Now | None:
    """The last hour there is of the city's registered stations up to the end of a day; None without any."""
    data, version = settings.DATA, AirReader(settings.DATA).version()
    time = _last_time(data, version, until)
    return None if time is None else _hour(data, version, plain_city(city), time)


def hour_before(city: str, time: datetime) -> Now:
    """The hour before the one that ended at ``time``."""
    return _hour(settings.DATA, AirReader(settings.DATA).version(), plain_city(city), time - HOUR)


@lru_cache(maxsize=8)  # the key holds the version of the air data: what changes is computed anew
def _last_time(data: Path, version: int, until: date) -> datetime | None:
    """End of the last hour with a value, not after ``until``: who looks back sees no later hours."""
    reader = HourReader(data)
    time = reader.last_hour()
    if time is None or day_of_hour_end_stamp(time) <= until:
        return time
    for text in reversed([one for one in reader.months() if one <= f"{until:%Y-%m}"]):
        days = month(int(text[:4]), int(text[5:]))
        hours = reader.hours(Days(days.first, min(until, days.last)))
        told = hours.filter(pl.any_horizontal(pl.col(item).is_not_null() for item in HOUR_ITEMS))["time"].max()
        if isinstance(told, datetime):
            return told
    return None


@lru_cache(maxsize=8)
def _hour(data: Path, version: int, city: str, time: datetime) -> Now:
    day = day_of_hour_end_stamp(time)
    stations = [one for one in StationReader(data).stations(on=day) if plain_city(one.city) == city]
    hours = HourReader(data).hours(Days(day - DAY, day), stations=[one.code for one in stations])
    return now_of(time, hours, stations, city)


def unregistered() -> list[str]:
    """Codes of stations with hours that stand in no register."""
    return StationReader(settings.DATA).unregistered()


def none_registered() -> bool:
    """Whether the register of stations is empty."""
    return not StationReader(settings.DATA).stations()


def counties_with_stations(days: Days) -> frozenset[str]:
    """Counties in which a national, provincial or county station stood on some day of a period."""
    return frozenset(
        one.county
        for one in StationReader(settings.DATA).stations()
        if one.county
        and one.role in OF_COUNTY
        and one.valid_from <= days.last
        and (one.valid_until is None or one.valid_until >= days.first)
    )


def ranked_counties(known: Places, days: Days) -> tuple[Candidate, ...]:
    """The counties as a ranking takes them: one has a station of its own where one is registered, or it has days of its own."""
    own = counties_with_stations(days)
    return tuple(Candidate(one.name, one.title, bool(one.last) or one.title in own) for one in known.counties)


def station_days(day: date, place: Place, known: Places) -> list[StationDay]:
    """The stations of a place on a day of which there are hours."""
    return list(_station_days(settings.DATA, AirReader(settings.DATA).version(), day, place, known.city.name))


@lru_cache(maxsize=64)
def _station_days(data: Path, version: int, day: date, place: Place, city: str) -> tuple[StationDay, ...]:
    stations = [one for one in StationReader(data).stations(on=day) if _inside(one, place, city)]
    if not stations:
        return ()
    hours = HourReader(data).hours(Days(day, day), stations=[one.code for one in stations])
    by_code = {str(code): own for (code,), own in hours.partition_by("station", as_dict=True).items()}
    return tuple(_station_day(one, by_code[one.code], day) for one in stations if one.code in by_code)


def _inside(station: Station, place: Place, city: str) -> bool:
    """Whether a station is one of a place: of the city all, of a county those in it."""
    if place.name == city:
        return plain_city(station.city) == city
    return station.county is not None and plain_city(station.county) == place.name


def _station_day(station: Station, hours: pl.DataFrame, day: date) -> StationDay:
    places = index_rule(day).places
    counts = []
    for item in HOUR_ITEMS:
        key = "o3_8h" if item == "o3" else item
        known = hours[item].drop_nulls()
        mean = None
        if len(known):
            mean = rounded_text(Fraction(int(known.cast(pl.Int64).sum()), len(known) * 10**SCALE), places[key])
        counts.append((PRINTED[key], len(known), mean))
    told = hours.filter(pl.any_horizontal(pl.col(item).is_not_null() for item in HOUR_ITEMS)).height
    return StationDay(station.code, station.name, ROLES[station.role].zh, told, tuple(counts))
