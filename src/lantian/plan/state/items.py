"""State of rules, procedures and responsibility groups: only what entries and the year's tasks say, else not computed.

A task in step: not started and behind are at risk, at the end of its due day what is not reported is missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lantian.basis.finding import Text
from lantian.plan.state.entered import latest
from lantian.plan.state.model import Flag, ItemState, Said, State, most_pressing

DONE_STATES = {"closed_off": True, "done_pending": False}
_RUNNING = {
    "on_schedule": State.ON_TRACK,
    "reported": State.ON_TRACK,
    "returned": State.AT_RISK,
    "behind": State.AT_RISK,
    "not_started": State.AT_RISK,
}
_WORDS = {
    "not_started": Text("未启动", "not started"),
    "on_schedule": Text("序时进行", "on schedule"),
    "behind": Text("滞后", "behind"),
    "reported": Text("已报待审", "reported"),
    "returned": Text("退回补正", "returned"),
    "done_pending": Text("完成待认定", "done, recognition pending"),
    "closed_off": Text("销号", "closed off"),
}
UNANSWERED = Text("尚无填报和年度任务，不作判断。", "No entry and no task of the year yet; nothing is computed.")


@dataclass(frozen=True, slots=True)
class TaskFact:
    """One task of the year as far as a state needs it: the items it stands for, its duty state, its due day."""

    title: str
    items: tuple[str, ...]
    state: str
    due: date | None = None
    progress: str = ""


def item_state(
    item_id: str, entries: Iterable[Said], tasks: Iterable[TaskFact], as_of: date, *, otherwise: Text | None = None
) -> ItemState:
    """State of an item that is no target.

    ``otherwise`` why it is not computed (aspiration, a room not built yet), said where neither entry nor task speaks.
    Rule    the most pressing of its tasks; an entry with a state goes before tasks
    """
    said = latest((one for one in entries if one.state is not None), as_of)
    if said is not None and said.state is not None:
        return _said(item_id, said)
    judged = [(_task_state(task, as_of), task) for task in tasks]
    if not judged:
        return ItemState(item_id, State.NOT_COMPUTED, (), otherwise or UNANSWERED)
    state = most_pressing(tuple(one for one, _ in judged))
    task = next(task for one, task in judged if one is state)
    recognised = DONE_STATES.get(task.state) if state is State.MET else None
    flags = () if recognised else (Flag.PROVISIONAL,)
    return ItemState(item_id, state, flags, _task_reason(task, state), recognised, task.due)


def _said(item_id: str, said: Said) -> ItemState:
    flags: tuple[Flag, ...] = () if said.recognised or said.reviewed else (Flag.PROVISIONAL,)
    if said.simulated:
        flags += (Flag.SIMULATED,)
    note = f"：{said.note}" if said.note else "。"
    reason = Text(f"据 {said.on} 填报{note}", f"From the entry of {said.on}.")
    return ItemState(item_id, said.state or State.NO_DATA, flags, reason, said.recognised)


def _task_state(task: TaskFact, as_of: date) -> State:
    if task.state in DONE_STATES:
        return State.MET
    over = task.due is not None and as_of >= task.due
    if over:
        return State.AT_RISK if task.state == "reported" else State.MISSED
    return _RUNNING.get(task.state, State.NO_DATA)


def _task_reason(task: TaskFact, state: State) -> Text:
    word = _WORDS.get(task.state, Text(task.state, task.state))
    due = f"，期限 {task.due}" if task.due else ""
    due_en = f", due {task.due}" if task.due else ""
    late = "，已过期" if state is State.MISSED else ""
    late_en = ", overdue" if state is State.MISSED else ""
    return Text(
        f"年度任务“{task.title}”：{word.zh}{due}{late}。",
        f"Task of the year “{task.title}”: {word.en}{due_en}{late_en}.",
    )
