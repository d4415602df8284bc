"""What a state of the gas is expected to be from the others of the same hour, by the outlet's own months: a straight-line fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lantian.stack.screening.hours import hour_means, sigma
from lantian.stack.screening.trace import Floats, Trace

_LEAST_HOURS = 72
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Expected:
    """Hour means of a factor, what the others let expect, and how well they do (R² in ordinary hours)."""

    seen: Floats
    expected: Floats
    fit: float

    @property
    def rest(self) -> Floats:
        """Seen less expected."""
        return self.seen - self.expected

    def off(self, hours: int) -> Floats:
        """How far the running mean of the rest lies from 0, in its own (robust) standard deviations; centred window."""
        mean = running_mean(self.rest, hours)
        found: Floats = (mean - np.nanmedian(self.rest)) / max(sigma(mean), 1e-9)
        return found


def expected(trace: Trace, code: str, by: tuple[str, ...]) -> Expected | None:
    """The fit of a factor's hours by others; None where too few hours have them all.

    Rule    fitted again without hours more than three deviations off, so that a part that was tampered with does not
            teach what is expected
    """
    if code not in trace.values or any(one not in trace.values for one in by):
        return None
    seen = hour_means(trace.values[code], trace.good(code))
    columns = [hour_means(trace.values[one], trace.good(one)) for one in by]
    design = np.column_stack([np.ones(len(seen)), *columns])
    usable = np.isfinite(seen) & np.isfinite(design).all(axis=1)
    kept = usable.copy()
    if usable.sum() < _LEAST_HOURS:
        return None
    for _ in range(_ROUNDS):
        weights, *_rest = np.linalg.lstsq(design[kept], seen[kept], rcond=None)
        rest = seen - design @ weights
        centre = float(np.median(rest[usable]))
        near = usable & (np.abs(rest - centre) <= 3 * max(sigma(rest[usable]), 1e-9))
        if near.sum() < _LEAST_HOURS:
            break
        kept = near
    told = design @ weights
    spread = float(np.var(seen[kept]))
    fit = 1 - float(np.var(rest[kept])) / spread if spread > 0 else 0.0
    return Expected(seen, told, fit)


def running_mean(values: Floats, hours: int) -> Floats:
    """Centred running means over what is there; nan where less than half is."""
    there = np.isfinite(values)
    ones = np.ones(hours)
    n = np.convolve(there, ones, "same")
    total = np.convolve(np.where(there, values, 0.0), ones, "same")
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(n >= hours / 2, total / n, np.nan)
    return found
