"""Charts: one specification each, valid against the schema of Vega-Lite, filled with rows; drawings come out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import altair as alt
import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.render import charts, charts_bars, charts_days, charts_wind, report_png
from lantian.render.charts_bars import MonthPair, RankedBar, Share
from lantian.render.charts_days import DayCell
from lantian.render.charts_wind import PolarCell, RoseSector
from lantian.render.sparkline import Line, Step

NOW = Line("2026", ((1.0, 50.0), (100.0, None), (200.0, 30.0)), "now")
BEFORE = [Line("2024", ((1.0, 50.0), (365.0, 40.0))), Line("2025", ((1.0, 44.0), (365.0, 40.5)))]
LIMITS = [Step(1, 59, 75.0, "75 GB 3095-2012"), Step(60, 365, 60.0, "60 GB 3095-2026")]
GREEN = "#00e400"


def calendar() -> dict[str, Any]:
    cells = [DayCell(date(2026, 2, 1), 45, GREEN), DayCell(date(2026, 2, 3), None, None)]
    days = Days(date(2026, 1, 31), date(2026, 2, 3))
    return charts_days.calendar(cells, days, [("优", GREEN)], title="2026 年每天如何？", subtitle="AQI")


def course() -> dict[str, Any]:
    return charts_days.course([NOW, *BEFORE], LIMITS, by="day", title="哪些天超过限值？", subtitle="µg/m³")


def months() -> dict[str, Any]:
    pairs = [MonthPair(1, "35", "38"), MonthPair(2, None, "40")]
    return charts_bars.months(pairs, 2026, title="与去年相比如何？", subtitle="µg/m³")


def shares() -> dict[str, Any]:
    parts = [Share("1月", "优", 20, GREEN), Share("1月", "良", 1, "#ffff00"), Share("1月", "无 AQI", 10, None)]
    return charts_bars.shares(parts, title="各级别多少天？", subtitle="天")


def ranking() -> dict[str, Any]:
    bars = [RankedBar("1 黑河", "2.30", False), RankedBar("2 鸡西", "2.90", True)]
    return charts_bars.ranking(bars, title="排名", subtitle="综合指数")


def rose() -> dict[str, Any]:
    sectors = [RoseSector(at, (3, 1)) for at in range(16)]
    return charts_wind.rose(sectors, ["≤ 35", "＞ 35"], "静风 36%", 100, title="来自哪个方向？", subtitle="7 月")


def polar() -> dict[str, Any]:
    cells = [PolarCell(0, 0, "10"), PolarCell(4, 1, "90"), PolarCell(8, 1, None)]
    return charts_wind.polar(cells, ["弱", "强"], "不足 10 小时", "µg/m³", title="随风如何变化？", subtitle="7 月")


ALL = [calendar, course, months, shares, ranking, rose, polar]
Chart = Callable[[], dict[str, Any]]


@pytest.mark.parametrize("chart", ALL)
def test_a_filled_chart_is_a_valid_specification(chart: Chart) -> None:
    found = chart()
    json.dumps(found)  # only what JSON can hold
    alt.Chart.from_dict(
        {key: value for key, value in found.items() if key != "$schema"}
    )  # validates against the schema


@pytest.mark.parametrize(
    "kept",
    [charts_days.calendar_specification, lambda: charts_days.course_specification("day"), charts_bars.months_specification,
     charts_bars.shares_specification, charts_bars.ranking_specification, charts_wind.wind_specification],
)  # fmt: skip
def test_the_specification_is_kept_once_and_has_no_data(kept: Callable[[], dict[str, Any]]) -> None:
    assert kept() is kept()
    assert not kept().get("datasets")


def test_every_named_data_set_is_filled() -> None:
    for chart in ALL:
        found = chart()
        named = set(re.findall(r'"data": \{"name": "(\w+)"\}', json.dumps(found)))
        assert named == set(found["datasets"])


@pytest.mark.parametrize("chart", ALL)
def test_drawings_come_out_without_style_or_script(chart: Chart) -> None:
    found = chart()
    drawing = charts.svg(found)
    assert drawing.startswith("<svg")
    assert found["title"]["text"] in drawing
    assert not re.search(r"style|<script|<foreignObject|\bon\w+=|href=", drawing)


@pytest.mark.slow
@pytest.mark.parametrize("chart", ALL)
def test_pictures_come_out(chart: Chart) -> None:
    assert charts.png(chart()).startswith(b"\x89PNG")


def test_days_of_the_calendar_stand_under_their_week_day_and_gaps_stay_gaps() -> None:
    rows = calendar()["datasets"]["days"]
    assert [row["text"] for row in rows] == ["", "45", "", ""]
    assert [row["colour"] for row in rows] == ["#ffffff", GREEN, "#ffffff", "#ffffff"]
    saturday, sunday, monday, _ = rows
    assert (saturday["x"], sunday["x"] - 8, monday["x"] - 8) == (5, 6, 0)  # February is the second month of its row
    assert monday["y"] == sunday["y"] + 1


def test_gaps_of_a_line_stay_gaps_and_names_do_not_stand_on_each_other() -> None:
    sets = course()["datasets"]
    assert [row["value"] for row in sets["lines"] if row["kind"] == "now"] == [50.0, None, 30.0]
    assert sets["lines"][-1]["kind"] == "now"  # drawn last, above the others
    names = {row["label"]: row for row in sets["names"]}
    assert names["2026"]["value"] == 30.0
    assert names["2025"]["value"] - names["2024"]["value"] > 2
    assert [row["label"] for row in sets["limits"]] == ["75 GB 3095-2012", "60 GB 3095-2026"]


def test_bars_bear_the_printed_figure_and_begin_at_zero() -> None:
    rows = months()["datasets"]["bars"]
    assert [(row["kind"], row["value"], row["text"]) for row in rows] == [
        ("before", 38.0, "38"), ("now", 35.0, "35"), ("before", 40.0, "40"), ("now", None, None),
    ]  # fmt: skip
    for chart in (months(), ranking()):
        assert '"zero": true' in json.dumps(chart)


def test_stacked_days_follow_one_another() -> None:
    found = shares()["datasets"]
    assert [(row["first"], row["last"]) for row in found["parts"]] == [(0, 20), (20, 21), (21, 31)]
    assert [row["text"] for row in found["parts"]] == ["20", "", "10"]
    assert [row["text"] for row in found["key"]] == ["优", "良", "无 AQI"]


def test_rings_of_the_rose_are_round_shares() -> None:
    sets = rose()["datasets"]
    assert [row["text"] for row in sets["words"] if "%" in row["text"]] == ["2%", "4%"]
    assert len(sets["parts"]) == 32
    north = [row for row in sets["parts"] if row["start"] < 0]
    assert north[0]["outer"] == north[1]["inner"] == pytest.approx(0.75)
    assert sets["key"][-1]["text"] == "静风 36%"


def test_cells_of_the_polar_plot_with_too_few_hours_stay_white() -> None:
    sets = polar()["datasets"]
    assert [(row["inner"], row["outer"]) for row in sets["parts"]] == [(0, 0.5), (0.5, 1)]
    assert sets["parts"][0]["colour"] != sets["parts"][1]["colour"]
    assert [row["text"] for row in sets["key"]] == ["≤ 20 µg/m³", "20～40", "40～60", "60～80", "＞ 80", "不足 10 小时"]


def test_without_hours_a_rose_is_empty() -> None:
    none = charts_wind.rose([], [], "静风 —", 0, title="来自哪个方向？", subtitle="")
    assert none["datasets"]["parts"] == []
    assert charts_wind.polar([], ["弱"], "不足", "", title="", subtitle="")["datasets"]["parts"] == []


def test_without_a_chinese_font_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_png, "draws_chinese", lambda: False)
    with pytest.raises(Refusal, match="中文字体"):
        charts.svg(ranking())
