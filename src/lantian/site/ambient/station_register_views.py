"""The register of stations: list, workbook, template; entry of one row, withdrawal, import of a table."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lantian.basis.finding import Refusal
from lantian.render.columns import Column
from lantian.site import clock, configured
from lantian.site.access import Action, action
from lantian.site.ambient import station_services as services
from lantian.site.ambient.station_forms import StationForm
from lantian.site.ambient.station_list import HELD, register_page
from lantian.site.downloads import xlsx
from lantian.site.intake.models import Upload
from lantian.site.intake.services import under_its_name
from lantian.site.year.views import user_of
from lantian.store.air import AirReader, plain_city
from lantian.store.stations import ROLES, Station, StationReader
from lantian.work.station_row import COLUMNS, row_of

_ON_PAGE, _SHOWN = 100, 200


@action(Action.READ_AIR)
def stations(request: HttpRequest) -> HttpResponse:
    """The register as it stands, filtered."""
    page = register_page(request)
    city = page.city if page.city in AirReader(settings.DATA).cities() else ""
    context = {
        "register": page,
        "page": Paginator(page.rows, _ON_PAGE).get_page(request.GET.get("page")),
        "roles": [(key, text.zh) for key, text in ROLES.items()],
        "held": list(HELD.items()),
        "simulated": bool(city) and AirReader(settings.DATA).simulated(city),
    }
    return render(request, "ambient/stations.html", context, status=page.status)


@action(Action.READ_AIR)
def stations_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    page = register_page(request)
    if page.errors:
        raise Http404("; ".join(page.errors.values()))
    columns = [*COLUMNS, Column("last", "最近有值", 18), Column("rate", "近 30 天捕获率（%）", 14)]
    rows = [
        {**row_of(one.station), "last": one.last, "rate": None if one.rate is None else float(one.rate)}
        for one in page.rows
    ]
    notes = [f"站点登记，截至 {page.days.last}；捕获率为六项实况小时值合计，{page.days.first} 至 {page.days.last}"]
    notes += ["无本地站点：" + "、".join(page.without)] if page.without else []
    return xlsx(workbook("站点登记", columns, rows, notes=notes), f"站点登记 {page.days.last}.xlsx")


@action(Action.KEEP_AIR)
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to be filled in, with the stations registered already."""
    from lantian.work.station_table import template as filled

    return xlsx(filled(StationReader(settings.DATA).stations()), "站点登记模板.xlsx")


# ---- one row


@action(Action.KEEP_AIR)
def add(request: HttpRequest) -> HttpResponseBase:
    """A station that is not registered yet; what the address gives is filled in."""
    have = StationReader(settings.DATA).stations()
    if request.method == "POST":
        return _kept(request, StationForm(have, request.POST, new=True), None)
    heard = StationReader(settings.DATA).heard().get(code := request.GET.get("code", "").strip()[:60])
    first = {"code": code, "city": plain_city(configured.plan().cities[0])}
    first |= {"valid_from": f"{heard[0]}"} if heard else {}
    return _form_page(request, StationForm(have, initial=first, new=True), None)


@action(Action.KEEP_AIR)
def change(request: HttpRequest, code: str) -> HttpResponseBase:
    """A further row of a station, or a correction of one; the row before it ends the day before."""
    have = StationReader(settings.DATA).stations()
    own = [one for one in have if one.code == code]
    if not own:
        raise Http404(code)
    chosen = next((one for one in own if f"{one.valid_from}" == request.GET.get("row")), own[-1])
    if request.method == "POST":
        return _kept(request, StationForm(have, request.POST, initial={"code": code}, new=False), own[-1])
    first = {key: "" if value is None else value for key, value in asdict(chosen).items()}
    return _form_page(request, StationForm(have, initial=first, new=False), chosen)


def _kept(request: HttpRequest, form: StationForm, station: Station | None) -> HttpResponseBase:
    if not form.is_valid():
        return _form_page(request, form, station, status=400)
    job = services.ask_to_keep(form.rows, form.cleaned_data["note"], by=user_of(request), now=clock.now())
    return redirect("jobs:job", pk=job.pk)


def _form_page(request: HttpRequest, form: StationForm, station: Station | None, status: int = 200) -> HttpResponse:
    context = {"form": form, "station": station, "counties": configured.plan().counties}
    return render(request, "ambient/station_form.html", context, status=status)


@action(Action.KEEP_AIR)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponseBase:
    """Takes a row out that was entered by mistake."""
    rows = StationReader(settings.DATA).stations()
    row = next((one for one in rows if (one.code, f"{one.valid_from}") == (code, request.POST.get("row"))), None)
    if row is None:
        raise Http404(code)
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, "没有撤回：请写明撤回的原因。")
        return redirect("ambient:station", code=code)
    job = services.ask_to_take_out(row, reason, by=user_of(request), now=clock.now())
    return redirect("jobs:job", pk=job.pk)


# ---- a table


@action(Action.KEEP_AIR)
def take_in(request: HttpRequest) -> HttpResponseBase:
    """Takes a filled-in template, a CSV or a pasted table and goes to its preview."""
    error = ""
    if request.method == "POST":
        try:
            file, pasted = request.FILES.get("file"), request.POST.get("pasted", "")
            kept = services.receive(file, pasted, by=user_of(request), now=clock.now())
            return redirect("ambient:stations_preview", pk=kept.pk)
        except Refusal as refusal:
            error = str(refusal)
    context = {"columns": COLUMNS, "error": error, "pasted": request.POST.get("pasted", "")}
    return render(request, "ambient/stations_import.html", context, status=400 if error else 200)


@action(Action.KEEP_AIR)
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was understood of a kept table of stations; POST starts its import."""
    from lantian.work.station_register import understood

    kept = get_object_or_404(Upload, pk=pk, kind__in=services.TABLES)
    try:
        with under_its_name(kept) as file:
            found = understood(settings.DATA, file)
    except Refusal as refusal:
        return render(request, "ambient/stations_preview.html", {"upload": kept, "error": str(refusal)}, status=400)
    if request.method == "POST" and found.rows:
        return redirect("jobs:job", pk=services.ask_to_import(kept, by=user_of(request), now=clock.now()).pk)
    have = {(one.code, one.valid_from): one for one in StationReader(settings.DATA).stations()}
    rows = [(one, _effect(one, have.get((one.code, one.valid_from)))) for one, _ in found.rows]
    context: dict[str, Any] = {
        "upload": kept,
        "rows": rows[:_SHOWN],
        "count": len(rows),
        "roles": ROLES,
        "aside": [one.finding for one in found.aside[:_SHOWN]],
        "aside_count": len(found.aside),
        "shown": _SHOWN,
        "address": reverse("ambient:stations_reasons", args=[pk]),
    }
    return render(request, "ambient/stations_preview.html", context)


def _effect(one: Station, known: Station | None) -> str:
    return "新增" if known is None else "未变" if known == one else "更改"


@action(Action.KEEP_AIR)
def reasons(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that cannot be taken, each with its reason, to be corrected and brought back."""
    from lantian.work.station_register import understood
    from lantian.work.station_table import returned

    kept = get_object_or_404(Upload, pk=pk, kind__in=services.TABLES)
    try:
        with under_its_name(kept) as file:
            found = understood(settings.DATA, file)
    except Refusal as refusal:
        raise Http404(str(refusal)) from None
    return xlsx(returned(found.aside), "站点登记-问题说明.xlsx")
