"""What is done to the year's rows: enter, correct, withdraw; each with its journal entry in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from lantian.rulebook.plans import Plan
from lantian.site.intake.models import Upload
from lantian.site.journal.services import register, write
from lantian.site.year.models import Share, YearRow, YearTarget, YearTask
from lantian.site.year.revision import raise_number

if TYPE_CHECKING:
    from lantian.site.people.models import User

ROOM = "year"
MODELS: dict[str, type[YearTarget] | type[Share] | type[YearTask]] = {
    "target": YearTarget,
    "share": Share,
    "task": YearTask,
}
IDENTITY = {"target": ("target", "county"), "share": ("target", "county"), "task": ("number",)}
FIELDS = {
    "target": (
        "target",
        "county",
        "comparator",
        "value",
        "unit",
        "document_number",
        "document_date",
        "issued_by",
        "note",
    ),
    "share": ("target", "county", "comparator", "value", "unit", "document_number", "note"),
    "task": ("number", "text", "article", "item", "lead", "bodies", "deadline", "counties", "document_number"),
}
Made = TypeVar("Made", bound=YearRow)

register(
    {
        "year.entered": "录入年度数据",
        "year.changed": "更正年度数据",
        "year.superseded": "以新文件替代年度目标",
        "year.withdrawn": "撤回年度数据",
        "year.revived": "恢复被替代的年度目标",
        "year.imported": "导入年度数据",
        "year.task_step": "更改任务状态",
    }
)


class YearError(ValueError):
    """The change cannot be made; the text says why and what to do."""


FASTER = "这一行刚刚被别人改过。下面是最新内容，请核对后重新填写再保存。"


@transaction.atomic
def enter(
    kind: str, plan: Plan, year: int, values: Mapping[str, Any], *, by: User, now: datetime,
    file: Upload | None = None, replace: bool = False,
) -> YearRow:  # fmt: skip
    """The new row. A target in force for the same county is superseded where ``replace`` says so.

    Errors  YearError where there is one already
    """
    same = in_force(kind, plan.id, year).filter(**{key: values[key] for key in IDENTITY[kind]}).first()
    if same is not None:
        if kind != "target" or not replace:
            words = "已有在用的一行。请打开它更正" + ("，或勾选“以新文件替代”。" if kind == "target" else "。")
            raise YearError(words)
        _supersede(same, by=by, now=now)
    made = new_row(kind, plan, year, values, by=by, now=now)
    if isinstance(made, YearTarget):
        made.file = file
    made.save()
    write("year.entered", made, by=by, now=now, after=told(kind, made))
    raise_number(ROOM)
    return made


@transaction.atomic
def change(
    kind: str, row: YearRow, values: Mapping[str, Any], *, version: int, by: User, now: datetime,
    file: Upload | None = None, note: str = "",
) -> None:  # fmt: skip
    """Corrects a row; what stood there before is kept in the journal.

    Errors  YearError where somebody else was faster, or it is withdrawn, or another row has that identity
    """
    current = MODELS[kind].objects.select_for_update().get(pk=row.pk)
    if current.version != version:
        raise YearError(FASTER)
    if current.is_withdrawn:
        raise YearError("这一行已撤回，不能更正。请重新录入一行。")
    identity = {key: values[key] for key in IDENTITY[kind]}
    if in_force(kind, current.plan, current.year).filter(**identity).exclude(pk=current.pk).exists():
        raise YearError("另有一行在用的数据与此相同（目标、县区或序号重复）。请更正那一行。")
    before = told(kind, current)
    for key in FIELDS[kind]:
        setattr(current, key, values[key])
    if file is not None and isinstance(current, YearTarget):
        current.file = file
    current.version += 1
    current.changed_at = now
    current.save()
    after = told(kind, current)
    write("year.changed", current, by=by, now=now, before=before, after=after, note=note)
    raise_number(ROOM)


@transaction.atomic
def withdraw(kind: str, row: YearRow, reason: str, *, version: int, by: User, now: datetime) -> None:
    """Takes a row back with a reason; it stays readable. The target it had superseded holds again.

    Errors  YearError without a reason, or where somebody else was faster
    """
    if not reason.strip():
        raise YearError("请写明撤回原因。")
    current = MODELS[kind].objects.select_for_update().get(pk=row.pk)
    if current.version != version:
        raise YearError(FASTER)
    if current.is_withdrawn:
        raise YearError("这一行已经撤回。")
    current.withdrawn_at, current.withdrawn_reason = now, reason.strip()[:300]
    current.version += 1
    current.changed_at = now
    current.save()
    write("year.withdrawn", current, by=by, now=now, before=told(kind, current), note=current.withdrawn_reason)
    if isinstance(current, YearTarget) and not current.superseded:
        _revive(current, by=by, now=now)
    raise_number(ROOM)


def in_force(kind: str, plan_id: str, year: int) -> Any:
    """Rows of a year that count: neither withdrawn nor superseded."""
    model: Any = MODELS[kind]
    rows = model.objects.filter(plan=plan_id, year=year, withdrawn_at=None)
    return rows.filter(superseded=False) if kind == "target" else rows


def new_row(kind: str, plan: Plan, year: int, values: Mapping[str, Any], *, by: User, now: datetime) -> YearRow:
    """An unsaved row of checked values."""
    given = {key: values[key] for key in FIELDS[kind]}
    if kind == "task":
        given["state"] = values.get("state") or "not_started"
    return MODELS[kind](
        plan=plan.id, region=plan.region, year=year, entered_by=by, entered_at=now, changed_at=now, **given
    )


def told(kind: str, row: YearRow) -> dict[str, Any]:
    """What the journal says of a row, without empty parts."""
    values = {key: getattr(row, key) for key in FIELDS[kind]}
    return {
        key: str(value) if not isinstance(value, list) else value
        for key, value in values.items()
        if value not in ("", None, [])
    }


def _supersede(row: YearTarget, *, by: User, now: datetime) -> None:
    row.superseded, row.changed_at = True, now
    row.version += 1
    row.save()
    write("year.superseded", row, by=by, now=now, before=told("target", row))


def _revive(row: YearTarget, *, by: User, now: datetime) -> None:
    """The newest target that the withdrawn one, or one before it, had superseded is in force again."""
    identity = {"plan": row.plan, "year": row.year, "target": row.target, "county": row.county}
    before = YearTarget.objects.filter(**identity, superseded=True, withdrawn_at=None, pk__lt=row.pk).order_by("-pk")
    if (held := before.first()) is None:
        return
    held.superseded, held.changed_at = False, now
    held.version += 1
    held.save()
    write("year.revived", held, by=by, now=now, after=told("target", held))
