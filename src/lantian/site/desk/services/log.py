"""The duty log: notes, matters, strike-through, and the hand-over between two officers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from lantian.site.desk.models import HandOver, LogEntry
from lantian.site.desk.services.record import record
from lantian.site.journal.services import register
from lantian.site.people.models import User
from lantian.site.people.services import region

register(
    {
        "desk.log_written": "写值班日志",
        "desk.log_struck": "划去值班日志",
        "desk.matter_closed": "办结待办事项",
        "desk.matter_reopened": "恢复待办事项",
        "desk.handed_over": "交班",
        "desk.hand_over_accepted": "接班",
        "desk.hand_over_withdrawn": "撤回交班",
    }
)


TWICE_WITHIN = timedelta(minutes=1)


class LogError(ValueError):
    """The entry cannot be changed in this way now; the text says why and what to do."""


@transaction.atomic
def write_entry(text: str, *, is_matter: bool, by: User, now: datetime) -> LogEntry:
    """A new note, or a matter that stays open until someone closes it; the same one sent twice stands once."""
    mine = LogEntry.objects.filter(region=region(), by=by, at__gt=now - TWICE_WITHIN, struck_at=None)
    if twice := mine.filter(text=text, is_matter=is_matter).first():
        return twice
    entry = LogEntry.objects.create(region=region(), at=now, by=by, text=text, is_matter=is_matter)
    record("desk.log_written", entry, by=by, now=now, after={"text": text, "is_matter": is_matter})
    return entry


@transaction.atomic
def strike(entry: LogEntry, reason: str, *, by: User, now: datetime) -> None:
    """Strikes a note through with the reason; its text stays readable.

    Errors  LogError where it is struck already
    """
    changed = LogEntry.objects.filter(pk=entry.pk, struck_at=None).update(
        struck_at=now, struck_by=by, struck_reason=reason
    )
    if not changed:
        raise LogError("这一条已经划去。")
    record("desk.log_struck", entry, by=by, now=now, before={"text": entry.text}, note=reason)


@transaction.atomic
def close_matter(entry: LogEntry, closing: str, *, by: User, now: datetime) -> None:
    """Closes a matter with what was done.

    Errors  LogError where it is no open matter
    """
    open_matter = LogEntry.objects.filter(pk=entry.pk, is_matter=True, closed_at=None, struck_at=None)
    if not open_matter.update(closed_at=now, closed_by=by, closing=closing):
        raise LogError("这一事项已办结或已划去，不能再次办结。")
    record("desk.matter_closed", entry, by=by, now=now, after={"closing": closing})


@transaction.atomic
def reopen_matter(entry: LogEntry, *, by: User, now: datetime) -> None:
    """Opens a closed matter again.

    Errors  LogError where it is not closed
    """
    before = {"closing": entry.closing}
    closed = LogEntry.objects.filter(pk=entry.pk, is_matter=True, struck_at=None).exclude(closed_at=None)
    if not closed.update(closed_at=None, closed_by=None, closing=""):
        raise LogError("这一事项没有办结，不需要恢复。")
    record("desk.matter_reopened", entry, by=by, now=now, before=before)


@transaction.atomic
def hand_over(taker: User, note: str, *, by: User, now: datetime) -> HandOver:
    """A hand-over to the next officer, with the matters open at this moment.

    Errors  LogError where one is still waiting, or giver and taker are the same
    """
    if taker.pk == by.pk:
        raise LogError("接班人不能是交班人本人。请选择下一位值班人员。")
    if waiting := HandOver.objects.filter(region=region(), accepted_at=None, withdrawn_at=None).first():
        raise LogError(f"{waiting.giver} 交班给 {waiting.taker} 的交接还没有确认。请先确认或撤回。")
    matters = [{"id": entry.pk, "text": entry.text} for entry in open_matters()]
    made = HandOver.objects.create(region=region(), at=now, giver=by, taker=taker, note=note, matters=matters)
    record("desk.handed_over", made, by=by, now=now, after={"taker": taker.name, "note": note, "matters": len(matters)})
    return made


@transaction.atomic
def accept(given: HandOver, *, by: User, now: datetime) -> None:
    """Accepts a hand-over; only the officer it names can.

    Errors  LogError where it is not theirs, already accepted or withdrawn
    """
    if given.taker_id != by.pk:
        raise LogError(f"这次交接由 {given.taker} 确认。人员有变动时，请交班人撤回后重新交班。")
    if not HandOver.objects.filter(pk=given.pk, accepted_at=None, withdrawn_at=None).update(accepted_at=now):
        raise LogError("这次交接已经确认或已撤回。")
    record("desk.hand_over_accepted", given, by=by, now=now)


@transaction.atomic
def withdraw(given: HandOver, *, by: User, now: datetime) -> None:
    """Takes a hand-over back before it is accepted; only who made it can.

    Errors  LogError where it is not theirs or already accepted
    """
    if given.giver_id != by.pk:
        raise LogError(f"这次交接由 {given.giver} 发起，只能由其撤回。")
    if not HandOver.objects.filter(pk=given.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now):
        raise LogError("这次交接已经确认或已撤回。")
    record("desk.hand_over_withdrawn", given, by=by, now=now)


def open_matters() -> list[LogEntry]:
    """Matters still to be settled, oldest first."""
    found = LogEntry.objects.filter(region=region(), is_matter=True, closed_at=None, struck_at=None)
    return list(found.select_related("by").order_by("at", "pk"))
