"""Why: where the desk's own figures come from (the day's index, the year beside last year)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.air.item import ITEMS, PRINTED, SCALE
from lantian.basis.exact import text_of
from lantian.basis.period import Days
from lantian.rulebook import NoRuleError
from lantian.site import clock, configured
from lantian.site.access import Action, action
from lantian.site.desk.days import day_or_404
from lantian.site.desk.figures import figures
from lantian.store.air import AirReader, CityDay
from lantian.work.air_rules import index_rule, statistics_rule
from lantian.work.duty import symbol


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a day: as it came, as printed, its sub-index."""

    name: str
    unit: str
    raw: str | None
    printed: str | None
    iaqi: int | None


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
            "items": _items(rows[0]) if rows else [],
            "revisions": [at for at, _ in air.revisions(city, as_of)],
            "rule": statistics_rule(as_of),
            "index": index_rule(as_of),
        }
    except NoRuleError as error:
        raise Http404(str(error)) from None
    return render(request, "desk/why.html", context)


def _items(row: CityDay) -> list[Item]:
    raw = {item: None if (value := row.values.get(item)) is None else _short(text_of(value, SCALE)) for item in ITEMS}
    return [Item(PRINTED[item], symbol(item), raw[item], row.printed.get(item), row.iaqi.get(item)) for item in ITEMS]


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
