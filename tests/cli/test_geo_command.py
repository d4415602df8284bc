"""``lantian geo import`` as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

RING = [[130.0, 45.0], [132.0, 45.0], [132.0, 46.0], [130.0, 46.0], [130.0, 45.0]]


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lantian.cli", "geo", "import", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=os.environ, timeout=120)


def test_borders_are_taken_and_the_datum_must_be_said(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "borders.json"
    one = {"properties": {"name": "甲县"}, "geometry": {"type": "Polygon", "coordinates": [RING]}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}), "utf-8")
    done = run(file, "--as", "counties", "--datum", "gcj02", "--data", data)
    assert done.returncode == 0, done.stderr
    assert "已导入县（市）区界 1 个：甲县" in done.stdout
    assert "审图号" in done.stdout
    assert json.loads((data / "geo" / "counties.json").read_text("utf-8"))["datum"] == "gcj02"
    assert run(file, "--as", "counties", "--data", data).returncode == 2
    refused = run(file, "--as", "counties", "--datum", "bd09", "--data", data)
    assert refused.returncode == 2
    assert "不认识坐标系“bd09”" in refused.stderr
