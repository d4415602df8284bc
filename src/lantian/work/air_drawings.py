"""Charts of ambient air filled with data: which rows a chart shows, its question, its caption, and what it shows in words.

A drawing is a filled specification; the worker makes SVG and PNG of it. One function for each kind, called by the
monthly bulletin and, by name, by whoever wants a chart beside a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from lantian.air.item import PRINTED
from lantian.basis.determination import VALUES
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import Days, year
from lantian.render import charts_bars, charts_days
from lantian.render.charts_bars import MonthPair, RankedBar, Share
from lantian.render.charts_days import DayCell
from lantian.render.sparkline import Line, Step
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air import AirReader
from lantian.work.air_calendar import CalendarYear, calendar_year
from lantian.work.air_drawings_wind import polar_drawing, rose_drawing
from lantian.work.air_periods import words
from lantian.work.air_series import LimitStep, Point, Series, series
from lantian.work.air_series import Step as By
from lantian.work.air_standings import Standings
from lantian.work.air_unverified import COMPOSITE, INDEX, STATISTICS, unverified
from lantian.work.drawing import Drawing
from lantian.work.duty import full_name, symbol

EARLIER_YEARS = 2  # beside this year: more grey lines hide each other
KINDS = ("calendar", "shares", "months", "course", "rose", "polar")


def drawing(kind: str, data: Path, until: date, arguments: Mapping[str, str]) -> Drawing | None:
    """The drawing of a kind as the data stand up to ``until``; None where there is nothing to draw.

    ``arguments`` place, and as the kind needs them: year, item, by (day, month), first and last, stations (codes with
    commas), values.
    Errors  Refusal for an unknown kind and arguments that are none
    """
    try:
        return _drawing(kind, data, until, {"values": "realtime", "item": "pm25", "by": "day", **arguments})
    except (KeyError, ValueError) as error:
        text = Text(f"画不出这张图：参数 {error} 不对或缺少。", f"no such chart: {error}")
        raise Refusal(Finding("CHART-ARGUMENTS", Severity.REFUSED, text)) from error


def _drawing(kind: str, data: Path, until: date, given: Mapping[str, str]) -> Drawing | None:
    reader, place, values, item = AirReader(data), given["place"], given["values"], given["item"]
    if item not in PRINTED or values not in VALUES:
        raise ValueError(f"{item} {values}")
    if kind in ("rose", "polar"):
        days = Days(date.fromisoformat(given["first"]), date.fromisoformat(given["last"])).until(until)
        codes = tuple(code for code in given.get("stations", "").split(",") if code)
        make = rose_drawing if kind == "rose" else polar_drawing
        return make(data, place, days, item, values, codes, simulated=reader.simulated(place))
    last = year(int(given["year"])).until(until).last
    match kind:
        case "calendar":
            return calendar_drawing(reader, place, last, values)
        case "shares":
            return shares_drawing(reader, place, last, values)
        case "months":
            return months_drawing(reader, place, item, last, values)
        case "course":
            return course_drawing(reader, place, item, By(given["by"]), last, values)
    raise ValueError(kind)


def bulletin_drawings(
    reader: AirReader, city: str, last: date, values: str, province: Standings | None, counties: Standings | None
) -> dict[str, Drawing]:
    """The drawings of a month's bulletin by key; those without data are left out."""
    days = Days(last.replace(day=1), last)
    simulated = reader.simulated(city)
    found = (
        calendar_drawing(reader, city, last, values),
        shares_drawing(reader, city, last, values),
        months_drawing(reader, city, "pm25", last, values),
        course_drawing(reader, city, "pm25", By.DAY, last, values),
        rose_drawing(reader.data, city, days, "pm25", values, (), simulated=simulated),
        polar_drawing(reader.data, city, days, "pm25", values, (), simulated=simulated),
        ranking_drawing("province", province, city, simulated=simulated),
        ranking_drawing("counties", counties, city, simulated=simulated),
    )
    return {one.key: one for one in found if one is not None}


def calendar_drawing(reader: AirReader, place: str, last: date, values: str) -> Drawing | None:
    """Every day of the year up to ``last`` in the colour of its category."""
    found = _calendar(reader, place, last, values)
    if found is None:
        return None
    cells = [DayCell(cell.day, cell.aqi, cell.colour) for cell in found.cells]
    key = [(one.name, one.colour) for one in found.categories]
    name, number = full_name(place), last.year
    subtitle = f"格内为 AQI，空格为没有有效 AQI 的日子；{'、'.join(found.editions)}{_flag(INDEX, found.days, simulated=found.simulated)}"
    chart = charts_days.calendar(
        cells, found.days, key, title=f"{name} {number} 年每天的空气质量如何？", subtitle=subtitle
    )
    days = "，".join(f"{one.name} {one.days} 天" for one in found.categories if one.days)
    alt = f"{name}{number}年1月1日至{last.month}月{last.day}日逐日 AQI 日历图：有效 {found.valid} 天，{days}"
    worst = max((cell for cell in found.cells if cell.aqi is not None), key=lambda cell: cell.aqi or 0, default=None)
    if worst:
        alt += f"；最高 {worst.aqi}（{worst.day.month}月{worst.day.day}日）"
    return Drawing("calendar", f"{name}{number}年逐日空气质量指数", f"{alt}。", chart)


def shares_drawing(reader: AirReader, place: str, last: date, values: str) -> Drawing | None:
    """Days of each category by month of the year up to ``last``."""
    found = _calendar(reader, place, last, values)
    if found is None:
        return None
    colours = {one.name: one.colour for one in found.categories}
    parts = []
    for number, own in groupby(found.cells, key=lambda cell: cell.day.month):
        cells = list(own)
        parts += [
            Share(f"{number}月", name, sum(c.category == name for c in cells), colour)
            for name, colour in colours.items()
        ]
        parts.append(Share(f"{number}月", "无 AQI", sum(c.aqi is None for c in cells), None))
    name = full_name(place)
    title = f"{name} {last.year} 年各月各级别有多少天？"
    chart = charts_bars.shares(
        parts,
        title=title,
        subtitle=f"天数；{'、'.join(found.editions)}{_flag(INDEX, found.days, simulated=found.simulated)}",
    )
    months = "；".join(
        f"{period} " + "、".join(f"{part.category} {part.days}" for part in own if part.days)
        for period, own in groupby(parts, key=lambda part: part.period)
    )
    return Drawing(
        "shares",
        f"{name}{last.year}年各月空气质量级别天数",
        f"{name}{last.year}年各月空气质量级别天数：{months}。",
        chart,
    )


def _calendar(reader: AirReader, place: str, last: date, values: str) -> CalendarYear | None:
    rows = reader.days(place, year(last.year).until(last), values=values)
    return calendar_year(place, last.year, last, rows) if rows else None


def months_drawing(reader: AirReader, place: str, item: str, last: date, values: str) -> Drawing | None:
    """Months of the year up to ``last`` beside those of the year before, as bars."""
    found = _series(reader, place, item, year(last.year).until(last), By.MONTH, values)
    if not any(point.text or point.last_text for point in found.points):
        return None
    pairs = [MonthPair(point.days.first.month, point.text, point.last_text) for point in found.points]
    name = full_name(place)
    chart = charts_bars.months(
        pairs,
        last.year,
        title=f"{name}各月 {found.name} 与去年相比如何？",
        subtitle=f"{found.statistic}，{symbol(item)}{_flag(STATISTICS, found.days, simulated=reader.simulated(place))}",
    )
    told = "；".join(f"{one.month}月 {one.now or '无'}（去年 {one.before or '无'}）" for one in pairs)
    caption = f"{name}{last.year}年各月 {found.name} {found.statistic}与去年比较"
    return Drawing("months", caption, f"{caption}，{symbol(item)}：{told}。", chart)


def course_drawing(reader: AirReader, place: str, item: str, by: By, last: date, values: str) -> Drawing | None:
    """Days or months of the year up to ``last``, earlier years grey behind, the limit of the time as a step."""
    whole = year(last.year)
    now = _series(reader, place, item, whole.until(last), by, values)
    if not now.valid:
        return None
    numbers = range(max(TOTAL_FROM.year + 1, last.year - EARLIER_YEARS), last.year)
    earlier = [(number, _series(reader, place, item, year(number), by, values)) for number in numbers]
    # a year with less than a month of values is no comparison
    lines = [
        _line(str(number), one.points, by, "before") for number, one in earlier if one.valid * 12 >= len(one.points)
    ]
    lines.append(_line(str(last.year), now.points, by, "now"))
    steps = _series(reader, place, item, whole, by, values).limits
    limits = [_step(one, by, item) for one in steps]
    name = full_name(place)
    ask = "哪些天超过限值" if by is By.DAY else "各月如何"
    flag = _flag(STATISTICS, now.days, simulated=reader.simulated(place))
    subtitle = f"{now.statistic}，{symbol(item)}；虚线为二级{'日' if by is By.DAY else '年'}限值{flag}"
    chart = charts_days.course(
        lines, limits, by=by.value, title=f"{name} {last.year} 年 {now.name} {ask}？", subtitle=subtitle
    )
    over = [point for point in now.points if point.over]
    known = [point for point in now.points if point.value is not None]
    most = max(known, key=lambda point: point.value or 0)
    unit = "天" if by is By.DAY else "个月"
    caption = f"{name}{last.year}年 {now.name} {now.statistic}变化"
    alt = f"{caption}：有效 {len(known)} {unit}，超过限值 {len(over)} {unit}，最高 {most.text} {symbol(item)}（{words(most.days)}）。"
    return Drawing("course", caption, alt, chart)


def _series(reader: AirReader, place: str, item: str, days: Days, by: By, values: str) -> Series:
    return series(lambda name, span: reader.table(name, span, values=values), place, item, days, by)


def _line(label: str, points: Sequence[Point], by: By, kind: str) -> Line:
    return Line(label, tuple((_at(one.days.first, by), float(one.text) if one.text else None) for one in points), kind)


def _at(day: date, by: By) -> float:
    return float(day.timetuple().tm_yday if by is By.DAY else day.month)


def _step(one: LimitStep, by: By, item: str) -> Step:
    """A limit over its days, its law in words; by months half a month to either side."""
    first, last = _at(one.days.first, by), _at(one.days.last, by)
    if by is By.MONTH:
        first, last = first - 0.4, last + 0.4
    return Step(first, last, float(one.value), f"{float(one.value):g} {symbol(item)}  {one.edition}")


def ranking_drawing(key: str, found: Standings | None, city: str, *, simulated: bool) -> Drawing | None:
    """Places by composite index as bars, the plan's city in the accent; None with fewer than two."""
    if found is None or len(found.placed) < 2:
        return None
    bars = [RankedBar(f"{row.place}  {row.title}", row.index or "0", row.name == city) for row in found.placed]
    days = found.days
    who, counter = ("全省各市（地）", "个城市") if key == "province" else ("各县（市）区", "个县（市）区")
    when = f"{days.first.year}年{days.first.month}月"
    chart = charts_bars.ranking(
        bars,
        title=f"{who}谁的空气最好？",
        subtitle=f"{when}综合指数，越低越好{_flag(COMPOSITE, days, simulated=simulated)}",
    )
    told = "、".join(f"{row.title} {row.index}" for row in found.placed)
    caption = f"{when}{who}综合指数排名"
    return Drawing(key, caption, f"{caption}，有数据的 {len(bars)} {counter}由低到高：{told}。", chart)


def _flag(rules: Sequence[str], days: Days, *, simulated: bool) -> str:
    """Marks at the end of a subtitle: a chart is kept by itself, away from the notes of its page."""
    doubt = "；含未核实依据" if unverified(rules, days) else ""
    return f"{doubt}{'；模拟数据' if simulated else ''}"
