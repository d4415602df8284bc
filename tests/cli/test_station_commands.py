"""``lantian air stations`` and the import of station tables as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from lantian.store.air import AirReader

REGISTER = "站点编码,站点名称,城市,县区,类型,经度,纬度\n2240A,环保局,鸡西市,鸡冠区,,130.9620,45.2924\n"
HOURS = "time,station,city,so2,no2,co,o3,pm10,pm25\n" + "".join(
    f"2025-01-01 {hour:02d}:00,2240A,鸡西,5,6,0.4,50,60,30\n" for hour in range(1, 24)
)


def lantian(*words: object, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lantian.cli", *map(str, words)]
    environment = {**os.environ, "LANTIAN_DATA": str(data)}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120)


def test_register_import_and_list(tmp_path: Path, data: Path) -> None:
    register, hours = tmp_path / "stations.csv", tmp_path / "hours.csv"
    register.write_text(REGISTER, "utf-8")
    hours.write_text(HOURS, "utf-8")
    refused = lantian("air", "stations", register, "--back", tmp_path / "back.xlsx", data=data)
    assert refused.returncode == 2
    assert "没有类型" in refused.stderr
    assert (tmp_path / "back.xlsx").read_bytes()[:2] == b"PK"
    assert lantian("air", "stations", register, "--role", "国控", data=data).returncode == 0
    done = lantian("air", "import", hours, "--values", "reviewed", data=data)
    assert (done.returncode, "站点小时值（审核后）" in done.stdout, "新增 23" in done.stdout) == (0, True, True), (
        done.stderr
    )
    assert AirReader(data).cities("reviewed") == ["鸡冠区", "鸡西"]
    assert AirReader(data).cities() == []
    listed = lantian("air", "stations", "--list", data=data)
    assert listed.stdout.splitlines()[1].startswith("2240A,环保局,鸡西,鸡冠区,,国控")
    assert lantian("air", "stations", "--template", tmp_path / "t.xlsx", data=data).returncode == 0
    assert (tmp_path / "t.xlsx").read_bytes()[:2] == b"PK"


def test_what_cannot_be_asked_is_told(data: Path) -> None:
    assert "三者选一" in lantian("air", "stations", data=data).stderr
    assert "--values realtime" in lantian("air", "import", "x.csv", "--values", "final", data=data).stderr
