"""Charts of days: the calendar of a year in the colours of HJ 633, and the course of an item beside earlier years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from lantian.basis.period import Days, month
from lantian.render.charts import ACCENT, BEFORE, INK, SOFT, WIDTH, dressed, filled, haloed
from lantian.render.ink import ink_on
from lantian.render.sparkline import MONTHS, Line, Step

_ACROSS = 3  # months in a row of the calendar: the numbers stay readable on paper
_WEEK = "一二三四五六日"
_MONTH_WIDTH, _MONTH_HEIGHT = 8, 8.4  # a month in cells: seven days and a gap; name, week days, six weeks and a gap
_CELL = 26


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the calendar; ``aqi`` and ``colour`` None where the day has no valid AQI."""

    day: date
    aqi: int | None
    colour: str | None


@lru_cache(maxsize=1)  # the specification does not change while a process runs; building it loads altair
def calendar_specification() -> dict[str, Any]:
    """Data sets ``days`` (x, x2, y, y2, colour, text, ink), ``heads`` (x, y, text, size) and ``key`` (x, x2, y, y2, colour, text)."""
    import altair as alt

    across = alt.Scale(domain=[0, _ACROSS * _MONTH_WIDTH - 1], nice=False)
    down = alt.Scale(domain=[-1.6, 4 * _MONTH_HEIGHT - 0.6], nice=False, reverse=True)
    x, y = alt.X("x:Q", scale=across, axis=None), alt.Y("y:Q", scale=down, axis=None)
    days, heads, key = (alt.NamedData(name=name) for name in ("days", "heads", "key"))
    fill = alt.Fill("colour:N", scale=None)
    cells = (
        alt.Chart(days).mark_rect(stroke="#b8c1ca", strokeWidth=0.6).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", fill=fill)
    )
    numbers = (
        alt.Chart(days)
        .transform_calculate(at="(datum.x + datum.x2) / 2", level="(datum.y + datum.y2) / 2")
        .mark_text(fontSize=11.5, baseline="middle")
        .encode(
            x=alt.X("at:Q", scale=across, axis=None),
            y=alt.Y("level:Q", scale=down, axis=None),
            text="text:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    words = alt.Chart(heads).mark_text(baseline="middle", align="center", color=SOFT).encode(
        x=x, y=y, text="text:N", size=alt.Size("size:Q", scale=None)
    )  # fmt: skip
    squares = (
        alt.Chart(key).mark_rect(stroke="#b8c1ca", strokeWidth=0.6).encode(x=x, x2="x2:Q", y=y, y2="y2:Q", fill=fill)
    )
    names = (
        alt.Chart(key)
        .transform_calculate(level="(datum.y + datum.y2) / 2")
        .mark_text(align="left", dx=4, baseline="middle", color=INK, fontSize=11)
        .encode(x=alt.X("x2:Q", scale=across, axis=None), y=alt.Y("level:Q", scale=down, axis=None), text="text:N")
    )
    height = round((4 * _MONTH_HEIGHT + 1) * _CELL * 0.86)
    chart = alt.layer(cells, numbers, words, squares, names).properties(
        width=_CELL * (_ACROSS * _MONTH_WIDTH - 1), height=height
    )
    return dressed(chart)


def calendar(
    cells: Sequence[DayCell], days: Days, key: Sequence[tuple[str, str]], *, title: str, subtitle: str
) -> dict[str, Any]:
    """The days of one calendar year in months; days that are absent or have no AQI stay empty cells.

    ``days`` the days of the year that are over; ``key`` name and colour of each category.
    """
    known = {cell.day: cell for cell in cells}
    rows = [_cell(day, known.get(day)) for day in days]
    heads = [row for number in range(1, 13) for row in _heads(number)]
    squares = [
        {"x": at * 3.6, "x2": at * 3.6 + 0.8, "y": -1.5, "y2": -0.7, "colour": colour, "text": name}
        for at, (name, colour) in enumerate(key)
    ]
    return filled(calendar_specification(), title, subtitle, days=rows, heads=heads, key=squares)


def _corner(number: int) -> tuple[float, float]:
    """Where a month begins, in cells."""
    return (number - 1) % _ACROSS * _MONTH_WIDTH, (number - 1) // _ACROSS * _MONTH_HEIGHT


def _heads(number: int) -> list[dict[str, Any]]:
    left, top = _corner(number)
    names = [{"x": left + at + 0.5, "y": top + 1.35, "text": sign, "size": 9.5} for at, sign in enumerate(_WEEK)]
    return [{"x": left + 0.75, "y": top + 0.4, "text": f"{number}月", "size": 12.5}, *names]


def _cell(day: date, cell: DayCell | None) -> dict[str, Any]:
    left, top = _corner(day.month)
    before = month(day.year, day.month).first.weekday()
    week, place = divmod(before + day.day - 1, 7)
    x, y = left + place, top + 1.8 + week
    colour = (cell.colour if cell else None) or "#ffffff"
    text = str(cell.aqi) if cell and cell.aqi is not None else ""
    return {"x": x, "x2": x + 1, "y": y, "y2": y + 1, "colour": colour, "text": text, "ink": ink_on(colour)}


@lru_cache(maxsize=2)  # as above, one for each kind of points
def course_specification(by: str) -> dict[str, Any]:
    """Data sets ``lines`` (x, value, label, kind), ``names`` (x, value, label, kind), ``limits`` (first, last, value, label)."""
    import altair as alt

    if by == "month":
        scale = alt.Scale(domain=[0.6, 12.4], nice=False)
        axis = alt.Axis(values=list(range(1, 13)), labelExpr="datum.value + '月'", grid=False)
    else:
        scale = alt.Scale(domain=[1, 366], nice=False)
        axis = alt.Axis(
            values=list(MONTHS), labelExpr=f"indexof({list(MONTHS)}, datum.value) + 1 + '月'", labelAlign="left"
        )
    x = alt.X("x:Q", title=None, scale=scale, axis=axis)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=6))
    lines, names, limits = (alt.NamedData(name=name) for name in ("lines", "names", "limits"))
    domain = ["before", "now"]
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=domain, range=[BEFORE, ACCENT]))
    pale = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=domain, range=[_PALE, ACCENT]))
    width = alt.StrokeWidth("kind:N", legend=None, scale=alt.Scale(domain=domain, range=[1, 2]))
    drawn = (
        alt.Chart(lines)
        .mark_line(
            invalid="break-paths-show-path-domains", point=alt.OverlayMarkDef(size=26) if by == "month" else False
        )
        .encode(x=x, y=y, color=colour if by == "month" else pale, strokeWidth=width, detail="label:N")
    )
    words = haloed(
        partial(alt.Chart(names).mark_text, align="left", baseline="middle", dx=8, fontWeight="bold"),
        x=x, y=y, text="label:N", color=colour,
    )  # fmt: skip
    first = alt.X("first:Q", scale=scale)
    steps = alt.Chart(limits).mark_rule(strokeDash=[4, 3], color=INK).encode(x=first, x2="last:Q", y=y)
    law = haloed(
        partial(alt.Chart(limits).mark_text, align="left", baseline="bottom", dx=4, dy=-3, color=INK, fontSize=11),
        x=first, y=y, text="label:N",
    )  # fmt: skip
    chart = alt.layer(drawn, steps, law, words).resolve_scale(color="independent")
    return dressed(chart.properties(width=WIDTH - 60, height=270), right=60)


_PALE = "#c3ccd4"  # of many daily lines, so that this year stands out
_NAME_WIDTH = 0.08  # of the breadth, that a name takes
_APART = 0.055  # of the height, between two names at the lines


def course(lines: Sequence[Line], limits: Iterable[Step], *, by: str, title: str, subtitle: str) -> dict[str, Any]:
    """An item over the year: this year in the accent, earlier years grey, the limit dashed with its law, gaps left open.

    ``by`` day (x is the day of the year) or month (x is 1 … 12).
    """
    ordered = sorted(lines, key=lambda line: line.kind == "now")
    rows = [
        {"x": x, "value": value, "label": line.label, "kind": line.kind} for line in ordered for x, value in line.points
    ]
    steps = [{"first": one.first, "last": one.last, "value": one.value, "label": one.label} for one in limits]
    return filled(course_specification(by), title, subtitle, lines=rows, names=_names(ordered), limits=steps)


def _names(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Names at the last point of each line, moved apart where they would stand on each other."""
    known = {line: [(x, value) for x, value in line.points if value is not None] for line in lines}
    ends = sorted(
        ((points[-1][1], points[-1][0], line) for line, points in known.items() if points), key=lambda end: end[0]
    )
    gap = _APART * max((value for points in known.values() for _, value in points), default=0)
    rows: list[dict[str, Any]] = []
    for value, x, line in ends:
        near = [row["value"] for row in rows if abs(row["x"] - x) < _NAME_WIDTH * max(at for at, _ in lines[0].points)]
        rows.append({"x": x, "value": max(value, *(one + gap for one in near)) if near else value,
                     "label": line.label, "kind": line.kind})  # fmt: skip
    return rows
