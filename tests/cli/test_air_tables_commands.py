"""``lantian air rank``, ``trend`` and ``quality`` as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAD = "date,city,so2,no2,co,o3_8h,pm10,pm25\n"


def lantian(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lantian.cli", "air", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=os.environ, timeout=120)


def april(folder: Path) -> Path:
    file = folder / "days.csv"
    rows = [
        f"2025-04-{n:02},{city},12,24,0.5,90,60,{value}\n"
        for city, value in (("望海", 30), ("云岭", 40))
        for n in range(1, 31)
    ]
    file.write_text(HEAD + "".join(rows), "utf-8")
    return file


def test_a_ranking_on_standard_output_and_in_a_file(tmp_path: Path) -> None:
    done = lantian("rank", "--daily", april(tmp_path), "--period", "2025-04")
    assert done.returncode == 0, done.stderr
    rows = [row.split(",")[:2] for row in done.stdout.splitlines()]
    assert rows == [["place", "city"], ["1", "望海"], ["2", "云岭"]]
    out = tmp_path / "rank.csv"
    again = lantian("rank", "--daily", april(tmp_path), "--period", "2025-04", "--out", out)
    assert again.returncode == 0
    assert again.stdout == ""
    assert out.read_text("utf-8") == done.stdout


def test_a_period_that_is_none(tmp_path: Path) -> None:
    done = lantian("rank", "--daily", april(tmp_path), "--period", "去年")
    assert done.returncode == 2
    assert "看不懂时段“去年”" in done.stderr
    assert done.stdout == ""


def test_trend_and_quality(tmp_path: Path) -> None:
    done = lantian("trend", "--daily", april(tmp_path), "--city", "望海")
    assert done.returncode == 0, done.stderr
    assert "年数不足" in done.stdout
    done = lantian("quality", "--daily", april(tmp_path), "--period", "2025-04")
    assert done.returncode == 0, done.stderr
    assert "连续 30 天都是" in done.stdout


def test_quality_of_station_hours_with_the_capture_beside_it(tmp_path: Path) -> None:
    rows = [f"东山,望海,2025-01-01 {n:02}:00,12,30,1,60,80,{47 if n > 16 else 40 + n}\n" for n in range(1, 24)]
    file = tmp_path / "hours.csv"
    file.write_text("station,city,time,so2,no2,co,o3,pm10,pm25\n" + "".join(rows), "utf-8")
    done = lantian("quality", "--hourly", file, "--capture", tmp_path / "capture.csv")
    assert done.returncode == 0, done.stderr
    assert "PM2.5 连续 7 小时都是 47" in done.stdout
    assert "望海,东山,2025-01,pm25,23,24,95.8" in (tmp_path / "capture.csv").read_text("utf-8")


def test_quality_needs_one_kind_of_table(tmp_path: Path) -> None:
    none, daily = lantian("quality"), lantian("quality", "--daily", april(tmp_path), "--capture", tmp_path / "c.csv")
    assert (none.returncode, daily.returncode) == (2, 2)
    assert "二者选一" in none.stderr
    assert "--capture" in daily.stderr
    assert not (tmp_path / "c.csv").exists()
