"""Station tables: every shape and layout, what is kept aside with its reason, what is refused whole."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from station_reading import FIRST, HEAD, codes, long, noted, read, refused

from lantian.rulebook import RulebookError
from lantian.store.cells import pasted
from lantian.store.station_given import bits
from lantian.store.station_layout import station_layouts
from lantian.store.station_rows import read_station_rows

POLLUTANTS = ("so2", "no2", "co", "o3", "pm10", "pm25")


def test_a_long_table_becomes_rows() -> None:
    rows = long("9001A,望海市,2025-01-05 01:00,7,20,0.35,41,60,32.5", "9002A,望海市,2025-01-05 01:00,—,NA,,-;,缺测,0")
    assert rows.kind == "station_hours"
    assert rows.layout == "plain_hours"
    assert rows.values is None
    assert rows.rows_read == 2
    assert rows.table.rows(named=True) == [
        {"station": "9001A", "city": "望海", "time": datetime(2025, 1, 5, 1), "so2": 70000, "no2": 200000, "co": 3500,
         "o3": 410000, "pm10": 600000, "pm25": 325000, "given": bits(POLLUTANTS), "row": 2},
        {"station": "9002A", "city": "望海", "time": datetime(2025, 1, 5, 1), "so2": None, "no2": None, "co": None,
         "o3": None, "pm10": None, "pm25": 0, "given": bits(POLLUTANTS), "row": 3},
    ]  # fmt: skip
    assert rows.table.schema["time"] == pl.Datetime("ms")
    assert rows.table.schema["co"] == pl.Int32
    assert rows.table.schema["row"] == pl.Int64
    assert rows.aside == []


def test_the_national_wide_table() -> None:
    rows = read(
        "date,hour,type,9001A,9002A\n20250105,0,AQI,50,\n20250105,0,PM2.5,32,40\n20250105,0,PM2.5_24h,30,30\n"
        "20250105,0,CO,0.4,\n20250105,0,NH3,1,1\n20250105,1,PM2.5,,41\n"
    )
    assert rows.layout == "national_wide"
    assert rows.values == "realtime"
    assert rows.rows_read == 6
    assert rows.table.select("station", "time", "co", "pm25", "row").rows() == [
        ("9001A", datetime(2025, 1, 5, 0), 4000, 320000, 3),
        ("9001A", datetime(2025, 1, 5, 1), None, None, 7),
        ("9002A", datetime(2025, 1, 5, 0), None, 400000, 3),
        ("9002A", datetime(2025, 1, 5, 1), None, 410000, 7),
    ]
    assert any("NH3" in note.text.zh for note in rows.notes if note.code == "AIR-COLUMN-UNKNOWN")
    assert any("PM2.5_24h" in note.text.zh for note in rows.notes if note.code == "AIR-COLUMN-IGNORED")


def test_a_row_per_item() -> None:
    rows = read("站点,时间,项目,数值\n9001A,2025-01-05 24:00,PM2.5,12\n9001A,2025-01-06 00:00,一氧化碳,0.2\n")
    assert rows.table.select("station", "time", "co", "pm25").rows() == [
        ("9001A", datetime(2025, 1, 6), 2000, 120000)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-01-05 24:00", datetime(2025, 1, 6)),
        ("2025/1/5 1:00", datetime(2025, 1, 5, 1)),
        ("2025-01-05T13:00:00", datetime(2025, 1, 5, 13)),
        ("2025-01-05 13:00+08:00", datetime(2025, 1, 5, 13)),
        ("2025年1月5日13时", datetime(2025, 1, 5, 13)),
        ("2025年1月5日 13时", datetime(2025, 1, 5, 13)),
        ("2025010513", datetime(2025, 1, 5, 13)),
        ("20250105 13", datetime(2025, 1, 5, 13)),
        ("45662.0416666667", datetime(2025, 1, 5, 1)),
        ("45662", datetime(2025, 1, 5, 0)),
        ("２０２５-０１-０５ 13:00", datetime(2025, 1, 5, 13)),
        ("1/13/2025 5:00", datetime(2025, 1, 13, 5)),
        ("13/1/2025 5:00", datetime(2025, 1, 13, 5)),
    ],
)  # fmt: skip
def test_hours_as_they_are_written(written: str, expected: datetime) -> None:
    assert long(f"9001A,望海,{written},7,20,0.3,41,60,32").table["time"].to_list() == [expected]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2025-01-05 13:30", "AIR-HOUR-TIME"),
        ("2025-01-05 25:00", "AIR-HOUR-TIME"),
        ("2025-02-30 01:00", "AIR-HOUR-TIME"),
        ("2025-01-05 13:00Z", "AIR-HOUR-TIME"),
        ("2025-01-05 13:00+09:00", "AIR-HOUR-TIME"),
        ("2025-01-05", "AIR-HOUR-TIME"),
        ("45662.02", "AIR-HOUR-TIME"),
        ("昨天", "AIR-HOUR-TIME"),
        ("", "AIR-HOUR-TIME"),
        ("1/5/2025 5:00", "AIR-DATE-AMBIGUOUS"),
        ("2011-12-31 23:00", "AIR-DATE-EARLY"),
        ("2012-01-01 00:00", "AIR-DATE-EARLY"),
        ("2026-11-24 09:00", "AIR-DATE-FUTURE"),
    ],
)  # fmt: skip
def test_rows_of_no_hour_are_kept_aside(written: str, code: str) -> None:
    rows = long(f"9001A,望海,{written},7,20,0.3,41,60,32", "9001A,望海,2026-11-24 08:00,7,20,0.3,41,60,32")
    assert codes(rows) == [(code, 2, "时间")]
    assert rows.aside[0].content["PM2.5"] == "32"
    assert rows.table.height == 1


def test_a_bad_value_is_kept_aside_and_the_rest_of_its_row_is_not_lost() -> None:
    rows = long("9001A,望海,2025-01-05 01:00,-3,很高,0.35,41,99999999,32")
    assert sorted(codes(rows)) == [
        ("AIR-VALUE-HUGE", 2, "PM10"), ("AIR-VALUE-NEGATIVE", 2, "SO2"), ("AIR-VALUE-TEXT", 2, "NO2"),
    ]  # fmt: skip
    assert rows.table.select("so2", "no2", "co", "o3", "pm10", "pm25").row(0) == (
        None,
        None,
        3500,
        410000,
        None,
        320000,
    )
    assert "-3" in rows.aside[0].finding.text.zh


def test_a_bad_value_of_a_wide_table_names_its_station() -> None:
    rows = read("date,hour,type,9001A,9002A\n20250105,0,PM2.5,-1,40\n")
    assert codes(rows) == [("AIR-VALUE-NEGATIVE", 2, "9001A")]
    assert rows.aside[0].content == {"date": "20250105", "hour": "0", "type": "PM2.5", "9001A": "-1"}
    assert rows.table["pm25"].to_list() == [None, 400000]


def test_equal_hours_count_once_and_differing_ones_are_all_kept_aside() -> None:
    same, other = "9001A,望海,2025-01-05 24:00,7,20,0.3,41,60,32", "9001A,望海,2025-01-06 00:00,7,20,0.3,41,60,32"
    rows = long(same, other)
    assert rows.table["row"].to_list() == [2]
    assert "AIR-HOUR-AGAIN" in noted(rows)
    rows = long(same, other.replace(",32", ",33"), "9002A,望海,2025-01-06 00:00,7,20,0.3,41,60,32")
    assert codes(rows) == [("AIR-HOUR-TWICE", 2, None), ("AIR-HOUR-TWICE", 3, None)]
    assert rows.table["station"].to_list() == ["9002A"]
    rows = long(same, other.replace(",32", ","))
    assert len(rows.aside) == 2
    assert rows.table.is_empty()


def test_units_in_headings_are_converted_and_checked() -> None:
    head = HEAD.replace("CO", "CO(μg/m³)").replace("PM10", "PM10（mg/m3）")
    rows = long("9001A,望海,2025-01-05 01:00,7,20,350,41,0.06,32", head=head)
    assert rows.table.select("co", "pm10").row(0) == (3500, 600000)
    assert refused(f"{HEAD.replace('CO', 'CO(ppm)')}\n9001A,望海,2025-01-05 01:00,7,20,350,41,6,32") == "AIR-HOUR-UNIT"


def _day(**values: str) -> str:
    row = {"so2": "7", "no2": "20", "co": "0.4", "o3": "41", "pm10": "60", "pm25": "32"} | values
    stations = [f"{9000 + number}A" for number in range(5)]
    rows = [f"{one},望海,2025-01-05 {hour:02}:00,{','.join(row.values())}" for one in stations for hour in range(1, 25)]
    return "\n".join([HEAD, *rows])


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"co": "400"}, "AIR-UNIT-IMPLAUSIBLE"),
        ({"co": "0.0004"}, "AIR-UNIT-IMPLAUSIBLE"),
        ({"pm25": "0.032"}, "AIR-UNIT-IMPLAUSIBLE"),
        ({"pm25": "90"}, "AIR-COLUMNS-SHIFTED"),
        ({"no2": "0"}, "AIR-VALUES-ZERO"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_what_they_say_are_refused(values: dict[str, str], code: str) -> None:
    assert refused(_day(**values)) == code
    assert read(_day()).table.height == 120


def test_rare_values_stay_and_are_told() -> None:
    rows = long("9001A,望海,2025-01-05 01:00,7,20,0.3,41,8000,32")
    assert rows.table["pm10"].to_list() == [80000000]
    assert "AIR-VALUE-RARE" in noted(rows)


def test_more_than_four_places_are_rounded_half_to_even_and_told() -> None:
    rows = long("9001A,望海,2025-01-05 01:00,7.00005,7.00015,0.3,41,60,32")
    assert rows.table.select("so2", "no2").row(0) == (70000, 70002)
    assert noted(rows).count("AIR-VALUE-ROUNDED") == 2


def test_floats_of_parquet_count_by_their_shortest_text(tmp_path: Path) -> None:
    times = [datetime(2025, 1, 5, hour) for hour in range(1, 8)]
    file = tmp_path / "hours.parquet"
    so2 = [0.1, 64.9, 1e-05, 7.00005, 7.00015, -1.0, float("nan")]
    pl.DataFrame(
        {"station": ["9001A"] * 7, "time": times, "so2": so2, "pm25": pl.Series(so2, dtype=pl.Float32)}
    ).write_parquet(file)
    rows = read(file)
    assert rows.table["so2"].to_list() == [1000, 649000, 0, 70000, 70002, None, None]
    assert rows.table["pm25"].to_list() == [1000, 649000, 0, 70000, 70002, None, None]
    assert codes(rows) == [("AIR-VALUE-NEGATIVE", 7, "so2"), ("AIR-VALUE-NEGATIVE", 7, "pm25")]


def test_a_unit_in_parquet_metadata_counts(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        [["9001A"], [datetime(2025, 1, 5, 1)], [350]],
        schema=pa.schema(
            [
                ("station", pa.string()),
                ("time", pa.timestamp("us")),
                pa.field("co", pa.int32(), metadata={"unit": "ug/m3"}),
            ]
        ),
    )
    pq.write_table(table, tmp_path / "hours.parquet")
    assert read(tmp_path / "hours.parquet").table["co"].to_list() == [3500]


def test_times_of_another_zone_are_refused(tmp_path: Path) -> None:
    frame = pl.DataFrame({"station": ["9001A"], "time": [datetime(2025, 1, 5, 1)], "so2": [7]})
    frame.with_columns(pl.col("time").dt.replace_time_zone("UTC")).write_parquet(tmp_path / "utc.parquet")
    frame.with_columns(pl.col("time").dt.replace_time_zone("Asia/Shanghai")).write_parquet(tmp_path / "local.parquet")
    assert refused(tmp_path / "utc.parquet") == "AIR-HOUR-ZONE"
    assert read(tmp_path / "local.parquet").table["time"].to_list() == [datetime(2025, 1, 5, 1)]


def test_truncated_files_say_so(tmp_path: Path) -> None:
    whole = gzip.compress((HEAD + "\n" + "9001A,望海,2025-01-05 01:00,7,20,0.3,41,60,32\n" * 500).encode())
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-20])
    assert refused(tmp_path / "cut.csv.gz") == "TABLE-GZIP-DAMAGED"
    pl.DataFrame({"station": ["9001A"], "so2": [7]}).write_parquet(tmp_path / "whole.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "whole.parquet").read_bytes()[:-40])
    assert refused(tmp_path / "cut.parquet") == "TABLE-PARQUET-DAMAGED"
    (tmp_path / "empty.csv").write_bytes(b"")
    assert refused(tmp_path / "empty.csv") == "TABLE-FILE-EMPTY"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_texts_in_any_dress(tmp_path: Path, encoding: str, mark: str) -> None:
    text = f"{HEAD}\r\n\r\n9001A, 望海市 ,2025-01-05 01:00,7,20,0.3,41,60,32\r\n9001A,望海市,2025-01-05 02:00,8\r\n"
    (tmp_path / "hours.csv").write_bytes(text.replace(",", mark).encode(encoding))
    rows = read(tmp_path / "hours.csv")
    assert rows.rows_read == 2
    assert rows.table.select("city", "so2", "pm25", "row").rows() == [
        ("望海", 70000, 320000, 3),
        ("望海", 80000, None, 4),
    ]


def test_quoted_headings_and_title_lines(tmp_path: Path) -> None:
    text = '站点小时值导出\n"站点编码","监测时间","PM2.5\n(μg/m³)"\n"9001A","2025-01-05 01:00","12"\n'
    (tmp_path / "hours.csv").write_text(text, encoding="utf-8")
    assert read(tmp_path / "hours.csv").table.select("pm25", "row").rows() == [(120000, 3)]


def test_sheets_of_a_workbook_are_put_together(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for number, sheet in enumerate((book.active, book.create_sheet("二月"))):
        sheet.append(["站点编码", "时间", "PM2.5"])
        sheet.append(["9001A", datetime(2025, number + 1, 5, 0), 12.5])
        sheet.append(["9001A", datetime(2025, 1, 7, 1), 7 + number])
    book.create_sheet("说明").append(["只是说明"])
    book.save(tmp_path / "hours.xlsx")
    rows = read(tmp_path / "hours.xlsx")
    assert rows.table.select("time", "pm25").rows() == [(datetime(2025, 1, 5), 125000), (datetime(2025, 2, 5), 125000)]
    assert [(one.finding.place.sheet, one.finding.place.row) for one in rows.aside] == [("Sheet", 3), ("二月", 3)]


def test_names_stand_in_for_codes() -> None:
    rows = long(
        "9001A,水厂,望海市,2025-01-05 01:00,7", "-,公园,望海市,2025-01-05 01:00,8", ",,望海市,2025-01-05 01:00,9",
        head="station_code,station_name,city,time,so2,,",
    )  # fmt: skip
    assert rows.table.select("station", "so2").rows() == [("9001A", 70000), ("望海/公园", 80000)]
    assert codes(rows) == [("AIR-STATION-EMPTY", 4, None)]
    rows = long("公园,望海市,2025-01-05 01:00,7", head="站点名称,城市,时间,SO2")
    assert rows.table["station"].to_list() == ["望海/公园"]


def test_wind_as_degrees_and_compass_points() -> None:
    rows = long(*(f"9001A,2025-01-05 0{n}:00,7,{wd},2.5" for n, wd in enumerate(("NNW", "东北", "180", "静风", "361"))),
                head="站点编码,时间,SO2,风向,风速(m/s)")  # fmt: skip
    assert rows.table["wind_direction"].to_list() == [3375000, 450000, 1800000, None, None]
    assert rows.table["wind_speed"].to_list() == [25000] * 5
    assert codes(rows) == [("AIR-WIND-DIRECTION", 6, "风向")]


def _own(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "layouts" / "stations"
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text(text, encoding="utf-8")
    return tmp_path


OURS = """
id: ours
title: 本地平台
kind: station_hours
columns:
  station: {names: [测点]}
  date: {names: [采样日]}
  hour: {names: [时段]}
  pm25: {names: [细颗粒物], unit: mg/m3}
marks: [测点]
values: reviewed
"""


@pytest.mark.parametrize(
    ("more", "hours", "expected"),
    [
        ("", ("0", "23"), [0, 23]),
        ("", ("1", "24"), [1, 24]),
        ("stamp: start", ("0", "23"), [1, 24]),
        ("stamp: start", ("1", "24"), [1, 24]),
        ("stamp: start\nhours: 0-23", ("1", "2"), [2, 3]),
        ("stamp: start\nhours: 1-24", ("1", "2"), [1, 2]),
    ],
)
def test_the_stamp_and_the_counting_of_hours(
    tmp_path: Path, more: str, hours: tuple[str, str], expected: list[int]
) -> None:
    data = _own(tmp_path, OURS + more)
    rows = read("测点,采样日,时段,细颗粒物\n" + "".join(f"甲,2025-01-05,{hour},0.012\n" for hour in hours), data)
    assert rows.values == "reviewed"
    assert rows.table["pm25"].to_list() == [120000, 120000]
    start = datetime(2025, 1, 5)
    assert [int((one - start).total_seconds() // 3600) for one in rows.table["time"]] == expected


def test_an_hour_beyond_the_declared_counting_is_kept_aside(tmp_path: Path) -> None:
    rows = read("测点,采样日,时段,细颗粒物\n甲,2025-01-05,24,0.012\n", _own(tmp_path, OURS + "hours: 0-23"))
    assert codes(rows) == [("AIR-HOUR-TIME", 2, "时段")]


@pytest.mark.parametrize(
    ("old", "new"),
    [("unit: mg/m3", "unit: km"), ("pm25:", "pm2_5:"), ("date: {names: [采样日]}", ""), ("reviewed", "checked")],
)
def test_a_broken_layout_names_its_file(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(RulebookError, match=r"ours\.yaml"):
        station_layouts(_own(tmp_path, OURS.replace(old, new)))


@pytest.mark.parametrize(
    "text", ["日期,城市,PM2.5\n2025-01-05,望海,21\n", "a,b\n1,2\n", "站点编码,时间\n9001A,2025-01-05 01:00\n"]
)
def test_other_tables_are_none_of_this_readers(text: str) -> None:
    assert read_station_rows(pasted(text), station_layouts(), first=FIRST) is None


def test_an_item_in_two_columns_is_refused() -> None:
    assert refused("站点编码,时间,PM2.5,pm25\n9001A,2025-01-05 01:00,1,2\n") == "AIR-COLUMN-TWICE"


def test_a_station_in_two_columns_is_refused() -> None:
    assert refused("date,hour,type,9001A,9001a\n20250105,0,PM2.5,1,2\n") == "AIR-COLUMN-TWICE"


def test_an_item_of_an_hour_twice_in_a_wide_table() -> None:
    rows = read("date,hour,type,9001A,9002A\n20250105,1,PM2.5,1,4\n20250105,1,PM2.5,1,5\n20250105,1,CO,0.1,0.2\n")
    assert rows.table.select("station", "co", "pm25").rows() == [("9001A", 1000, 10000), ("9002A", 2000, None)]
    assert codes(rows) == [("AIR-HOUR-TWICE", 2, "9002A"), ("AIR-HOUR-TWICE", 3, "9002A")]


@pytest.mark.parametrize("head", [HEAD, "date,hour,type,9001A", "站点,时间,项目,数值", "城市,月份,PM2.5"])
def test_a_heading_alone_is_an_empty_table(tmp_path: Path, head: str) -> None:
    (tmp_path / "hours.csv").write_text(head + "\n", encoding="utf-8")
    for source in (head, tmp_path / "hours.csv"):
        rows = read(source)
        assert (rows.rows_read, rows.table.height, rows.aside) == (0, 0, [])


def test_a_table_with_faults_beyond_number_is_refused(tmp_path: Path) -> None:
    text = HEAD + "\n" + "9001A,望海,2025-01-05 01:00Z,7,20,0.3,41,60,32\n" * 100_001
    (tmp_path / "hours.csv").write_text(text, encoding="utf-8")
    assert refused(tmp_path / "hours.csv") == "AIR-ASIDE-TOO-MANY"


def test_a_wide_parquet_table_with_an_empty_station(tmp_path: Path) -> None:
    frame = {"date": [20250105], "hour": [1], "type": ["PM2.5"], "9001A": [1.5], "9002A": [None], "9003A": ["7"]}
    pl.DataFrame(frame).write_parquet(tmp_path / "wide.parquet")
    assert read(tmp_path / "wide.parquet").table["pm25"].to_list() == [15000, None, 70000]
