"""The order of records, and which content of each stands: the last that came."""

from __future__ import annotations

import polars as pl

from lantian.store.stack.record_rows import KEY

ARRIVAL = ("received_at", "seq")


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by MN, command, start and factor, those of one key as they came."""
    return rows[_order(rows)]


def newest(rows: pl.DataFrame) -> pl.DataFrame:
    """The last row to come of each MN, command, start and factor, in their order."""
    order = _order(rows)
    keys = rows.select(*KEY)[order]
    followed = keys.select(pl.all_horizontal(pl.all() == pl.all().shift(-1)).fill_null(False)).to_series()
    return rows[order.filter(~followed)]


def _order(rows: pl.DataFrame) -> pl.Series:
    """Places of the rows in order; few texts stand in many rows, so their ranks are compared instead of them."""
    ranks = [
        pl.col(name).cast(pl.Enum(rows[name].unique().sort())).to_physical() if dtype == pl.String else pl.col(name)
        for name, dtype in rows.select(*KEY, *ARRIVAL).schema.items()
    ]
    return rows.select(ranks).select(pl.arg_sort_by(*KEY, *ARRIVAL)).to_series()
