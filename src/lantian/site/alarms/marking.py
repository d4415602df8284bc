"""Marks and notices: entered, judged, taken back; the watch then looks at the days they touch again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lantian.basis.period import beijing_date
from lantian.site.access import Action
from lantian.site.alarms.acting import AlarmError, may, told_by
from lantian.site.alarms.merging import ROOM
from lantian.site.alarms.models import Mark, MarkState, Notice
from lantian.site.intake.models import Upload
from lantian.site.jobs.services import start
from lantian.site.journal.services import register, write
from lantian.site.people.models import User
from lantian.site.year.revision import raise_number
from lantian.store.stack.outlets import Outlet

WATCH = "stack.watch"
MARKED = ("factor", "family", "label", "start", "end", "reason")
TOLD = ("kind", "start", "end", "reason")

register(
    {
        "alarms.marked": "录入标记",
        "alarms.mark_judged": "审核标记",
        "alarms.mark_withdrawn": "撤回标记",
        "alarms.noticed": "报备",
        "alarms.notice_ended": "报备结束",
        "alarms.notice_withdrawn": "撤回报备",
    }
)


@transaction.atomic
def mark(
    outlet: Outlet, values: Mapping[str, Any], *, by: User, now: datetime, files: Sequence[Upload] = (),
    entered_for: Mapping[str, str] | None = None,
) -> Mark:  # fmt: skip
    """The mark kept, waiting to be judged; it counts until it is rejected.

    Errors  AlarmError where the outlet is not this person's, or the same mark stands already
    """
    _check(outlet, by)
    given = told_by(by, entered_for or {})
    same = {key: values[key] for key in MARKED}
    if Mark.objects.filter(outlet=outlet.code, state__in=("entered", "accepted"), **same).exists():
        raise AlarmError("同样的标记已录入，没有重复写入。")
    made = Mark.objects.create(outlet=outlet.code, region=outlet.region, entered_by=by, entered_at=now, **same, **given)
    made.files.set(files)
    write("alarms.marked", made, by=by, now=now, after={**same, **given})
    _look_again(made.start, now)
    return made


@transaction.atomic
def judge(found: Mark, accepted: bool, reason: str, *, by: User, now: datetime) -> Mark:
    """Accepts or rejects a mark; a rejected one counts no more. The judgement can be changed by judging again.

    Errors  AlarmError where the mark was withdrawn, or is rejected without a reason
    """
    current = Mark.objects.select_for_update().get(pk=found.pk)
    if not may(by, Action.PRESS, current.outlet):
        raise AlarmError("标记由生态环境部门审核。")
    if current.state == MarkState.WITHDRAWN:
        raise AlarmError("这条标记已撤回。")
    if not accepted and not reason.strip():
        raise AlarmError("请写明不予认可的原因。")
    before = current.state
    current.state = MarkState.ACCEPTED if accepted else MarkState.REJECTED
    current.judged_by, current.judged_at, current.judged_reason = by, now, reason.strip()[:300]
    current.save()
    write(
        "alarms.mark_judged",
        current,
        by=by,
        now=now,
        before={"state": before},
        after={"state": current.state},
        note=reason,
    )
    _look_again(current.start, now)
    return current


@transaction.atomic
def withdraw_mark(found: Mark, reason: str, *, by: User, now: datetime) -> Mark:
    """Takes a mark back that is not judged yet; it stays readable and counts no more.

    Errors  AlarmError
    """
    current = Mark.objects.select_for_update().get(pk=found.pk)
    if not may(by, Action.GIVE_NOTICE, current.outlet) or current.state != MarkState.ENTERED:
        raise AlarmError("只能撤回本单位尚未审核的标记。")
    if not reason.strip():
        raise AlarmError("请写明撤回原因。")
    current.state, current.judged_reason = MarkState.WITHDRAWN, reason.strip()[:300]
    current.judged_by, current.judged_at = by, now
    current.save()
    write("alarms.mark_withdrawn", current, by=by, now=now, note=reason.strip())
    _look_again(current.start, now)
    return current


@transaction.atomic
def notice(
    outlet: Outlet, values: Mapping[str, Any], *, by: User, now: datetime, files: Sequence[Upload] = (),
    entered_for: Mapping[str, str] | None = None,
) -> Notice:  # fmt: skip
    """The notice kept.

    Errors  AlarmError where the outlet is not this person's, or the same notice stands already
    """
    _check(outlet, by)
    given = told_by(by, entered_for or {})
    same = {key: values[key] for key in TOLD}
    if Notice.objects.filter(outlet=outlet.code, withdrawn_at=None, **same).exists():
        raise AlarmError("同样的报备已登记，没有重复写入。")
    made = Notice.objects.create(outlet=outlet.code, region=outlet.region, given_by=by, given_at=now, **same, **given)
    made.files.set(files)
    write("alarms.noticed", made, by=by, now=now, after={**same, **given})
    raise_number(ROOM)
    return made


@transaction.atomic
def end_notice(found: Notice, ended_at: datetime, *, by: User, now: datetime) -> Notice:
    """Records when what was told beforehand really ended.

    Errors  AlarmError where it was withdrawn, or ends before it begins or after now
    """
    current = _notice(found, by)
    if not current.start <= ended_at <= now:
        raise AlarmError("实际结束时间应在计划开始之后、现在之前。")
    before = current.ended_at
    current.ended_at = ended_at
    current.save()
    write("alarms.notice_ended", current, by=by, now=now, before={"ended_at": before}, after={"ended_at": ended_at})
    raise_number(ROOM)
    return current


@transaction.atomic
def withdraw_notice(found: Notice, reason: str, *, by: User, now: datetime) -> Notice:
    """Takes a notice back; it stays readable.

    Errors  AlarmError
    """
    current = _notice(found, by)
    if not reason.strip():
        raise AlarmError("请写明撤回原因。")
    current.withdrawn_at, current.withdrawn_reason = now, reason.strip()[:300]
    current.save()
    write("alarms.notice_withdrawn", current, by=by, now=now, note=reason.strip())
    raise_number(ROOM)
    return current


def _notice(found: Notice, by: User) -> Notice:
    current = Notice.objects.select_for_update().get(pk=found.pk)
    if not may(by, Action.GIVE_NOTICE, current.outlet):
        raise AlarmError("只能更改本单位的报备。")
    if current.withdrawn_at:
        raise AlarmError("这条报备已撤回。")
    return current


def _check(outlet: Outlet, by: User) -> None:
    if not may(by, Action.GIVE_NOTICE, outlet.code):
        raise AlarmError("这个排放口不属于您所在的单位。如登记有误，请联系生态环境部门。")


def _look_again(first: datetime, now: datetime) -> None:
    """Has the days from a mark's first on judged again."""
    raise_number(ROOM)
    day: date = beijing_date(first)
    start(WATCH, {"first": day.isoformat()}, by=None, now=now, unique=f"{WATCH} {day}")
