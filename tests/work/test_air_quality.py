"""All checks on data quality with the thresholds of the rulebook."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.basis.period import Days, month
from lantian.work.air_quality import Checking, checked, quality_rule

U = 10_000
ITEMS = ("so2", "no2", "co", "o3", "pm10", "pm25")
LEVELS = {"so2": 12, "no2": 30, "co": 1, "o3": 60, "pm10": 80, "pm25": 45}


def clean(station: str, city: str = "望海") -> pl.DataFrame:
    """A month of hours in which nothing is wrong."""
    times = [datetime(2025, 1, 1, 1) + timedelta(hours=n) for n in range(744)]
    columns = {item: [level * U + (n % 5) * U // 10 for n in range(744)] for item, level in LEVELS.items()}
    return pl.DataFrame({"city": city, "station": station, "time": times, **columns})


def test_clean_hours_have_no_finding() -> None:
    assert checked(pl.concat([clean(name) for name in ("东山", "西河", "南塘", "北岭")]), month(2025, 1)) == []


def test_everything_wrong_is_found_in_order() -> None:
    wrong = clean("东山").with_columns(
        pm25=pl.when(pl.int_range(pl.len()).is_between(100, 120)).then(47 * U).otherwise("pm25"),
        no2=pl.when(pl.int_range(pl.len()) == 200).then(-2 * U).otherwise("no2"),
        co=pl.when(pl.int_range(pl.len()) < 400).then("co"),
        so2=pl.lit(0, dtype=pl.Int64),
        pm10=pl.col("pm10") + 350 * U,
        o3=pl.when(pl.int_range(pl.len()) == 300).then(400 * U).otherwise("o3"),
    )
    others = pl.concat([clean(name) for name in ("西河", "南塘", "北岭")])
    found = checked(pl.concat([others, wrong]), month(2025, 1))
    assert {one.station for one in found} == {"东山"}
    assert {one.code.removeprefix("AIR-QUALITY-") for one in found} == {
        "STUCK", "NEGATIVE", "CAPTURE", "ZERO-THROUGHOUT", "DETECTION", "JUMP", "NEIGHBOUR",
    }  # fmt: skip
    assert [str(one.first)[:10] for one in found] == sorted(str(one.first)[:10] for one in found)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(-30, 29), min_size=0, max_size=6))
def test_months_one_after_the_other_find_what_the_whole_table_finds(seed: int, runs: list[int]) -> None:
    """Runs, zeros, rises and gaps on both sides of midnight of the month, of three stations."""
    rnd, tables = random.Random(seed), []
    for station in ("东山", "西河", None):
        values = [rnd.choice((0, 40, 40, 40, 400, None)) for _ in range(120)]
        for at in runs:
            values[60 + at : 60 + at + 12] = [rnd.choice((0, 55))] * 12
        times = [datetime(2025, 1, 29, 13) + timedelta(hours=n) for n in range(120)]  # 60 hours of each month
        scaled = [None if one is None else one * U for one in values[:120]]
        tables.append(pl.DataFrame({"city": "望海", "station": station, "time": times, "pm25": scaled, "so2": scaled}))
    whole = pl.concat([one.with_columns(pl.col("station").cast(pl.String)) for one in tables])
    days = Days(date(2025, 1, 29), date(2025, 2, 3))
    edge = datetime(2025, 2, 1)  # the hour that ends at midnight belongs to January
    checking = Checking()
    checking.take(whole.filter(pl.col("time") <= edge), days.last)
    checking.take(whole.filter(pl.col("time") > edge), days.last)
    assert checking.doubts(days) == checked(whole, days)


def test_two_rows_of_one_hour_are_not_for_this_place() -> None:
    with pytest.raises(ValueError, match="two rows"):
        checked(pl.concat([clean("东山"), clean("东山")]), month(2025, 1))


def test_thresholds_cover_every_item() -> None:
    rule = quality_rule(date(2025, 1, 1))
    assert set(ITEMS) == set(rule.hours.stuck) == set(rule.hours.jump_least) == set(rule.hours.stuck_above)
    assert (set(rule.days.stuck) ^ set(rule.hours.stuck)) == {"o3", "o3_8h"}
    assert set(rule.detection) == set(rule.neighbours.floor) == {*ITEMS, "o3_8h"}


@pytest.mark.slow
def test_published_station_hours(shared: Path) -> None:
    """A week of the national network: Jixi's two silent stations are told, and nothing but doubts comes of it."""
    table = pl.read_parquet(shared / "data" / "ambient" / "national_station_hourly_202003_shared.parquet").select(
        pl.col("city").cast(pl.String),
        pl.col("station_name").cast(pl.String).alias("station"),
        pl.col("time_beijing").alias("time"),
        *((pl.col(item).cast(pl.Float64) * U).round().cast(pl.Int64).alias(item) for item in ITEMS),
    )
    found = checked(table, Days(date(2020, 3, 26), date(2020, 4, 2)))
    silent = {one.station for one in found if one.city == "鸡西" and "没有数据" in one.text.zh}
    assert silent == {"白酒厂", "自来水公司"}
    assert not [one for one in found if one.code == "AIR-QUALITY-NEGATIVE"]
    assert {one.code for one in found} >= {"AIR-QUALITY-STUCK", "AIR-QUALITY-NEIGHBOUR", "AIR-QUALITY-JUMP"}
