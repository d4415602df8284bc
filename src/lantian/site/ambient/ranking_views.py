"""Rankings: the counties of the city, and the cities of its province there is data for."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from lantian.render.columns import Column
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.ambient.asking import Asked, asked, offered
from lantian.site.ambient.drawn import Page, drawn
from lantian.site.ambient.figures import standings_of
from lantian.site.ambient.month_tables import given_tables, months_given
from lantian.site.ambient.places import ranked_cities
from lantian.site.ambient.stations import none_registered, ranked_counties
from lantian.site.downloads import xlsx
from lantian.store.air import AirReader
from lantian.work.air_periods import Period, words
from lantian.work.air_standings import MEASURES, Measure, Row, Standings
from lantian.work.air_unverified import COMPOSITE, INDEX, unverified, unverified_notes


class Group(StrEnum):
    """Which places are ranked together."""

    CITIES = "cities"
    COUNTIES = "counties"


RULES = (*INDEX, *COMPOSITE)
GROUPS = {Group.CITIES: "全省各市", Group.COUNTIES: "本市县（市）区"}


@action(Action.READ_AIR)
def ranking(request: HttpRequest) -> HttpResponse:
    """Places ranked over a period by a measure."""
    return drawn(request, "ambient/ranking.html", lambda: _ranking(request))


def _ranking(request: HttpRequest) -> Page:
    found, group, period, shown = _asked(request)
    context = {
        "asked": found,
        "group": group.value,
        "groups": [(one.value, name) for one, name in GROUPS.items()],
        "measure": shown.measure.value,
        "measures": [(one.value, name) for one, name in MEASURES.items()],
        "period": period,
        "chosen": found.text("period") or period.text,
        "offered": offered(found.last),
        "standings": shown,
        "last_words": words(shown.last_days),
        "own": found.places.city.name,
        "none_registered": group is Group.COUNTIES and none_registered(),
        "unverified": unverified(RULES, period.days),
        "given": given_tables(period.days, found.places, counties=group is Group.COUNTIES),
        "given_months": months_given(found.last, found.places, counties=group is Group.COUNTIES),
        "uncoded": found.places.uncoded if group is Group.CITIES else 0,
    }
    return Page("排名", "排名", "含模拟数据" if _simulated(shown) else "", context, found.status)


@action(Action.READ_AIR)
def ranking_xlsx(request: HttpRequest) -> HttpResponse:
    """The ranking as a workbook."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    found, group, period, shown = _asked(request)
    if found.errors:
        raise Http404("; ".join(found.errors.values()))
    heads = {
        "place": "名次", "title": "地区", "index": "综合指数", "last_index": "去年同期综合指数", "index_change": "综合指数变化（%）",
        "pm25": "PM2.5（µg/m³）", "last_pm25": "去年同期 PM2.5", "pm25_change": "PM2.5 变化（%）",
        "good_ratio": "优良天数比率（%）", "last_good_ratio": "去年同期优良率", "good_change": "优良率变化（百分点）",
        "largest": "最大单项指数", "valid_days": "有效天数", "reason": "说明",
    }  # fmt: skip
    columns = [Column(key, head, 30 if key == "reason" else 14) for key, head in heads.items()]
    rows = [{key: _cell(row, key) for key in heads} for row in (*shown.placed, *shown.apart)]
    title = f"{GROUPS[group]}{MEASURES[shown.measure]}排名"
    notes = [
        f"{title} {period.words}；去年同期 {words(shown.last_days)}，按今年各日的版本计算，两年口径一致；统计按 {shown.edition}；实况，未经审核",
        *(["含模拟数据"] if _simulated(shown) else []),
        *unverified_notes(RULES, period.days),
    ]
    return xlsx(workbook("排名", columns, rows, notes=notes), f"{title}{period.words}.xlsx")


def _cell(row: Row, key: str) -> object:
    value = getattr(row, key)
    if key in ("title", "largest", "reason", "place", "valid_days") or value is None:
        return value
    return float(value.replace("−", "-"))


def _asked(request: HttpRequest) -> tuple[Asked, Group, Period, Standings]:
    found = asked(request)
    alone = len(found.places.cities) < 2 and any(one.last for one in found.places.counties)
    group = found.choice("group", Group, Group.COUNTIES if alone else Group.CITIES)
    members = found.places.cities if group is Group.CITIES else found.places.counties
    known = [one.last for one in members if one.last]
    found.last = min(max(known), clock.as_of()) if known else found.last
    period = found.period()
    measure = found.choice("by", Measure, Measure.INDEX)
    counties = group is Group.COUNTIES
    candidates = ranked_counties(found.places, period.days) if counties else ranked_cities(found.places)
    return found, group, period, standings_of(candidates, period.days, measure)


def _simulated(shown: Standings) -> bool:
    air = AirReader(settings.DATA)
    return any(air.simulated(row.name) for row in (*shown.placed, *shown.apart))
