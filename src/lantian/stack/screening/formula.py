"""Numbers that do not follow from each other: conversion, reference oxygen, hour means, mass."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.conversion import AIR_O2
from lantian.stack.screening.hours import hours_of, middle, runs
from lantian.stack.screening.rule import FormulaRule, HourRule, MassRule
from lantian.stack.screening.trace import DAY, FLOW, HOUR, O2, Alarm, Bools, Floats, Trace

_KG = 1e-6 * 3600  # mg/m³ × m³/s over an hour


def conversion(trace: Trace, rule: FormulaRule) -> Iterator[Alarm]:
    """Days whose converted values differ from the formula: by one other reference oxygen (``reference_o2_changed``), or
    otherwise (``converted_mismatch``).

    Rule    HJ 212-2017 D.2 eq. 28: the reference that was used follows from measured, converted and oxygen
    """
    if trace.reference_o2 is None or O2 not in trace.values:
        return
    for code in trace.converted:
        good = trace.good(code) & trace.good(O2) & np.isfinite(trace.converted[code])
        good &= (trace.values[O2] < float(rule.oxygen_to)) & (trace.values[code] > rule.steps_least * trace.step(code))
        measured = np.where(good, trace.values[code], 1.0)
        left = np.where(good, AIR_O2 - trace.values[O2], 1.0)
        right = measured * (AIR_O2 - trace.reference_o2) / left
        wrong = good & (
            np.abs(trace.converted[code] - right) * 100 > float(rule.percent) * right + 100 * trace.step(code)
        )
        by_day, of = wrong.reshape(-1, DAY).sum(axis=1), np.maximum(good.reshape(-1, DAY).sum(axis=1), 1)
        for first, until in runs((by_day >= rule.least_minutes) & (100 * by_day > rule.share_percent * of), 1, gap=1):
            yield _mismatch(trace, code, wrong, (first * DAY, until * DAY), measured, left, rule)


def _mismatch(
    trace: Trace, code: str, wrong: Bools, span: tuple[int, int], measured: Floats, left: Floats, rule: FormulaRule
) -> Alarm:
    minutes = np.flatnonzero(wrong[span[0] : span[1]]) + span[0]
    implied = AIR_O2 - trace.converted[code][minutes] / measured[minutes] * left[minutes]
    low, used, high = (float(one) for one in np.quantile(implied, (0.1, 0.5, 0.9)))
    one_reference = high - low < float(rule.reference_spread)
    reference = trace.reference_o2 or 0.0
    evidence = {"minutes": len(minutes), "reference": reference, "implied": round(used, 2)}
    if not one_reference:
        right = measured[minutes] * (AIR_O2 - reference) / left[minutes]
        evidence["percent"] = round(100 * float(np.median(trace.converted[code][minutes] / right - 1)), 1)
    pattern = "reference_o2_changed" if one_reference else "converted_mismatch"
    score = max(abs(used - reference) / float(rule.reference_spread), 1.0)
    return Alarm(pattern, code, int(minutes[0]), int(minutes[-1]) + 1, score, evidence)


def hour_mean_mismatch(trace: Trace, rule: HourRule) -> Iterator[Alarm]:
    """Hours whose mean as sent is neither that of their normal minutes nor that of all their minutes."""
    for code, sent in trace.hour_means.items():
        if code not in trace.pollutants:
            continue
        there = np.isfinite(trace.values[code])
        normal = hours_of(trace.values[code], trace.sent_normal(code))
        every = hours_of(trace.values[code], there)
        enough = (normal.n >= rule.least_minutes) & np.isfinite(sent)
        wrong = enough.copy()
        for mean in (normal.mean, every.mean):
            allowed = np.maximum(np.abs(mean) * rule.percent / 100, 5 * trace.step(code))
            wrong &= np.abs(sent - mean) > allowed
        for first, until in runs(wrong, 1, gap=rule.gap_hours):
            part = np.flatnonzero(wrong[first:until]) + first
            if len(part) < rule.least_hours:
                continue
            ratio = float(np.median(sent[part] / normal.mean[part] - 1))
            evidence = {"hours": len(part), "percent": round(100 * ratio, 1)}
            yield Alarm("hour_mean_mismatch", code, first * HOUR, until * HOUR, len(part) / rule.least_hours, evidence)


def mass(trace: Trace, rule: MassRule) -> Iterator[Alarm]:
    """Hours whose mass is nought while gas with usual concentration flows (``mass_zero``), or is not concentration times
    flow (``mass_mismatch``).

    Rule    HJ 212-2017 D.2 eq. 33: G = C × Q × 10⁻⁶ with the measured concentration
    """
    if FLOW not in trace.values:
        return
    flow = hours_of(trace.values[FLOW], trace.good(FLOW)).mean
    for code, sent in trace.hour_mass.items():
        if code not in trace.pollutants:
            continue
        level = hours_of(trace.values[code], trace.good(code)).mean
        due = level * flow * _KG
        usual = (100 * level > rule.usual_percent * middle(level)) & (100 * flow > rule.usual_percent * middle(flow))
        told = np.isfinite(trace.hour_means.get(code, level))
        none = usual & told & ~(sent > 0)
        for first, until in runs(none, rule.least_hours, gap=1):
            evidence = {"hours": until - first, "due": round(float(np.nansum(due[first:until])), 2)}
            yield Alarm("mass_zero", code, first * HOUR, until * HOUR, (until - first) / rule.least_hours, evidence)
        unit = middle(sent[usual & (sent > 0)] / due[usual & (sent > 0)])  # a device may send another unit
        other = usual & (sent > 0) & (np.abs(sent - unit * due) * 100 > rule.percent * unit * due)
        if 2 * other.sum() >= (usual & (sent > 0)).sum():
            continue  # most hours do not agree on a unit: nothing can be said about the rest
        for first, until in runs(other, rule.least_hours, gap=1):
            ratio = float(np.median((sent / (unit * due))[first:until][other[first:until]]))
            evidence = {"hours": until - first, "percent": round(100 * (ratio - 1), 1)}
            yield Alarm("mass_mismatch", code, first * HOUR, until * HOUR, (until - first) / rule.least_hours, evidence)
