"""Borders: what is taken, what is refused and why, and the datum."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.basis.finding import Refusal
from lantian.store import geo
from lantian.store.geo import area_of, import_layer, layer
from lantian.store.geo_datum import gcj02_of_wgs84, wgs84_of_gcj02

RING = [[130.0, 45.0], [132.0, 45.0], [132.0, 46.0], [130.0, 46.0], [130.0, 45.0]]


def features(*rings: Any, kind: str = "Polygon", name: str | None = "甲县") -> dict[str, Any]:
    own = {"adcode": 230321} | ({"name": name} if name is not None else {})
    return {
        "type": "FeatureCollection",
        "features": [{"properties": own, "geometry": {"type": kind, "coordinates": list(rings)}}],
    }


@pytest.fixture
def taken(data: Path, tmp_path: Path, now: datetime):  # type: ignore[no-untyped-def]
    """A function: takes a GeoJSON object into the data folder."""

    def take(plain: Any, *, datum: str = "wgs84", name: str = "counties", number: str = "") -> geo.Layer:
        file = tmp_path / "borders.json"
        file.write_text(plain if isinstance(plain, str) else json.dumps(plain), encoding="utf-8")
        return import_layer(data, file, name, datum=datum, review_number=number, now=now)

    return take


def test_a_layer_comes_back_as_it_was_taken_and_the_next_replaces_it(taken, data: Path) -> None:  # type: ignore[no-untyped-def]
    assert layer(data) is None
    made = taken(features(RING), number=" 黑S(2026)1号 ")
    assert layer(data) == made
    assert (made.areas[0].code, made.areas[0].name, made.review_number) == ("230321", "甲县", "黑S(2026)1号")
    taken(features([RING], kind="MultiPolygon", name="乙县"))
    assert [one.name for one in layer(data).areas] == ["乙县"]  # type: ignore[union-attr]
    assert not list((data / "geo").glob("*.part"))


@pytest.mark.parametrize(
    ("plain", "code"),
    [
        ("{", "GEO-NOT-GEOJSON"),
        ("[]", "GEO-NOT-GEOJSON"),
        ({"type": "FeatureCollection", "features": []}, "GEO-NOT-GEOJSON"),
        ({"type": "Feature"}, "GEO-NOT-GEOJSON"),
        (features(RING, name=None), "GEO-AREA-BROKEN"),
        (features(RING, kind="Point"), "GEO-AREA-BROKEN"),
        (features([["a", "b"]] * 4), "GEO-AREA-BROKEN"),
        (features([[45.0, 130.0]] * 4), "GEO-AREA-OUTSIDE"),
        (features(RING[:3]), "GEO-AREA-OUTSIDE"),
        (features(RING, name=" "), "GEO-AREA-OUTSIDE"),
    ],
)
def test_what_is_no_layer_is_refused_and_nothing_written(taken, data: Path, plain: Any, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as told:
        taken(plain)
    assert told.value.findings[0].code == code
    assert layer(data) is None


def test_unknown_layer_datum_missing_and_large_files_are_refused(
    taken, data: Path, tmp_path: Path, now: datetime, monkeypatch
) -> None:  # type: ignore[no-untyped-def]
    for asked, code in (({"name": "roads"}, "GEO-LAYER-UNKNOWN"), ({"datum": "bd09"}, "GEO-DATUM-UNKNOWN")):
        with pytest.raises(Refusal) as told:
            taken(features(RING), **asked)
        assert told.value.findings[0].code == code
    with pytest.raises(Refusal, match="没有这个文件"):
        import_layer(data, tmp_path / "none.json", "counties", datum="wgs84", now=now)
    monkeypatch.setattr(geo, "MOST_BYTES", 10)
    with pytest.raises(Refusal, match="超过"):
        taken(features(RING))


def test_the_published_borders_move_to_the_published_wgs84_ones(shared: Path, data: Path, now: datetime) -> None:
    folder = shared / "data" / "geo"
    made = import_layer(data, folder / "230300_full.gcj02.json", "counties", datum="gcj02", now=now)
    known = json.loads((folder / "230300_full.wgs84.json").read_text(encoding="utf-8"))["features"]
    theirs = [p for one in known for polygon in one["geometry"]["coordinates"] for ring in polygon for p in ring]
    ours = [p for area in made.areas for ring in area.rings for p in ring]
    assert len(ours) == len(theirs) > 2000
    assert all(math.dist(a, b) < 2e-6 for a, b in zip(ours, theirs, strict=True))
    assert area_of((130.9620, 45.2924), made.areas).name == "鸡冠区"  # type: ignore[union-attr]  # station 环保局


@given(st.floats(75, 134), st.floats(18, 53))
def test_the_datum_comes_back_to_a_centimetre(lon: float, lat: float) -> None:
    back = wgs84_of_gcj02(gcj02_of_wgs84((lon, lat)))
    assert math.dist(back, (lon, lat)) < 1e-7


def test_a_hole_is_not_inside() -> None:
    hole = ((130.5, 45.2), (131.5, 45.2), (131.5, 45.8), (130.5, 45.8), (130.5, 45.2))
    areas = (geo.Area(None, "甲县", (tuple((x, y) for x, y in RING), hole)),)
    assert area_of((130.2, 45.5), areas) is areas[0]
    assert area_of((131.0, 45.5), areas) is None
    assert area_of((140.0, 45.5), areas) is None
