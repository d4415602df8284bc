"""Figures of a period: means, percentiles, validity, counts, index, all exact."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.air.day import evaluated
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.air.period import (
    percentile,
    period_figures,
    printed_value,
    reachable_validity,
    year_figures,
    year_validity,
)
from lantian.basis.period import Days, year

UNIT = 10**SCALE


def table_of(rule: IndexRule, first: date, pm25: list[int | None], others: int = 10 * UNIT) -> pl.DataFrame:
    count = len(pm25)
    columns = {item: pl.Series([others if item != "co" else UNIT] * count, dtype=pl.Int64) for item in ITEMS}
    columns["pm25"] = pl.Series(pm25, dtype=pl.Int64)
    dates = [first + timedelta(days=n) for n in range(count)]
    return evaluated(pl.DataFrame({"city": ["甲"] * count, "date": dates, **columns}), rule)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([1, 2, 3, 4, 5], 50, Fraction(3)),
        ([1, 2], 95, Fraction(195, 100)),  # k = 1 + 0.95
        ([10], 98, Fraction(10)),
        (list(range(1, 366)), 90, Fraction(3286, 10)),  # k = 1 + 364 * 0.9 = 328.6
    ],
)
def test_percentile_by_hand(values: list[int], percent: int, expected: Fraction) -> None:
    assert percentile([value * UNIT for value in values], percent) == expected


def test_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 95) is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=60), st.integers(1, 99))
def test_percentile_lies_between_its_neighbours(values: list[int], percent: int) -> None:
    ordered = sorted(values)
    found = percentile(ordered, percent)
    assert found is not None
    assert Fraction(ordered[0], UNIT) <= found <= Fraction(ordered[-1], UNIT)
    assert found <= (percentile(ordered, min(99, percent + 1)) or 0)


def test_mean_counts_and_days(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    days = [35 * UNIT, 75 * UNIT, 76 * UNIT, 151 * UNIT, None]
    figures = period_figures(table_of(hj_633_2012, date(2025, 1, 1), days), year(2025), hj_663_2013)
    assert figures.means["pm25"] == Fraction(337, 4)
    assert (figures.valid_days, figures.good_days, figures.heavy_days) == (4, 2, 1)
    assert figures.good_ratio == Fraction(50)
    assert printed_value(figures.means["pm25"], 0) == "84"


def test_no_valid_day_has_no_ratio(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    figures = period_figures(table_of(hj_633_2012, date(2025, 1, 1), [None]), year(2025), hj_663_2013)
    assert (figures.good_ratio, figures.means["pm25"], figures.composite_index) == (None, None, None)


@settings(deadline=None)
@given(
    days=st.lists(st.one_of(st.none(), st.integers(0, 5_000_000)), min_size=2, max_size=40),
    data=st.data(),
)
def test_splitting_a_period_changes_no_day(
    hj_633_2012: IndexRule, hj_663_2013: StatisticsRule, days: list[int | None], data: st.DataObject
) -> None:
    first = date(2025, 2, 20)
    whole = table_of(hj_633_2012, first, days)
    cut = data.draw(st.integers(1, len(days) - 1))
    parts = [table_of(hj_633_2012, first, days[:cut]), table_of(hj_633_2012, first + timedelta(days=cut), days[cut:])]
    assert pl.concat(parts).equals(whole)
    span = Days(first, first + timedelta(days=len(days) - 1))
    edge = first + timedelta(days=cut - 1)
    both = [period_figures(whole, half, hj_663_2013) for half in (span.until(edge), span.after(edge))]
    together = period_figures(whole, span, hj_663_2013)
    assert together.sums["pm25"] == sum(one.sums["pm25"] for one in both)
    assert together.good_days == sum(one.good_days for one in both)
    assert together.heavy_days == sum(one.heavy_days for one in both)


def test_composite_index_by_hand(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    table = table_of(hj_633_2012, date(2025, 1, 1), [35 * UNIT] * 365)
    figures = year_figures(table, year(2025), hj_663_2013)
    # SO2 10/60 + NO2 10/40 + PM10 10/70 + PM2.5 35/35 + CO 1/4 + O3 10/160
    parts = (Fraction(1, 6), Fraction(1, 4), Fraction(1, 7), Fraction(1), Fraction(1, 4), Fraction(1, 16))
    by_hand = sum(parts, Fraction(0))
    assert figures.composite_index == by_hand
    assert printed_value(figures.composite_index, 2) == "1.87"


def test_year_validity_edges(hj_663_2013: StatisticsRule) -> None:
    rule = hj_663_2013.validity
    months = {1: 31, 2: 25, 3: 27, 4: 27, 5: 27, 6: 27, 7: 27, 8: 27, 9: 27, 10: 27, 11: 27, 12: 25}
    short = year_validity(months, rule)
    assert (short.days, short.mean, short.percentile, short.short_months) == (324, False, True, (12,))
    assert year_validity({**months, 1: 29, 12: 27}, rule).mean
    assert not year_validity({**months, 1: 28, 12: 27}, rule).percentile
    assert year_validity({**months, 1: 31, 2: 24, 12: 27}, rule).short_months == (2,)


def test_year_that_can_no_longer_be_valid(hj_663_2013: StatisticsRule) -> None:
    months = dict.fromkeys(range(1, 13), 0) | {1: 31, 2: 28, 3: 20}
    lost = reachable_validity(months, date(2025, 3, 31), hj_663_2013.validity)
    assert not lost.mean
    assert lost.percentile
    assert lost.short_months == (3,)
    still = reachable_validity({**months, 3: 20}, date(2025, 3, 24), hj_663_2013.validity)
    assert still.mean


def test_year_figures_leave_out_what_is_not_valid(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    gaps: list[int | None] = [20 * UNIT] * 365
    gaps[59:64] = [None] * 5  # five days of March: 26 valid
    figures = year_figures(table_of(hj_633_2012, date(2025, 1, 1), gaps), year(2025), hj_663_2013)
    assert figures.means["pm25"] is None
    assert figures.percentiles["pm25"] == Fraction(20)
    assert figures.means["so2"] == Fraction(10)
    assert figures.composite_index is None
