"""How many hours of each day of a month are there, as a small calendar (inline SVG); the fuller, the darker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from html import escape

from lantian.basis.period import Days
from lantian.render.calendar_svg import WEEK_DAYS
from lantian.render.ink import ink_on

_CELL, _ROW, _HEAD = 38, 30, 20
_SOFT, _LINE = "#55616e", "#d9dfe5"
_STEPS = (
    (24, "#1268a8"),
    (20, "#5b9cc9"),
    (12, "#a9cde6"),
    (1, "#dbeaf5"),
    (0, "#ffffff"),
)  # hours → ground, accent tints


def presence_svg(
    days: Days, hours: Mapping[date, int], told: Mapping[date, str], address: Callable[[date], str]
) -> str:
    """SVG text of a month, Monday first; ``hours`` present of each day (days without an entry are yet to come).

    ``told`` says more of a day in its tooltip; each day is a link.
    """
    ahead = days.first.weekday()
    weeks = (ahead + len(days) + 6) // 7
    heads = "".join(
        f'<text x="{at * _CELL + _CELL / 2:g}" y="13" font-size="11" fill="{_SOFT}" text-anchor="middle">{name}</text>'
        for at, name in enumerate(WEEK_DAYS)
    )
    cells = "".join(_cell(day, hours.get(day), told.get(day, ""), ahead, address) for day in days)
    name = f"{days.first:%Y-%m} 各日有值小时数"
    return (
        f'<svg class="presence" viewBox="0 0 {7 * _CELL} {_HEAD + weeks * _ROW}" role="group" '
        f'aria-label="{name}">{heads}{cells}</svg>'
    )


def _cell(day: date, hours: int | None, told: str, ahead: int, address: Callable[[date], str]) -> str:
    week, column = divmod(ahead + day.day - 1, 7)
    x, y = column * _CELL + 1, _HEAD + week * _ROW + 1
    ground = "#ffffff" if hours is None else next(colour for least, colour in _STEPS if hours >= least)
    words = f"{day} {'尚无数据' if hours is None else f'{hours} 小时有值'} {told}".strip()
    ink = ink_on(ground)
    shapes = (
        f"<title>{escape(words)}</title>"
        f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_ROW - 2}" fill="{ground}" stroke="{_LINE}"/>'
        f'<text x="{x + 3}" y="{y + 10}" font-size="9" fill="{_SOFT if ground == "#ffffff" else ink}">{day.day}</text>'
    )
    if hours is None:
        return f"<g>{shapes}</g>"
    number = f'<text x="{x + 18}" y="{y + 23}" font-size="13" text-anchor="middle" fill="{ink}">{hours}</text>'
    return f'<a href="{escape(address(day))}" aria-label="{escape(words)}">{shapes}{number}</a>'
