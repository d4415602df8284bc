"""Rows of a year as people enter and paste them, for the tests of the year."""

from __future__ import annotations

from lantian.site import tabular
from lantian.site.year import importing
from lantian.site.year.checking import check
from lantian.site.year.columns import COLUMNS


def target_of(plan, **cells):
    given = {"target": "T03-1", "value": "27", "document_number": "试环函〔2025〕1号", **cells}
    checked = check("target", plan, given)
    assert not checked.reasons
    return checked.values


def task_of(plan, **cells):
    given = {"number": "1", "text": "排查炉窑", "article": "12", "lead": "市生态环境局", "bodies": "市工信局、市发改委",
             "deadline": "2025-11", **cells}  # fmt: skip
    checked = check("task", plan, given)
    assert not checked.reasons
    return checked.values


def share_of(plan, **cells):
    checked = check(
        "share", plan, {"target": "T03-4", "county": "虎林市", "value": "100", "document_number": "甲", **cells}
    )
    assert not checked.reasons
    return checked.values


def staged_rows(
    plan, rows, administrator, now, kind="target", columns=("target", "county", "value", "document_number")
):
    heads = {column.key: column.head for column in COLUMNS[kind]}
    text = "\n".join("\t".join(row) for row in [[heads[key] for key in columns], *rows])
    found = tabular.from_text(text, COLUMNS[kind])
    return importing.stage(kind, plan, 2025, found, "粘贴", by=administrator, now=now)
