"""Stations out of line with the other stations of their city, month by month.

In each hour (or day) a station is compared with the median of the others and their median deviation from it, never
taken smaller than a floor. Medians of whole numbers are multiples of a half and deviations of a quarter: exact in
floating point at this size, so no comparison is a matter of rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lantian.air.quality import NAMES, Doubt, NeighbourRule, clock, items_of, subject, with_month
from lantian.basis.finding import Severity, Text

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


def out_of_line(table: pl.DataFrame, rule: NeighbourRule) -> list[Doubt]:
    """Months in which a station stands far above, or far below, the others of its city in most of its values.

    Rule    thresholds of our own practice; far is more than ``times`` the median deviation of the others, which is
            never taken smaller than ``floor_percent`` of their median or ``floor``; needs ``others`` stations besides
    """
    named = with_month(table.filter(pl.col("station").is_not_null()))
    found = []
    for (city,), own in named.partition_by("city", as_dict=True, maintain_order=True).items():
        stations = own["station"].unique(maintain_order=True).to_list()
        if len(stations) > rule.others:
            found += list(_city(str(city), stations, own, rule))
    return found


def _city(city: str, stations: list[str], own: pl.DataFrame, rule: NeighbourRule) -> Iterator[Doubt]:
    times = own.select("time", "month").unique().sort("time")
    rows = times["time"].search_sorted(own["time"]).to_numpy()
    numbers = {name: at for at, name in enumerate(stations)}
    columns = own["station"].replace_strict(numbers, return_dtype=pl.Int64).to_numpy()
    starts = np.flatnonzero(times["month"].rle_id().diff().fill_null(1).to_numpy())
    for item in items_of(own):
        values = np.full((len(times), len(stations)), np.nan)
        values[rows, columns] = own[item].cast(pl.Float64).to_numpy()
        high, low, judged = far(values, rule, item)
        counts = np.add.reduceat(judged, starts, axis=0, dtype=np.int64)
        for out, above in ((high, True), (low, False)):
            far_counts = np.add.reduceat(out, starts, axis=0, dtype=np.int64)
            told = (counts >= rule.least) & (100 * far_counts >= rule.share_percent * counts)
            for at, column in np.argwhere(told).tolist():
                end = starts[at + 1] if at + 1 < len(starts) else len(times)
                where = starts[at] + np.flatnonzero(out[starts[at] : end, column])
                first, last = times["time"][int(where[0])], times["time"][int(where[-1])]
                number, count = int(far_counts[at, column]), int(counts[at, column])
                yield _doubt(city, stations[column], item, first, last, number, count, above)


def far(values: Floats, rule: NeighbourRule, item: str) -> tuple[Booleans, Booleans, Booleans]:
    """Where each station stands far above and far below the others, and where it could be judged.

    Shape   ``values`` and results (times, stations); scaled values, NaN where missing
    """
    count = values.shape[1]
    beside = np.array([[other for other in range(count) if other != one] for one in range(count)])
    others = values[:, beside]  # (times, stations, the others)
    judged = ~np.isnan(values) & ((~np.isnan(others)).sum(axis=2) >= rule.others)
    high, low = np.zeros(values.shape, np.bool_), np.zeros(values.shape, np.bool_)
    compared = others[judged]
    if len(compared):
        median = _medians(compared)
        deviation = _medians(np.abs(compared - median[:, None]))
        spread = np.maximum(100 * np.maximum(deviation, rule.floor[item]), rule.floor_percent * median)
        distance = 100 * (values[judged] - median)
        high[judged], low[judged] = distance > rule.times * spread, distance < -rule.times * spread
    return high, low, judged


def _medians(rows: Floats) -> Floats:
    """Median of each row, missing values left out; every row has at least one."""
    ordered = np.sort(rows, axis=1)  # NaN come last
    counts = (~np.isnan(ordered)).sum(axis=1)
    at = np.arange(len(ordered))
    found: Floats = (ordered[at, (counts - 1) // 2] + ordered[at, counts // 2]) / 2
    return found


def _doubt(
    city: str,
    station: str,
    item: str,
    first: datetime | date,
    last: datetime | date,
    number: int,
    count: int,
    above: bool,
) -> Doubt:
    who, name = subject(city, station), NAMES[item]
    side = Text("明显偏高", "far above") if above else Text("明显偏低", "far below")
    text = Text(
        f"{who}：{clock(first)} 至 {clock(last)} {name} 在 {count} 个可比值中有 {number} 个比本市其他站点{side.zh}。"
        "请核查仪器和周边情况",
        f"{who}: {name} {side.en} the city's other stations in {number} of {count} values",
    )
    code, clause = "AIR-QUALITY-NEIGHBOUR", "ambient.quality.neighbours"
    return Doubt(code, Severity.WARNING, city, station, item, first, last, number, text, clause)
