"""Small hand-made traces for the tests of the screening: noise from a fixed generator, a daily load."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np

from lantian import rulebook
from lantian.stack.screening.rule import Screening
from lantian.stack.screening.trace import (
    DAY,
    FLOW,
    HOUR,
    MOISTURE,
    NORMAL,
    NOX,
    O2,
    PM,
    SO2,
    TEMPERATURE,
    VELOCITY,
    Trace,
)

RULE = rulebook.fill(Screening, date(2026, 3, 1))
START = datetime(2026, 3, 1)
LIMITS = {PM: 30.0, SO2: 100.0, NOX: 200.0}
REFERENCE = 9.0


def made(days: int = 12, seed: int = 1) -> Trace:
    """A steady stack: load by the hour of day, pollutants with noise, everything flagged N."""
    rng = np.random.default_rng(seed)
    n = days * DAY
    hour = np.arange(n) / HOUR
    knots = np.arange(n // 30 + 2) * 30
    wander = np.interp(np.arange(n), knots, rng.standard_normal(len(knots)))
    load = 0.8 + 0.1 * np.cos(2 * np.pi * hour / 24) + 0.03 * wander
    o2 = 9 + 5 * (0.8 - load) + 0.1 * rng.standard_normal(n)
    values = {
        PM: 12 + 1.5 * wander[::-1] + 0.2 * rng.standard_normal(n),
        SO2: 50 + 6 * np.roll(wander, 777) + 0.8 * rng.standard_normal(n),
        NOX: 120 + 9 * np.roll(wander, 5000) + rng.standard_normal(n),
        O2: o2,
        TEMPERATURE: 60 + 20 * (load - 0.8) + 0.2 * rng.standard_normal(n),
        MOISTURE: 10 + 4 * (load - 0.8) + 0.1 * rng.standard_normal(n),
        VELOCITY: 12 * load + 0.1 * rng.standard_normal(n),
        FLOW: 40 * load,
    }
    values = {code: np.round(one, 3) for code, one in values.items()}
    flags = {code: np.full(n, NORMAL, np.uint8) for code in values}
    no = np.zeros(n, np.bool_)
    trace = Trace("模拟1", "模拟企业", START, values, {}, flags, no, no.copy(), LIMITS, REFERENCE)
    return converted(trace)


def converted(trace: Trace, reference: float = REFERENCE) -> Trace:
    """The trace with converted values by HJ 212-2017 D.2 eq. 28."""
    factor = (21 - reference) / (21 - trace.values[O2])
    return replace(trace, converted={code: np.round(trace.values[code] * factor, 3) for code in (PM, SO2, NOX)})


def changed(trace: Trace, code: str, part: slice, values: object) -> Trace:
    """The trace with other measured values in some minutes, converted anew."""
    own = trace.values[code].copy()
    own[part] = values
    return converted(replace(trace, values={**trace.values, code: own}))
