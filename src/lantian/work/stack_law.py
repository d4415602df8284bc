"""The tables of HJ 212 filled from the rulebook."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lantian import rulebook
from lantian.stack.hj212.tables import (
    Commands,
    DataFlags,
    Fields,
    GasFactors,
    Results,
    Settings,
    States,
    Systems,
    Tables,
    tables,
)


@lru_cache(maxsize=8)  # the package's law does not change while a process runs
def hj212_tables(day: date) -> Tables:
    """The tables as they stand on a day.

    Errors  NoRuleError before 2012-01-01
    """
    return tables(
        rulebook.fill(Commands, day),
        rulebook.fill(Systems, day),
        rulebook.fill(Fields, day),
        rulebook.fill(DataFlags, day),
        rulebook.fill(States, day),
        rulebook.fill(Results, day),
        rulebook.fill(Settings, day),
        rulebook.fill(GasFactors, day),
    )


@lru_cache(maxsize=512)
def factor_name(code: str, day: date = date(2018, 1, 1)) -> str:
    """Chinese name of a factor of any edition; the code itself where the tables do not know it.

    Without a day: as HJ 212-2017 names it, for lists that are of no day.
    """
    found = hj212_tables(day).factor(code)
    return found.name if found else code
