"""Concentrations that answer late: the series was shifted against the oxygen of the same gas."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.conversion import AIR_O2
from lantian.stack.screening.hours import quick, runs
from lantian.stack.screening.rule import ShiftRule
from lantian.stack.screening.trace import DAY, O2, Alarm, Floats, Trace


def time_shift(trace: Trace, rule: ShiftRule) -> Iterator[Alarm]:
    """Days on which all pollutants follow (21 − O2) only after a lag, although at once on others.

    Rule    cross-correlation of quick movements, summed over pollutants and over a running window of days
    """
    if O2 not in trace.values or not trace.pollutants:
        return
    tables = [_correlation(trace, code, rule.most_minutes) for code in trace.pollutants]
    total = np.sum(tables, axis=0) / np.sqrt(len(tables))
    width = min(rule.window_days, len(total))
    ones = np.ones(width)
    window = np.apply_along_axis(lambda one: np.convolve(one, ones, "same"), 0, total)[: len(total)] / np.sqrt(width)
    here = rule.most_minutes
    around = window[:, here - 2 : here + 3].max(axis=1)
    if np.median(around) < float(rule.usual_z):
        return
    lag = window.argmax(axis=1) - here
    peak = window.max(axis=1)
    hit = (np.abs(lag) >= rule.least_minutes) & (peak > float(rule.z)) & (peak > float(rule.times) * around)
    for first, until in runs(hit, 1, gap=1):
        best = first + int(peak[first:until].argmax())
        evidence = {
            "lag_minutes": int(lag[best]),
            "z": round(float(peak[best]), 1),
            "at_once": round(float(around[best]), 1),
        }
        score = float(peak[best]) / float(rule.z)
        yield Alarm("time_shift", "", first * DAY, until * DAY, score, evidence)


def _correlation(trace: Trace, code: str, most: int) -> Floats:
    """By day: correlations at lags −most…most in standard errors; a positive lag means that the pollutant is late."""
    good = trace.good(code) & trace.good(O2) & (trace.values[code] > 0) & (trace.values[O2] < AIR_O2 - 1)
    level = quick(np.log(np.where(good, trace.values[code], 1.0)), good, 30)
    fire = quick(np.log(np.where(good, AIR_O2 - trace.values[O2], 1.0)), good, 30)
    level, fire = _tamed(level), _tamed(fire)
    days = trace.minutes // DAY
    size = 2 * DAY
    a, b = np.fft.rfft(level.reshape(days, DAY), size), np.fft.rfft(fire.reshape(days, DAY), size)
    cross = np.fft.irfft(a * b.conj(), size)
    lags = np.concatenate([cross[:, size - most :], cross[:, : most + 1]], axis=1)
    scale = np.sqrt((level.reshape(days, DAY) ** 2).sum(axis=1) * (fire.reshape(days, DAY) ** 2).sum(axis=1))
    n = np.maximum(good.reshape(days, DAY).sum(axis=1), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(scale[:, None] > 0, lags / scale[:, None] * np.sqrt(n)[:, None], 0.0)
    return found


def _tamed(values: Floats) -> Floats:
    """Without the weight of single spikes."""
    there = values[values != 0]
    most = 4 * float(np.std(there)) if len(there) else 1.0
    found: Floats = np.clip(values, -most, most)
    return found
