"""A clean simulated stack (模拟数据), minute by minute: what its instruments and its data logger would send.

Load drives oxygen, temperature, moisture and velocity; the treatment holds the converted concentrations; the instruments
add response time, drift and noise; calibration, maintenance, faults, stops and lost minutes come as at real ones. A day
depends on kind, seed and date alone: asked for again, the same minute has the same values. Everything is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lantian.stack.conversion import AIR_O2
from lantian.work.simulated_stack_events import block, calibration, fire, lost_minutes
from lantian.work.simulated_stack_kinds import (
    FACTORS,
    FLOW,
    MOISTURE,
    NOX,
    O2,
    PM,
    POLLUTANTS,
    PRESSURE,
    SO2,
    TEMPERATURE,
    VELOCITY,
    StackKind,
)
from lantian.work.simulated_stack_noise import MINUTES, Floats, Noise, lagged

SCALE: Final = 4  # decimal places of the whole numbers in the table
AIR: Final = 20.95  # % oxygen
CONVERTED_TO: Final = 19.0  # % oxygen up to which a simulated data logger converts; above it sends the measured value
CONDITIONS: Final = ("", "停车", "停运", "启动")
MINUTE: Final = timedelta(minutes=1)
PLACES: Final = {PM: 3, SO2: 3, NOX: 3, O2: 3, TEMPERATURE: 2, MOISTURE: 2, PRESSURE: 4, VELOCITY: 3, FLOW: 3}
Flags = dict[str, NDArray[np.str_]]
_GASES: Final = (SO2, NOX, O2)


@dataclass(frozen=True, slots=True)
class Reading:
    """One factor of one minute as decimal text, and its flag; ``zs`` (converted) for pollutants only."""

    min: str
    avg: str
    max: str
    zs: str | None
    flag: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A simulated stack: its kind and the seed everything else follows from."""

    kind: StackKind
    seed: int

    def minutes(self, first: datetime, count: int) -> pl.DataFrame:
        """The minutes from ``first`` on, lost ones left out.

        Shape   start; condition (空, 停车, 停运, 启动: what the plant would mark); and for each factor its code (mean),
                code_min, code_max, code_zs (pollutants), code_flag
        Unit    whole numbers × 10⁻⁴; mg/m³, %, ℃, kPa, m/s, m³/s (dry, standard state)
        """
        until = first + count * MINUTE
        days = [date.fromordinal(one) for one in range(first.toordinal(), (until - MINUTE).toordinal() + 1)]
        whole = pl.concat([_day(self.kind, self.seed, day.toordinal()) for day in days])
        return whole.filter(pl.col("start").is_between(first, until, closed="left"))

    def at(self, minute: datetime) -> Mapping[str, Reading]:
        """The readings of one minute by factor; empty where the minute is lost."""
        return _texts(self.kind, self.seed, minute.toordinal()).get(minute.hour * 60 + minute.minute, {})

    def condition(self, minute: datetime) -> str:
        """What the plant would mark for a minute: 空, 停车, 停运 or 启动."""
        _, condition = fire(
            block(Noise(self.seed), minute.toordinal(), self.kind.stops, POLLUTANTS).stops, minute.toordinal()
        )
        return CONDITIONS[condition[minute.hour * 60 + minute.minute]]


def simulated_minutes(kind: StackKind, rng: np.random.Generator, first: datetime, minutes: int) -> pl.DataFrame:
    """Minutes of a stack drawn from ``rng``; the shape is that of ``Stack.minutes``."""
    return Stack(kind, int(rng.integers(2**63))).minutes(first, minutes)


@lru_cache(maxsize=512)
def _texts(kind: StackKind, seed: int, day: int) -> dict[int, dict[str, Reading]]:
    rows = _day(kind, seed, day)
    found: dict[int, dict[str, Reading]] = {}
    for row in rows.iter_rows(named=True):
        start = row["start"]
        found[start.hour * 60 + start.minute] = {code: _reading(row, code) for code in FACTORS}
    return found


def _reading(row: Mapping[str, int | str | None], code: str) -> Reading:
    def text(name: str) -> str:
        return f"{Decimal(int(row[name] or 0)).scaleb(-SCALE):.{PLACES[code]}f}"

    zs = text(f"{code}_zs") if code in POLLUTANTS else None
    return Reading(text(f"{code}_min"), text(code), text(f"{code}_max"), zs, str(row[f"{code}_flag"]))


@lru_cache(maxsize=64)
def _day(kind: StackKind, seed: int, day: int) -> pl.DataFrame:
    """The minutes of a day (ordinal) that were not lost."""
    noise = Noise(seed)
    happens = block(noise, day, kind.stops, POLLUTANTS)
    burning, condition = fire(happens.stops, day)
    load = _load(kind, noise, day) * burning
    state = _gas(kind, noise, day, load, burning)
    for code, one in kind.pollutants.items():
        above = [(event.share(day), event.strength) for event in happens.exceedances if event.about == code]
        wanted = _converted(noise, code, day, load, burning, above, kind)
        state[code] = np.maximum(wanted * (21 - state[O2]) / (21 - kind.reference_o2), 0.0)
        state[code] = lagged(state[code], 1.5) + _drift(noise, code, day, one.full)
        state[code] += one.noise * noise.fast(f"instrument {code}", day, 1.2)
    flags = {
        code: np.where(condition == 2, "F", "N") if code in POLLUTANTS else np.full(MINUTES, "N") for code in FACTORS
    }
    _calibrate(kind, noise, day, state, flags)
    for event in happens.maintenance:
        _maintain(state, flags, event.share(day))
    for event in happens.faults:
        part = event.share(day)
        flags[event.about][part] = "D"
        state[event.about][part] = state[event.about][part.start] if part.start < part.stop else 0.0
    return _table(kind, noise, day, state, flags, condition)


def _load(kind: StackKind, noise: Noise, day: int) -> Floats:
    hour = np.arange(MINUTES) / 60
    daily = kind.day_swing * np.cos(2 * np.pi * (hour - kind.peak_hour) / 24)
    weekly = np.interp(hour, (0, 12, 24), [kind.weekend * _weekend(day + shift) for shift in (-0.5, 0, 0.5)])
    moves = 0.05 * noise.slow("load day", day, 1440) + 0.035 * noise.slow("load hours", day, 180)
    moves = moves + 0.02 * noise.slow("load", day, 30) + 0.008 * noise.fast("load", day, 4)
    return np.clip(kind.load + daily - weekly + moves, 0.35, 1.06)


def _weekend(day: float) -> float:
    """Share of weekend at noon (a whole day) or midnight (a half)."""
    around = [(int(np.floor(day)) - 1) % 7 >= 5, (int(np.ceil(day)) - 1) % 7 >= 5]
    return sum(around) / 2


def _gas(kind: StackKind, noise: Noise, day: int, load: Floats, burning: Floats) -> dict[str, Floats]:
    """Oxygen, temperature, moisture, pressure, velocity as measured."""
    full, rise = kind.o2
    fire_on = np.clip(burning * 4, 0, 1)
    excess = 0.35 * noise.slow("excess air", day, 180) + 0.18 * noise.slow("excess air fast", day, 30)
    o2 = full + rise * (1 - load) + excess + 0.1 * noise.fast("o2", day, 3)
    o2 = AIR - (AIR - np.clip(o2, 1.0, 17.5)) * fire_on
    hour = np.arange(MINUTES) / 60
    outside = 3 + 6 * np.cos(2 * np.pi * (hour - 15) / 24) + 4 * noise.slow("outside", day, 1440)
    hot, change = kind.temperature
    warm = np.clip(burning * 1.6, 0.12, 1)
    temperature = hot + change * (1 - load) + 1.1 * noise.slow("heat", day, 120) + 0.05 * outside
    temperature = outside + (temperature - outside) * warm + 0.15 * noise.fast("thermometer", day, 1.2)
    moisture = kind.moisture * (1 - 0.25 * (1 - load)) + 0.35 * noise.slow("moisture", day, 180)
    moisture = 0.8 + (moisture - 0.8) * fire_on + 0.06 * noise.fast("hygrometer", day, 2)
    thin = (21 - full) / np.maximum(21 - o2, 1.0)
    flow = load / 0.9 * np.where(burning > 0.02, np.minimum(thin, 2.5), 0) + 0.015
    velocity = kind.velocity * flow * (1 + 0.012 * noise.fast("pitot", day, 1.5) + 0.02 * noise.slow("pitot", day, 240))
    pressure = kind.pressure * (0.4 + 0.6 * flow**2) + 0.004 * noise.fast("gauge", day, 1.5)
    return {
        O2: lagged(o2, 1.2) + 0.025 * noise.fast("instrument o2", day, 1.2),
        TEMPERATURE: temperature,
        MOISTURE: np.maximum(moisture, 0.1),
        PRESSURE: pressure,
        VELOCITY: np.maximum(velocity, 0.02),
    }


def _converted(
    noise: Noise, code: str, day: int, load: Floats, burning: Floats, above: list[tuple[slice, float]], kind: StackKind
) -> Floats:
    """What the treatment lets through, mg/m³ at reference oxygen: held near its level, below the limit but for events."""
    one = kind.pollutants[code]
    moves = (
        0.45 * noise.slow(f"{code} days", day, 1440)
        + 0.62 * noise.slow(f"{code} hours", day, 180)
        + 0.6 * noise.slow(f"{code} control", day, 20)
    )
    moves = moves + 0.35 * noise.fast(code, day, 5) + (load - kind.load) * 1.5
    if code == PM:  # soot blowing, three times a day
        minute = (np.arange(MINUTES) - int(noise.generator("soot", 0).integers(480))) % 480
        moves = moves + np.where(minute < 12, 1.2, 0.0)
    wanted = one.level * np.exp(one.spread * moves)
    held = 0.88 * one.limit
    wanted = np.where(wanted > held, held + (wanted - held) * 0.25, wanted)
    for part, strength in above:
        length = part.stop - part.start
        ramp = np.clip(np.minimum(np.arange(length), np.arange(length)[::-1]) / 15, 0, 1)
        wanted[part] = wanted[part] * (1 - ramp) + ramp * one.limit * strength * (wanted[part] / one.level) ** 0.5
    starting = np.clip((1 - burning) * 1.2, 0, 0.8)
    return np.where(burning > 0, wanted * (1 + starting), 0.0)


def _drift(noise: Noise, code: str, day: int, full: float) -> Floats:
    """Drift since the last calibration: grows through a day, at most about half a percent of the range."""
    zero, _ = calibration(noise)
    per_day = [
        0.0015 * full * float(noise.generator(f"drift {code}", day + shift).standard_normal()) for shift in (-1, 0)
    ]
    minute = np.arange(MINUTES)
    since = (minute - zero.start) % MINUTES / MINUTES
    found: Floats = np.where(minute < zero.start, per_day[0], per_day[1]) * since
    return found


def _calibrate(kind: StackKind, noise: Noise, day: int, state: dict[str, Floats], flags: Flags) -> None:
    zero, span = calibration(noise)
    rng = noise.generator("gas bottles", day)
    for code in _GASES:
        full = kind.pollutants[code].full if code in POLLUTANTS else 25.0
        for part, level in ((zero, 0.0), (span, 0.8 * full)):
            state[code][part] = level + 0.001 * full * rng.standard_normal(part.stop - part.start)
            flags[code][part] = "C"


def _maintain(state: dict[str, Floats], flags: Flags, part: slice) -> None:
    """The probe is out: the analysers see ambient air."""
    for code in (*POLLUTANTS, O2):
        state[code][part] = AIR if code == O2 else 0.004 * state[code][part]
        flags[code][part] = "M"


def _table(
    kind: StackKind, noise: Noise, day: int, state: dict[str, Floats], flags: Flags, condition: NDArray[np.int8]
) -> pl.DataFrame:
    rng = noise.generator("within the minute", day)
    means = {
        code: _printed(np.maximum(values, 0) if code in POLLUTANTS else values, code) for code, values in state.items()
    }
    means[FLOW] = _printed(standard_flow(kind, means), FLOW)
    start = datetime.combine(date.fromordinal(day), datetime.min.time())
    columns: dict[str, object] = {
        "start": pl.datetime_range(start, start + (MINUTES - 1) * MINUTE, MINUTE, time_unit="us", eager=True),
        "condition": np.array(CONDITIONS)[condition],
    }
    for code in FACTORS:
        aside = np.abs(rng.standard_normal((2, MINUTES))) * np.abs(means[code]) * 0.012
        columns[code] = _whole(means[code])
        columns[f"{code}_min"] = _whole(_printed(means[code] - aside[0], code))
        columns[f"{code}_max"] = _whole(_printed(means[code] + aside[1], code))
        if code in POLLUTANTS:
            o2 = means[O2]
            factor = np.where(
                o2 <= CONVERTED_TO, (AIR_O2 - kind.reference_o2) / (AIR_O2 - np.minimum(o2, CONVERTED_TO)), 1.0
            )
            columns[f"{code}_zs"] = _whole(_printed(means[code] * factor, code))
        columns[f"{code}_flag"] = flags.get(code, np.full(MINUTES, "N"))
    return pl.DataFrame(columns).filter(~pl.Series(lost_minutes(noise, day)))


def standard_flow(kind: StackKind, means: Mapping[str, Floats]) -> Floats:
    """Dry flow at standard state, m³/s: velocity × duct area × 273/(273+t) × P/101.325 × (1 − moisture)."""
    kelvin, pressure = 273 + means[TEMPERATURE], 101.325 + means[PRESSURE]
    return means[VELOCITY] * kind.area * 273 / kelvin * pressure / 101.325 * (1 - means[MOISTURE] / 100)


def _printed(values: Floats, code: str) -> Floats:
    rounded: Floats = np.round(values, PLACES[code])
    return rounded


def _whole(values: Floats) -> NDArray[np.int64]:
    return np.rint(values * 10**SCALE).astype(np.int64)
