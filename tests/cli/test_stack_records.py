"""``lantian stack records, quarantine, import, replay, compact`` on a data folder that has frames."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.store.stack.stack_frames import MN, RECEIVED, frame, keep, waiting
from typer.testing import CliRunner

from lantian.cli import app
from lantian.store.stack import stack_file
from lantian.store.stack.outlets import Outlet, publish

STRANGER = "D" * 24
SPAN = ["--from", "2026-11-01T00:00:00", "--to", "20261201000000"]


@pytest.fixture
def filled(data: Path) -> Path:
    """A registered device, one nobody knows, and a frame without a time."""
    publish(data, [Outlet("M1-DA001", "1号锅炉排口", "模拟热电一", "230302", mn=MN)])
    rows = [
        frame(f"2026110208000{n}", {"a21026-Avg": f"{n}.50", "a21026-Flag": "N"}, at=RECEIVED + timedelta(seconds=n))
        for n in range(3)
    ]
    with stack_file.writing(data) as database:
        database.executemany("INSERT INTO device (mn, first_at, last_at) VALUES (?, 0, 0)", [(MN,), (STRANGER,)])
    keep(
        data, [*rows, frame("20261102080000", {"a21026-Avg": "9"}, mn=STRANGER), frame("nonsense", {"a21026-Avg": "9"})]
    )
    return data


def run(data: Path, *words: str) -> str:
    result = CliRunner().invoke(app, ["stack", *words, "--data", str(data)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_records_are_a_line_for_each_field_of_known_devices(filled: Path) -> None:
    found = rows(run(filled, "records", *SPAN, "--csv"))
    assert [
        (one["mn"], one["cn"], one["data_time"], one["code"], one["field"], one["value"], one["flag"]) for one in found
    ] == [(MN, "2051", f"2026110208000{n}", "a21026", "Avg", f"{n}.50", "N") for n in range(3)]
    assert rows(run(filled, "records", *SPAN, "--mn", STRANGER)) == []
    assert datetime.fromisoformat(found[0]["received_at"]) == RECEIVED


def test_a_span_without_records_has_its_heading(data: Path) -> None:
    assert run(data, "records", *SPAN).strip() == "mn,cn,data_time,code,field,value,flag,qn,received_at"


def test_what_is_no_time_is_told(data: Path) -> None:
    result = CliRunner().invoke(
        app, ["stack", "records", "--from", "yesterday", "--to", "2026-11-02", "--data", str(data)]
    )
    assert result.exit_code == 2
    assert "不是时间" in result.output


def test_the_quarantine_names_strangers_with_a_finding(filled: Path) -> None:
    told = [json.loads(line) for line in run(filled, "quarantine", "--jsonl").splitlines()]
    assert [(one["kind"], one["mn"], one["findings"][0]["code"]) for one in told] == [
        ("unknown", STRANGER, "GATEWAY-DEVICE-UNKNOWN"),
    ]
    assert run(filled, "quarantine", "--mn", "E" * 24) == ""


def test_records_become_the_stranger_s_once_it_is_registered(filled: Path) -> None:
    outlets = [
        Outlet("M1-DA001", "1号锅炉排口", "模拟热电一", "230302", mn=MN),
        Outlet("M2-DA001", "窑尾", "模拟水泥二", "230306", mn=STRANGER),
    ]
    publish(filled, outlets)
    assert {one["mn"] for one in rows(run(filled, "records", *SPAN))} == {MN, STRANGER}


def test_replay_gives_the_same_after_frames_have_moved(filled: Path, tmp_path: Path) -> None:
    before = run(filled, "records", *SPAN)
    assert "移入数据湖 4 个数据包" in run(filled, "compact", "--keep-hours", "0")
    assert waiting(filled) == 1  # the newest of all stays, here the one without a time
    assert run(filled, "records", *SPAN) == before
    assert "与现有记录不同 0 条" in run(filled, "replay", "--out", str(tmp_path / "again"))
    again = pl.read_parquet(tmp_path / "again" / "records-2026-11-000.parquet")
    assert again.filter(pl.col("mn") == MN)["avg"].to_list() == ["0.50", "1.50", "2.50"]


def test_replay_tells_a_record_that_no_frame_gives(filled: Path) -> None:
    run(filled, "compact", "--keep-hours", "0")
    file = next((filled / "stack" / "records").rglob("*.parquet"))
    pl.read_parquet(file).with_columns(avg=pl.lit("7")).write_parquet(file)
    result = CliRunner().invoke(app, ["stack", "replay", "--data", str(filled)])
    assert result.exit_code == 1
    assert "2026-11-02 08:00:00 a21026" in result.output


def test_replay_tells_a_device_without_any_frame(filled: Path) -> None:
    run(filled, "compact", "--keep-hours", "0")
    file = next((filled / "stack" / "records").rglob("*.parquet"))
    rows = pl.read_parquet(file)
    pl.concat([rows, rows.head(1).with_columns(mn=pl.lit("E" * 24))]).write_parquet(file)
    with stack_file.writing(filled) as database:
        database.execute("UPDATE file SET last_mn = ?", ("Z",))
    result = CliRunner().invoke(app, ["stack", "replay", "--check", "--data", str(filled)])
    assert result.exit_code == 1
    assert f"{'E' * 24} 2051" in result.output


def test_a_table_is_previewed_taken_in_and_taken_back(filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "小时.csv"
    file.write_text("排口编号,监测时间,SO2浓度(mg/m3)\nM1-DA001,2026-11-03 05:00,12.5\n", "utf-8")
    assert "没有写入" in run(filled, "import", str(file), "--preview")
    assert "第 1 批" in run(filled, "import", str(file))
    assert "没有写入" in run(filled, "import", str(file))
    assert [one["value"] for one in rows(run(filled, "records", "--from", "2026-11-03", "--to", "2026-11-04"))] == [
        "12.5"
    ]
    assert "1 个值" in run(filled, "import", "--withdraw", "1")
    assert rows(run(filled, "records", "--from", "2026-11-03", "--to", "2026-11-04")) == []
