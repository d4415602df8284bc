"""What happens at a simulated stack: stops and starts, calibration, maintenance, faults, lost minutes, true exceedances.

All is drawn by blocks of ten days from generators of their own, so that any minute can be asked for alone. An event lies
within its block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lantian.work.simulated_stack_noise import MINUTES, Noise

BLOCK_DAYS: Final = 10
BLOCK: Final = BLOCK_DAYS * MINUTES
SHUTTING_DOWN: Final = 60  # minutes
STARTING_UP: Final = 180
ZERO_GAS: Final = 6
SPAN_GAS: Final = 6


@dataclass(frozen=True, slots=True)
class Event:
    """A span of minutes since day 0 (first included, until not), with what it is about and how strong."""

    first: int
    until: int
    about: str = ""
    strength: float = 0.0

    def share(self, day: int) -> slice:
        """The part of a day's minutes it covers (empty where it lies elsewhere)."""
        start = day * MINUTES
        return slice(min(max(self.first - start, 0), MINUTES), min(max(self.until - start, 0), MINUTES))


@dataclass(frozen=True, slots=True)
class Block:
    """The events of ten days."""

    stops: tuple[Event, ...]
    maintenance: tuple[Event, ...]
    faults: tuple[Event, ...]
    exceedances: tuple[Event, ...]


def block(noise: Noise, day: int, stops: float, factors: tuple[str, ...]) -> Block:
    """The events of the block a day lies in; a stop is given from shutting down to the end of starting up."""
    number = day // BLOCK_DAYS
    rng = noise.generator("events", number)
    start = number * BLOCK
    stopped = (_within(rng, start, 8 * 60, 40 * 60, SHUTTING_DOWN + STARTING_UP),) if rng.random() < stops else ()
    maintenance = tuple(_in_working_hours(rng, start) for _ in range(int(rng.random() < 0.8)))
    faults = tuple(
        _about(_within(rng, start, 20, 120), str(rng.choice(factors)), 0.0) for _ in range(int(rng.random() < 0.15))
    )
    exceedances = tuple(
        _about(_within(rng, start, 60, 240), str(rng.choice(factors)), float(rng.uniform(1.15, 1.7)))
        for _ in range(int(rng.poisson(0.5)))
    )
    return Block(stopped, maintenance, faults, exceedances)


def _within(rng: np.random.Generator, start: int, least: int, most: int, more: int = 0) -> Event:
    length = int(rng.integers(least, most)) + more
    first = start + int(rng.integers(0, BLOCK - length))
    return Event(first, first + length)


def _in_working_hours(rng: np.random.Generator, start: int) -> Event:
    first = start + int(rng.integers(0, BLOCK_DAYS)) * MINUTES + int(rng.integers(9 * 60, 15 * 60))
    return Event(first, first + int(rng.integers(40, 150)))


def _about(event: Event, factor: str, strength: float) -> Event:
    return Event(event.first, event.until, factor, strength)


def fire(events: tuple[Event, ...], day: int) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """How much of the fire burns each minute of a day (0 to 1), and the condition: 0 running, 1 停车, 2 停运, 3 启动."""
    share, condition = np.ones(MINUTES), np.zeros(MINUTES, np.int8)
    minute = day * MINUTES + np.arange(MINUTES)
    for event in events:
        down, up = event.first + SHUTTING_DOWN, event.until - STARTING_UP
        inside = (minute >= event.first) & (minute < event.until)
        falling, rising = (down - minute) / SHUTTING_DOWN, (minute - up) / STARTING_UP
        share = np.where(inside, np.clip(np.maximum(falling, rising), 0, 1), share)
        condition = np.where(inside, np.where(minute < down, 1, np.where(minute < up, 2, 3)), condition)
    return share, condition.astype(np.int8)


def lost_minutes(noise: Noise, day: int) -> NDArray[np.bool_]:
    """Minutes of a day that never reach the data logger: short outages and single minutes."""
    rng = noise.generator("lost", day)
    lost = rng.random(MINUTES) < 0.0005
    for _ in range(int(rng.poisson(0.25))):
        first = int(rng.integers(0, MINUTES - 45))
        lost[first : first + int(rng.integers(3, 45))] = True
    return lost


def calibration(noise: Noise) -> tuple[slice, slice]:
    """The daily minutes of zero gas and of span gas; the time of day is the stack's own."""
    first = int(noise.generator("calibration", 0).integers(0, MINUTES - ZERO_GAS - SPAN_GAS))
    middle = first + ZERO_GAS
    return slice(first, middle), slice(middle, middle + SPAN_GAS)
