"""Charts the worker made, for any page of the air: the drawing, the picture, and the part that shows or awaits them."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lantian.air.item import PRINTED
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.ambient.asking import Asked, asked
from lantian.site.ambient.places import places
from lantian.site.bulletin import charts
from lantian.site.downloads import download, svg_picture
from lantian.work.air_drawings import KINDS

_OFFERED = {
    "calendar": "逐日 AQI 日历",
    "shares": "各月级别天数",
    "months": "各月与去年比较",
    "course": "逐日或逐月变化",
}
_STEPS = {"day": "日", "month": "月"}
_NAMES = ("place", "year", "item", "by", "first", "last", "stations", "values")
_LONGEST = 200


@action(Action.READ_AIR)
def page(request: HttpRequest) -> HttpResponse:
    """Charts of a place and year to keep as SVG or PNG; their tables stand on the pages linked to."""
    found = asked(request)
    number = found.year()
    kind = _one_of(found, "kind", _OFFERED, "calendar")
    item = _one_of(found, "item", PRINTED, "pm25")
    by = _one_of(found, "by", _STEPS, "day")
    arguments = {"place": found.place.name, "year": str(number)}
    if kind in ("months", "course"):
        arguments["item"] = item
    if kind == "course":
        arguments["by"] = by
    first = found.place.first.year if found.place.first else number
    context = {
        "asked": found,
        "kinds": _OFFERED.items(),
        "kind": kind,
        "items": PRINTED.items(),
        "item": item,
        "steps": _STEPS.items(),
        "by": by,
        "years": range(found.last.year, first - 1, -1),
        "number": number,
        "chart": None if found.errors else charts.shown(kind, arguments),
    }
    return render(request, "bulletin/charts.html", context, status=found.status)


def _one_of(found: Asked, name: str, choices: Mapping[str, str], default: str) -> str:
    """The choice of the address; the default for none, and for one that is unknown, which is told."""
    text = found.text(name) or default
    if text in choices:
        return text
    found.errors[name] = f"没有“{text[:20]}”这一项，请从列表中选"
    return default


@action(Action.READ_AIR)
def part(request: HttpRequest, kind: str) -> HttpResponse:
    """The part of a page that shows a chart, or says that it is being made."""
    return render(request, "bulletin/_chart.html", {"chart": charts.shown(kind, _arguments(request, kind))})


@action(Action.READ_AIR)
@require_POST
def make(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Has the worker make a chart, and shows the part of the page again, or the page it was asked for on."""
    charts.ask_for_chart(kind, _arguments(request, kind), now=clock.now())
    if request.headers.get("HX-Request"):
        return part(request, kind)
    back = request.POST.get("back", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else "bulletin:charts")


@action(Action.READ_AIR)
def svg(request: HttpRequest, kind: str) -> HttpResponse:
    """The drawing of a chart the worker made."""
    body = charts.chart_svg(kind, _arguments(request, kind))
    if body is None:
        raise Http404("not made yet")
    answer = svg_picture(body)
    answer["Cache-Control"] = "private, no-cache"  # its address does not name the version of the data
    return answer


@action(Action.READ_AIR)
def png(request: HttpRequest, kind: str) -> HttpResponse:
    """The picture of a chart the worker made, to keep."""
    arguments = _arguments(request, kind)
    body, found = charts.chart_png(kind, arguments), charts.chart(kind, arguments)
    if body is None or found is None:
        raise Http404("not made yet")
    return download(body, "image/png", f"{found.caption}.png")


def _arguments(request: HttpRequest, kind: str) -> dict[str, str]:
    """What is asked for: known kinds, names and places only, so that nobody has the worker draw nonsense."""
    given = {name: request.GET[name] for name in _NAMES if request.GET.get(name)}
    if kind not in KINDS or any(len(text) > _LONGEST for text in given.values()):
        raise Http404(f"no chart {kind}")
    if places().named(given.get("place", "")) is None:
        raise Http404("no such place")
    return given
