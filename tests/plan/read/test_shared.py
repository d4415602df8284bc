"""The official document of Jixi, the fictional attainment plan, nine openings and five laws of the shared trial data."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lantian.plan.read import read

JIXI = ("--min-targets", "1.0", "--min-bodies", "1.0", "--min-rules", "0.95")


def scored(shared: Path, key: Path, document: Path, folder: Path, *least: str) -> str:
    out = folder / "o.json"
    out.write_text(json.dumps(read(document), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(shared / "accept" / "plan_score.py"), str(key), str(out), *least]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout.splitlines()[-1] if result.returncode == 0 else result.stdout + result.stderr


@pytest.mark.parametrize("form", ["txt", "docx"])
def test_jixi_reaches_all_measures(shared: Path, tmp_path: Path, form: str) -> None:
    plans = shared / "data" / "plans"
    assert (
        scored(shared, plans / "jixi-2024.key.json", plans / f"jixi-2024.{form}", tmp_path, *JIXI)
        == "all measures reached"
    )


@pytest.mark.parametrize("form", ["txt", "docx"])
def test_attainment_plan_reaches_all_measures(shared: Path, tmp_path: Path, form: str) -> None:
    folder = shared / "data" / "plans" / "synthetic"
    name = "wangchuan-attainment-2024"
    assert scored(shared, folder / f"{name}.key.json", folder / f"{name}.{form}", tmp_path) == "all measures reached"


def test_openings_are_plans_and_not_complete(shared: Path) -> None:
    openings = sorted((shared / "data" / "plans" / "openings").glob("*.txt"))
    assert len(openings) == 9
    for path in openings:
        document = read(path)["document"]
        assert (path.name, document["plan"], document["complete"]) == (path.name, True, False)


def test_laws_are_no_plans(shared: Path) -> None:
    laws = sorted((shared / "data" / "plans" / "neighbour-genre").glob("*.txt"))
    assert len(laws) == 5
    for path in laws:
        data = read(path)
        assert (path.name, data["document"]["plan"], data["targets"]) == (path.name, False, [])
