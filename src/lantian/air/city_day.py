"""City days from station days: sums and numbers of valid stations, the share rule, printed values.

The sum of a city day is an integer over ``parts * stations * 10**SCALE``; nothing is rounded before it is printed.
A table of city days has ``city``, ``date`` and for each item ``<item>`` (the sum, null where the day is not valid) and
``<item>_points`` (number of valid stations).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lantian.air.city_rounding import points_name
from lantian.air.item import ITEMS
from lantian.air.parameters import DayValidity
from lantian.air.station_day import NOT_VALID, Numbers, StationDays
from lantian.basis.period import Days


@dataclass(frozen=True, slots=True)
class CitySums:
    """Sums of valid station days: ``sums`` and ``points`` of each item as (city, day), cities by number."""

    days: Days
    cities: NDArray[np.int32]
    sums: Mapping[str, Numbers]
    points: Mapping[str, Numbers]


def city_sums(days: StationDays, city_of: NDArray[np.int32]) -> CitySums:
    """Station days added up by city; ``city_of`` is the city number of each station number."""
    own = city_of[days.stations]
    if (own[1:] < own[:-1]).any():
        order: Any = np.argsort(own, kind="stable")
        own = own[order]
    else:
        order = slice(None)
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]]) if len(own) else np.zeros(0, np.int64)
    sums, points = {}, {}
    for item, values in days.values.items():
        values = values[order]
        valid = values != NOT_VALID
        sums[item] = np.add.reduceat(np.where(valid, values, 0), starts, axis=0)
        points[item] = np.add.reduceat(valid, starts, axis=0, dtype=np.int64)
    return CitySums(days.days, own[starts], sums, points)


def city_days(
    sums: Sequence[CitySums], period: Days, names: Sequence[str], stations: NDArray[np.int64], rule: DayValidity
) -> pl.DataFrame:
    """City days of the cities named, one row for each day of a period, those without valid value null.

    Shape   by city in the order of ``names`` (their numbers), then date; ``sums`` outside the period are passed over
    Rule    HJ 663: ``rule.points_share`` of the city's ``stations`` must be valid, each item by itself
    """
    least, of = rule.points_share
    columns: dict[str, Any] = {}
    for item in ITEMS:
        total, points = (np.zeros((len(names), len(period)), np.int64) for _ in range(2))
        for one in sums:
            first, last = max(one.days.first, period.first), min(one.days.last, period.last)
            if first > last:
                continue
            there = slice((first - period.first).days, (last - period.first).days + 1)
            here = slice((first - one.days.first).days, (last - one.days.first).days + 1)
            total[one.cities, there], points[one.cities, there] = one.sums[item][:, here], one.points[item][:, here]
        valid = (of * points >= least * stations[:, None]) & (points > 0)
        columns[item] = pl.Series(item, total.reshape(-1)).zip_with(
            pl.Series(valid.reshape(-1)), pl.Series([None], dtype=pl.Int64).new_from_index(0, total.size)
        )
        columns[points_name(item)] = pl.Series(points_name(item), points.reshape(-1))
    dates = pl.date_range(period.first, period.last, eager=True)
    return pl.DataFrame(
        {
            "city": pl.Series(list(names), dtype=pl.String).gather(np.repeat(np.arange(len(names)), len(period))),
            "date": dates.gather(np.tile(np.arange(len(period)), len(names))),
            **columns,
        }
    )
