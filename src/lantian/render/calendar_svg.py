"""A month of days as a small calendar (inline SVG): AQI in the colour of its category, every day a link to its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from lantian.render.ink import ink_on

WEEK_DAYS = "一二三四五六日"
_CELL, _ROW, _HEAD = 38, 34, 20
_SOFT, _LINE = "#55616e", "#d9dfe5"


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: its AQI, category and colour; without an AQI the cell stays blank, ``told`` says why."""

    day: date
    aqi: int | None
    category: str | None
    colour: str | None
    told: str = ""


def month_svg(cells: Sequence[Cell], address: Callable[[date], str] | None = None) -> str:
    """SVG text of one month of cells, Monday first; with ``address`` each day is a link. Empty for no cells.

    Unit    user units of the view box: 7 columns, as many weeks as the month touches
    """
    if not cells:
        return ""
    first = cells[0].day
    ahead = first.replace(day=1).weekday()
    weeks = (ahead + cells[-1].day.day + 6) // 7
    heads = "".join(
        f'<text x="{at * _CELL + _CELL / 2:g}" y="13" font-size="11" fill="{_SOFT}" text-anchor="middle">{name}</text>'
        for at, name in enumerate(WEEK_DAYS)
    )
    days = "".join(_cell(cell, ahead, address) for cell in cells)
    return (
        f'<svg class="month" viewBox="0 0 {7 * _CELL} {_HEAD + weeks * _ROW}" role="group" '
        f'aria-label="{first.year}年{first.month}月">{heads}{days}</svg>'
    )


def _cell(cell: Cell, ahead: int, address: Callable[[date], str] | None) -> str:
    week, column = divmod(ahead + cell.day.day - 1, 7)
    x, y = column * _CELL + 1, _HEAD + week * _ROW + 1
    told = f"{cell.day} {_value(cell)}".strip()
    fill = cell.colour if cell.aqi is not None and cell.colour else "#ffffff"
    ink = ink_on(fill)
    shapes = (
        f"<title>{escape(told)}</title>"
        f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_ROW - 2}" fill="{fill}" stroke="{_LINE}"/>'
        f'<text x="{x + 3}" y="{y + 10}" font-size="9" fill="{_SOFT if fill == "#ffffff" else ink}">{cell.day.day}</text>'
    )
    if cell.aqi is not None:
        shapes += f'<text x="{x + (_CELL - 2) / 2:g}" y="{y + 25}" font-size="14" text-anchor="middle" fill="{ink}">{cell.aqi}</text>'
    if address is None:
        return f"<g>{shapes}</g>"
    return f'<a href="{escape(address(cell.day))}" aria-label="{escape(told)}">{shapes}</a>'


def _value(cell: Cell) -> str:
    return f"AQI {cell.aqi} {cell.category or ''}".strip() if cell.aqi is not None else cell.told
