"""The evaluation against the expected tables, and what it refuses."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from lantian.basis.finding import Refusal
from lantian.work.air_evaluate import evaluated_files
from lantian.work.air_import import silent

HEAD = "date,city,so2,no2,co,o3_8h,pm10,pm25\n"


def as_rows(table: pl.DataFrame, *keys: str) -> dict[tuple[str, ...], dict[str, str]]:
    return {tuple(row[key] for key in keys): row for row in table.fill_null("").iter_rows(named=True)}


def test_heilongjiang_2015_cell_by_cell(shared: Path) -> None:
    found_all = evaluated_files([shared / "data/ambient/heilongjiang_city_daily_2015_aqistudy.csv"], silent)
    for name, table, keys in (
        ("heilongjiang-2015-daily-expected.csv", found_all.days, ("city", "date")),
        ("heilongjiang-2015-expected.csv", found_all.years, ("city", "year")),
    ):
        found = as_rows(table, *keys)
        with (shared / "accept/air" / name).open(encoding="utf-8") as lines:
            expected = list(csv.DictReader(lines))
        assert len(expected) >= 13
        for row in expected:
            assert found[tuple(row[key] for key in keys)] == row


def test_absent_days_are_empty_rows_of_whole_years(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEAD + "2026-02-28,甲市,10,20,0.5,60,70,70\n2026-03-01,甲市,10,20,0.5,60,70,70\n", "utf-8")
    both = evaluated_files([file], silent)
    found = as_rows(both.days, "city", "date")
    assert len(both.days) == 365
    # 50 + 35 * 50 / 40 = 93.75; 100 + 10 * 50 / 55 = 109.09
    assert (found["甲市", "2026-02-28"]["aqi"], found["甲市", "2026-03-01"]["aqi"]) == ("94", "110")
    empty = found["甲市", "2026-07-01"]
    assert (empty["pm25"], empty["aqi"], empty["primary"], empty["edition"]) == ("", "", "", "HJ 633-2026")
    (row,) = as_rows(both.years, "city", "year").values()
    assert (row["valid_days"], row["good_days"], row["good_ratio"], row["pm25_mean"]) == ("2", "1", "50.0", "")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2025-01-01,甲市,10,20,0.5,60,70,-1\n", "负值"),
        ("2025-01-01,甲市,10,20,0.5,60,70,高\n", "不是数字"),
        ("2025-01-01,甲市,1,2,0.5,60,70,30\n2025-01-01,甲市,1,2,0.5,60,70,31\n", "不止一次"),
        ("", "没有一行数据"),
    ],
)
def test_faults_refuse_the_whole(tmp_path: Path, row: str, message: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEAD + row, "utf-8")
    with pytest.raises(Refusal, match=message):
        evaluated_files([file], silent)
