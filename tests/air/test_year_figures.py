"""Annual figures of many cities at once equal those of one run of days, and stay exact for any number of stations."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import slow_air
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import StatisticsRule
from lantian.air.period import year_figures
from lantian.air.year import SINGLE, single, years_figures
from lantian.basis.period import year

UNIT = 10**SCALE
Values = list[int | None]


def table(values: Values, city: str = "甲", aqi: int | None = 60) -> pl.DataFrame:
    dates = [date(2025, 1, 1) + timedelta(days=n) for n in range(len(values))]
    items = {item: pl.Series(values, dtype=pl.Int64) for item in ITEMS}
    return pl.DataFrame({"city": city, "date": dates, **items, "aqi": pl.Series([aqi] * len(values), dtype=pl.Int64)})


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(st.none(), st.integers(0, 500 * UNIT)), min_size=330, max_size=365))
def test_days_that_came_as_values_give_the_figures_of_their_period(hj_663_2013: StatisticsRule, values: Values) -> None:
    days = table(values)
    both = pl.concat([days, table(values[::-1], "乙", None)])
    one, other = years_figures(single(both), SINGLE, hj_663_2013)
    figures = year_figures(days, year(2025), hj_663_2013)
    assert (one.city, one.year, other.city) == ("甲", 2025, "乙")
    assert (dict(one.means), dict(one.percentiles)) == (dict(figures.means), dict(figures.percentiles))
    assert (one.valid_days, one.good_ratio, one.composite_index) == (
        figures.valid_days,
        figures.good_ratio,
        figures.composite_index,
    )
    assert (other.valid_days, other.good_ratio) == (0, None)


@pytest.mark.parametrize("stations", [(4, 6), (23, 30), (75, 100), (1500, 1800)])
def test_any_number_of_stations_stays_exact(hj_663_2013: StatisticsRule, stations: tuple[int, int]) -> None:
    parts = {**dict.fromkeys(ITEMS, 212_520), "o3_8h": 168}
    least, most = stations
    points = [least + n % (most - least + 1) for n in range(365)]
    values = [(n * 7919 % 4001) * UNIT * count * 1000 + n for n, count in enumerate(points)]
    days = table(values).with_columns(pl.Series(f"{item}_points", points, dtype=pl.Int64) for item in ITEMS)
    (found,) = years_figures(days, parts, hj_663_2013)
    exact = [Fraction(value, 212_520 * count * UNIT) for value, count in zip(values, points, strict=True)]
    assert found.means["pm25"] == sum(exact, Fraction(0)) / 365
    assert found.percentiles["pm25"] == slow_air.percentile(exact, 95)
    assert found.percentiles["so2"] == slow_air.percentile(exact, 98)
