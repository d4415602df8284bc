"""Upper edges that nature does not make: saturation at a round number, a lid just under the limit, a heap below it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.screening.hours import hour_means, runs
from lantian.stack.screening.rule import ClipRule, PileRule, RangeRule
from lantian.stack.screening.trace import DAY, HOUR, Alarm, Evidence, Trace


def truncated_range(trace: Trace, rule: RangeRule) -> Iterator[Alarm]:
    """Parts of days whose highest measured value is a whole number reached again and again, without flag T (above the range).

    Rule    one alarm for as long as no part goes beyond that number
    """
    width = rule.window_hours * HOUR
    for code in trace.pollutants:
        parts = np.where(trace.good(code), trace.values[code], -np.inf).reshape(-1, width)
        top = parts.max(axis=1)
        least = rule.least_minutes * (10 if trace.step(code) >= 1 else 1)
        at_top = (parts == top[:, None]).sum(axis=1)
        hit = [int(one) for one in np.flatnonzero((at_top >= least) & (top > 0)) if top[one] % 1.0 == 0]
        while hit:
            lid = top[hit[0]]
            beyond = np.flatnonzero(top[hit[0] :] > lid)
            end = hit[0] + int(beyond[0]) if len(beyond) else len(top)
            own = [one for one in hit if one < end and top[one] == lid]
            minutes = np.flatnonzero((parts[hit[0] : end] == lid).ravel()) + hit[0] * width
            evidence: Evidence = {"value": float(lid), "minutes": len(minutes)}
            score = len(minutes) / len(own) / rule.least_minutes
            yield Alarm("truncated_range", code, int(minutes[0]), int(minutes[-1]) + 1, score, evidence)
            hit = [one for one in hit if one >= end]


def clipped_below_limit(trace: Trace, rule: ClipRule) -> Iterator[Alarm]:
    """Days whose converted values end in a hard edge just under the limit: crowded at the top, thinner below it.

    Rule    the band of so many percent below the day's highest values holds several times what the next band holds
    """
    for code in trace.pollutants:
        limit = trace.limits.get(code)
        if not limit or code not in trace.converted:
            continue
        good = trace.good(code) & np.isfinite(trace.converted[code])
        days = np.where(good, trace.converted[code] / limit, np.nan).reshape(-1, DAY)
        found: list[tuple[int, float, int]] = []
        for day, row in enumerate(days):
            there = row[np.isfinite(row)]
            if len(there) < HOUR:
                continue
            edge = float(np.quantile(there, 1 - rule.outliers / len(there)))
            if not rule.from_percent <= 100 * edge < 100:
                continue
            band = rule.band_percent / 100
            crowd = int((there > edge - band).sum())
            below = int((there > edge - 2 * band).sum()) - crowd
            hours = len(np.unique(np.flatnonzero(row > edge - band) // HOUR))
            if crowd >= rule.least_minutes and hours >= rule.least_hours and crowd >= float(rule.times) * max(below, 1):
                found.append((day, edge, crowd))
        chosen = np.zeros(len(days), np.bool_)
        chosen[[day for day, *_ in found]] = True
        for first, until in runs(chosen, 1, gap=1):
            part = [one for one in found if first <= one[0] < until]
            lid, minutes = float(np.median([one[1] for one in part])), sum(one[2] for one in part)
            high = np.flatnonzero(days[first:until].ravel() > lid - rule.band_percent / 100) + first * DAY
            evidence: Evidence = {"percent": round(100 * lid, 1), "minutes": minutes, "days": len(part)}
            score = minutes / len(part) / rule.least_minutes
            yield Alarm("clipped_below_limit", code, int(high[0]), int(high[-1]) + 1, score, evidence)


def piled_below_limit(trace: Trace, rule: PileRule) -> Iterator[Alarm]:
    """Days on which many hour means stand just below the limit and hardly any above it."""
    for code in trace.pollutants:
        limit = trace.limits.get(code)
        if not limit or code not in trace.converted:
            continue
        good = trace.good(code) & np.isfinite(trace.converted[code])
        share = (100 * hour_means(trace.converted[code], good) / limit).reshape(-1, 24)
        below = ((share >= rule.from_percent) & (share < 100)).sum(axis=1)
        above = (share >= 100).sum(axis=1)
        piled = (below >= rule.hours_a_day) & (above * 20 <= below)
        for first, until in runs(piled, rule.days, gap=1):
            hours = int(below[first:until].sum())
            evidence: Evidence = {"hours": hours, "days": until - first, "above": int(above[first:until].sum())}
            score = hours / (until - first) / rule.hours_a_day
            yield Alarm("piled_below_limit", code, first * DAY, until * DAY, score, evidence)
