"""Exact arithmetic against exact fractions and the examples of GB/T 8170."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.basis.exact import NotANumberError, TooManyPlacesError, ceiling, half_even, rounded_text, scaled, text_of

INTEGERS = st.integers(min_value=-(10**15), max_value=10**15)
POSITIVE = st.integers(min_value=1, max_value=10**12)


@given(INTEGERS, POSITIVE)
def test_half_even_is_the_decimal_rounding_of_the_exact_quotient(numerator: int, denominator: int) -> None:
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(INTEGERS, POSITIVE)
def test_ceiling_is_the_smallest_integer_not_below(numerator: int, denominator: int) -> None:
    up = ceiling(numerator, denominator)
    assert up - 1 < Fraction(numerator, denominator) <= up


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [  # GB/T 8170-2008, 3.2: 12.1498 to one place, 10.502 to whole, 1.050 and 0.35 to one place (half to even)
        ("12.1498", 1, "12.1"),
        ("12.1498", 0, "12"),
        ("10.502", 0, "11"),
        ("1.050", 1, "1.0"),
        ("0.35", 1, "0.4"),
        ("-1.050", 1, "-1.0"),
        ("2.5", 0, "2"),
        ("3.5", 0, "4"),
    ],
)
def test_the_examples_of_gb_t_8170(value: str, places: int, printed: str) -> None:
    assert rounded_text(Fraction(value), places) == printed


@given(st.decimals(min_value=-9999, max_value=9999, places=4, allow_nan=False))
def test_a_decimal_text_survives_the_door(value: Decimal) -> None:
    assert Decimal(text_of(scaled(str(value), 4), 4)) == value


@given(st.floats(min_value=0, max_value=10**6, allow_nan=False).map(lambda x: round(x, 3)))
def test_a_float_counts_by_its_shortest_text(value: float) -> None:
    assert Fraction(scaled(value, 4), 10**4) == Fraction(Decimal(repr(value)))


@given(st.decimals(min_value=0, max_value=99999, places=6, allow_nan=False), st.integers(min_value=0, max_value=4))
def test_rounded_text_agrees_with_decimal(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    assert Decimal(rounded_text(Fraction(value), places)) == expected


@pytest.mark.parametrize("text", ["—", "", "1,200", "12a", "nan", "inf", "1e99", "0x10", "一"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError):
        scaled(text, 4)


def test_more_places_than_the_scale_are_refused_and_trailing_zeros_are_not() -> None:
    with pytest.raises(TooManyPlacesError):
        scaled("0.12345", 4)
    assert scaled("0.123400", 4) == 1234
    assert scaled(1e-05 * 10, 4) == 1
    assert scaled("1.5e2", 1) == 1500
