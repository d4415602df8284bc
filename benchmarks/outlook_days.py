"""Days of the trial data for the outlook's parameters and its back-test: evaluated, with the province of each city.

The file of 2013–2015 names no provinces; they are taken by city name from the file of 2017. Two county-level cities
that are not in it (胶南, 诸暨) get their province by hand.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lantian.air.item import ITEMS, SCALE
from lantian.air.month_blocks import month_counts
from lantian.work.air_rules import evaluated_days

GOOD, HEAVY = 100, 200  # of the trial years; the program itself takes them from the rulebook
_BY_HAND = {"胶南": "山东", "诸暨": "浙江"}
_COLUMNS = ("city", "date", *ITEMS, "aqi")


def early(shared: Path) -> pl.DataFrame:
    """City days of 2013-12-02 … 2015-12-31."""
    return _evaluated(pl.read_parquet(_folder(shared) / "city_daily_2013_2015_aqistudy.parquet"))


def late(shared: Path) -> pl.DataFrame:
    """City days of 2017 (PM2.5 only: without the ozone of a day there is no count of good days)."""
    return _evaluated(pl.read_parquet(_folder(shared) / "city_daily_2017_datavis.parquet"))


def tianjin(shared: Path) -> pl.DataFrame:
    """City days of Tianjin, 2014 … 2022-05."""
    days = pl.read_csv(_folder(shared) / "tianjin_daily_2014_202205_aqistudy.csv")
    return _evaluated(days.with_columns(pl.when(pl.col(item) > 0).then(pl.col(item)) for item in ITEMS))


def beijing(shared: Path) -> pl.DataFrame:
    """Days of the mean of twelve Beijing stations, 2013-03 … 2016-02; PM2.5 of station days with 20 hours."""
    hours = pl.read_parquet(_folder(shared) / "beijing12_hourly_201303_201602.parquet", columns=_HOURS)
    stations = hours.group_by("station", date=pl.col("time_beijing").dt.date().cast(pl.String)).agg(
        pl.col("pm25").mean(), hours=pl.col("pm25").count()
    )
    days = stations.filter(pl.col("hours") >= 20).group_by("date").agg(pl.col("pm25").mean())
    return _evaluated(days.with_columns(city=pl.lit("北京")))


_HOURS = ["time_beijing", "station", "pm25"]


def provinces(shared: Path) -> dict[str, str]:
    """Province of each city name."""
    days = pl.read_parquet(_folder(shared) / "city_daily_2017_datavis.parquet", columns=["city", "province"])
    return dict(days.unique().iter_rows()) | _BY_HAND


def counted(days: pl.DataFrame) -> pl.DataFrame:
    """Months of each city."""
    return month_counts(days, GOOD, HEAVY)


def of_year(days: pl.DataFrame, *years: int) -> pl.DataFrame:
    """The days of some years."""
    return days.filter(pl.col("date").dt.year().is_in(years))


def whole_year(days: pl.DataFrame, year: int, column: str = "pm25", least: int = 324) -> list[str]:
    """Cities with a valid number of days of a column in a year."""
    counts = of_year(days, year).group_by("city").agg(pl.col(column).count())
    return counts.filter(pl.col(column) >= least)["city"].sort().to_list()


def _evaluated(days: pl.DataFrame) -> pl.DataFrame:
    whole = days.with_columns(
        pl.col("date").cast(pl.String).str.to_date(),
        *(
            (pl.col(item) * 10**SCALE).round().cast(pl.Int64)
            if item in days.columns
            else pl.lit(None, dtype=pl.Int64).alias(item)
            for item in ITEMS
        ),
    )
    return evaluated_days(whole.select("city", "date", *ITEMS)).select(_COLUMNS).sort("city", "date")


def _folder(shared: Path) -> Path:
    return shared / "data" / "ambient"
