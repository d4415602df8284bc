"""One outlet over a day, a week or a month: curves with limits and flags, verdicts with their why, hits, revisions, files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lantian.basis.period import DAY, Days, beijing_date
from lantian.render.sparkline import Line, Shade, Step, figure
from lantian.rulebook.sources import source_text
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.stack.places import SHORT, county_names, factor_word, unit_word
from lantian.site.stack.selectors import visible_outlets
from lantian.stack.reasons import REASONS
from lantian.store.stack import verdicts
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_curve import Curve, LimitSpan, curves, days_of, limits, span_records
from lantian.work.stack_limits import limit_of, limit_sets, limited_factors
from lantian.work.stack_live import STATES, live

SPANS = {"day": "一天", "week": "七天", "month": "一个月"}
PERIODS = {"2051": "分钟", "2061": "小时", "2031": "日"}
_MOST_ROWS = 400
_LIMIT_WORDS = 11  # letters of a source that fit at the line
_ORDER = tuple(SHORT)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for."""

    outlet: Outlet
    day: date
    span: str
    cn: str

    @property
    def days(self) -> Days:
        """The days shown."""
        return days_of(self.day, self.span)


def outlet_of(request: HttpRequest, code: str) -> Outlet:
    """The published outlet of a code.

    Errors  Http404 where there is none, or the viewer may not read it
    """
    found = next((one for one in visible_outlets(request.user) if one.code == code), None)
    if found is None:
        raise Http404(code)
    return found


def asked_of(request: HttpRequest, code: str) -> Asked:
    """Outlet, day, span and length of period of a request; what is not understood falls back to today's minutes."""
    today = beijing_date(clock.now())
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = today
    span, cn = request.GET.get("span", "day"), request.GET.get("cn", "")
    span = span if span in SPANS else "day"
    return Asked(outlet_of(request, code), day, span, cn if cn in PERIODS else "2051" if span == "day" else "2061")


@action(Action.READ_STACK)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The outlet's page."""
    asked, now = asked_of(request, code), clock.now()
    outlet, days = asked.outlet, asked.days
    found = span_records(settings.DATA, outlet, days, asked.cn)
    first, until = datetime.combine(days.first, time()), datetime.combine(days.last, time()) + DAY
    judged = verdicts.hours(settings.DATA, first, until, outlet=outlet.code)
    (state,) = live(settings.DATA, [outlet], now=now)
    context: dict[str, Any] = {
        "asked": asked,
        "outlet": outlet,
        "county": county_names().get(outlet.region, outlet.region),
        "state": state,
        "state_word": STATES[state.state].zh,
        "spans": list(SPANS.items()),
        "periods": list(PERIODS.items()),
        "figures": [
            (one.factor, factor_word(one.factor, days.last), drawn(one, asked))
            for one in sorted(curves(found, days, asked.cn).values(), key=lambda one: _rank(one.factor))
        ],
        "limits": _limits(outlet, days.last),
        "limit_set": limit_sets().get(outlet.limit_set or ""),
        "judged": [_judged(one) for one in judged[:_MOST_ROWS]],
        "judged_count": len(judged),
        "day_verdicts": [
            _day(one) for one in verdicts.days(settings.DATA, days.first, days.last + DAY, outlet=outlet.code)
        ],
        "most": _MOST_ROWS,
        "hits": verdicts.hits(settings.DATA, first, until, outlet=outlet.code) if _staff(request) else [],
        "screened": verdicts.screened(settings.DATA, first, until, outlet=outlet.code) if _staff(request) else [],
        "before": _around(asked, days.first - DAY),
        "after": _around(asked, days.last + (DAY if asked.span != "week" else 7 * DAY)),
        "count": found.height,
    }
    return render(request, "stack/outlet.html", context)


def _staff(request: HttpRequest) -> bool:
    """Whether checks and suspicions may be shown: not to those they are about."""
    from lantian.site.access import OUTSIDE, role_of

    return role_of(request.user) not in OUTSIDE


def _rank(code: str) -> tuple[int, str]:
    return (_ORDER.index(code) if code in _ORDER else len(_ORDER), code)


def _around(asked: Asked, day: date) -> str:
    return f"{reverse('stack:outlet', args=[asked.outlet.code])}?span={asked.span}&cn={asked.cn}&day={day}"


def drawn(curve: Curve, asked: Asked) -> str:
    """SVG of a factor: measured thin, converted strong, the limit as it stepped, flagged spans shaded."""
    days, outlet = asked.days, asked.outlet
    word, unit = factor_word(curve.factor, days.last), unit_word(outlet, curve.factor)
    lines = [Line("实测", curve.measured, "before" if curve.converted else "now")]
    if curve.converted:
        lines.append(Line("折算", curve.converted, "now"))
    steps = [
        Step(
            (one.days.first - days.first).days, (one.days.last - days.first).days + 1, float(one.limit.hour or 0),
            _limit_words(one),
        )
        for one in limits(outlet, curve.factor, days)
    ]  # fmt: skip
    shades = [Shade(one.first, one.last, f"数据标记 {one.flag}") for one in curve.flags]
    every = -(-len(days) // 10)
    ticks: list[tuple[float, str]] = [
        ((day - days.first).days, f"{day.month}-{day.day}") for day in list(days)[::every]
    ]
    if len(days) == 1:
        ticks = [(hour / 24, f"{hour} 时") for hour in range(0, 24, 3)]
    title = f"{outlet.title} {word} {days.label()} {PERIODS[asked.cn]}值"
    return figure(
        lines, steps, title=title, unit=f"{word} {unit}".strip(), span=(0, len(days)), ticks=ticks, shades=shades
    )


def _limit_words(one: LimitSpan) -> str:
    """What stands at a limit line: its value, and the law or permit it comes from as far as there is room."""
    if one.limit.hour is None:
        return ""
    source = source_text(one.limit.source).zh
    short = source if len(source) <= _LIMIT_WORDS else f"{source[: _LIMIT_WORDS - 1]}…"
    return f"限 {one.limit.hour.normalize():f} {short}"


def _limits(outlet: Outlet, day: date) -> list[dict[str, Any]]:
    rows = []
    for code in sorted(limited_factors(outlet, day), key=_rank):
        found = limit_of(outlet, code, day)
        if found is not None:
            told = {"source": source_text(found.source).zh, "verified": found.confidence == "verified"}
            rows.append({"factor": factor_word(code, day), "found": found, **told})
    return rows


def _judged(one: verdicts.HourVerdict) -> dict[str, Any]:
    told = {"reasons": words_of(one.reasons), "source": source_text(one.source).zh}
    return {"verdict": one, "factor": factor_word(one.factor, one.start.date()), **told}


def _day(one: verdicts.DayVerdict) -> dict[str, Any]:
    return {"verdict": one, "factor": factor_word(one.factor, one.day), "reasons": words_of(one.reasons)}


def words_of(reasons: tuple[str, ...]) -> str:
    """Reasons of a verdict as one text."""
    return "；".join(REASONS[code].zh if code in REASONS else code for code in reasons)
