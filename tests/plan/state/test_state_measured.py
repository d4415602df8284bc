"""States of targets that series answer: state is a function of facts and as_of (design.md §2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from state_facts import HEAVY, PM25, RATIO, issued, measured

from lantian.plan.state.measured import limit_in_force, measured_state
from lantian.plan.state.model import Flag, State

IN_2025 = date(2025, 10, 15)
AFTER = date(2026, 3, 1)


def state(aim, facts, as_of=IN_2025, limits=()):
    return measured_state(aim, limit_in_force(aim, limits, as_of), facts, as_of)


@pytest.mark.parametrize(("expected", "wanted"), [("28.4", State.ON_TRACK), ("28.6", State.AT_RISK)])
def test_before_the_deadline_the_expected_end_decides(expected: str, wanted: State) -> None:
    assert state(PM25, measured(2025, "31", best="24", expected=expected)).state is wanted


def test_without_earlier_years_the_value_so_far_decides() -> None:
    assert state(PM25, measured(2025, "28", best="20")).state is State.ON_TRACK
    assert state(PM25, measured(2025, "29", best="20")).state is State.AT_RISK


def test_missed_only_when_the_best_end_is_out_of_reach() -> None:
    facts = measured(2025, "40", best="28.5", expected="39")
    assert state(PM25, facts).state is State.AT_RISK  # 28.5 rounds to 28 and would meet
    assert state(PM25, replace(facts, best=Fraction("28.6"))).state is State.MISSED


def test_heavy_days_over_the_limit_cannot_be_taken_back() -> None:
    facts = measured(2025, "3", best="3", expected="3", metric="heavy_pollution_days")
    assert state(HEAVY, facts).state is State.MISSED
    assert "已不能达到 ≤ 2" in state(HEAVY, facts).reason.zh


def test_ratio_looks_the_other_way() -> None:
    facts = measured(2025, "95.1", best="96", expected="94.2", places=1, lower_is_better=False)
    assert state(RATIO, facts).state is State.AT_RISK
    assert state(RATIO, replace(facts, expected=Fraction("94.26"))).state is State.ON_TRACK


@pytest.mark.parametrize(("value", "wanted"), [("28.4", State.MET), ("28.6", State.MISSED)])
def test_after_the_deadline_the_evaluated_year_decides(value: str, wanted: State) -> None:
    facts = measured(2025, value, complete=True, last=date(2025, 12, 31))
    assert state(PM25, facts, AFTER).state is wanted
    assert state(PM25, facts, date(2025, 12, 31)).state is wanted  # the end of the last day counts


def test_after_the_deadline_a_year_that_is_not_valid_has_no_data() -> None:
    assert state(PM25, measured(2025, "20", complete=True, valid=False, days=300), AFTER).state is State.NO_DATA
    assert state(PM25, measured(2025, None, complete=True, valid=False), AFTER).state is State.NO_DATA
    assert state(PM25, None, AFTER).state is State.NO_DATA


def test_nothing_of_the_year_so_far_is_no_data() -> None:
    answer = state(PM25, None)
    assert answer.state is State.NO_DATA
    assert answer.value is None
    assert answer.value_text.zh == "—"


def test_a_year_before_the_plan_is_for_comparison_only() -> None:
    assert state(PM25, measured(2015, "20", best="18", expected="20"), date(2015, 12, 1)).state is State.NO_DATA


def test_without_a_known_day_of_issue_the_year_is_judged() -> None:
    facts = measured(2025, "20", best="18", expected="20")
    assert state(replace(PM25, begins=None), facts).state is State.ON_TRACK


def test_a_year_before_the_judged_one_never_misses() -> None:
    facts = measured(2024, "60", best="55", expected="58")
    assert state(PM25, facts, date(2024, 10, 1)).state is State.AT_RISK
    whole = measured(2024, "60", complete=True, last=date(2024, 12, 31))
    assert state(PM25, whole, date(2024, 12, 31)).state is State.AT_RISK
    assert state(PM25, replace(whole, value=Fraction(27)), date(2024, 12, 31)).state is State.ON_TRACK


def test_what_the_province_issued_for_the_year_is_in_force_and_the_plans_own_stands_beside() -> None:
    facts = measured(2025, "27", best="22", expected="27.2")
    answer = state(PM25, facts, limits=[issued(2025, "26"), issued(2024, "10")])
    assert answer.state is State.AT_RISK
    assert answer.limit_text.zh == "≤ 26 µg/m³"
    assert answer.plan_limit_text is not None
    assert answer.plan_limit_text.zh == "≤ 28 µg/m³"
    assert "测试〔2025〕1号" in answer.limit_source.zh


def test_an_issued_limit_of_an_earlier_year_can_be_missed() -> None:
    facts = measured(2024, "60", best="55", expected="58")
    assert state(PM25, facts, date(2024, 10, 1), [issued(2024, "30")]).state is State.MISSED


def test_the_limit_issued_for_the_judged_year_still_counts_after_it() -> None:
    limit = limit_in_force(PM25, [issued(2025, "26")], AFTER)
    assert (limit.year, limit.value) == (2025, 26)


def test_flags() -> None:
    assert state(PM25, measured(2025, "28", simulated=True)).flags == (Flag.PROVISIONAL, Flag.SIMULATED)
    whole = measured(2025, "28", complete=True)
    assert state(PM25, whole, AFTER).flags == (Flag.PROVISIONAL,)  # not reviewed yet
    assert state(PM25, replace(whole, reviewed=True), AFTER).flags == ()
    assert Flag.UNVERIFIED in state(replace(PM25, verified=False), whole, AFTER).flags
    assert Flag.UNVERIFIED in state(PM25, replace(whole, verified=False), AFTER).flags


def test_a_year_that_cannot_become_valid_says_so() -> None:
    assert "不作评价" in state(PM25, measured(2025, "28", valid=False)).notes[0].zh


@given(
    value=st.fractions(0, 100),
    gain=st.fractions(0, 50),
    lean=st.fractions(0, 1),
    as_of=st.dates(date(2025, 1, 1), date(2025, 12, 30)),
)
def test_before_the_end_only_what_is_out_of_reach_is_missed(value, gain, lean, as_of) -> None:
    best = max(Fraction(0), value - gain)
    facts = measured(2025, "0", last=as_of)
    facts = replace(facts, value=value, best=best, expected=best + (value - best) * lean)
    answer = state(PM25, facts, as_of)
    assert (answer.state is State.MISSED) == (round(best) > 28)
    assert answer.state in (State.MISSED, State.ON_TRACK, State.AT_RISK)
