"""A task's way through its states: one table of transitions, who may make each, and the step itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import transaction

from lantian import rulebook
from lantian.site.access import Action, Scope, scope_of
from lantian.site.intake.models import Upload
from lantian.site.journal.services import write
from lantian.site.year.models import TaskState as S
from lantian.site.year.models import TaskStep, YearTask
from lantian.site.year.revision import raise_number
from lantian.site.year.services import FASTER, ROOM, YearError

if TYPE_CHECKING:
    from lantian.site.people.models import User

Who = Literal["answers", "reviews"]
TRANSITIONS: dict[tuple[S, S], tuple[Who, str]] = {
    (S.NOT_STARTED, S.ON_SCHEDULE): ("answers", "开始，序时进行"),
    (S.NOT_STARTED, S.BEHIND): ("answers", "报告滞后"),
    (S.NOT_STARTED, S.REPORTED): ("answers", "上报完成"),
    (S.ON_SCHEDULE, S.BEHIND): ("answers", "报告滞后"),
    (S.ON_SCHEDULE, S.REPORTED): ("answers", "上报完成"),
    (S.BEHIND, S.ON_SCHEDULE): ("answers", "已赶上序时进度"),
    (S.BEHIND, S.REPORTED): ("answers", "上报完成"),
    (S.RETURNED, S.REPORTED): ("answers", "补正后上报"),
    (S.RETURNED, S.ON_SCHEDULE): ("answers", "继续推进"),
    (S.REPORTED, S.RETURNED): ("reviews", "退回补正"),
    (S.REPORTED, S.DONE_PENDING): ("reviews", "同意，待认定"),
    (S.DONE_PENDING, S.CLOSED_OFF): ("reviews", "认定，销号"),
    (S.DONE_PENDING, S.RETURNED): ("reviews", "退回补正"),
    (S.CLOSED_OFF, S.RETURNED): ("reviews", "回头看发现问题，退回"),
}
_NEEDS_NOTE = {S.RETURNED, S.BEHIND}


def answers_for(task: YearTask, user: User) -> bool:
    """Whether this user enters facts for the task: everything, own body among its bodies, or own county named by it.

    A task that names no county has one state for the whole city, which no single county can report.
    """
    scope = scope_of(user, Action.ENTER_FACTS)
    if scope is Scope.ALL:
        return True
    if scope is Scope.OWN_BODY:
        return bool(user.body) and user.body in {task.lead, *task.bodies}
    if scope is Scope.OWN_COUNTY:
        return bool(user.county) and (user.county in task.counties or _is_among_its_bodies(task, user.county))
    return False


def _is_among_its_bodies(task: YearTask, county: str) -> bool:
    """Whether a body of the task bears the name of the county."""
    plan = rulebook.plan(task.plan, settings.DATA)
    names = {one.zh for one in plan.counties if one.code == county}
    return any(plan.bodies[body].zh in names for body in (task.lead, *task.bodies) if body in plan.bodies)


def open_steps(task: YearTask, user: User) -> list[tuple[str, str]]:
    """States this user may put the task into now, with the words on the button."""
    may: dict[Who, bool] = {
        "answers": answers_for(task, user),
        "reviews": scope_of(user, Action.EDIT_YEAR) is Scope.ALL,
    }
    return [
        (after.value, words)
        for (before, after), (who, words) in TRANSITIONS.items()
        if before == task.state and may[who]
    ]


@transaction.atomic
def make_step(
    task: YearTask,
    after: str,
    *,
    version: int,
    by: User,
    now: datetime,
    note: str = "",
    files: Sequence[Upload] = (),
    entered_for: str = "",
) -> TaskStep:
    """The step made.

    Errors  YearError where it is not in the table, not this person's, lacks its reason, or somebody was faster
    """
    current = YearTask.objects.select_for_update().get(pk=task.pk)
    if current.version != version:
        raise YearError(FASTER)
    if current.is_withdrawn:
        raise YearError("这项任务已撤回。")
    if after not in {state for state, _ in open_steps(current, by)}:
        raise YearError(f"任务现为“{current.get_state_display()}”，您不能这样更改它的状态。")
    if S(after) in _NEEDS_NOTE and not note.strip():
        raise YearError("请在“说明”中写明原因。")
    step = TaskStep.objects.create(
        task=current,
        before=current.state,
        after=after,
        note=note.strip(),
        entered_for=entered_for.strip()[:200],
        by=by,
        at=now,
    )
    step.files.set(files)
    before = current.state
    current.state, current.state_at, current.changed_at = after, now, now
    current.version += 1
    current.save()
    write("year.task_step", current, by=by, now=now, before={"state": before}, after={"state": after}, note=step.note)
    raise_number(ROOM)
    return step
