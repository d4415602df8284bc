"""From GCJ-02, the shifted datum of Chinese web maps, to WGS-84, in which stations and satellites are told.

The shift is the formula known to everyone who draws on such maps; it has no official publication. Its inverse is found
by iteration, to far below a metre.
"""

from __future__ import annotations

import math

_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323  # of the Krasovsky ellipsoid, as the formula uses it
_ROUNDS = 5

Point = tuple[float, float]


def wgs84_of_gcj02(point: Point) -> Point:
    """The WGS-84 point that lies where this GCJ-02 point is drawn.

    Unit    degrees, longitude first
    """
    lon, lat = point
    for _ in range(_ROUNDS):
        moved = gcj02_of_wgs84((lon, lat))
        lon, lat = lon + point[0] - moved[0], lat + point[1] - moved[1]
    return lon, lat


def gcj02_of_wgs84(point: Point) -> Point:
    """The GCJ-02 point at which a WGS-84 point in China is drawn."""
    lon, lat = point
    x, y = lon - 105.0, lat - 35.0
    radians = math.radians(lat)
    squared = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    north = _north(x, y) * 180 / (_AXIS * (1 - _ECCENTRICITY) / (squared * math.sqrt(squared)) * math.pi)
    east = _east(x, y) * 180 / (_AXIS / math.sqrt(squared) * math.cos(radians) * math.pi)
    return lon + east, lat + north


def _waves(*terms: tuple[float, float]) -> float:
    return math.fsum(height * math.sin(at * math.pi) for height, at in terms) * 2 / 3


def _north(x: float, y: float) -> float:
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return plain + _waves((20, 6 * x), (20, 2 * x), (20, y), (40, y / 3), (160, y / 12), (320, y / 30))


def _east(x: float, y: float) -> float:
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return plain + _waves((20, 6 * x), (20, 2 * x), (20, x), (40, x / 3), (150, x / 12), (300, x / 30))
