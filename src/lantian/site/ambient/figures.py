"""The figures of the air pages, computed once for a state of the data and then kept."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lantian.basis.period import Days, year
from lantian.store.air import AirReader
from lantian.work.air_calendar import CalendarYear, calendar_year
from lantian.work.air_series import Series, Step, series
from lantian.work.air_standings import Candidate, Measure, Standings, standings

# The keys hold the version of the air data: what changes is computed anew.


def version() -> int:
    """Version of the air data."""
    return AirReader(settings.DATA).version()


def calendar_of(place: str, number: int, last: date) -> CalendarYear:
    """The days of a place in a year up to ``last``."""
    return _calendar(settings.DATA, version(), place, number, last)


@lru_cache(maxsize=64)
def _calendar(data: Path, version: int, place: str, number: int, last: date) -> CalendarYear:
    days = year(number).until(last)
    return calendar_year(place, number, last, AirReader(data).days(place, days))


def series_of(place: str, item: str, days: Days, step: Step) -> Series:
    """One pollutant of a place over a period."""
    return _series(settings.DATA, version(), place, item, days, step)


@lru_cache(maxsize=128)
def _series(data: Path, version: int, place: str, item: str, days: Days, step: Step) -> Series:
    return series(AirReader(data).table, place, item, days, step)


def standings_of(candidates: tuple[Candidate, ...], days: Days, measure: Measure) -> Standings:
    """Places ranked over a period."""
    return _standings(settings.DATA, version(), candidates, days, measure)


@lru_cache(maxsize=32)
def _standings(data: Path, version: int, candidates: tuple[Candidate, ...], days: Days, measure: Measure) -> Standings:
    return standings(candidates, AirReader(data).table, days, measure)
