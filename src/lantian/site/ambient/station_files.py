"""The hours of a station as files: CSV, a workbook with days, changes and differences, the figure of an item."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from lantian.air.item import ITEMS
from lantian.air.quality import plain
from lantian.basis.period import BEIJING, day_of_hour_end_stamp
from lantian.render.columns import Column
from lantian.render.csv_table import csv_of
from lantian.site.access import Action, action
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.station_asked import Asked, asked_of, hours_of, version
from lantian.site.ambient.station_data import LABELS, StationHours, beside, changes
from lantian.site.ambient.station_figure import ORDER, day_item, hour_figure
from lantian.site.downloads import CSV, download, figure_file, xlsx
from lantian.store.air import AirReader
from lantian.store.hours import MEASURED
from lantian.work.air_unverified import STATION_DAY, unverified_notes
from lantian.work.duty import symbol


@action(Action.READ_AIR)
def station_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The hours as CSV, or hours, days, changes and differences as a workbook."""
    found = asked_of(request, code)
    if found.errors:
        raise Http404("; ".join(found.errors.values()))
    made: dict[str, Callable[[], HttpResponse]] = {"csv": lambda: _csv(found), "xlsx": lambda: _xlsx(found)}
    if kind not in made:
        raise Http404(kind)
    return made[kind]()


@action(Action.READ_AIR)
def station_svg(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """The figure of an item as a drawing."""
    found = asked_of(request, code)
    if found.errors or item not in ORDER:
        raise Http404(item)
    return figure_file(
        hour_figure(hours_of(found), item), f"{found.title} {LABELS[item]} {found.days.first}", _notes(found)
    )


def stamp(time: datetime) -> str:
    """An hour as the standards write it: the last one of a day is its 24:00."""
    day = day_of_hour_end_stamp(time)
    return f"{day} {time.hour or 24:02}:00"


def unit(item: str) -> str:
    """Unit of an item of the hours as it is printed."""
    return {"wind_direction": "°", "wind_speed": "m/s"}.get(item) or symbol(day_item(item))


def _columns() -> list[Column]:
    return [
        Column("time", "时间（时末）", 18),
        *(Column(item, f"{LABELS[item]}（{unit(item)}）", 13) for item in MEASURED),
    ]


def _lines(hours: StationHours) -> list[dict[str, Any]]:
    texts = ((hour, [None if one is None else plain(one) for one in hour.values]) for hour in hours.hours)
    return [{"time": stamp(hour.time), **dict(zip(MEASURED, cells, strict=True))} for hour, cells in texts]


def _notes(found: Asked) -> list[str]:
    notes = [
        f"{found.title}（{found.code}）{found.days.first} 至 {found.days.last}，{VALUES[found.values]}小时值，时间为该小时结束时刻"
    ]
    notes += [f"按 {found.known:%Y-%m-%d %H:%M} 时已知的数据"] if found.known else []
    simulated = found.current and AirReader(settings.DATA).simulated(found.current.city)
    return [*notes, *(["模拟数据"] if simulated else []), *unverified_notes(STATION_DAY, found.days)]


def _csv(found: Asked) -> HttpResponse:
    content = csv_of(_columns(), _lines(hours_of(found)), _notes(found))
    return download(content, CSV, f"{found.title} {found.days.first} 至 {found.days.last}.csv")


def _xlsx(found: Asked) -> HttpResponse:
    from lantian.render.tables import SheetOf, sheets_workbook  # openpyxl is loaded when a workbook is asked for

    hours, notes = hours_of(found), _notes(found)
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
        {"time": stamp(one.time), "item": one.item, "before": one.before, "after": one.after, "batch": one.batch,
         "known": f"{one.known_at.astimezone(BEIJING):%Y-%m-%d %H:%M}"}
        for one in changes(settings.DATA, version(), found.code, found.days, found.values)
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
    other = beside(settings.DATA, version(), found.code, found.days)
    if other:
        columns = [
            Column("time", "时间", 18),
            Column("item", "项目", 8),
            Column("a", "实况", 10),
            Column("b", "审核后", 10),
        ]
        rows = [
            {"time": stamp(one.time), "item": one.item, "a": one.realtime, "b": one.reviewed}
            for one in other.differences
        ]
        sheets.append(("实况与审核后", columns, rows, notes))
    return xlsx(sheets_workbook(sheets), f"{found.title} {found.days.first} 至 {found.days.last}.xlsx")
