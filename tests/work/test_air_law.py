"""Further parameters of the air room as the rulebook fills them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lantian.air.basis_choice import BY_DATE
from lantian.basis.period import Days, year
from lantian.work import air_law


def test_limits_of_a_mixed_year_and_of_the_final_phase() -> None:
    mixed = air_law.limits(year(2026))
    assert [(one.edition, one.days.last, one.year["pm25"], one.day["pm10"]) for one in mixed] == [
        ("GB 3095-2012", date(2026, 2, 28), 35, 150),
        ("GB 3095-2026", date(2026, 12, 31), 30, 120),
    ]
    (final,) = air_law.limits(year(2031))
    assert (final.year["pm25"], final.day["pm25"], final.day["no2"], final.day["o3_8h"]) == (25, 50, 50, 160)
    assert "co" not in final.year
    assert air_law.limits(year(2020), zone=1)[0].year["pm25"] == 15


def test_the_change_of_force_in_2016_changes_no_number() -> None:
    (one,) = air_law.limits(Days(date(2015, 1, 1), date(2016, 12, 31)))
    assert one.days == Days(date(2015, 1, 1), date(2016, 12, 31))


def test_trend_exclusion_seasons_places() -> None:
    rule = air_law.trend_rule(date(2025, 1, 1))
    assert (rule.least_years, rule.critical_of(5), rule.critical_of(29), rule.rolling_years) == (
        5, Fraction(9, 10), Fraction("0.317"), 3,
    )  # fmt: skip
    exclusion = air_law.exclusion_rule(year(2025))
    assert (exclusion.items, exclusion.keeps_aqi) == (("pm10", "pm25"), True)
    names = {one.id: one for one in air_law.seasons(date(2025, 1, 1))}
    assert names["heating"].of(2024) == Days(date(2024, 10, 15), date(2025, 4, 15))
    assert len(names["heating"].of(2024)) + len(names["no_heating"].of(2025)) == 365
    assert (air_law.rate_places(date(2025, 1, 1)), air_law.exceedance_places(date(2025, 1, 1))) == (1, 2)


def test_a_basis_edition_fixes_the_index_or_the_statistics() -> None:
    law = air_law.law()
    assert [rule.edition for _, rule in law.index(year(2026), BY_DATE)] == ["HJ 633-2012", "HJ 633-2026"]
    assert [rule.edition for _, rule in law.index(year(2015), "HJ 633-2026")] == ["HJ 633-2026"]
    assert len(law.index(year(2026), "HJ 663-2013")) == 2
    assert law.statistics(year(2026), "HJ 663-2013").edition == "HJ 663-2013"
    assert law.statistics(year(2026), BY_DATE).edition == "HJ 663-2026"
    with pytest.raises(ValueError, match="unknown edition"):
        law.index(year(2026), "HJ 633-1996")
