"""A station's hours of one item as an inline figure: hours thin, daily values strong, the daily limit dashed."""

from __future__ import annotations

from datetime import timedelta

from lantian.air.item import SCALE
from lantian.basis.period import HOUR
from lantian.render.sparkline import Line, Step, figure
from lantian.site.ambient.station_data import LABELS, StationHours
from lantian.store.hours import MEASURED, ends
from lantian.work.duty import symbol

ORDER = ("pm25", "pm10", "so2", "no2", "o3", "co")  # as reports list them
MOST_TICKS = 10


def day_item(item: str) -> str:
    """Item of the day an item of the hours becomes."""
    return "o3_8h" if item == "o3" else item


def hour_figure(hours: StationHours, item: str) -> str:
    """SVG text of an item over the days; empty without a single value. The day of O3 is the largest 8-hour mean."""
    at, own = MEASURED.index(item), day_item(item)
    start = ends(hours.days)[0] - HOUR
    points = tuple(
        ((hour.time - start) / timedelta(days=1), None if (value := hour.values[at]) is None else value / 10**SCALE)
        for hour in hours.hours
    )
    first = hours.days.first
    daily = tuple(
        point
        for day, value in hours.exact_days[own]
        for point in (((day - first).days, value), ((day - first).days + 1, value), ((day - first).days + 1, None))
    )[:-1]
    limits = [
        Step(
            (one.days.first - first).days,
            (one.days.last - first).days + 1,
            float(one.value),
            f"{float(one.value):g} 日限值",
        )
        for one in hours.limits
        if one.item == own
    ]
    every = -(-len(hours.days) // MOST_TICKS)
    ticks = [((day - first).days, f"{day.month}-{day.day}") for day in list(hours.days)[::every]]
    name = "8 小时最大" if item == "o3" else "日均"
    lines = [Line("小时", points, "before"), Line(name, daily, "now")]
    title = f"{LABELS[item]} {hours.days.first} 至 {hours.days.last}"
    return figure(lines, limits, title=title, unit=symbol(own), span=(0, len(hours.days)), ticks=ticks)
