"""Outlook of odd years: few days, gaps, zeros, extremes, leap years, first and last day; what always holds."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import isfinite

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.air.item import ITEMS, SCALE
from lantian.basis.finding import Text
from lantian.work.air_goals import METRICS, Goal
from lantian.work.air_outlook import CityOutlook, TargetOutlook, city_outlook

UNIT = 10**SCALE
CLEAN = {"so2": 5, "no2": 10, "co": 0, "o3_8h": 60, "pm10": 20, "pm25": 12}
LIMITS = {"pm25_annual_mean": (1, 5, 20, 35, 60, 400), "heavy_pollution_days": (0, 1, 5, 40, 366)} | {
    "good_day_ratio": (100, 99, 80, 30, 0), "good_days": (366, 365, 300, 20, 0),
}  # fmt: skip  # from hard to easy


def days_of(first: date, last: date, *, skip: int = 0, **values: int) -> pl.DataFrame:
    """Equal days from first to last; every ``skip``-th is absent."""
    dates = [first + timedelta(days=at) for at in range((last - first).days + 1) if not skip or at % skip]
    columns = {item: [(CLEAN | values)[item] * UNIT] * len(dates) for item in ITEMS}
    return pl.DataFrame(
        {"city": ["望海"] * len(dates), "date": dates, **columns},
        schema={"city": pl.String, "date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64)},
    )


def goals() -> list[Goal]:
    source = Text("试", "trial")
    return [
        Goal(metric, ">=" if metric.startswith("good") else "<=", Fraction(limit), source)
        for metric, limits in LIMITS.items()
        for limit in limits
    ]


def outlook(days: pl.DataFrame, as_of: date) -> CityOutlook:
    return city_outlook(days, "望海", as_of, goals=goals())


def holds(found: CityOutlook) -> dict[str, list[TargetOutlook]]:
    """Every figure finite and in order, every probability within 0 … 1 and rising as the limit gets easier."""
    by_metric: dict[str, list[TargetOutlook]] = {metric: [] for metric in METRICS}
    for one in found.targets:
        by_metric[one.metric].append(one)
        if one.mean is None:
            assert one.reason is not None
            assert one.p10 is one.p90 is one.probability is None
            continue
        assert one.p10 is not None and one.p90 is not None and one.probability is not None  # noqa: PT018
        assert all(map(isfinite, (one.mean, one.p10, one.p90)))
        assert 0 <= one.p10 <= one.p90
        assert 0 <= one.probability <= 1
    for group in by_metric.values():
        chances = [one.probability for one in group if one.probability is not None]
        assert all(later >= earlier - 1e-9 for earlier, later in pairwise(chances))
    return by_metric


@settings(max_examples=15, deadline=None)
@given(
    st.integers(2013, 2027),
    st.integers(0, 365),
    st.integers(0, 2),
    st.sampled_from((0, 2, 3, 10)),
    st.sampled_from((0, 1, 12, 80, 300, 999)),
    st.sampled_from((0, 200)),
)
def test_whatever_the_year_was_the_outlook_keeps_its_form(
    year: int, day: int, earlier: int, skip: int, pm25: int, o3: int
) -> None:
    as_of = min(date(year, 1, 1) + timedelta(days=day), date(year, 12, 31))
    holds(
        outlook(days_of(date(year - earlier, 1, 1), as_of, skip=skip, pm25=pm25, pm10=max(20, pm25), o3_8h=o3), as_of)
    )


def test_thirty_days_without_an_earlier_year_are_no_outlook_and_with_one_they_are() -> None:
    as_of = date(2015, 1, 30)
    alone = holds(outlook(days_of(date(2015, 1, 1), as_of), as_of))
    assert all(one.mean is None for group in alone.values() for one in group)
    both = holds(outlook(days_of(date(2014, 1, 1), as_of), as_of))
    assert all(one.mean is not None for group in both.values() for one in group)


def test_on_the_first_of_january_the_earlier_year_speaks() -> None:
    as_of = date(2015, 1, 1)
    for last in (as_of, date(2014, 12, 31)):  # with and without a day of the year itself
        mean = holds(outlook(days_of(date(2014, 1, 1), last, pm25=50, pm10=60), as_of))["pm25_annual_mean"][0]
        assert mean.mean == pytest.approx(50, rel=0.1)
        assert mean.p10 is not None and mean.p90 is not None  # noqa: PT018
        assert mean.p10 < 50 < mean.p90


@pytest.mark.parametrize("year", [2015, 2016])
def test_on_the_last_day_nothing_is_left_open(year: int) -> None:
    as_of = date(year, 12, 31)
    found = outlook(days_of(date(year, 1, 1), as_of), as_of)
    assert found.remaining == 0
    for group in holds(found).values():
        assert {one.probability for one in group} <= {0.0, 1.0}
        assert all(one.p10 == one.mean == one.p90 for one in group)
    assert holds(found)["good_days"][0].mean == (as_of - date(year, 1, 1)).days + 1


def test_a_leap_year_has_one_day_more_to_come() -> None:
    left = [outlook(days_of(date(year, 1, 1), date(year, 2, 28)), date(year, 2, 28)).remaining for year in (2015, 2016)]
    assert left == [306, 307]


def test_an_earlier_year_of_zeros_is_no_prophecy_of_zero() -> None:
    as_of = date(2015, 3, 31)
    days = pl.concat([days_of(date(2014, 1, 1), date(2014, 12, 31), pm25=0), days_of(date(2015, 1, 1), as_of, pm25=40)])
    mean = holds(outlook(days, as_of))["pm25_annual_mean"][0]
    assert mean.mean is not None
    assert 10 < mean.mean < 40


def test_an_extreme_year_so_far_cannot_be_undone() -> None:
    as_of = date(2015, 6, 30)
    found = holds(outlook(days_of(date(2014, 1, 1), as_of, pm25=500, pm10=600), as_of))
    mean = {one.goal.value: one for one in found["pm25_annual_mean"] if one.goal}
    assert mean[Fraction(35)].probability == 0  # 181 days of 500 make more than 35 of any rest
    assert mean[Fraction(35)].p10 is not None
    assert mean[Fraction(35)].p10 > 500 * 181 / 365
    heavy = {one.goal.value: one for one in found["heavy_pollution_days"] if one.goal}
    assert heavy[Fraction(40)].probability == 0
