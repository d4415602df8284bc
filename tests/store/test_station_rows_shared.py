"""Station tables as they stand in public data: row counts and values read off the files by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from lantian.store.station_given import bits
from lantian.store.station_layout import station_layouts
from lantian.store.station_rows import StationRows, read_station_rows


def read(shared: Path, name: str) -> StationRows | None:
    file = shared / "data" / "ambient" / name
    return read_station_rows(file, station_layouts(), first=date(2012, 1, 1), last=datetime(2026, 11, 24))


@pytest.mark.parametrize(
    ("name", "layout", "rows"),
    [
        ("beijing12_hourly_201303_201602.parquet", "beijing12", 12 * 26_304),
        ("cnemc_national_snapshot_20180220T07.csv", "cnemc_snapshot", 1_495),
        ("national_station_hourly_202003_shared.parquet", "pm25in", 147_430),
        ("heilongjiang_station_hourly_20200326_20200402.csv", "pm25in", 5_738),
        ("city_monthly_2013_2015_aqistudy.csv", "aqistudy_months", 7_264),
    ],
)
def test_every_row_is_read(shared: Path, name: str, layout: str, rows: int) -> None:
    found = read(shared, name)
    assert found is not None
    assert (found.layout, found.rows_read, found.table.height, found.aside) == (layout, rows, rows, [])


@pytest.mark.parametrize(
    "name", ["tianjin_daily_2014_202205_aqistudy.csv", "city_daily_2017_datavis.parquet", "cnemc_station_list_2018.csv"]
)
def test_city_days_and_lists_of_stations_are_none(shared: Path, name: str) -> None:
    assert read(shared, name) is None


def test_values_of_the_snapshot(shared: Path) -> None:
    found = read(shared, "cnemc_national_snapshot_20180220T07.csv")
    assert found is not None
    assert found.values == "realtime"
    first = found.table.filter(pl.col("station") == "1001A").row(0, named=True)
    assert first == {"station": "1001A", "city": "北京", "time": datetime(2018, 2, 20, 7), "so2": 30000, "no2": 170000,
                     "co": 7000, "o3": 840000, "pm10": None, "pm25": 380000,
                     "given": bits(("so2", "no2", "co", "o3", "pm10", "pm25")), "row": 2}  # fmt: skip


def test_values_of_beijing_in_their_units(shared: Path) -> None:
    found = read(shared, "beijing12_hourly_201303_201602.parquet")
    assert found is not None
    first = found.table.row(0, named=True)
    assert (first["station"], first["time"]) == ("Aotizhongxin", datetime(2013, 3, 1))
    assert (first["co"], first["pm25"], first["wind_direction"], first["wind_speed"]) == (3000, 40000, 3375000, 44000)
    raw = pl.read_parquet(shared / "data" / "ambient" / "beijing12_hourly_201303_201602.parquet")
    for item, heading in (("co", "co_ugm3"), ("pm25", "pm25"), ("wind_speed", "wspd_ms")):
        assert found.table[item].null_count() == raw[heading].null_count()


def test_the_two_national_readings_agree_on_heilongjiang(shared: Path) -> None:
    whole, part = (
        read(shared, name)
        for name in (
            "national_station_hourly_202003_shared.parquet",
            "heilongjiang_station_hourly_20200326_20200402.csv",
        )
    )
    assert whole is not None
    assert part is not None
    joined = part.table.join(whole.table, on=["station", "time"], how="inner")
    assert joined.height == part.table.height
    for item in ("so2", "no2", "co", "o3", "pm10", "pm25"):
        assert joined.filter(pl.col(item).ne_missing(pl.col(f"{item}_right"))).is_empty()


def test_stations_without_a_code_bear_city_and_name(shared: Path) -> None:
    found = read(shared, "national_station_hourly_202003_shared.parquet")
    assert found is not None
    assert found.table["station"].n_unique() == 1_800
    assert found.table.filter(pl.col("station").str.contains("/"))["station"].n_unique() == 1_800 - 1_514


def test_months(shared: Path) -> None:
    found = read(shared, "city_monthly_2013_2015_aqistudy.csv")
    assert found is not None
    row = found.table.filter((pl.col("place") == "七台河") & (pl.col("month") == date(2015, 1, 1))).row(0, named=True)
    assert (row["pm25"], row["co"], row["o3_8h"]) == (883000, 10840, 716000)
