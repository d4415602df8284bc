"""City days made up for tests of this room: one value of an item each day, the others clean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from lantian.air.day import evaluated
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import IndexRule

UNIT = 10**SCALE


def days_of(rule: IndexRule, first: date, city: str = "甲", **values: Sequence[int | None]) -> pl.DataFrame:
    """Evaluated days; items not given are 10 µg/m³ (CO 1 mg/m³), values in whole units."""
    count = max(len(column) for column in values.values())
    given: Mapping[str, list[int | None]] = {
        item: list(values.get(item, [1 if item == "co" else 10] * count)) for item in ITEMS
    }
    columns = {
        item: pl.Series([None if one is None else one * UNIT for one in column], dtype=pl.Int64)
        for item, column in given.items()
    }
    dates = [first + timedelta(days=n) for n in range(count)]
    return evaluated(pl.DataFrame({"city": [city] * count, "date": dates, **columns}), rule)
