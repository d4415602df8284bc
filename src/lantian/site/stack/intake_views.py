"""Platform tables on their way in: upload or paste, preview, a job, batches that can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.basis.finding import Finding, Refusal
from lantian.basis.period import BEIJING
from lantian.render.columns import Column
from lantian.site import clock, uploads
from lantian.site.access import Action, action
from lantian.site.downloads import xlsx
from lantian.site.intake.models import Upload
from lantian.site.intake.services import receive_air, under_its_name
from lantian.site.jobs.services import start
from lantian.site.journal.services import write
from lantian.site.stack import services
from lantian.site.stack.jobs import IMPORT_JOB
from lantian.site.year.views import user_of
from lantian.store.stack.imports import batches, days_of, withdraw
from lantian.store.stack.outlets import outlets

_SHOWN = 200
_PREVIEW_UP_TO = 8 * 2**20  # a larger file is read by the worker alone


@action(Action.KEEP_STACK)
def intake(request: HttpRequest) -> HttpResponseBase:
    """Takes a file or a pasted table and goes to its preview; earlier batches below."""
    error = ""
    if request.method == "POST":
        try:
            file, pasted = request.FILES.get("file"), request.POST.get("pasted", "")
            kept = receive_air(file, pasted, by=user_of(request), now=clock.now())
            return redirect("stack:intake_preview", pk=kept.pk)
        except Refusal as refusal:
            error = str(refusal)
    rows = [
        {"batch": one, "at": datetime.fromtimestamp(one.made_at / 1e6, BEIJING)}
        for one in batches(settings.DATA)[:_SHOWN]
    ]
    context = {
        "error": error,
        "batches": rows,
        "outlets": len(outlets(settings.DATA)),
        "pasted": request.POST.get("pasted", ""),
    }
    return render(request, "stack/intake.html", context, status=400 if error else 200)


@action(Action.KEEP_STACK)
def intake_preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was understood of a kept table; POST starts its import."""
    from lantian.work.stack_import import preview

    kept = get_object_or_404(Upload, pk=pk, kind__in=uploads.AIR_TABLES)
    if request.method == "POST":
        arguments = {"upload": kept.pk}
        job = start(IMPORT_JOB, arguments, by=user_of(request), now=clock.now(), unique=f"{IMPORT_JOB}:{kept.pk}")
        return redirect("jobs:job", pk=job.pk)
    context: dict[str, Any] = {"upload": kept, "shown": _SHOWN}
    if kept.size > _PREVIEW_UP_TO:
        context["large"] = True
    else:
        try:
            with under_its_name(kept) as file:
                found = preview(settings.DATA, file, outlets(settings.DATA), now=clock.now())
            context |= {"found": found, "findings": found.findings[:_SHOWN], "finding_count": len(found.findings)}
        except Refusal as refusal:
            context["error"] = str(refusal)
    return render(request, "stack/intake_preview.html", context, status=400 if "error" in context else 200)


@action(Action.KEEP_STACK)
def reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """What cannot be taken of a kept table, each with its place and reason."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for
    from lantian.work.stack_import import preview

    kept = get_object_or_404(Upload, pk=pk, kind__in=uploads.AIR_TABLES)
    try:
        with under_its_name(kept) as file:
            found = preview(settings.DATA, file, outlets(settings.DATA), now=clock.now())
    except Refusal as refusal:
        raise Http404(str(refusal)) from None
    columns = [
        Column("sheet", "工作表", 14),
        Column("row", "行", 8),
        Column("column", "列", 20),
        Column("reason", "原因", 60),
    ]
    return xlsx(
        workbook("未采用的内容", columns, [_reason(one) for one in found.findings]), "平台数据-未采用的内容.xlsx"
    )


def _reason(one: Finding) -> dict[str, Any]:
    return {
        "sheet": one.place.sheet or "",
        "row": one.place.row,
        "column": one.place.column or "",
        "reason": one.text.zh,
    }


@action(Action.KEEP_STACK)
@require_POST
def take_back(request: HttpRequest, batch: int) -> HttpResponseBase:
    """Takes a batch back; what it had replaced stands again."""
    now = clock.now()
    days = days_of(settings.DATA, batch)
    try:
        rows = withdraw(settings.DATA, batch, now=now)
    except KeyError:
        raise Http404(str(batch)) from None
    write("stack.import_withdrawn", f"平台数据 第 {batch} 批", by=user_of(request), now=now, after={"values": rows})
    services.judge_again(days, by=user_of(request), now=now)
    messages.success(request, f"已撤回第 {batch} 批的 {rows} 个值；被它替换的值恢复。要恢复可再导入一次原文件。")
    return redirect("stack:intake")
