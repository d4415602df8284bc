"""Notes on findings written and withdrawn, each with its journal entry; the job that checks months asked for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lantian.site import configured
from lantian.site.ambient.models import FindingNote
from lantian.site.jobs.models import Job
from lantian.site.jobs.services import start
from lantian.site.journal.services import register, write
from lantian.site.people.models import User
from lantian.store.quality import KeptFinding

QUALITY_JOB = "ambient.quality"

register({"ambient.finding_noted": "填写核实说明", "ambient.note_withdrawn": "撤回核实说明"})


class NoteError(ValueError):
    """The change cannot be made; the text says why and what to do."""


@transaction.atomic
def note_finding(
    one: KeptFinding, *, values: str, month: str, verdict: str, note: str, by: User, now: datetime
) -> FindingNote:
    """The note kept; it changes no value. What is sent twice stands once."""
    known = {"key": one.key, "verdict": verdict, "note": note.strip()[:500], "withdrawn_at": None}
    if (same := FindingNote.objects.filter(**known).first()) is not None:
        return same
    made = FindingNote.objects.create(
        **known,
        region=configured.plan().region,
        values_kind=values,
        month=month,
        station=one.station,
        finding=one.zh,
        entered_by=by,
        entered_at=now,
    )
    write("ambient.finding_noted", made, by=by, now=now, after=_told(made), note=one.zh)
    return made


@transaction.atomic
def withdraw_note(one: FindingNote, reason: str, *, by: User, now: datetime) -> None:
    """Takes a note back; it stays in the list.

    Errors  NoteError without a reason, or where it is withdrawn already
    """
    if not reason.strip():
        raise NoteError("请写明撤回的原因。")
    mine = FindingNote.objects.filter(pk=one.pk, withdrawn_at=None)
    if not mine.update(withdrawn_at=now, withdrawn_by=by, withdrawn_reason=reason.strip()[:300]):
        raise NoteError("这条说明已经撤回。")
    write("ambient.note_withdrawn", one, by=by, now=now, before=_told(one), note=reason.strip())


def _told(one: FindingNote) -> dict[str, str]:
    return {"station": one.station, "month": one.month, "verdict": one.get_verdict_display(), "note": one.note}


def ask_for_check(month: str, *, by: User, now: datetime) -> Job:
    """The job that checks one month anew, before the night."""
    arguments = {"month": month}
    return start(QUALITY_JOB, arguments, by=by, now=now, unique=f"{QUALITY_JOB}:{month}", label=f"检查数据质量 {month}")
