"""What a screening looks at: the minutes of one outlet on the full grid of whole days, with limits, marks and hour records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

PM: Final = "a34013"
SO2: Final = "a21026"
NOX: Final = "a21002"
O2: Final = "a19001"
VELOCITY: Final = "a01011"
TEMPERATURE: Final = "a01012"
PRESSURE: Final = "a01013"
MOISTURE: Final = "a01014"
FLOW: Final = "a00000"
POLLUTANTS: Final = (PM, SO2, NOX)
DAY: Final = 1440
HOUR: Final = 60
SCALE: Final = 4
NORMAL: Final = ord("N")
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Evidence = Mapping[str, float | int | str]
Span = tuple[int, int]  # minutes of the trace: first included, until not


@dataclass(frozen=True, slots=True)
class Alarm:
    """A pattern that was seen: minutes of the trace (until not included), how strongly (1: just at the threshold), numbers."""

    pattern: str
    factor: str
    first: int
    until: int
    score: float
    evidence: Evidence


@dataclass(frozen=True)
class Trace:
    """Minutes of one outlet from ``first`` (0:00) over whole days; missing is nan, its flag 0.

    ``values`` are measured means (mg/m³, %, ℃, kPa, m/s, m³/s dry at standard state), ``converted`` those at reference
    oxygen as sent, ``flags`` the letters' codes. ``idle`` are minutes marked as not in normal operation (stopped, starting
    up, shutting down), ``stopped`` those of them marked as stopped. ``hour_means`` and ``hour_mass`` (kg) as sent, by hour.
    ``hourly``: only hours were sent, and each stands in all its minutes.
    """

    outlet: str
    company: str
    first: datetime
    values: Mapping[str, Floats]
    converted: Mapping[str, Floats]
    flags: Mapping[str, Bytes]
    idle: Bools
    stopped: Bools
    limits: Mapping[str, float] = field(default_factory=dict)
    reference_o2: float | None = None
    hour_means: Mapping[str, Floats] = field(default_factory=dict)
    hour_mass: Mapping[str, Floats] = field(default_factory=dict)
    hourly: bool = False

    @property
    def minutes(self) -> int:
        """How many minutes."""
        return len(self.idle)

    @property
    def pollutants(self) -> tuple[str, ...]:
        """The pollutants that were sent."""
        return tuple(code for code in POLLUTANTS if code in self.values)

    def at(self, minute: int) -> datetime:
        """The time of a minute."""
        return self.first + timedelta(minutes=minute)

    @cached_property
    def running(self) -> Bools:
        """Minutes in operation: not marked otherwise and, where pollutants are sent, not all of them flagged F."""
        running: Bools = ~self.idle
        if self.pollutants:
            off: Bools = np.all([self.flags[code] == ord("F") for code in self.pollutants], axis=0)
            running = running & ~off
        return running

    @cached_property
    def _good(self) -> dict[str, Bools]:
        return {
            code: self.running & (self.flags[code] == NORMAL) & np.isfinite(values)
            for code, values in self.values.items()
        }

    def good(self, code: str) -> Bools:
        """Minutes of a factor with a value, flag N, in operation."""
        return self._good[code]

    def sent_normal(self, code: str) -> Bools:
        """Minutes of a factor with a value and flag N, whatever was marked."""
        normal: Bools = (self.flags[code] == NORMAL) & np.isfinite(self.values[code])
        return normal

    @cached_property
    def _steps(self) -> dict[str, float]:
        return {code: _step(values[self.good(code)]) for code, values in self.values.items()}

    def step(self, code: str) -> float:
        """The smallest step of a factor's values: one unit of the last decimal place it is sent with."""
        return self._steps[code]

    @cached_property
    def usual(self) -> dict[str, float]:
        """The median of each factor in operation (nan where there is none)."""
        return {
            code: float(np.median(values[self.good(code)])) if self.good(code).any() else float("nan")
            for code, values in self.values.items()
        }


def _step(values: Floats) -> float:
    whole = np.rint(values * 10**SCALE).astype(np.int64)
    for places in range(SCALE):
        if np.mean(whole % 10 ** (SCALE - places) != 0) < 0.02 if len(whole) else True:
            return float(10.0**-places)
    return float(10.0**-SCALE)


def named(first: datetime, minute: int) -> str:
    """A minute of the trace as it is printed."""
    return f"{first + timedelta(minutes=minute):%Y-%m-%d %H:%M}"
