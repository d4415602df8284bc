"""AQI added to a table: columns kept, editions by date, exact rounding, refusals, published hours and vectors."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.work.air_aqi import AqiTable, aqi_file, written

HOURLY = "so2,no2,co,o3,pm10,pm25"
DAILY = "so2,no2,co,o3_8h,pm10,pm25"
CLEAN = "10,20,1,60,30,20"


def computed(
    tmp_path: Path, text: str | bytes, *, hourly: bool = False, edition: str = "auto", name: str = "a.csv"
) -> AqiTable:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return aqi_file(file, hourly=hourly, edition=edition, progress=lambda done, total, what: None)


def rows_of(table: AqiTable) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(table))))


def codes(table: AqiTable) -> list[str]:
    return [note.code for note in table.notes]


def refusal(tmp_path: Path, text: str | bytes, **how: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        computed(tmp_path, text, **how)  # type: ignore[arg-type]
    return caught.value


def test_other_columns_are_kept_as_they_are(tmp_path: Path) -> None:
    text = f'站点,time,{HOURLY},备注\n"甲,""乙""",2026-03-01 01:00,{CLEAN},007\n丙,2026-03-01 02:00,{CLEAN},\n'
    table = computed(tmp_path, text, hourly=True)
    out = written(table)
    assert out.splitlines()[0] == (
        f"站点,time,{HOURLY},备注,iaqi_so2,iaqi_no2,iaqi_co,iaqi_o3,iaqi_pm10,iaqi_pm25,aqi,primary,category"
    )
    assert out.splitlines()[1].startswith(f'"甲,""乙""",2026-03-01 01:00,{CLEAN},007,4,10,10,19,30,29,30,,优')
    assert [row["备注"] for row in rows_of(table)] == ["007", ""]


def test_edition_by_date_and_end_of_hour(tmp_path: Path) -> None:
    stamps = (
        "2026-02-28 23:00",
        "2026-02-28 24:00",
        "2026-03-01 00:00",
        "2026-03-01 01:00",
        "2026/3/1 1时",
        "2026030101",
    )
    text = f"time,{HOURLY}\n" + "".join(f"{stamp},10,20,1,60,30,75\n" for stamp in stamps)
    table = computed(tmp_path, text, hourly=True)
    assert [row["aqi"] for row in rows_of(table)] == ["100", "100", "100", "114", "114", "114"]
    assert "HJ 633-2012：3 行，HJ 633-2026：3 行" in table.notes[0].text.zh
    days = computed(tmp_path, f"date,{DAILY}\n20260228,10,20,1,60,30,75\n2026-03-01,10,20,1,60,30,75\n")
    assert [row["aqi"] for row in rows_of(days)] == ["100", "114"]
    hours = computed(
        tmp_path, f"date,hour,{HOURLY}\n20260301,0,10,20,1,60,30,75\n20260301,1,10,20,1,60,30,75\n", hourly=True
    )
    assert [row["aqi"] for row in rows_of(hours)] == ["100", "114"]
    clocks = computed(
        tmp_path, f"time,date,{HOURLY}\n00:00,20260301,10,20,1,60,30,75\n01:00,20260301,10,20,1,60,30,75\n", hourly=True
    )
    assert [row["aqi"] for row in rows_of(clocks)] == ["100", "114"]
    utc = computed(
        tmp_path,
        f"time,{HOURLY}\n2026-02-28T16:00:00Z,10,20,1,60,30,75\n2026-02-28T17:00:00Z,10,20,1,60,30,75\n",
        hourly=True,
    )
    assert [row["aqi"] for row in rows_of(utc)] == ["100", "114"]


def test_rounded_once_from_any_number_of_places(tmp_path: Path) -> None:
    values = {
        "75.5": "102",
        "74.5": "99",
        "75.4999999": "100",
        "75.5000000001": "102",
        "７５": "100",
        "7.5e1": "100",
        " 75 ": "100",
    }
    text = f"{DAILY}\n" + "".join(f"10,20,1,60,30,{value}\n" for value in values)
    table = computed(tmp_path, text, edition="2012")
    assert [row["aqi"] for row in rows_of(table)] == list(values.values())
    assert [row["pm25"] for row in rows_of(table)] == list(values)
    co = computed(tmp_path, f"{DAILY}\n10,20,2.05,60,30,20\n10,20,2.15,60,30,20\n", edition="2012")
    assert [row["iaqi_co"] for row in rows_of(co)] == ["50", "55"]  # 2.0 and 2.2


def test_missing_items_by_edition_and_what_is_told(tmp_path: Path) -> None:
    text = f"{DAILY}\n10,20,1,—,30,20\n10,20,1,,30,200\n"
    old, new = (computed(tmp_path, text, edition=edition) for edition in ("2012", "2026"))
    assert [row["aqi"] for row in rows_of(old)] == ["30", "250"]
    assert "2 行有缺测项" in old.notes[0].text.zh
    assert [row["aqi"] for row in rows_of(new)] == ["", "250"]
    assert codes(new) == ["AIR-AQI-INCOMPLETE", "AIR-AQI-NONE"]


def test_values_beyond_a_table(tmp_path: Path) -> None:
    text = f"o3_1h,{DAILY}\n300,10,20,1,801,30,20\n,10,20,1,801,30,20\n300,10,20,1,801,30,200\n"
    old = computed(tmp_path, text, edition="2012")
    assert [(row["iaqi_o3_8h"], row["aqi"]) for row in rows_of(old)] == [("150", "150"), ("", ""), ("150", "250")]
    assert "AIR-IAQI-NONE" in codes(old)
    assert [row["aqi"] for row in rows_of(computed(tmp_path, text, edition="2026"))] == ["300"] * 3


def test_a_published_index_in_the_table_is_kept(tmp_path: Path) -> None:
    table = computed(tmp_path, f"aqi,{DAILY},primary\n77,10,20,1,60,30,20,x\n", edition="2012")
    (row,) = rows_of(table)
    assert (row["aqi_given"], row["primary_given"], row["aqi"], row["primary"]) == ("77", "x", "30", "")
    assert "aqi → aqi_given" in table.notes[0].text.zh


def test_encodings_units_and_separators(tmp_path: Path) -> None:
    gbk = "时间;SO2(μg/m3);NO2;一氧化碳(μg/m3);O3-8h;PM10;PM2.5\n2025年1月2日;10;20;1200;60;30;20\n".encode("gb18030")
    (row,) = rows_of(computed(tmp_path, gzip.compress(gbk), name="a.csv.gz"))
    assert (row["iaqi_co"], row["aqi"]) == ("30", "30")
    (row,) = rows_of(computed(tmp_path, f"{DAILY}\n{CLEAN}\n".encode("utf-8-sig"), edition="2026"))
    assert row["so2"] == "10"
    (row,) = rows_of(computed(tmp_path, f"{HOURLY}\n{CLEAN}\n", edition="2026"))  # “o3” of a day
    assert row["iaqi_o3_8h"] == "30"


def test_a_row_without_any_text_stays(tmp_path: Path) -> None:
    table = computed(tmp_path, f"date,{DAILY}\n,,,,,,\n2025-01-01,{CLEAN}\n")
    assert [row["aqi"] for row in rows_of(table)] == ["", "30"]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "TABLE-FILE-EMPTY", "空"),
        (f"{DAILY}\n", "AIR-TABLE-NO-ROWS", "没有一行数据"),
        (f"{DAILY}\n{CLEAN}\n10,20,1,60,30,高\n", "AIR-VALUE-TEXT", "“高”不是数字"),
        (f"{DAILY}\n10,20,1,60,30,-1\n", "AIR-VALUE-NEGATIVE", "负值"),
        (f"{DAILY}\n10,20,1,60,30,1{'0' * 40}\n", "AIR-VALUE-HUGE", "不可能"),
        (f"{DAILY}\n10,20,1,60,30,0.{'3' * 40}\n", "AIR-VALUE-PLACES", "位数过多"),
        (f"{DAILY}\n10,20,1200,60,30,20\n", "AIR-UNIT-IMPLAUSIBLE", "co(μg/m³)"),
        (f"{DAILY}\n" + "10,20,1,60,30,0.02\n" * 30, "AIR-UNIT-IMPLAUSIBLE", "小于 1"),
        ("so2,no2,co,o3_8h,pm10\n1,2,1,4,5\n", "AIR-COLUMNS-MISSING", "pm25"),
        (f"{DAILY},PM2.5\n{CLEAN},3\n", "AIR-COLUMN-TWICE", "不止一列"),
        (f"{DAILY}\n10,20,1,60,30\n", "TABLE-ROW-LENGTH", "5 格"),
        (f"{DAILY}\n{CLEAN}\n\n{CLEAN},9\n", "TABLE-ROW-LENGTH", "7 格"),
        (f'{DAILY}\n10,"20,1,60,30,20\n', "TABLE-ROW-LENGTH", "引号"),
        (gzip.compress(f"{DAILY}\n{CLEAN}\n".encode() * 500)[:-20], "TABLE-GZIP-DAMAGED", "损坏"),
        (b"\x00\x01\x02" * 50, "TABLE-FILE-BINARY", "不是表格文件"),
    ],
)  # fmt: skip
def test_refusals(tmp_path: Path, text: str | bytes, code: str, says: str) -> None:
    found = refusal(tmp_path, text, edition="2012").findings[0]
    assert found.code == code
    assert says in found.text.zh


def test_refusals_about_dates(tmp_path: Path) -> None:
    for text, code in (
        (f"{DAILY}\n{CLEAN}\n", "AIR-EDITION-NO-DATE"),
        (f"date,{DAILY}\n昨天,{CLEAN}\n", "AIR-DATE-UNREADABLE"),
        (f"date,{DAILY}\n2025-02-30,{CLEAN}\n", "AIR-DATE-UNREADABLE"),
        (f"date,{DAILY}\n2011-12-31,{CLEAN}\n", "AIR-DATE-EARLY"),
        (f"time,{DAILY}\n2025-01-01 01:00,{CLEAN}\n2025-01-01 02:00,{CLEAN}\n", "AIR-LOOKS-HOURLY"),
    ):
        assert refusal(tmp_path, text).findings[0].code == code
    assert refusal(tmp_path, f"{DAILY}\n{CLEAN}\n", edition="2013").findings[0].code == "AIR-EDITION-UNKNOWN"


def test_faults_are_named_by_line_and_column_and_counted(tmp_path: Path) -> None:
    found = refusal(tmp_path, f"{DAILY}\n{CLEAN}\n\n" + "10,坏,1,60,30,20\n" * 25, edition="2012").findings
    assert (found[0].place.row, found[0].place.column) == (4, "no2")
    assert len(found) == 21
    assert "另有 5 处" in found[-1].text.zh


def test_a_little_high_co_is_only_marked(tmp_path: Path) -> None:
    table = computed(tmp_path, f"{DAILY}\n10,20,61,60,30,20\n", edition="2012")
    assert codes(table) == ["AIR-UNIT-DOUBTFUL"]
    assert rows_of(table)[0]["aqi"] == "500"


def test_published_station_hours(shared: Path, tmp_path: Path) -> None:
    accept = shared / "accept"
    hours = shared / "data/ambient/national_station_hourly_202003_shared.parquet"
    given, published, out = (tmp_path / name for name in ("in.csv", "published.csv", "out.csv"))
    subprocess.run([sys.executable, accept / "make_aqi_input.py", hours, given, published], check=True)
    table = aqi_file(given, hourly=True, edition="2012", progress=lambda done, total, what: None)
    out.write_text(written(table), "utf-8")
    limits = ["--min-aqi", "1", "--min-primary", "1"]
    done = subprocess.run(
        [sys.executable, accept / "aqi_check.py", published, out, *limits], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "AQI equal 111341 of 111341; primary pollutant equal 52856 of 52856" in done.stdout


def test_published_hours_with_items_missing(shared: Path, tmp_path: Path) -> None:
    import polars as pl

    items = HOURLY.split(",")
    hours = pl.read_parquet(shared / "data/ambient/national_station_hourly_202003_shared.parquet")
    hours = hours.filter(pl.any_horizontal(pl.col(items).is_null()) & pl.col("aqi").is_not_null())
    assert hours.height == 15_488
    hours.select(*items, published=pl.col("aqi").cast(pl.Int64)).write_csv(tmp_path / "in.csv")
    table = aqi_file(tmp_path / "in.csv", hourly=True, edition="2012", progress=lambda done, total, what: None)
    assert all(row["aqi"] == row["published"] for row in rows_of(table))


VECTORS = {
    "hourly-2012-published.csv": (True, "2012", "_1h_ug", "co_1h_mg"),
    "daily-dust-deducted-published.csv": (False, "2012", "_24h_ug", "co_24h_mg"),
    "aqi-2026.csv": (True, "2026", "", "co_mg"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_published_vectors(shared: Path, tmp_path: Path, name: str) -> None:
    hourly, edition, end, co = VECTORS[name]
    with (shared / "standards/vectors" / name).open(encoding="utf-8") as stream:
        cases = list(csv.DictReader(stream))
    ozone = "o3" if hourly else "o3_8h"

    def cell(case: dict[str, str], key: str) -> str:
        if key == "co":
            return case[co]
        found = case.get(f"{key}{end}", case.get(key, case.get("o3_mda8_ug" if key == ozone else key, "")))
        return "" if found == "removed" else found  # particles taken out for dust

    keys = ["so2", "no2", "co", ozone, "pm10", "pm25"]
    lines = [",".join(keys), *(",".join(cell(case, key) for key in keys) for case in cases)]
    found = rows_of(computed(tmp_path, "\n".join(lines), hourly=hourly, edition=edition))
    assert len(found) == len(cases) >= 2
    for case, row in zip(cases, found, strict=True):
        assert row["aqi"] == case["published_aqi"], case
        if "published_category" in case:
            assert row["category"] == case["published_category"], case
        if "published_primary" in case:
            assert row["primary"].replace(",", "|") == case["published_primary"], case


def test_published_sub_indices(shared: Path, tmp_path: Path) -> None:
    keys = {"SO2": "so2", "NO2": "no2", "CO": "co", "PM10": "pm10", "PM2.5": "pm25"}
    checked = 0
    for name, edition, column in (
        ("iaqi-2012-examples.csv", "2012", "iaqi_after_ceil"),
        ("iaqi-2026.csv", "2026", "published_iaqi"),
    ):
        with (shared / "standards/vectors" / name).open(encoding="utf-8") as stream:
            for case in csv.DictReader(stream):
                hourly = case["averaging"] == "1h"
                ozone = "o3" if hourly else "o3_8h"
                key = keys.get(case["pollutant"], ozone)
                head = ["so2", "no2", "co", ozone, "pm10", "pm25"]
                line = ",".join(case["concentration"] if one == key else "" for one in head)
                (row,) = rows_of(computed(tmp_path, f"{','.join(head)}\n{line}\n", hourly=hourly, edition=edition))
                assert row[f"iaqi_{key}"] == case[column], case
                checked += 1
    assert checked == 26
