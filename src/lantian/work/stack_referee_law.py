"""What the referee takes from the rulebook, day by day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, Final

from lantian import rulebook
from lantian.basis.period import Days
from lantian.rulebook.dated import Value
from lantian.stack.exceedance import MarkingWindow
from lantian.stack.substitution import Substitution
from lantian.stack.validity import FlagRules, MarkRules, MonthValidity, Validity


@dataclass(frozen=True, slots=True)
class HourValues:
    """How values of hours are worked out (own practice, 未核实依据).

    Unit    ``withheld_from_o2`` % dry oxygen, ``ambient_kpa`` kPa, places of mg/m³ and kg, ``differs_percent`` %
    """

    PATH: ClassVar[str] = "stack.cems.hour_values"
    withheld_from_o2: Decimal
    ambient_kpa: Decimal
    concentration_places: int
    mass_places: int
    differs_percent: int


_CLASSES: Final = (Validity, MonthValidity, FlagRules, MarkRules, HourValues, Substitution, MarkingWindow)


@dataclass(frozen=True, slots=True)
class RefereeLaw:
    """All of it as it held on a day; ``digest`` tells one edition from another, ``editions`` name the values used."""

    validity: Validity
    month: MonthValidity
    flags: FlagRules
    marks: MarkRules
    values: HourValues
    substitution: Substitution
    window: MarkingWindow
    editions: tuple[str, ...]
    digest: str


@lru_cache(maxsize=4096)  # the package's law does not change while a process runs
def referee_law(day: date) -> RefereeLaw:
    """What held on a day.

    Errors  NoRuleError before 2012-01-01
    """
    values = (
        rulebook.fill(Validity, day),
        rulebook.fill(MonthValidity, day),
        rulebook.fill(FlagRules, day),
        rulebook.fill(MarkRules, day),
        rulebook.fill(HourValues, day),
        rulebook.fill(Substitution, day),
        rulebook.fill(MarkingWindow, day),
    )
    editions = tuple(f"{one.PATH} {rulebook.on(one.PATH, day).days.first}" for one in _CLASSES)
    digest = hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()
    return RefereeLaw(*values, editions, digest)


def law_spans(first: date, last: date) -> Iterator[tuple[Days, RefereeLaw]]:
    """Runs of days under one law, in order."""
    begun, law = first, referee_law(first)
    for day in Days(first, last):
        if referee_law(day).digest != law.digest:
            yield Days(begun, date.fromordinal(day.toordinal() - 1)), law
            begun, law = day, referee_law(day)
    yield Days(begun, last), law


def unverified(day: date) -> tuple[Value, ...]:
    """Values of the referee that are not verified, for the mark 未核实依据 on screen."""
    return tuple(value for one in _CLASSES for value in rulebook.doubtful(one, day))
