"""Charts of wind: the pollution rose, and the polar plot of mean concentration by wind direction and strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from math import ceil
from typing import Any

from lantian.render.charts import ACCENT, INK, RULE, SOFT, dressed, filled, haloed

_SIZE = 360
_REACH = 140  # pixels from the middle to the outermost ring
_DIRECTIONS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
_CLASSES = ("#dce6ee", "#a9c8de", "#5f9fc8", ACCENT, "#0b3b60")  # of concentration: not those of the AQI
_TURN = 360 / 16


@dataclass(frozen=True, slots=True)
class RoseSector:
    """Hours of one of the sixteen sectors (0 is north, clockwise) by class of concentration."""

    sector: int
    hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PolarCell:
    """Mean of one sector and wind strength, as printed; None with too few hours."""

    sector: int
    strength: int
    mean: str | None


@lru_cache(maxsize=1)  # the specification does not change while a process runs; building it loads altair
def wind_specification() -> dict[str, Any]:
    """Data sets ``parts`` (start, end, inner, outer, colour), ``rings`` (outer), ``words`` (angle, out, text, size), ``key``."""
    import altair as alt

    parts, rings, words, key = (alt.NamedData(name=name) for name in ("parts", "rings", "words", "key"))
    turn = alt.Scale(domain=[0, 360], range=[0, 6.283185307179586], nice=False, zero=False)
    reach = alt.Scale(domain=[0, 1], range=[0, _REACH], nice=False)

    def theta(name: str) -> Any:
        return alt.Theta(name, scale=turn, stack=None)

    def radius(name: str) -> Any:
        return alt.Radius(name, scale=reach, stack=None)

    circles = (
        alt.Chart(rings)
        .mark_arc(filled=False, stroke=RULE, strokeWidth=1)
        .encode(theta=theta("start:Q"), theta2="end:Q", radius=radius("outer:Q"))
    )
    drawn = (
        alt.Chart(parts)
        .mark_arc(stroke="#ffffff", strokeWidth=0.7)
        .encode(
            theta=theta("start:Q"), theta2="end:Q", radius=radius("outer:Q"), radius2="inner:Q",
            fill=alt.Fill("colour:N", scale=None),
        )
    )  # fmt: skip
    texts = haloed(
        partial(alt.Chart(words).mark_text, baseline="middle", color=SOFT),
        theta=theta("angle:Q"), radius=radius("out:Q"), text="text:N", size=alt.Size("size:Q", scale=None),
    )  # fmt: skip
    place = alt.Chart(key).encode(x=alt.value(_SIZE + 18), y=alt.Y("y:Q", scale=None, axis=None))
    squares = place.mark_square(size=150, opacity=1, stroke="#b8c1ca", strokeWidth=0.6).encode(
        fill=alt.Fill("colour:N", scale=None)
    )
    names = place.mark_text(align="left", baseline="middle", dx=13, fontSize=11.5, color=INK).encode(text="text:N")
    layers = alt.layer(circles, drawn, texts, squares, names).properties(width=_SIZE, height=_SIZE - 20)
    return dressed(layers, right=130)


def _compass() -> list[dict[str, Any]]:
    return [{"angle": at * 45, "out": 1.13, "text": name, "size": 12} for at, name in enumerate(_DIRECTIONS)]


def _rings(count: int) -> list[dict[str, Any]]:
    return [{"start": 0, "end": 360, "outer": (at + 1) / count} for at in range(count)]


def _key(entries: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"y": 30 + at * 22, "text": text, "colour": colour} for at, (text, colour) in enumerate(entries)]


def rose(
    sectors: Sequence[RoseSector],
    classes: Sequence[str],
    calm: str,
    hours: int,
    *,
    title: str,
    subtitle: str | Sequence[str],
) -> dict[str, Any]:
    """Share of the hours from each direction, by class of concentration; ``calm`` is told in words beside it.

    ``classes`` the words of each class, lowest first; ``hours`` of which the shares are, calm ones among them.
    """
    largest = max((100 * sum(one.hours) / hours for one in sectors), default=0) if hours else 0
    step = next((step for step in (2, 5, 10, 20) if largest <= 4 * step), 25)
    count = max(1, ceil(largest / step))
    parts = []
    for one in sectors:
        inner = 0.0
        for level, number in enumerate(one.hours):
            outer = inner + 100 * number / hours / (count * step) if hours else 0.0
            if number:
                parts.append(_part(one.sector, inner, outer, _CLASSES[level], 0.82))
            inner = outer
    scale = [{"angle": 22.5, "out": (at + 1) / count, "text": f"{step * (at + 1)}%", "size": 10} for at in range(count)]
    key = _key([*zip(classes, _CLASSES, strict=False), (calm, "#ffffff")])
    return filled(
        wind_specification(), title, subtitle, parts=parts, rings=_rings(count), words=_compass() + scale, key=key
    )


def polar(
    cells: Sequence[PolarCell],
    strengths: Sequence[str],
    few: str,
    unit: str,
    *,
    title: str,
    subtitle: str | Sequence[str],
) -> dict[str, Any]:
    """Mean concentration by direction and wind strength: weak wind inside; cells with too few hours stay white.

    ``strengths`` words of each class of wind, weakest first; ``few`` what a white cell means.
    """
    known = sorted(float(cell.mean) for cell in cells if cell.mean is not None)
    edges = _steps(known)
    count = len(strengths)
    parts = [
        _part(cell.sector, cell.strength / count, (cell.strength + 1) / count, _colour(cell.mean, edges), 1)
        for cell in cells
        if cell.mean is not None
    ]
    scale = [
        {"angle": 11.25, "out": (at + 0.5) / count, "text": words, "size": 9.5} for at, words in enumerate(strengths)
    ]
    key = [*zip(_ranges(edges, unit), _CLASSES, strict=False), (few, "#ffffff")]
    return filled(
        wind_specification(), title, subtitle, parts=parts, rings=_rings(count), words=_compass() + scale, key=_key(key)
    )


def _part(sector: int, inner: float, outer: float, colour: str, share: float) -> dict[str, Any]:
    middle, half = sector * _TURN, _TURN / 2 * share
    return {"start": middle - half, "end": middle + half, "inner": inner, "outer": outer, "colour": colour}


def _steps(ascending: Sequence[float]) -> list[float]:
    """Edges between five classes of equal width on round numbers, from the values shown."""
    if not ascending:
        return []
    width = (ascending[-1] - ascending[0]) / len(_CLASSES)
    unit = next((unit for unit in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if width <= unit), 200)
    first = (int(ascending[0] / unit) + 1) * unit
    return [round(first + at * unit, 1) for at in range(len(_CLASSES) - 1)]


def _colour(text: str, edges: Sequence[float]) -> str:
    return _CLASSES[sum(float(text) > edge for edge in edges)]


def _ranges(edges: Sequence[float], unit: str) -> list[str]:
    if not edges:
        return []
    inner = [f"{low:g}～{high:g}" for low, high in pairwise(edges)]
    return [f"≤ {edges[0]:g} {unit}", *inner, f"＞ {edges[-1]:g}"]
