"""The data a draft of a report of doubt comes with: hours of the stations named where there are any, else city days."""

from __future__ import annotations

from django.conf import settings

from lantian.air.item import SCALE
from lantian.basis.exact import plain_text
from lantian.basis.period import Days
from lantian.site import configured
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.store.stations import StationReader
from lantian.work.duty import full_name

MOST_ROWS = 240  # ten days of one station; more belongs into a file of its own

Table = list[list[str]]


def doubt_table(stations: str, days: Days) -> tuple[Table, str, bool]:
    """Table with its head, a note saying what it is, and whether it is simulated; no rows where there is nothing."""
    known = StationReader(settings.DATA).stations(days.last)
    named = {one.code: one.name for one in known if one.code in stations or one.name in stations}
    if named:
        table = _hours(named, days)
        if len(table) > 1:
            return table, "附表为所列站点的实况小时值（时间为该小时结束时刻，µg/m³），未经审核。", False
    return _days(days)


def _hours(named: dict[str, str], days: Days) -> Table:
    rows = HourReader(settings.DATA).hours(days, stations=list(named))
    rows = rows.select("station", "time", "pm25", "pm10").sort("station", "time").head(MOST_ROWS)
    head = ["站点", "时间", "PM2.5", "PM10"]
    return [head, *([named[code], f"{at:%Y-%m-%d %H:%M}", _text(a), _text(b)] for code, at, a, b in rows.iter_rows())]


def _days(days: Days) -> tuple[Table, str, bool]:
    city = configured.plan().cities[0]
    found = AirReader(settings.DATA).days(city, days)
    head = ["日期", "PM2.5", "PM10", "AQI"]
    rows = [
        [
            f"{one.date}",
            one.printed["pm25"] or "—",
            one.printed["pm10"] or "—",
            "—" if one.aqi is None else str(one.aqi),
        ]
        for one in found
    ]
    if not rows:
        return [], "", False
    note = f"附表为{full_name(city)}城市日均值实况（µg/m³），未经审核。"
    return [head, *rows], note, any(one.simulated for one in found)


def _text(value: int | None) -> str:
    return "—" if value is None else plain_text(value, SCALE)
