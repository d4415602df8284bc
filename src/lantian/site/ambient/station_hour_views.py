"""Real-time AQI of city and stations at any hour there are values of; the last one stands on the page of today."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.basis.period import DAY, HOUR, Days, day_of_hour_end_stamp
from lantian.render.columns import Column
from lantian.rulebook.dated import TOTAL_FROM
from lantian.site.access import Action, action
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.places import places
from lantian.site.downloads import xlsx
from lantian.store.air import AirReader, plain_city
from lantian.store.hours import HourReader
from lantian.store.stations import StationReader
from lantian.work.air_now import Now, hour_words, now_of
from lantian.work.air_unverified import HOUR_INDEX, unverified, unverified_notes


@action(Action.READ_AIR)
def hour(request: HttpRequest) -> HttpResponse:
    """The stations of the city at an hour."""
    time, values, errors = _asked(request)
    found = _hour(time, values)
    context = {
        "hour": found if found and found.stations else None,
        "at": time,
        "words": hour_words(time) if time else "",
        "before": time - HOUR if time else None,
        "after": time + HOUR if time and time < (HourReader(settings.DATA).last_hour(values) or time) else None,
        "values": list(VALUES.items()),
        "chosen": values,
        "values_word": VALUES[values],
        "errors": errors,
        "unverified": unverified(HOUR_INDEX, _day(time)) if time else None,
        "places": places(),
        "simulated": AirReader(settings.DATA).simulated(places().city.name),
    }
    return render(request, "ambient/hour.html", context, status=400 if errors else 200)


@action(Action.READ_AIR)
def hour_xlsx(request: HttpRequest) -> HttpResponse:
    """The stations at an hour as a workbook."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    time, values, errors = _asked(request)
    found = _hour(time, values)
    if errors or time is None or found is None or not found.stations:
        raise Http404("no hour")
    labels = [(one.item, f"{one.label}（{one.unit}）") for one in found.stations[0].values]
    columns = [
        Column("code", "站点编码", 12), Column("name", "站点", 16), Column("role", "类型", 8), Column("aqi", "AQI", 8),
        Column("category", "级别", 10), Column("primary", "首要污染物", 14), *(Column(item, label, 13) for item, label in labels),
        Column("word", "状态", 10),
    ]  # fmt: skip
    rows = [
        {"code": one.code, "name": one.name, "role": one.role, "aqi": one.aqi, "category": one.category,
         "primary": "、".join(one.primary), "word": one.word,
         **{value.item: None if value.text is None else float(value.text) for value in one.values}}
        for one in ([found.city] if found.city else []) + list(found.stations)
    ]  # fmt: skip
    notes = [f"{hour_words(time)}（整点为小时之末），{VALUES[values]}，{found.edition} 实时报"]
    notes += ["模拟数据"] if AirReader(settings.DATA).simulated(places().city.name) else []
    notes += unverified_notes(HOUR_INDEX, _day(time))
    return xlsx(workbook("小时", columns, rows, notes=notes), f"各站点实时 AQI {time:%Y-%m-%d %H时}.xlsx")


def _day(time: datetime) -> Days:
    """The day an hour ends in."""
    day = day_of_hour_end_stamp(time)
    return Days(day, day)


def _asked(request: HttpRequest) -> tuple[datetime | None, str, dict[str, str]]:
    errors: dict[str, str] = {}
    values = request.GET.get("values", "realtime")
    if values not in VALUES:
        errors["values"], values = "请选实况或审核后", "realtime"
    time, text = HourReader(settings.DATA).last_hour(values), request.GET.get("at", "").strip()
    if text:
        try:
            asked = datetime.fromisoformat(text)
        except ValueError:
            asked = None
        if asked is None or asked.tzinfo or (asked.minute, asked.second, asked.microsecond) != (0, 0, 0):
            errors["at"] = f"“{text[:20]}”不是整点。请写成 2025-10-15T23:00 这样"
        elif time is None or asked > time or day_of_hour_end_stamp(asked) < TOTAL_FROM:
            errors["at"] = f"{text[:20]} 没有{VALUES[values]}小时值"
        else:
            time = asked
    return time, values, errors


def _hour(time: datetime | None, values: str) -> Now | None:
    if time is None:
        return None
    version = AirReader(settings.DATA).version()
    return _hour_of(settings.DATA, version, plain_city(places().city.name), time, values)


@lru_cache(maxsize=32)  # the key holds the version of the air data: what changes is computed anew
def _hour_of(data: Path, version: int, city: str, time: datetime, values: str) -> Now:
    day = day_of_hour_end_stamp(time)
    stations = [one for one in StationReader(data).stations(on=day) if plain_city(one.city) == city]
    hours = HourReader(data).hours(Days(day - DAY, day), values=values, stations=[one.code for one in stations])
    return now_of(time, hours, stations, city)
