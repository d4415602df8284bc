"""A table of outlets on its way into the register: template, preview with reasons, entry of the good rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from lantian.basis.finding import Refusal
from lantian.site import clock, uploads
from lantian.site.access import Action, action
from lantian.site.downloads import xlsx
from lantian.site.intake.models import Upload
from lantian.site.intake.services import receive_air
from lantian.site.stack import register_table as table
from lantian.site.stack.models import Outlet
from lantian.site.stack.services import RegisterError
from lantian.site.tabular import Row, from_text, from_workbook
from lantian.site.year.views import user_of

_SHOWN = 200
_EFFECTS = {"new": "新增", "changed": "更改", "same": "未变", "bad": "有问题"}


@action(Action.KEEP_STACK)
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to be filled in."""
    return xlsx(table.template(), "排放口登记模板.xlsx")


@action(Action.KEEP_STACK)
def take_in(request: HttpRequest) -> HttpResponseBase:
    """Takes a filled-in template or a pasted table and goes to its preview."""
    error = ""
    if request.method == "POST":
        try:
            file, pasted = request.FILES.get("file"), request.POST.get("pasted", "")
            kept = receive_air(file, pasted, by=user_of(request), now=clock.now())
            return redirect("stack:outlets_preview", pk=kept.pk)
        except Refusal as refusal:
            error = str(refusal)
    context = {"columns": table.COLUMNS, "error": error, "pasted": request.POST.get("pasted", "")}
    return render(request, "stack/outlets_import.html", context, status=400 if error else 200)


@action(Action.KEEP_STACK)
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the rows of a kept table would do; POST enters the good ones."""
    kept = get_object_or_404(Upload, pk=pk, kind__in=uploads.AIR_TABLES)
    try:
        found = table.understood(_rows(kept))
    except Refusal as refusal:
        return render(request, "stack/outlets_preview.html", {"upload": kept, "error": str(refusal)}, status=400)
    error = ""
    if request.method == "POST":
        try:
            counts = table.apply(found, kept.name, by=user_of(request), now=clock.now())
        except RegisterError as refused:
            error = f"没有写入任何一行：{refused}"
        else:
            messages.success(
                request, f"已登记：新增 {counts['new']} 个，更改 {counts['changed']} 个，未采用 {counts['bad']} 行。"
            )
            return redirect("stack:outlets")
    context: dict[str, Any] = {
        "upload": kept,
        "rows": [(one, _EFFECTS[one.effect]) for one in found[:_SHOWN]],
        "count": len(found),
        "good": sum(one.effect in ("new", "changed") for one in found),
        "bad": sum(one.effect == "bad" for one in found),
        "shown": _SHOWN,
        "refused": error,
        "simulated": Outlet.objects.filter(simulated=True).exists(),
    }
    return render(request, "stack/outlets_preview.html", context, status=400 if error else 200)


@action(Action.KEEP_STACK)
def reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """The table as it came, a reason beside each bad row."""
    kept = get_object_or_404(Upload, pk=pk, kind__in=uploads.AIR_TABLES)
    try:
        found = table.understood(_rows(kept))
    except Refusal as refusal:
        raise Http404(str(refusal)) from None
    told = {at: one.words for at, one in enumerate(found) if one.reasons}
    return xlsx(table.template([one.cells for one in found], told), "排放口登记-问题说明.xlsx")


def _rows(kept: Upload) -> list[Row]:
    """The rows of a kept file.

    Errors  Refusal where it has not the needed heads
    """
    content = uploads.path_of(kept).read_bytes()
    if content[:4] == b"PK\x03\x04":
        return from_workbook(content, table.COLUMNS, kept.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    return from_text(text, table.COLUMNS, kept.name)
