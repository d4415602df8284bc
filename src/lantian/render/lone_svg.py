"""An inline figure as a file of its own: the colours its page gives it, and below it what it is and under which reservations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape

BEFORE, NOW, LIMIT, GRID, BAND = "#8492a0", "#1268a8", "#1d2733", "#e7ebef", "#cfe3f2"
_STROKES = (("before", BEFORE), ("now", NOW), ("limit", LIMIT), ("grid", GRID))
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_LINE = 18  # user units between two lines of words
_SIDE = 12


def lone_svg(svg: str, notes: Sequence[str] = ()) -> bytes:
    """A figure of ``sparkline`` or ``trend_svg`` as an SVG file, its title and notes as lines below it."""
    title = _TITLE.search(svg)
    words = [*([unescape(title[1])] if title else []), *notes]
    out = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    for kind, colour in _STROKES:
        out = out.replace(f'<path class="{kind}"', f'<path class="{kind}" stroke="{colour}"')
    out = out.replace('<path class="outlook" fill="none"', f'<path class="outlook" fill="{BAND}"')
    out = _with_lines(out, words).replace("<text ", '<text font-size="12" font-family="sans-serif" ')
    return out.replace('class="axis end"', 'class="axis end" text-anchor="end"').encode()


def _with_lines(svg: str, words: Sequence[str]) -> str:
    """The drawing made higher by a line for each of the words."""
    box = _BOX.search(svg)
    if box is None:
        return svg
    width, height = int(box[1]), int(box[2])
    lines = "".join(
        f'<text x="{_SIDE}" y="{height + _LINE * at}">{escape(text)}</text>' for at, text in enumerate(words, start=1)
    )
    higher = svg.replace(box[0], f'viewBox="0 0 {width} {height + _LINE * len(words) + _SIDE}"', 1)
    return higher.removesuffix("</svg>") + lines + "</svg>"
