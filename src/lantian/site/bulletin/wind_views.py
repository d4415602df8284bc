"""Wind and pollution of a place over a period: rose, polar plot, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.air.item import ITEMS, PRINTED, SCALE
from lantian.basis.period import Days
from lantian.render.columns import Column
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.ambient.asking import Asked, asked
from lantian.site.bulletin import charts
from lantian.site.downloads import xlsx
from lantian.store.air import AirReader
from lantian.store.stations import Station, StationReader
from lantian.work.air_periods import Period
from lantian.work.air_unverified import WIND, unverified, unverified_notes
from lantian.work.air_wind import Wind, wind_of
from lantian.work.duty import symbol


@dataclass(frozen=True, slots=True)
class _Page:
    found: Asked
    item: str
    period: Period
    wind: Wind | None
    station: Station | None


@action(Action.READ_AIR)
def wind(request: HttpRequest) -> HttpResponse:
    """Rose and polar plot of a place, an item and a period."""
    page = _page(request)
    place = page.found.place
    context: dict[str, Any] = {
        "places": page.found.places.known,
        "place": place.name,
        "items": list(PRINTED.items()),
        "item": page.item,
        "period_text": page.found.text("period") or page.period.text,
        "error": "；".join(page.found.errors.values()),
        "words": page.period.words,
        "unit": symbol(page.item),
        "unverified": unverified(WIND, page.period.days),
        "simulated": AirReader(settings.DATA).simulated(place.name),
        "station": page.station,
    }
    if page.wind:
        context |= _shown(page, page.wind)
    return render(request, "bulletin/wind.html", context, status=page.found.status)


@action(Action.READ_AIR)
def wind_xlsx(request: HttpRequest) -> HttpResponse:
    """Both tables as a workbook."""
    from lantian.render.tables import sheets_workbook  # openpyxl is loaded when a workbook is asked for

    page = _page(request)
    if page.wind is None or page.found.errors:
        raise Http404("no wind")
    found = page.wind
    where = page.station.name if page.station else page.found.place.title
    title = f"{where}{page.period.words} {PRINTED[page.item]}"
    notes = [f"{title}，{symbol(page.item)}；小时值为实况，未经审核"]
    notes += ["含模拟数据"] if AirReader(settings.DATA).simulated(page.found.place.name) else []
    notes += unverified_notes(WIND, page.period.days)
    hours = [[name, *counts] for name, counts in found.rose_rows()]
    means = [[name, *(value for cell in cells for value in (_number(cell[0]), cell[1]))] for name, cells in found.polar_rows()]  # fmt: skip
    heads = [head for one in found.strengths for head in (f"{one} m/s 平均", f"{one} m/s 小时数")]
    sheets = [
        ("各风向小时数", *_sheet(["风向", *found.classes, "合计"], hours), notes),
        ("各风向风速平均浓度", *_sheet(["风向", *heads], means), [*notes, "静风的平均和小时数写在前两列"]),
    ]
    return xlsx(sheets_workbook(sheets), f"{title} 风与污染.xlsx")


def _page(request: HttpRequest) -> _Page:
    found = asked(request)
    found.last = clock.as_of()  # hours may be there before the day has been judged
    period = found.period(f"{found.last:%Y-%m}")
    item = found.text("item") or "pm25"
    if item not in ITEMS:
        found.errors["item"] = f"没有“{item[:20]}”这一项，请从列表中选"
        item = "pm25"
    version = AirReader(settings.DATA).version()
    station = _station(found)
    codes = (station.code,) if station else ()
    wind = _wind(settings.DATA, version, found.place.name, period.days, item, codes)
    return _Page(found, item, period, wind, station)


def _station(found: Asked) -> Station | None:
    """The one station asked for instead of the place's own."""
    code = found.text("station")
    if not code:
        return None
    rows = [one for one in StationReader(settings.DATA).stations() if one.code == code]
    if not rows:
        found.errors["station"] = f"没有登记“{code[:20]}”这个站点"
    return rows[-1] if rows else None


@lru_cache(maxsize=32)  # the key holds the version of the air data: what changes is computed anew
def _wind(data: Path, version: int, place: str, days: Days, item: str, codes: tuple[str, ...]) -> Wind | None:
    return wind_of(data, place, days, item, "realtime", codes)


def _shown(page: _Page, found: Wind) -> dict[str, Any]:
    days = page.period.days
    arguments = {"place": page.found.place.name, "item": page.item, "first": str(days.first), "last": str(days.last)}
    arguments |= {"stations": page.station.code} if page.station else {}
    return {
        "stations": found.stations,
        "calm_to": f"{found.rule.calm_to / 10**SCALE:g}",
        "least": found.rule.least_hours,
        "rose": {"hours": found.rose.hours, "unused": found.rose.unused, "heads": [*found.classes, "合计"], "rows": found.rose_rows()},
        "polar": {"heads": found.strengths, "rows": [(name, [_cell(*cell) for cell in cells]) for name, cells in found.polar_rows()]},
        "rose_chart": charts.shown("rose", arguments),
        "polar_chart": charts.shown("polar", arguments),
    }  # fmt: skip


def _cell(mean: str | None, hours: int) -> str:
    if not hours:
        return "—"
    return f"{mean or '—'}（{hours}）"


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _sheet(heads: list[str], rows: list[list[Any]]) -> tuple[list[Column], list[dict[str, Any]]]:
    columns = [Column(str(at), head, 14) for at, head in enumerate(heads)]
    return columns, [{str(at): value for at, value in enumerate(row)} for row in rows]
