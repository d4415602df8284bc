"""A figure as a file: it says what it is and under which reservations, in colours of its own."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from lantian.render.lone_svg import lone_svg
from lantian.render.sparkline import Line, Step, year_figure

MONTHS = tuple(f"{number}月" for number in range(1, 13))


def drawn(title: str = "PM2.5 <年内> & 累计") -> str:
    line = Line("2025", ((1, 20.0), (60, 30.0), (120, 25.0)), "now")
    return year_figure([line], [Step(1, 366, 28.0, "≤ 28")], title=title, unit="µg/m³", months=MONTHS)


def texts(svg: bytes) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_title_and_notes_stand_below_the_figure_as_they_are() -> None:
    svg = lone_svg(drawn(), ["模拟数据", "口径：<实况>"])
    assert texts(svg)[-3:] == ["PM2.5 <年内> & 累计", "模拟数据", "口径：<实况>"]
    root = ET.fromstring(svg)
    height = float(root.attrib["viewBox"].split()[3])
    ys = [float(one.attrib["y"]) for one in root.iter("{http://www.w3.org/2000/svg}text")][-3:]
    assert ys == sorted(ys)
    assert ys[0] > 300  # below the drawing
    assert ys[-1] < height


def test_every_line_has_a_colour_and_nothing_is_styled_from_outside() -> None:
    root = ET.fromstring(lone_svg(drawn()))
    paths = list(root.iter("{http://www.w3.org/2000/svg}path"))
    assert paths
    assert all("stroke" in one.attrib for one in paths)
    assert "style" not in lone_svg(drawn()).decode()
