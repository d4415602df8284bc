"""The reports of HJ 633 (real-time and daily) filled from the rulebook, by day or by edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from lantian import rulebook
from lantian.air.item import PRINTED
from lantian.air.parameters import Breakpoints
from lantian.air.realtime import Instead, ReportItem, ReportRule
from lantian.rulebook.dated import FAR, TOTAL_FROM
from lantian.work.air_index_law import Categories, Daily, Rules, breakpoints, daily_breakpoints


@dataclass(frozen=True, slots=True)
class _Hourly:
    iaqi: tuple[int, ...]
    so2: tuple[Decimal, ...]
    no2: tuple[Decimal, ...]
    co: tuple[Decimal, ...]
    o3: tuple[Decimal, ...]
    pm10: tuple[Decimal, ...]
    pm25: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class _Report:
    """Everything an edition of HJ 633 says about both reports; each field is a file of the folder."""

    PATH: ClassVar[str] = "ambient.aqi"
    breakpoints: Daily
    breakpoints_1h: _Hourly
    rules: Rules
    categories: Categories


@lru_cache(maxsize=1)  # the package's law does not change while a process runs
def _spans() -> tuple[tuple[date, date, _Report], ...]:
    return tuple((days.first, days.last, law) for days, law in rulebook.spans(_Report, TOTAL_FROM, FAR))


def editions() -> dict[str, str]:
    """Short names of the editions (their year) and the names they bear, oldest first."""
    names = dict.fromkeys(law.breakpoints.edition for _, _, law in _spans())
    return {name.rpartition("-")[2]: name for name in names}


def edition_on(day: date) -> str:
    """Name of the edition that holds on a day.

    Errors  rulebook.NoRuleError before 2012
    """
    for first, last, law in _spans():
        if first <= day <= last:
            return law.breakpoints.edition
    return rulebook.fill(_Report, day).breakpoints.edition  # refuses the day


@lru_cache(maxsize=16)  # likewise
def report_rule(edition: str, *, hourly: bool) -> ReportRule:
    """One edition's report: real-time (1-h values) or daily."""
    law = next(law for _, _, law in _spans() if law.breakpoints.edition == edition)
    return ReportRule(
        edition=edition,
        items=_hourly(law) if hourly else _daily(law),
        primary_above=law.rules.primary_above,
        missing_above=law.rules.report_incomplete_above,
        without_index_above=law.rules.incomplete_above,
        categories=law.categories.made(),
    )


def _hourly(law: _Report) -> tuple[ReportItem, ...]:
    items = []
    for key in ("so2", "no2", "co", "o3", "pm10", "pm25"):
        above = law.rules.so2_1h_over if key == "so2" else law.rules.highest
        instead = None
        if key == "so2" and above is None:
            instead = Instead("so2_24h", _places(law, "so2"), daily_breakpoints(law.breakpoints, law.rules, "so2"))
        items.append(ReportItem(key, _name(key), _places(law, key), _hourly_table(law, key, above), instead))
    return tuple(items)


def _daily(law: _Report) -> tuple[ReportItem, ...]:
    items = []
    for key in ("so2", "no2", "co", "o3_8h", "pm10", "pm25"):
        table = daily_breakpoints(law.breakpoints, law.rules, key)
        instead = None
        if table.above is None:
            instead = Instead("o3", _places(law, "o3"), _hourly_table(law, "o3", law.rules.highest))
        items.append(ReportItem(key, _name(key), _places(law, key), table, instead))
    return tuple(items)


def _name(key: str) -> str:
    return PRINTED["o3_8h" if key == "o3" else key]


def _places(law: _Report, key: str) -> int:
    return law.rules.input_places["o3_8h" if key == "o3" else key]


def _hourly_table(law: _Report, key: str, above: int | None) -> Breakpoints:
    return breakpoints(law.breakpoints_1h.iaqi, getattr(law.breakpoints_1h, key), above)
