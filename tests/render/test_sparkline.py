"""Inline SVG: lines, gaps, limits, no style."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.render.sparkline import Line, Step, sparkline, year_figure
from lantian.render.trend_svg import years_svg

MONTHS = tuple(f"{n} 月" for n in range(1, 13))
NOW = Line("2025", ((1, 50.0), (100, None), (200, 30.0), (280, 28.0)), "now")
BEFORE = Line("2024", tuple((float(day), 40.0 - day / 30) for day in range(1, 366, 7)))


def paths(svg: str, kind: str) -> list[str]:
    return re.findall(rf'class="{kind}" fill="none" d="([^"]*)"', svg)


def test_a_gap_stays_a_gap() -> None:
    (now,) = paths(sparkline([NOW], title="t"), "now")
    assert now.count("M") == 2
    assert now.count("L") == 1


def test_a_point_between_two_gaps_is_seen() -> None:
    alone = Line("2025", ((1, None), (100, 30.0), (200, None)), "now")
    (now,) = paths(sparkline([alone], title="t"), "now")
    assert now.count("a2 2") == 2
    label = Line("2025", ((100, 30.0),), "now")  # a line of one point only bears its name
    assert "a2 2" not in sparkline([label], title="t")


def test_years_are_drawn_from_zero() -> None:
    svg = years_svg([(2021, 32.0), (2022, 31.0), (2023, 29.0)], title="t", unit="µg/m³", label="年均值")
    assert ">0</text>" in svg
    assert years_svg([(2021, 32.0), (2022, None)], title="t", unit="µg/m³", label="年均值") == ""


def test_limit_and_last_point_are_drawn() -> None:
    svg = sparkline([BEFORE, NOW], [Step(1, 366, 28.0)], title="PM2.5 <今年>")
    assert len(paths(svg, "limit")) == 1
    assert svg.count("<circle") == 1
    assert "PM2.5 &lt;今年&gt;" in svg
    assert "style" not in svg


def test_this_year_lies_on_top() -> None:
    svg = sparkline([NOW, BEFORE], title="t")
    assert svg.index('class="before"') < svg.index('class="now"')


@pytest.mark.parametrize("lines", [[], [Line("2025", ((1, None), (2, None)), "now")]])
def test_nothing_to_draw_is_nothing(lines: list[Line]) -> None:
    assert sparkline(lines, [Step(1, 366, 28)], title="t") == ""
    assert year_figure(lines, [], title="t", unit="", months=MONTHS) == ""


def test_the_figure_names_its_lines_at_their_ends_apart() -> None:
    svg = year_figure([BEFORE, NOW], [Step(1, 366, 28.0, "≤ 28 方案")], title="t", unit="µg/m³", months=MONTHS)
    ElementTree.fromstring(svg)
    heights = [float(y) for y in re.findall(r'class="name (?:now|before|limit)" x="[^"]*" y="([^"]*)"', svg)]
    assert len(heights) == 3
    assert all(b - a >= 17.9 for a, b in zip(sorted(heights), sorted(heights)[1:], strict=False))
    assert ">0</text>" in svg  # from zero


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=40))
def test_any_values_stay_inside_the_picture(values: list[float | None]) -> None:
    line = Line("x", tuple((float(at * 9 + 1), value) for at, value in enumerate(values)), "now")
    svg = sparkline([line], title="t")
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", svg):
        assert 0 <= float(x) <= 132
        assert 0 <= float(y) <= 30
