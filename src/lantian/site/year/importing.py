"""A table of the year on its way in: staged with a reason beside each bad row, then applied in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from lantian.rulebook.plans import Plan
from lantian.site.journal.services import write
from lantian.site.tabular import Row
from lantian.site.year.checking import check
from lantian.site.year.columns import COLUMNS, KINDS, lists
from lantian.site.year.models import Staging, YearRow, YearTarget
from lantian.site.year.revision import raise_number
from lantian.site.year.services import FIELDS, IDENTITY, MODELS, ROOM, YearError, in_force, new_row

if TYPE_CHECKING:
    from lantian.site.people.models import User

CHUNK = 500


def stage(
    kind: str, plan: Plan, year: int, rows: Sequence[Row], name: str, *, by: User, now: datetime
) -> Staging:  # fmt: skip
    """The table with every row checked, kept for the preview; nothing of the year changes yet."""
    heads = {column.key: column.head for column in COLUMNS[kind]}
    seen: dict[tuple[str, ...], int] = {}
    staged = []
    for row in rows:
        checked = check(kind, plan, row.cells)
        reasons = {heads.get(key, key): text for key, text in checked.reasons.items()}
        if not reasons:
            identity = tuple(str(checked.values[key]) for key in IDENTITY[kind])
            if identity in seen:
                reasons["重复"] = f"与第 {seen[identity]} 行重复。请只留一行。"
            else:
                seen[identity] = row.line
        staged.append({"line": row.line, "cells": row.cells, "values": _as_json(checked.values), "reasons": reasons})
    made = Staging(kind=kind, plan=plan.id, year=year, name=name[:200], rows=staged, by=by, at=now)
    _mark_effects(made)
    made.save()
    return made


@transaction.atomic
def apply(staging: Staging, plan: Plan, *, by: User, now: datetime) -> dict[str, int]:
    """Counts of what the good rows of a staged table did: new, changed, same; bad rows stay in the returned workbook.

    Errors  YearError where it was applied already, or holds no good row
    """
    staging = Staging.objects.select_for_update().get(pk=staging.pk)
    if staging.applied_at:
        raise YearError("这份表格已经写入，不能再写一次。")
    if not staging.good():
        raise YearError("这份表格没有可写入的行。请按“问题”列改正后重新上传。")
    _mark_effects(staging)
    kind, current = staging.kind, _current(staging)
    fresh: list[YearRow] = []
    touched: list[YearRow] = []
    for row in staging.good():
        if row["effect"] == "same":
            continue
        values = _from_json(row["values"])
        old = current.get(_identity(kind, values))
        if old is not None:
            touched.append(_changed(kind, old, values, now))
        if old is None or kind == "target":
            fresh.append(new_row(kind, plan, staging.year, values, by=by, now=now))
    _write_chunks(kind, touched, fresh)
    staging.applied_at = now
    staging.save()
    counts = dict(staging.counts)
    words = f"{staging.year} 年 {KINDS[kind]}：{staging.name}"
    write("year.imported", words, by=by, now=now, after=counts, note=f"原值与新值见导入记录 {staging.pk}")
    raise_number(ROOM)
    return counts


def with_reasons(staging: Staging, plan: Plan) -> bytes:
    """The template with the rows as they came and, beside each bad one, what is wrong."""
    from lantian.render.tables import template  # openpyxl is loaded when a workbook is asked for

    rows = [row["cells"] for row in staging.rows]
    reasons = {at: reason_text(row) for at, row in enumerate(staging.rows) if row["reasons"]}
    return template(KINDS[staging.kind], COLUMNS[staging.kind], lists(plan, staging.kind), rows=rows, reasons=reasons)


def reason_text(row: dict[str, Any]) -> str:
    """All reasons of a row in one text."""
    return "；".join(f"{head}：{text.rstrip('。')}" for head, text in row["reasons"].items()) + "。"


def _mark_effects(staging: Staging) -> None:
    """Writes beside each good row whether it is new, changes one (with what stood there), or is the same."""
    current, kind = _current(staging), staging.kind
    counts = {"new": 0, "changed": 0, "same": 0, "bad": 0}
    for row in staging.rows:
        row.pop("before", None)
        if row["reasons"]:
            row["effect"] = "bad"
        else:
            values = _from_json(row["values"])
            old = current.get(_identity(kind, values))
            row["effect"] = "new"
            if old is not None:
                before = {key: getattr(old, key) for key in FIELDS[kind] if getattr(old, key) != values[key]}
                row["effect"] = "changed" if before else "same"
                row["before"] = _as_json(before)
        counts[row["effect"]] += 1
    staging.counts = counts


def _current(staging: Staging) -> dict[tuple[str, ...], YearRow]:
    rows = in_force(staging.kind, staging.plan, staging.year)
    return {tuple(str(getattr(row, key)) for key in IDENTITY[staging.kind]): row for row in rows}


def _identity(kind: str, values: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(values[key]) for key in IDENTITY[kind])


def _changed(kind: str, row: YearRow, values: dict[str, Any], now: datetime) -> YearRow:
    """The row in force as it is to be saved: a target is superseded by a new one, other rows take the new values."""
    if isinstance(row, YearTarget):
        row.superseded = True
    else:
        for key in FIELDS[kind]:
            setattr(row, key, values[key])
    row.version += 1
    row.changed_at = now
    return row


def _write_chunks(kind: str, touched: list[YearRow], fresh: list[YearRow]) -> None:
    model: Any = MODELS[kind]
    keys = [*(("superseded",) if kind == "target" else FIELDS[kind]), "version", "changed_at"]
    model.objects.bulk_update(touched, keys, batch_size=50)
    model.objects.bulk_create(fresh, batch_size=CHUNK)


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Values with decimals and dates as marked texts."""
    tagged: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Decimal):
            tagged[key] = {"decimal": format(value, "f")}
        elif isinstance(value, date):
            tagged[key] = {"date": value.isoformat()}
        else:
            tagged[key] = value
    return tagged


def _from_json(values: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            plain[key] = Decimal(value["decimal"]) if "decimal" in value else date.fromisoformat(value["date"])
        else:
            plain[key] = value
    return plain
