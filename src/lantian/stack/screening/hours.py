"""Statistics of the hours of a series, windows over them, and runs of what is true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lantian.stack.screening.trace import HOUR, Bools, Floats, Span


@dataclass(frozen=True, slots=True)
class Hours:
    """Sums over the hours of a series: number, values, squares; and of the squared steps from minute to minute."""

    n: Floats
    total: Floats
    squares: Floats
    steps: Floats
    step_squares: Floats

    @property
    def mean(self) -> Floats:
        """Means; nan where fewer than half of the minutes are there."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.n >= HOUR / 2, self.total / self.n, np.nan)

    def window(self, hours: int) -> Hours:
        """The same over so many hours, each window at its first hour (shorter by ``hours`` − 1)."""
        parts = (self.n, self.total, self.squares, self.steps, self.step_squares)
        return Hours(*(sliding_window_view(part, hours).sum(axis=1) for part in parts))

    def spread(self, least: int) -> Floats:
        """Standard deviations; nan below so many minutes."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self.total / self.n
            return np.where(self.n >= least, np.sqrt(np.maximum(self.squares / self.n - mean**2, 0)), np.nan)

    def roughness(self, least: int) -> Floats:
        """Root mean square step from minute to minute; nan below so many steps."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.steps >= least, np.sqrt(self.step_squares / self.steps), np.nan)


def hours_of(values: Floats, good: Bools) -> Hours:
    """The hours of a series; ``good`` says which minutes count."""
    centre = float(np.median(values[good])) if good.any() else 0.0
    kept = np.where(good, values - centre, 0.0)
    both = good[1:] & good[:-1]
    step = np.concatenate([[0.0], np.where(both, kept[1:] - kept[:-1], 0.0)])
    pairs = np.concatenate([[False], both])

    def sums(parts: Floats | Bools) -> Floats:
        found: Floats = parts.reshape(-1, HOUR).sum(axis=1).astype(np.float64)
        return found

    n = sums(good)
    return Hours(n, sums(kept) + n * centre, sums(np.where(good, values, 0.0) ** 2), sums(pairs), sums(step**2))


def hour_means(values: Floats, good: Bools) -> Floats:
    """Means of the hours; nan where fewer than half of the minutes count."""
    return hours_of(values, good).mean


def runs(true: Bools, least: int, gap: int = 0) -> list[Span]:
    """Runs of true of at least this length; gaps up to ``gap`` are bridged (they count as part of the run)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    if gap and len(starts) > 1:
        apart = starts[1:] - stops[:-1] > gap
        starts = starts[np.concatenate([[True], apart])]
        stops = stops[np.concatenate([apart, [True]])]
    return [(int(a), int(b)) for a, b in zip(starts, stops, strict=True) if b - a >= least]


def covered(windows: Bools, length: int) -> Bools:
    """What windows (by their first hour) cover, if they are true."""
    found = np.zeros(len(windows) + length - 1, np.bool_)
    for shift in range(length):
        found[shift : shift + len(windows)] |= windows
    return found


def in_minutes(span: Span) -> Span:
    """A span of hours as one of minutes."""
    return span[0] * HOUR, span[1] * HOUR


def smooth(values: Floats, good: Bools, minutes: int) -> Floats:
    """Centred moving means over the minutes that count; nan where none do."""
    kernel_half = minutes // 2
    n = np.concatenate([[0], np.cumsum(good)])
    total = np.concatenate([[0.0], np.cumsum(np.where(good, values, 0.0))])
    index = np.arange(len(values))
    low, high = np.maximum(index - kernel_half, 0), np.minimum(index + kernel_half + 1, len(values))
    count = n[high] - n[low]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(count > 0, (total[high] - total[low]) / count, np.nan)
    return found


def quick(values: Floats, good: Bools, minutes: int = 60) -> Floats:
    """What moves faster than so many minutes: the values less their moving mean; 0 where they do not count."""
    found: Floats = np.where(good, values - smooth(values, good, minutes), 0.0)
    return found


def middle(values: Floats) -> float:
    """Median of what is there; nan where nothing is."""
    there = values[np.isfinite(values)]
    return float(np.median(there)) if len(there) else float("nan")


def sigma(values: Floats) -> float:
    """Standard deviation told from the median deviation, so that a part that is far off does not widen it."""
    there = values[np.isfinite(values)]
    return 1.4826 * float(np.median(np.abs(there - np.median(there)))) if len(there) else float("nan")
