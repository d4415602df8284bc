"""Windows of evaluation by the calendar, by season, by text; how many valid days each needs."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from city_days import days_of
from hypothesis import given
from hypothesis import strategies as st

from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.air.windows import Kind, Season, seasons, window, window_validity, windows, year_before, year_to_date
from lantian.basis.finding import Refusal, Text
from lantian.basis.period import DAY, Days, half_year, month, quarter, ten_days, year

WINTER = Season("winter", Text("冬季", "winter"), (12, 1), (3, 1))
HEATING = Season("heating", Text("采暖期", "heating period"), (10, 15), (4, 16))
SPRING = Season("spring", Text("春季", "spring"), (3, 1), (6, 1))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", "2015-01-01", "2015-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2015-07上旬", "2015-07-01", "2015-07-10"),
        ("2015-07中旬", "2015-07-11", "2015-07-20"),
        ("2015-02下旬", "2015-02-21", "2015-02-28"),
        ("2015Q3", "2015-07-01", "2015-09-30"),
        ("2015-Q4", "2015-10-01", "2015-12-31"),
        ("2017H1", "2017-01-01", "2017-06-30"),
        ("..2015-07-31", "2015-01-01", "2015-07-31"),
        ("2015-07-31", "2015-07-31", "2015-07-31"),
        ("2015-01-05/2015-02-03", "2015-01-05", "2015-02-03"),
        ("2017-01/2017-02", "2017-01-01", "2017-02-28"),
        ("2023-winter", "2023-12-01", "2024-02-29"),
        ("2024采暖期", "2024-10-15", "2025-04-15"),
    ],
)
def test_a_text_names_a_window(text: str, first: str, last: str) -> None:
    assert window(text, (WINTER, HEATING)) == Days(d(first), d(last))


@pytest.mark.parametrize(
    "text", ["", "2015-13", "2015Q5", "2015-02-30", "2015-07-31/2015-07-01", "去年", "2015-07外旬"]
)
def test_a_text_that_names_none_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(Refusal, match="2015Q3"):
        window(text)


def test_windows_of_a_kind_lie_wholly_inside() -> None:
    days = Days(d("2015-01-11"), d("2015-04-30"))
    assert windows(days, Kind.MONTH) == [month(2015, 2), month(2015, 3), month(2015, 4)]
    assert windows(days, Kind.TEN_DAYS)[0] == ten_days(2015, 1, 2)
    assert windows(days, Kind.QUARTER) == []
    assert windows(year(2015), Kind.HALF_YEAR) == [half_year(2015, 1), half_year(2015, 2)]
    assert windows(Days(d("2014-06-01"), d("2016-12-31")), Kind.YEAR) == [year(2015), year(2016)]


@given(st.integers(2012, 2040), st.sampled_from([Kind.TEN_DAYS, Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR]))
def test_windows_of_a_year_follow_one_another_without_gap(number: int, kind: Kind) -> None:
    found = windows(year(number), kind)
    assert (found[0].first, found[-1].last) == (year(number).first, year(number).last)
    assert all(one.last + DAY == following.first for one, following in itertools.pairwise(found))


def test_seasons_and_year_to_date() -> None:
    assert seasons(Days(d("2014-01-01"), d("2016-01-31")), WINTER) == [Days(d("2014-12-01"), d("2015-02-28"))]
    assert SPRING.of(2015) == Days(d("2015-03-01"), d("2015-05-31"))
    assert year_to_date(d("2015-07-31")) == Days(d("2015-01-01"), d("2015-07-31"))


def test_a_year_before_keeps_whole_months() -> None:
    assert year_before(month(2025, 2)) == Days(d("2024-02-01"), d("2024-02-29"))
    assert year_before(Days(d("2025-01-01"), d("2025-07-30"))) == Days(d("2024-01-01"), d("2024-07-30"))
    assert year_before(WINTER.of(2024)) == WINTER.of(2023)


@pytest.mark.parametrize("wrong", [lambda: ten_days(2015, 1, 4), lambda: quarter(2015, 0), lambda: half_year(2015, 3)])
def test_calendar_parts_beyond_their_number(wrong) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="not one of"):
        wrong()


def test_validity_of_a_month_a_quarter_and_ten_days(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    rule = hj_663_2013.validity
    values: list[int | None] = [20] * 90
    values[0:4] = [None] * 4  # January keeps 27 of 31
    values[31:35] = [None] * 4  # February 2015 keeps 24 of 28
    table = days_of(hj_633_2012, d("2015-01-01"), pm25=values)
    january = window_validity(table, month(2015, 1), "pm25", rule)
    assert (january.days, january.mean, january.percentile) == (27, True, True)
    assert window_validity(table, month(2015, 2), "pm25", rule).mean is False
    first_quarter = window_validity(table, quarter(2015, 1), "pm25", rule)
    assert (first_quarter.mean, first_quarter.short_months) == (False, ((2015, 2),))
    tens = window_validity(table, ten_days(2015, 1, 1), "pm25", rule)
    assert (tens.days, tens.mean) == (6, None)
    assert window_validity(table, year(2015), "pm25", rule).mean is False


def test_validity_of_a_year_is_that_of_the_standard(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    values: list[int | None] = [20] * 365
    for n in range(5):  # January keeps 26: the percentile stands, the mean does not
        values[n] = None
    found = window_validity(
        days_of(hj_633_2012, d("2015-01-01"), pm25=values), year(2015), "pm25", hj_663_2013.validity
    )
    assert (found.days, found.mean, found.percentile, found.short_months) == (360, False, True, ((2015, 1),))
    assert d("2015-01-01") + timedelta(364) == d("2015-12-31")
