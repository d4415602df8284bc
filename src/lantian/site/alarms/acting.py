"""What people do about an alarm: answer it, deal with it, take that back, hand it over; each with its journal entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lantian.basis.period import beijing_date
from lantian.site.access import OUTSIDE, Action, Scope, role_of, scope_of
from lantian.site.alarms import freezing, selectors
from lantian.site.alarms.freezing import freeze
from lantian.site.alarms.merging import ROOM, close_where_done
from lantian.site.alarms.models import Alarm, AlarmEvent, AlarmState, FrozenCase
from lantian.site.journal.services import register, write
from lantian.site.people.models import User
from lantian.site.stack.selectors import within
from lantian.site.year.revision import raise_number
from lantian.work.stack_watch import tiers

ANSWER, SETTLE, RESUME, TRANSFER = "answer", "settle", "resume", freezing.TRANSFER
KINDS = {ANSWER: "响应", SETTLE: "处理完毕", RESUME: "恢复处理", TRANSFER: "移送"}
FOR = ("for_name", "for_time", "for_means")

register(
    {
        "alarms.answered": "响应预警",
        "alarms.settled": "预警处理完毕",
        "alarms.resumed": "预警恢复处理",
        "alarms.transferred": "固定证据并移送",
    }
)


class AlarmError(ValueError):
    """The change cannot be made; the text says why and what to do."""


@transaction.atomic
def answer(alarm: Alarm, note: str, entered_for: Mapping[str, str], *, by: User, now: datetime) -> None:
    """The company's or operator's answer: what the reason was, what is done. Some tiers are settled by it.

    Errors  AlarmError without a note, where it is closed, or where staff do not say whose answer it is
    """
    current = _current(alarm, by, Action.ANSWER_PRESS)
    given = told_by(by, entered_for)
    if not note.strip():
        raise AlarmError("请写明原因和采取的措施。")
    current.answered_at = current.answered_at or now
    if current.tier in tiers(beijing_date(now)).settled_by_answer:
        current.settled_at = now
    _keep(current, ANSWER, note, given, by, now)
    write("alarms.answered", current, by=by, now=now, note=note.strip())


@transaction.atomic
def settle(alarm: Alarm, note: str, *, by: User, now: datetime) -> None:
    """Marks an alarm as dealt with; it is closed as soon as its cause has ended.

    Errors  AlarmError without a note, or where it is closed
    """
    current = _current(alarm, by, Action.PRESS)
    if not note.strip():
        raise AlarmError("请写明核实和处理的情况。")
    current.settled_at = now
    _keep(current, SETTLE, note, {}, by, now)
    write("alarms.settled", current, by=by, now=now, note=note.strip())


@transaction.atomic
def resume(alarm: Alarm, note: str, *, by: User, now: datetime) -> None:
    """Takes back that an alarm was dealt with.

    Errors  AlarmError where it was not, or where a newer alarm of the same cause stands
    """
    current = Alarm.objects.select_for_update().get(pk=alarm.pk)
    _check_right(current, by, Action.PRESS)
    if current.settled_at is None or current.state == AlarmState.DROPPED:
        raise AlarmError("这条预警没有标为处理完毕，不需要恢复。")
    if not note.strip():
        raise AlarmError("请写明恢复处理的原因。")
    if not current.alive:
        same = {"outlet": current.outlet, "cause": current.cause, "factor": current.factor, "code": current.code}
        if Alarm.objects.filter(**same, state__in=("open", "ended")).exists():
            raise AlarmError("同一排放口同一原因已有新的预警，请在新的预警里处理。")
        current.state, current.closed_at = AlarmState.ENDED, None
    current.settled_at = None
    current.changed_at = now
    current.save()
    AlarmEvent.objects.create(alarm=current, kind=RESUME, by=by, at=now, note=note.strip()[:500])
    write("alarms.resumed", current, by=by, now=now, note=note.strip())
    raise_number(ROOM)


@transaction.atomic
def transfer(alarm: Alarm, recipient: str, note: str, *, by: User, now: datetime) -> FrozenCase:
    """The evidence frozen for whom it is handed over to. It cannot be taken back: what was frozen stays.

    Errors  AlarmError without a recipient
    """
    _check_right(alarm, by, Action.PRESS)
    if not recipient.strip():
        raise AlarmError("请写明移送给哪个单位。")
    case = freeze(alarm, TRANSFER, by=by, now=now, recipient=recipient.strip()[:120])
    words = f"{recipient.strip()}。{note.strip()}"[:500]
    AlarmEvent.objects.create(alarm=alarm, kind=TRANSFER, by=by, at=now, note=words)
    write(
        "alarms.transferred",
        alarm,
        by=by,
        now=now,
        after={"recipient": recipient, "sha256": case.file.digest},
        note=note,
    )
    raise_number(ROOM)
    return case


def told_by(by: User, entered_for: Mapping[str, str]) -> dict[str, str]:
    """Whose word staff enter (代填); empty for people of companies, who speak for themselves.

    Errors  AlarmError where staff leave one of name, time and means out
    """
    if role_of(by) in OUTSIDE:
        return {}
    given = {key: str(entered_for.get(key, "")).strip() for key in FOR}
    if not all(given.values()):
        raise AlarmError("代企业填写时，请同时写明本人姓名、时间和方式（电话、微信、传真等）。")
    return given


def _current(alarm: Alarm, by: User, needed: Action) -> Alarm:
    current = Alarm.objects.select_for_update().get(pk=alarm.pk)
    _check_right(current, by, needed)
    if not current.alive:
        raise AlarmError(f"这条预警现为“{current.get_state_display()}”，不能再处理。")
    return current


def _check_right(alarm: Alarm, by: User, needed: Action) -> None:
    if not may(by, needed, alarm.outlet):
        raise AlarmError("这个排放口不由您处理。如分工有误，请联系系统管理员。")


def may(viewer: Any, needed: Action, outlet: str) -> bool:
    """Whether a viewer may do something about an outlet: all, those of the county, or those of the company."""
    scope = scope_of(viewer, needed)
    if scope is None or scope is Scope.ALL:
        return scope is Scope.ALL
    found = selectors.outlets_of(viewer).get(outlet)
    return found is not None and within(found, viewer, scope)


def _keep(alarm: Alarm, kind: str, note: str, entered_for: Mapping[str, str], by: User, now: datetime) -> None:
    close_where_done(alarm, now=now)
    alarm.changed_at = now
    alarm.save()
    AlarmEvent.objects.create(alarm=alarm, kind=kind, by=by, at=now, note=note.strip()[:500], **entered_for)
    raise_number(ROOM)
