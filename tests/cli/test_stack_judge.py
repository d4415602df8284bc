"""``lantian stack judge`` and ``verdicts`` on a data folder that has frames."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.store.stack.stack_frames import MN, frame, keep
from typer.testing import CliRunner

from lantian.cli import app
from lantian.store.stack.outlets import Outlet, publish

START = datetime(2024, 3, 2, 8)
DAYS = ["--from", "2024-03-02", "--to", "2024-03-02"]


@pytest.fixture
def filled(data: Path) -> Path:
    """An hour of minutes of one outlet."""
    made = Outlet(
        "DA001", "1号锅炉排口", "模拟热电一", "230302", mn=MN, limit_set="gb13271_2014_t3_coal", factors=("a21026",)
    )
    publish(data, [made])
    fields = {"a21026-Avg": "200", "a19001-Avg": "13", "a00000-Avg": "10"}
    keep(data, [frame(f"{START + timedelta(minutes=n):%Y%m%d%H%M%S}", fields) for n in range(60)])
    return data


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["stack", *words, "--data", str(data)])
    assert result.exit_code == code, result.output
    return result.stdout


def test_judged_and_listed(filled: Path) -> None:
    assert "小时判定 24 条，日判定 1 条，有变化 25 条" in run(filled, "judge", *DAYS)
    assert "有变化 0 条" in run(filled, "judge", *DAYS, "--outlet", "DA001")
    rows = list(csv.DictReader(io.StringIO(run(filled, "verdicts", *DAYS))))
    assert len(rows) == 24
    one = rows[8]
    assert (one["start"], one["minutes"], one["valid"]) == ("2024-03-02T08:00:00", "60", "1")
    # 200 · 12/8 = 300 above 200; 200 · 36 000 · 10⁻⁶ = 7.2 kg
    assert (one["measured"], one["converted"], one["mass_kg"]) == ("200.000", "300.000", "7.200000")
    assert (one["limit"], one["exceeded"], one["state"]) == ("200", "1", "closed")
    (day,) = csv.DictReader(io.StringIO(run(filled, "verdicts", *DAYS, "--days")))
    assert (day["hours"], day["valid"], day["exceeded_hours"]) == ("1", "0", "1")
    assert run(filled, "judge", *DAYS, "--csv").splitlines()[-24:] == run(filled, "verdicts", *DAYS).splitlines()[1:]


def test_nothing_registered_and_an_outlet_nobody_knows(data: Path, filled: Path) -> None:
    result = CliRunner().invoke(app, ["stack", "judge", *DAYS, "--outlet", "DA999", "--data", str(filled)])
    assert result.exit_code != 0
    publish(data, [])
    assert CliRunner().invoke(app, ["stack", "judge", *DAYS, "--data", str(data)]).exit_code != 0


@pytest.mark.parametrize("days", [("2024-03-03", "2024-03-02"), ("2024-03", "2024-03-02")])
def test_days_that_are_none(filled: Path, days: tuple[str, str]) -> None:
    result = CliRunner().invoke(app, ["stack", "judge", "--from", days[0], "--to", days[1], "--data", str(filled)])
    assert result.exit_code != 0


def test_judged_again_from_the_records(filled: Path) -> None:
    assert run(filled, "rejudge", *DAYS) == "比较判定 0 条，不同 0 条。\n"
    run(filled, "judge", *DAYS)
    assert run(filled, "rejudge", *DAYS) == "比较判定 25 条，不同 0 条。\n"
    with closing(sqlite3.connect(filled / "referee.sqlite")) as database:
        database.execute("UPDATE hour SET exceeded = 0 WHERE start = '2024-03-02T08:00:00'")
        database.commit()
    told = run(filled, "rejudge", *DAYS, code=1)
    assert told.splitlines() == ["比较判定 25 条，不同 1 条。", "  DA001 2024-03-02T08:00:00 a21026"]
