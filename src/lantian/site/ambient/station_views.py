"""One station: hours of a week or a month, days with their limits, presence, what changed, findings, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lantian.air.item import HOUR_ITEMS, ITEMS
from lantian.air.quality import plain
from lantian.basis.period import BEIJING, DAY, Days, day_of_hour_end_stamp, month
from lantian.render.columns import Column
from lantian.render.csv_table import csv_of
from lantian.render.presence_svg import presence_svg
from lantian.rulebook.dated import TOTAL_FROM
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.ambient.models import FindingNote
from lantian.site.ambient.quality_page import VALUES, Shown, shown
from lantian.site.ambient.quality_words import NATIONAL_RULE, UNCHANGED
from lantian.site.ambient.station_data import LABELS, StationHours, beside, changes, station_hours
from lantian.site.ambient.station_figure import day_item, hour_figure
from lantian.site.downloads import CSV, download, figure_file, xlsx
from lantian.site.journal.models import Entry
from lantian.store.air import AirReader
from lantian.store.hours import MEASURED
from lantian.store.quality import quality_month
from lantian.store.stations import ROLES, Station, StationReader
from lantian.work.duty import symbol

ORDER = ("pm25", "pm10", "so2", "no2", "o3", "co")  # as reports list them
SPANS = {"week": "一周", "month": "一月"}
LAST = date(2999, 12, 31)  # beyond it a date is a slip
_MOST = 200


@dataclass(slots=True)
class Asked:
    """The address of a station's page read once."""

    code: str
    rows: list[Station]
    days: Days
    day: date
    span: str
    values: str
    known: datetime | None
    errors: dict[str, str]

    @property
    def status(self) -> int:
        """HTTP status: 400 where something in the address could not be read."""
        return 400 if self.errors else 200

    @property
    def current(self) -> Station | None:
        """The row that holds at the end of the days, else the last one."""
        return next((one for one in self.rows if one.valid_on(self.days.last)), self.rows[-1] if self.rows else None)

    @property
    def title(self) -> str:
        """The station's name, or its code where it is not registered."""
        return self.current.name if self.current else self.code


@action(Action.READ_AIR)
def station(request: HttpRequest, code: str) -> HttpResponse:
    """One station over a week or a month."""
    found = _asked(request, code)
    hours = _hours(found)
    changed = changes(settings.DATA, _version(), code, found.days, found.values)
    other = beside(settings.DATA, _version(), code, found.days)
    around = _around(found)
    wind = MEASURED if hours.wind else HOUR_ITEMS
    whole = month(found.days.last.year, found.days.last.month)
    findings = _findings(found)
    context: dict[str, Any] = {
        "asked": found,
        "station": found.current,
        "role": ROLES[found.current.role].zh if found.current else "",
        "roles": ROLES,
        "spans": list(SPANS.items()),
        "values": list(VALUES.items()),
        "values_word": VALUES[found.values],
        "data": hours,
        "any_value": any(any(value is not None for value in hour.values) for hour in hours.hours),
        "heads": [(LABELS[item], _unit(item)) for item in wind],
        "hour_rows": _rows(hours, len(wind)),
        "day_heads": [LABELS[item] for item in ITEMS],
        "figures": [(item, LABELS[item], hour_figure(hours, item)) for item in ORDER] if hours.hours else [],
        "limit_words": _limit_words(hours),
        "presence": presence_svg(
            whole, {day: counts[0] for day, counts in hours.presence.items()}, _told(hours), around
        ),
        "changes": changed[:_MOST],
        "changes_count": len(changed),
        "beside": other,
        "differences": other.differences[:_MOST] if other else (),
        "most": _MOST,
        "findings": findings,
        "rule": NATIONAL_RULE,
        "unchanged": UNCHANGED,
        "before": around(found.days.first - DAY),
        "after": around(found.days.last + DAY),
        "revisions": StationReader(settings.DATA).revisions(code)[::-1],
        "entries": Entry.objects.filter(subject__startswith=f"站点 {code} ").select_related("by")[:20],
        "simulated": bool(found.current) and AirReader(settings.DATA).simulated(found.current.city),  # type: ignore[union-attr]
    }
    return render(request, "ambient/station.html", context, status=found.status)


@action(Action.READ_AIR)
def station_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The hours as CSV, or hours, days, changes and differences as a workbook."""
    found = _asked(request, code)
    if found.errors:
        raise Http404("; ".join(found.errors.values()))
    made: dict[str, Callable[[], HttpResponse]] = {"csv": lambda: _csv(found), "xlsx": lambda: _xlsx(found)}
    if kind not in made:
        raise Http404(kind)
    return made[kind]()


@action(Action.READ_AIR)
def station_svg(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """The figure of an item as a drawing."""
    found = _asked(request, code)
    if found.errors or item not in ORDER:
        raise Http404(item)
    return figure_file(
        hour_figure(_hours(found), item), f"{found.title} {LABELS[item]} {found.days.first}", _notes(found)
    )


def _asked(request: HttpRequest, code: str) -> Asked:
    reader, given, errors = StationReader(settings.DATA), request.GET, dict[str, str]()
    rows = [one for one in reader.stations() if one.code == code]
    values = given.get("values", "realtime")
    if values not in VALUES:
        errors["values"], values = "请选实况或审核后", "realtime"
    heard = reader.heard(values).get(code) or reader.heard().get(code)
    if not rows and heard is None:
        raise Http404(code)
    span = given.get("span", "week")
    if span not in SPANS:
        errors["span"], span = "请选一周或一月", "week"
    day = heard[1] if heard else clock.as_of()
    if text := given.get("day", "").strip():
        try:
            asked = date.fromisoformat(text)
            if not TOTAL_FROM <= asked <= LAST:
                errors["day"] = f"请选 {TOTAL_FROM} 至 {LAST} 之间的日期"
            else:
                day = asked
        except ValueError:
            errors["day"] = f"“{text[:20]}”不是日期。请写成 2025-10-15 这样"
    known = None
    if text := given.get("known", "").strip():
        try:
            known = datetime.fromisoformat(text).replace(tzinfo=BEIJING)
        except ValueError:
            errors["known"] = f"“{text[:20]}”不是时间。请写成 2025-10-15T08:00 这样"
    return Asked(code, rows, days_of(day, span), day, span, values, known, errors)


def days_of(day: date, span: str) -> Days:
    """The week (Monday first) or the month a day lies in; nothing before the rulebook begins."""
    if span == "month":
        return month(day.year, day.month)
    first = day - timedelta(days=day.weekday())
    return Days(max(first, TOTAL_FROM), first + timedelta(days=6))


def _version() -> int:
    return AirReader(settings.DATA).version()


def _hours(found: Asked) -> StationHours:
    return station_hours(settings.DATA, _version(), found.code, found.days, found.values, found.known)


def _around(found: Asked) -> Callable[[date], str]:
    """Address of this page around another day."""
    given = {"span": found.span} | ({"values": found.values} if found.values != "realtime" else {})
    base = reverse("ambient:station", args=[found.code])
    return lambda day: f"{base}?{urlencode({**given, 'day': day})}"


def _rows(hours: StationHours, width: int) -> str:
    """Rows of the table of hours as HTML: some hundreds of them, which a template writes ten times slower."""
    lines = []
    for hour in hours.hours:
        cells = "".join(f'<td class="number">{"—" if one is None else plain(one)}</td>' for one in hour.values[:width])
        day = ' class="day"' if hour.time.hour == 1 else ""
        lines.append(f'<tr{day}><td class="when">{escape(_stamp(hour.time))}</td>{cells}</tr>')
    return "".join(lines)


def _stamp(time: datetime) -> str:
    """An hour as the standards write it: the last one of a day is its 24:00."""
    day = day_of_hour_end_stamp(time)
    return f"{day} {time.hour or 24:02}:00"


def _told(hours: StationHours) -> dict[date, str]:
    return {
        day: "，".join(f"{LABELS[item]} {count}" for item, count in zip(HOUR_ITEMS, counts[1:], strict=True))
        for day, counts in hours.presence.items()
    }


def _unit(item: str) -> str:
    return {"wind_direction": "°", "wind_speed": "m/s"}.get(item) or symbol(day_item(item))


def _limit_words(hours: StationHours) -> str:
    editions = dict.fromkeys(one.edition for one in hours.limits)
    return "；".join(
        f"{edition} 二级 "
        + "、".join(f"{LABELS[o.item]} {float(o.value):g}" for o in hours.limits if o.edition == edition)
        for edition in editions
    )


def _findings(found: Asked) -> list[Shown]:
    months = dict.fromkeys(f"{day:%Y-%m}" for day in (found.days.first, found.days.last))
    kept = [quality_month(settings.DATA, found.values, one) for one in months]
    notes: dict[str, list[FindingNote]] = {}
    for note in FindingNote.objects.filter(station=found.code, withdrawn_at=None).select_related("entered_by"):
        notes.setdefault(note.key, []).append(note)
    first, end = f"{found.days.first}", f"{found.days.last + DAY}"
    return [
        shown(one, found.current, tuple(notes.get(one.key, ())))
        for page in kept
        if page
        for one in page.findings
        if one.station == found.code and one.first <= end and one.last >= first
    ]


# ---- files


def _columns() -> list[Column]:
    return [
        Column("time", "时间（时末）", 18),
        *(Column(item, f"{LABELS[item]}（{_unit(item)}）", 13) for item in MEASURED),
    ]


def _lines(hours: StationHours) -> list[dict[str, Any]]:
    texts = ((hour, [None if one is None else plain(one) for one in hour.values]) for hour in hours.hours)
    return [{"time": _stamp(hour.time), **dict(zip(MEASURED, cells, strict=True))} for hour, cells in texts]


def _notes(found: Asked) -> list[str]:
    notes = [
        f"{found.title}（{found.code}）{found.days.first} 至 {found.days.last}，{VALUES[found.values]}小时值，时间为该小时结束时刻"
    ]
    notes += [f"按 {found.known:%Y-%m-%d %H:%M} 时已知的数据"] if found.known else []
    simulated = found.current and AirReader(settings.DATA).simulated(found.current.city)
    return [*notes, "模拟数据"] if simulated else notes


def _csv(found: Asked) -> HttpResponse:
    content = csv_of(_columns(), _lines(_hours(found)), _notes(found))
    return download(content, CSV, f"{found.title} {found.days.first} 至 {found.days.last}.csv")


def _xlsx(found: Asked) -> HttpResponse:
    from lantian.render.tables import SheetOf, sheets_workbook  # openpyxl is loaded when a workbook is asked for

    hours, notes = _hours(found), _notes(found)
    lines = [
        {key: float(cell) if key != "time" and cell else cell for key, cell in row.items()} for row in _lines(hours)
    ]
    days = [
        {"day": one.day, "hours": one.hours}
        | {item: None if text is None else float(text) for item, (text, _) in zip(ITEMS, one.values, strict=True)}
        for one in hours.by_day
    ]
    day_columns = [
        Column("day", "日期"),
        Column("hours", "有值小时", 10),
        *(Column(item, LABELS[item], 10) for item in ITEMS),
    ]
    changed = [
        {"time": _stamp(one.time), "item": one.item, "before": one.before, "after": one.after, "batch": one.batch,
         "known": f"{one.known_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"}
        for one in changes(settings.DATA, _version(), found.code, found.days, found.values)
    ]  # fmt: skip
    change_columns = [
        Column("time", "时间", 18), Column("item", "项目", 8), Column("before", "原值", 10), Column("after", "改为", 10),
        Column("known", "得知时间", 18), Column("batch", "导入批次", 10),
    ]  # fmt: skip
    sheets: list[SheetOf] = [
        ("小时值", _columns(), lines, notes),
        ("日值", day_columns, days, notes),
        ("改动", change_columns, changed, notes),
    ]
    other = beside(settings.DATA, _version(), found.code, found.days)
    if other:
        columns = [
            Column("time", "时间", 18),
            Column("item", "项目", 8),
            Column("a", "实况", 10),
            Column("b", "审核后", 10),
        ]
        rows = [
            {"time": _stamp(one.time), "item": one.item, "a": one.realtime, "b": one.reviewed}
            for one in other.differences
        ]
        sheets.append(("实况与审核后", columns, rows, notes))
    return xlsx(sheets_workbook(sheets), f"{found.title} {found.days.first} 至 {found.days.last}.xlsx")
