"""Station days from the hour grid: means of 24 hours and the largest 8-hour mean of O3, as exact integers.

A valid day of n hours is kept as ``sum * (M / n)`` with M the least common multiple of all n that are valid: an integer
for each of them, so that days of different n can be added. O3 does the same with the hours of its windows.

Sums of 8 and more hours are made by doubling (2, 4, 8 at once) along each station's run of hours. The 17 windows of a
day lie inside it: what the doubling makes across midnight is not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lantian.air.hour_grid import HOURS, HourGrid, Integers
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import DayValidity
from lantian.basis.period import Days

NOT_VALID: Final = -1
WINDOW: Final = 8  # hours of an O3 mean; the windows of a day end at 08:00 … 24:00
HOUR_OF: Final = {"o3_8h": "o3"}  # item of a day → item of its hours, where the names differ
_BLOCK: Final = 1 << 17  # hours worked on at once, so that they stay in the processor's cache

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StationDays:
    """Valid station days: ``values`` of each item as (station, day), NOT_VALID where there is none.

    Unit    value * parts[item] * 10**SCALE
    """

    days: Days
    stations: NDArray[np.int32]
    values: Mapping[str, Numbers]


def parts(rules: Sequence[DayValidity]) -> dict[str, int]:
    """Denominator of the station days of each item, common to all numbers of hours that are valid under these rules."""
    day = lcm(*range(min(rule.hours for rule in rules), HOURS + 1))
    window = lcm(*range(min(rule.window_hours for rule in rules), WINDOW + 1))
    return {item: window if item == "o3_8h" else day for item in ITEMS}


def station_days(grid: HourGrid, rule: DayValidity, parts: Mapping[str, int]) -> StationDays:
    """Station days of a grid, over the denominators ``parts``.

    Rule    HJ 663: a mean needs ``rule.hours`` hours; O3 as in ``largest_window``; nothing is rounded
    """
    return StationDays(grid.days, grid.stations, {item: _item_days(grid, item, rule, parts[item]) for item in ITEMS})


def _item_days(grid: HourGrid, item: str, rule: DayValidity, common: int) -> Numbers:
    hours, scale = grid.values[HOUR_OF.get(item, item)], grid.scales[HOUR_OF.get(item, item)]
    days = np.empty((hours.shape[0], len(grid.days)), np.int64)
    at_once = max(1, _BLOCK // max(1, hours.shape[1]))
    for first in range(0, len(hours), at_once):
        block = _summable(hours[first : first + at_once])
        found = largest_window(block, rule, common, scale) if item == "o3_8h" else mean_of_hours(block, rule, common)
        days[first : first + at_once] = found.reshape(-1, len(grid.days))
    return days if scale == SCALE else np.where(days == NOT_VALID, NOT_VALID, days * 10 ** (SCALE - scale))


def _summable(block: Integers) -> Integers:
    """The hours one after the other, in a type that holds the sum of a window."""
    flat = block.reshape(-1)
    if flat.dtype != np.int64 and int(flat.max(initial=0)) > np.iinfo(flat.dtype).max // WINDOW:
        return flat.astype(np.int64)
    return flat


def mean_of_hours(hours: Integers, rule: DayValidity, common: int) -> Numbers:
    """Means of 24 hours each, NOT_VALID with fewer than ``rule.hours`` of them.

    Unit    value * common * 10**(scale of the hours)
    """
    missing = _slid_sum((hours < 0).view(np.int8), WINDOW)
    sums = _slid_sum(hours, WINDOW)
    gone, total = np.zeros(len(hours) // HOURS, np.int64), np.zeros(len(hours) // HOURS, np.int64)
    for first in range(0, HOURS, WINDOW):
        gone += missing[first::HOURS]
        total += sums[first::HOURS]
    total += gone  # each missing hour went into the sum as -1
    weights = np.array([common // (HOURS - one) if HOURS - one >= rule.hours else 0 for one in range(HOURS + 1)])
    return np.where(weights[gone] > 0, total * weights[gone], NOT_VALID)


def largest_window(hours: Integers, rule: DayValidity, common: int, scale: int) -> Numbers:
    """Largest valid 8-hour mean of each 24 hours.

    Unit    value * common * 10**scale
    Rule    HJ 663: a window needs ``rule.window_hours`` hours and divides by those it has; the day needs
            ``rule.windows`` valid windows, with fewer it stands only above ``rule.windows_unless_above``
    """
    missing = _slid_sum((hours < 0).view(np.int8), WINDOW)
    present = range(WINDOW, -1, -1)
    sums = _slid_sum(hours, WINDOW)
    wide = np.int32 if sums.dtype == np.int16 else np.int64  # 32,767 sums times 28 and less fit 32 bits
    weights = np.array([common // one if one >= rule.window_hours else 0 for one in present], wide)
    valid = (missing <= WINDOW - rule.window_hours).view(np.int8)
    means = (sums + missing) * weights[missing]  # a window that is not valid has weight 0 and is never the largest
    windows = HOURS - WINDOW + 1
    half = windows - 1
    largest = np.maximum(_slid_max(means, half)[::HOURS], means[half::HOURS]).astype(np.int64)
    count = _slid_sum(valid, half)[::HOURS] + valid[half::HOURS]
    limit = rule.windows_unless_above * common * 10**scale
    stands = (count >= rule.windows) | ((count > 0) & (largest > limit))
    return np.where(stands, largest, NOT_VALID)


def _slid_sum(values: NDArray[Any], length: int) -> NDArray[Any]:
    """Sums of ``length`` (a power of 2) neighbours, one for each place where all of them are there."""
    step = 1
    while step < length:
        values = values[:-step] + values[step:]
        step *= 2
    return values


def _slid_max(values: NDArray[Any], length: int) -> NDArray[Any]:
    """Largest of ``length`` (a power of 2) neighbours, one for each place where all of them are there."""
    step = 1
    while step < length:
        values = np.maximum(values[:-step], values[step:])
        step *= 2
    return values
