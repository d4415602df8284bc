"""Exact arithmetic on scaled integers; no binary float meets a limit, a breakpoint or a half.

A value enters as decimal text and becomes an integer at a fixed scale ``s``: the integer is the value times 10**s.
Rounding is GB/T 8170 (half to even), once, at the place the standard says.
"""

from __future__ import annotations

import re
from fractions import Fraction

MAX_PLACES = 4
_DECIMAL = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?\Z")


class NotANumberError(ValueError):
    """The text is not a plain decimal number."""


class TooManyPlacesError(ValueError):
    """The text has more decimal places than the scale can hold."""


def half_even(numerator: int, denominator: int) -> int:
    """Integer nearest to ``numerator / denominator``, halves to the even neighbour.

    Rule    GB/T 8170-2008, 3.2 (四舍六入五成双); negative values are rounded by magnitude
    Errors  ZeroDivisionError where the denominator is 0
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -half_even(-numerator, denominator)
    quotient, rest = divmod(numerator, denominator)
    return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1))


def ceiling(numerator: int, denominator: int) -> int:
    """Smallest integer not below ``numerator / denominator``."""
    return -((-numerator) // denominator)


def scaled(text: str | int | float, scale: int) -> int:
    """Integer ``value * 10**scale`` of a decimal text; a float counts by its shortest text.

    Errors  NotANumberError; TooManyPlacesError where digits other than 0 would be lost
    """
    plain = _plain(repr(text) if isinstance(text, float) else str(text).strip())
    match = _DECIMAL.match(plain)
    if not match:
        raise NotANumberError(str(text))
    sign, whole, places = match[1], match[2], (match[3] or "").rstrip("0")
    if len(places) > scale:
        raise TooManyPlacesError(str(text))
    number = int(whole + places.ljust(scale, "0"))
    return -number if sign == "-" else number


def _plain(text: str) -> str:
    """Text without exponent: ``1e-05`` becomes ``0.00001``."""
    if "e" not in text.lower():
        return text
    try:
        mantissa, exponent = text.lower().split("e")
        shift = int(exponent)
        sign = "-" if mantissa.startswith("-") else ""
        whole, _, places = mantissa.lstrip("+-").partition(".")
    except ValueError:
        raise NotANumberError(text) from None
    if abs(shift) > 30:
        raise NotANumberError(text)
    digits, point = whole + places, len(whole) + shift
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits.ljust(point, '0')[:point]}.{digits[point:] or '0'}"


def text_of(number: int, scale: int) -> str:
    """Decimal text of a scaled integer with exactly ``scale`` places."""
    sign, digits = "-" if number < 0 else "", str(abs(number)).rjust(scale + 1, "0")
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


def plain_text(number: int, scale: int) -> str:
    """Decimal text of a scaled integer without the zeros that only its scale adds."""
    text = text_of(number, scale)
    return text.rstrip("0").rstrip(".") if scale else text


def rounded(value: Fraction, places: int) -> int:
    """Scaled integer (``value * 10**places``) rounded once, half to even (GB/T 8170)."""
    return half_even(value.numerator * 10**places, value.denominator)


def rounded_text(value: Fraction, places: int) -> str:
    """Decimal text of a fraction rounded once, half to even (GB/T 8170)."""
    return text_of(rounded(value, places), places)
