"""Days taken out pasted as a table: rows checked by the same form, every fault with its line and column."""

from __future__ import annotations

from datetime import date
from typing import Any

from lantian.air.item import PRINTED
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.render.columns import Column
from lantian.rulebook.plans import Plan
from lantian.site.board.forms import ExcludedForm
from lantian.site.board.models import ExcludedDays
from lantian.site.tabular import Row, from_text
from lantian.store.air import plain_city

COLUMNS = (
    Column("place", "地点", 14, needed=True),
    Column("first", "起", 12, needed=True),
    Column("last", "止", 12),
    Column("items", "项目", 16, needed=True),
    Column("kind", "类别", 14, needed=True),
    Column("decided_by", "决定单位", 24, needed=True),
    Column("document", "文号", 24, needed=True),
    Column("decided_on", "决定日期", 12, needed=True),
    Column("note", "备注", 24),
)
_KEYS = {name.replace(".", "").lower(): item for item, name in PRINTED.items()}
_KINDS = {"沙尘": "dust", "沙尘天气过程": "dust", "其他": "exceptional", "其他特殊事件": "exceptional"}


def pasted_rows(text: str, plan: Plan, today: date) -> list[dict[str, Any]]:
    """The rows of a pasted table as the services take them.

    Errors  Refusal with a finding for each fault
    """
    rows, faults = [], []
    for row in from_text(text, COLUMNS):
        form = ExcludedForm(plan, today, _as_form(row))
        if form.is_valid():
            rows.append(form.cleaned_data)
        faults += [
            _fault(row.line, name, reason) for name, reasons in form.errors.items() for reason in map(str, reasons)
        ]
    if faults:
        raise Refusal(*faults)
    return rows


def _as_form(row: Row) -> dict[str, Any]:
    cells = dict(row.cells)
    items = [part for part in cells.get("items", "").replace("，", "、").replace(",", "、").split("、") if part.strip()]
    kinds = {**_KINDS, **{key: key for key, _ in ExcludedDays.KINDS}}
    return cells | {
        "place": plain_city(cells.get("place", "")),
        "items": [_KEYS.get(part.strip().replace(".", "").lower(), part) for part in items],
        "kind": kinds.get(cells.get("kind", "").strip(), cells.get("kind", "")),
    }


def _fault(line: int, name: str, reason: str) -> Finding:
    head = next((column.head for column in COLUMNS if column.key == name), None)
    return Finding("EXCLUDED-ROW", Severity.REFUSED, Text(reason, reason), Place(row=line, column=head))
