"""What HJ 633 reports of an hour or a day: sub-indices, AQI, primary pollutants and category of single rows.

Rows come as printed concentrations (rounded as the edition says, Int64 scaled by 10**SCALE), each row by itself: a
station or a city, an hour or a day. Whether a day counts in an evaluation is asked elsewhere (``air.day``).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lantian.air.day import sub_index
from lantian.air.parameters import Breakpoints, Category


@dataclass(frozen=True, slots=True)
class Instead:
    """Another column whose sub-index is reported where the item's own table gives none."""

    key: str
    places: int
    breakpoints: Breakpoints


@dataclass(frozen=True, slots=True)
class ReportItem:
    """One item of a report: column, printed name, places to which it is rounded, table."""

    key: str
    name: str
    places: int
    breakpoints: Breakpoints
    instead: Instead | None = None


@dataclass(frozen=True, slots=True)
class ReportRule:
    """One edition of HJ 633 for one report (real-time or daily).

    ``missing_above`` with a value missing the AQI of the others is reported only above this, None: always;
    ``without_index_above`` the same where a value is there but its table ends below it.
    """

    edition: str
    items: tuple[ReportItem, ...]
    primary_above: int
    missing_above: int | None
    without_index_above: int
    categories: tuple[Category, ...]


def reported(table: pl.DataFrame, rule: ReportRule) -> pl.DataFrame:
    """Sub-indices, AQI, primary pollutants and category of each row.

    Shape   the rows of ``table`` (a column for each item, and for ``instead`` where known); columns ``iaqi_<item>`` and
            ``aqi`` (Int64), ``primary`` (names joined by “,”; empty text for none), ``category``
    Rule    HJ 633-2012 and -2026: AQI is the largest sub-index; primary only above ``primary_above``, all that reach it
    """
    keys = [item.key for item in rule.items]
    found = table.select(
        *(pl.col(key).is_null().alias(key) for key in keys),
        *(_index(item, table.columns).alias(f"iaqi_{item.key}") for item in rule.items),
    )
    indices = [pl.col(f"iaqi_{key}") for key in keys]
    largest = pl.max_horizontal(indices)
    missing = pl.any_horizontal(keys)
    without = pl.any_horizontal(~pl.col(key) & index.is_null() for key, index in zip(keys, indices, strict=True))
    stands = ~without | (largest > rule.without_index_above)
    if rule.missing_above is not None:
        stands = stands & (~missing | (largest > rule.missing_above))
    found = found.with_columns(aqi=pl.when(stands).then(largest))
    leads = [
        pl.when((pl.col("aqi") > rule.primary_above) & (index == pl.col("aqi"))).then(pl.lit(item.name))
        for item, index in zip(rule.items, indices, strict=True)
    ]
    return found.select(
        *indices,
        "aqi",
        primary=pl.concat_str(leads, separator=",", ignore_nulls=True),
        category=category(pl.col("aqi"), rule.categories),
    )


def _index(item: ReportItem, columns: list[str]) -> pl.Expr:
    own = sub_index(pl.col(item.key), item.breakpoints)
    if item.instead is None or item.instead.key not in columns:
        return own
    return pl.when(pl.col(item.key).is_not_null()).then(
        pl.coalesce(own, sub_index(pl.col(item.instead.key), item.instead.breakpoints))
    )


def category(aqi: pl.Expr, categories: tuple[Category, ...]) -> pl.Expr:
    """Chinese category name of an AQI; null stays null, everything above the last one belongs to the last."""
    first, *middle, last = categories
    chain = pl.when(aqi.is_null()).then(pl.lit(None, dtype=pl.String)).when(aqi <= first.last).then(pl.lit(first.zh))
    for one in middle:
        chain = chain.when(aqi <= one.last).then(pl.lit(one.zh))
    return chain.otherwise(pl.lit(last.zh))
