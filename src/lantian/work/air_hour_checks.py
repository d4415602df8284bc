"""What station hours cannot be, as a whole: wrong units, shifted headings, a year of zeros.

Looked at on station days, month by month. Means serve only as a plausibility check here, so they are floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

import numpy as np

from lantian.air.item import ITEMS, PRINTED, SCALE, UNITS
from lantian.air.station_day import NOT_VALID, Numbers, StationDays
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.rulebook.loader import load
from lantian.rulebook.shape import built
from lantian.store.hour_columns import Stations
from lantian.store.layout import FOLDER

_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Plausible:
    co_mean_at_most: Decimal
    co_mean_at_least: Decimal
    others_mean_at_least: Decimal
    fine_above_coarse_percent: int
    days_at_least: int


@lru_cache(maxsize=1)  # a file of the package
def _plausible() -> _Plausible:
    return built(_Plausible, load(FOLDER / "_plausible_hours.yaml", "_plausible_hours.yaml"))


@dataclass(slots=True)
class HourChecks:
    """Counts over all station days of a run: sums, days, days with PM2.5 above PM10, highest value of each station."""

    sums: dict[str, float] = field(default_factory=lambda: dict.fromkeys(ITEMS, 0.0))
    days: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ITEMS, 0))
    pairs: int = 0
    fine_above: int = 0
    highest: dict[str, Numbers] = field(default_factory=lambda: {item: np.zeros(0, np.int64) for item in ITEMS})
    station_days: dict[str, Numbers] = field(default_factory=lambda: {item: np.zeros(0, np.int64) for item in ITEMS})

    def look(self, days: StationDays, parts: Mapping[str, int]) -> None:
        """Adds the station days of a month."""
        size = int(days.stations.max(initial=-1)) + 1
        for item in ITEMS:
            values = days.values[item]
            valid = values != NOT_VALID
            own = np.count_nonzero(valid, axis=1)
            self.days[item] += int(own.sum())
            self.sums[item] += float(np.where(valid, values, 0).sum(dtype=np.float64)) / (parts[item] * 10**SCALE)
            self.station_days[item] = _long(self.station_days[item], size)
            self.station_days[item][days.stations] += own
            self.highest[item] = _long(self.highest[item], size)
            self.highest[item][days.stations] = np.maximum(
                self.highest[item][days.stations], values.max(axis=1, initial=0)
            )
        fine, coarse = days.values["pm25"], days.values["pm10"]
        both = (fine != NOT_VALID) & (coarse != NOT_VALID)
        self.pairs += int(np.count_nonzero(both))
        self.fine_above += int(np.count_nonzero(both & (fine > coarse)))

    def add(self, other: HourChecks, numbers: Numbers) -> None:
        """Adds what was seen elsewhere; ``numbers`` are the numbers here of the stations there."""
        size = int(numbers.max(initial=-1)) + 1
        for item in ITEMS:
            self.days[item] += other.days[item]
            self.sums[item] += other.sums[item]
            self.station_days[item] = _long(self.station_days[item], size)
            self.highest[item] = _long(self.highest[item], size)
            here = numbers[: len(other.highest[item])]
            self.station_days[item][here] += other.station_days[item]
            self.highest[item][here] = np.maximum(self.highest[item][here], other.highest[item])
        self.pairs += other.pairs
        self.fine_above += other.fine_above

    def refuse(self) -> None:
        """Errors  Refusal where a whole item or the pair of particles cannot be what the headings say"""
        bounds = _plausible()
        found = []
        for item in ITEMS:
            if self.days[item] >= bounds.days_at_least:
                found += _implausible(item, self.sums[item] / self.days[item], self.days[item], bounds)
        if self.pairs >= bounds.days_at_least and 100 * self.fine_above > bounds.fine_above_coarse_percent * self.pairs:
            found.append(
                _finding(
                    f"{self.pairs} 个站日中有 {self.fine_above} 个 PM2.5 高于 PM10，表头可能错位。请核对各列",
                    f"PM2.5 exceeds PM10 on {self.fine_above} of {self.pairs} station days: the headings seem shifted",
                )
            )
        if found:
            raise Refusal(*found)

    def notes(self, stations: Stations) -> list[Finding]:
        """Stations that had nothing but zeros: their values count, a person should look."""
        least = _plausible().days_at_least
        found = []
        for item in ITEMS:
            zero = np.flatnonzero((self.highest[item] == 0) & (self.station_days[item] >= least)).tolist()
            if zero:
                names = "、".join("".join(stations.name(one)) for one in zero[:_NAMED]) + (
                    "等" if zero[_NAMED:] else ""
                )
                text = Text(
                    f"{len(zero)} 个站点的 {PRINTED[item]} 全部为 0（{names}），像是缺测写成了 0。数值已照常计入，请核对",
                    f"{PRINTED[item]} of {len(zero)} stations is 0 throughout ({names}); counted as it came",
                )
                found.append(Finding("AIR-HOUR-ZEROS", Severity.WARNING, text))
        return found


def _long(numbers: Numbers, size: int) -> Numbers:
    return numbers if len(numbers) >= size else np.concatenate([numbers, np.zeros(size - len(numbers), np.int64)])


def _implausible(item: str, mean: float, days: int, bounds: _Plausible) -> list[Finding]:
    name = PRINTED[item]
    if mean == 0:
        zh = f"{name} 的 {days} 个站日全部为 0，像是缺测写成了 0。请把缺测留空后再评价"
        return [_finding(zh, f"{name} is 0 on all {days} station days: missing values written as 0?")]
    low, high = bounds.others_mean_at_least, None
    if item == "co":
        low, high = bounds.co_mean_at_least, bounds.co_mean_at_most
    if mean >= low and (high is None or mean <= high):
        return []
    unit = {"mg/m3": "mg/m³", "ug/m3": "µg/m³"}[UNITS[item]]
    zh = f"{name} 的平均值折合 {mean:.4g} {unit}，不像实际浓度：单位写错或表头错位。请核对单位"
    return [_finding(zh, f"the mean of {name} is {mean:.4g} {unit}: wrong unit or shifted headings")]


def _finding(zh: str, en: str) -> Finding:
    return Finding("AIR-HOUR-IMPLAUSIBLE", Severity.REFUSED, Text(f"{zh}。没有写出任何结果", en))
