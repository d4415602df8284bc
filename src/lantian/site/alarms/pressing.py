"""Press orders: drafted, sent, received, explained, checked, closed off, looked at again; each step kept with its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lantian.basis.period import beijing_date
from lantian.site.access import OUTSIDE, Scope, role_of, scope_of
from lantian.site.alarms.acting import SETTLE, AlarmError, told_by
from lantian.site.alarms.freezing import SENT, freeze
from lantian.site.alarms.merging import ROOM, close_where_done
from lantian.site.alarms.models import Alarm, AlarmEvent, Mark, OrderState, PressEvent, PressOrder
from lantian.site.alarms.transitions import STEPS, Step, due_after
from lantian.site.intake.models import Upload
from lantian.site.journal.services import register, write
from lantian.site.people.models import User
from lantian.site.year.revision import raise_number

FASTER = "这份督办单刚刚被别人办理过。下面是最新情况，请核对后再操作。"
WRITTEN = ("title", "facts", "demands", "contact", "answer_by")

register(
    {
        "alarms.order_drafted": "拟督办单",
        "alarms.order_changed": "更改督办单",
        "alarms.order_step": "办理督办单",
        "alarms.order_taken_back": "收回督办单步骤",
    }
)


@transaction.atomic
def draft(
    values: Mapping[str, Any], alarms: Sequence[Alarm], *, company: str, operator: str, region: str,
    outlets: Sequence[str], simulated: bool, by: User, now: datetime,
) -> PressOrder:  # fmt: skip
    """The draft of an order to a company about some of its outlets, with the alarms it comes from."""
    order = PressOrder.objects.create(
        company=company, operator=operator, region=region, outlets=list(outlets), simulated=simulated,
        drafted_by=by, drafted_at=now, **{key: values[key] for key in WRITTEN},
    )  # fmt: skip
    order.alarms.set(alarms)
    write("alarms.order_drafted", order, by=by, now=now, after=_told(order))
    raise_number(ROOM)
    return order


@transaction.atomic
def change(order: PressOrder, values: Mapping[str, Any], *, version: int, by: User, now: datetime) -> PressOrder:
    """Changes what a draft says.

    Errors  AlarmError where it was sent, or somebody else was faster
    """
    current = _current(order, version)
    if current.state != OrderState.DRAFTED or not may_step(by, STEPS["send"], current):
        raise AlarmError("只有拟稿中的督办单可以更改。已发出的，请撤销后另拟一份。")
    before = _told(current)
    for key in WRITTEN:
        setattr(current, key, values[key])
    _save(current)
    write("alarms.order_changed", current, by=by, now=now, before=before, after=_told(current))
    return current


@transaction.atomic
def take(
    order: PressOrder, name: str, *, version: int, by: User, now: datetime, note: str = "",
    files: Sequence[Upload] = (), marks: Sequence[Mark] = (), entered_for: Mapping[str, str] | None = None,
    issued: Mapping[str, Any] | None = None,
) -> PressOrder:  # fmt: skip
    """Takes a step of the table; what an order is sent about is frozen with it, what it closes off is dealt with.

    ``issued`` number, signer, date and scan of the order as it was issued outside this program (step send)

    Errors  AlarmError
    """
    step, current = STEPS[name], _current(order, version)
    if current.state not in step.before:
        raise AlarmError(f"督办单现为“{current.get_state_display()}”，不能{step.words}。")
    if not may_step(by, step, current):
        raise AlarmError(f"“{step.words}”不由您办理。")
    if step.noted and not note.strip():
        raise AlarmError(f"请写明{step.words}的情况。")
    given = told_by(by, entered_for or {}) if step.outside else {}
    if name == "send":
        _issue(current, issued or {}, now)
    event = PressEvent.objects.create(
        order=current,
        step=name,
        before=current.state,
        due_before=current.due_on,
        by=by,
        at=now,
        note=note.strip(),
        **given,
    )
    event.files.set(files)
    event.marks.set(marks)
    current.state, current.due_on = step.after, due_after(step, beijing_date(now), current.answer_by)
    _save(current)
    _with_alarms(current, name, event, by, now)
    told = {
        "step": step.words,
        "state": current.get_state_display(),
        **{key: text for key, text in given.items() if text},
    }
    write("alarms.order_step", current, by=by, now=now, after=told, note=note.strip())
    return current


@transaction.atomic
def take_back(order: PressOrder, *, version: int, by: User, now: datetime) -> PressOrder:
    """Takes the last step back, for who took it; the step stays readable.

    Errors  AlarmError where it cannot be taken back, or somebody else took it
    """
    current = _current(order, version)
    event = last_step(current)
    if event is None or not may_take_back(event, by):
        raise AlarmError("最后一步不能收回：印发和撤销不能收回，其他步骤只能由办理人本人在下一步之前收回。")
    event.taken_back_at = now
    event.save(update_fields=["taken_back_at"])
    words = STEPS[event.step].words
    current.state, current.due_on = event.before, event.due_before
    _save(current)
    if event.step == "close":
        _unsettle(current, event, now)
    write(
        "alarms.order_taken_back",
        current,
        by=by,
        now=now,
        before={"step": words},
        after={"state": current.get_state_display()},
    )
    return current


def last_step(order: PressOrder) -> PressEvent | None:
    """The last step that was not taken back."""
    return order.events.filter(taken_back_at=None).select_related("by").last()


def may_take_back(event: PressEvent, user: User) -> bool:
    """Whether this user may take this last step back."""
    return STEPS[event.step].may_be_taken_back and event.by_id == user.pk


def may_step(user: User, step: Step, order: PressOrder) -> bool:
    """Whether a step is this user's: staff within their county, the company for its own steps."""
    scope = scope_of(user, step.needs)
    if scope is Scope.OWN_COMPANY:
        return bool(user.company) and step.outside and user.company in (order.company, order.operator)
    if scope is Scope.OWN_COUNTY:
        return bool(user.county) and order.region == user.county
    return scope is Scope.ALL


def speaks_for_itself(user: User) -> bool:
    """Whether a user is of a company, so that nothing is entered for another."""
    return role_of(user) in OUTSIDE


def is_overdue(order: PressOrder, today: date) -> bool:
    """Whether the step that is due now is late: its date ended at 24:00."""
    return order.due_on is not None and order.due_on < today


def _issue(order: PressOrder, issued: Mapping[str, Any], now: datetime) -> None:
    if not all(issued.get(key) for key in ("number", "signer", "issued_on")):
        raise AlarmError("请填写文号、签发人和印发日期。核稿和签发在本程序之外进行。")
    if issued["issued_on"] > beijing_date(now):
        raise AlarmError("印发日期不能晚于今天。")
    if PressOrder.objects.filter(number=issued["number"]).exclude(pk=order.pk).exists():
        raise AlarmError(f"文号“{issued['number']}”已用于另一份督办单，请核对。")
    order.number, order.signer, order.issued_on = issued["number"], issued["signer"], issued["issued_on"]
    order.scan = issued.get("scan")


def _with_alarms(order: PressOrder, name: str, event: PressEvent, by: User, now: datetime) -> None:
    """What a step means for the alarms of an order."""
    for alarm in order.alarms.select_for_update():
        if name == "send":
            freeze(alarm, SENT, by=by, now=now, order=order)
        elif name in ("explain", "receive") and alarm.answered_at is None:
            alarm.answered_at = now
            alarm.save(update_fields=["answered_at"])
        elif name == "close" and alarm.alive:
            alarm.settled_at = now
            close_where_done(alarm, now=now)
            alarm.save()
            AlarmEvent.objects.create(alarm=alarm, kind=SETTLE, by=by, at=now, note=f"督办单销号：{event.note}"[:500])


def _unsettle(order: PressOrder, event: PressEvent, now: datetime) -> None:
    """Alarms that the step taken back had settled wait again; one whose cause has come back meanwhile stays closed."""
    for alarm in order.alarms.select_for_update().filter(settled_at=event.at):
        same = Alarm.objects.filter(outlet=alarm.outlet, cause=alarm.cause, factor=alarm.factor, code=alarm.code)
        if not alarm.alive and same.filter(state__in=("open", "ended")).exists():
            continue
        alarm.state, alarm.closed_at = ("ended", None) if alarm.state == "closed" else (alarm.state, alarm.closed_at)
        alarm.settled_at, alarm.changed_at = None, now
        alarm.save()


def _current(order: PressOrder, version: int) -> PressOrder:
    current = PressOrder.objects.select_for_update().get(pk=order.pk)
    if current.version != version:
        raise AlarmError(FASTER)
    return current


def _save(order: PressOrder) -> None:
    order.version += 1
    order.save()
    raise_number(ROOM)


def _told(order: PressOrder) -> dict[str, Any]:
    return {"company": order.company, "outlets": order.outlets, **{key: str(getattr(order, key)) for key in WRITTEN}}
