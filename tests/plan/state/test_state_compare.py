"""Comparators and how limits are printed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lantian.basis.finding import Text
from lantian.plan.state.compare import limit_text, meets, number, with_unit
from lantian.plan.state.model import Limit


def limit(comparator: str, value: str | None, upper: str | None = None) -> Limit:
    as_fraction = Fraction(value) if value else None
    return Limit(comparator, as_fraction, Fraction(upper) if upper else None, "%", None, Text("", ""))


@pytest.mark.parametrize(
    ("comparator", "value", "meets_"),
    [
        ("<=", "28", True),
        ("<", "28", False),
        (">=", "28", True),
        (">", "28", False),
        ("=", "28", True),
        ("≈", "28", True),
    ],
)
def test_at_the_limit_itself(comparator: str, value: str, meets_: bool) -> None:
    assert meets(Fraction(28), limit(comparator, value)) is meets_


def test_rounded_once_half_to_even_before_it_is_compared() -> None:
    assert meets(Fraction("28.5"), limit("<=", "28"), 0)  # GB/T 8170: 28.5 is 28
    assert not meets(Fraction("28.51"), limit("<=", "28"), 0)
    assert meets(Fraction("94.25"), limit(">=", "94.2"), 1)
    assert not meets(Fraction("94.25"), limit(">=", "94.3"), 1)


def test_about_has_no_tolerance_and_follows_the_direction() -> None:
    assert not meets(Fraction("79.9"), limit("≈", "80"))
    assert meets(Fraction("81"), limit("≈", "80"))
    assert meets(Fraction("79.9"), limit("≈", "80"), lower_is_better=True)


def test_range_holds_both_ends() -> None:
    band = limit("range", "40", "70")
    assert [meets(Fraction(value), band) for value in (39, 40, 70, 71)] == [False, True, True, False]


@pytest.mark.parametrize("comparator", ["all", "done", "external"])
def test_comparators_without_a_number_compare_nothing(comparator: str) -> None:
    with pytest.raises(ValueError, match=comparator):
        meets(Fraction(1), limit(comparator, "1"))


def test_limits_as_printed() -> None:
    assert limit_text("<=", Fraction(28), None, "ug/m3").zh == "≤ 28 µg/m³"
    assert limit_text(">=", Fraction("94.3"), None, "%").zh == "≥ 94.3%"
    assert limit_text("<=", Fraction(2), None, "d") == Text("≤ 2 天", "≤ 2 days")
    assert limit_text("range", Fraction(40), Fraction(70), "%").zh == "40–70%"
    assert limit_text("basically_all", None, None, "").zh == "基本完成"
    assert limit_text(">=", None, None, "%").zh == "待下达"
    assert limit_text(">=", Fraction("1487.43"), None, "t").zh == "≥ 1487.43 t"


def test_figures_use_the_minus_sign() -> None:
    assert number(Fraction(-5, 2)) == "−2.5"
    assert with_unit("3", "没有这个单位").zh == "3 没有这个单位"
