"""Today: the latest day of city and counties, the last hour of the stations, a map with its list, advice on health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from lantian.basis.period import BEIJING, Days, beijing_date, day_of_hour_end_stamp
from lantian.render.columns import Column
from lantian.render.map_svg import Shape, Spot, map_svg
from lantian.site import clock, configured
from lantian.site.access import Action, action
from lantian.site.ambient.drawn import Page, drawn
from lantian.site.ambient.places import last_day, places
from lantian.site.ambient.stations import last_hour, unregistered
from lantian.site.downloads import xlsx
from lantian.store.air import AirReader
from lantian.store.geo import Layer, layer
from lantian.store.stations import OF_CITY, ROLES
from lantian.work.air_advice import Advice, advice
from lantian.work.air_now import HourOf, Now, hour_words
from lantian.work.air_rules import index_rule
from lantian.work.air_unverified import HOUR_INDEX, INDEX, unverified, unverified_notes
from lantian.work.duty import Yesterday, yesterday

LATE_AFTER = timedelta(hours=2)  # HJ 633 asks for an hour's report within the hour after it; one more before it is said


@dataclass(frozen=True, slots=True)
class Maps:
    """The city's area with every station as a dot, and the national stations large with their numbers."""

    area: str
    near: str
    layer: Layer | None


@action(Action.READ_AIR)
def ambient(request: HttpRequest) -> HttpResponse:
    """The air today, as far as there are days and hours."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    return drawn(request, "ambient/ambient.html", _today, layer_stamp(), hour)


@action(Action.READ_AIR)
def now_xlsx(request: HttpRequest) -> HttpResponse:
    """The last hour of the stations as a workbook."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    city = places().city
    hour = last_hour(city.name, clock.duty_day())
    if hour is None:
        raise Http404("no hours")
    heads = {
        "code": "站点编码",
        "name": "站点",
        "role": "类别",
        "county": "县（市）区",
        "aqi": "AQI",
        "category": "级别",
    }
    columns = [Column(key, head) for key, head in heads.items()] + [Column("primary", "首要污染物", 16)]
    columns += [
        Column(one.item, f"{one.label}（{one.unit}）") for one in (hour.stations[0].values if hour.stations else ())
    ]
    columns += [Column("word", "状态", 10), Column("last", "最近有值的整点", 18)]
    rows = [
        {key: getattr(one, key) for key in (*heads, "word", "last")}
        | {"primary": "、".join(one.primary)}
        | {value.item: None if value.text is None else float(value.text) for value in one.values}
        for one in hour.stations
    ]
    words = hour_words(hour.time)
    notes = [f"{city.title} {words}（整点为小时之末），{hour.edition} 实时报；实况，未经审核"]
    if AirReader(settings.DATA).simulated(city.name):
        notes.append("模拟数据")
    notes += unverified_notes(HOUR_INDEX, Days(day_of_hour_end_stamp(hour.time), day_of_hour_end_stamp(hour.time)))
    name = f"{city.title}{words.replace(':', '')}各站点.xlsx"
    return xlsx(workbook("最近一小时", columns, rows, notes=notes), name)


def _today() -> Page:
    known, hour = places(), last_hour(places().city.name, clock.duty_day())
    day = _latest_day(last_day(known.city))
    simulated = AirReader(settings.DATA).simulated(known.city.name)
    context = {
        "places": known,
        "day": day,
        "advice": _day_advice(day),
        "hour": hour,
        "hour_words": hour_words(hour.time) if hour else "",
        "hour_advice": _hour_advice(hour),
        "overdue": _overdue(hour, simulated),
        "maps": maps(hour) if hour else None,
        "unregistered": unregistered(),
        "unverified": unverified(HOUR_INDEX if hour else INDEX, Days(day.day, day.day)),
        "has_data": known.city.last is not None or any(one.last for one in known.counties),
    }
    return Page("今日空气", "今日空气", "模拟数据" if simulated else "", context)


def _latest_day(day: date) -> Yesterday:
    plan = configured.plan()
    names = tuple(county.zh for county in plan.counties)
    return yesterday(places().city.title, names, day, AirReader(settings.DATA).days, index_rule(day))


def _day_advice(day: Yesterday) -> Advice | None:
    if day.city is None or day.city.aqi is None:
        return None
    rows = AirReader(settings.DATA).days(places().city.name, Days(day.day, day.day))
    return advice(day.city.aqi, rows[0].iaqi, day.day) if rows else None


def _hour_advice(hour: Now | None) -> Advice | None:
    if hour is None or hour.city is None or hour.city.aqi is None:
        return None
    iaqi = {value.item: value.iaqi for value in hour.city.values}
    return advice(hour.city.aqi, iaqi, day_of_hour_end_stamp(hour.time))


def _overdue(hour: Now | None, simulated: bool) -> str:
    """How long the newest hour has been over, where that is longer than it should be.

    A simulated city is never late, nor is one looked back upon.
    """
    if hour is None or simulated or clock.duty_day() != beijing_date(clock.now()):
        return ""
    passed = clock.now() - _instant(hour.time)
    if passed <= LATE_AFTER:
        return ""
    hours = int(passed.total_seconds() // 3600)
    return f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时"


def _instant(time: datetime) -> datetime:
    return time.replace(tzinfo=BEIJING)


# ---- map


def layer_stamp() -> str:
    """Which borders there are, for the key of what was drawn with them."""
    found = layer(settings.DATA)
    return f"{found.sha256} {found.imported_at}" if found else ""


def maps(hour: Now) -> Maps:
    """Maps of the stations whose place is known; borders where they were imported."""
    found = layer(settings.DATA)
    spots = [
        (one, _spot(one, one.lon, one.lat)) for one in hour.stations if one.lon is not None and one.lat is not None
    ]
    own = [spot for one, spot in spots if one.role in {ROLES[role].zh for role in OF_CITY}]
    every = [spot for _, spot in spots]
    title = f"{hour_words(hour.time)} 各站点实时 AQI"
    if found is None:
        return Maps("", map_svg(every, title=title), None)
    shapes = [Shape(area.name, area.rings) for area in found.areas]
    near = map_svg(own, shapes, title=f"{title}（国控站点）") if own else ""
    return Maps(map_svg(every, shapes, title=title, near=False) if every else "", near, found)


def _spot(one: HourOf, lon: float, lat: float) -> Spot:
    told = f"{one.name} AQI {one.aqi} {one.category}" if one.aqi is not None else f"{one.name} {one.word}"
    number = str(one.aqi) if one.aqi is not None else "—"
    return Spot(lon, lat, one.name, number, one.colour, told)
