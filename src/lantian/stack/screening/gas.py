"""States of the gas that do not belong together: air drawn in, oxygen read too low, the probe out, temperature, flow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lantian.stack.screening.expected import Expected, expected, running_mean
from lantian.stack.screening.hours import covered, hour_means, in_minutes, runs, sigma
from lantian.stack.screening.rule import DecoupledRule, DilutionRule, FlowRule, OxygenRule, ProbeRule, TemperatureRule
from lantian.stack.screening.trace import MOISTURE, O2, TEMPERATURE, VELOCITY, Alarm, Bools, Floats, Trace

_AWAY = -1e9


def dilution_air(trace: Trace, rule: DilutionRule) -> Iterator[Alarm]:
    """Hours in which oxygen rises and pollutants, moisture fall together against what the load lets expect."""
    parts = _against_load(trace)
    if parts is None:
        return
    oxygen, moisture = parts
    up, wet = oxygen.off(rule.window_hours), moisture.off(rule.window_hours)
    falls = [_fall(trace, code, rule.window_hours) for code in trace.pollutants]
    if not falls:
        return
    together = np.mean(np.array(falls), axis=0)
    hit = (up > float(rule.oxygen_z)) & (wet < -float(rule.moisture_z)) & (100 * together > rule.fall_percent)
    for first, until in runs(hit, rule.least_hours, gap=3):
        evidence = {
            "hours": until - first,
            "oxygen": round(float(np.nanmean(oxygen.rest[first:until])), 2),
            "moisture": round(float(np.nanmean(moisture.rest[first:until])), 2),
            "percent": round(100 * float(np.nanmean(together[first:until])), 1),
        }
        score = float(np.nanmax(up[first:until])) / float(rule.oxygen_z)
        yield Alarm("dilution_air", O2, *in_minutes((first, until)), score, evidence)


def oxygen_lowered(trace: Trace, rule: OxygenRule) -> Iterator[Alarm]:
    """Hours in which oxygen lies far below what load and moisture let expect: the converted values become smaller."""
    found = expected(trace, O2, (VELOCITY, MOISTURE))
    if found is None:
        return
    off, gone = found.off(rule.window_hours), running_mean(found.rest, rule.window_hours)
    hit = (off < -float(rule.z)) & (gone < -float(rule.least))
    for first, until in runs(hit, rule.least_hours, gap=4):
        evidence = {
            "hours": until - first,
            "oxygen": round(float(np.nanmean(found.seen[first:until])), 2),
            "expected": round(float(np.nanmean(found.expected[first:until])), 2),
        }
        score = -float(np.nanmin(off[first:until])) / float(rule.z)
        yield Alarm("oxygen_lowered", O2, *in_minutes((first, until)), score, evidence)


def oxygen_decoupled(trace: Trace, rule: DecoupledRule) -> Iterator[Alarm]:
    """Days on which oxygen no longer follows load and temperature although it does so at this outlet."""
    found = expected(trace, O2, (VELOCITY, TEMPERATURE))
    if found is not None:
        yield from _decoupled("oxygen_decoupled", O2, found, found.seen, rule)


def flow_not_following(trace: Trace, rule: FlowRule, decoupled: DecoupledRule) -> Iterator[Alarm]:
    """Hours in which velocity lies far below what oxygen and temperature let expect, or no longer follows them."""
    found = expected(trace, VELOCITY, (O2, TEMPERATURE, MOISTURE))
    if found is None:
        return
    off = found.off(rule.window_hours)
    share = running_mean(found.rest / found.expected, rule.window_hours)
    hit = (np.abs(off) > float(rule.z)) & (100 * np.abs(share) > rule.least_percent)
    for first, until in runs(hit, rule.least_hours, gap=4):
        evidence = {"hours": until - first, "percent": round(100 * float(np.nanmean(share[first:until])), 1)}
        score = float(np.nanmax(np.abs(off[first:until]))) / float(rule.z)
        yield Alarm("flow_not_following", VELOCITY, *in_minutes((first, until)), score, evidence)
    others = np.where(np.abs(off) > float(rule.z), np.nan, found.seen)  # what was just told is not told again
    yield from _decoupled("flow_not_following", VELOCITY, found, others, decoupled)


def temperature_mismatch(trace: Trace, rule: TemperatureRule) -> Iterator[Alarm]:
    """Hours in which the temperature lies far off what load and oxygen let expect."""
    found = expected(trace, TEMPERATURE, (VELOCITY, O2))
    if found is None:
        return
    off, gone = found.off(rule.window_hours), running_mean(found.rest, rule.window_hours)
    hit = (np.abs(off) > float(rule.z)) & (np.abs(gone) > float(rule.least))
    for first, until in runs(hit, rule.least_hours, gap=4):
        evidence = {
            "hours": until - first,
            "temperature": round(float(np.nanmean(found.seen[first:until])), 1),
            "expected": round(float(np.nanmean(found.expected[first:until])), 1),
        }
        score = float(np.nanmax(np.abs(off[first:until]))) / float(rule.z)
        yield Alarm("temperature_mismatch", TEMPERATURE, *in_minutes((first, until)), score, evidence)


def probe_pulled(trace: Trace, rule: ProbeRule) -> Iterator[Alarm]:
    """Minutes in operation and unflagged that read like ambient air while gas flows."""
    if O2 not in trace.values or VELOCITY not in trace.values:
        return
    flows = trace.good(VELOCITY) & (100 * trace.values[VELOCITY] > rule.flow_percent * trace.usual[VELOCITY])
    air = trace.good(O2) & (trace.values[O2] > float(rule.oxygen))
    low = np.ones(trace.minutes, np.bool_)
    for code in trace.pollutants:
        low &= ~trace.good(code) | (100 * trace.values[code] < rule.level_percent * trace.usual[code])
    for first, until in runs(flows & air & low, rule.least_minutes, gap=2):
        evidence = {"minutes": until - first, "oxygen": round(float(np.nanmedian(trace.values[O2][first:until])), 2)}
        yield Alarm("probe_pulled", O2, first, until, (until - first) / rule.least_minutes, evidence)


def _against_load(trace: Trace) -> tuple[Expected, Expected] | None:
    oxygen, moisture = expected(trace, O2, (VELOCITY,)), expected(trace, MOISTURE, (VELOCITY,))
    return None if oxygen is None or moisture is None else (oxygen, moisture)


def _fall(trace: Trace, code: str, hours: int) -> Floats:
    """The share by which a pollutant's measured hours lie below their median, over a running window."""
    mean = running_mean(hour_means(trace.values[code], trace.good(code)), hours)
    found: Floats = np.where(np.isfinite(mean), 1 - mean / trace.usual[code], _AWAY)
    return found


def _decoupled(pattern: str, code: str, found: Expected, seen_hours: Floats, rule: DecoupledRule) -> Iterator[Alarm]:
    """Windows in which the slope of seen on expected has gone, where the outlet's own fit is good and the load moves."""
    width = rule.window_hours
    if 100 * found.fit < rule.fit_percent or len(seen_hours) < width:
        return
    seen, told = sliding_window_view(seen_hours, width), sliding_window_view(found.expected, width)
    both = np.isfinite(seen) & np.isfinite(told)
    n = both.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = np.where(both, seen, 0.0), np.where(both, told, 0.0)
        a = np.where(both, a - (a.sum(axis=1) / n)[:, None], 0.0)
        b = np.where(both, b - (b.sum(axis=1) / n)[:, None], 0.0)
        slope, moved = (a * b).sum(axis=1) / (b**2).sum(axis=1), np.sqrt((b**2).sum(axis=1) / n)
        doubt = sigma(found.rest) * np.sqrt(rule.memory_hours / n) / moved  # standard error of a window's slope
    enough = (n >= width / 2) & (100 * moved > rule.moved_percent * np.nanstd(found.expected))
    gone: Bools = enough & (100 * slope < rule.slope_percent) & (1 - slope > float(rule.z) * doubt)
    for first, until in runs(covered(gone, width), width):
        lowest = float(np.min(slope[first : until - width + 1][gone[first : until - width + 1]]))
        evidence = {"hours": until - first, "slope": round(lowest, 2), "fit": round(found.fit, 2)}
        score = 1 + (rule.slope_percent / 100 - lowest)
        yield Alarm(pattern, code, *in_minutes((first, until)), score, evidence)
