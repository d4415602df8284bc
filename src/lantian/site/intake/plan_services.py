"""A plan's document comes in, its differences are settled, a draft is finished; each with its journal entry."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from lantian import rulebook
from lantian.rulebook import Plan
from lantian.rulebook.joins import Difference, Join, read_join, read_text
from lantian.site import uploads
from lantian.site.intake.models import Upload
from lantian.site.jobs.models import Job
from lantian.site.jobs.services import start
from lantian.site.journal.services import write

if TYPE_CHECKING:
    from lantian.site.people.models import User

PLAN_JOB = "intake.plan"
CHOICES = {"document": "采用文件", "data": "保留数据", "both": "两者并存"}


class PlanChangedError(ValueError):
    """Somebody else was faster, or it cannot be done now; the text says what to do."""


@transaction.atomic
def receive_plan(file: UploadedFile[bytes] | None, as_id: str, *, by: User, now: datetime) -> Job:
    """The job that reads a document: as the official text of a known plan, or as a new plan.

    Errors  Refusal
    """
    if file is None:
        raise uploads.refused("INTAKE-NOTHING", "请选择方案文件。", "Nothing was given.", "")
    if as_id:
        rulebook.plan(as_id, settings.DATA)  # an unknown id is refused here, not an hour later
    kept = uploads.keep(file, uploads.DOCUMENTS, by=by, now=now)
    write("intake.plan_received", kept, by=by, now=now, after={"name": kept.name, "sha256": kept.digest, "as": as_id})
    return start_plan(kept, as_id, by=by, now=now)


def start_plan(kept: Upload, as_id: str, *, by: User, now: datetime) -> Job:
    """The job that reads a kept document."""
    arguments = {"upload": kept.pk, "as_id": as_id}
    unique = f"{PLAN_JOB}:{kept.digest}:{as_id}"
    return start(PLAN_JOB, arguments, by=by, now=now, unique=unique, label=f"识别方案文件：{kept.name}"[:200])


def join_of(plan_id: str) -> Join | None:
    """What joins a plan to its imported document; None where none was imported."""
    folder = settings.DATA / "plans" / plan_id
    return read_join(folder) if (folder / "join.yaml").is_file() else None


def text_of(plan_id: str) -> str:
    """The imported official text of a plan."""
    return read_text(settings.DATA / "plans" / plan_id)


def settle(
    plan_id: str, seen: Sequence[tuple[str, str]], choice: str, *, by: User, now: datetime, note: str = ""
) -> int:  # fmt: skip
    """Number of differences settled one way. ``seen``: id and time of the last settlement as the page showed it.

    Errors  PlanChangedError where somebody settled one meanwhile; Refusal
    """
    from lantian.work.plan_import import settle_difference

    join = join_of(plan_id)
    known = {one.id: one for one in join.differences} if join else {}
    for difference_id, at in seen:
        current = known.get(difference_id)
        if current is None:
            raise PlanChangedError("这处差异已不存在，可能刚重新导入过文件。请看最新的列表。")
        if (current.at or "") != at:
            raise PlanChangedError(f"“{current.what}”刚由 {current.by} 处理过。请核对最新的列表。")
    for difference_id, _ in seen:
        with transaction.atomic():
            settled = settle_difference(settings.DATA, plan_id, difference_id, choice, by=str(by), now=now)  # type: ignore[arg-type]
            write(
                "intake.plan_settled", f"{plan_id} {difference_id}", by=by, now=now, note=note,
                before=_said(known[difference_id]), after={"choice": CHOICES[choice], "item": settled.item or ""},
            )  # fmt: skip
    return len(seen)


def change_plan(plan: Plan, changes: dict[str, Any], *, seen: str, by: User, now: datetime) -> Plan:
    """The plan with a person's changes; ``seen``: the mark of the plan as the page showed it.

    Errors  PlanChangedError where somebody else was faster; Refusal where something does not hold
    """
    from lantian.work.plan_import import finish_plan

    current = rulebook.plan(plan.id, settings.DATA)
    if current.built_in:
        raise PlanChangedError("内置方案不能在这里修改。请导入正式文件后处理差异。")
    if mark_of(current) != seen:
        raise PlanChangedError(f"方案刚由 {current.changed_by} 改过。下面是最新内容，请重新填写。")
    with transaction.atomic():
        changed = finish_plan(settings.DATA, plan.id, changes, by=str(by), now=now)
        action = "intake.plan_finished" if changes.get("finished") else "intake.plan_changed"
        write(action, f"{plan.id} {changed.title.zh}"[:200], by=by, now=now, after=_told(changes))
    return changed


def mark_of(plan: Plan) -> str:
    """A mark that differs wherever anything in the plan differs."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()[:16]


def _said(difference: Difference) -> dict[str, Any]:
    said = {"what": difference.what, "document": difference.document, "data": difference.data}
    return {key: value for key, value in said.items() if value}


def _told(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes as the journal keeps them: texts by their Chinese part."""
    return {key: _plain(value) for key, value in changes.items() if value}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value["zh"] if set(value) == {"zh", "en"} else {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
