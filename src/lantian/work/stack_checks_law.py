"""What the checks on stacks take from the rulebook."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lantian import rulebook
from lantian.basis.finding import Text
from lantian.rulebook.dated import Confidence
from lantian.rulebook.sources import source_text
from lantian.stack.checks.check import Check
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


@dataclass(frozen=True, slots=True)
class Used:
    """One parameter a check uses: where it stands in the rulebook, its value as text, source and confidence."""

    path: str
    key: str
    value: str
    source: Text
    confidence: Confidence


_FILES = {
    "practice": Practice.PATH,
    "standard": Standard.PATH,
    "cems": Cems.PATH,
    "labels": Labels.PATH,
}


def used_parameters(check: Check, day: date) -> tuple[Used, ...]:
    """The parameters of a check as they stand on a day.

    Errors  NoRuleError before 2012-01-01
    """
    law = check_parameters(day)
    return tuple(_used(name, law, day) for name in check.parameters)


def _used(name: str, law: Parameters, day: date) -> Used:
    part, *middle, key = name.split(".")
    path = ".".join([_FILES[part], *middle])
    value = functools.reduce(getattr, name.split("."), law)
    held = rulebook.on(path, day)
    return Used(path, key, _text(value), source_text(held.source), held.confidence)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "、".join(word for word, effect in value.items() if effect == "stopped")
    return "、".join(str(one) for one in value) if isinstance(value, tuple) else str(value)


def confidence_of(check: Check, day: date) -> Confidence:
    """The weakest confidence of a check's clause and parameters: what is not verified is told as 未核实依据."""
    found = {check.clause.confidence, *(one.confidence for one in used_parameters(check, day))}
    return next(one for one in ("unverified", "one-source", "verified") if one in found)
