"""Conversions of appendix D.2, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.basis.exact import rounded_text
from lantian.stack.conversion import (
    converted,
    converted_by_excess_air,
    dry,
    excess_air,
    implied_reference_o2,
    mg_from_ppm,
    nox_as_no2,
    nox_from_ppm,
    reference_oxygen,
    standard_state,
)

oxygen = st.decimals(0, Decimal("20.99"), places=2)
positive = st.decimals(Decimal("0.01"), 5000, places=2)


def test_a_frame_that_was_published_tells_its_reference_oxygen() -> None:
    # (21 − 14.913) · 63.66 / 25.21 = 6.087 · 2.52519… = 15.3708…; 21 − that = 5.629…
    implied = implied_reference_o2(Decimal("25.21"), Decimal("63.66"), Decimal("14.913"))
    assert implied is not None
    assert rounded_text(implied, 2) == "5.63"
    assert implied_reference_o2(0, 5, 9) is None


def test_reference_oxygen_by_hand() -> None:
    # 100 · (21 − 9)/(21 − 13) = 150
    assert converted(100, 13, 9) == 150
    assert converted(100, 9, 9) == 100


@pytest.mark.parametrize(("o2", "value"), [(Decimal("20.9"), 1200), (21, None), (Decimal("21.3"), None)])
def test_at_and_near_the_oxygen_of_air(o2: Decimal | int, value: int | None) -> None:
    # 10 · 12 / 0.1 = 1200: exact, and so large that the referee withholds it; at 21 there is nothing to divide by
    assert converted(10, o2, 9) == value
    assert (excess_air(o2) is None) == (value is None)


def test_excess_air_by_hand() -> None:
    assert excess_air(7) == Fraction(3, 2)  # 21 / 14
    assert converted_by_excess_air(100, 7, Decimal("1.7")) == Fraction(1500, 17)  # 100 · 1.5/1.7
    assert converted_by_excess_air(100, 21, 2) is None
    assert rounded_text(reference_oxygen(Decimal("1.7")), 1) == "8.6"  # as GB 29620 is read


@given(positive, oxygen, st.decimals(Decimal("1.05"), 4, places=2))
def test_both_ways_of_conversion_agree(value: Decimal, o2: Decimal, alpha: Decimal) -> None:
    assert converted_by_excess_air(value, o2, alpha) == converted(value, o2, reference_oxygen(alpha))


@given(positive, oxygen, st.decimals(0, 20, places=1))
def test_what_a_device_converted_tells_its_reference(value: Decimal, o2: Decimal, reference: Decimal) -> None:
    zs = converted(value, o2, reference)
    assert zs is not None
    assert implied_reference_o2(value, zs, o2) == Fraction(reference)


def test_wet_to_dry_and_standard_state_by_hand() -> None:
    assert dry(90, 10) == 100  # 90 / 0.9
    # 100 · 101325/(101325 − 1325) · (273 + 136.5)/273 = 100 · 1.01325 · 1.5
    assert standard_state(100, Decimal("136.5"), -1325, 101325) == Fraction("151.9875")
    with pytest.raises(ZeroDivisionError):
        dry(90, 100)


def test_volume_shares_by_hand() -> None:
    assert mg_from_ppm(224, 64) == 640  # 64/22.4 · 224
    assert nox_as_no2(30, 5) == 51  # 30 · 46/30 + 5
    assert nox_from_ppm(100, Decimal(12)) == 230  # 112 · 46/22.4
