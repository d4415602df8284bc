"""The desk for what comes in: air data, plans, and what came in before."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian import rulebook
from lantian.site import clock, configured
from lantian.site.access import Action, action
from lantian.store.air import AirReader
from lantian.store.layout import layouts
from lantian.store.station_layout import station_layouts

_LATEST = 30


@action(Action.IMPORT_AIR)
def intake(request: HttpRequest) -> HttpResponse:
    """Upload and paste, plans, import history."""
    return page(request)


def page(request: HttpRequest, *, air_error: str = "", plan_error: str = "", status: int = 200) -> HttpResponse:
    """The intake page, with an error beside the box it belongs to."""
    reader = AirReader(settings.DATA)
    plan = configured.plan()
    imports = reader.imports()
    cities = [(name, reader.earliest(name), reader.latest(name), reader.simulated(name)) for name in reader.cities()]
    own = set(plan.cities)
    titles = {layout.id: layout.title.zh for layout in layouts(settings.DATA).values()}
    titles |= {layout.id: layout.title.zh for layout in station_layouts(settings.DATA).values()}
    titles["stations"] = "站点登记表"
    context: dict[str, Any] = {
        "plan": plan,
        "plans": sorted(rulebook.plans(settings.DATA).values(), key=lambda one: (one.built_in, one.id)),
        "imports": [
            (one, titles.get(one.layout, "模拟数据" if one.kind == "simulated" else one.layout))
            for one in imports[:_LATEST]
        ],
        "more": max(0, len(imports) - _LATEST),
        "cities": sorted(cities, key=lambda city: (city[0] not in own, city[0]))[:50],
        "air_error": air_error,
        "plan_error": plan_error,
        "pasted": request.POST.get("pasted", ""),
        "today": clock.duty_day(),
    }
    return render(request, "intake/intake.html", context, status=status)
