"""Pollution rose and polar plot of a place's stations filled with data, classes of wind from the rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import polars as pl

from lantian import rulebook
from lantian.air.item import PRINTED, SCALE
from lantian.air.period import printed_value
from lantian.air.wind import SECTORS, Cell, WindRule, class_edges, polar, rose
from lantian.basis.exact import rounded_text
from lantian.basis.period import Days
from lantian.render import charts_wind
from lantian.render.charts_wind import PolarCell, RoseSector
from lantian.store.hours import HourReader
from lantian.store.stations import OF_CITY, OF_COUNTY, StationReader
from lantian.work.air_periods import words
from lantian.work.air_rules import statistics_rule
from lantian.work.drawing import Drawing
from lantian.work.duty import full_name, symbol

CLASS_PERCENTS = (25, 50, 75, 90)  # classes of equal weight and the highest tenth, so that a rose speaks for any item
_NAMES = (
    "北",
    "北东北",
    "东北",
    "东东北",
    "东",
    "东东南",
    "东南",
    "南东南",
    "南",
    "南西南",
    "西南",
    "西西南",
    "西",
    "西西北",
    "西北",
    "北西北",
)


@dataclass(frozen=True, slots=True)
class _Wind:
    PATH: ClassVar[str] = "ambient.wind"
    calm_to: Decimal
    strengths: tuple[Decimal, ...]
    least_hours: int


def wind_rule(day: date) -> WindRule:
    """The classes of wind that hold on a day; marked unverified in the rulebook."""
    law = rulebook.fill(_Wind, day)
    return WindRule(int(law.calm_to * 10**SCALE), tuple(int(one * 10**SCALE) for one in law.strengths), law.least_hours)


def wind_hours(data: Path, place: str, days: Days, values: str, codes: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Hours of the stations named, else of the place's own (a city's national ones), with wind; and how many stations.

    Shape   the columns of ``HourReader.hours``, only stations that measured wind in these days
    """
    if not codes:
        codes = [
            one.code
            for one in StationReader(data).stations(on=days.last)
            if (one.city == place and one.role in OF_CITY) or (one.county == place and one.role in OF_COUNTY)
        ]
    hours = HourReader(data).hours(days, values=values, stations=codes)
    windy = hours.filter(pl.col("wind_speed").is_not_null())["station"].unique()
    return hours.filter(pl.col("station").is_in(windy.implode())), len(windy)


def rose_drawing(
    data: Path, place: str, days: Days, item: str, values: str, codes: Sequence[str], *, simulated: bool
) -> Drawing | None:
    """The pollution rose of an item; None where no station measured wind."""
    hours, stations = wind_hours(data, place, days, values, codes)
    column, step = _column(item), 10**SCALE if item != "co" else 10 ** (SCALE - 1)
    edges = class_edges(hours, column, CLASS_PERCENTS, step)
    if not edges:
        return None
    found = rose(hours, column, edges, wind_rule(days.last))
    if not found.hours:
        return None
    name, calm = PRINTED[item], sum(found.calm)
    share = rounded_text(Fraction(100 * calm, found.hours), 1)
    sectors = [RoseSector(at, found.counts[sector]) for at, sector in enumerate(SECTORS)]
    chart = charts_wind.rose(
        sectors, _classes(edges, item), f"静风 {share}%（不分方向）", found.hours,
        title=f"{full_name(place)}的 {name} 随什么风向来？", subtitle=_told(days, stations, found.hours, found.unused, simulated=simulated),
    )  # fmt: skip
    by_hours = sorted(range(len(SECTORS)), key=lambda at: -sum(found.counts[SECTORS[at]]))
    most = "、".join(f"{_NAMES[at]}风 {sum(found.counts[SECTORS[at]])} 小时" for at in by_hours[:3])
    caption = f"{full_name(place)}{words(days)} {name} 污染玫瑰图"
    alt = f"{caption}：有风向风速和浓度的 {found.hours} 小时中静风占 {share}%，最多的风向为{most}。"
    return Drawing("rose", caption, alt, chart)


def polar_drawing(
    data: Path, place: str, days: Days, item: str, values: str, codes: Sequence[str], *, simulated: bool
) -> Drawing | None:
    """The polar plot of an item; None where no cell has hours enough."""
    hours, stations = wind_hours(data, place, days, values, codes)
    rule = wind_rule(days.last)
    found = polar(hours, _column(item), rule)
    shown = [cell for cell in found.cells if cell.mean is not None]
    if not shown:
        return None
    places, name = statistics_rule(days.last).places[item], PRINTED[item]
    cells = [PolarCell(SECTORS.index(one.sector), one.strength, printed_value(one.mean, places)) for one in found.cells]
    calm = printed_value(found.calm.mean, places)
    chart = charts_wind.polar(
        cells, _strengths(rule), f"不足 {rule.least_hours} 小时", symbol(item),
        title=f"{full_name(place)}的 {name} 在什么风下最高？",
        subtitle=[_told(days, stations, found.hours, found.unused, simulated=simulated),
                  f"由内向外风速增大（m/s）；静风时平均 {calm or '—'} {symbol(item)}"],
    )  # fmt: skip
    most = max(shown, key=lambda one: one.mean or 0)
    caption = f"{full_name(place)}{words(days)} {name} 浓度随风向风速的分布"
    highest = f"{printed_value(most.mean, places)} {symbol(item)}（{most.hours} 小时）"
    alt = f"{caption}：平均浓度最高的是{_cell_words(most, rule)}时，{highest}；静风时 {calm or '—'}。"
    return Drawing("polar", caption, alt, chart)


def _column(item: str) -> str:
    """Column of an item among hours: ozone is the hour's own value."""
    return "o3" if item == "o3_8h" else item


def _classes(edges: Sequence[int], item: str) -> list[str]:
    texts = [f"{edge / 10**SCALE:g}" for edge in edges]
    inner = [f"{low}～{high}" for low, high in pairwise(texts)]
    return [f"≤ {texts[0]} {symbol(item)}", *inner, f"＞ {texts[-1]}"]


def _strengths(rule: WindRule) -> list[str]:
    edges = [f"{edge / 10**SCALE:g}" for edge in rule.strengths]
    return [f"＜{edges[0]}", *(f"≥{edge}" for edge in edges)]


def _cell_words(cell: Cell, rule: WindRule) -> str:
    return f"{_NAMES[SECTORS.index(cell.sector)]}风、风速{_strengths(rule)[cell.strength]} m/s"


def _told(days: Days, stations: int, used: int, unused: int, *, simulated: bool) -> str:
    flag = "；模拟数据" if simulated else ""
    return f"{words(days)}，{stations} 个测风站点，{used} 小时（另 {unused} 小时缺风或缺浓度）{flag}"
