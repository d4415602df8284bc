"""What is done to entries: enter, correct, release, return, recognise, withdraw; each with its journal entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from lantian.rulebook.plans import Plan
from lantian.site.access import Action, Scope, scope_of
from lantian.site.facts.answering import located, may_enter, reach_of
from lantian.site.facts.models import Entry, Standing
from lantian.site.intake.models import Upload
from lantian.site.journal.services import register, write
from lantian.site.year.revision import raise_number

if TYPE_CHECKING:
    from lantian.site.people.models import User

ROOM = "facts"
FIELDS = ("on", "value", "unit", "state", "share", "note", "source", "entered_for")
FASTER = "这条填报刚刚被别人改过。下面是最新内容，请核对后再操作。"
_OPEN = (Standing.ENTERED, Standing.RETURNED)

register(
    {
        "facts.entered": "填报",
        "facts.changed": "更正填报",
        "facts.released": "审核发布填报",
        "facts.returned": "退回填报",
        "facts.recognised": "登记认定",
        "facts.withdrawn": "撤回填报",
    }
)


class FactsError(ValueError):
    """The change cannot be made; the text says why and what to do."""


@transaction.atomic
def enter(
    plan: Plan, item_id: str, values: Mapping[str, Any], *, county: str = "", by: User, now: datetime,
    files: Sequence[Upload] = (),
) -> Entry:  # fmt: skip
    """The new entry, waiting for review.

    Errors  FactsError where this person does not answer for the item, or has just entered the same; KeyError for an
            unknown item
    """
    article, item = located(plan, item_id)
    if not may_enter(plan, article, item, county, reach_of(by)):
        raise FactsError("这一事项不由您所在的单位或县（市）区填报。如分工有误，请联系系统管理员。")
    given = {key: values[key] for key in FIELDS}
    if Entry.objects.filter(
        plan=plan.id, item=item_id, county=county, entered_by=by, standing=Standing.ENTERED, **given
    ).exists():
        raise FactsError("您已填报过同样的内容，正在等待审核，没有重复写入。要补充材料，请打开那一条更正。")
    entry = Entry.objects.create(
        plan=plan.id, region=county or plan.region, item=item_id, county=county, body=by.body,
        entered_by=by, entered_at=now, changed_at=now, **given,
    )  # fmt: skip
    entry.files.set(files)
    write("facts.entered", entry, by=by, now=now, after=told(entry))
    raise_number(ROOM)
    return entry


@transaction.atomic
def change(
    entry: Entry, values: Mapping[str, Any], *, version: int, by: User, now: datetime, files: Sequence[Upload] = ()
) -> Entry:
    """Corrects an entry that is not released yet; it then waits for review again.

    Errors  FactsError where it is released, not one's own, or somebody else was faster
    """
    current = _current(entry, version)
    if current.standing not in _OPEN:
        raise FactsError("已发布或已撤回的填报不能更改。请另填一条新的，旧的保留在历史中。")
    if not owns(current, by):
        raise FactsError("只能更正本人或本单位的填报。")
    before = told(current)
    for key in FIELDS:
        setattr(current, key, values[key])
    current.standing, current.reason = Standing.ENTERED, ""
    _save(current, now)
    current.files.add(*files)
    write("facts.changed", current, by=by, now=now, before=before, after=told(current))
    return current


@transaction.atomic
def release(entry: Entry, *, version: int, by: User, now: datetime) -> Entry:
    """Reviews and releases an entry: from then on the public sees it.

    Errors  FactsError
    """
    current = _reviewed(entry, version, by)
    if current.standing != Standing.ENTERED:
        raise FactsError(f"这条填报现为“{current.get_standing_display()}”，不能发布。")
    current.standing, current.judged_by, current.judged_at = Standing.RELEASED, by, now
    _save(current, now)
    write("facts.released", current, by=by, now=now, after=told(current))
    return current


@transaction.atomic
def send_back(entry: Entry, reason: str, *, version: int, by: User, now: datetime) -> Entry:
    """Returns an entry to who made it, with the reason.

    Errors  FactsError
    """
    current = _reviewed(entry, version, by)
    if current.standing != Standing.ENTERED:
        raise FactsError(f"这条填报现为“{current.get_standing_display()}”，不能退回。")
    if not reason.strip():
        raise FactsError("请写明退回原因。")
    current.standing, current.reason = Standing.RETURNED, reason.strip()[:300]
    current.judged_by, current.judged_at = by, now
    _save(current, now)
    write("facts.returned", current, by=by, now=now, note=current.reason)
    return current


@transaction.atomic
def recognise(entry: Entry, number: str, *, version: int, by: User, now: datetime) -> Entry:
    """Records that who assesses (the province) has recognised a released entry, with the document's number.

    Errors  FactsError
    """
    current = _reviewed(entry, version, by)
    if current.standing != Standing.RELEASED:
        raise FactsError("先审核发布，再登记认定。")
    if not number.strip():
        raise FactsError("请填认定文件的文号。")
    current.recognised_number, current.recognised_at = number.strip()[:120], now
    _save(current, now)
    write("facts.recognised", current, by=by, now=now, after={"number": current.recognised_number})
    return current


@transaction.atomic
def withdraw(entry: Entry, reason: str, *, version: int, by: User, now: datetime) -> Entry:
    """Takes an entry back with a reason; it stays readable. A released one only by who reviews.

    Errors  FactsError
    """
    current = _current(entry, version)
    if not may_withdraw(current, by):
        raise FactsError("已发布的填报由市局统筹人员撤回；未发布的由填报人撤回。")
    if not reason.strip():
        raise FactsError("请写明撤回原因。")
    before = told(current)
    current.standing, current.reason = Standing.WITHDRAWN, reason.strip()[:300]
    _save(current, now)
    write("facts.withdrawn", current, by=by, now=now, before=before, note=current.reason)
    return current


def may_withdraw(entry: Entry, user: User) -> bool:
    """Whether this user may take the entry back now."""
    if entry.standing == Standing.WITHDRAWN:
        return False
    reviews = scope_of(user, Action.REVIEW_FACTS) is Scope.ALL
    return reviews or (entry.standing in _OPEN and owns(entry, user))


def owns(entry: Entry, user: User) -> bool:
    """Whether the entry is this user's to correct: own, of the own body or county, or everything is."""
    scope = scope_of(user, Action.ENTER_FACTS)
    if scope is None or entry.simulated:
        return False
    if scope is Scope.ALL or entry.entered_by_id == user.pk:
        return True
    if scope is Scope.OWN_BODY:
        return bool(user.body) and entry.body == user.body
    return bool(user.county) and entry.county == user.county


def told(entry: Entry) -> dict[str, Any]:
    """What the journal says of an entry, without empty parts."""
    values = {key: getattr(entry, key) for key in FIELDS}
    return {key: str(value) for key, value in values.items() if value not in ("", None)}


def _current(entry: Entry, version: int) -> Entry:
    current = Entry.objects.select_for_update().get(pk=entry.pk)
    if current.version != version:
        raise FactsError(FASTER)
    return current


def _reviewed(entry: Entry, version: int, by: User) -> Entry:
    if scope_of(by, Action.REVIEW_FACTS) is None:
        raise FactsError("审核由市局统筹人员进行。")
    return _current(entry, version)


def _save(entry: Entry, now: datetime) -> None:
    entry.version += 1
    entry.changed_at = now
    entry.save()
    raise_number(ROOM)
