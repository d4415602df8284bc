"""Officially published results against the figures of the city days of that time, within the tolerances told with them.

Official figures leave out invalid days and start from rounded ones, so they differ a little.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from lantian.air.windows import window
from lantian.work.air_tables import rank_table, trend_table

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def published(shared: Path) -> dict[tuple[str, str, str], str]:
    with (shared / "data" / "ambient" / "published_results_2014_2018.csv").open(encoding="utf-8") as file:
        return {(row["scope"], row["period"], row["indicator"]): row["value"] for row in csv.DictReader(file)}


def ranking(shared: Path, period: str) -> pl.DataFrame:
    file = shared / "data" / "ambient" / "heilongjiang_city_daily_2015_aqistudy.csv"
    table = rank_table([file], window(period), lambda *_: None, validity="none")
    numbers = [name for name in table.columns if name.endswith(("_mean", "_days", "_ratio")) and name != "primary_days"]
    return table.with_columns(pl.col(numbers).cast(pl.Float64))


@pytest.mark.parametrize("item", ["pm10", "so2", "no2", "pm25"])
def test_means_of_the_province_in_2015(shared: Path, published: dict[tuple[str, str, str], str], item: str) -> None:
    means = ranking(shared, "2015")[f"{item}_mean"]
    assert len(means) == 13
    found = Fraction(int(means.sum()), 13)
    assert abs(found - int(published["黑龙江13市(地)平均", "2015", f"{item}_mean"])) <= 2


def test_good_days_of_the_province_in_2015(shared: Path, published: dict[tuple[str, str, str], str]) -> None:
    mean = ranking(shared, "2015")["good_ratio"].mean()
    assert isinstance(mean, float)
    assert round(mean, 1) == 86.3
    assert published["黑龙江13市(地)平均", "2015", "good_day_ratio"] == "86"


@pytest.mark.parametrize(
    ("column", "indicator", "tolerance"),
    [
        ("pm25_mean", "pm25_mean", 1),
        ("pm10_mean", "pm10_mean", 1),
        ("so2_mean", "so2_mean", 1),
        ("no2_mean", "no2_mean", 1),
        ("good_days", "good_days", 8),
        ("heavy_days", "heavy_or_worse_days", 1),
    ],
)
def test_harbin_in_2015(
    shared: Path, published: dict[tuple[str, str, str], str], column: str, indicator: str, tolerance: int
) -> None:
    harbin = ranking(shared, "2015").filter(pl.col("city") == "哈尔滨")
    assert abs(harbin[column].item() - int(published["哈尔滨", "2015", indicator])) <= tolerance


def test_order_of_the_cities_in_2015(shared: Path, published: dict[tuple[str, str, str], str]) -> None:
    table = ranking(shared, "2015")
    found = [name.removesuffix("地区") for name in table["city"]]
    official = published["黑龙江13市(地)", "2015", "composite_index_rank_best_to_worst"].split(";")
    moved = {(one, two) for one, two in zip(official, found, strict=True) if one != two}
    # two swaps of neighbours, nothing else
    assert moved == {("大庆", "齐齐哈尔"), ("齐齐哈尔", "大庆"), ("绥化", "鹤岗"), ("鹤岗", "绥化")}
    jixi = table.filter(pl.col("city") == "鸡西")
    assert jixi["place"].item() == published["鸡西", "2015", "composite_index_rank"] == "5"


@pytest.mark.parametrize(("item", "tolerance"), [("pm10", 1), ("so2", 0), ("no2", 2), ("pm25", 0)])
def test_jixi_in_july_2015(shared: Path, published: dict[tuple[str, str, str], str], item: str, tolerance: int) -> None:
    jixi = ranking(shared, "2015-07").filter(pl.col("city") == "鸡西")
    assert abs(jixi[f"{item}_mean"].item() - int(published["鸡西", "2015-07", f"{item}_mean"])) <= tolerance


def test_by_the_rule_a_city_with_a_short_january_stands_apart(shared: Path) -> None:
    file = shared / "data" / "ambient" / "heilongjiang_city_daily_2015_aqistudy.csv"
    table = rank_table([file], window("2015"), lambda *_: None)
    apart = table.filter(pl.col("place").is_null())
    assert apart.select("city", "note").rows() == [("伊春", "没有有效数值，不参加排名")]
    assert table.filter(pl.col("attains") == "达标")["city"].to_list() == ["黑河", "鸡西"]


def test_tianjin_over_eight_years(shared: Path) -> None:
    table = trend_table([shared / "data" / "ambient" / "tianjin_daily_2014_202205_aqistudy.csv"], lambda *_: None)
    found = {row["statistic"]: row for row in table.iter_rows(named=True)}
    assert (found["so2_mean"]["coefficient"], found["so2_mean"]["trend"]) == ("-1.000", "显著下降")
    assert (found["o3_8h_p90"]["years"], found["o3_8h_p90"]["trend"]) == ("8", "变化趋势不显著")
    assert found["pm25_mean"]["left_out"] == "2021 2022"  # a month of 2021 is short, 2022 ends in May
