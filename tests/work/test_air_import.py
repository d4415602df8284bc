"""Import of city-day tables: quarantine, idempotence, units, duplicates, simulated days, speed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from lantian.basis.finding import Refusal
from lantian.basis.period import Days, year
from lantian.store.air import AirReader
from lantian.work.air_import import ImportReport, import_city_days
from lantian.work.simulate import simulate_city

HEAD = "日期,城市,SO2,NO2,CO,O3_8h,PM10,PM2.5\n"
DAY = Days(date(2024, 1, 1), date(2025, 12, 31))


def codes(report: ImportReport) -> list[tuple[str, int | None, str | None]]:
    return [(finding.code, finding.place.row, finding.place.column) for finding in report.quarantined]


def test_bad_rows_are_kept_aside_with_place_and_reason(data: Path, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(
        HEAD
        + "2025-01-01,鸡西市,10,20,0.5,60,70,30\n"
        + "2025-02-30,鸡西市,10,20,0.5,60,70,30\n"
        + "2025-01-03,鸡西市,10,20,0.5,60,70,-3\n"
        + "2025-01-04,鸡西市,10,很低,0.5,60,70,30\n"
        + "2025-01-05,鸡西市,10,20,0.12345,60,70,30\n"
        + "2025-12-31,鸡西市,10,20,0.5,60,70,30\n"
        + "2011-12-31,鸡西市,10,20,0.5,60,70,30\n"
        + "2025-01-08,,10,20,0.5,60,70,30\n"
        + "2025-01-09,鸡西市,10,20,0.5,—,70,NA\n"
        + "\n"
        + "2025-01-10 08:00,鸡西市,10,20,0.5,60,70,30\n",
        "utf-8",
    )
    report = import_city_days(data, file, now=now, user="tester")
    assert codes(report) == [
        ("AIR-DATE-INVALID", 3, "日期"),
        ("AIR-VALUE-NEGATIVE", 4, "PM2.5"),
        ("AIR-VALUE-TEXT", 5, "NO2"),
        ("AIR-VALUE-PLACES", 6, "CO"),
        ("AIR-DATE-FUTURE", 7, "日期"),
        ("AIR-DATE-EARLY", 8, "日期"),
        ("AIR-CITY-EMPTY", 9, "城市"),
        ("AIR-DATE-HOUR", 12, "日期"),
    ]
    assert all(finding.place.file == "bad.csv" for finding in report.quarantined)
    assert (report.rows_read, report.rows_new) == (10, 2)
    reader = AirReader(data)
    ninth = reader.days("鸡西", DAY)[1]
    assert (ninth.values["o3_8h"], ninth.values["pm25"], ninth.aqi) == (None, None, None)
    assert reader.quarantine(report.import_id) == report.quarantined
    assert reader.quarantined_rows(report.import_id)[1]["PM2.5"] == "-3"


def test_importing_again_changes_nothing(data: Path, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEAD + "2025-01-01,鸡西,10,20,0.5,60,70,30\n2025-01-02,鸡西,10,20,0.5,60,70,-1\n", "utf-8")
    first = import_city_days(data, file, now=now, user="a")
    version, days = AirReader(data).version(), AirReader(data).days("鸡西", DAY)
    again = import_city_days(data, file, now=now, user="a")
    assert (again.repeated, again.import_id, again.rows_same, again.rows_new) == (True, first.import_id, 1, 0)
    assert codes(again) == codes(first)
    assert AirReader(data).version() == version
    assert AirReader(data).days("鸡西", DAY) == days
    assert len(AirReader(data).imports()) == 1


_VALUE = st.one_of(st.just(""), st.decimals(0, 999, places=2).map(str))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.integers(1, 28), _VALUE), min_size=1, max_size=12, unique_by=lambda row: row[0]))
def test_any_table_twice_is_the_table_once(
    tmp_path_factory: pytest.TempPathFactory, now: datetime, rows: list[tuple[int, str]]
) -> None:
    data = tmp_path_factory.mktemp("data")
    text = "日期\t城市\tPM10\n" + "".join(f"2025-03-{day:02d}\t甲城市\t{value}\n" for day, value in rows)
    first = import_city_days(data, text, now=now, user="a")
    once = AirReader(data).days("甲城", year(2025))
    # the same rows in another order are other bytes, yet the same days
    lines = text.splitlines()
    again = import_city_days(data, "\n".join([lines[0], *reversed(lines[1:])]), now=now, user="a")
    assert first.rows_new == again.rows_same == len(rows)
    assert (again.rows_new, again.rows_changed, again.days_recomputed) == (0, 0, 0)
    assert AirReader(data).days("甲城", year(2025)) == once


def test_a_day_twice(data: Path, now: datetime) -> None:
    text = HEAD + (
        "2025-01-01,鸡西,10,20,0.5,60,70,30\n2025-01-01,鸡西市,10,20,0.50,60,70,30.0\n"
        "2025-01-02,鸡西,10,20,0.5,60,70,30\n2025-01-02,鸡西,10,20,0.5,60,70,31\n"
    )
    report = import_city_days(data, text, now=now, user="a")
    assert codes(report) == [("AIR-DAY-TWICE", 4, None), ("AIR-DAY-TWICE", 5, None)]
    assert "第 5 行" in report.quarantined[0].text.zh
    assert [day.date.day for day in AirReader(data).days("鸡西", DAY)] == [1]


def test_units_declared_in_the_heading(data: Path, now: datetime) -> None:
    text = "日期\t城市\tCO(μg/m³)\tPM2.5(mg/m³)\n2025-01-01\t鸡西\t850\t0.035\n"
    import_city_days(data, text, now=now, user="a")
    (day,) = AirReader(data).days("鸡西", DAY)
    assert (day.values["co"], day.values["pm25"]) == (8500, 350000)


def many(heading: str, row: str) -> str:
    return heading + "".join(row.format(day=date(2025, 1, 1 + n).isoformat()) for n in range(31))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (many("日期\t城市\tCO\n", "{day}\t鸡西\t850\n"), "CO 的中位数"),
        (many("日期\t城市\tCO(μg/m³)\n", "{day}\t鸡西\t0.8\n"), "CO 的中位数"),
        (many("日期\t城市\tPM2.5\tPM10\n", "{day}\t鸡西\t90\t30\n"), "表头可能错位"),
        ("日期\t城市\n2025-01-01\t鸡西\n", "认不出这张表。找到的列：日期、城市"),
        ("月份\t城市\tPM2.5\n2025-01\t鸡西\t30\n", "最接近的是"),
        ("日期\tPM2.5\n2025-01-01\t30\n", "--city"),
        ("日期\t城市\tPM2.5\n", "没有一行数据"),
    ],
)
def test_whole_tables_that_are_refused_write_nothing(data: Path, now: datetime, text: str, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        import_city_days(data, text, now=now, user="a")
    assert AirReader(data).imports() == []
    assert not (data / "air.sqlite").exists()


def test_a_city_option(data: Path, now: datetime) -> None:
    import_city_days(data, "日期\tPM2.5\n2025-01-01\t30\n", now=now, user="a", cities=["鸡西市"])
    report = import_city_days(
        data, "日期\t城市\tPM2.5\n2025-01-01\t鹤岗市\t30\n2025-01-02\t鸡西\t30\n", now=now, user="a", cities=["鸡西"]
    )
    assert (report.rows_new, report.cities) == (1, ("鸡西",))
    assert AirReader(data).cities() == ["鸡西"]


def test_an_unknown_layout_is_refused(data: Path, now: datetime) -> None:
    with pytest.raises(Refusal, match="没有名为“nope”的布局"):
        import_city_days(data, HEAD, now=now, user="a", mapping="nope")


def test_a_workbook_with_a_title_line_and_real_dates(data: Path, now: datetime, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["鸡西市空气质量日报"])
    sheet.append(["日期", "城市", "PM2.5（μg/m3）", "备注"])
    sheet.append([datetime(2025, 1, 1), "鸡西市", 30.5, "晴"])
    sheet.append([45659, "鸡西市", 31, None])
    sheet.append(["2025年1月3日", "鸡西市", "—", None])
    book.save(tmp_path / "a.xlsx")
    report = import_city_days(data, tmp_path / "a.xlsx", now=now, user="a")
    assert (report.rows_new, report.quarantined) == (3, [])
    assert any("备注" in note.text.zh for note in report.notes)
    assert [day.values["pm25"] for day in AirReader(data).days("鸡西", DAY)] == [305000, 310000, None]


def test_several_files_are_one_import(data: Path, now: datetime, tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    files[0].write_text("日期,城市,PM2.5\n2025-01-01,鸡西,30\n2025-01-02,鸡西,31\n", "utf-8")
    files[1].write_text("日期,城市,PM2.5\n2025-01-02,鸡西,32\n2025-01-03,鸡西,33\n", "gbk")
    report = import_city_days(data, files, now=now, user="a")
    assert [finding.place.file for finding in report.quarantined] == ["a.csv", "b.csv"]
    assert report.rows_new == 2
    (record,) = AirReader(data).imports()
    assert [file["name"] for file in record.files] == ["a.csv", "b.csv"]
    with pytest.raises(Refusal):
        import_city_days(data, [files[0], tmp_path / "none.csv"], now=now, user="a")
    assert len(AirReader(data).imports()) == 1


def test_real_days_remove_the_simulated_ones_of_their_city(data: Path, now: datetime) -> None:
    for city in ("鸡西", "鹤岗"):
        simulate_city(data, city, None, seed=1, first=date(2025, 1, 1), last=date(2025, 1, 31), now=now)
    report = import_city_days(data, "日期\t城市\tPM2.5\n2025-01-05\t鸡西市\t30\n", now=now, user="a")
    reader = AirReader(data)
    assert report.simulated_removed == 31
    assert [day.date.day for day in reader.days("鸡西", DAY)] == [5]
    assert not reader.simulated("鸡西")
    assert reader.simulated("鹤岗")
    assert len(reader.days("鹤岗", DAY)) == 31


def test_a_revision_that_empties_items_is_told(data: Path, now: datetime) -> None:
    import_city_days(data, HEAD + "2025-01-01,鸡西,10,20,0.5,60,70,30\n", now=now, user="a")
    report = import_city_days(data, "日期\t城市\tPM2.5\n2025-01-01\t鸡西\t30\n", now=now, user="a")
    assert "AIR-REVISION-EMPTIES" in [note.code for note in report.notes]


def test_zero_is_missing_only_where_the_layout_says_so(data: Path, now: datetime) -> None:
    head = "date,city,adcode,pm25,pm10,so2,no2,co,o3_8h,aqi_site,aqi_hourly_range,level_site\n"
    import_city_days(data, head + "2025-01-01,鸡西,230300,30,50,0,20,0.5,60,70,1~2,良\n", now=now, user="a")
    import_city_days(data, HEAD + "2025-01-02,鸡西,0,20,0.5,60,70,30\n", now=now, user="a")
    assert [day.values["so2"] for day in AirReader(data).days("鸡西", DAY)] == [None, 0]


def test_progress_is_told(data: Path, now: datetime) -> None:
    seen: list[str] = []
    import_city_days(
        data,
        "日期\t城市\tPM2.5\n2025-01-05\t鸡西市\t30\n",
        now=now,
        user="a",
        progress=lambda a, b, text: seen.append(text),
    )
    assert "计算 AQI" in seen


@pytest.mark.slow
def test_two_years_of_all_cities_are_taken_in(data: Path, now: datetime, tmp_path: Path) -> None:
    cities = [f"城市{number:03d}" for number in range(366)]
    days = list(Days(date(2023, 1, 1), date(2024, 7, 16)))
    count = len(cities) * len(days)
    columns = {
        "date": [day.isoformat() for _ in cities for day in days],
        "city": [city for city in cities for _ in days],
        **{item: [10.0 + (number * 7 % 613) / 10 for number in range(count)] for item in ("so2", "no2", "pm25")},
        "pm10": [90.0] * count,
        "co": [0.3 + number % 17 / 10 for number in range(count)],
        "o3_8h": [60.5] * count,
    }
    columns["co"] = [round(value, 1) for value in columns["co"]]
    pq.write_table(pa.table(columns), tmp_path / "all.parquet")
    report = import_city_days(data, tmp_path / "all.parquet", now=now, user="a")
    assert report.rows_new == count > 205_000
