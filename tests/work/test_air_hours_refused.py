"""Files of station hours that cannot be right: refused whole, naming what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hour_network import ITEMS, evaluated, network, write_csv, write_parquet

from lantian.basis.finding import Refusal


@pytest.fixture(scope="module")
def hours() -> pl.DataFrame:
    return network(5, date(2026, 2, 25), 8, {"甲市": 4, "乙市": 2})


HEAD = "station,city,time,so2,no2,co,o3,pm10,pm25\n"
ROW = "1,甲市,2026-01-01 01:00,10,20,0.5,60,70,30\n"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (HEAD, ["没有一行数据"]),
        ("", ["文件是空的"]),
        ("a,b\n1,2\n", ["不是站点小时值表", "station、city、time"]),
        (HEAD.replace("co", "co(ppb)"), ["单位“ppb”不认识"]),
        (HEAD.replace("pm25", "pm25,PM2.5"), ["pm25 有不止一列"]),
        (HEAD + ROW.replace(",30", ",高"), ["第 2 行", "“pm25”列", "“高”不是数字"]),
        (HEAD + ROW + ROW.replace("01:00", "02:00").replace(",30", ",-3"), ["第 3 行", "负值"]),
        (HEAD + ROW.replace(",30", ",30.12345"), ["多于 4 位小数"]),
        (HEAD + ROW.replace(",30", ",3000000"), ["不可能"]),
        (HEAD + ROW.replace("01:00", "01:30"), ["第 2 行", "不是整点"]),
        (HEAD + ROW.replace("01:00", "25:00"), ["大于 24"]),
        (HEAD + ROW.replace("01-01 01", "02-30 01"), ["不是日历上的日期"]),
        (HEAD + ROW.replace("01:00", "01:00Z"), ["带有时区 Z", "北京时间"]),
        (HEAD + ROW.replace("01:00", "01:00+09:00"), ["带有时区 +09:00"]),
        (HEAD + ROW.replace("2026-01-01 01:00", "46023.0416667"), ["不是小时时间"]),
        (HEAD + ROW.replace("2026-01-01 01:00", "2026-01-01"), ["不是小时时间"]),
        (HEAD + ROW.replace("2026-01-01 01:00", ""), ["时间是空的"]),
        (HEAD + ROW.replace("2026", "1926"), ["1926-01-01 01:00 早于"]),
        (HEAD + ROW.replace("甲市", " "), ["第 2 行", "“city”列", "没有站点或城市"]),
        (HEAD + ROW + ROW.replace(",30", ",31"), ["甲市 1 2026-01-01 01:00 的 pm25 有两个不同的值：30 和 31"]),
        (HEAD + ROW + ROW.replace(",30", ","), ["有两个不同的值：30 和 空"]),
        (HEAD + ROW + ROW.replace("01-01 01:00", "01-01 24:00") + ROW.replace("01-01 01:00,10", "01-02 00:00,11"), ["so2"]),
        (HEAD + ROW + "1,甲市,2026-01-01 02:00,10,2", ["第 3 行", "这一行有 5 格，表头有 9 格"]),
        ("\x00\x01" + HEAD, ["不是表格文件"]),
    ],
)  # fmt: skip
def test_faults_of_a_csv_refuse_the_whole(tmp_path: Path, text: str, messages: list[str]) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(Refusal) as caught:
        evaluated(file)
    for message in messages:
        assert message in str(caught.value)


def test_beijing_offset_marks_of_missing_values_and_gbk_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    rows = "".join(ROW.replace("01:00", f"{hour:02}:00+08:00").replace(",70,", ",—,") for hour in range(1, 25))
    file.write_bytes((HEAD + rows).encode("gbk"))
    row = evaluated(file).days.row(0, named=True)
    assert (row["city"], row["pm10"], row["pm25"], row["aqi"]) == ("甲市", None, "30", None)


def daily(value: Callable[[str], str], days: int = 40) -> str:
    lines = [
        ",".join(["1", "甲市", f"{datetime(2026, 1, 1) + timedelta(hours=n + 1):%Y-%m-%d %H:%M}", *map(value, ITEMS)])
        for n in range(24 * days)
    ]
    return HEAD + "\n".join(lines) + "\n"


USUAL = dict(zip(ITEMS, ("10", "20", "0.5", "60", "70", "30"), strict=True))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict.fromkeys(ITEMS, "0"), "全部为 0"),
        ({"co": "500"}, "CO 的平均值折合 500 mg/m³"),
        ({"pm10": "0.07"}, "PM10 的平均值折合 0.07 µg/m³"),
        ({"pm10": "20"}, "PM2.5 高于 PM10"),
    ],
)
def test_years_that_cannot_be_are_refused(tmp_path: Path, changed: dict[str, str], message: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(daily(lambda item: {**USUAL, **changed}[item]), "utf-8")
    with pytest.raises(Refusal, match=message):
        evaluated(file)


def test_a_station_of_zeros_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    other = daily(lambda item: {**USUAL, "so2": "0"}[item]).replace("\n1,", "\n2,").removeprefix(HEAD)
    file.write_text(daily(USUAL.__getitem__) + other, "utf-8")
    (note,) = evaluated(file).notes
    assert "1 个站点的 SO2 全部为 0（甲市2）" in note.text.zh


def test_damaged_files_are_refused(hours: pl.DataFrame, tmp_path: Path) -> None:
    whole = write_parquet(hours, tmp_path / "a.parquet").read_bytes()
    packed = write_csv(hours, tmp_path / "a.csv.gz").read_bytes()
    torn = bytearray(whole)
    torn[200:260] = b"\xff" * 60
    for name, content, message in (
        ("b.parquet", whole[: len(whole) // 2], "Parquet 文件已损坏"),
        ("c.parquet", whole[:3], "Parquet 文件已损坏"),
        ("d.parquet", bytes(torn), "Parquet 文件已损坏"),
        ("b.csv.gz", packed[: len(packed) // 2], "压缩文件已损坏"),
        ("c.csv.gz", packed[:-4], "压缩文件已损坏"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(Refusal, match=message):
            evaluated(file)


def test_parquet_of_another_kind_is_refused(hours: pl.DataFrame, tmp_path: Path) -> None:
    cases = {
        "单位“ppb”不认识": (hours, "ppb"),
        "带有时区 UTC": (hours.with_columns(pl.col("time").dt.replace_time_zone("UTC")), "0.1 mg/m3"),
        "不是时间": (hours.with_columns(pl.col("time").cast(pl.Int64)), "0.1 mg/m3"),
        "时间是空的": (hours.with_columns(pl.when(pl.col("pm25") != 31).then("time").alias("time")), "0.1 mg/m3"),
        "没有站点或城市": (hours.with_columns(pl.lit(None, pl.String).alias("city")), "0.1 mg/m3"),
        "负值": (hours.with_columns(pl.col("so2") - 400), "0.1 mg/m3"),
        "不是整点": (hours.with_columns(pl.col("time").dt.offset_by("1m")), "0.1 mg/m3"),
    }
    for message, (table, unit) in cases.items():
        file = write_parquet(table, tmp_path / "x.parquet", unit=unit)
        with pytest.raises(Refusal, match=message):
            evaluated(file)


def test_paths_that_hold_nothing_are_refused(hours: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="没有这个文件或目录"):
        evaluated(tmp_path / "none")
    with pytest.raises(Refusal, match="没有 Parquet 或 CSV"):
        evaluated(tmp_path)
    file = write_parquet(hours, tmp_path / "a.parquet")
    with pytest.raises(Refusal, match="给了两次"):
        evaluated(file, tmp_path)


def test_an_item_without_a_column_is_missing_and_told(hours: pl.DataFrame, tmp_path: Path) -> None:
    found = evaluated(write_parquet(hours.drop("o3"), tmp_path / "a.parquet"))
    assert found.days["o3_8h"].null_count() == found.days.height
    assert [note.text.zh for note in found.notes] == ["表中没有 o3，这些项按缺测处理"]
