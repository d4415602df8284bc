"""Periods of addresses: what each form names, how it is cut, and what is said of those that name none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.work.air_periods import period_of, words

LAST = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("text", "first", "until", "said"),
    [
        ("2025", "2025-01-01", "2025-12-31", "2025年"),
        ("2025-03", "2025-03-01", "2025-03-31", "2025年3月"),
        ("2025-02-下旬", "2025-02-21", "2025-02-28", "2025年2月下旬"),
        ("2025-03上旬", "2025-03-01", "2025-03-10", "2025年3月上旬"),
        ("2025Q1", "2025-01-01", "2025-03-31", "2025年第1季度"),
        ("2025H1", "2025-01-01", "2025-06-30", "2025-01-01 至 2025-06-30"),
        ("2024-winter", "2024-12-01", "2025-02-28", "2024-12-01 至 2025-02-28"),
        ("2024采暖期", "2024-10-15", "2025-04-15", "2024-10-15 至 2025-04-15"),
        ("2025-01-05..2025-06-30", "2025-01-05", "2025-06-30", "2025-01-05 至 2025-06-30"),
        ("2025-01 至 2025-03", "2025-01-01", "2025-03-31", "2025年第1季度"),
        ("2025-07-04", "2025-07-04", "2025-07-04", "2025-07-04"),
        ("ytd", "2026-01-01", "2026-10-15", "2026-01-01 至 2026-10-15"),
    ],
)
def test_each_form_names_its_days(text: str, first: str, until: str, said: str) -> None:
    found = period_of(text, LAST)
    assert (found.days, found.cut, found.words) == (
        Days(date.fromisoformat(first), date.fromisoformat(until)),
        False,
        said,
    )


def test_a_period_that_goes_on_is_cut_at_the_last_day() -> None:
    found = period_of("2026Q4", LAST)
    assert (found.days, found.whole.last, found.cut) == (Days(date(2026, 10, 1), LAST), date(2026, 12, 31), True)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2025-13", "2025Q5", "2025-02-30..2025-03-01", "2025-06-30..2025-01-01", "9999-12", "0000", "²⁰²⁵", "2025-01-01..9999-12-31"],
)  # fmt: skip
def test_a_text_that_names_no_period_is_told_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(Refusal) as told:
        period_of(text, LAST)
    assert told.value.findings[0].code == "AIR-PERIOD-UNKNOWN"
    assert "2025Q1" in told.value.findings[0].text.zh


def test_days_before_the_law_and_days_to_come_are_told_apart() -> None:
    with pytest.raises(Refusal, match="早于"):
        period_of("2011", LAST)
    with pytest.raises(Refusal, match="还没有开始"):
        period_of("2026-11", LAST)


@given(st.text(max_size=30))
def test_any_text_gives_a_period_or_a_refusal(text: str) -> None:
    try:
        found = period_of(text, LAST)
    except Refusal:
        return
    assert found.days.first <= found.days.last <= LAST


@given(st.dates(date(2012, 1, 1), LAST))
def test_words_of_a_day_are_the_day(day: date) -> None:
    assert words(Days(day, day)) == str(day)
