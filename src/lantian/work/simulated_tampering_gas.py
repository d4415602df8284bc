"""Tampering with the gas as it is sampled or read, and with the state of the plant. Each gives the minutes it changed."""

from __future__ import annotations

import numpy as np

from lantian.stack.screening.trace import DAY, HOUR, MOISTURE, O2, POLLUTANTS, TEMPERATURE, VELOCITY, Span
from lantian.work.simulated_tampering import Draft, span_of

_AIR = 20.95


def dilution_air(draft: Draft) -> Span:
    """15 to 40 percent of air in the sample."""
    part = draft.span(draft.whole(5, 48) * HOUR)
    air = draft.between(0.15, 0.4)
    for code in (*POLLUTANTS, O2, MOISTURE):
        ambient = _AIR if code == O2 else 0.8 if code == MOISTURE else 0.0
        draft.put(code, part, draft.values[code][part] * (1 - air) + ambient * air)
    return span_of(part)


def oxygen_lowered(draft: Draft) -> Span:
    """Oxygen read two points or 30 percent too low."""
    part = draft.span(draft.whole(12, 120) * HOUR)
    values = draft.values[O2][part]
    less = (
        np.maximum(values - draft.between(2.0, 4.0), 1.0)
        if draft.rng.random() < 0.5
        else values * draft.between(0.5, 0.7)
    )
    draft.put(O2, part, np.minimum(less, values - 1.5))
    return span_of(part)


def oxygen_decoupled(draft: Draft) -> Span:
    """Oxygen made up about its mean."""
    part = draft.span(draft.whole(4, 10) * DAY)
    good = draft.clean.good(O2)[part]
    centre, wide = float(draft.values[O2][part][good].mean()), draft.between(0.1, 0.3)
    count = part.stop - part.start
    slow = np.interp(
        np.arange(count), np.arange(0, count + 90, 90), draft.rng.standard_normal(len(np.arange(0, count + 90, 90)))
    )
    draft.put(O2, part, centre + wide * slow + 0.08 * draft.rng.standard_normal(count))
    return span_of(part)


def probe_pulled(draft: Draft) -> Span:
    """The probe in ambient air, unflagged."""
    part = draft.span(draft.whole(15, 150))
    count = part.stop - part.start
    draft.put(O2, part, _AIR - 0.05 + 0.03 * draft.rng.standard_normal(count))
    draft.put(MOISTURE, part, 0.8 + 0.1 * draft.rng.standard_normal(count))
    for code in POLLUTANTS:
        draft.put(code, part, draft.values[code][part] * draft.between(0.005, 0.04))
    return span_of(part)


def temperature_mismatch(draft: Draft) -> Span:
    """The temperature 12 to 30 degrees off."""
    part = draft.span(draft.whole(10, 96) * HOUR)
    sign = 1 if draft.rng.random() < 0.5 else -1
    draft.put(TEMPERATURE, part, draft.values[TEMPERATURE][part] + sign * draft.between(12, 30))
    return span_of(part)


def flow_not_following(draft: Draft) -> Span:
    """Velocity too low, or steady whatever the load does."""
    if draft.rng.random() < 0.6:
        part = draft.span(draft.whole(10, 96) * HOUR)
        draft.put(VELOCITY, part, draft.values[VELOCITY][part] * draft.between(0.45, 0.72))
        return span_of(part)
    part = draft.span(draft.whole(5, 10) * DAY)
    values = draft.values[VELOCITY][part]
    centre = float(np.nanmedian(values))
    draft.put(VELOCITY, part, centre * (1 + 0.012 * draft.rng.standard_normal(len(values))))
    return span_of(part)


def stopped_but_running(draft: Draft) -> Span:
    """Flag F, and in half of the cases a mark of being stopped, over normal operation."""
    part = draft.span(draft.whole(60, 24 * 60))
    draft.flag(POLLUTANTS, part, "F")
    if draft.rng.random() < 0.5:
        draft.idle[part] = draft.stopped[part] = True
    return span_of(part)


def running_but_stopped(draft: Draft) -> Span:
    """No gas flows, concentrations go on."""
    part = draft.span(draft.whole(2, 24) * HOUR)
    count = part.stop - part.start
    draft.put(VELOCITY, part, 0.015 * draft.kind.velocity * (1 + 0.05 * draft.rng.standard_normal(count)))
    draft.put(O2, part, _AIR - 0.1 + 0.03 * draft.rng.standard_normal(count))
    cold = 8 + (draft.values[TEMPERATURE][part] - 8) * np.exp(-np.arange(count) / 200)
    draft.put(TEMPERATURE, part, cold)
    return span_of(part)
