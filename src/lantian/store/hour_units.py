"""Units of concentration as headings write them: “ug/m3”, “μg/m³”, “0.1 mg/m3”."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from lantian.basis.units import UNITS, factor, unit_of

_IN_BRACKETS = re.compile(r"(.+?)\s*[(\[]([^()\[\]]*)[)\]]\Z", re.DOTALL)
_WITH_STEP = re.compile(r"(0?\.0*1|10*)\s*(?=[^\d.])")


def name_and_unit(heading: str) -> tuple[str, str | None]:
    """Heading without what stands in brackets at its end, and that: a unit, known or not."""
    found = _IN_BRACKETS.match(unicodedata.normalize("NFKC", heading).strip())
    return (found[1], found[2].strip()) if found else (heading, None)


def declared_unit(item: str) -> str:
    """Unit of an item where a table names none: mg/m³ for CO, µg/m³ for all others."""
    return "mg/m3" if item == "co" else "ug/m3"


def concentration_factor(item: str, written: str) -> Fraction | None:
    """Exact number that brings values in a written unit into the unit of the item; None for a unit that is not known."""
    text = written.strip()
    step = _WITH_STEP.match(text)
    unit = unit_of(text[step.end() :] if step else text)
    if unit is None or unit.dimension != "concentration":
        return None
    return Fraction(step[1] if step else 1) * factor(unit, UNITS[declared_unit(item)])
