"""City days: printed values, sub-indices, AQI, primary pollutants and category under one edition of HJ 633.

A table of days has the columns ``city`` (text), ``date`` and the six items as Int64 scaled by 10**SCALE, null where
missing. A day function sees one edition; ``work`` cuts a period at changes of law and concatenates.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from lantian.air.item import ITEMS, PRINTED, SCALE
from lantian.air.parameters import Breakpoints, Category, IndexRule


def printed(value: pl.Expr, places: int) -> pl.Expr:
    """Value rounded once to ``places``, still scaled by 10**SCALE.

    Rule    GB/T 8170 half to even; HJ 633 gives the places
    """
    unit: int = 10 ** (SCALE - places)
    quotient: pl.Expr = value // unit
    twice = 2 * (value - quotient * unit)
    up = (twice > unit) | ((twice == unit) & (quotient % 2 == 1))
    rounded: pl.Expr = (quotient + up.cast(pl.Int64)) * unit
    return rounded


def printed_text(value: pl.Expr, places: int) -> pl.Expr:
    """Decimal text of a value that was rounded to ``places``; null stays null."""
    whole: pl.Expr = (value // 10**SCALE).cast(pl.String)
    if places == 0:
        return whole
    rest = (value % 10**SCALE // 10 ** (SCALE - places)).cast(pl.String).str.zfill(places)
    return pl.concat_str(whole, pl.lit("."), rest)


def sub_index(concentration: pl.Expr, table: Breakpoints) -> pl.Expr:
    """IAQI of a printed concentration: linear between breakpoints, rounded up; null where the edition gives none.

    Rule    HJ 633-2012 and -2026, formula (1); above the last breakpoint ``table.above``
    """
    above = pl.lit(table.above, dtype=pl.Int64)
    chain = (
        pl.when(concentration.is_null())
        .then(pl.lit(None, dtype=pl.Int64))
        .when(concentration <= table.concentration[0])
        .then(pl.lit(table.iaqi[0], dtype=pl.Int64))
    )
    steps = zip(table.concentration, table.concentration[1:], table.iaqi, table.iaqi[1:], strict=False)
    for c_low, c_high, i_low, i_high in steps:
        line = i_low - ((-(i_high - i_low) * (concentration - c_low)) // (c_high - c_low))
        chain = chain.when(concentration <= c_high).then(line)
    return chain.otherwise(above)


def evaluated(days: pl.DataFrame, rule: IndexRule) -> pl.DataFrame:
    """Days with printed values, sub-indices, AQI, primary pollutants, category and edition.

    Shape   the rows of ``days`` in their order; added: ``<item>_printed`` (Int64, scaled), ``<item>_text``,
            ``<item>_iaqi``, ``aqi`` (Int64), ``primary`` (list of item keys), ``category`` (text), ``edition``
    Rule    HJ 633: rounded values, largest sub-index; with an item missing only above ``rule.missing_above``;
            primary pollutants only above ``rule.primary_above``, all that reach the AQI
    """
    table = days.with_columns(printed(pl.col(item), rule.places[item]).alias(f"{item}_printed") for item in ITEMS)
    table = table.with_columns(
        *(printed_text(pl.col(f"{item}_printed"), rule.places[item]).alias(f"{item}_text") for item in ITEMS),
        *(_looked_up(item, rule).alias(f"{item}_iaqi") for item in ITEMS),
    )
    parts = [pl.col(f"{item}_iaqi") for item in ITEMS]
    largest = pl.max_horizontal(parts)
    complete = pl.all_horizontal(part.is_not_null() for part in parts)
    stands = complete | (largest > rule.missing_above)
    table = table.with_columns(aqi=pl.when(stands).then(largest))
    leads = [
        ((part == pl.col("aqi")) & (pl.col("aqi") > rule.primary_above)).fill_null(False).cast(pl.UInt32) * 2**at
        for at, part in enumerate(parts)
    ]
    return table.with_columns(
        primary=pl.lit(_LEADING).gather(pl.sum_horizontal(leads)),
        category=pl.lit(_categories(rule.categories)).gather(pl.col("aqi").clip(0, rule.categories[-1].last)),
        edition=pl.lit(rule.edition),
    )


# The items whose bits are set in a number, for every number: quicker than a list made for each day.
_LEADING = pl.Series(
    [[item for at, item in enumerate(ITEMS) if number >> at & 1] for number in range(2 ** len(ITEMS))],
    dtype=pl.List(pl.String),
)


def _looked_up(item: str, rule: IndexRule) -> pl.Expr:
    """Sub-index of the printed concentration of an item, out of those of all printed concentrations."""
    table, places = rule.breakpoints[item], rule.places[item]
    step: int = 10 ** (SCALE - places)
    beyond = table.concentration[-1] // step + 1
    return pl.lit(_sub_indices(table, places)).gather((pl.col(f"{item}_printed") // step).clip(0, beyond))


@lru_cache(maxsize=64)  # a table of law; quicker than its breakpoints gone through for each day
def _sub_indices(table: Breakpoints, places: int) -> pl.Series:
    """Sub-indices of all concentrations printed with ``places``, from 0 to the first above the last breakpoint."""
    step = 10 ** (SCALE - places)
    printed_values = pl.Series(range(table.concentration[-1] // step + 2), dtype=pl.Int64) * step
    return pl.select(sub_index(pl.lit(printed_values), table)).to_series()


@lru_cache(maxsize=16)  # likewise
def _categories(levels: tuple[Category, ...]) -> pl.Series:
    """Chinese category names of the AQI from 0 to the last; everything above belongs to the last."""
    firsts = [0, *(level.last + 1 for level in levels[:-1])]
    return pl.Series(
        [level.zh for first, level in zip(firsts, levels, strict=True) for _ in range(first, level.last + 1)]
    )


def primary_names(items: list[str]) -> tuple[str, ...]:
    """Printed names of primary pollutants, in the order of the standard."""
    return tuple(PRINTED[item] for item in ITEMS if item in items)
