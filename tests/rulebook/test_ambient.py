"""Ambient parameters against the facts they were taken from (shared material), and against each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lantian import rulebook
from lantian.rulebook.loader import load

ITEMS = {"so2": "SO2", "no2": "NO2", "co": "CO", "o3_8h": "O3", "pm10": "PM10", "pm25": "PM2.5"}
EDITIONS = {"hj633-2012": date(2020, 1, 1), "hj633-2026": date(2027, 1, 1)}


def _facts(shared: Path, name: str) -> dict[str, Any]:
    return load(shared / "standards" / f"{name}.yaml").plain()  # type: ignore[no-any-return]


def _on(path: str, day: date) -> dict[str, Any]:
    return rulebook.on(path, day).node.plain()  # type: ignore[no-any-return]


@pytest.mark.parametrize("standard", EDITIONS)
@pytest.mark.parametrize(("path", "hours"), [("ambient.aqi.breakpoints", "24h"), ("ambient.aqi.breakpoints_1h", "1h")])
def test_breakpoints_are_those_of_the_standard(shared: Path, standard: str, path: str, hours: str) -> None:
    facts = _facts(shared, standard)["breakpoints"]
    ours = _on(path, EDITIONS[standard])
    for item, name in ITEMS.items():
        key = "o3" if item == "o3_8h" and hours == "1h" else item
        fact = facts.get("O3_8h" if item == "o3_8h" and hours == "24h" else f"{name}_{hours}", facts.get(f"{name}_24h"))
        assert ours[key] == fact["concentration"], item
        assert ours["iaqi"][: len(ours[key])] == fact["iaqi"]


@pytest.mark.parametrize("standard", EDITIONS)
def test_categories_and_colours_are_those_of_the_standard(shared: Path, standard: str) -> None:
    ours = _on("ambient.aqi.categories", EDITIONS[standard])["categories"]
    facts = _facts(shared, standard)["categories"]
    assert [(c["name"]["zh"], c["last"], c["rgb"]) for c in ours] == [(f["name"], f["aqi_to"], f["rgb"]) for f in facts]


@pytest.mark.parametrize(
    ("standard", "phase", "day"),
    [
        ("gb3095-2012", None, date(2013, 1, 1)),
        ("gb3095-2012", None, date(2026, 2, 28)),
        ("gb3095-2026", "transition", date(2026, 3, 1)),
        ("gb3095-2026", "transition", date(2030, 12, 31)),
        ("gb3095-2026", "final", date(2031, 1, 1)),
    ],
)
def test_limits_are_those_of_the_standard(shared: Path, standard: str, phase: str | None, day: date) -> None:
    facts = _facts(shared, standard)["basic_pollutants"]
    periods = {"annual": "year", "24h": "day", "mda8": "day", "1h": "hour"}
    for item in ("so2", "no2", "co", "o3", "pm10", "pm25"):
        ours = _on(f"ambient.limits.{item}", day)
        for period, limits in facts[{"o3": "O3"}.get(item, ITEMS.get(item, ""))]["limits"].items():
            for zone, limit in (limits[phase] if phase else limits).items():
                assert ours[zone][periods[period]] == limit["value"], (item, period, zone)


@pytest.mark.parametrize("path", ["ambient.aqi.breakpoints", "ambient.aqi.breakpoints_1h"])
def test_breakpoints_rise(path: str) -> None:
    for value in rulebook.parameter(path).values:
        columns = {key: node.plain() for key, node in value.node.mapping().items() if key != "edition"}
        for name, column in columns.items():
            assert column == sorted(set(column)), name
            assert len(column) <= len(columns["iaqi"])


def test_categories_join_without_gap() -> None:
    for value in rulebook.parameter("ambient.aqi.categories").values:
        runs = [(c["first"], c["last"]) for c in value.node.plain()["categories"]]
        assert runs[0][0] == 0
        assert all(last + 1 == first for (_, last), (first, _) in zip(runs, runs[1:], strict=False))  # noqa: RUF007
