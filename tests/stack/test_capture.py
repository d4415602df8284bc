"""Capture rate and valid transmission rate, exact at their edges."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lantian.stack.capture import Tally, capture_rate, transmission_rate


@pytest.mark.parametrize(
    ("hours", "stopped", "invalid", "rate"),
    [(2208, 0, 552, 75), (2208, 208, 200, 90), (2208, 0, 0, 100), (2208, 2208, 0, None), (3, 0, 1, Fraction(200, 3))],
)
def test_capture(hours: int, stopped: int, invalid: int, rate: int | None) -> None:
    assert capture_rate(hours, stopped, invalid) == rate


def test_transmission_by_hand() -> None:
    # 95 of 100 received, 90 of 100 valid: 0.95 · 0.9 = 85.5 %
    assert transmission_rate(95, 100, 90) == Fraction(171, 2)
    assert transmission_rate(130, 100, 100) == 100  # what is sent beyond what is due does not help
    assert transmission_rate(0, 0, 0) is None


def test_a_tally_counts_hours_of_rest_out() -> None:
    tally = Tally(hours=24, stopped=4, valid=18, received=20)
    assert (tally.due, tally.capture, tally.transmission) == (20, 90, 90)
