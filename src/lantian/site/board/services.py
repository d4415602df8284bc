"""Recording and withdrawing bases, days taken out and drafts, each with its journal entry in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.forms.models import model_to_dict

from lantian.site import configured
from lantian.site.board.models import BasisDecision, DoubtReport, ExcludedDays, Kept
from lantian.site.intake.models import Upload
from lantian.site.journal.services import register, write
from lantian.site.people.models import User
from lantian.site.year.revision import raise_number

ROOM = "board"
_KINDS = {BasisDecision: "basis", ExcludedDays: "excluded", DoubtReport: "doubt"}
_BOOKKEEPING = ("id", "region", "entered_by", "withdrawn_by", "withdrawn_at", "withdrawn_reason")
One = TypeVar("One", bound=Kept)

register(
    {
        "board.basis_recorded": "登记口径决定",
        "board.basis_withdrawn": "撤回口径决定",
        "board.excluded_recorded": "登记扣除日",
        "board.excluded_withdrawn": "撤回扣除日",
        "board.doubt_recorded": "留存疑问报告草稿",
        "board.doubt_withdrawn": "撤回疑问报告草稿",
    }
)


class BoardError(ValueError):
    """The change cannot be made; the text says why and what to do."""


@transaction.atomic
def record_decision(values: Mapping[str, Any], *, by: User, now: datetime) -> BasisDecision:
    """The decision kept; from now on it stands in place of the default. What is in force already stands once."""
    plan = configured.plan().id
    newest = BasisDecision.objects.filter(plan=plan, subject=values["subject"], withdrawn_at=None).first()
    if newest and _says(newest, values):
        return newest
    return _record(BasisDecision(plan=plan, **values), by=by, now=now)


@transaction.atomic
def record_excluded(
    rows: Sequence[Mapping[str, Any]], *, by: User, now: datetime, file: Upload | None = None
) -> list[ExcludedDays]:
    """Days taken out, all of them or none.

    Errors  BoardError where an item of one of the days is taken out already, by the store or by an earlier row
    """
    known = list(ExcludedDays.objects.filter(withdrawn_at=None))
    made = []
    for row in rows:
        clash = next((one for one in known if one.touches(row["place"], row["first"], row["last"], row["items"])), None)
        if clash is not None:
            raise BoardError(
                f"{row['place']} {row['first']} 至 {row['last']} 与已登记的 {clash.first} 至 {clash.last}"
                f"（{clash.document}）重复。请核对；原记录有误时先撤回。"
            )
        one = _record(ExcludedDays(file=file, **row), by=by, now=now)
        known.append(one)
        made.append(one)
    return made


@transaction.atomic
def record_doubt(values: Mapping[str, Any], *, by: User, now: datetime) -> DoubtReport:
    """The draft kept; the same one by the same person stands once. Nothing is sent."""
    newest = DoubtReport.objects.filter(entered_by=by, withdrawn_at=None).first()
    if newest and _says(newest, values):
        return newest
    return _record(DoubtReport(**values), by=by, now=now)


@transaction.atomic
def withdraw(one: Kept, reason: str, *, by: User, now: datetime) -> None:
    """Takes a record back; it stays in the list and counts no more.

    Errors  BoardError without a reason, or where it is withdrawn already
    """
    if not reason.strip():
        raise BoardError("请写明撤回的原因。")
    changed = type(one).objects.filter(pk=one.pk, withdrawn_at=None)  # type: ignore[attr-defined]
    if not changed.update(withdrawn_at=now, withdrawn_by=by, withdrawn_reason=reason.strip()):
        raise BoardError("这一条已经撤回。")
    write(f"board.{_KINDS[type(one)]}_withdrawn", one, by=by, now=now, before=_told(one), note=reason.strip())
    raise_number(ROOM)


@transaction.atomic
def _record(one: One, *, by: User, now: datetime) -> One:
    one.region, one.entered_by, one.entered_at = configured.plan().region, by, now
    one.save()
    write(f"board.{_KINDS[type(one)]}_recorded", one, by=by, now=now, after=_told(one))
    raise_number(ROOM)
    return one


def _says(one: Kept, values: Mapping[str, Any]) -> bool:
    """Whether a record says exactly this."""
    return all(getattr(one, key) == value for key, value in values.items())


def _told(one: Kept) -> dict[str, Any]:
    """What a record says, as the journal keeps it."""
    values = model_to_dict(one)
    return {key: value for key, value in values.items() if key not in _BOOKKEEPING and value not in (None, "")}
