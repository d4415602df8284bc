"""Figures on a basis, two bases side by side, a year against the last with both on one basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from city_days import days_of

from lantian.air.basis_choice import BY_DATE, Law, Material, Spans, beside, figure_on, unit_of, year_on_year
from lantian.air.excluded import Exclusion, ExclusionRule
from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.basis.determination import Basis
from lantian.basis.period import Days, month, year

REALTIME = Basis(edition=BY_DATE, validity="none")
NO_DUST = replace(REALTIME, values="reviewed", dust="excluded")
CHANGE = date(2026, 3, 1)
DUST = Exclusion(
    "甲", Days(date(2025, 4, 3), date(2025, 4, 4)), ("pm10", "pm25"), "dust", "总站", "7 号", date(2025, 5, 9)
)


@pytest.fixture
def law(hj_633_2012: IndexRule, hj_633_2026: IndexRule, hj_663_2013: StatisticsRule) -> Law:
    def index(days: Days, edition: str) -> Spans:
        if edition != BY_DATE:
            return [(days, {"2012": hj_633_2012, "2026": hj_633_2026}[edition])]
        parts = [(days.until(date(2026, 2, 28)), hj_633_2012), (days.after(date(2026, 2, 28)), hj_633_2026)]
        return [(span, rule) for span, rule in parts if len(span)]

    rule = ExclusionRule(("pm10", "pm25"), keeps_aqi=True, keeps_validity=True)
    return Law(index, lambda days, edition: hj_663_2013, lambda days: rule)


@pytest.fixture
def material(hj_633_2012: IndexRule) -> Material:
    realtime = days_of(hj_633_2012, date(2025, 4, 1), pm25=[30, 30, 90, 90] + [30] * 26)
    reviewed = days_of(hj_633_2012, date(2025, 4, 1), pm25=[31, 31, 92, 92] + [31] * 26)
    return Material({("realtime", "city"): realtime, ("reviewed", "city"): reviewed}, (DUST,))


def test_two_bases_side_by_side(material: Material, law: Law) -> None:
    found = beside(material, "pm25_mean", month(2025, 4), REALTIME, NO_DUST, law)
    assert (found.first.text, found.second.text, found.text) == ("34", "31", "-3")
    assert (found.first.taken_out, found.second.taken_out) == (0, 2)
    assert found.difference == Fraction(-3)


def test_the_share_of_good_days_keeps_dust(material: Material, law: Law) -> None:
    one, two = replace(REALTIME, decimals=1), replace(REALTIME, dust="excluded", decimals=1)
    found = beside(material, "good_ratio", month(2025, 4), one, two, law)
    assert (found.first.text, found.second.text, found.text) == ("93.3", "93.3", "0.0")


def test_a_series_that_is_not_there_gives_no_figure(material: Material, law: Law) -> None:
    without_reviewed = replace(material, series={("realtime", "city"): material.series["realtime", "city"]})
    found = beside(without_reviewed, "pm25_mean", month(2025, 4), REALTIME, NO_DUST, law)
    assert (found.first.text, found.second.text, found.difference, found.text) == ("34", None, None, None)
    assert found.second.reason is not None
    assert "审核后" in found.second.reason.zh


def test_validity_decides_whether_there_is_a_figure(hj_633_2012: IndexRule, law: Law) -> None:
    short = Material({("realtime", "city"): days_of(hj_633_2012, date(2025, 4, 1), pm25=[30] * 26)})
    strict = replace(REALTIME, validity="hj_663")
    assert figure_on(short, "pm25_mean", month(2025, 4), REALTIME, law).text == "30"
    refused = figure_on(short, "pm25_mean", month(2025, 4), strict, law)
    assert refused.value is None
    assert refused.reason is not None
    assert "PM2.5" in refused.reason.zh
    assert figure_on(short, "heavy_days", month(2025, 4), strict, law).text == "0"


def test_both_years_stand_under_this_years_editions(hj_633_2012: IndexRule, law: Law) -> None:
    # 70 µg/m³ is good under 2012 and polluted under 2026: the same air in both years must give no change
    before = days_of(hj_633_2012, date(2025, 1, 1), pm25=[70] * 365)
    now = days_of(hj_633_2012, date(2026, 1, 1), pm25=[70] * 365)
    both = Material({("realtime", "city"): pl.concat([before, now])})
    found = year_on_year(both, "good_days", year(2026), REALTIME, law, rate_places=1)
    assert (found.now.text, found.before.text, found.difference_text, found.rate_text) == ("59", "59", "0", "0.0")
    old = figure_on(both, "good_days", year(2025), REALTIME, law)
    assert old.text == "365"


def test_a_named_edition_holds_for_every_day(material: Material, law: Law) -> None:
    assert figure_on(material, "good_days", month(2025, 4), replace(REALTIME, edition="2026"), law).text == "28"
    everything = Material({("realtime", "city"): days_of_70(law)})
    assert figure_on(everything, "good_days", month(2025, 4), replace(REALTIME, edition="2026"), law).text == "0"
    assert figure_on(everything, "good_days", month(2025, 4), replace(REALTIME, edition="2012"), law).text == "30"


def days_of_70(law: Law) -> pl.DataFrame:
    (_, rule), *_ = law.index(month(2025, 4), "2012")
    return days_of(rule, date(2025, 4, 1), pm25=[70] * 30)


def test_leap_day_is_judged_by_its_calendar_twin(hj_633_2012: IndexRule, law: Law) -> None:
    table = days_of(hj_633_2012, date(2024, 2, 1), pm25=[70] * 60)
    found = figure_on(
        Material({("realtime", "city"): table}), "good_days", Days(date(2024, 2, 1), date(2024, 3, 31)), REALTIME, law,
        judged=Days(date(2026, 2, 1), date(2026, 3, 31)),
    )  # fmt: skip
    assert found.text == "29"


def test_year_on_year_rate_is_of_the_unrounded_figures(hj_633_2012: IndexRule, law: Law) -> None:
    before = days_of(hj_633_2012, date(2024, 4, 1), pm25=[40, 41])
    now = days_of(hj_633_2012, date(2025, 4, 1), pm25=[36, 37])
    both = Material({("realtime", "city"): pl.concat([before, now])})
    found = year_on_year(both, "pm25_mean", Days(date(2025, 4, 1), date(2025, 4, 2)), REALTIME, law, rate_places=1)
    assert (found.before.text, found.now.text, found.difference_text) == (
        "40",
        "36",
        "-4",
    )  # 40.5 and 36.5, half to even
    assert (found.rate, found.rate_text) == (Fraction(-400, 4050) * 100, "-9.9")


def test_units_and_unknown_words(material: Material, law: Law) -> None:
    assert [unit_of(one) for one in ("pm25_mean", "co_p95", "good_ratio", "heavy_days")] == ["ug/m3", "mg/m3", "%", "d"]
    for metric in ("pm25", "dust_mean", "pm25_max"):
        with pytest.raises(ValueError, match="unknown metric"):
            unit_of(metric)
    with pytest.raises(ValueError, match="percentile 95"):
        figure_on(material, "pm25_p98", month(2025, 4), REALTIME, law)
    with pytest.raises(ValueError, match="unknown basis"):
        figure_on(material, "pm25_mean", month(2025, 4), replace(REALTIME, dust="maybe"), law)
