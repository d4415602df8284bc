"""Which stations make a city or a county on which days, out of the register of stations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from lantian.basis.period import DAY, Days
from lantian.rulebook.dated import FAR
from lantian.store.air import plain_city
from lantian.store.stations import OF_CITY, OF_COUNTY, Station

_MEMBERS = {"place": pl.String, "station": pl.String, "first": pl.Date, "last": pl.Date}


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """A station that counts for a place from ``first`` to ``last``."""

    station: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StationPlace:
    """A city or a county with the stations that make it; ``county`` None for a city."""

    name: str
    city: str
    county: str | None
    region: str | None
    members: tuple[Member, ...]


def places(register: Iterable[Station]) -> dict[str, StationPlace]:
    """Cities and counties by the name their days are kept under.

    A county is kept under its own name; where several cities of the register have one of that name (南山区), under the
    city's and its own.
    """
    of: dict[tuple[str, str | None], list[Station]] = defaultdict(list)
    cities: dict[str, set[str]] = defaultdict(set)
    for one in register:
        if one.role in OF_CITY:
            of[one.city, None].append(one)
        if one.county and one.role in OF_COUNTY:
            of[one.city, one.county].append(one)
            cities[plain_city(one.county)].add(one.city)
    taken = {city for city, county in of if county is None}
    found = {}
    for (city, county), stations in of.items():
        name = city if county is None else plain_city(county)
        if county is not None and (len(cities[name]) > 1 or name in taken):
            name = f"{city}{county}"
        found[name] = StationPlace(name, city, county, _region(stations, county), _members(stations))
    return found


def _region(stations: Sequence[Station], county: str | None) -> str | None:
    code = next((one.region for one in stations if one.region), None)
    if code is None or county is None:
        return f"{code[:4]}00" if code else None
    return code if not code.endswith("00") else None


def _members(stations: Sequence[Station]) -> tuple[Member, ...]:
    return tuple(sorted(Member(one.code, one.valid_from, one.valid_until or FAR) for one in stations))


def member_table(found: Mapping[str, StationPlace]) -> pl.DataFrame:
    """Rows place, station, first, last."""
    rows = [(place.name, one.station, one.first, one.last) for place in found.values() for one in place.members]
    return pl.DataFrame(rows, schema=_MEMBERS, orient="row")


def same_stations(members: pl.DataFrame, period: Days) -> list[Days]:
    """A period cut where the stations of a place change."""
    starts = {*members["first"].to_list(), *(last + DAY for last in members["last"].to_list() if last < FAR)}
    cuts = sorted({period.first, *(day for day in starts if period.first < day <= period.last)})
    return [
        Days(first, last) for first, last in zip(cuts, [*(day - DAY for day in cuts[1:]), period.last], strict=True)
    ]
