"""Rules that are not verified are named; those that are, are not."""

from __future__ import annotations

from datetime import date

import pytest

from lantian.basis.period import Days
from lantian.rulebook import NoRuleError
from lantian.rulebook.dated import parameter
from lantian.work import air_unverified
from lantian.work.air_unverified import COMPOSITE, INDEX, LIMITS, unverified, unverified_notes

BEFORE, OVER = Days(date(2025, 1, 1), date(2025, 12, 31)), Days(date(2026, 1, 1), date(2026, 12, 31))


def test_limits_are_verified_under_both_editions() -> None:
    assert unverified(LIMITS, OVER) is None
    assert unverified_notes(LIMITS, OVER) == []


def test_a_rule_is_named_from_the_edition_on_that_is_not_verified() -> None:
    path = ("ambient.composite_index",)  # the edition of 2013 is verified, that of 2026 is not
    assert unverified(path, BEFORE) is None
    found = unverified(path, OVER)
    assert found is not None
    assert found.zh == "环境空气质量综合指数"
    assert unverified_notes(path, OVER) == ["未核实依据：环境空气质量综合指数"]


def test_each_rule_is_named_once() -> None:
    found = unverified((*INDEX, *COMPOSITE, *COMPOSITE), OVER)
    assert found is not None
    names = found.zh.split("、")
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "group", ["INDEX", "HOUR_INDEX", "STATION_DAY", "STATISTICS", "COMPOSITE", "LIMITS", "TREND", "TAKEN_OUT", "WIND"]
)
def test_every_rule_named_here_is_in_the_rulebook(group: str) -> None:
    for path in getattr(air_unverified, group):
        assert parameter(path).values


def test_before_the_rules_there_is_nothing_to_say() -> None:
    with pytest.raises(NoRuleError):
        unverified(INDEX, Days(date(2011, 1, 1), date(2011, 2, 1)))
