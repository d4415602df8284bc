"""Kept charts: found whole, of one version of the data, older ones put away."""

from __future__ import annotations

from pathlib import Path

from lantian.store.drawings import FOLDER, Drawings, KeptDrawing

DRAWN = KeptDrawing("月报图", "说明。", "<svg>永</svg>")


def test_a_kept_chart_is_found_under_its_version_only(data: Path) -> None:
    Drawings(data, 7).keep("ab", DRAWN, b"png")
    assert Drawings(data, 7).found("ab") == DRAWN
    assert Drawings(data, 7).png("ab") == b"png"
    assert Drawings(data, 8).found("ab") is None
    assert Drawings(data, 7).found("cd") is None
    assert Drawings(data, 7).png("cd") is None


def test_nothing_to_draw_is_kept_too(data: Path) -> None:
    empty = KeptDrawing("", "", None)
    Drawings(data, 7).keep("ab", empty, None)
    assert Drawings(data, 7).found("ab") == empty


def test_charts_of_older_data_are_put_away_and_those_of_newer_left(data: Path) -> None:
    for version in (7, 9, 8):
        Drawings(data, version).keep("ab", DRAWN, None)
    assert sorted(folder.name for folder in (data / FOLDER).iterdir()) == ["8", "9"]


def test_a_damaged_file_is_no_chart(data: Path) -> None:
    Drawings(data, 7).keep("ab", DRAWN, None)
    (data / FOLDER / "7" / "ab.json").write_text("{", "utf-8")
    assert Drawings(data, 7).found("ab") is None
