"""The calendar of a year and the page of one day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lantian.air.item import ITEMS, PRINTED
from lantian.basis.period import DAY, Days, year
from lantian.render.calendar_svg import month_svg
from lantian.render.columns import Column
from lantian.rulebook.dated import TOTAL_FROM
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.ambient.asking import Asked, asked
from lantian.site.ambient.drawn import Page, drawn
from lantian.site.ambient.figures import calendar_of
from lantian.site.ambient.places import Place, places
from lantian.site.ambient.stations import station_days
from lantian.site.desk.days import day_or_404
from lantian.site.downloads import xlsx
from lantian.store.air import AirReader, CityDay, ImportRecord
from lantian.work.air_advice import advice
from lantian.work.air_rules import index_rule
from lantian.work.air_unverified import INDEX, STATISTICS, unverified, unverified_notes
from lantian.work.day_items import day_items, given_text
from lantian.work.duty import reading, symbol

SOURCES = {"table": "导入的城市日均值表", "hours": "由站点小时值计算", "stations": "由站点日均值计算"}


@action(Action.READ_AIR)
def calendar(request: HttpRequest) -> HttpResponse:
    """A year of one place, every day in the colour of its category."""
    return drawn(request, "ambient/calendar.html", lambda: _calendar(asked(request)))


def _calendar(found: Asked) -> Page:
    number = found.year()
    shown = calendar_of(found.place.name, number, found.last)
    first = found.place.first.year if found.place.first else number
    address = _address(found.place, found.places.city)
    context = {
        "asked": found,
        "calendar": shown,
        "number": number,
        "months": [(month, month_svg(cells, address)) for month, cells in shown.months],
        "unverified": unverified((*INDEX, *STATISTICS), shown.days),
        "years": range(found.last.year, first - 1, -1),
    }
    title = f"{found.place.title} {number} 年空气日历"
    return Page(title, "空气日历", "模拟数据" if shown.simulated else "", context, found.status)


@action(Action.READ_AIR)
def calendar_xlsx(request: HttpRequest) -> HttpResponse:
    """The days of the calendar as a workbook."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    found = asked(request)
    number = found.year()
    if found.errors:
        raise Http404("; ".join(found.errors.values()))
    rows = AirReader(settings.DATA).days(found.place.name, year(number).until(found.last))
    columns = [
        Column("date", "日期"), Column("aqi", "AQI", 8), Column("category", "类别", 10), Column("primary", "首要污染物", 16),
        *(Column(item, f"{PRINTED[item]}（{symbol(item)}）", 14) for item in ITEMS), Column("edition", "版本", 14),
    ]  # fmt: skip
    lines = [
        {"date": row.date, "aqi": row.aqi, "category": row.category, "primary": "、".join(row.primary),
         "edition": row.edition, **{item: _number(row.printed.get(item)) for item in ITEMS}}
        for row in rows
    ]  # fmt: skip
    notes = [
        f"{found.place.title} {number} 年，修约后的日均值；实况，未经审核",
        *(["模拟数据"] if any_simulated(rows) else []),
        *unverified_notes((*INDEX, *STATISTICS), year(number).until(found.last)),
    ]
    return xlsx(workbook(f"{number}年日历", columns, lines, notes=notes), f"{found.place.title}{number}年日历.xlsx")


def any_simulated(rows: list[CityDay]) -> bool:
    """Whether any of the days is simulated."""
    return any(row.simulated for row in rows)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _address(place: Place, city: Place) -> Callable[[date], str]:
    asks = "" if place.name == city.name else "?" + urlencode({"place": place.name})
    pattern = reverse("ambient:day", args=["0000-00-00"])
    return lambda day: pattern.replace("0000-00-00", day.isoformat()) + asks


# ---- one day


@dataclass(frozen=True, slots=True)
class Revision:
    """One row a day has had: when it became known, what of it changed, by which import."""

    at: object
    changed: str
    record: ImportRecord | None


@action(Action.READ_AIR)
def day(request: HttpRequest, day: str) -> HttpResponse:
    """One day of a place: items, index, category, where it comes from, its stations."""
    when, place = day_or_404(day), places().named(request.GET.get("place", ""))
    if place is None:
        raise Http404(f"unknown place: {request.GET.get('place', '')[:40]}")
    if not TOTAL_FROM <= when <= clock.as_of():
        raise Http404(f"no rules before {TOTAL_FROM}, nothing yet after {clock.as_of()}: {when}")
    return drawn(request, "ambient/day.html", lambda: _day(when, place))


def _day(when: date, place: Place) -> Page:
    air, known, rule = AirReader(settings.DATA), places(), index_rule(when)
    rows = air.days(place.name, Days(when, when))
    row = rows[0] if rows else None
    context = {
        "day": when,
        "place": place,
        "is_city": place.name == known.city.name,
        "row": row,
        "reading": reading(place.title, row, rule) if row else None,
        "rule": rule,
        "items": day_items(row) if row else [],
        "advice": advice(row.aqi, row.iaqi, when) if row and row.aqi is not None else None,
        "source": SOURCES.get(row.source, row.source) if row else "",
        "differences": differences(air, row) if row else [],
        "revisions": revisions(air, place.name, when, row.source if row else "table"),
        "stations": station_days(when, place, known),
        "unverified": unverified(INDEX, Days(when, when)),
        "before": when - DAY if place.first and when > place.first else None,
        "after": when + DAY if when < clock.as_of() else None,
    }
    heading = f"{place.title} {when}"
    return Page(heading, heading, "模拟数据" if row and row.simulated else "", context)


def differences(air: AirReader, row: CityDay) -> list[str]:
    """What another series of the same day says otherwise, in printed values: both are shown, neither silently taken."""
    found = []
    for source in SOURCES:
        others = air.of_source(row.city, Days(row.date, row.date), source) if source != row.source else []
        for other in others:
            told = [
                f"{PRINTED[item]} {other.printed[item] or '无'}（此处 {row.printed[item] or '无'}）"
                for item in ITEMS
                if other.printed[item] != row.printed[item]
            ]
            if told:
                found.append(f"{SOURCES[source]}：{'，'.join(told)}")
    return found


def revisions(air: AirReader, city: str, when: date, source: str) -> list[Revision]:
    """Rows a day has had in one series, newest first, each with what it changed and the import that brought it."""
    records = {record.id: record for record in air.imports()}
    rows = air.revisions(city, when, source=source)
    found: list[Revision] = []
    before: dict[str, int | None] = {}
    for (at, values), batch in zip(rows, air.brought_by(city, when, source=source), strict=True):
        changed = [
            f"{PRINTED[item]} {given_text(before.get(item)) or '无'} → {given_text(values[item]) or '无'}"
            for item in ITEMS
            if before and before.get(item) != values[item]
        ]
        found.append(Revision(at, "，".join(changed), records.get(batch)))
        before = values
    return found[::-1]
