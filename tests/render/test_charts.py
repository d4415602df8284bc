"""The year chart: one specification, filled; pictures come out."""

from __future__ import annotations

import pytest

from lantian.render import charts
from lantian.render.sparkline import Line, Step

NOW = Line("2025", ((1.0, 50.0), (100.0, None), (200.0, 30.0)), "now")


def filled() -> dict[str, object]:
    return charts.year_chart([NOW], [Step(1, 366, 28.0, "≤ 28 方案规定")], title="PM2.5 年内累计均值", unit="µg/m³")


def test_the_specification_is_kept_once_and_data_filled_in() -> None:
    chart = filled()
    assert charts.specification() is charts.specification()
    assert "lines" not in charts.specification().get("datasets", {})
    rows = chart["datasets"]["lines"]  # type: ignore[index]
    assert [row["value"] for row in rows] == [50.0, None, 30.0]  # a gap stays a gap
    assert [row["last"] for row in rows] == [False, False, True]


@pytest.mark.slow
def test_pictures_come_out() -> None:
    chart = filled()
    assert charts.png(chart).startswith(b"\x89PNG")
    drawing = charts.svg(chart)
    for words in ("2025", "≤ 28 方案规定", "PM2.5 年内累计均值", "1月"):
        assert words in drawing
