"""The steps of a press order: from which states, to which, by whom, and what time the next step has. The one place for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from lantian import rulebook
from lantian.site.access import Action
from lantian.site.alarms.models import OrderState

S = OrderState


@dataclass(frozen=True, slots=True)
class Days:
    """Days for each step, counted from the day after the step before: ``stack.press`` (own practice)."""

    PATH: ClassVar[str] = "stack.press"
    receive_days: int
    explain_days: int
    check_days: int
    mend_days: int
    close_days: int
    revisit_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``needs`` the right of who does it; ``outside`` the company's own step, which staff may enter for it (代填).

    ``days`` names the time the next step has (None: no clock; ``answer_by``: the date written in the order).
    """

    name: str
    words: str
    button: str
    before: tuple[OrderState, ...]
    after: OrderState
    needs: Action
    days: str | None = None
    outside: bool = False
    noted: bool = True
    may_be_taken_back: bool = True


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("send", "印发", "登记印发并发出", (S.DRAFTED,), S.SENT, Action.PRESS, "receive_days", noted=False,
             may_be_taken_back=False),
        Step("receive", "签收", "签收", (S.SENT,), S.RECEIVED, Action.ANSWER_PRESS, "answer_by", outside=True, noted=False),
        Step("explain", "报送说明", "报送说明", (S.RECEIVED,), S.EXPLAINED, Action.ANSWER_PRESS, "check_days", outside=True),
        Step("mend", "补正说明", "报送补正", (S.RETURNED,), S.EXPLAINED, Action.ANSWER_PRESS, "check_days", outside=True),
        Step("return", "退回补正", "退回补正", (S.EXPLAINED,), S.RETURNED, Action.PRESS, "mend_days"),
        Step("check", "核查通过", "核查通过", (S.EXPLAINED,), S.CHECKED, Action.PRESS, "close_days"),
        Step("close", "销号", "销号", (S.CHECKED,), S.CLOSED_OFF, Action.PRESS, "revisit_days"),
        Step("revisit", "回头看", "登记回头看结果", (S.CLOSED_OFF,), S.REVISITED, Action.PRESS),
        Step("reopen", "重新办理", "重新办理", (S.CLOSED_OFF, S.REVISITED), S.RECEIVED, Action.PRESS, "explain_days"),
        Step("withdraw", "撤销", "撤销督办单", (S.DRAFTED, S.SENT, S.RECEIVED, S.EXPLAINED, S.RETURNED, S.CHECKED),
             S.WITHDRAWN, Action.PRESS, may_be_taken_back=False),
    )
}  # fmt: skip


def steps_from(state: str) -> list[Step]:
    """Steps an order in this state can take, in the order of the table."""
    return [step for step in STEPS.values() if state in step.before]


def due_after(step: Step, today: date, answer_by: date) -> date | None:
    """Until which date (its 24:00) the next step is to be taken; None where it has no clock."""
    if step.days is None:
        return None
    if step.days == "answer_by":
        return answer_by
    days: int = getattr(rulebook.fill(Days, today), step.days)
    return today + timedelta(days=days)
