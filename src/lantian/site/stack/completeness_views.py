"""Completeness of a month: outlets by days, hours received of those due."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.basis.period import BEIJING, DAY, Days, beijing_date, month
from lantian.render.columns import Column
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.downloads import xlsx
from lantian.site.stack.selectors import visible_outlets
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_completeness import Arrived, completeness

_ON_PAGE = 50


def asked_of(request: HttpRequest) -> tuple[Days, str, list[Outlet]]:
    """The month, the words looked for, and the outlets they mean."""
    text = request.GET.get("month", "")
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = beijing_date(clock.now())
    words = request.GET.get("q", "").strip()[:60]
    chosen = [
        one
        for one in visible_outlets(request.user)
        if words.casefold() in f"{one.code} {one.company} {one.name} {one.operator}".casefold()
    ]
    return month(first.year, first.month), words, chosen


@action(Action.READ_STACK)
def page(request: HttpRequest) -> HttpResponse:
    """The calendar of a month; minutes too where it is one outlet's."""
    days, words, chosen = asked_of(request)
    rows = Paginator(chosen, _ON_PAGE).get_page(request.GET.get("page"))
    outlets = list(rows.object_list)
    found = completeness(settings.DATA, outlets, days, present=_present(), minutes=len(chosen) == 1)
    context: dict[str, Any] = {
        "days": days,
        "day_list": list(days),
        "words": words,
        "page": rows,
        "rows": [{"arrived": one, "cells": _cells(one, days)} for one in found],
        "minutes": [_minutes(one, days) for one in found if one.minutes is not None],
        "before": days.first - DAY,
        "after": days.last + DAY,
        "any": bool(visible_outlets(request.user)),
        "simulated": any(one.simulated for one in outlets),
    }
    return render(request, "stack/completeness.html", context)


def _present() -> datetime:
    return clock.now().astimezone(BEIJING).replace(tzinfo=None)


def _cells(one: Arrived, days: Days) -> list[dict[str, Any]]:
    return [_cell(day, one.hours.get(day, 0), one.due[day]) for day in days]


def _minutes(one: Arrived, days: Days) -> list[dict[str, Any]]:
    assert one.minutes is not None
    return [_cell(day, one.minutes.get(day, 0), one.due_minutes(day)) for day in days]


def _cell(day: date, got: int, due: int) -> dict[str, Any]:
    kind = "" if not due else "full" if got >= due else "nothing" if not got else "part"
    return {"day": day, "got": got, "due": due, "kind": kind}


@action(Action.READ_STACK)
def workbook(request: HttpRequest) -> HttpResponse:
    """The month as a workbook."""
    from lantian.render.tables import workbook as made  # openpyxl is loaded when a workbook is asked for

    days, _, chosen = asked_of(request)
    columns = [Column("code", "排放口编号", 18), Column("title", "企业、排放口", 30), Column("rate", "传输率 %", 10)]
    columns += [Column(f"{day}", f"{day.day}", 5) for day in days]
    rows = [
        {"code": one.outlet.code, "title": one.outlet.title, "rate": None if one.rate is None else float(one.rate)}
        | {f"{cell['day']}": cell["got"] for cell in _cells(one, days) if cell["due"]}
        for one in completeness(settings.DATA, chosen, days, present=_present())
    ]
    notes = [f"{days.label()} 每日收到的小时值个数；传输率为收到的小时数除以应到的小时数"]
    return xlsx(made("完整性", columns, rows, notes=notes), f"污染源数据完整性 {days.label()}.xlsx")
