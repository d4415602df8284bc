"""Levels that change without a reason in the gas: a sudden step, a break with the outlet's own season, lower nights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.screening.hours import hour_means, runs, sigma
from lantian.stack.screening.rule import NightRule, SeasonRule, StepRule
from lantian.stack.screening.trace import DAY, HOUR, VELOCITY, Alarm, Floats, Trace


def level_shift(trace: Trace, rule: StepRule) -> Iterator[Alarm]:
    """The hour from which a pollutant stands at another level than before, at once and for good (slope or intercept)."""
    for code in trace.pollutants:
        logs = _log_hours(trace, code)
        step, noise = _steps(logs, rule.window_hours)
        size = np.abs(step)
        hit = (size > np.log1p(rule.least_percent / 100)) & (size > float(rule.z) * noise)
        for first, until in runs(hit, 1, gap=rule.window_hours):
            at = first + int(np.nanargmax(size[first:until]))
            end = _until_back(step, at, rule.window_hours, len(logs))
            evidence = {
                "percent": round(100 * float(np.expm1(step[at])), 1),
                "z": round(float(size[at] / noise), 1),
            }
            score = float(size[at] / noise) / float(rule.z)
            yield Alarm("level_shift", code, at * HOUR, end * HOUR, score, evidence)


def _steps(logs: Floats, width: int) -> tuple[Floats, float]:
    """Difference of the medians after and before each hour, and its usual size."""
    n = len(logs)
    padded = np.concatenate([np.full(width, np.nan), logs, np.full(width, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    there = np.isfinite(windows).sum(axis=1)
    with np.errstate(all="ignore"):
        medians = np.where(there >= width / 2, _nanmedian(windows), np.nan)
    step: Floats = medians[width : width + n] - medians[:n]
    return step, max(sigma(step), 0.02)


def _nanmedian(windows: Floats) -> Floats:
    ordered = np.sort(windows, axis=1)  # nan last
    n = np.isfinite(windows).sum(axis=1)
    row = np.arange(len(windows))
    low, high = (
        ordered[row, np.maximum((n - 1) // 2, 0)],
        ordered[row, np.maximum(n // 2, 0).clip(max=windows.shape[1] - 1)],
    )
    found: Floats = (low + high) / 2
    return found


def _until_back(step: Floats, at: int, width: int, n: int) -> int:
    """Where the opposite step of a like size follows; else the end."""
    later = np.arange(len(step)) > at + width
    back = later & (np.sign(step) == -np.sign(step[at])) & (np.abs(step) > 0.7 * abs(step[at]))
    if not back.any():
        return n
    first = int(back.argmax())
    part = np.abs(step[first : first + width])
    return first + int(np.nanargmax(part))


def season_break(trace: Trace, rule: SeasonRule) -> Iterator[Alarm]:
    """Days in a row far from the outlet's own usual level, load accounted for."""
    for code in trace.pollutants:
        logs = _log_hours(trace, code)
        days = np.array([_mean_of(day) for day in logs.reshape(-1, 24)])
        if np.isfinite(days).sum() < rule.least_days:
            continue
        centre, wide = float(np.nanmedian(days)), max(sigma(days), float(rule.floor))
        off = (days - centre) / wide
        far = (np.abs(off) > float(rule.z)) & (np.abs(days - centre) > np.log1p(rule.least_percent / 100))
        for first, until in runs(far, rule.days, gap=1):
            evidence = {
                "days": until - first,
                "percent": round(100 * float(np.expm1(np.nanmean(days[first:until]) - centre)), 1),
                "z": round(float(np.nanmax(np.abs(off[first:until]))), 1),
            }
            score = float(np.nanmax(np.abs(off[first:until]))) / float(rule.z)
            yield Alarm("season_break", code, first * DAY, until * DAY, score, evidence)


def _mean_of(values: Floats) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) >= 12 else float("nan")


def night_drop(trace: Trace, rule: NightRule) -> Iterator[Alarm]:
    """Nights in a row in which a pollutant is far lower than by day before and after, while as much gas flows."""
    if VELOCITY not in trace.values:
        return
    flow = np.log(np.maximum(hour_means(trace.values[VELOCITY], trace.good(VELOCITY)), 1e-6))
    hour = np.arange(len(flow)) % 24
    dark = (hour >= rule.night_from) | (hour < rule.night_until)
    flow_by_night = _by_night(np.where(dark, flow, np.nan))
    for code in trace.pollutants:
        logs = _log_hours(trace, code)
        night = _by_night(np.where(dark, logs, np.nan))
        day = _by_day(np.where((hour >= rule.day_from) & (hour < rule.day_until), logs, np.nan))
        flow_by_day = _by_day(np.where((hour >= rule.day_from) & (hour < rule.day_until), flow, np.nan))
        lower = night[: len(day) - 1] - (day[:-1] + day[1:]) / 2
        less_gas = flow_by_night[: len(day) - 1] - (flow_by_day[:-1] + flow_by_day[1:]) / 2
        lower = lower - np.minimum(less_gas, 0)  # what falls with the load does not count
        hit = (lower < np.log1p(-rule.least_percent / 100)) & (lower < -float(rule.z) * sigma(lower))
        for first, until in runs(hit, rule.nights, gap=1):
            evidence = {
                "nights": int(hit[first:until].sum()),
                "percent": round(-100 * float(np.expm1(np.nanmedian(lower[first:until]))), 1),
            }
            score = -float(np.nanmedian(lower[first:until])) / -float(np.log1p(-rule.least_percent / 100))
            start, end = first * DAY + rule.night_from * HOUR, until * DAY + rule.night_until * HOUR
            yield Alarm("night_drop", code, start, end, score, evidence)


def _by_night(values: Floats) -> Floats:
    """Means of the nights: from noon to noon."""
    moved = np.concatenate([values[12:], np.full(12, np.nan)]).reshape(-1, 24)
    return np.array([_some_mean(row) for row in moved])


def _by_day(values: Floats) -> Floats:
    return np.array([_some_mean(row) for row in values.reshape(-1, 24)])


def _some_mean(values: Floats) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) >= 3 else float("nan")


def _log_hours(trace: Trace, code: str) -> Floats:
    """Logarithms of the hour means of the converted concentration (of the measured one where none is sent)."""
    values = trace.converted.get(code, trace.values[code])
    good = trace.good(code) & np.isfinite(values)
    mean = hour_means(values, good)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(mean > 0, np.log(mean), np.nan)
    return found
