"""Drawings of the air pages: a month, a map, lines over time; what is missing stays blank, texts are escaped."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from lantian.basis.period import Days, month
from lantian.render.calendar_svg import Cell, month_svg
from lantian.render.map_svg import Shape, Spot, map_svg
from lantian.render.trend_svg import trend_svg, years_svg

SQUARE = ((130.0, 45.0), (132.0, 45.0), (132.0, 46.0), (130.0, 46.0), (130.0, 45.0))


def spot(lon: float, lat: float, colour: str | None = "#00e400") -> Spot:
    return Spot(lon, lat, "环保局<", "42" if colour else "—", colour, "环保局 AQI 42")


def parsed(svg: str) -> ElementTree.Element:
    """The drawing as XML; it has no style attribute and no script, which the pages' policy forbids."""
    assert "style=" not in svg
    assert "<script" not in svg
    return ElementTree.fromstring(svg)


def test_a_month_puts_each_day_under_its_week_day() -> None:
    cells = [Cell(day, 51 if day.day == 3 else None, "良", "#ffff00", "没有数据") for day in month(2025, 3)]
    svg = month_svg(cells, lambda day: f"/air/day/{day}/?a=1&b=2")
    root = parsed(svg)
    links = root.findall("a")
    assert len(links) == 31
    assert links[2].attrib["href"] == "/air/day/2025-03-03/?a=1&b=2"
    assert links[2].attrib["aria-label"] == "2025-03-03 AQI 51 良"
    assert links[0].attrib["aria-label"] == "2025-03-01 没有数据"
    mondays = [links[at].find("rect").attrib["x"] for at in (2, 30)]  # type: ignore[union-attr]
    assert mondays == ["1", "1"]
    assert [link.find("rect").attrib["fill"] for link in links[:3]] == ["#ffffff", "#ffffff", "#ffff00"]  # type: ignore[union-attr]


def test_a_month_without_days_is_nothing_and_without_addresses_has_no_links() -> None:
    assert month_svg([]) == ""
    assert parsed(month_svg([Cell(date(2025, 3, 1), None, None, None)])).find("a") is None


def test_a_map_keeps_east_and_north_and_marks_the_silent() -> None:
    root = parsed(map_svg([spot(130.9, 45.3), spot(131.0, 45.2, None)], title="站点"))
    first, second = root.findall("g/circle")
    assert float(first.attrib["cx"]) < float(second.attrib["cx"])
    assert float(first.attrib["cy"]) < float(second.attrib["cy"])
    assert "stroke-dasharray" in second.attrib
    assert "stroke-dasharray" not in first.attrib
    assert [text.text for text in root.findall("g/text")][:2] == ["42", "环保局<"]


def test_a_map_of_areas_spans_them_and_one_of_points_only_those() -> None:
    shapes = [Shape("甲县", (SQUARE,)), Shape("乙县", (tuple((x + 20, y) for x, y in SQUARE),))]
    whole = parsed(map_svg([spot(130.9, 45.3)], shapes, title="全市", near=False))
    close = parsed(map_svg([spot(130.9, 45.3)], shapes, title="国控", near=True))
    assert len(whole.findall("path")) == 2
    assert len(close.findall("path")) == 1  # the other area lies far outside
    assert float(whole.attrib["viewBox"].split()[3]) <= 330


def test_one_point_alone_is_a_map_and_none_is_nothing() -> None:
    assert "NaN" not in map_svg([spot(130.9, 45.3)], title="")
    assert map_svg([], title="") == ""


def test_lines_break_at_gaps_and_every_limit_bears_its_edition() -> None:
    days = Days(date(2026, 2, 1), date(2026, 3, 31))
    now = [(date(2026, 2, 1), 10.0), (date(2026, 2, 2), None), (date(2026, 2, 3), 12.0)]
    limits = [
        (Days(days.first, date(2026, 2, 28)), 75.0, "75 GB 3095-2012"),
        (Days(date(2026, 3, 1), days.last), 60.0, "60 GB 3095-2026"),
    ]
    svg = trend_svg(("2026 年", now), ("2025 年", []), limits, days, title="PM2.5", unit="µg/m³")
    root = parsed(svg)
    assert len(re.findall("M", root.find("path[@class='now']").attrib["d"])) == 2  # type: ignore[union-attr]
    texts = [text.text for text in root.findall("text")]
    assert {"75 GB 3095-2012", "60 GB 3095-2026", "2026 年"} <= set(texts)
    assert len(root.findall("path[@class='limit']")) == 2


@pytest.mark.parametrize("draw", [
    lambda: trend_svg(("", []), ("", []), [], month(2025, 1), title="", unit=""),
    lambda: years_svg([(2024, 1.0)], title="", unit="", label=""),
    lambda: years_svg([(2023, None), (2024, None)], title="", unit="", label=""),
])  # fmt: skip
def test_nothing_to_draw_is_no_drawing(draw) -> None:  # type: ignore[no-untyped-def]
    assert draw() == ""


def test_years_stand_at_whole_numbers() -> None:
    root = parsed(years_svg([(2022, 30.0), (2023, None), (2024, 28.0)], title="年均值", unit="µg/m³", label="年均值"))
    assert {"2022", "2023", "2024"} <= {text.text for text in root.findall("text[@class='axis']")}
