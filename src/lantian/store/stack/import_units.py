"""Values of an imported table as decimal text in the unit in which the outlet's records are kept."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, NamedTuple

from lantian.basis.exact import half_even
from lantian.store.cells import Cell

_PLACES: Final = 4  # of a value whose unit does not turn exactly
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z")
_FLOW, _PRESSURE = "a00000", "a01013"
_STANDARD: Final = {
    _FLOW: "m3/s",
    _PRESSURE: "kPa",
}  # HJ 212-2017 table B.2, where it differs from what tables mostly hold
_FACTORS: Final[dict[tuple[str, str], Fraction]] = {
    ("ug/m3", "mg/m3"): Fraction(1, 1000),
    ("g/m3", "mg/m3"): Fraction(1000),
    ("Pa", "kPa"): Fraction(1, 1000),
    ("kPa", "Pa"): Fraction(1000),
    ("m3/h", "m3/s"): Fraction(1, 3600),
    ("m3/s", "m3/h"): Fraction(3600),
    ("10^4m3/h", "m3/h"): Fraction(10000),
    ("10^4m3/h", "m3/s"): Fraction(10000, 3600),
    ("10^4m3", "m3"): Fraction(10000),
    ("t", "kg"): Fraction(1000),
    ("g", "kg"): Fraction(1, 1000),
}


class Given(NamedTuple):
    """A value as text, and what the table said where it was rounded on the way (None: taken as it is)."""

    text: str
    original: str | None = None


def amount_unit(code: str) -> str:
    """The unit of a factor's amounts: kg, of flow m³."""
    return "m3" if code == _FLOW else "kg"


def kept_unit(code: str, field: str, usual: str, units: dict[str, str]) -> str:
    """The unit of a factor's records: amounts in kg (flow in m³), else the outlet's own unit or the standard's."""
    if field == "cou":
        return amount_unit(code)
    return units.get(code) or _STANDARD.get(code, usual)


def number(cell: Cell) -> Decimal | None:
    """The number a cell holds; None where it is none."""
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if "_" in text:
        return None
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def turned(value: Decimal, unit: str, wanted: str) -> Given | None:
    """The value in the wanted unit; None where one unit does not turn into the other."""
    if unit == wanted:
        return Given(_text(value))
    factor = _FACTORS.get((unit, wanted))
    if factor is None:
        return None
    exact = Fraction(value) * factor
    scaled = exact * 10**_PLACES
    if scaled.denominator == 1:
        return Given(_text(Decimal(scaled.numerator).scaleb(-_PLACES).normalize()))
    whole = Decimal(half_even(scaled.numerator, scaled.denominator)).scaleb(-_PLACES)
    return Given(_text(whole), f"{_text(value)} {unit}")


def _text(value: Decimal) -> str:
    return format(value, "f")
