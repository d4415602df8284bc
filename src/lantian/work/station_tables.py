"""Several station tables of one import as one, each key once; rows that contradict each other are kept aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.air_write import Quarantined
from lantian.store.hours import MEASURED
from lantian.store.station_given import GIVEN, gives
from lantian.store.station_rows import StationRows

_KEYS = {"station_hours": ("station", "time"), "station_days": ("station", "date"), "city_months": ("place", "month")}


class Together(NamedTuple):
    """Rows of all tables, each key once; rows kept aside; rows that say again what another one said."""

    rows: pl.DataFrame
    aside: list[Quarantined]
    again: int


def together(tables: Sequence[StationRows], names: Sequence[str]) -> Together:
    """Rows of all tables (of the files named) with ``given`` (``station_given``), and the rows kept aside.

    Tables of different items complete each other; equal values count once; where two tables say different things of one
    item, both rows are kept aside.
    Shape   all item columns of hours are there, null where no table has them
    """
    keys = list(_KEYS[tables[0].kind])
    items = _items(tables)
    whole = pl.concat(
        [one.table.with_columns(_table=pl.lit(at, pl.Int32)) for at, one in enumerate(tables)], how="diagonal_relaxed"
    )
    if tables[0].kind == "station_hours":
        whole = whole.with_columns(pl.lit(None, pl.Int32).alias(item) for item in MEASURED if item not in whole.columns)
    twice = whole.filter(pl.struct(keys).is_duplicated()) if len(tables) > 1 else whole.clear()
    if twice.is_empty():
        return Together(whole.drop("_table", "row"), [], 0)
    single = whole.join(twice.select(keys).unique(), on=keys, how="anti")
    merged, differing = _merged(twice, keys, items)
    aside = [_aside(names, row, keys) for row in differing.iter_rows(named=True)]
    plain = single.drop("_table", "row")
    rows = pl.concat([plain, merged.select(plain.columns)]).sort(keys)
    return Together(rows, aside, twice.height - differing.height - merged.height)


def _items(tables: Sequence[StationRows]) -> list[str]:
    fixed = {"station", "place", "city", "time", "date", "month", "row", GIVEN}
    return list(dict.fromkeys(name for table in tables for name in table.table.columns if name not in fixed))


def _merged(twice: pl.DataFrame, keys: list[str], items: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row of each key whose rows agree, and all rows of the others."""

    def told(item: str) -> pl.Expr:
        return pl.col(item).filter(gives(item))

    clash = pl.any_horizontal((told(item).n_unique() > 1).over(keys) for item in items)
    marked = twice.with_columns(_clash=clash)
    agreeing = marked.filter(~pl.col("_clash")).group_by(keys, maintain_order=True)
    merged = agreeing.agg(
        pl.col("city").drop_nulls().first(),
        *(told(item).first() for item in items),
        pl.col(GIVEN).bitwise_or(),
    )
    absent = [name for name in twice.columns if name not in merged.columns and name not in ("_table", "row")]
    merged = merged.with_columns(pl.lit(None, twice.schema[name]).alias(name) for name in absent)
    return merged, marked.filter("_clash").drop("_clash")


def _aside(names: Sequence[str], row: dict[str, object], keys: Sequence[str]) -> Quarantined:
    own, moment = row[keys[0]], row[keys[1]]
    text = Text(
        f"{own} 在 {moment} 在几个文件中数值不同，不知道哪个对。请核对后只留一个（本行已隔离，未计入）",
        f"{own} at {moment} has different values in several files (the row is kept aside)",
    )
    place = Place(file=names[int(str(row["_table"]))], row=int(str(row["row"])))
    content = {name: "" if cell is None else str(cell) for name, cell in row.items() if name not in ("_table", GIVEN)}
    return Quarantined(Finding("AIR-HOUR-TWICE", Severity.REFUSED, text, place), content)
