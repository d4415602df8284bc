"""Places, ties, units apart, rates of change, single indices, primary pollutants; by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from city_days import days_of
from hypothesis import given
from hypothesis import strategies as st

from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.air.period import composite_index, period_figures
from lantian.air.ranking import (
    ATTAINING,
    NO_STATION,
    NO_VALUE,
    Unit,
    change_rankings,
    change_rate,
    largest_single,
    primary_days,
    ranked,
    single_indices,
)
from lantian.basis.period import year


def test_equal_printed_values_share_a_place_and_the_next_is_skipped() -> None:
    units = [Unit("丁", Fraction(512, 100)), Unit("甲", Fraction(4)), Unit("乙", Fraction(4001, 1000))]
    units += [Unit("丙", Fraction(43, 10))]
    found = ranked(units, 2)
    assert [(one.place, one.name, one.text) for one in found.placed] == [
        (1, "甲", "4.00"),
        (1, "乙", "4.00"),
        (3, "丙", "4.30"),
        (4, "丁", "5.12"),
    ]


def test_units_without_station_or_valid_value_stand_apart() -> None:
    units = [Unit("甲县", Fraction(4)), Unit("乙县", Fraction(3), own_station=False), Unit("丙县", None)]
    found = ranked(units, 2)
    assert [one.name for one in found.placed] == ["甲县"]
    assert [(one.name, one.reason) for one in found.apart] == [("乙县", NO_STATION), ("丙县", NO_VALUE)]


def test_a_share_of_good_days_ranks_the_highest_first() -> None:
    found = ranked([Unit("甲", Fraction(80)), Unit("乙", Fraction(90))], 1, highest_first=True)
    assert [one.name for one in found.placed] == ["乙", "甲"]


@given(st.lists(st.fractions(0, 20, max_denominator=400), max_size=30))
def test_places_count_those_strictly_better(values: list[Fraction]) -> None:
    found = ranked([Unit(str(at), value) for at, value in enumerate(values)], 2).placed
    assert len(found) == len(values)
    for one in found:
        better = [other for other in found if Fraction(other.text) < Fraction(one.text)]
        assert one.place == len(better) + 1


@pytest.mark.parametrize(
    ("now", "before", "rate"),
    [(Fraction(9, 2), Fraction(5), Fraction(-10)), (Fraction(6), Fraction(5), Fraction(20)), (Fraction(5), None, None)],
)
def test_rate_of_change(now: Fraction, before: Fraction | None, rate: Fraction | None) -> None:
    assert change_rate(now, before) == rate


def test_those_that_attain_everything_do_not_rank_by_worsening() -> None:
    rates = [Unit("甲", Fraction(-8)), Unit("乙", Fraction(3)), Unit("丙", Fraction(5)), Unit("丁", None)]
    found = change_rankings(rates, {"丙"}, 1)
    assert [one.name for one in found.improvement.placed] == ["甲", "乙", "丙"]
    assert [one.name for one in found.worsening.placed] == ["乙", "甲"]
    assert [(one.name, one.reason) for one in found.worsening.apart] == [("丙", ATTAINING), ("丁", NO_VALUE)]


def test_single_indices_sum_to_the_composite_index(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    table = days_of(hj_633_2012, date(2025, 1, 1), pm25=[70, 70, 70], o3_8h=[80, 80, 80])
    figures = period_figures(table, year(2025), hj_663_2013)
    single = single_indices(figures, hj_663_2013)
    assert (single["pm25"], single["o3_8h"], single["co"]) == (Fraction(2), Fraction(1, 2), Fraction(1, 4))
    assert sum(value for value in single.values() if value) == figures.composite_index
    assert largest_single(figures, hj_663_2013) == (("pm25",), Fraction(2))
    assert composite_index({}, {}, hj_663_2013) is None


def test_no_largest_index_where_an_item_is_missing(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    table = days_of(hj_633_2012, date(2025, 1, 1), pm25=[70], o3_8h=[None])
    assert largest_single(period_figures(table, year(2025), hj_663_2013), hj_663_2013) is None


def test_primary_pollutants_count_each_of_a_tie(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    # AQI 29 (none), 100 PM2.5, 100 tie of PM2.5 75 and PM10 150, 150 PM2.5
    table = days_of(hj_633_2012, date(2025, 1, 1), pm25=[20, 75, 75, 115], pm10=[20, 80, 150, 150])
    found = primary_days(table, year(2025), hj_663_2013)
    assert (found.days, found.by_item["pm25"], found.by_item["pm10"], found.by_item["so2"]) == (3, 3, 1, 0)
    assert (found.polluted_days, found.polluted["pm25"], found.polluted["pm10"]) == (1, 1, 0)
    assert found.text() == "PM2.5 3、PM10 1"
