"""The lists of alarms, orders, marks and notices: filters of the address, and the same rows as workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Case, Model, Q, QuerySet, When
from django.http import QueryDict

from lantian.render.columns import Column
from lantian.site.alarms import selectors
from lantian.site.alarms.models import ALIVE, Alarm, AlarmState, Cause, Mark, Notice, OrderState, PressOrder, Tier
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_law import factor_name

Titles = Mapping[str, Outlet]
M = TypeVar("M", bound=Model)
STATES = {"alive": "未销号", **dict(AlarmState.choices), "all": "全部"}
ORDER_STATES = {"open": "在办", "overdue": "已超期", **dict(OrderState.choices), "all": "全部"}
ORDER = (Tier.PRESS, Tier.BRANCH, Tier.PROMPT, Tier.EIGHT)  # of the list: what is to be done first
_DONE = (OrderState.CLOSED_OFF, OrderState.REVISITED, OrderState.WITHDRAWN)
_OUTLET = (Column("company", "企业", 28), Column("outlet", "排放口", 24), Column("code", "排放口编号", 18))
_ALARMS = (
    Column("tier", "级别", 10), Column("cause", "原因", 16), *_OUTLET, Column("factor", "污染物", 12), Column("summary", "内容", 60),
    Column("first", "起始", 18), Column("last", "最近", 18), Column("hours", "小时（天）数", 12), Column("marking", "其中待标记", 12),
    Column("state", "状态", 12), Column("raised_at", "发出时间", 18), Column("answered_at", "首次响应", 18),
    Column("closed_at", "销号时间", 18), Column("simulated", "模拟数据", 10),
)  # fmt: skip
_ORDERS = (
    Column("number", "文号", 24), Column("title", "标题", 40), Column("company", "企业", 28), Column("outlets", "排放口", 30),
    Column("state", "状态", 16), Column("due_on", "本步骤期限", 14), Column("overdue", "超期", 8), Column("issued_on", "印发日期", 14),
    Column("signer", "签发人", 12), Column("drafted_by", "拟稿人", 12), Column("drafted_at", "拟稿时间", 18),
    Column("simulated", "模拟数据", 10),
)  # fmt: skip
_MARKS = (
    *_OUTLET, Column("factor", "污染物", 12), Column("family", "标记类别", 18), Column("label", "标记内容", 14), Column("start", "开始", 18),
    Column("end", "结束", 18), Column("reason", "事由", 40), Column("state", "状态", 12), Column("by", "录入人", 12),
    Column("at", "录入时间", 18), Column("entered_for", "代填", 30), Column("judged", "审核意见", 30),
)  # fmt: skip
_NOTICES = (
    *_OUTLET, Column("kind", "类别", 16), Column("start", "计划开始", 18), Column("end", "计划结束", 18),
    Column("ended_at", "实际结束", 18), Column("reason", "事由", 40), Column("by", "报备人", 12), Column("at", "报备时间", 18),
    Column("entered_for", "代填", 30), Column("withdrawn", "撤回", 30),
)  # fmt: skip


def alarms(viewer: Any, asked: QueryDict, now: datetime) -> QuerySet[Alarm]:
    """Alarms a viewer may read under the filters of an address; without any, those not closed off."""
    rows = selectors.alarms(viewer)
    state = asked.get("state") or ("all" if asked.get("night") else "alive")
    if state == "alive":
        rows = rows.filter(state__in=ALIVE)
    elif state in AlarmState:
        rows = rows.filter(state=state)
    if asked.get("night"):
        rows = selectors.of_the_night(rows, now)
    if asked.get("tier") in Tier:
        rows = rows.filter(tier=asked["tier"])
    if asked.get("cause") in Cause:
        rows = rows.filter(cause=asked["cause"])
    if asked.get("county"):
        rows = rows.filter(region=asked["county"])
    rank = Case(*(When(tier=tier, then=place) for place, tier in enumerate(ORDER)))
    return _named(rows, viewer, asked.get("q", "")).order_by(rank, "-last", "-pk").defer("evidence", "history")


def orders(viewer: Any, asked: QueryDict, today: date) -> QuerySet[PressOrder]:
    """Orders a viewer may read under the filters of an address; without any, those under way."""
    rows, state = selectors.orders(viewer), asked.get("state") or "open"
    if state == "open":
        rows = rows.exclude(state__in=_DONE)
    elif state == "overdue":
        rows = rows.filter(due_on__lt=today)
    elif state in OrderState:
        rows = rows.filter(state=state)
    if asked.get("county"):
        rows = rows.filter(region=asked["county"])
    text = asked.get("q", "").strip()
    if text:
        rows = rows.filter(Q(company__contains=text) | Q(number__contains=text) | Q(title__contains=text))
    return rows


def marks(viewer: Any, asked: QueryDict) -> QuerySet[Mark]:
    """Marks a viewer may read under the filters of an address."""
    rows = selectors.marks_of(viewer)
    if asked.get("state"):
        rows = rows.filter(state=asked["state"])
    if asked.get("family"):
        rows = rows.filter(family=asked["family"])
    return _named(rows, viewer, asked.get("q", ""))


def notices(viewer: Any, asked: QueryDict, now: datetime) -> QuerySet[Notice]:
    """Notices a viewer may read under the filters of an address."""
    rows = selectors.notices_of(viewer)
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("state") == "now":
        rows = rows.filter(withdrawn_at=None, start__lte=now, end__gt=now).filter(
            Q(ended_at=None) | Q(ended_at__gt=now)
        )
    return _named(rows, viewer, asked.get("q", ""))


def alarms_workbook(rows: Iterable[Alarm], titles: Titles) -> bytes:
    """Alarms as a workbook."""
    content = [
        {**_outlet(one.outlet, titles), "tier": one.get_tier_display(), "cause": one.get_cause_display(),
         "factor": factor_name(one.factor) if one.factor else "", "summary": one.summary, "first": one.first, "last": one.last,
         "hours": one.hours, "marking": one.marking, "state": one.get_state_display(), "raised_at": one.raised_at,
         "answered_at": one.answered_at, "closed_at": one.closed_at, "simulated": "是" if one.simulated else ""}
        for one in rows
    ]  # fmt: skip
    return _book(
        "排放口预警",
        _ALARMS,
        content,
        ["疑似超标和线索由程序提出，是否违法由人认定。分级为本程序的做法（未核实依据）。"],
    )


def orders_workbook(rows: Iterable[PressOrder], titles: Titles, today: date) -> bytes:
    """Orders as a workbook."""
    content = [
        {"number": one.number, "title": one.title, "company": one.company, "state": one.get_state_display(),
         "outlets": "、".join(_outlet(code, titles)["outlet"] or code for code in one.outlets), "due_on": one.due_on,
         "overdue": "是" if one.due_on and one.due_on < today else "", "issued_on": one.issued_on, "signer": one.signer,
         "drafted_by": one.drafted_by.name, "drafted_at": one.drafted_at, "simulated": "是" if one.simulated else ""}
        for one in rows
    ]  # fmt: skip
    return _book("督办单", _ORDERS, content)


def marks_workbook(rows: Iterable[Mark], titles: Titles) -> bytes:
    """Marks as a workbook."""
    content = [
        {**_outlet(one.outlet, titles), "factor": factor_name(one.factor) if one.factor else "全部",
         "family": one.get_family_display(), "label": one.label, "start": one.start, "end": one.end, "reason": one.reason,
         "state": one.get_state_display(), "by": one.entered_by.name, "at": one.entered_at, "entered_for": one.entered_for,
         "judged": one.judged_reason}
        for one in rows
    ]  # fmt: skip
    return _book("标记", _MARKS, content, ["标记不改变数值。"])


def notices_workbook(rows: Iterable[Notice], titles: Titles) -> bytes:
    """Notices as a workbook."""
    content = [
        {**_outlet(one.outlet, titles), "kind": one.get_kind_display(), "start": one.start, "end": one.end,
         "ended_at": one.ended_at, "reason": one.reason, "by": one.given_by.name, "at": one.given_at,
         "entered_for": one.entered_for, "withdrawn": one.withdrawn_reason}
        for one in rows
    ]  # fmt: skip
    return _book("报备", _NOTICES, content)


def _named(rows: QuerySet[M], viewer: Any, text: str) -> QuerySet[M]:
    """Rows of the outlets whose company, name or code holds the text."""
    text = text.strip()
    if not text:
        return rows
    codes = [code for code, one in selectors.outlets_of(viewer).items() if text in f"{one.title} {code} {one.operator}"]
    return rows.filter(outlet__in=codes)


def _outlet(code: str, titles: Titles) -> dict[str, str]:
    one = titles.get(code)
    return {"company": one.company if one else "", "outlet": one.name if one else "", "code": code}


def _book(title: str, columns: Iterable[Column], rows: list[dict[str, Any]], notes: Iterable[str] = ()) -> bytes:
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    return workbook(title, tuple(columns), rows, notes=tuple(notes))
