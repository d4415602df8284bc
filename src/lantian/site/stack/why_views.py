"""“Why?” of one hour of an outlet: minutes, validity, formula, limit and its source, revisions, editions, digest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.basis.period import BEIJING
from lantian.rulebook.sources import source_text
from lantian.site.access import Action, action
from lantian.site.alarms.selectors import marks
from lantian.site.stack.outlet_views import outlet_of, words_of
from lantian.site.stack.places import edition_word, factor_word, unit_word
from lantian.stack.reasons import REASONS
from lantian.stack.validity import COUNTS
from lantian.work.stack_why import Arrival, hour_why

_KINDS = {"2051": "分钟", "2061": "小时"}


@action(Action.READ_STACK)
def page(request: HttpRequest, code: str, factor: str, hour: str) -> HttpResponse:
    """The page of an hour (``YYYYMMDDHH``, its start)."""
    outlet = outlet_of(request, code)
    try:
        start = datetime.strptime(hour, "%Y%m%d%H")  # noqa: DTZ007  Beijing civil time, as records are kept
    except ValueError:
        raise Http404(hour) from None
    found = hour_why(settings.DATA, outlet, factor, start, marks(start.date(), start.date()))
    if found is None:
        raise Http404(f"{factor} {hour}")
    context: dict[str, Any] = {
        "outlet": outlet,
        "why": found,
        "verdict": found.verdict,
        "factor": factor_word(factor, start.date()),
        "unit": unit_word(outlet, factor),
        "reasons": words_of(found.verdict.reasons),
        "source": source_text(found.verdict.source).zh,
        "unverified": found.limit is not None and found.limit.confidence != "verified",
        "others": "；".join(source_text(one).zh for one in found.limit.others) if found.limit else "",
        "editions": [edition_word(one) for one in found.editions],
        "rows": [_row(one) for one in found.arrivals],
        "late": sum(one.after for one in found.arrivals),
    }
    return render(request, "stack/hour.html", context)


def _row(one: Arrival) -> dict[str, Any]:
    return {
        "kind": _KINDS[one.cn],
        "one": one,
        "received_at": one.received_at.astimezone(BEIJING),
        "told": _told(one),
    }


def _told(one: Arrival) -> str:
    """Why a record does or does not go into the hour."""
    if one.replaced:
        return "已被后到的数据替换"
    parts = ["判定之后到达，尚未计入"] if one.after else []
    if one.marked:
        parts.append("标记期内，不计入")
    if one.effect != COUNTS:
        parts.append(REASONS[one.effect].zh if one.effect in REASONS else one.effect)
    return "；".join(parts)
