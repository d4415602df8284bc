"""What is sent again: a bad cell or an item not told never wipes what was known; an empty cell takes it back, and is told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lantian.basis.period import Days
from lantian.store.air_file import reading
from lantian.store.hours import HourReader
from lantian.store.station_days import MonthReader, given_days
from lantian.work.air_import import ImportReport
from lantian.work.air_intake import import_air

NOW = datetime.fromisoformat("2026-03-10T00:00:00+00:00")
DAY = Days(date(2025, 3, 1), date(2025, 3, 1))
LONG = "时间,站点,SO2,NO2,CO,O3,PM10,PM2.5\n2025-03-01 01:00,9001A,"
WIDE = "date,hour,type,9001A,9002A\n20250301,1,PM10,{},60\n20250301,1,PM2.5,{},30\n"
TALL = "时间,站点,监测项目,监测值\n2025-03-01 01:00,9001A,PM10,{}\n2025-03-01 01:00,9001A,PM2.5,{}\n"
DAYS = "日期,站点,SO2,NO2,CO,O3-8h,PM10,PM2.5\n2025-03-01,9001A,"


def bring(data: Path, text: str) -> ImportReport:
    return import_air(data, text, now=NOW, user="a")


def codes(report: ImportReport) -> list[str]:
    return [note.code for note in report.notes]


def hour(data: Path) -> tuple[int | None, ...]:
    rows = HourReader(data).hours(DAY, stations=["9001A"])
    return tuple(rows.select("pm10", "pm25").row(0))


@pytest.mark.parametrize("cell", ["-5", "x", "1e2.5"])
@pytest.mark.parametrize(
    ("first", "again"),
    [
        (LONG + "7,20,0.5,60,80,30\n", LONG + "7,20,0.5,60,81,{}\n"),
        (WIDE.format(80, 30), WIDE.format(81, "{}")),
        (TALL.format(80, 30), TALL.format(81, "{}")),
    ],
    ids=["long", "wide", "by-item"],
)
def test_a_bad_cell_leaves_the_hour_known_before(tmp_path: Path, first: str, again: str, cell: str) -> None:
    bring(tmp_path / "d", first)
    report = bring(tmp_path / "d", again.format(cell))
    assert hour(tmp_path / "d") == (810000, 300000)
    assert (report.rows_changed, len(report.quarantined)) == (1, 1)
    assert "AIR-REVISION-EMPTIES" not in codes(report)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (LONG + "7,20,0.5,60,80,30\n", LONG + "7,20,0.5,60,80,—\n"),
        (WIDE.format(80, 30), WIDE.format(80, "")),
        (TALL.format(80, 30), TALL.format(80, "")),
    ],
    ids=["long", "wide", "by-item"],
)
def test_an_empty_cell_takes_a_value_back_and_is_told(tmp_path: Path, first: str, again: str) -> None:
    bring(tmp_path / "d", first)
    report = bring(tmp_path / "d", again)
    assert hour(tmp_path / "d") == (800000, None)
    assert codes(report).count("AIR-REVISION-EMPTIES") == 1


def test_an_item_without_a_line_says_nothing(tmp_path: Path) -> None:
    bring(tmp_path / "d", TALL.format(80, 30))
    text = TALL.format(81, 30).replace("2025-03-01 01:00,9001A,PM2.5", "2025-03-01 02:00,9001A,PM2.5")
    bring(tmp_path / "d", text)
    assert hour(tmp_path / "d") == (810000, 300000)


def test_two_different_lines_leave_the_value_known_before(tmp_path: Path) -> None:
    bring(tmp_path / "d", TALL.format(80, 30))
    bring(tmp_path / "d", TALL.format(81, 31) + "2025-03-01 01:00,9001A,PM2.5,32\n")
    assert hour(tmp_path / "d") == (810000, 300000)


def test_a_station_day_keeps_what_a_bad_cell_or_another_table_says_nothing_of(tmp_path: Path) -> None:
    bring(tmp_path / "d", DAYS + "7,20,0.5,60,80,30\n")
    report = bring(tmp_path / "d", DAYS + "7,20,0.5,60,81,-3\n")
    bring(tmp_path / "d", "日期,站点,SO2,NO2,O3-8h,PM10\n2025-03-01,9001A,7,20,60,82\n")
    with reading(tmp_path / "d") as database:
        assert database is not None
        row = given_days(database, DAY, "realtime").select("co", "pm10", "pm25").row(0)
    assert row == (5000, 820000, 300000)
    assert "AIR-REVISION-EMPTIES" not in codes(report)
    assert "AIR-REVISION-EMPTIES" in codes(bring(tmp_path / "d", DAYS + "7,20,0.5,60,82,\n"))


def test_a_monthly_table_of_other_figures_completes_what_was_issued(tmp_path: Path) -> None:
    bring(tmp_path / "d", "城市,月份,PM2.5,综合指数,排名\n望海市,2025-03,30,4.2,3\n")
    bring(tmp_path / "d", "城市,月份,PM2.5,SO2\n望海市,2025-03,30,4\n")
    (month,) = MonthReader(tmp_path / "d").months(Days(date(2025, 3, 1), date(2025, 3, 1)))
    shown = {key: value for key, value in month.figures.items() if value is not None}
    assert shown == {"pm25": 300000, "so2": 40000, "composite_index": 42000}
    assert month.rank == 3
    assert month.city == "望海"


def test_equal_rows_of_two_files_are_counted(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(LONG + "7,20,0.5,60,80,30\n", "utf-8")
    report = import_air(tmp_path / "d", [tmp_path / "a.csv", tmp_path / "b.csv"], now=NOW, user="a")
    assert (report.rows_read, report.rows_new, len(report.quarantined)) == (2, 1, 0)
    assert [note.text.zh for note in report.notes if note.code == "AIR-HOUR-AGAIN"] == [
        "1 行在几个文件中重复且数值相同，只计一次"
    ]
