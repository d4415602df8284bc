"""The data a draft of a report of doubt comes with: hours of the stations named where there are any, else city days."""

from __future__ import annotations

import re

import polars as pl
from django.conf import settings

from lantian.air.item import SCALE
from lantian.basis.exact import plain_text
from lantian.basis.period import Days
from lantian.site import configured
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.store.simulated_stations import PREFIX
from lantian.store.stations import Station, StationReader
from lantian.work.air_now import hour_words
from lantian.work.duty import full_name

MOST_ROWS = 240  # ten days of one station; more belongs into a file of its own

Table = list[list[str]]


def doubt_table(stations: str, days: Days) -> tuple[Table, str, bool]:
    """Table with its head, a note saying what it is, and whether it is simulated; no rows where there is nothing."""
    known = StationReader(settings.DATA).stations(days.last)
    named = {one.code: one.name for one in known if _is_named(one, stations)}
    rows = HourReader(settings.DATA).hours(days, stations=list(named)) if named else None
    if rows is None or rows.is_empty():
        return _days(days)
    note = "附表为所列站点的实况小时值（时间为该小时结束时刻，µg/m³），未经审核。"
    if rows.height > MOST_ROWS:
        note += f"共 {rows.height} 行，只附前 {MOST_ROWS} 行，其余请另附文件。"
    return _hours(named, rows), note, any(code.startswith(PREFIX) for code in named)


def _is_named(station: Station, text: str) -> bool:
    """Whether a text names a station, by name or by code: 1001A is not named in 21001A."""
    return station.name in text or bool(re.search(rf"(?<![0-9A-Za-z]){re.escape(station.code)}(?![0-9A-Za-z])", text))


def _hours(named: dict[str, str], rows: pl.DataFrame) -> Table:
    shown = rows.select("station", "time", "pm25", "pm10").sort("station", "time").head(MOST_ROWS)
    head = ["站点", "时间", "PM2.5", "PM10"]
    return [head, *([named[code], hour_words(at), _text(a), _text(b)] for code, at, a, b in shown.iter_rows())]


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
