"""Deadlines as plans write them."""

from __future__ import annotations

from datetime import date

import pytest

from lantian.plan.state.deadline import Deadline, deadline, judged_year


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2025", date(2025, 12, 31)),
        ("2025-12", date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2025-06-30", date(2025, 6, 30)),
        ("2024-2025", date(2025, 12, 31)),
        ("2024/2026", date(2026, 12, 31)),
        (None, None),
        ("", None),
    ],
)
def test_last_day(text: str | None, last: date | None) -> None:
    assert deadline(text) == Deadline(last)


def test_yearly_forms() -> None:
    assert deadline("每年") == Deadline(None, yearly=True)
    assert deadline("2027起") == Deadline(None, yearly=True, since=2027)


@pytest.mark.parametrize("text", ["尽快", "2025-13", "十四五末"])
def test_unknown_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        deadline(text)


def test_the_end_of_the_day_counts() -> None:
    assert deadline("2025").over(date(2025, 12, 31))
    assert not deadline("2025").over(date(2025, 12, 30))
    assert not deadline("每年").over(date(2099, 1, 1))


def test_judged_year_stops_at_the_deadline() -> None:
    assert judged_year(deadline("2025"), date(2024, 10, 1)) == 2024
    assert judged_year(deadline("2025"), date(2026, 11, 1)) == 2025
    assert judged_year(deadline("每年"), date(2026, 11, 1)) == 2026
