"""The table of substitution at its edges, and gaps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from lantian import rulebook
from lantian.stack.substitution import Substitution, gaps

TABLE = rulebook.fill(Substitution, date(2026, 11, 26))


@pytest.mark.parametrize(
    ("capture", "gap", "hours"),
    [
        (Fraction(100), 1, 180),
        (Fraction(90), 24, 180),
        (Fraction(90), 25, 720),
        (Fraction(8999, 100), 1, 2160),
        (Fraction(75), 500, 2160),
        (Fraction(7499, 100), 1, None),
        (None, 1, None),
    ],
)
def test_rows_of_the_table(capture: Fraction | None, gap: int, hours: int | None) -> None:
    assert TABLE.hours(capture, gap) == hours


def test_only_three_factors() -> None:
    assert set(TABLE.factors) == {"a34013", "a21026", "a21002"}


def test_gaps_are_runs_of_hours() -> None:
    start = datetime(2026, 11, 26)
    runs = gaps([start + timedelta(hours=n) for n in (0, 1, 2, 5, 7, 8)])
    assert [(one.first.hour, len(one)) for one in runs] == [(0, 3), (5, 1), (7, 2)]
    assert gaps([]) == []
