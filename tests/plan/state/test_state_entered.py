"""States of targets that entries answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from state_facts import BEGINS

from lantian.plan.state.entered import elapsed, entered_state, latest
from lantian.plan.state.measured import limit_in_force
from lantian.plan.state.model import Aim, Flag, Said, State, YearLimit

AS_OF = date(2025, 10, 15)
AFTER = date(2026, 2, 1)
ALL = Aim("T11-1", "completion", "all", None, "", "2025", BEGINS)
TONNES = Aim("T03-4", "numeric", ">=", Fraction("1487.43"), "t", "2025", BEGINS)
ABOUT = Aim("T19-2", "numeric", "≈", Fraction(80), "%", "2025", BEGINS)
YEARLY = Aim("T21-1", "external", ">=", None, "%", "每年", BEGINS)


def said(day: date = date(2025, 9, 30), **other: object) -> Said:
    given = {
        key: Fraction(item) if isinstance(item, str) and key in ("value", "share") else item
        for key, item in other.items()
    }
    return Said("T", day, **given)  # type: ignore[arg-type]


def state(aim: Aim, *entries: Said, as_of: date = AS_OF, issued: tuple[YearLimit, ...] = ()):
    return entered_state(aim, limit_in_force(aim, issued, as_of), entries, as_of)


def test_without_an_entry_there_is_no_data() -> None:
    for aim in (ALL, TONNES, ABOUT, YEARLY):
        assert state(aim).state is State.NO_DATA
        assert state(aim, as_of=AFTER).state is State.NO_DATA
    assert state(ALL).value is None


def test_entries_after_as_of_do_not_count() -> None:
    assert state(ALL, said(date(2025, 10, 16), share="100")).state is State.NO_DATA
    assert state(ALL, said(date(2025, 10, 15), share="100")).state is State.MET


def test_done_is_met_and_waits_for_recognition() -> None:
    answer = state(ALL, said(share="100"))
    assert (answer.state, answer.word.zh, answer.flags) == (State.MET, "已完成（待省认定）", (Flag.PROVISIONAL,))
    answer = state(ALL, said(share="100", recognised=True))
    assert (answer.state, answer.word.zh, answer.flags) == (State.MET, "已完成", ())


def test_a_share_is_held_against_the_time_gone() -> None:
    gone = elapsed(BEGINS, date(2025, 12, 31), date(2025, 9, 30))
    assert 84 < gone < 85  # 512 of 604 days
    assert state(ALL, said(share="85")).state is State.ON_TRACK
    assert state(ALL, said(share="84")).state is State.AT_RISK


def test_without_a_known_day_of_issue_the_year_counts() -> None:
    assert state(replace(ALL, begins=None), said(share="75")).state is State.ON_TRACK  # 273 of 365 days
    assert state(replace(ALL, begins=None), said(share="74")).state is State.AT_RISK


def test_not_done_at_the_deadline_is_missed_only_with_a_final_entry() -> None:
    assert state(ALL, said(date(2025, 12, 31), share="90"), as_of=AFTER).state is State.MISSED
    early = state(ALL, said(share="90"), as_of=AFTER)
    assert early.state is State.NO_DATA
    assert "期末情况尚未填报" in early.reason.zh


def test_numbers_before_and_after_the_deadline() -> None:
    assert state(TONNES, said(value="1487.43")).state is State.ON_TRACK
    assert state(TONNES, said(value="1400")).state is State.ON_TRACK  # 94 % of the number, 84 % of the time
    assert state(TONNES, said(value="800")).state is State.AT_RISK
    final = date(2025, 12, 31)
    assert state(TONNES, said(final, value="1487.43"), as_of=AFTER).state is State.MET
    assert state(TONNES, said(final, value="1487.42"), as_of=AFTER).state is State.MISSED
    assert state(TONNES, said(value="2000"), as_of=AFTER).state is State.NO_DATA
    assert state(TONNES, said(value="2000", recognised=True), as_of=AFTER).state is State.MET


def test_lower_is_better_and_not_reached_is_at_risk() -> None:
    coal = Aim("T", "numeric", "<=", Fraction(620), "10kt", "2025", BEGINS)
    assert state(coal, said(value="630")).state is State.AT_RISK
    assert state(coal, said(value="620")).state is State.ON_TRACK


def test_about_is_judged_at_the_value_unless_a_person_recognised_it() -> None:
    final = said(date(2025, 12, 31), value="79.5")
    answer = state(ABOUT, final, as_of=AFTER)
    assert answer.state is State.MISSED
    assert "左右" in answer.notes[0].zh
    assert state(ABOUT, replace(final, state=State.MET, recognised=True), as_of=AFTER).state is State.MET


def test_yearly_numbers_wait_for_the_province_and_count_within_their_year() -> None:
    limit = (YearLimit(2025, ">=", Fraction(90), "%", "测试〔2025〕2号"),)
    waiting = state(YEARLY, said(value="95"))
    assert waiting.state is State.NO_DATA
    assert waiting.limit_text.zh == "待下达"
    assert state(YEARLY, said(value="95"), issued=limit).state is State.ON_TRACK
    assert state(YEARLY, said(date(2024, 9, 1), value="95"), issued=limit).state is State.NO_DATA
    assert (
        state(YEARLY, said(date(2025, 12, 31), value="89"), issued=limit, as_of=date(2025, 12, 31)).state
        is State.MISSED
    )


def test_a_person_may_say_behind_or_missed() -> None:
    assert state(TONNES, said(value="1400", state=State.AT_RISK)).state is State.AT_RISK
    assert state(ALL, said(state=State.MISSED)).state is State.MISSED


def test_without_a_deadline_progress_stands_as_entered() -> None:
    open_end = replace(ALL, deadline=None)
    assert state(open_end, said(share="30"), as_of=AFTER).state is State.ON_TRACK
    assert state(open_end, said(share="0"), as_of=AFTER).state is State.NO_DATA


def test_the_last_entry_counts_and_a_recognised_one_before_others_of_its_day() -> None:
    first, second = said(share="10"), said(share="20", recognised=True)
    assert latest([second, first], AS_OF) is second
    assert latest([first, said(date(2025, 10, 1))], AS_OF).on == date(2025, 10, 1)  # type: ignore[union-attr]
