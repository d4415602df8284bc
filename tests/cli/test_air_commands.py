"""``lantian air`` and ``lantian demo`` as a person runs them: files, messages, exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from lantian.basis.period import year
from lantian.store.air import AirReader

HEAD = "date,city,so2,no2,co,o3_8h,pm10,pm25\n"


def lantian(*words: object, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"LANTIAN_DATA": str(data)} if data else {})}
    command = [sys.executable, "-m", "lantian.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120)


def test_import_then_evaluate(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEAD + "2025-01-01,鸡西市,10,20,0.5,60,80,76\n", "utf-8")
    done = lantian("air", "import", file, data=data)
    assert done.returncode == 0, done.stderr
    assert "新增 1" in done.stdout
    assert [day.aqi for day in AirReader(data).days("鸡西", year(2025))] == [102]
    out = tmp_path / "out"
    done = lantian("air", "evaluate", "--daily", file, "--period", "year", "--out", out)
    assert done.returncode == 0, done.stderr
    rows = (out / "city_daily.csv").read_text("utf-8").splitlines()
    assert rows[0] == "city,date,so2,no2,co,o3_8h,pm10,pm25,aqi,primary,category,edition"
    assert rows[1] == "鸡西市,2025-01-01,10,20,0.5,60,80,76,102,PM2.5,轻度污染,HJ 633-2012"
    assert len(rows) == 366
    assert sorted(name.name for name in out.iterdir()) == ["city_daily.csv", "city_year.csv"]


def test_bad_rows_end_with_two_and_leave_the_good_ones(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEAD + "2025-01-01,鸡西,10,20,0.5,60,80,76\n2025-01-02,鸡西,10,20,0.5,60,80,-1\n", "utf-8")
    for _ in range(2):
        done = lantian("air", "import", file, "--data", data)
        assert done.returncode == 2
        assert "a.csv 第 3 行 “pm25”列：“-1”是负值" in done.stderr
    reader = AirReader(data)
    assert reader.latest("鸡西") == date(2025, 1, 1)
    assert len(reader.imports()) == 1


def test_refusals_end_with_two_and_write_nothing(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    done = lantian("air", "import", file, "--data", data)
    assert (done.returncode, done.stdout) == (2, "")
    assert "认不出这张表。找到的列：a、b" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (data / "air.sqlite").exists()
    out = tmp_path / "out"
    bad = tmp_path / "b.csv"
    bad.write_text(HEAD + "2025-01-01,鸡西,10,20,0.5,60,80,高\n", "utf-8")
    for words, message in (
        (("--daily", bad), "不是数字"),
        (("--daily", tmp_path / "none.csv"), "没有这个文件"),
        (("--hourly", bad), "不是站点小时值表"),
        (("--hourly", file, "--daily", file), "二者选一"),
        ((), "--daily"),
        (("--daily", bad, "--period", "month"), "还不支持"),
    ):
        done = lantian("air", "evaluate", *words, "--out", out)
        assert done.returncode == 2
        assert message in done.stderr
        assert not out.exists()


def test_demo_loads_the_real_days(shared: Path, data: Path, tmp_path: Path) -> None:
    done = lantian("demo", "--shared", shared, "--data", data)
    assert done.returncode == 0, done.stderr
    assert "13 个城市" in done.stdout
    assert "没有臭氧日最大 8 小时平均" in done.stdout
    assert len(AirReader(data).days("鸡西", year(2015))) == 365
    done = lantian("demo", "--shared", tmp_path, "--data", data)
    assert done.returncode == 2
    assert "找不到示范数据" in done.stderr


def test_real_days_take_the_simulated_entries_with_them(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "a.csv"
    made = (
        "from datetime import UTC, datetime; from pathlib import Path; from lantian.cli.folder import django_ready; "
        f"django_ready(Path({str(data)!r})); from lantian.site.start import prepare_data; "
        "prepare_data(now=datetime(2025, 10, 16, tzinfo=UTC), progress=lambda *_: None); "
        "from lantian.site.facts.models import Entry; print(Entry.objects.count())"
    )
    count = subprocess.run([sys.executable, "-c", made], capture_output=True, text=True, check=True, timeout=120).stdout
    assert int(count) > 5
    file.write_text(HEAD + "2025-01-01,鸡西,10,20,0.5,60,80,76\n", "utf-8")
    done = lantian("air", "import", file, data=data)
    assert done.returncode == 0, done.stderr
    assert f"已移除模拟填报 {count.strip()} 条" in done.stdout
    assert "模拟填报" not in lantian("air", "import", file, data=data).stdout
