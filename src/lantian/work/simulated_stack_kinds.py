"""Kinds of simulated stacks. All figures are invented (模拟数据): plausible levels, no plant's and no standard's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

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
FACTORS: Final = (*POLLUTANTS, O2, TEMPERATURE, MOISTURE, PRESSURE, VELOCITY, FLOW)


@dataclass(frozen=True, slots=True)
class Pollutant:
    """What a simulated stack emits of one pollutant, mg/m³ at reference oxygen.

    ``level`` is its usual converted concentration, ``limit`` what the plant keeps below, ``spread`` the share it moves by;
    ``noise`` is the instrument's for a minute (mg/m³), ``full`` the upper end of its range.
    """

    level: float
    limit: float
    spread: float
    noise: float
    full: float


@dataclass(frozen=True, slots=True, eq=False)
class StackKind:
    """A kind of plant behind a simulated stack.

    ``o2`` and ``temperature`` hold the value at full load and what it changes by towards no load; ``day_swing`` and
    ``weekend`` are shares of full load, ``peak_hour`` the hour of most load; ``stops`` the chance of a stop in ten days.
    """

    id: str
    zh: str
    pollutants: Mapping[str, Pollutant]
    reference_o2: float
    o2: tuple[float, float]
    temperature: tuple[float, float]
    moisture: float
    pressure: float
    velocity: float
    area: float
    load: float
    day_swing: float
    peak_hour: float
    weekend: float
    stops: float


KINDS: Final[Mapping[str, StackKind]] = {
    one.id: one
    for one in (
        StackKind(
            id="coal_boiler",
            zh="燃煤锅炉",
            pollutants={
                PM: Pollutant(14, 30, 0.18, 0.12, 100),
                SO2: Pollutant(95, 200, 0.25, 0.8, 600),
                NOX: Pollutant(120, 200, 0.14, 0.9, 600),
            },
            reference_o2=9,
            o2=(9.2, 4.5),
            temperature=(58, -14),
            moisture=10.5,
            pressure=-0.12,
            velocity=11,
            area=4.5,
            load=0.78,
            day_swing=0.12,
            peak_hour=5,
            weekend=0.0,
            stops=0.12,
        ),
        StackKind(
            id="biomass_boiler",
            zh="生物质锅炉",
            pollutants={
                PM: Pollutant(12, 30, 0.22, 0.12, 100),
                SO2: Pollutant(22, 50, 0.35, 0.5, 200),
                NOX: Pollutant(128, 200, 0.16, 0.9, 600),
            },
            reference_o2=9,
            o2=(9.8, 5.0),
            temperature=(112, -35),
            moisture=13,
            pressure=-0.08,
            velocity=9,
            area=1.3,
            load=0.7,
            day_swing=0.16,
            peak_hour=14,
            weekend=0.12,
            stops=0.25,
        ),
        StackKind(
            id="cement_kiln",
            zh="水泥窑",
            pollutants={
                PM: Pollutant(8.5, 20, 0.15, 0.1, 50),
                SO2: Pollutant(26, 100, 0.4, 0.6, 300),
                NOX: Pollutant(210, 320, 0.12, 1.2, 1000),
            },
            reference_o2=10,
            o2=(9.4, 3.0),
            temperature=(98, -22),
            moisture=7,
            pressure=-0.25,
            velocity=14,
            area=9.6,
            load=0.92,
            day_swing=0.03,
            peak_hour=3,
            weekend=0.0,
            stops=0.2,
        ),
        StackKind(
            id="gas_boiler",
            zh="燃气锅炉",
            pollutants={
                PM: Pollutant(3.2, 10, 0.15, 0.08, 30),
                SO2: Pollutant(7, 35, 0.3, 0.35, 100),
                NOX: Pollutant(31, 50, 0.12, 0.45, 200),
            },
            reference_o2=3.5,
            o2=(3.6, 3.8),
            temperature=(88, -26),
            moisture=15,
            pressure=0.03,
            velocity=7.5,
            area=1.0,
            load=0.66,
            day_swing=0.18,
            peak_hour=7,
            weekend=0.06,
            stops=0.15,
        ),
        StackKind(
            id="power_unit",
            zh="燃煤机组",
            pollutants={
                PM: Pollutant(2.9, 10, 0.2, 0.06, 30),
                SO2: Pollutant(17, 35, 0.22, 0.4, 150),
                NOX: Pollutant(34, 50, 0.12, 0.5, 200),
            },
            reference_o2=6,
            o2=(5.1, 3.4),
            temperature=(51, -6),
            moisture=12.5,
            pressure=-0.05,
            velocity=13,
            area=38,
            load=0.72,
            day_swing=0.17,
            peak_hour=19,
            weekend=0.04,
            stops=0.08,
        ),
    )
}
