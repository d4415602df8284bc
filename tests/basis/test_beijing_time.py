"""Periods in Beijing civil time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from lantian.basis.period import (
    Days,
    beijing_date,
    day_of_hour_end_stamp,
    deadline_instant,
    hour_start_of_end_stamp,
    month,
    same_days_of,
    year,
)

DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@given(DATES, DATES, DATES)
def test_splitting_a_period_at_any_date_loses_no_day(first: date, last: date, cut: date) -> None:
    days = Days(first, last)
    assert [*days.until(cut), *days.after(cut)] == list(days) or cut < first or cut > last
    assert len(list(days)) == len(days)


@given(st.integers(min_value=2000, max_value=2099))
def test_the_months_of_a_year_are_its_days(number: int) -> None:
    assert [day for n in range(1, 13) for day in month(number, n)] == list(year(number))


def test_the_last_hour_of_a_day_is_stamped_at_midnight_and_belongs_to_the_day_before() -> None:
    midnight = datetime(2026, 1, 1, 0, 0)
    assert day_of_hour_end_stamp(midnight) == date(2025, 12, 31)
    assert hour_start_of_end_stamp(midnight) == datetime(2025, 12, 31, 23, 0)
    assert day_of_hour_end_stamp(datetime(2026, 1, 1, 1, 0)) == date(2026, 1, 1)


def test_leap_day_has_a_counterpart_in_other_years() -> None:
    assert same_days_of(Days(date(2024, 2, 29), date(2024, 3, 2)), 2023) == Days(date(2023, 2, 28), date(2023, 3, 2))


def test_a_deadline_ends_at_24_00_in_beijing() -> None:
    assert deadline_instant(date(2025, 12, 31)) == datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
    assert beijing_date(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == date(2025, 12, 31)
    assert beijing_date(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == date(2026, 1, 1)


def test_labels_name_years_and_months() -> None:
    assert [year(2025).label(), month(2025, 2).label(), Days(date(2025, 1, 1), date(2025, 10, 15)).label()] == [
        "2025",
        "2025-02",
        "2025-01-01/2025-10-15",
    ]
