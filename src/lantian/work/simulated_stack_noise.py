"""Noise that is the same whenever it is asked for: each day of each channel has a generator of its own."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MINUTES: Final = 1440
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise of one stack, addressed by channel (a name) and day (ordinal): standard deviation about 1, mean 0."""

    seed: int

    def generator(self, channel: str, day: int) -> np.random.Generator:
        """The generator of a channel's day."""
        return np.random.default_rng((self.seed, zlib.crc32(channel.encode()), day))

    def white(self, channel: str, day: int) -> Floats:
        """Independent values of the minutes of a day."""
        return self.generator(channel, day).standard_normal(MINUTES)

    def fast(self, channel: str, day: int, minutes: float) -> Floats:
        """Noise with a memory of so many minutes (an exponential filter of white noise that began the day before)."""
        fade = np.exp(-1 / minutes)
        back = min(int(7 * minutes), MINUTES)
        weights = fade ** np.arange(back) * np.sqrt(1 - fade**2)
        white = np.concatenate([self.white(channel, day - 1)[MINUTES - back + 1 :], self.white(channel, day)])
        return np.convolve(white, weights, "valid")

    def slow(self, channel: str, day: int, knot_minutes: int) -> Floats:
        """A smooth curve through random knots so many minutes apart (a divisor of the day), by cubic B-spline."""
        per_day = MINUTES // knot_minutes
        around = [self.generator(channel, day + shift).standard_normal(per_day) for shift in (-1, 0, 1)]
        knots = np.concatenate([around[0][-1:], around[1], around[2][:2]])
        if per_day == 1:
            knots = np.array([around[0][-1], around[1][0], around[2][0], self._first(channel, day + 2)])
        place = np.arange(MINUTES) / knot_minutes
        index = place.astype(np.int64)
        t = place - index
        spline = (
            knots[index] * (1 - t) ** 3
            + knots[index + 1] * (3 * t**3 - 6 * t**2 + 4)
            + knots[index + 2] * (-3 * t**3 + 3 * t**2 + 3 * t + 1)
            + knots[index + 3] * t**3
        )
        return spline / 6 * 1.45

    def _first(self, channel: str, day: int) -> float:
        return float(self.generator(channel, day).standard_normal(1)[0])


def lagged(values: Floats, minutes: float, before: float | None = None) -> Floats:
    """The values as an instrument with this response time shows them."""
    back = int(6 * minutes) + 1
    weights = np.exp(-np.arange(back) / minutes)
    start = np.full(back - 1, values[0] if before is None else before)
    return np.convolve(np.concatenate([start, values]), weights / weights.sum(), "valid")
