"""The same curve twice: an earlier day or block digit by digit, every day alike, one factor after another, two outlets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lantian.stack.screening.hours import quick, runs
from lantian.stack.screening.rule import CopyRule, DailyRepeatRule, ReplayRule, TwinRule
from lantian.stack.screening.trace import DAY, HOUR, O2, SCALE, VELOCITY, Alarm, Bools, Evidence, Floats, Trace

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def repeated(trace: Trace, rule: ReplayRule) -> Iterator[Alarm]:
    """Stretches that repeat earlier ones digit by digit: ``replayed_day`` at the same time of day, else ``repeated_block``."""
    for code in (*trace.pollutants, O2, VELOCITY):
        if code not in trace.values:
            continue
        back = _earlier(trace.values[code], trace.good(code), rule)
        for lag in np.unique(back[back > 0]):
            pattern = "replayed_day" if lag % DAY == 0 else "repeated_block"
            for first, until in runs(back == lag, 1, gap=rule.window_minutes):
                end = until + rule.window_minutes - 1
                evidence: Evidence = {
                    "minutes": end - first,
                    "lag_minutes": int(lag),
                    "from": f"{trace.at(first - int(lag)):%Y-%m-%d %H:%M}",
                }
                yield Alarm(pattern, code, first, end, (end - first) / rule.window_minutes, evidence)


def _earlier(values: Floats, good: Bools, rule: ReplayRule) -> NDArray[np.int64]:
    """For each minute how far back the window that begins there stood before (0: nowhere)."""
    width = rule.window_minutes
    whole = np.where(good, np.rint(values * 10**SCALE), 0).astype(np.int64).astype(np.uint64)
    changes = np.concatenate([[0], np.cumsum(whole[1:] != whole[:-1])])
    there = np.concatenate([[0], np.cumsum(good)])
    full = there[width:] - there[:-width] == width
    lively = changes[width - 1 :] - changes[: len(changes) - width + 1] >= rule.distinct
    index = np.flatnonzero(full & lively)
    weights = np.empty(width, np.uint64)
    weights[0] = 1
    with np.errstate(over="ignore"):
        for place in range(1, width):
            weights[place] = weights[place - 1] * _MULTIPLIER
        mixed = (whole + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(31)
        digest = (sliding_window_view(mixed, width)[index] * weights).sum(axis=1, dtype=np.uint64)
    order = np.argsort(digest, kind="stable")
    same = digest[order][1:] == digest[order][:-1]
    back = np.zeros(len(values), np.int64)
    later, before = index[order[1:][same]], index[order[:-1][same]]
    apart = later - before >= width
    back[later[apart]] = (later - before)[apart]
    return back


def daily_repeat(trace: Trace, rule: DailyRepeatRule) -> Iterator[Alarm]:
    """Days whose quick movements follow those of the day before at the same minute."""
    for code in trace.pollutants:
        fast, good = _quick_log(trace, code)
        today, before = fast[DAY:].reshape(-1, DAY), fast[:-DAY].reshape(-1, DAY)
        both = good[DAY:].reshape(-1, DAY) & good[:-DAY].reshape(-1, DAY)
        alike = _likeness(today, before, both, rule.least_minutes)
        for first, until in runs(alike * 100 > rule.likeness_percent, rule.days):
            likeness = float(np.nanmedian(alike[first:until]))
            evidence: Evidence = {"days": until - first + 1, "likeness": round(likeness, 3)}
            score = 100 * likeness / rule.likeness_percent
            yield Alarm("daily_repeat", code, first * DAY, (until + 1) * DAY, score, evidence)


def scaled_copy(trace: Trace, rule: CopyRule) -> Iterator[Alarm]:
    """Hours in which two pollutants move alike in every quick movement: one made from the other."""
    logs = {code: _quick_log(trace, code) for code in trace.pollutants}
    for place, code in enumerate(trace.pollutants):
        for other in trace.pollutants[place + 1 :]:
            yield from _alike(logs[code], logs[other], "scaled_copy", code, other, rule.likeness_percent, rule.hours)


def twin_outlets(traces: Sequence[Trace], rule: TwinRule) -> Iterator[tuple[Trace, Alarm]]:
    """Outlets of one company with the same curve at another level; the alarm stands at both."""
    for place, one in enumerate(traces):
        for other in traces[place + 1 :]:
            if one.company != other.company or one.first != other.first or one.minutes != other.minutes:
                continue
            for code in (code for code in one.pollutants if code in other.values):
                pair = _quick_log(one, code), _quick_log(other, code)
                for alarm in _alike(*pair, "twin_outlets", code, other.outlet, rule.likeness_percent, rule.hours):
                    yield one, alarm
                    evidence: Evidence = {**alarm.evidence, "other": one.outlet}
                    yield other, Alarm("twin_outlets", code, alarm.first, alarm.until, alarm.score, evidence)


def _quick_log(trace: Trace, code: str) -> tuple[Floats, Bools]:
    good = trace.good(code) & (trace.values[code] > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(good, np.log(np.where(good, trace.values[code], 1.0)), 0.0)
    return quick(logs, good), good


def _alike(
    one: tuple[Floats, Bools],
    other: tuple[Floats, Bools],
    pattern: str,
    code: str,
    named: str,
    percent: int,
    hours: int,
) -> Iterator[Alarm]:
    both = (one[1] & other[1]).reshape(-1, HOUR)
    likeness = _likeness(one[0].reshape(-1, HOUR), other[0].reshape(-1, HOUR), both, HOUR // 2)
    for first, until in runs(likeness * 100 > percent, hours, gap=1):
        found = float(np.nanmedian(likeness[first:until]))
        evidence: Evidence = {"hours": until - first, "likeness": round(found, 3), "other": named}
        yield Alarm(pattern, code, first * HOUR, until * HOUR, 100 * found / percent, evidence)


def _likeness(one: Floats, other: Floats, both: Bools, least: int) -> Floats:
    """Correlations row by row over what both have; nan below so many."""
    a, b = np.where(both, one, 0.0), np.where(both, other, 0.0)
    size = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where((both.sum(axis=1) >= least) & (size > 0), (a * b).sum(axis=1) / size, np.nan)
    return found
