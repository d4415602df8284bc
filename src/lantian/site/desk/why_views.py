"""Why: where the desk's own figures come from (the day's index, the year beside last year)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.basis.period import Days
from lantian.rulebook import NoRuleError
from lantian.site import clock, configured
from lantian.site.access import Action, action
from lantian.site.desk.days import day_or_404
from lantian.site.desk.figures import figures
from lantian.store.air import AirReader
from lantian.work.air_rules import index_rule, statistics_rule
from lantian.work.day_items import day_items


@action(Action.READ_DESK)
def why(request: HttpRequest, day: str) -> HttpResponse:
    """How the figures of a day on the desk came about: values, editions, periods, revisions."""
    as_of = day_or_404(day)
    if as_of > clock.as_of():
        raise Http404(f"nothing yet of {as_of}")
    air, city = AirReader(settings.DATA), configured.plan().cities[0]
    rows = air.days(city, Days(as_of, as_of))
    try:
        context = {
            "day": as_of,
            "figures": figures(as_of),
            "row": rows[0] if rows else None,
            "items": day_items(rows[0]) if rows else [],
            "revisions": [at for at, _ in air.revisions(city, as_of)],
            "rule": statistics_rule(as_of),
            "index": index_rule(as_of),
        }
    except NoRuleError as error:
        raise Http404(str(error)) from None
    return render(request, "desk/why.html", context)
