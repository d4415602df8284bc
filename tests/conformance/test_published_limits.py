"""Published limits of GB 3095-2026 on both sides of 2031-01-01, against the rulebook."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from lantian import rulebook

KEYS = {"SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3", "PM10": "pm10", "PM2.5": "pm25"}
PERIODS = {"annual": "year", "24h": "day", "mda8": "day", "1h": "hour"}


def test_limits_of_both_phases(shared: Path) -> None:
    with (shared / "standards/vectors/limits-2026.csv").open(encoding="utf-8") as stream:
        cases = list(csv.DictReader(stream))
    assert len(cases) == 56
    for case in cases:
        held = rulebook.on(f"ambient.limits.{KEYS[case['pollutant']]}", date.fromisoformat(case["date"]))
        found = held.node.plain()[f"class_{case['class']}"][PERIODS[case["averaging"]]]
        assert found == int(case["limit"]), case
