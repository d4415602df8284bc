"""All outlets as they stand now: list, map, workbook. Nothing here is a finding; it prompts a look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.basis.period import beijing_date
from lantian.render.columns import Column
from lantian.render.map_svg import Shape, Spot, map_svg
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.downloads import xlsx
from lantian.site.stack.places import UNITS, county_names, factor_word
from lantian.site.stack.selectors import visible_outlets
from lantian.store.geo import layer
from lantian.work.stack_live import SHOWN, STATES, Live, LiveValue, live

_ON_PAGE = 100
_COLOURS = {
    "online": "#3a9d5d",
    "late": "#e0a030",
    "out_of_control": "#e0a030",
    "exceeding": "#c0392b",
    "lost": "#c0392b",
}
_ORDER = tuple(STATES)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address."""

    county: str
    state: str
    text: str

    def takes(self, one: Live) -> bool:
        """Whether an outlet is asked for."""
        words = f"{one.outlet.code} {one.outlet.company} {one.outlet.name} {one.outlet.operator} {one.outlet.kind}"
        return (
            self.county in ("", one.outlet.region)
            and self.state in ("", one.state)
            and self.text.casefold() in words.casefold()
        )


def asked_of(request: HttpRequest) -> Asked:
    """The filters of a request; what is not known filters nothing."""
    county, state = request.GET.get("county", ""), request.GET.get("state", "")
    return Asked(
        county if county in county_names() else "",
        state if state in STATES else "",
        request.GET.get("q", "").strip()[:60],
    )


@action(Action.READ_STACK)
def page(request: HttpRequest) -> HttpResponse:
    """The list and the map."""
    now, asked = clock.now(), asked_of(request)
    every = live(settings.DATA, visible_outlets(request.user), now=now)
    chosen = sorted(
        (one for one in every if asked.takes(one)), key=lambda one: (_ORDER.index(one.state), one.outlet.title)
    )
    today = beijing_date(now)
    rows = Paginator(chosen, _ON_PAGE).get_page(request.GET.get("page"))
    counted = Counter(one.state for one in every)
    context: dict[str, Any] = {
        "asked": asked,
        "page": rows,
        "rows": [_row(one, today) for one in rows.object_list],
        "heads": [(factor_word(code, today), UNITS[code]) for code in SHOWN],
        "counted": [(state, STATES[state].zh, counted[state]) for state in STATES if counted[state]],
        "states": [(state, words.zh) for state, words in STATES.items()],
        "counties": list(county_names().items()),
        "any": bool(every),
        "simulated": any(one.outlet.simulated for one in every),
        "map": _map(chosen),
        "now": now,
    }
    return render(request, "stack/live.html", context)


def _row(one: Live, today: date) -> dict[str, Any]:
    return {
        "live": one,
        "outlet": one.outlet,
        "county": county_names().get(one.outlet.region, one.outlet.region),
        "state": STATES[one.state].zh,
        "cells": [one.values.get(code) for code in SHOWN],
        "others": len([code for code in one.values if code not in SHOWN]),
    }


def _map(chosen: list[Live]) -> str:
    spots = [
        Spot(
            float(one.outlet.longitude), float(one.outlet.latitude), one.outlet.name, "", _COLOURS.get(one.state),
            f"{one.outlet.title} {STATES[one.state].zh}",
        )
        for one in chosen
        if one.outlet.longitude is not None and one.outlet.latitude is not None
    ]  # fmt: skip
    found = layer(settings.DATA)
    shapes = [Shape(area.name, area.rings) for area in found.areas] if found else []
    return map_svg(spots, shapes, title="排放口实时状态", near=False) if spots else ""


@action(Action.READ_STACK)
def workbook(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    from lantian.render.tables import workbook as made  # openpyxl is loaded when a workbook is asked for

    now, asked = clock.now(), asked_of(request)
    today = beijing_date(now)
    chosen = [one for one in live(settings.DATA, visible_outlets(request.user), now=now) if asked.takes(one)]
    columns = [
        Column("code", "排放口编号", 18),
        Column("company", "企业", 24),
        Column("name", "排放口", 18),
        Column("county", "县（市）区", 12),
    ]
    columns += [Column("state", "状态", 10), Column("seen", "最近收到", 18), Column("time", "数据时间", 18)]
    for code in SHOWN:
        columns.append(Column(code, f"{factor_word(code, today)}（{UNITS[code]}）", 12))
        columns.append(Column(f"{code}.limit", f"{factor_word(code, today)}限值", 10))
    notes = [f"{now.astimezone():%Y-%m-%d %H:%M} 的实时状态，仅作提示，是否超标以标记期结束后的判定为准"]
    if any(one.outlet.simulated for one in chosen):
        notes.append("含模拟数据")
    return xlsx(
        made("排放口实时状态", columns, [_cells(one) for one in chosen], notes=notes), f"排放口实时状态 {today}.xlsx"
    )


def _cells(one: Live) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "code": one.outlet.code,
        "company": one.outlet.company,
        "name": one.outlet.name,
        "county": county_names().get(one.outlet.region, one.outlet.region),
        "state": STATES[one.state].zh,
        "seen": f"{one.seen_at:%Y-%m-%d %H:%M:%S}" if one.seen_at else "",
        "time": f"{one.data_time:%Y-%m-%d %H:%M}" if one.data_time else "",
    }
    for code, value in one.values.items():
        cells[code] = number(value)
        cells[f"{code}.limit"] = float(value.limit.hour) if value.limit and value.limit.hour is not None else None
    return cells


def number(value: LiveValue) -> float | str | None:
    """What a workbook's cell holds: the converted value where there is one, else the measured one."""
    text = value.converted if value.converted is not None else value.measured
    try:
        return None if text is None else float(text)
    except ValueError:
        return text
