"""Checks on tables of hours or days of stations and cities: what is worth a look. A value is never removed or changed.

A table has ``city``, ``station`` (null for a city's own values), ``time`` (Datetime stamped at the end of the hour, or
Date) and item columns as Int64 scaled by 10**SCALE; hours have ``o3``, days ``o3_8h``. A check that finds nothing
returns nothing; what a finding means is for people to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

import polars as pl

from lantian.air.item import PRINTED, SCALE
from lantian.basis.exact import plain_text
from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.basis.period import DAY, HOUR

ALL_ITEMS: Final = ("so2", "no2", "co", "o3", "o3_8h", "pm10", "pm25")
NAMES: Final = {**PRINTED, "o3": "O3"}
STATION: Final = ("city", "station")


@dataclass(frozen=True, slots=True)
class StepRule:
    """Thresholds of checks along time, for hours or for days; concentrations are scaled integers.

    ``stuck`` equal values in a row, counted only above ``stuck_above``; ``zeros`` zeros in a row; a jump is a rise over
    the value before by more than ``jump_least`` and to more than ``jump_times`` of it.
    """

    stuck: Mapping[str, int]
    stuck_above: Mapping[str, int]
    zeros: int
    jump_times: Fraction
    jump_least: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NeighbourRule:
    """When a station is out of line with the city's other stations; ``floor`` scaled, see ``air.neighbours``."""

    others: int
    times: int
    floor_percent: int
    floor: Mapping[str, int]
    share_percent: int
    least: int


@dataclass(frozen=True, slots=True)
class QualityRule:
    """All thresholds: along time, of particles, near the detection limit (scaled), of neighbours, of capture."""

    hours: StepRule
    days: StepRule
    fine_above_percent: int
    fine_above_least: int
    detection: Mapping[str, int]
    detection_percent: int
    neighbours: NeighbourRule
    capture_percent: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something worth a look: station, item, first and last time, how many values (of how many), in words.

    ``clause`` is the standard, or the place in the rulebook where a threshold of our own practice stands.
    """

    code: str
    severity: Severity
    city: str
    station: str | None
    item: str | None
    first: datetime | date
    last: datetime | date
    count: int
    text: Text
    clause: str

    def finding(self, file: str | None = None) -> Finding:
        """The doubt as a finding."""
        return Finding(self.code, self.severity, self.text, Place(file=file, column=self.item), self.clause)


def items_of(table: pl.DataFrame) -> list[str]:
    """The item columns of a table."""
    return [item for item in ALL_ITEMS if item in table.columns]


def hourly(table: pl.DataFrame) -> bool:
    """Whether the rows of a table are hours."""
    return table.schema["time"] != pl.Date


def step_of(table: pl.DataFrame) -> timedelta:
    """Time from a row to the next."""
    return HOUR if hourly(table) else DAY


def with_month(table: pl.DataFrame) -> pl.DataFrame:
    """The table with ``month``, the first day of the month a row belongs to (00:00 belongs to the day before)."""
    own = pl.col("time") - HOUR if hourly(table) else pl.col("time")
    return table.with_columns(month=own.dt.date().dt.truncate("1mo") if hourly(table) else own.dt.truncate("1mo"))


def subject(city: str, station: str | None) -> str:
    """Who a finding is about."""
    return city if station is None else f"{city} {station}"


def clock(time: datetime | date) -> str:
    """A time as it is printed: 2015-03-04 05:00 or 2015-03-04."""
    return f"{time:%Y-%m-%d %H:%M}" if isinstance(time, datetime) else f"{time}"


def plain(value: int) -> str:
    """A scaled value without superfluous zeros."""
    return plain_text(value, SCALE)


def unit_of(item: str) -> str:
    """Unit of an item as it is printed."""
    return "mg/m³" if item == "co" else "µg/m³"
