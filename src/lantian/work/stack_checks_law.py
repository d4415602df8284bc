"""What the checks on stacks take from the rulebook."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lantian import rulebook
from lantian.stack.checks.parameters import Cems, Labels, Parameters, Practice, Standard
from lantian.work.stack_law import hj212_tables


@lru_cache(maxsize=8)  # the package's law does not change while a process runs
def check_parameters(day: date) -> Parameters:
    """Parameters of the checks as they stand on a day.

    Errors  NoRuleError before 2012-01-01
    """
    tables = hj212_tables(day)
    old = {code: factor.code for code, factor in tables.of_2005.items()}
    return Parameters(
        rulebook.fill(Practice, day),
        rulebook.fill(Standard, day),
        rulebook.fill(Cems, day),
        rulebook.fill(Labels, day),
        frozenset(tables.factors),
        old,
    )


@lru_cache(maxsize=8)
def factor_names(day: date) -> dict[str, str]:
    """Factors in Chinese as users read them, by code."""
    return {code: one.name for code, one in hj212_tables(day).factors.items()}
