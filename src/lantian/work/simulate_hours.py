"""Hours of simulated stations: the simulated city's days spread over its stations and hours, the same for a seed.

Not a model of anything (see ``work.simulate``): a usual course of the day, a level for each station, noise, gaps, and
two planted faults, so that the pages about stations have something to show. Names and marks say that it is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

import polars as pl

from lantian.air.item import HOUR_ITEMS, SCALE

HOUR_COLUMNS = (*HOUR_ITEMS, "wind_direction", "wind_speed")
STEP = {name: 10 ** (SCALE - 1) if name in ("co", "wind_speed") else 10**SCALE for name in HOUR_COLUMNS}

# Share of the day's mean at each hour ended, 1 o'clock first; invented: rush hours and heating for the first, sun for O3.
COURSE = (0.98, 0.94, 0.91, 0.89, 0.9, 0.95, 1.05, 1.15, 1.14, 1.06, 0.98, 0.91, 0.86, 0.83, 0.83, 0.87, 0.96, 1.08,
          1.18, 1.2, 1.17, 1.11, 1.06, 1.02)  # fmt: skip
OZONE = (0.55, 0.5, 0.46, 0.43, 0.41, 0.4, 0.42, 0.48, 0.58, 0.7, 0.82, 0.92, 0.99, 1.04, 1.06, 1.05, 1.02, 0.97, 0.9,
         0.82, 0.75, 0.69, 0.63, 0.59)  # fmt: skip
GAP_CHANCE = 0.008  # of a station-hour
AWAY_CHANCE = 0.01  # of a station-day without any value
STUCK_HOURS = 9  # equal PM10 values planted at the second station, ten days before the end
FIRST_STUCK = 8
PLANTED_BEFORE_END = 10
_SCHEMA = {"station": pl.String(), "time": pl.Datetime("ms"), **dict.fromkeys(HOUR_COLUMNS, pl.Int32())}


@dataclass(frozen=True, slots=True)
class Place:
    """A simulated station: code, name, how its air relates to the city's mean, whether it has a wind vane."""

    code: str
    level: float
    wind: bool = False


def simulated_hours(
    seed: int, places: Sequence[Place], days: Sequence[tuple[date, Mapping[str, int | None]]]
) -> pl.DataFrame:
    """Hours of each place for each day; cutting the days changes no hour except the planted faults.

    ``days`` dates with the city's values (scaled, ``o3_8h`` for ozone).
    Shape   station, time (end of the hour), the columns of HOUR_COLUMNS (Int32 scaled, null missing)
    """
    rows = [row for number, place in enumerate(places) for row in _station(seed, number, place, days)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _station(
    seed: int, number: int, place: Place, days: Sequence[tuple[date, Mapping[str, int | None]]]
) -> Iterator[tuple[object, ...]]:
    planted = days[-1][0] - timedelta(days=PLANTED_BEFORE_END) if days else None
    for day, values in days:
        draw = Random(f"{seed}/{place.code}/{day}")
        away = draw.random() < AWAY_CHANCE
        direction, speed = 360 * draw.random(), 1 + 2.5 * draw.random()
        stuck: int | None = None
        for hour in range(1, 25):
            row = _hour(draw, place, values, hour, direction, speed)
            gap = draw.random() < GAP_CHANCE
            if number == 1 and day == planted and FIRST_STUCK <= hour < FIRST_STUCK + STUCK_HOURS:
                stuck = row["pm10"] if stuck is None else stuck
                row["pm10"], gap = stuck, False
            if not away and not gap:
                stamp = datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001 - Beijing civil time
                yield place.code, stamp, *(row[name] for name in HOUR_COLUMNS)


def _hour(
    draw: Random, place: Place, values: Mapping[str, int | None], hour: int, direction: float, speed: float
) -> dict[str, int | None]:
    still = 0.85 + 0.3 * draw.random()  # of the whole hour: items rise and fall together
    row: dict[str, int | None] = {}
    for name in HOUR_ITEMS:
        mean = values["o3_8h" if name == "o3" else name]
        course = OZONE[hour - 1] if name == "o3" else COURSE[hour - 1]
        noise = 0.92 + 0.16 * draw.random()
        row[name] = None if mean is None else _stepped(name, mean / 10**SCALE * course * place.level * still * noise)
    turn, gust = draw.random(), draw.random()
    if place.wind:
        row["wind_direction"] = _stepped("wind_direction", math.floor(direction + 60 * (turn - 0.5)) % 360)
        row["wind_speed"] = _stepped("wind_speed", max(0.2, speed * (0.6 + 0.8 * gust)))
    else:
        row["wind_direction"] = row["wind_speed"] = None
    if row["pm10"] is not None and row["pm25"] is not None:
        row["pm10"] = max(row["pm10"], row["pm25"])
    return row


def _stepped(name: str, value: float) -> int:
    """A value at the step instruments report (1 µg/m³; 0.1 for CO and wind speed), scaled."""
    step = STEP[name]
    return max(1, round(value * 10**SCALE / step)) * step
