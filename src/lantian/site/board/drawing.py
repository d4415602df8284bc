"""The board's figure: this year's running mean, earlier years grey, limits, and the outlook as a band at the end."""

from __future__ import annotations

from calendar import isleap
from typing import TYPE_CHECKING

from lantian.render.sparkline import Line, Step, year_figure
from lantian.work.air_board import Board
from lantian.work.air_board_budgets import MEAN

if TYPE_CHECKING:
    from lantian.work.air_outlook import CityOutlook

TITLE = "PM2.5 年内累计均值"


def figure(board: Board, outlook: CityOutlook | None) -> str:
    """Inline SVG; empty without a point."""
    lines = _lines(board)
    limits = [
        Step(1, 366, float(one.value), f"{one.text.zh} {'年度目标' if one.issued else '方案规定'}")
        for one in board.limits
        if one.metric == MEAN
    ]
    months = tuple(f"{number}月" for number in range(1, 13))
    band = _band(board, outlook)
    return year_figure([*band, *lines], limits, title=_title(board), unit="µg/m³", months=months)


def _lines(board: Board) -> list[Line]:
    """This year named above its end, the years before named once together where the highest of them ends."""
    now = [line for line in board.lines if line.year == board.as_of.year]
    before = [line for line in board.lines if line.year != board.as_of.year and len(line.points) > 1]
    highest = max(before, key=lambda line: line.points[-1][1] or 0.0, default=None)
    years = f"{before[0].year}—{before[-1].year}" if len(before) > 1 else str(before[0].year) if before else ""
    drawn = [Line(years if line is highest else "", line.points) for line in before]
    drawn += [Line("", line.points, "now") for line in now]
    return [*drawn, *(_named(board) if now else [])]


def _named(board: Board) -> list[Line]:
    """The name of this year's line, clear of the names at the end of the year: a line of one point is no line."""
    values = [value for line in board.lines for _, value in line.points if value is not None]
    ends = [line.points[-1][1] or 0.0 for line in board.lines] + [float(one.value) for one in board.limits[:1]]
    last = next(line for line in board.lines if line.year == board.as_of.year).points[-1][0]
    return [Line(f"{board.as_of.year} 年", ((last, max(ends) + max(values) / 8),), "now")]


def _title(board: Board) -> str:
    years = "、".join(str(line.year) for line in board.lines if len(line.points) > 1)
    return f"{TITLE}：{years}{'（模拟数据）' if board.simulated else ''}"


def _band(board: Board, outlook: CityOutlook | None) -> list[Line]:
    """The 80 % interval as a wedge from the last point to the end of the year: low end, last point, high end."""
    found = next((one for one in outlook.targets if one.metric == MEAN), None) if outlook else None
    now = next((line for line in board.lines if line.year == board.as_of.year), None)
    if found is None or found.p10 is None or found.p90 is None or now is None or not board.remaining:
        return []
    end = 366.0 if isleap(board.as_of.year) else 365.0
    low, high = round(found.p10, 2), round(found.p90, 2)
    return [Line("展望 80% 区间", ((end, low), now.points[-1], (end, high)), "outlook")]
