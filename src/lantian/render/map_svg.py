"""A small map as inline SVG: borders as hairlines, points in the colour of their AQI category. Never the only access."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from lantian.render.ink import ink_on

_WIDTH, _MOST_HEIGHT, _MARGIN = 400.0, 330.0, 22.0
_SOFT, _EDGE, _GROUND, _INK = "#55616e", "#9aa6b1", "#f4f6f8", "#1d2733"
_NEAR = 0.8  # user units: points of a border closer together are drawn as one
_NAME_ROOM = 14.0  # user units a name needs for each of its characters, or the area stays without
_LEAST_SPAN = 0.04  # degrees, so that one point alone is still a map

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the map: where, its name, number and colour; without a colour it is drawn hollow (nothing told)."""

    lon: float
    lat: float
    name: str
    number: str
    colour: str | None
    told: str


@dataclass(frozen=True, slots=True)
class Shape:
    """An area on the map: name and rings, longitude first."""

    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class _View:
    west: float
    north: float
    across: float
    scale: float
    width: float
    height: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return _MARGIN + (lon - self.west) * self.across * self.scale, _MARGIN + (self.north - lat) * self.scale


def map_svg(spots: Sequence[Spot], shapes: Sequence[Shape] = (), *, title: str, near: bool = True) -> str:
    """SVG text of points and areas, equidistant about their middle latitude; empty without any.

    ``near``: the map spans the points, which bear number and name; else it spans the areas, the points are dots.
    Unit    degrees in, WGS-84
    """
    every = [(one.lon, one.lat) for one in spots]
    view = _view(every if near else [p for s in shapes for ring in s.rings for p in ring] or every)
    if view is None:
        return ""
    seen = [shape for shape in shapes if not near or _touches(shape, view)]
    parts = [_shape(shape, view) for shape in seen]
    parts += [_shape_name(shape, view) for shape in seen]
    parts += [_spot(one, view, near) for one in sorted(spots, key=lambda one: -one.lat)]
    return (
        f'<svg class="map" viewBox="0 0 {_n(view.width)} {_n(view.height)}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _view(points: Sequence[tuple[float, float]]) -> _View | None:
    """The frame of the points: as wide as the picture, or as high as it may be."""
    if not points:
        return None
    west, east = _apart([lon for lon, _ in points])
    south, north = _apart([lat for _, lat in points])
    across = math.cos(math.radians((south + north) / 2))
    scale = min((_WIDTH - 2 * _MARGIN) / ((east - west) * across), (_MOST_HEIGHT - 2 * _MARGIN) / (north - south))
    width, height = (east - west) * across * scale + 2 * _MARGIN, (north - south) * scale + 2 * _MARGIN
    return _View(west, north, across, scale, width, height)


def _apart(values: Sequence[float]) -> tuple[float, float]:
    """Ends of a span, at least as far apart as a map needs."""
    low, high = min(values), max(values)
    lack = max(0.0, _LEAST_SPAN - (high - low)) / 2
    return low - lack, high + lack


def _shape(shape: Shape, view: _View) -> str:
    path = "".join(_ring([view.at(lon, lat) for lon, lat in ring]) for ring in shape.rings)
    return f'<path d="{path}" fill="{_GROUND}" fill-rule="evenodd" stroke="{_EDGE}" stroke-width=".8"/>'


def _ring(points: Sequence[tuple[float, float]]) -> str:
    kept = [points[0]]
    for x, y in points[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _NEAR:
            kept.append((x, y))
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in kept) + "Z"


def _touches(shape: Shape, view: _View) -> bool:
    """Whether the box of an area overlaps the picture."""
    west, south, east, north = _box([p for ring in shape.rings for p in ring])
    (left, top), (right, bottom) = view.at(west, north), view.at(east, south)
    return left <= view.width and right >= 0 and top <= view.height and bottom >= 0


def _shape_name(shape: Shape, view: _View) -> str:
    """The name in the middle of the largest ring's box, where it has room inside the picture."""
    west, south, east, north = max((_box(ring) for ring in shape.rings), key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
    (left, top), (right, bottom) = view.at(west, north), view.at(east, south)
    x, y, room = (left + right) / 2, (top + bottom) / 2, _NAME_ROOM * len(shape.name)
    if right - left < room or not (room / 2 <= x <= view.width - room / 2 and 12 <= y <= view.height):
        return ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="12" fill="{_SOFT}" text-anchor="middle">{escape(shape.name)}</text>'
    )


def _box(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """West, south, east, north ends."""
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def _spot(one: Spot, view: _View, near: bool) -> str:
    x, y = view.at(one.lon, one.lat)
    told = f"<title>{escape(one.told)}</title>"
    if not near:
        fill = one.colour or "#ffffff"
        return f'<g>{told}<circle cx="{_n(x)}" cy="{_n(y)}" r="5" fill="{fill}" stroke="{_INK}" stroke-width=".8"/></g>'
    hollow = ' stroke-dasharray="3 2"' if one.colour is None else ""
    ink = ink_on(one.colour) if one.colour else _SOFT
    end = x > view.width * 0.75
    beside = x - 20 if end else x + 20
    return (
        f'<g>{told}<circle cx="{_n(x)}" cy="{_n(y)}" r="16" fill="{one.colour or "#ffffff"}" stroke="{_INK}" '
        f'stroke-width=".8"{hollow}/>'
        f'<text x="{_n(x)}" y="{_n(y + 4.5)}" font-size="13" text-anchor="middle" fill="{ink}">{escape(one.number)}</text>'
        f'<text x="{_n(beside)}" y="{_n(y + 4.5)}" font-size="13" fill="{_INK}" text-anchor="{"end" if end else "start"}">'
        f"{escape(one.name)}</text></g>"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
