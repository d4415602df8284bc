"""The places the pages of the air are about: the plan's city, its counties, and the other cities of its province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lantian.basis.period import Days
from lantian.basis.region import Level, level
from lantian.site import clock, configured
from lantian.store.air import AirReader, plain_city
from lantian.work.air_standings import Candidate
from lantian.work.duty import full_name

PROVINCE_DIGITS = 2  # of a region code


@dataclass(frozen=True, slots=True)
class Place:
    """A place: name in the data, name in a title, first and last day with a row (None without any)."""

    name: str
    title: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Places:
    """City and counties of the plan, the province's cities with data, and how many cities bear no region code."""

    city: Place
    counties: tuple[Place, ...]
    cities: tuple[Place, ...]
    uncoded: int

    @property
    def known(self) -> tuple[Place, ...]:
        """The city, then all places that have data, each once."""
        others = [one for one in (*self.counties, *self.cities) if one.first and one.name != self.city.name]
        return (self.city, *others)

    def named(self, name: str) -> Place | None:
        """The place of a name (with or without 市); the city for no name; None for one that is not known."""
        if not name.strip():
            return self.city
        every = (self.city, *self.counties, *self.cities)
        return next((one for one in every if one.name == plain_city(name)), None)


def places() -> Places:
    """Places of the configured plan as the data stand now."""
    plan = configured.plan()
    names = tuple(county.zh for county in plan.counties)
    return _places(settings.DATA, AirReader(settings.DATA).version(), plan.cities[0], names, plan.region)


def ranked_cities(known: Places) -> tuple[Candidate, ...]:
    """The province's cities as a ranking takes them."""
    return tuple(Candidate(one.name, one.title) for one in known.cities)


def last_day(place: Place | None = None) -> date:
    """The last day a page shows: that of the place's data, never after ``as_of``; ``as_of`` without data."""
    as_of = clock.as_of()
    found = place or places().city
    return min(found.last, as_of) if found.last else as_of


@lru_cache(maxsize=4)  # the key holds the version of the air data: what changes is computed anew
def _places(data: Path, version: int, city: str, names: tuple[str, ...], region: str) -> Places:
    air, own = AirReader(data), _place(AirReader(data), city)
    counties = tuple(_place(air, name) for name in names)
    of_plan = {own.name, *(one.name for one in counties)}
    cities, uncoded, province = [own], 0, region[:PROVINCE_DIGITS]
    for name in air.cities():
        if name in of_plan:
            continue
        code = _region(air, name)
        if code is None:
            uncoded += 1
        elif province and code.startswith(province) and level(code) is Level.PREFECTURE:
            cities.append(_place(air, name))
    return Places(own, counties, tuple(cities), uncoded)


def _place(air: AirReader, name: str) -> Place:
    plain = plain_city(name)
    title = name if name != plain else full_name(name)
    return Place(plain, title, air.earliest(plain), air.latest(plain))


def _region(air: AirReader, name: str) -> str | None:
    latest = air.latest(name)
    rows = air.days(name, Days(latest, latest)) if latest else []
    return rows[0].region if rows else None
