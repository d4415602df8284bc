"""Days taken out by decision: figures with and without, good days as measured, validity, records that must be whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from city_days import days_of

from lantian.air.excluded import Exclusion, ExclusionRule, notice, valid_only, validity, with_and_without, without
from lantian.air.item import ITEMS
from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.air.windows import WindowValidity
from lantian.basis.period import Days, month, year

RULE = ExclusionRule(("pm10", "pm25"), keeps_aqi=True, keeps_validity=True)
FIRST = date(2025, 4, 1)
DUST = Exclusion(
    "甲", Days(date(2025, 4, 3), date(2025, 4, 4)), ("pm10", "pm25"), "dust", "监测总站", "第 7 号", date(2025, 5, 9)
)


def april(rule: IndexRule, **more: list[int | None]):  # type: ignore[no-untyped-def]
    return days_of(rule, FIRST, pm10=[60, 60, 600, 600] + [60] * 26, pm25=[30, 30, 90, 90] + [30] * 26, **more)


def test_means_with_and_without(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    found = with_and_without(april(hj_633_2012), month(2025, 4), [DUST], hj_663_2013, RULE)
    assert (found.included.means["pm10"], found.excluded.means["pm10"]) == (Fraction(96), Fraction(60))
    assert (found.included.means["pm25"], found.excluded.means["pm25"]) == (Fraction(34), Fraction(30))
    assert found.differences() == {"pm10": Fraction(-36), "pm25": Fraction(-4)}
    assert found.taken == {"pm10": 2, "pm25": 2}
    assert found.included.means["so2"] == found.excluded.means["so2"]
    assert found.excluded.composite_index is not None
    assert found.included.composite_index is not None
    assert found.excluded.composite_index < found.included.composite_index


def test_good_and_heavy_days_stay_as_measured(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    found = with_and_without(april(hj_633_2012), month(2025, 4), [DUST], hj_663_2013, RULE)
    assert (found.excluded.valid_days, found.excluded.good_days, found.excluded.heavy_days) == (30, 28, 2)
    other = with_and_without(april(hj_633_2012), month(2025, 4), [DUST], hj_663_2013, replace(RULE, keeps_aqi=False))
    assert (other.excluded.valid_days, other.excluded.good_days, other.excluded.heavy_days) == (28, 28, 0)
    assert other.included.heavy_days == 2


def test_only_the_city_and_days_of_the_decision_change(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    for other in (replace(DUST, city="乙"), replace(DUST, days=month(2024, 4))):
        found = with_and_without(april(hj_633_2012), month(2025, 4), [other], hj_663_2013, RULE)
        assert found.included == found.excluded
        assert (found.taken, found.exclusions, notice(found)) == ({}, (), None)


def test_it_is_never_silent(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    told = notice(with_and_without(april(hj_633_2012), month(2025, 4), [DUST], hj_663_2013, RULE))
    assert told is not None
    assert "第 7 号（监测总站）扣除 2 天" in told.text.zh
    assert "实测" in told.text.zh


def test_a_day_without_the_value_is_not_counted_as_taken(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    table = days_of(hj_633_2012, FIRST, pm10=[60, 60, None, 600], pm25=[30, 30, 90, 90])
    found = with_and_without(table, month(2025, 4), [DUST], hj_663_2013, RULE)
    assert found.taken == {"pm10": 1, "pm25": 2}


def test_validity_of_the_month_counts_measured_days(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    long = replace(DUST, days=Days(FIRST, date(2025, 4, 6)))
    table, rule = april(hj_633_2012), hj_663_2013.validity
    assert validity(table, month(2025, 4), "pm10", [long], RULE, rule).mean is True
    strict = replace(RULE, keeps_validity=False)
    assert validity(table, month(2025, 4), "pm10", [long], strict, rule).days == 24
    assert validity(table, month(2025, 4), "pm10", [long], strict, rule).mean is False


def test_figures_of_a_window_that_is_not_valid_fall_away(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    figures = with_and_without(april(hj_633_2012), month(2025, 4), [], hj_663_2013, RULE).included
    valid = {item: WindowValidity(30, (), True, True) for item in ITEMS}
    assert valid_only(figures, valid, hj_663_2013) == figures
    valid["pm25"] = WindowValidity(20, ((2025, 4),), False, False)
    left = valid_only(figures, valid, hj_663_2013)
    assert (left.means["pm25"], left.percentiles["pm25"], left.composite_index) == (None, None, None)
    assert left.means["pm10"] == figures.means["pm10"]


def test_the_rule_names_what_may_be_taken_out(hj_633_2012: IndexRule, hj_663_2013: StatisticsRule) -> None:
    with pytest.raises(ValueError, match="only"):
        with_and_without(april(hj_633_2012), year(2025), [replace(DUST, items=("so2",))], hj_663_2013, RULE)


@pytest.mark.parametrize(
    "change",
    [
        {"items": ()},
        {"items": ("dust",)},
        {"decided_by": " "},
        {"document": ""},
        {"days": Days(FIRST, date(2025, 3, 1))},
    ],
)
def test_a_record_without_its_parts_is_none(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="needs"):
        replace(DUST, **change)


def test_taking_out_leaves_the_other_columns(hj_633_2012: IndexRule) -> None:
    table = april(hj_633_2012)
    emptied = without(table, [DUST])
    assert emptied["pm10"].null_count() == 2
    assert emptied.drop("pm10", "pm25").equals(table.drop("pm10", "pm25"))
