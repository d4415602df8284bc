"""City days of station hours rounded to their printed places; no numpy here, the web process loads it too."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lantian.air.item import ITEMS, SCALE


def points_name(item: str) -> str:
    """Column with the number of valid stations of an item."""
    return f"{item}_points"


def rounded_days(days: pl.DataFrame, parts: Mapping[str, int], places: Mapping[str, int]) -> pl.DataFrame:
    """City days rounded once to their printed places, scaled by 10**SCALE: the input of ``air.day.evaluated``.

    Shape   the rows and other columns of ``days``
    Rule    GB/T 8170 half to even
    """
    rounded = [_rounded(item, parts[item] * 10 ** (SCALE - places[item]), places[item]) for item in ITEMS]
    return days.with_columns(rounded).drop(points_name(item) for item in ITEMS)


def _rounded(item: str, unit: int, places: int) -> pl.Expr:
    whole = unit * pl.col(points_name(item))
    quotient = pl.col(item) // whole
    twice = 2 * (pl.col(item) - quotient * whole)
    up = (twice > whole) | ((twice == whole) & (quotient % 2 == 1))
    rounded: pl.Expr = (quotient + up.cast(pl.Int64)) * 10 ** (SCALE - places)
    return rounded.alias(item)


def held_days(days: pl.DataFrame, parts: Mapping[str, int]) -> pl.DataFrame:
    """City days at SCALE places, to be kept: rounding them later to fewer places gives what the exact value would.

    Where the exact value has more places and the last one kept is 0 or 5, it is moved one up: so no value that lies a
    trace above a half is taken for the half (a sticky digit).
    Shape   the rows and other columns of ``days``
    """
    return days.with_columns(_held(item, parts[item]) for item in ITEMS).drop(points_name(item) for item in ITEMS)


def _held(item: str, parts: int) -> pl.Expr:
    whole = parts * pl.col(points_name(item))
    quotient = pl.col(item) // whole
    sticky = (quotient * whole != pl.col(item)) & (quotient % 5 == 0)
    held: pl.Expr = quotient + sticky.cast(pl.Int64)
    return held.alias(item)
