"""Borders of the data folder (``geo/counties.json``): read from GeoJSON with checks, kept in WGS-84 with their origin."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.geo_datum import wgs84_of_gcj02

FOLDER = "geo"
LAYERS = {"counties": "县（市）区界"}
DATUMS = ("wgs84", "gcj02")
MOST_BYTES = 8_000_000  # a province's counties, finely drawn, stay below
_LON, _LAT = (73.0, 136.0), (3.0, 54.0)  # of China, to find slips: anything else is another order or another unit

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One unit: region code (None where the file has none), name, outer and inner rings in WGS-84, longitude first."""

    code: str | None
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """The areas of a layer and where they come from; ``review_number`` 审图号 of the map, empty where not known."""

    areas: tuple[Area, ...]
    file: str
    sha256: str
    datum: str
    review_number: str
    imported_at: str


def layer(data: Path, name: str = "counties") -> Layer | None:
    """A layer of the data folder; None where none was imported."""
    file = data / FOLDER / f"{name}.json"
    try:
        seen = file.stat()
    except FileNotFoundError:
        return None
    return _read(file, seen.st_mtime_ns)


@lru_cache(maxsize=4)  # the key holds the time of the file
def _read(file: Path, at: int) -> Layer:
    plain = json.loads(file.read_text(encoding="utf-8"))
    areas = tuple(
        Area(one["code"], one["name"], tuple(tuple((x, y) for x, y in ring) for ring in one["rings"]))
        for one in plain.pop("areas")
    )
    return Layer(areas=areas, **plain)


def import_layer(data: Path, file: Path, name: str, *, datum: str, review_number: str = "", now: datetime) -> Layer:
    """The layer a GeoJSON file becomes; written whole, an earlier one is replaced.

    Errors  Refusal for an unknown layer or datum, a file too large, no GeoJSON of areas, coordinates outside China
    """
    if name not in LAYERS:
        raise _refused("GEO-LAYER-UNKNOWN", f"没有图层“{name}”，可用：{'、'.join(LAYERS)}", f"no layer {name!r}", file)
    if datum not in DATUMS:
        zh = f"不认识坐标系“{datum}”，可用：{'、'.join(DATUMS)}"
        raise _refused("GEO-DATUM-UNKNOWN", zh, f"unknown datum {datum!r}", file)
    content = _content(file)
    areas = tuple(_moved(one, datum) for one in _areas(content, file))
    made = Layer(areas, file.name, hashlib.sha256(content).hexdigest(), datum, review_number.strip(), now.isoformat())
    _write(data, name, made)
    return made


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise _refused("GEO-FILE-ABSENT", "没有这个文件", "no such file", file)
    if file.stat().st_size > MOST_BYTES:
        zh = f"文件超过 {MOST_BYTES // 1_000_000} MB，请先简化边界"
        raise _refused("GEO-FILE-LARGE", zh, "larger than a layer may be", file)
    return file.read_bytes()


def _areas(content: bytes, file: Path) -> list[Area]:
    try:
        plain = json.loads(content)
        features = plain["features"] if plain["type"] == "FeatureCollection" else None
    except (ValueError, KeyError, TypeError):
        features = None
    if not isinstance(features, list) or not features:
        zh = "不是 GeoJSON 的 FeatureCollection，或其中没有区域"
        raise _refused("GEO-NOT-GEOJSON", zh, "not a GeoJSON FeatureCollection with features", file)
    return [_area(one, at, file) for at, one in enumerate(features, start=1)]


def _area(feature: Any, at: int, file: Path) -> Area:
    try:
        own, geometry = feature["properties"], feature["geometry"]
        given = geometry["coordinates"]
        polygons = {"Polygon": [given], "MultiPolygon": given}[geometry["type"]]
        rings = tuple(tuple((float(p[0]), float(p[1])) for p in ring) for polygon in polygons for ring in polygon)
        name = str(own["name"]).strip()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        zh = f"第 {at} 个区域缺少名称（properties.name），或不是 Polygon、MultiPolygon"
        raise _refused("GEO-AREA-BROKEN", zh, f"feature {at} has no name or is no polygon", file) from None
    outside = next((p for ring in rings for p in ring if not in_china(p)), None)
    if not name or not rings or any(len(ring) < 4 for ring in rings) or outside:
        zh = (
            f"第 {at} 个区域“{name}”的边界不成面，或坐标不在中国范围内（应为经度在前、纬度在后的度数）：{outside or ''}"
        )
        raise _refused("GEO-AREA-OUTSIDE", zh, f"feature {at}: no ring, or outside China", file)
    code = own.get("adcode") or own.get("code")
    return Area(str(code) if code else None, name, rings)


def in_china(point: tuple[float, float]) -> bool:
    """Whether longitude and latitude can be those of a place in China."""
    return _LON[0] <= point[0] <= _LON[1] and _LAT[0] <= point[1] <= _LAT[1]


def _moved(area: Area, datum: str) -> Area:
    if datum == "wgs84":
        return area
    rings = tuple(tuple((round(x, 6), round(y, 6)) for x, y in map(wgs84_of_gcj02, ring)) for ring in area.rings)
    return Area(area.code, area.name, rings)


def _write(data: Path, name: str, made: Layer) -> None:
    """The layer whole, then renamed."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    areas = [{"code": one.code, "name": one.name, "rings": one.rings} for one in made.areas]
    plain = {
        "areas": areas, "file": made.file, "sha256": made.sha256, "datum": made.datum,
        "review_number": made.review_number, "imported_at": made.imported_at,
    }  # fmt: skip
    part = folder / f"{name}.json.part"
    with part.open("w", encoding="utf-8") as stream:
        json.dump(plain, stream, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(folder / f"{name}.json")


def area_of(point: tuple[float, float], areas: tuple[Area, ...]) -> Area | None:
    """The area a WGS-84 point lies in (even-odd rule); None for none."""
    return next((area for area in areas if sum(_crossed(point, ring) for ring in area.rings) % 2), None)


def _crossed(point: tuple[float, float], ring: Ring) -> int:
    x, y = point
    return sum(
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in pairwise(ring)
    )


def _refused(code: str, zh: str, en: str, file: Path) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place(file=file.name)))
