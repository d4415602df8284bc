"""Self-monitoring figures that were released: what anyone may read, and how a person releases and withdraws them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from lantian.basis.period import BEIJING, DAY, Days
from lantian.render.columns import Column
from lantian.render.csv_table import csv_of
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.downloads import CSV, download, xlsx
from lantian.site.stack import services
from lantian.site.stack.forms import ReleaseForm
from lantian.site.stack.models import Released
from lantian.site.stack.outlet_views import outlet_of
from lantian.site.stack.released_figures import day_rows, hour_rows
from lantian.site.year.views import user_of
from lantian.store.stack import verdicts
from lantian.store.stack.outlets import Outlet, outlets

_ON_PAGE = 50
_MOST_DAYS = 92
_HOURS = [
    Column("start", "小时（起） hour", 18), Column("factor", "因子 factor", 12), Column("measured", "实测 measured mg/m³", 14),
    Column("converted", "折算 converted mg/m³", 14), Column("limit", "限值 limit mg/m³", 12), Column("source", "依据 basis", 30),
    Column("valid", "有效 valid", 8),
]  # fmt: skip


@action(Action.READ_PLAN)
def released(request: HttpRequest) -> HttpResponse:
    """Everything that is released, the latest first; nothing else."""
    known = {one.code: one for one in outlets(settings.DATA)}
    rows = [
        one for one in Released.objects.filter(withdrawn_at=None).select_related("released_by") if one.outlet in known
    ]
    page = Paginator(rows, _ON_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [{"made": one, "outlet": known[one.outlet]} for one in page.object_list]}
    return render(request, "stack/released.html", context)


@action(Action.READ_PLAN)
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of one release: days, and hours of the days, with their limits."""
    made, outlet = _released(pk)
    rows = hour_rows(outlet, made, get_language())
    context: dict[str, Any] = {
        "made": made,
        "outlet": outlet,
        "days": day_rows(outlet, made),
        "page": Paginator(rows, 10 * _ON_PAGE).get_page(request.GET.get("page")),
        "count": len(rows),
    }
    return render(request, "stack/released_figures.html", context)


@action(Action.READ_PLAN)
def figures_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The hours as CSV."""
    made, outlet = _released(pk)
    rows = hour_rows(outlet, made, get_language())
    return download(csv_of(_HOURS, rows, _notes(made, outlet)), CSV, f"{outlet.code} {made.first}.csv")


@action(Action.READ_PLAN)
def figures_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The hours as a workbook."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    made, outlet = _released(pk)
    rows = hour_rows(outlet, made, get_language())
    return xlsx(workbook("自行监测", _HOURS, rows, notes=_notes(made, outlet)), f"{outlet.code} {made.first}.xlsx")


def _notes(made: Released, outlet: Outlet) -> list[str]:
    told = f"{made.released_at.astimezone(BEIJING):%Y-%m-%d} 公开 released: {made.released_by}"
    return [f"{outlet.title} {made.first} — {made.last}", told, *(["模拟数据 simulated"] if outlet.simulated else [])]


def _released(pk: int) -> tuple[Released, Outlet]:
    made = get_object_or_404(Released, pk=pk, withdrawn_at=None)
    outlet = next((one for one in outlets(settings.DATA) if one.code == made.outlet), None)
    if outlet is None:
        raise Http404(made.outlet)
    return made, outlet


@action(Action.KEEP_STACK)
def release(request: HttpRequest, code: str) -> HttpResponseBase:
    """Releases days of an outlet; what is released of it already stands below."""
    outlet = outlet_of(request, code)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if wrong := _cannot(outlet, values["first"], values["last"]):
            form.add_error(None, wrong)
        else:
            services.release(
                outlet, values["first"], values["last"], values["note"], by=user_of(request), now=clock.now()
            )
            messages.success(request, "已公开。任何人都可以看到这些天的小时数据；可以撤回。")
            return redirect("stack:release", code=code)
    rows = Released.objects.filter(outlet=code).select_related("released_by", "withdrawn_by")
    return render(
        request,
        "stack/release.html",
        {"outlet": outlet, "form": form, "rows": rows},
        status=400 if form.errors else 200,
    )


def _cannot(outlet: Outlet, first: date, last: date) -> str:
    days = Days(first, last)
    if len(days) > _MOST_DAYS:
        return f"一次最多公开 {_MOST_DAYS} 天。请分几次。"
    until = datetime.combine(last, time()) + DAY
    if not verdicts.hours(settings.DATA, datetime.combine(first, time()), until, outlet=outlet.code):
        return "这些天还没有判定过的小时数据，没有内容可公开。"
    return ""


@action(Action.KEEP_STACK)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a release back."""
    made = get_object_or_404(Released, pk=pk, withdrawn_at=None)
    services.withdraw_release(made, by=user_of(request), now=clock.now())
    messages.success(request, "已撤回，公众不再能看到。")
    return redirect("stack:release", code=made.outlet)
