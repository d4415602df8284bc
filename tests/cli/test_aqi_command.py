"""``lantian air aqi`` as a person runs it: output, messages, exit codes, nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TABLE = "date,city,so2,no2,co,o3_8h,pm10,pm25\n2025-01-01,鸡西,10,20,0.5,60,80,76\n"


def lantian(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lantian.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=dict(os.environ), timeout=120)


def test_standard_output_holds_the_table_only(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TABLE, "utf-8")
    done = lantian("air", "aqi", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "date,city,so2,no2,co,o3_8h,pm10,pm25,"
        "iaqi_so2,iaqi_no2,iaqi_co,iaqi_o3_8h,iaqi_pm10,iaqi_pm25,aqi,primary,category",
        "2025-01-01,鸡西,10,20,0.5,60,80,76,10,25,13,30,65,102,102,PM2.5,轻度污染",
    ]
    assert "按“date”列判定标准版本：HJ 633-2012：1 行" in done.stderr


def test_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file, out = tmp_path / "a.csv", tmp_path / "out.csv"
    file.write_text(TABLE, "utf-8")
    done = lantian("air", "aqi", file, "--out", out)
    assert (done.returncode, done.stdout) == (0, "")
    before = out.read_bytes()
    file.write_text(TABLE.replace("80,76", "80,高"), "utf-8")
    done = lantian("air", "aqi", file, "--out", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert "a.csv 第 2 行 “pm25”列：“高”不是数字" in done.stderr
    assert "Traceback" not in done.stderr
    assert out.read_bytes() == before
    done = lantian("air", "aqi", tmp_path / "out.csv", "--out", tmp_path / "none" / "out.csv")
    assert done.returncode == 2
    assert "写不了" in done.stderr
    assert sorted(name.name for name in tmp_path.iterdir()) == ["a.csv", "out.csv"]


def test_without_a_date_the_edition_must_be_named(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("so2,no2,co,o3,pm10,pm25\n10,20,0.5,60,80,76\n", "utf-8")
    done = lantian("air", "aqi", file, "--hourly")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--edition 2012 或 --edition 2026" in done.stderr
    done = lantian("air", "aqi", file, "--hourly", "--edition", "2026")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].endswith(",115,115,PM2.5,轻度污染")
