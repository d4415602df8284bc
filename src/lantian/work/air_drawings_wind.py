"""Pollution rose and polar plot of a place's stations filled with data."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from lantian.air.item import PRINTED
from lantian.air.wind import DIRECTIONS, SECTORS
from lantian.basis.exact import rounded_text
from lantian.basis.period import Days
from lantian.render import charts_wind
from lantian.render.charts_wind import PolarCell, RoseSector
from lantian.work.air_periods import words
from lantian.work.air_unverified import WIND, unverified_notes
from lantian.work.air_wind import Wind, wind_of
from lantian.work.drawing import Drawing
from lantian.work.duty import full_name, symbol


def rose_drawing(
    data: Path, place: str, days: Days, item: str, values: str, codes: Sequence[str], *, simulated: bool
) -> Drawing | None:
    """The pollution rose of an item; None where no hour has wind and value."""
    found = wind_of(data, place, days, item, values, codes)
    if found is None:
        return None
    name, rose = PRINTED[item], found.rose
    share = rounded_text(Fraction(100 * sum(rose.calm), rose.hours), 1)
    sectors = [RoseSector(at, rose.counts[sector]) for at, sector in enumerate(SECTORS)]
    title = f"{full_name(place)}的 {name} 随什么风向来？"
    told = _told(found, simulated=simulated)
    calm = f"静风 {share}%（不分方向）"
    chart = charts_wind.rose(sectors, found.classes, calm, rose.hours, title=title, subtitle=told)
    by_hours = sorted(range(len(SECTORS)), key=lambda at: -sum(rose.counts[SECTORS[at]]))
    most = "、".join(f"{DIRECTIONS[at]}风 {sum(rose.counts[SECTORS[at]])} 小时" for at in by_hours[:3])
    caption = f"{full_name(place)}{words(days)} {name} 污染玫瑰图"
    alt = f"{caption}：有风和浓度的 {rose.hours} 小时中静风占 {share}%，最多的风向为{most}。"
    return Drawing("rose", caption, alt, chart)


def polar_drawing(
    data: Path, place: str, days: Days, item: str, values: str, codes: Sequence[str], *, simulated: bool
) -> Drawing | None:
    """The polar plot of an item; None where no cell has hours enough."""
    found = wind_of(data, place, days, item, values, codes)
    shown = [cell for cell in found.polar.cells if cell.mean is not None] if found else []
    if found is None or not shown:
        return None
    name, calm = PRINTED[item], found.printed(found.polar.calm) or "—"
    strengths = found.strengths[: max(cell.strength for cell in shown) + 1]  # no empty rings outside
    cells = [PolarCell(SECTORS.index(one.sector), one.strength, found.printed(one)) for one in shown]
    title = f"{full_name(place)}的 {name} 在什么风下最高？"
    inside = f"由内向外风速增大（m/s）；静风时平均 {calm} {symbol(item)}"
    told = [*_told(found, simulated=simulated), inside]
    few = f"不足 {found.rule.least_hours} 小时"
    chart = charts_wind.polar(cells, strengths, few, symbol(item), title=title, subtitle=told)
    most = max(shown, key=lambda one: one.mean or 0)
    where = f"{DIRECTIONS[SECTORS.index(most.sector)]}风、风速{found.strengths[most.strength]} m/s"
    highest = f"{found.printed(most)} {symbol(item)}（{most.hours} 小时）"
    caption = f"{full_name(place)}{words(days)} {name} 浓度随风向风速的分布"
    alt = f"{caption}：平均浓度最高的是{where}时，{highest}；静风时 {calm}。"
    return Drawing("polar", caption, alt, chart)


def _told(found: Wind, *, simulated: bool) -> list[str]:
    """Lines below the title: of which hours it is, and its marks."""
    hours = f"{found.rose.hours} 小时（另 {found.rose.unused} 小时缺风或缺浓度）"
    marks = [*unverified_notes(WIND, found.days), *(["模拟数据"] if simulated else [])]
    return [f"{words(found.days)}，{found.stations} 个测风站点，{hours}", "；".join(marks)]
