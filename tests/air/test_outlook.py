"""Remaining-day control value, budgets, best reachable, expectation."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.air.item import SCALE
from lantian.air.outlook import (
    Pool,
    best_mean,
    best_ratio,
    control_value,
    days_allowed,
    expected_days,
    expected_mean,
    expected_ratio,
    good_day_budget,
    meeting_bound,
    meets,
)

UNIT = 10**SCALE
POOL = Pool(years=(2022, 2023, 2024), count=10, total=300 * UNIT, valid_days=10, good_days=8, heavy_days=1)


def test_bound_of_a_limit_by_hand() -> None:
    assert meeting_bound(Fraction(28), 0) == (Fraction(57, 2), True)  # 28.5 -> 28, even
    assert meeting_bound(Fraction(35), 0) == (Fraction(71, 2), False)  # 35.5 -> 36
    assert meeting_bound(Fraction(28), 0, "<") == (Fraction(55, 2), False)  # 27.5 -> 28
    assert meeting_bound(Fraction(57, 2), 0) == (Fraction(57, 2), True)  # a limit of 28.5: 28 is the last that meets
    with pytest.raises(ValueError, match="comparator"):
        meeting_bound(Fraction(28), 0, ">=")


def test_control_value_by_hand() -> None:
    # 288 days at 26: (28.5 * 365 - 7488) / 77 = 2914.5 / 77 = 37.850...
    found = control_value(7488 * UNIT, 288, 77, Fraction(28), 0)
    assert found is not None
    assert found.bound == Fraction(29145, 770)
    assert found.text == "37.8"
    assert found.inclusive
    assert found.reachable
    assert "37.8" in found.explanation.zh
    assert "77" in found.explanation.zh


def test_control_value_is_cut_below_an_edge_that_does_not_meet() -> None:
    found = control_value(0, 0, 10, Fraction(35), 0)
    assert found is not None
    assert found.bound == Fraction(71, 2)
    assert found.text == "35.4"
    even = control_value(0, 0, 10, Fraction(28), 0)
    assert even is not None
    assert even.text == "28.5"


def test_control_value_that_is_lost_and_that_is_over() -> None:
    lost = control_value(360 * 30 * UNIT, 360, 5, Fraction(28), 0)
    assert lost is not None
    assert not lost.reachable
    assert lost.bound < 0
    assert "不能" in lost.explanation.zh
    assert control_value(UNIT, 365, 0, Fraction(28), 0) is None


@given(
    total=st.integers(0, 10_000 * UNIT),
    count=st.integers(1, 364),
    limit=st.integers(1, 80),
)
def test_keeping_to_the_control_value_meets_the_limit(total: int, count: int, limit: int) -> None:
    remaining = 365 - count
    found = control_value(total, count, remaining, Fraction(limit), 0)
    assert found is not None
    final = (Fraction(total, UNIT) + found.bound * remaining) / 365
    assert meets(final, Fraction(limit), 0, "<=") == found.inclusive
    above = final + Fraction(1, 10**9)
    assert not meets(above, Fraction(limit), 0, "<=")
    kept = (Fraction(total, UNIT) + Fraction(found.text) * remaining) / 365
    assert kept < 0 or meets(kept, Fraction(limit), 0, "<=")


def test_good_day_budget_by_hand() -> None:
    # 365 days: 343 / 365 = 93.97 -> 94.0; 344 = 94.246 -> 94.2; 345 = 94.52 -> 94.5 >= 94.3
    found = good_day_budget(272, 288, 77, Fraction("94.3"), 1)
    assert (found.needed, found.still_needed, found.bad_days_allowed, found.reachable) == (345, 73, 4, True)
    lost = good_day_budget(260, 288, 77, Fraction("94.3"), 1)
    assert (lost.still_needed, lost.bad_days_allowed, lost.reachable) == (85, -8, False)
    done = good_day_budget(345, 350, 15, Fraction("94.3"), 1)
    assert (done.still_needed, done.bad_days_allowed) == (0, 15)


@given(good=st.integers(0, 200), bad=st.integers(0, 100), limit=st.integers(1, 1000))
def test_needed_good_days_are_the_fewest_that_meet(good: int, bad: int, limit: int) -> None:
    valid = good + bad
    ratio = Fraction(limit, 10)
    found = good_day_budget(good, valid, 365 - valid, ratio, 1)
    assert meets(Fraction(100 * found.needed, 365), ratio, 1, ">=")
    assert not meets(Fraction(100 * (found.needed - 1), 365), ratio, 1, ">=")


def test_days_allowed() -> None:
    assert days_allowed(1, Fraction(2)) == 1
    assert days_allowed(3, Fraction(2)) == -1
    assert days_allowed(1, Fraction(2), "<") == 0


def test_expectation_and_best_by_hand() -> None:
    # 300 days at 20, 65 to come at the pool's 30: (6000 + 1950) / 365
    assert expected_mean(6000 * UNIT, 300, 65, POOL) == Fraction(7950, 365)
    assert best_mean(6000 * UNIT, 300, 65) == Fraction(6000, 365)
    assert expected_days(1, 65, POOL.heavy_days, POOL) == 1 + Fraction(65, 10)
    assert expected_ratio(290, 300, 65, POOL) == 100 * (290 + Fraction(52)) / 365
    assert best_ratio(290, 300, 65) == Fraction(35500, 365)


def test_without_earlier_years_nothing_is_expected() -> None:
    empty = Pool((), 0, 0, 0, 0, 0)
    assert expected_mean(UNIT, 1, 10, empty) is None
    assert expected_days(1, 10, 0, empty) is None
    assert expected_ratio(1, 1, 10, empty) is None
    assert expected_days(1, 0, 0, empty) == 1
    assert best_ratio(0, 0, 0) is None
    assert best_mean(0, 0, 0) is None


def test_meets_rounds_once() -> None:
    assert meets(Fraction("28.5"), Fraction(28), 0, "<=")
    assert not meets(Fraction("28.51"), Fraction(28), 0, "<=")
    assert meets(Fraction("94.25"), Fraction("94.2"), 1, "=")
    assert not meets(Fraction("94.2"), Fraction("94.2"), 1, ">")
    assert meets(Fraction("94.2"), Fraction("94.2"), 1, ">=")
    assert meets(Fraction(27), Fraction(28), 0, "<")
    with pytest.raises(ValueError, match="comparator"):
        meets(Fraction(1), Fraction(1), 0, "≈")
