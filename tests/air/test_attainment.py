"""Attainment by item, city and day, exceedance multiples, limits by span; values worked by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest
from city_days import days_of

from lantian.air.attainment import (
    Limits,
    Verdict,
    attained_days,
    attainment,
    attainments,
    compared,
    exceedance_multiple,
    overall,
)
from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.basis.exact import rounded_text
from lantian.basis.period import Days

PLACES = {"so2": 0, "no2": 0, "co": 1, "o3_8h": 0, "pm10": 0, "pm25": 0}


def limit_set(edition: str, first: date, last: date, pm10: tuple[int, int], pm25: tuple[int, int]) -> Limits:
    year = {"so2": 60, "no2": 40, "pm10": pm10[0], "pm25": pm25[0]}
    day = {"so2": 150, "no2": 80, "co": 4, "o3_8h": 160, "pm10": pm10[1], "pm25": pm25[1]}
    return Limits(
        edition,
        Days(first, last),
        {item: Fraction(value) for item, value in year.items()},
        {item: Fraction(value) for item, value in day.items()},
        PLACES,
    )


GB_2012 = limit_set("GB 3095-2012", date(2016, 1, 1), date(2026, 2, 28), (70, 150), (35, 75))  # table 1, class 2
GB_2026 = limit_set("GB 3095-2026", date(2026, 3, 1), date(2030, 12, 31), (60, 120), (30, 60))  # table 1, transition


@dataclass(frozen=True)
class Figures:
    means: dict[str, Fraction | None]
    percentiles: dict[str, Fraction | None]


def figures(**pm25: Fraction | None) -> Figures:
    means = {"so2": Fraction(10), "no2": Fraction(20), "pm10": Fraction(50), "pm25": pm25.get("mean", Fraction(30))}
    high = {"so2": 40, "no2": 50, "co": 2, "o3_8h": 120, "pm10": 110}
    return Figures(means, {**{k: Fraction(v) for k, v in high.items()}, "pm25": pm25.get("p95", Fraction(60))})


@pytest.mark.parametrize(
    ("value", "limit", "multiple"),
    [
        (Fraction(42), Fraction(35), "0.20"),
        (Fraction(36), Fraction(35), "0.03"),
        (Fraction(48, 10), Fraction(4), "0.20"),
    ],
)
def test_exceedance_multiple(value: Fraction, limit: Fraction, multiple: str) -> None:
    found = exceedance_multiple(value, limit)
    assert found is not None
    assert rounded_text(found, 2) == multiple


def test_a_limit_that_is_met_has_no_multiple() -> None:
    assert exceedance_multiple(Fraction(35), Fraction(35)) is None


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (Fraction(355, 10), Verdict.EXCEEDS),  # 35.5 rounds half to even, to 36
        (Fraction(345, 10), Verdict.ATTAINS),  # 34.5 to 34
        (Fraction(35499, 1000), Verdict.ATTAINS),
        (None, Verdict.NOT_JUDGED),
    ],
)
def test_the_rounded_value_is_compared(value: Fraction | None, verdict: Verdict) -> None:
    assert compared("pm25", "mean", value, Fraction(35), 0).verdict is verdict


def test_an_item_needs_both_its_mean_and_its_percentile(hj_663_2013: StatisticsRule) -> None:
    found = attainment(figures(mean=Fraction(34), p95=Fraction(76)), GB_2012, hj_663_2013)
    pm25 = found.items[-1]
    assert [(one.statistic, one.verdict) for one in pm25.statistics] == [
        ("mean", Verdict.ATTAINS),
        ("p95", Verdict.EXCEEDS),
    ]
    assert (pm25.verdict, found.verdict) == (Verdict.EXCEEDS, Verdict.EXCEEDS)
    assert pm25.statistics[1].multiple == Fraction(1, 75)


def test_carbon_monoxide_and_ozone_have_the_percentile_alone(hj_663_2013: StatisticsRule) -> None:
    found = attainment(figures(), GB_2012, hj_663_2013)
    assert [one.statistic for one in found.items[2].statistics] == ["p95"]
    assert [one.statistic for one in found.items[3].statistics] == ["p90"]
    assert found.verdict is Verdict.ATTAINS


def test_a_missing_value_judges_nothing_unless_another_exceeds(hj_663_2013: StatisticsRule) -> None:
    assert attainment(figures(mean=None), GB_2012, hj_663_2013).verdict is Verdict.NOT_JUDGED
    assert attainment(figures(mean=None, p95=Fraction(90)), GB_2012, hj_663_2013).verdict is Verdict.EXCEEDS
    assert overall([]) is Verdict.NOT_JUDGED


def test_a_mixed_year_is_shown_under_both_limit_sets(hj_663_2013: StatisticsRule) -> None:
    found = attainments(figures(mean=Fraction(32)), (GB_2012, GB_2026), hj_663_2013)
    assert [(one.limits.edition, one.verdict) for one in found] == [
        ("GB 3095-2012", Verdict.ATTAINS),
        ("GB 3095-2026", Verdict.EXCEEDS),
    ]


def test_days_are_judged_under_the_limits_of_their_span(hj_633_2012: IndexRule) -> None:
    # 27, 28 February under 75; 1, 2, 3, 4 March under 60
    table = days_of(
        hj_633_2012, date(2026, 2, 27), pm25=[75, 76, 60, 61, None, 90], pm10=[100, 100, 100, 100, 121, 100]
    )
    found = attained_days(table, (GB_2012, GB_2026))
    pm25 = found["pm25"]
    assert (pm25.valid, pm25.attained, pm25.exceeded) == (5, 2, 3)
    assert (pm25.worst, pm25.worst_multiple) == (date(2026, 3, 4), Fraction(1, 2))
    assert pm25.rate == Fraction(40)
    # the city: 3 March lacks PM2.5, but PM10 exceeds, so it is judged and exceeds
    assert (found[None].valid, found[None].attained) == (6, 2)


def test_a_day_with_an_item_missing_and_none_above_is_not_judged(hj_633_2012: IndexRule) -> None:
    table = days_of(hj_633_2012, date(2026, 3, 1), pm25=[None, 20])
    found = attained_days(table, (GB_2026,))
    assert (found[None].valid, found[None].attained) == (1, 1)
    assert attained_days(table, ())["pm25"].rate is None
