"""Tampering with concentrations: held, smoothed, drawn, repeated, copied, cut off, lowered. Each gives the minutes it changed."""

from __future__ import annotations

import numpy as np

from lantian.stack.screening.hours import smooth
from lantian.stack.screening.trace import DAY, HOUR, O2, POLLUTANTS, Span
from lantian.work.simulated_stack import PLACES
from lantian.work.simulated_tampering import Draft, span_of


def flat_line(draft: Draft) -> Span:
    """One value for 45 minutes to 12 hours."""
    code = draft.pollutant() if draft.rng.random() < 0.8 else O2
    part = draft.span(draft.whole(45, 720), code)
    draft.put(code, part, float(np.nanmedian(draft.values[code][part])))
    return span_of(part)


def zero_padding(draft: Draft) -> Span:
    """Zeros or a small negative value."""
    code = draft.pollutant(2.5)
    part = draft.span(draft.whole(15, 240), code)
    draft.put(code, part, 0.0 if draft.rng.random() < 0.7 else -draft.between(0.01, 0.5))
    return span_of(part)


def low_variation(draft: Draft) -> Span:
    """The course shrunk to a few percent about its median."""
    code = draft.pollutant()
    part = draft.span(draft.whole(8, 48) * HOUR, code)
    values = draft.values[code][part]
    centre = float(np.nanmedian(values[draft.clean.good(code)[part]]))
    draft.put(code, part, centre + draft.between(0.03, 0.12) * (values - centre))
    return span_of(part)


def smoothed(draft: Draft) -> Span:
    """A moving mean instead of the minutes."""
    code = draft.pollutant()
    part = draft.span(draft.whole(12, 96) * HOUR, code)
    draft.put(code, part, smooth(draft.values[code], draft.clean.good(code), draft.whole(12, 40))[part])
    return span_of(part)


def interpolated(draft: Draft) -> Span:
    """A straight line through minutes that were measured."""
    code = draft.pollutant()
    part = draft.span(draft.whole(30, 300), code)
    level = draft.clean.usual[code]
    start, end = level * draft.between(0.7, 0.95), level * draft.between(1.05, 1.4)
    ends = (start, end) if draft.rng.random() < 0.5 else (end, start)
    draft.put(code, part, np.linspace(*ends, part.stop - part.start))
    return span_of(part)


def replayed_day(draft: Draft) -> Span:
    """Three hours to a day taken from an earlier day at the same time."""
    days = draft.minutes // DAY
    length = draft.whole(3 * HOUR, DAY)
    part = draft.span(length)
    back = draft.whole(1, max(part.start // DAY, 1)) * DAY
    if part.start < back:  # the first day: repeat it later
        part = slice(part.start + (days // 2) * DAY, part.stop + (days // 2) * DAY)
        part = part if part.stop <= draft.minutes else slice(part.start - DAY, part.stop - DAY)
        back = (days // 2 - 1) * DAY
    _copy(draft, part, back, _chosen(draft))
    return span_of(part)


def repeated_block(draft: Draft) -> Span:
    """One to six hours taken from some time before."""
    part = draft.span(draft.whole(60, 360))
    back = draft.whole(part.stop - part.start + 5, 3 * DAY)
    back += 7 if back % DAY == 0 else 0
    if part.start < back:
        part = slice(part.start + 3 * DAY + HOUR, part.stop + 3 * DAY + HOUR)
    _copy(draft, part, back, _chosen(draft))
    return span_of(part)


def _chosen(draft: Draft) -> tuple[str, ...]:
    return POLLUTANTS if draft.rng.random() < 0.5 else (draft.pollutant(),)


def _copy(draft: Draft, part: slice, back: int, codes: tuple[str, ...]) -> None:
    earlier = slice(part.start - back, part.stop - back)
    for code in codes:
        draft.values[code][part] = draft.values[code][earlier]
        draft.flags[code][part] = draft.flags[code][earlier]


def daily_repeat(draft: Draft) -> Span:
    """One day again and again, with a wobble below one percent."""
    code = draft.pollutant()
    days = draft.whole(3, 8)
    part = draft.span(days * DAY, code, whole_days=True)
    model = draft.values[code][part][:DAY].copy()
    model = np.where(draft.clean.good(code)[part][:DAY], model, draft.clean.usual[code])
    wobble = draft.between(0.002, 0.01)
    draft.put(code, part, np.tile(model, days) * (1 + wobble * draft.rng.standard_normal(days * DAY)))
    return span_of(part)


def scaled_copy(draft: Draft) -> Span:
    """One pollutant made from another."""
    one, other = (str(code) for code in draft.rng.permutation(POLLUTANTS)[:2])
    part = draft.span(draft.whole(8, 72) * HOUR, one)
    share = draft.clean.usual[other] / draft.clean.usual[one] * draft.between(0.8, 1.2)
    wobble = 1 + draft.between(0.0005, 0.004) * draft.rng.standard_normal(part.stop - part.start)
    draft.put(other, part, draft.values[one][part] * share * wobble)
    return span_of(part)


def twin_outlets(draft: Draft) -> Span:
    """A pollutant made from that of the company's other outlet."""
    assert draft.other is not None, "a second outlet of the company"
    code = draft.pollutant()
    part = draft.span(draft.whole(8, 96) * HOUR, code)
    wobble = 1 + draft.between(0.0005, 0.004) * draft.rng.standard_normal(part.stop - part.start)
    draft.put(code, part, draft.other.values[code][part] * draft.between(0.6, 1.4) * wobble)
    return span_of(part)


def truncated_range(draft: Draft) -> Span:
    """Measured values cut off at a whole number."""
    code = draft.pollutant()
    part = draft.span(draft.whole(2, 10) * DAY, code)
    good = draft.values[code][part][draft.clean.good(code)[part]]
    lid = max(float(np.floor(np.quantile(good, draft.between(0.75, 0.93)))), 1.0)
    draft.put(code, part, np.minimum(draft.values[code][part], lid))
    return span_of(part)


def clipped_below_limit(draft: Draft) -> Span:
    """High values cut off just under the limit."""
    code = draft.pollutant()
    limit = draft.clean.limits[code]
    part = draft.span(draft.whole(2, 8) * DAY, code)
    factor = draft.factor()[part]
    real = draft.values[code][part] * factor
    real = real * limit / np.nanquantile(real, draft.between(0.6, 0.9))
    lid = limit * (draft.between(0.93, 0.995) - draft.between(0.001, 0.005) * draft.rng.random(len(real)))
    draft.put(code, part, np.minimum(real, lid) / factor)
    return span_of(part)


def piled_below_limit(draft: Draft) -> Span:
    """High values bent so that they come to lie just under the limit."""
    code = draft.pollutant()
    limit = draft.clean.limits[code]
    part = draft.span(draft.whole(4, 10) * DAY, code)
    factor = draft.factor()[part]
    real = draft.values[code][part] * factor / limit
    real = real / np.nanmedian(real) * draft.between(1.0, 1.15)
    bent = np.where(real > 0.9, 0.9 + 0.095 * (1 - np.exp(-(real - 0.9) / 0.07)), real)
    draft.put(code, part, bent * limit / factor)
    return span_of(part)


def digit_preference(draft: Draft) -> Span:
    """Last digits as a hand writes them."""
    code = draft.pollutant()
    part = draft.span(draft.whole(3, 10) * DAY, code)
    step = 10.0 ** -PLACES[code]
    values = draft.values[code][part]
    chosen = ((0, 5), (3, 7), (5,), (2, 6, 8))[draft.whole(0, 3)]
    digits = draft.rng.choice(chosen, len(values))
    made = (np.floor(values / step / 10) * 10 + digits) * step
    by_hand = draft.rng.random(len(values)) < draft.between(0.45, 0.95)
    draft.put(code, part, np.where(by_hand, made, values))
    return span_of(part)


def time_shift(draft: Draft) -> Span:
    """All pollutants late by 20 minutes to 3 hours."""
    part = draft.span(draft.whole(5, 15) * DAY)
    lag = draft.whole(20, 180)
    start = max(part.start, lag)
    part = slice(start, part.stop)
    for code in POLLUTANTS:
        draft.values[code][part] = draft.clean.values[code][part.start - lag : part.stop - lag]
        draft.flags[code][part] = draft.clean.flags[code][part.start - lag : part.stop - lag]
    return span_of(part)


def level_shift(draft: Draft) -> Span:
    """Another slope or intercept from one hour on."""
    code = draft.pollutant()
    first = draft.whole(5 * DAY, draft.minutes - 5 * DAY)
    last = draft.minutes if draft.rng.random() < 0.5 else min(first + draft.whole(5, 10) * DAY, draft.minutes)
    part = slice(first, last)
    values = draft.values[code][part]
    share = draft.between(0.45, 0.65)
    lowered = (
        values * share if draft.rng.random() < 0.6 else np.maximum(values - (1 - share) * draft.clean.usual[code], 0)
    )
    draft.put(code, part, lowered)
    return span_of(part)


def season_break(draft: Draft) -> Span:
    """A slow way down to about half, and back."""
    code = draft.pollutant()
    days = draft.whole(5, 8)
    part = draft.span(days * DAY, code)
    place = np.arange(part.stop - part.start) / DAY
    ramp = np.clip(np.minimum(place, days - place) / 1.5, 0, 1)
    draft.put(code, part, draft.values[code][part] * (1 - ramp * draft.between(0.4, 0.55)))
    return span_of(part)


def night_drop(draft: Draft) -> Span:
    """Nights at 40 to 65 percent."""
    code = draft.pollutant()
    nights = draft.whole(4, 10)
    part = draft.span((nights + 1) * DAY, code, whole_days=True)
    share = draft.between(0.4, 0.65)
    for night in range(nights):
        begin = part.start + night * DAY + 23 * HOUR + draft.whole(-20, 40)
        hours = slice(begin, begin + 6 * HOUR + draft.whole(-40, 20))
        draft.put(code, hours, draft.values[code][hours] * share)
    return part.start + 23 * HOUR, part.start + nights * DAY + 5 * HOUR
