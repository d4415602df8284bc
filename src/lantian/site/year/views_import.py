"""A table of the year comes in: upload or paste, preview with reasons, apply, and the workbook that goes back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from lantian.basis.finding import Refusal
from lantian.site import clock, tabular, uploads
from lantian.site.access import Action, action
from lantian.site.downloads import xlsx
from lantian.site.year import importing
from lantian.site.year.columns import COLUMNS, KINDS
from lantian.site.year.models import Staging
from lantian.site.year.services import YearError
from lantian.site.year.views import frame, known, plan_or_404, user_of

_SHOWN = 200


@action(Action.EDIT_YEAR)
def take_in(request: HttpRequest, plan_id: str, number: int, kind: str) -> HttpResponseBase:
    """Takes a filled-in template or a pasted table and goes to its preview."""
    plan, kind = plan_or_404(plan_id), known(kind)
    error = ""
    if request.method == "POST":
        now, by = clock.now(), user_of(request)
        try:
            rows, name = _rows(request, kind)
            staged = importing.stage(kind, plan, number, rows, name, by=by, now=now)
            return redirect("year:staged", pk=staged.pk)
        except Refusal as refusal:
            error = str(refusal)
    context = {
        **frame(plan, number, kind),
        "columns": COLUMNS[kind],
        "error": error,
        "pasted": request.POST.get("pasted", ""),
    }
    return render(request, "year/import.html", context, status=400 if error else 200)


@action(Action.EDIT_YEAR)
def staged(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Preview of a staged table; POST applies its good rows."""
    found = get_object_or_404(Staging, pk=pk)
    plan = plan_or_404(found.plan)
    if request.method == "POST":
        try:
            counts = importing.apply(found, plan, by=user_of(request), now=clock.now())
        except YearError as error:
            messages.error(request, str(error))
            return redirect("year:staged", pk=pk)
        messages.success(
            request,
            "已写入：新增 {new} 行，更改 {changed} 行，未变 {same} 行；有问题未写入 {bad} 行。".format(**counts),
        )
        return redirect("year:kind", plan_id=found.plan, number=found.year, kind=found.kind)
    bad = [{**row, "why": importing.reason_text(row)} for row in found.bad()]
    context = {
        **frame(plan, found.year, found.kind),
        "staging": found,
        "columns": COLUMNS[found.kind],
        "bad": [_listed(row, found.kind) for row in bad[:_SHOWN]],
        "good": [_listed(row, found.kind) for row in found.good()[:_SHOWN]],
        "bad_count": len(bad),
        "good_count": len(found.rows) - len(bad),
        "shown": _SHOWN,
    }
    return render(request, "year/staged.html", context)


@action(Action.EDIT_YEAR)
def reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """The table as it came, with a reason beside each bad row."""
    found = get_object_or_404(Staging, pk=pk)
    content = importing.with_reasons(found, plan_or_404(found.plan))
    return xlsx(content, f"{found.year}年{KINDS[found.kind]}-问题说明.xlsx")


def _rows(request: HttpRequest, kind: str) -> tuple[list[tabular.Row], str]:
    file = request.FILES.get("file")
    if file:
        kept = uploads.keep(file, uploads.TABLES, by=user_of(request), now=clock.now())
        return tabular.from_bytes(uploads.path_of(kept).read_bytes(), kept.kind, COLUMNS[kind], kept.name), kept.name
    pasted = request.POST.get("pasted", "")
    if not pasted.strip():
        raise uploads.refused("YEAR-NOTHING", "请选择文件，或把表格（含表头）粘贴到框里。", "Nothing was given.", "")
    return tabular.from_text(pasted, COLUMNS[kind]), "粘贴的表格"


def _listed(row: dict, kind: str) -> dict:  # type: ignore[type-arg]
    return {**row, "shown": [row["cells"].get(column.key, "") for column in COLUMNS[kind]]}
