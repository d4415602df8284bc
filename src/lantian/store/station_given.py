"""Which items a row of a station table says something of: a column of bits, one for each item.

A row says something of an item where its table has a cell for it; an empty cell takes a value back. It says nothing where
the table has no such column or line, or where the cell was kept aside: what was known before then stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import polars as pl

from lantian.store.station_layout import ITEMS

GIVEN: Final = "given"
_ALL: Final = tuple(dict.fromkeys(item for items in ITEMS.values() for item in items))


def bits(items: Collection[str]) -> int:
    """The bits of some items."""
    return sum(1 << _ALL.index(item) for item in set(items))


def told(item: str, rows: int, aside: Collection[int]) -> pl.Series:
    """The item's bit for each row; 0 where the cell was kept aside."""
    column = pl.Series([bits((item,))], dtype=pl.Int32).new_from_index(0, rows)
    return column.scatter(sorted(aside), 0) if aside else column


def gives(item: str) -> pl.Expr:
    """Whether a row says something of an item."""
    return (pl.col(GIVEN) & bits((item,))) != 0


def standing(items: Sequence[str], old: str) -> list[pl.Expr]:
    """Each item as it stands after a row: what the row gives, else what was known (column of the item with this suffix)."""
    return [pl.when(gives(item)).then(pl.col(item)).otherwise(pl.col(f"{item}{old}")).alias(item) for item in items]


def emptied(items: Sequence[str], old: str) -> pl.Expr:
    """Whether a row takes back a value that was known."""
    return pl.any_horizontal(
        gives(item) & pl.col(item).is_null() & pl.col(f"{item}{old}").is_not_null() for item in items
    )
