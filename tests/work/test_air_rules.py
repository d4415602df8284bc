"""The rulebook's numbers as the air room takes them, and the trial vectors."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lantian.basis.period import Days
from lantian.rulebook import NoRuleError
from lantian.work.air_rules import index_rule, index_rules, statistics_rule


def test_editions_change_on_the_first_of_march_2026() -> None:
    spans = index_rules(Days(date(2025, 12, 1), date(2026, 12, 31)))
    assert [(days.first, days.last, rule.edition) for days, rule in spans] == [
        (date(2025, 12, 1), date(2026, 2, 28), "HJ 633-2012"),
        (date(2026, 3, 1), date(2026, 12, 31), "HJ 633-2026"),
    ]


def test_breakpoints_are_scaled_and_end_where_the_table_ends() -> None:
    old, new = index_rule(date(2015, 6, 1)), index_rule(date(2026, 3, 1))
    assert old.breakpoints["pm25"].concentration[2] == 750_000
    assert new.breakpoints["pm25"].concentration[2] == 600_000
    assert (old.breakpoints["o3_8h"].above, new.breakpoints["o3_8h"].above) == (None, 300)
    assert (old.breakpoints["so2"].above, len(old.breakpoints["o3_8h"].iaqi)) == (500, 6)
    assert [category.zh for category in new.categories][:2] == ["优", "良"]
    assert new.categories[0].colour == "#00e400"


def test_statistics_of_a_year() -> None:
    rule = statistics_rule(date(2025, 12, 31))
    assert (rule.edition, rule.validity.year_days, rule.validity.needed(2)) == ("HJ 663-2013", 324, 25)
    assert rule.index_limits["co"] == Fraction(4)


def test_there_is_no_law_before_2012() -> None:
    with pytest.raises(NoRuleError):
        index_rules(Days(date(2011, 12, 31), date(2012, 1, 2)))
