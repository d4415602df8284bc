"""The register of stations as a list: rows that hold, when each was last heard, its capture of the last 30 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings
from django.http import HttpRequest

from lantian.air.item import HOUR_ITEMS
from lantian.basis.exact import rounded_text
from lantian.basis.period import Days
from lantian.site import clock, configured
from lantian.site.ambient.stations import counties_with_stations
from lantian.store.air import AirReader, plain_city
from lantian.store.hours import HourReader
from lantian.store.stations import ROLES, Station, StationReader
from lantian.work.air_now import hour_words

CAPTURE_DAYS = 30
EVERY = "all"
HELD = {"now": "在用", "ended": "已停用", EVERY: "全部时段"}


@dataclass(frozen=True, slots=True)
class Told:
    """When a station was last heard: an hour of the last days, or only its day; values present in these days."""

    hour: datetime | None
    day: date | None
    present: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the register as the list shows it; ``rate`` None for a row without days in the last 30."""

    station: Station
    role: str
    last: str
    rate: str | None
    low: bool
    holds: bool


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A station of which there are data but no row: code, first and last day."""

    code: str
    first: date | None
    last: date | None


@dataclass(slots=True)
class RegisterPage:
    """The address of the list read once, and what it shows."""

    city: str
    county: str
    role: str
    held: str
    text: str
    errors: dict[str, str]
    cities: list[str]
    counties: list[str]
    rows: list[Listed]
    days: Days
    unregistered: list[Unregistered]
    without: list[str]
    empty: bool

    @property
    def status(self) -> int:
        """HTTP status: 400 where something in the address could not be read."""
        return 400 if self.errors else 200


def register_page(request: HttpRequest) -> RegisterPage:
    """The list a request asks for; by itself the stations of the plan's city that are in use."""
    reader, plan, errors = StationReader(settings.DATA), configured.plan(), dict[str, str]()
    register, today = reader.stations(), clock.as_of()
    own = plain_city(plan.cities[0])
    cities = sorted({one.city for one in register}, key=lambda name: (name != own, name))
    city = _chosen(request, "city", [own, *cities, EVERY], own, errors)
    inside = [one for one in register if city in (EVERY, one.city)]
    counties = sorted({one.county for one in inside if one.county})
    county = _chosen(request, "county", ["", *counties], "", errors)
    role = _chosen(request, "role", ["", *ROLES], "", errors)
    held = _chosen(request, "held", list(HELD), "now", errors)
    text = request.GET.get("q", "").strip()
    chosen = [
        one
        for one in inside
        if county in ("", one.county)
        and role in ("", one.role)
        and (held == EVERY or one.valid_on(today) == (held == "now"))
        and text.casefold() in f"{one.code} {one.name}".casefold()
    ]
    days = Days(today - timedelta(days=CAPTURE_DAYS - 1), today)
    with_own = counties_with_stations(Days(today, today))
    heard = reader.heard()
    return RegisterPage(
        city=city,
        county=county,
        role=role,
        held=held,
        text=text,
        errors=errors,
        cities=cities or [own],
        counties=counties,
        rows=_listed(chosen, days),
        days=days,
        unregistered=[Unregistered(code, *heard.get(code, (None, None))) for code in reader.unregistered()],
        without=[one.zh for one in plan.counties if one.zh not in with_own] if register else [],
        empty=not register,
    )


def _chosen(request: HttpRequest, name: str, known: list[str], default: str, errors: dict[str, str]) -> str:
    text = request.GET.get(name, "").strip()
    if not text:
        return default
    if text in known:
        return text
    errors[name] = f"没有“{text[:20]}”这一项，请从列表中选"
    return default


def _listed(stations: list[Station], days: Days) -> list[Listed]:
    from lantian.work.air_quality import quality_rule

    version = AirReader(settings.DATA).version()
    told = told_of(settings.DATA, version, tuple(sorted({one.code for one in stations})), days)
    least = quality_rule(days.last).capture_percent
    return [_row(one, told[one.code], days, least) for one in stations]


def _row(one: Station, told: Told, days: Days, least: int) -> Listed:
    own = Days(max(one.valid_from, days.first), min(one.valid_until or days.last, days.last))
    possible = len(own) * 24 * len(HOUR_ITEMS)
    rate = Fraction(100 * min(told.present, possible), possible) if possible else None
    last = hour_words(told.hour) if told.hour else f"{told.day}" if told.day else ""
    return Listed(
        station=one,
        role=ROLES[one.role].zh,
        last=last,
        rate=None if rate is None else rounded_text(rate, 1),
        low=rate is not None and rate < least,
        holds=one.valid_on(days.last),
    )


@lru_cache(maxsize=8)  # the key holds the version of the air data: what changes is computed anew
def told_of(data: Path, version: int, codes: tuple[str, ...], days: Days) -> dict[str, Told]:
    """When each station was last heard, and its values in these days."""
    heard = StationReader(data).heard()
    hours = HourReader(data).hours(days, stations=codes)
    value = pl.any_horizontal(pl.col(item).is_not_null() for item in HOUR_ITEMS)
    counted = hours.group_by("station").agg(
        last=pl.col("time").filter(value).max(), present=pl.sum_horizontal(pl.col(item).count() for item in HOUR_ITEMS)
    )
    found = {code: (last, present) for code, last, present in counted.iter_rows()}
    return {
        code: Told(
            hour=found.get(code, (None, 0))[0], day=heard[code][1] if code in heard else None,
            present=found.get(code, (None, 0))[1],
        )
        for code in codes
    }  # fmt: skip
