"""How many days of a year and its months may still be lost: by hand and by brute force."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.air.item import ITEMS
from lantian.air.parameters import YearValidity
from lantian.basis.period import Days, month, year
from lantian.work.air_board_validity import validity_risk

VALIDITY = YearValidity(324, 27, 25)


def days_of(days: list[date]) -> pl.DataFrame:
    columns = {"date": days, **{item: [10_000] * len(days) for item in ITEMS}}
    return pl.DataFrame(columns, schema={"date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64)})


@pytest.mark.parametrize(("number", "days"), [(2025, 365), (2024, 366)])
def test_validity_at_the_start_and_the_end_of_a_year(number: int, days: int) -> None:
    first = validity_risk(days_of([date(number, 1, 1)]), date(number, 1, 1), VALIDITY)[-1]
    assert (first.valid, first.may_lose, first.failed) == (1, days - 324, ())
    assert [one.may_lose for one in first.months][:4] == [4, 4 if number == 2024 else 3, 4, 3]
    last = validity_risk(days_of(list(year(number))), date(number, 12, 31), VALIDITY)[-1]
    assert (last.valid, last.tightest, last.mean_stands) == (days, None, True)
    assert {one.state for one in last.months} == {"kept"}


def test_a_month_that_failed_is_named_and_the_tightest_is_found() -> None:
    days = [
        day for day in Days(date(2025, 1, 1), date(2025, 4, 10)) if day not in Days(date(2025, 2, 1), date(2025, 2, 4))
    ]
    days = [day for day in days if day not in Days(date(2025, 4, 1), date(2025, 4, 2))]
    pm25 = validity_risk(days_of(days), date(2025, 4, 10), VALIDITY)[-1]
    assert pm25.failed == (2,)  # 24 of 25 needed
    assert (pm25.mean_stands, pm25.percentile_stands) == (False, True)
    assert pm25.tightest is not None
    assert (pm25.tightest.number, pm25.tightest.may_lose, pm25.tightest.lost) == (4, 1, 2)
    assert pm25.may_lose == 94 + 265 - 324


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 365), max_size=60), st.integers(0, 365))
def test_what_may_be_lost_by_brute_force(lost: set[int], at: int) -> None:
    whole = list(year(2024))
    present = [day for place, day in enumerate(whole[: at + 1]) if place not in lost]
    risk = validity_risk(days_of(present), whole[at], VALIDITY)[-1]
    for one in risk.months:
        days = [day for day in month(2024, one.number) if day in present or day > whole[at]]
        assert one.may_lose == len(days) - VALIDITY.needed(one.number)
    assert risk.may_lose == len(present) + len(whole) - at - 1 - 324
