"""States of rules, procedures and duties, and the state an article shows."""

from __future__ import annotations

from datetime import date

import pytest

from lantian.basis.finding import Text
from lantian.plan.state.items import TaskFact, item_state
from lantian.plan.state.model import Flag, Said, State, most_pressing

AS_OF = date(2025, 10, 15)


def task(state: str, due: date | None = date(2025, 12, 31)) -> TaskFact:
    return TaskFact("测试任务", ("D11-1",), state, due)


def test_nothing_said_is_not_computed() -> None:
    answer = item_state("R11-1", [], [], AS_OF, otherwise=Text("倡导性内容", "aspiration"))
    assert (answer.state, answer.reason.zh) == (State.NOT_COMPUTED, "倡导性内容")


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("not_started", State.AT_RISK),
        ("on_schedule", State.ON_TRACK),
        ("behind", State.AT_RISK),
        ("reported", State.ON_TRACK),
        ("returned", State.AT_RISK),
        ("done_pending", State.MET),
        ("closed_off", State.MET),
    ],
)
def test_task_states(state: str, wanted: State) -> None:
    assert item_state("D11-1", [], [task(state)], AS_OF).state is wanted


def test_a_task_is_missed_at_the_end_of_its_day() -> None:
    assert item_state("D11-1", [], [task("behind", date(2025, 10, 16))], AS_OF).state is State.AT_RISK
    assert item_state("D11-1", [], [task("behind", AS_OF)], AS_OF).state is State.MISSED
    assert item_state("D11-1", [], [task("closed_off", AS_OF)], AS_OF).state is State.MET


def test_only_closed_off_is_final() -> None:
    assert item_state("D11-1", [], [task("closed_off")], AS_OF).word.zh == "已完成"
    pending = item_state("D11-1", [], [task("done_pending")], AS_OF)
    assert (pending.word.zh, pending.flags) == ("已完成（待省认定）", (Flag.PROVISIONAL,))


def test_the_most_pressing_task_counts_and_an_entry_goes_before() -> None:
    tasks = [task("closed_off"), task("behind"), task("on_schedule")]
    assert item_state("D11-1", [], tasks, AS_OF).state is State.AT_RISK
    said = Said("D11-1", date(2025, 10, 1), state=State.ON_TRACK, note="已整改")
    assert item_state("D11-1", [said], tasks, AS_OF).state is State.ON_TRACK


def test_an_article_shows_the_most_pressing_of_its_items() -> None:
    order = [State.MISSED, State.AT_RISK, State.ON_TRACK, State.NO_DATA, State.MET, State.NOT_COMPUTED]
    for at, state in enumerate(order):
        assert most_pressing(tuple(reversed(order[at:]))) is state
    assert most_pressing(()) is State.NOT_COMPUTED
    assert most_pressing((State.MET, State.NOT_COMPUTED, State.MET)) is State.MET
    assert most_pressing((State.MET, State.NO_DATA)) is State.NO_DATA
