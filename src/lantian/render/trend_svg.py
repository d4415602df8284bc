"""A series over time as an inline figure: this year's line, last year's behind it, limits as steps with their edition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lantian.basis.period import Days
from lantian.render.sparkline import Line, Step, figure

MOST_TICKS = 12

Dated = tuple[date, float | None]


def trend_svg(
    now: tuple[str, Sequence[Dated]],
    before: tuple[str, Sequence[Dated]],
    limits: Sequence[tuple[Days, float, str]],
    days: Days,
    *,
    title: str,
    unit: str,
) -> str:
    """SVG text of two named lines of (day, value) and the limits (days, value, words) over ``days``; gaps stay gaps.

    Last year's points stand at the days of this year they are compared with. Empty without a single value.
    """
    lines = [Line(before[0], _points(before[1], days), "before"), Line(now[0], _points(now[1], days), "now")]
    steps = [Step(_at(span.first, days), _at(span.last, days) + 1, value, words) for span, value, words in limits]
    return figure(lines, steps, title=title, unit=unit, span=(0, len(days)), ticks=_ticks(days))


def years_svg(values: Sequence[tuple[int, float | None]], *, title: str, unit: str, label: str) -> str:
    """SVG text of yearly values; years without a valid value are gaps, the axis begins at zero. Empty for fewer than two."""
    points = tuple((float(year), value) for year, value in values)
    if sum(value is not None for _, value in points) < 2:
        return ""
    ticks = [(year, f"{year:g}") for year, _ in points[:: len(points) // MOST_TICKS + 1]]
    lines, span = [Line(label, points, "now")], (points[0][0], points[-1][0])
    return figure(lines, [], title=title, unit=unit, span=span, ticks=ticks, from_zero=True)


def _points(dated: Sequence[Dated], days: Days) -> tuple[tuple[float, float | None], ...]:
    return tuple((_at(day, days) + 0.5, value) for day, value in dated)


def _at(day: date, days: Days) -> float:
    return float((day - days.first).days)


def _ticks(days: Days) -> list[tuple[float, str]]:
    """First days of months (some of them in a long span), or every few days in a short one."""
    months = [day for day in days if day.day == 1]
    if len(months) >= 3:
        every = -(-len(months) // MOST_TICKS)
        return [(_at(day, days), _month(day, at == 0)) for at, day in enumerate(months[::every])]
    every = -(-len(days) // MOST_TICKS)
    return [(_at(day, days), f"{day.month}-{day.day}") for day in list(days)[::every]]


def _month(day: date, first: bool) -> str:
    return f"{day.year}年" if day.month == 1 and not first else f"{day.month}月"
