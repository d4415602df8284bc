"""Tampering with flags, gaps and with what a data logger computes. Each gives the minutes it changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lantian.stack.screening.hours import smooth
from lantian.stack.screening.trace import DAY, HOUR, POLLUTANTS, Span, Trace
from lantian.work.simulated_stack import PLACES
from lantian.work.simulated_stack_trace import with_converted
from lantian.work.simulated_tampering import Draft, span_of


def marks_cover_excess(draft: Draft) -> Span:
    """An exceedance under flag M or C."""
    code = draft.pollutant()
    part = draft.span(draft.whole(60, 300), code)
    count = part.stop - part.start
    ramp = np.clip(np.minimum(np.arange(count), np.arange(count)[::-1]) / 12, 0, 1)
    factor = draft.factor()[part]
    aim = draft.clean.limits[code] * draft.between(1.2, 1.9) / factor
    noise = 1 + 0.03 * draft.rng.standard_normal(count)
    draft.put(code, part, draft.values[code][part] * (1 - ramp) + ramp * aim * noise)
    over = np.flatnonzero(draft.values[code][part] * factor > draft.clean.limits[code])
    hidden = slice(part.start + int(over[0]), part.start + int(over[-1]) + 1)
    draft.flag((code,), hidden, "M" if draft.rng.random() < 0.6 else "C")
    return span_of(hidden)


def maintenance_share(draft: Draft) -> Span:
    """Flag M for hours, day after day."""
    days = draft.whole(4, 8)
    part = draft.span(days * DAY, whole_days=True)
    ends: list[int] = []
    for day in range(days):
        first = part.start + day * DAY + draft.whole(0, 19 * HOUR)
        run = slice(first, first + draft.whole(100, 240))
        draft.flag(POLLUTANTS, run, "M")
        ends += [run.start, run.stop]
    return ends[0], ends[-1]


def marks_clustered(draft: Draft) -> Span:
    """Flags in the nights."""
    nights = draft.whole(5, 9)
    part = draft.span((2 * nights + 1) * DAY, whole_days=True)
    code, ends = draft.pollutant(), []
    for night in range(nights):
        first = part.start + 2 * night * DAY + draft.whole(22 * HOUR + 5, 28 * HOUR)
        run = slice(first, first + draft.whole(30, 75))
        draft.flag((code,), run, "M" if draft.rng.random() < 0.7 else "C")
        ends += [run.start, run.stop]
    return ends[0], ends[-1]


def set_by_hand(draft: Draft) -> Span:
    """Flag S."""
    code = draft.pollutant()
    part = draft.span(draft.whole(15, 300), code)
    draft.flag((code,), part, "S")
    return span_of(part)


def missing_when_high(draft: Draft) -> Span:
    """Minutes left out where values are highest."""
    code = draft.pollutant()
    part = draft.span(draft.whole(8, 25) * DAY, code)
    level = draft.values[code] * draft.factor()
    calm = smooth(level, draft.clean.good(code), 9)
    high = float(np.nanquantile(calm[part][draft.clean.good(code)[part]], draft.between(0.93, 0.97)))
    gone = np.flatnonzero(calm[part] > high) + part.start
    codes = POLLUTANTS if draft.rng.random() < 0.4 else (code,)
    for one in codes:
        draft.values[one][gone] = np.nan
        draft.flags[one][gone] = 0
    return int(gone[0]), int(gone[-1]) + 1


def reference_o2_changed(draft: Draft) -> Span:
    """Converted with another reference oxygen."""
    part = draft.span(draft.whole(2, 20) * DAY)
    reference = draft.kind.reference_o2 - draft.between(1.0, 3.0)
    other = with_converted(draft.trace(), max(reference, 1.0))
    draft.made = _spliced(draft, other, part)
    return span_of(part)


def converted_mismatch(draft: Draft) -> Span:
    """Converted values lowered by a share that changes."""
    part = draft.span(draft.whole(6, 96) * HOUR)
    code, trace = draft.pollutant(), draft.trace()
    count = part.stop - part.start
    knots = np.arange(0, count + HOUR, HOUR)
    share = np.interp(np.arange(count), knots, draft.rng.uniform(0.7, 0.95, len(knots)))
    values = trace.converted[code].copy()
    values[part] = np.round(values[part] * share, PLACES[code])
    draft.made = replace(trace, converted={**trace.converted, code: values})
    return span_of(part)


def _spliced(draft: Draft, other: Trace, part: slice) -> Trace:
    trace = draft.trace()
    converted = {code: values.copy() for code, values in trace.converted.items()}
    for code, values in converted.items():
        values[part] = other.converted[code][part]
    return replace(trace, converted=converted)


def hour_mean_mismatch(draft: Draft) -> Span:
    """Hour means lower than those of the minutes."""
    trace, code, part = draft.trace(), draft.pollutant(), draft.span(draft.whole(4, 30) * HOUR)
    hours = slice(part.start // HOUR, part.stop // HOUR)
    means = trace.hour_means[code].copy()
    means[hours] = np.round(means[hours] * draft.rng.uniform(0.6, 0.95, hours.stop - hours.start), PLACES[code])
    draft.made = replace(trace, hour_means={**trace.hour_means, code: means})
    return hours.start * HOUR, hours.stop * HOUR


def mass_zero(draft: Draft) -> Span:
    """Hours without mass."""
    return _mass(draft, 0.0, 0.0)


def mass_mismatch(draft: Draft) -> Span:
    """Hours with too little mass."""
    return _mass(draft, 0.35, 0.8)


def _mass(draft: Draft, low: float, high: float) -> Span:
    trace, code, part = draft.trace(), draft.pollutant(), draft.span(draft.whole(4, 72) * HOUR)
    hours = slice(part.start // HOUR, part.stop // HOUR)
    mass = trace.hour_mass[code].copy()
    mass[hours] = np.round(mass[hours] * draft.between(low, high), 4)
    draft.made = replace(trace, hour_mass={**trace.hour_mass, code: mass})
    return hours.start * HOUR, hours.stop * HOUR
