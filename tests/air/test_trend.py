"""Spearman's rank correlation by hand and against enumeration; rolling means."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.air.trend import Direction, TrendRule, ranks, rolling_means, spearman, trend

CRITICAL = tuple(
    (years, Fraction(value))
    for years, value in (
        (5, "0.900"),
        (6, "0.829"),
        (7, "0.714"),
        (8, "0.643"),
        (9, "0.600"),
        (10, "0.564"),
        (12, "0.506"),
    )
)
RULE = TrendRule(5, CRITICAL, 3)


def by_year(*values: int | None, first: int = 2015) -> dict[int, Fraction | None]:
    return {first + n: None if value is None else Fraction(value) for n, value in enumerate(values)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([48, 45, 44, 40, 36], Fraction(-1)),
        ([1, 2, 3, 5, 4], Fraction(9, 10)),  # d² sum 2: 1 − 12/120
        ([5, 3, 4, 1, 2], Fraction(-8, 10)),  # d 4 1 1 −3 −3, sum of squares 36: 1 − 216/120
    ],
)
def test_coefficient_by_hand(values: list[int], expected: Fraction) -> None:
    assert spearman([Fraction(value) for value in values]) == expected


def test_equal_values_share_the_mean_rank() -> None:
    assert ranks([Fraction(3), Fraction(1), Fraction(3)]) == [Fraction(5, 2), Fraction(1), Fraction(5, 2)]


def test_directions() -> None:
    assert trend(by_year(48, 45, 44, 40, 36), RULE).direction is Direction.FALLING
    assert trend(by_year(30, 31, 33, 34, 39, 40), RULE).direction is Direction.RISING
    edge = trend(by_year(1, 2, 3, 5, 4), RULE)  # 0.9 does not exceed 0.9
    assert (edge.coefficient, edge.critical, edge.direction) == (
        Fraction(9, 10),
        Fraction(9, 10),
        Direction.NOT_SIGNIFICANT,
    )


def test_four_valid_years_are_too_few_and_the_gap_is_named() -> None:
    found = trend(by_year(48, None, 44, 40, 36), RULE)
    assert (found.direction, found.coefficient, found.left_out) == (Direction.TOO_SHORT, None, (2016,))


def test_between_two_rows_the_stricter_counts() -> None:
    assert RULE.critical_of(11) == Fraction("0.564")
    assert RULE.critical_of(40) == Fraction("0.506")
    assert RULE.critical_of(4) is None


@pytest.mark.parametrize("count", [5, 6, 7])
def test_critical_values_are_those_of_full_enumeration(count: int) -> None:
    squares = Counter(sum((a - b) ** 2 for a, b in enumerate(order)) for order in permutations(range(count)))
    total, seen, last = sum(squares.values()), 0, Fraction(0)
    for square in sorted(squares):
        seen += squares[square]
        if Fraction(seen, total) > Fraction(5, 100):  # one-sided
            break
        last = 1 - Fraction(6 * square, count**3 - count)
    assert round(last, 3) == dict(CRITICAL)[count]


@given(st.lists(st.fractions(0, 100), min_size=2, max_size=12, unique=True))
def test_the_coefficient_turns_with_time_and_stays_within_one(values: list[Fraction]) -> None:
    assert spearman(values) == -spearman(values[::-1])
    assert -1 <= spearman(values) <= 1


def test_rolling_mean_needs_every_year() -> None:
    found = rolling_means(by_year(40, 35, 33, None, 30), 3)
    assert found == {2015: None, 2016: None, 2017: Fraction(36), 2018: None, 2019: None}
    assert rolling_means({2015: Fraction(40), 2017: Fraction(30), 2018: Fraction(30)}, 3)[2018] is None
