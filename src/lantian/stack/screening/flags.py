"""Flags and gaps that come when they are convenient: over exceedances, at night, too often, by hand, where values are high."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.screening.hours import runs
from lantian.stack.screening.rule import ClusterRule, CoverRule, GapRule, HandRule, ShareRule
from lantian.stack.screening.trace import DAY, HOUR, Alarm, Bools, Evidence, Floats, Span, Trace

_EXCUSES = tuple(map(ord, "CMD"))  # calibration, maintenance, fault


def marks_cover_excess(trace: Trace, rule: CoverRule) -> Iterator[Alarm]:
    """Runs of flags C, M, D that begin as the converted value passes the limit, or hide values above it.

    Rule    what stands below the flag counts only where it goes on from what was before: zero and span gas do not
    """
    for code in trace.pollutants:
        limit, zs = trace.limits.get(code), trace.converted.get(code)
        if not limit or zs is None:
            continue
        for first, until in _excused(trace, code, rule.least_minutes):
            before = _mean(
                zs[max(first - rule.before_minutes, 0) : first],
                trace.good(code)[max(first - rule.before_minutes, 0) : first],
            )
            inside = zs[first:until][np.isfinite(zs[first:until])]
            over = float(np.mean(inside > limit)) if len(inside) else 0.0
            goes_on = len(inside) > 0 and abs(float(inside[0]) - before) < rule.jump_percent / 100 * limit
            hidden = goes_on and 100 * over >= rule.over_percent
            if hidden or 100 * before >= rule.near_percent * limit:
                evidence: Evidence = {
                    "minutes": until - first,
                    "flag": chr(int(np.median(trace.flags[code][first:until]))),
                    "before_percent": round(100 * before / limit, 1),
                    "over_percent": round(100 * over, 1),
                }
                score = max(100 * before / limit / rule.near_percent, 100 * over / rule.over_percent if hidden else 0)
                yield Alarm("marks_cover_excess", code, first, until, score, evidence)


def maintenance_share(trace: Trace, rule: ShareRule) -> Iterator[Alarm]:
    """Weeks in which flags C, M, D stand for far more of the time than upkeep takes."""
    for code in trace.pollutants:
        marked = np.isin(trace.flags[code], _EXCUSES).reshape(-1, DAY).sum(axis=1)
        there = (trace.flags[code] != 0).reshape(-1, DAY).sum(axis=1)
        width = min(rule.window_days, len(marked))
        ones = np.ones(width)
        part = np.convolve(marked, ones, "valid") / np.maximum(np.convolve(there, ones, "valid"), 1)
        usual = np.convolve(marked > rule.day_minutes, ones, "valid")
        high = (100 * part > rule.percent) & (usual >= rule.days)
        if not high.any():
            continue
        best = int(np.where(high, part, 0).argmax())
        last = len(high) - 1 - int(high[::-1].argmax())
        first = int(high.argmax())
        inside = np.flatnonzero(marked[first : last + width] > rule.day_minutes) + first
        evidence: Evidence = {
            "percent": round(100 * float(part[best]), 1),
            "minutes": int(marked[first : last + width].sum()),
        }
        score = 100 * float(part[best]) / rule.percent
        yield Alarm("maintenance_share", code, int(inside[0]) * DAY, (int(inside[-1]) + 1) * DAY, score, evidence)


def marks_clustered(trace: Trace, rule: ClusterRule) -> Iterator[Alarm]:
    """Flags M, D and calibrations out of their usual time that stand at night again and again."""
    for code in trace.pollutants:
        spans = _excused(trace, code, rule.least_minutes)
        hour = [(first % DAY) // HOUR for first, _ in spans]
        night = [span for span, at in zip(spans, hour, strict=True) if at >= rule.night_from or at < rule.night_until]
        if len(night) < rule.least or 100 * len(night) < rule.percent * len(spans):
            continue
        if len({first // DAY for first, _ in night}) < rule.least:
            continue
        evidence: Evidence = {
            "night": len(night),
            "all": len(spans),
            "minutes": sum(until - first for first, until in night),
        }
        yield Alarm("marks_clustered", code, night[0][0], night[-1][1], len(night) / rule.least, evidence)


def set_by_hand(trace: Trace, rule: HandRule) -> Iterator[Alarm]:
    """Values in operation that were set by hand (flag S)."""
    for code in trace.values:
        for first, until in runs((trace.flags[code] == ord("S")) & trace.running, rule.least_minutes, gap=10):
            evidence: Evidence = {"minutes": until - first}
            yield Alarm("set_by_hand", code, first, until, (until - first) / rule.least_minutes, evidence)


def missing_when_high(trace: Trace, rule: GapRule) -> Iterator[Alarm]:
    """Gaps of a pollutant that begin or end at its highest values, again and again."""
    for code in trace.pollutants:
        good = trace.good(code)
        values = trace.converted.get(code, trace.values[code])
        good = good & np.isfinite(values)
        if not good.any():
            continue
        high = float(np.quantile(values[good], rule.quantile_percent / 100))
        gaps = runs((trace.flags[code] == 0) & trace.running, rule.least_minutes)
        beside = [_beside(values, good, gap, rule.beside_minutes) for gap in gaps]
        told = [gap for gap, value in zip(gaps, beside, strict=True) if value > high]
        known = sum(np.isfinite(beside))
        if len(told) < rule.least or 100 * len(told) < rule.percent * known:
            continue
        evidence: Evidence = {"gaps": len(told), "all": int(known), "above": round(high, 2)}
        yield Alarm("missing_when_high", code, told[0][0], told[-1][1], len(told) / rule.least, evidence)


def _beside(values: Floats, good: Bools, gap: Span, minutes: int) -> float:
    """The higher of the means just before and just after a gap."""
    sides = [slice(max(gap[0] - minutes, 0), gap[0]), slice(gap[1], gap[1] + minutes)]
    means = [_mean(values[side], good[side]) for side in sides]
    there = [one for one in means if np.isfinite(one)]
    return max(there) if there else float("nan")


def _mean(values: Floats, good: Bools) -> float:
    return float(values[good].mean()) if good.any() else float("nan")


def _excused(trace: Trace, code: str, least: int) -> list[Span]:
    """Runs of C, M, D in operation, without the short calibration that comes every day."""
    excused = np.isin(trace.flags[code], _EXCUSES) & trace.running
    return runs(excused, least, gap=1)
