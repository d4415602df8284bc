"""Air data come in: upload or paste, preview of what was understood, the job, its result with the rows kept aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from lantian.basis.determination import VALUES
from lantian.basis.finding import Finding, Refusal
from lantian.render.columns import Column
from lantian.site import clock, configured, uploads
from lantian.site.access import Action, action
from lantian.site.downloads import xlsx
from lantian.site.intake import services
from lantian.site.intake.air_preview import preview
from lantian.site.intake.models import Upload
from lantian.site.intake.station_preview import station_preview
from lantian.site.year.views import user_of
from lantian.store import cells
from lantian.store.air import AirReader, ImportRecord
from lantian.work.air_kinds import kind_of

_PREVIEW_UP_TO = 8 * 2**20  # a larger file is read by the worker alone
_SHOWN = 200


@action(Action.IMPORT_AIR)
def air(request: HttpRequest) -> HttpResponseBase:
    """Takes a file or a pasted table and goes to its preview."""
    if request.method != "POST":
        return redirect("intake:intake")
    try:
        kept = services.receive_air(
            request.FILES.get("file"), request.POST.get("pasted", ""), by=user_of(request), now=clock.now()
        )
    except Refusal as refusal:
        from lantian.site.intake.views import page

        return page(request, air_error=str(refusal), status=400)
    return redirect("intake:air_preview", pk=kept.pk)


@action(Action.IMPORT_AIR)
def air_preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was understood of a kept table; POST starts the import."""
    kept = get_object_or_404(Upload, pk=pk, kind__in=uploads.AIR_TABLES)
    city = configured.plan().cities[0] if configured.plan().cities else ""
    only = [name for name in request.POST.getlist("city") + request.GET.getlist("city") if name]
    values = request.POST.get("values", "")
    if request.method == "POST" and values in ("", *VALUES):
        job = services.start_air(kept, only, by=user_of(request), now=clock.now(), values=values)
        return redirect("jobs:job", pk=job.pk)
    context: dict[str, Any] = {
        "upload": kept,
        "city": city,
        "only": only,
        "values": {key: words.zh for key, words in VALUES.items()},
    }
    if kept.size > _PREVIEW_UP_TO:
        context["large"] = True
    else:
        try:
            with services.under_its_name(kept) as file:
                context |= _recognised(file, city, only)
        except Refusal as refusal:
            context["error"] = str(refusal)
    return render(request, "intake/air_preview.html", context, status=400 if "error" in context else 200)


def _recognised(file: Path, city: str, only: list[str]) -> dict[str, Any]:
    """What was understood of a file: a station table, the register of stations, or a table of city days.

    Errors  Refusal
    """
    from lantian.work.station_table import is_register

    if (stations := station_preview(settings.DATA, file, now=clock.now())) is not None:
        return {"stations": stations}
    source = cells.read_file(file)
    if is_register(source):
        return {"register": reverse("ambient:stations_import")}
    found = preview(settings.DATA, source, city=city, only=only, now=clock.now())
    reader = AirReader(settings.DATA)
    return {"preview": found, "replaced": [name for name, _ in found.cities if reader.simulated(name)]}


@action(Action.IMPORT_AIR)
def air_import(request: HttpRequest, number: int) -> HttpResponse:
    """The result of one import: counts, notes, rows kept aside."""
    reader = AirReader(settings.DATA)
    record = _record(reader, number)
    aside = reader.quarantine(number)
    context = {
        "record": record,
        "aside": aside[:_SHOWN],
        "shown": _SHOWN,
        "notes": [_words(note) for note in record.notes],
        "kind": kind_of(record.kind),
        "unit": "天" if record.kind.startswith(("city_days", "simulated")) else "行",
    }
    return render(request, "intake/air_import.html", context)


@action(Action.IMPORT_AIR)
def air_aside(request: HttpRequest, number: int) -> HttpResponse:
    """The rows an import kept aside, as they came, each with its reason, as xlsx."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    reader = AirReader(settings.DATA)
    _record(reader, number)
    findings, contents = reader.quarantine(number), reader.quarantined_rows(number)
    heads = list(dict.fromkeys(head for content in contents for head in content))
    columns = (
        Column("file", "文件", 24), Column("sheet", "工作表", 14), Column("row", "行", 8), Column("column", "列", 14),
        Column("reason", "问题", 60), *(Column(f"cell:{head}", head or "（无表头）", 14) for head in heads),
    )  # fmt: skip
    rows = [
        {**_placed(finding), **{f"cell:{head}": cell for head, cell in content.items()}}
        for finding, content in zip(findings, contents, strict=True)
    ]
    return xlsx(workbook("隔离的行", columns, rows), f"导入{number}-隔离的行.xlsx")


def _record(reader: AirReader, number: int) -> ImportRecord:
    for record in reader.imports():
        if record.id == number:
            return record
    raise Http404(str(number))


def _placed(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "reason": finding.text.zh,
    }


def _words(note: Any) -> str:
    """Chinese text of a kept note."""
    return str(note.get("zh", "")) if hasattr(note, "get") else str(note)
