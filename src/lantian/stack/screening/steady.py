"""Values that move too little: flat, padded with zeros, calmer than the instrument's noise, smoothed, drawn with a ruler."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.screening.hours import covered, hours_of, in_minutes, middle, runs
from lantian.stack.screening.rule import FlatRule, LowVariationRule, RampRule, SmoothRule, ZeroRule
from lantian.stack.screening.trace import DAY, HOUR, O2, POLLUTANTS, TEMPERATURE, VELOCITY, Alarm, Bools, Floats, Trace

_WATCHED = (*POLLUTANTS, O2, TEMPERATURE, VELOCITY)


def flat_line(trace: Trace, rule: FlatRule) -> Iterator[Alarm]:
    """Runs of the same value, longer than this outlet's own repetitions explain.

    Rule    the length asked for grows with how often this factor repeats a value anyway (coarse decimals, low values)
    """
    for code in (one for one in _WATCHED if one in trace.values):
        values, good = trace.values[code], trace.good(code) & (trace.values[code] > 0)
        same = good[1:] & good[:-1] & (values[1:] == values[:-1])
        need = _length(same, good, rule.least_minutes)
        for first, until in runs(same, need - 1):
            length = until - first + 1
            evidence = {"minutes": length, "value": float(values[first]), "need": need}
            yield Alarm("flat_line", code, first, until + 1, length / need, evidence)


def flat_hours(trace: Trace, rule: FlatRule) -> Iterator[Alarm]:
    """``flat_line`` where only hours were sent: runs of the same hour mean."""
    for code in (one for one in _WATCHED if one in trace.values):
        values, good = trace.values[code][::HOUR], (trace.good(code) & (trace.values[code] > 0))[::HOUR]
        same = good[1:] & good[:-1] & (values[1:] == values[:-1])
        need = _length(same, good, rule.least_hours, 24)
        for first, until in runs(same, need - 1):
            length = until - first + 1
            evidence = {"minutes": length * HOUR, "value": float(values[first]), "need": need * HOUR}
            yield Alarm("flat_line", code, *in_minutes((first, until + 1)), length / need, evidence)


def zero_padding(trace: Trace, rule: ZeroRule) -> Iterator[Alarm]:
    """Zeros and negative values in operation where this factor is normally well above zero."""
    for code in trace.pollutants:
        values, good = trace.values[code], trace.good(code)
        if not trace.usual[code] >= float(rule.usual_least):
            continue
        for first, until in runs(good & (values <= 0), rule.least_minutes):
            evidence = {"minutes": until - first, "usual": round(trace.usual[code], 2)}
            yield Alarm("zero_padding", code, first, until, (until - first) / rule.least_minutes, evidence)


def low_variation(trace: Trace, rule: LowVariationRule) -> Iterator[Alarm]:
    """Windows in which spread and steps are a fraction of the outlet's own, while the load moves."""
    hours, least = rule.window_hours, rule.window_hours * HOUR // 2
    moves = _relative_spread(trace, VELOCITY, hours, least)
    for code in (*trace.pollutants, O2):
        if code not in trace.values:
            continue
        window = hours_of(trace.values[code], trace.good(code)).window(hours)
        spread, rough = window.spread(least), window.roughness(least)
        with np.errstate(invalid="ignore", divide="ignore"):  # an outlet that never moves has no usual to be below
            share = np.maximum(spread / middle(spread), rough / middle(rough))
        calm = (share * 100 < rule.share_percent) & (spread > 0)
        if moves is not None:
            calm &= moves * 100 > rule.load_percent
        for first, until in runs(covered(calm, hours), hours):
            lowest = float(np.nanmin(share[first : until - hours + 1]))
            evidence = {"percent": round(100 * lowest, 1), "hours": until - first, "usual": round(middle(spread), 3)}
            score = rule.share_percent / max(100 * lowest, 0.1)
            yield Alarm("low_variation", code, *in_minutes((first, until)), score, evidence)


def smoothed(trace: Trace, rule: SmoothRule) -> Iterator[Alarm]:
    """Windows that move as far as ever, but in steps much smaller than the instrument's: averaged or filtered."""
    hours, least = rule.window_hours, rule.window_hours * HOUR // 2
    for code in trace.pollutants:
        window = hours_of(trace.values[code], trace.good(code)).window(hours)
        spread, rough = window.spread(least), window.roughness(least)
        ratio = rough / np.where(spread > 0, spread, np.nan)
        fine = (ratio * 100 < rule.ratio_percent * middle(ratio)) & (rough * 100 < rule.rough_percent * middle(rough))
        fine &= spread * 100 > rule.spread_percent * middle(spread)
        for first, until in runs(covered(fine, hours), hours):
            part = rough[first : until - hours + 1] / middle(rough)
            lowest = float(np.nanmin(part))
            evidence = {"percent": round(100 * lowest, 1), "hours": until - first}
            score = rule.rough_percent / max(100 * lowest, 0.1)
            yield Alarm("smoothed", code, *in_minutes((first, until)), score, evidence)


def interpolated(trace: Trace, rule: RampRule) -> Iterator[Alarm]:
    """Straight lines: the step from minute to minute stays the same within the last decimal place."""
    for code in trace.pollutants:
        values, good = trace.values[code], trace.good(code)
        three = good[2:] & good[1:-1] & good[:-2]
        bend = np.abs(values[2:] - 2 * values[1:-1] + values[:-2])
        step = trace.step(code)
        straight = three & (bend <= 1.01 * step)
        need = _length(straight, good, rule.least_minutes)
        for first, until in runs(straight, need):
            rise = float(values[until + 1] - values[first])
            if abs(rise) < 3 * step:
                continue
            length = until - first + 2
            evidence = {"minutes": length, "from": float(values[first]), "to": float(values[until + 1]), "need": need}
            yield Alarm("interpolated", code, first, until + 2, length / need, evidence)


def _length(true: Bools, good: Bools, least: int, day: int = DAY) -> int:
    """How long a run must be so that chance gives one in a million such minutes: by days, the median share of true."""
    days = len(good) // day
    counts = np.add.reduceat(true.astype(np.int64), np.arange(days) * day)
    of = np.maximum(np.add.reduceat(good.astype(np.int64), np.arange(days) * day), 1)
    share = float(np.clip(np.median(counts / of), 1e-6, 0.9999))
    return max(least, int(np.ceil(np.log(1e-6 / max(len(good), 1)) / np.log(share))))


def _relative_spread(trace: Trace, code: str, hours: int, least: int) -> Floats | None:
    if code not in trace.values:
        return None
    spread = hours_of(trace.values[code], trace.good(code)).window(hours).spread(least)
    return spread / middle(spread)
