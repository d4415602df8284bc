"""Data quality of the stored station hours: findings of a month, capture, notes, the check asked for, the workbook."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lantian.air.item import ITEMS, PRINTED
from lantian.basis.period import BEIJING
from lantian.render.columns import Column
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.ambient import quality_services as services
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.models import FindingNote
from lantian.site.ambient.quality_page import Shown, min_percent, page_of
from lantian.site.ambient.quality_words import KINDS, NATIONAL_RULE, UNCHANGED
from lantian.site.downloads import xlsx
from lantian.site.year.views import user_of
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.store.quality import quality_month
from lantian.store.stations import ROLES
from lantian.work.station_quality import inputs_of

_SHOWN = 300


@action(Action.READ_AIR)
def quality(request: HttpRequest) -> HttpResponse:
    """Findings and capture of a month."""
    page = page_of(request)
    context = {
        "page": page,
        "shown": page.findings[:_SHOWN],
        "most": _SHOWN,
        "kinds": [(code, name) for code, (name, _) in KINDS.items()],
        "values": list(VALUES.items()),
        "values_word": VALUES[page.values],
        "verdicts": FindingNote.VERDICTS,
        "items": [PRINTED[item] for item in ITEMS],
        "roles": ROLES,
        "rule": NATIONAL_RULE,
        "unchanged": UNCHANGED,
        "stale": page.kept is not None and page.kept.inputs != inputs_of(settings.DATA, page.values, page.month),
        "least": min_percent(page.month) if page.month else None,
        "simulated": page.city in AirReader(settings.DATA).cities() and AirReader(settings.DATA).simulated(page.city),
        "here": request.get_full_path(),
    }
    return render(request, "ambient/quality.html", context, status=page.status)


@action(Action.READ_AIR)
def quality_xlsx(request: HttpRequest) -> HttpResponse:
    """Findings with their notes, and captures, as a workbook."""
    from lantian.render.tables import sheets_workbook  # openpyxl is loaded when a workbook is asked for

    page = page_of(request)
    if page.errors or page.kept is None:
        raise Http404("nothing to export")
    notes = [
        f"{page.month} {VALUES[page.values]}，检查于 {page.kept.computed_at.astimezone(BEIJING):%Y-%m-%d %H:%M}；阈值为本程序自定，未经核实",
        UNCHANGED,
        NATIONAL_RULE,
    ]
    if AirReader(settings.DATA).simulated(page.city):
        notes.append("模拟数据")
    found = [
        Column("code", "站点编码", 12), Column("station", "站点", 16), Column("role", "类型", 8), Column("name", "提示", 16),
        Column("item", "项目", 8), Column("when", "时段", 36), Column("count", "个数", 8), Column("text", "内容", 60),
        Column("evidence", "数值", 40), Column("look", "看什么", 40), Column("verdict", "核实结果", 14),
        Column("note", "核实说明", 30), Column("by", "核实人", 10), Column("at", "核实时间", 18),
    ]  # fmt: skip
    hours = [Column(item, f"{PRINTED[item]} 捕获率（%）", 12) for item in ITEMS]
    days = [Column(f"{item}_days", f"{PRINTED[item]} 有效天", 10) for item in ITEMS]
    captures = [
        Column("code", "站点编码", 12),
        Column("station", "站点", 16),
        Column("rate", "六项合计（%）", 12),
        *hours,
        *days,
    ]
    rows = [
        {"code": one.code, "station": one.station.name if one.station else "", "rate": float(one.rate)}
        | {item: float(rate) for item, (rate, _) in zip(ITEMS, one.cells, strict=True)}
        | {f"{item}_days": days for item, (_, days) in zip(ITEMS, one.cells, strict=True)}
        for one in page.captures
    ]
    sheets = [("提示", found, [_row(one) for one in page.findings], notes), ("捕获率", captures, rows, notes)]
    return xlsx(sheets_workbook(sheets), f"数据质量 {page.month} {VALUES[page.values]}.xlsx")


def _row(one: Shown) -> dict[str, object]:
    note = next((note for note in one.notes if not note.is_withdrawn), None)
    return {
        "code": one.kept.station,
        "station": one.station.name if one.station else "",
        "role": ROLES[one.station.role].zh if one.station else "未登记",
        "name": one.name,
        "item": one.item,
        "when": one.when,
        "count": one.kept.count,
        "text": one.kept.zh,
        "evidence": "；".join(f"{at} {value}" for at, value in one.kept.evidence),
        "look": one.look,
        "verdict": note.get_verdict_display() if note else "",
        "note": note.note if note else "",
        "by": note.entered_by.name if note else "",
        "at": note.entered_at if note else None,
    }


@action(Action.KEEP_AIR)
@require_POST
def check(request: HttpRequest) -> HttpResponseBase:
    """Asks for a month to be checked now."""
    month = request.POST.get("month", "")
    reader = HourReader(settings.DATA)
    if not any(month in reader.months(values) for values in VALUES):
        raise Http404(month)
    job = services.ask_for_check(month, by=user_of(request), now=clock.now())
    return redirect("jobs:job", pk=job.pk)


@action(Action.KEEP_AIR)
@require_POST
def note(request: HttpRequest, values: str, month: str, key: str) -> HttpResponseBase:
    """Keeps what a person established about a finding."""
    kept = quality_month(settings.DATA, values, month) if values in VALUES else None
    one = next((finding for finding in kept.findings if finding.key == key), None) if kept else None
    if one is None:
        raise Http404(key)
    verdict, words = request.POST.get("verdict", ""), request.POST.get("note", "")
    if verdict not in dict(FindingNote.VERDICTS):
        messages.error(request, "没有保存：请选择核实结果。")
    else:
        services.note_finding(
            one, values=values, month=month, verdict=verdict, note=words, by=user_of(request), now=clock.now()
        )
        messages.success(request, "核实说明已保存。数据没有改动。")
    return redirect(_back(request))


@action(Action.KEEP_AIR)
@require_POST
def withdraw_note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a note back."""
    try:
        one = get_object_or_404(FindingNote, pk=pk)
        services.withdraw_note(one, request.POST.get("reason", ""), by=user_of(request), now=clock.now())
    except services.NoteError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已撤回，记录保留。")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Where the form stood; only addresses of this site."""
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return back if safe else reverse("ambient:quality")
