"""Files of station hours: the expected tables, a slow model on whole years, layouts that must not matter."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hour_network import ITEMS, SCALES, evaluated, network, old_midnight, same, write_csv, write_parquet

import slow_air
from lantian.basis.period import Days
from lantian.work.air_city_year import city_days_of, city_years, with_late_hours
from lantian.work.air_evaluate import Evaluation


@pytest.mark.parametrize("name", ["hourly.parquet", "hourly-dropped.csv.gz"])
def test_small_2026_cell_by_cell(shared: Path, name: str) -> None:
    folder = shared / "accept/air/small-2026"
    found = evaluated(folder / name)
    for table, file, keys in (
        (found.days, "city_daily.csv", ("city", "date")),
        (found.years, "city_year.csv", ("city", "year")),
    ):
        own = {tuple(row[key] for key in keys): row for row in table.fill_null("").iter_rows(named=True)}
        with (folder / file).open(encoding="utf-8") as lines:
            expected = list(csv.DictReader(lines))
        assert len(expected) >= 5
        for row in expected:
            assert own[tuple(row[key] for key in keys)] == row


def slow_days(hours: pl.DataFrame, cities: list[str]) -> dict[str, dict[date, dict[str, Fraction | None]]]:
    """City days of some cities by the slow model, from 1 January of the year of the first hour to 31 December."""
    found: dict[str, dict[date, dict[str, Fraction | None]]] = {}
    year = hours["time"].min().year  # type: ignore[union-attr]
    calendar = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)]
    for city in cities:
        own = hours.filter(pl.col("city") == city)
        stations = own["station"].unique().to_list()
        cells = {(row["station"], row["time"]): row for row in own.iter_rows(named=True)}
        found[city] = {}
        for day in calendar:
            stamps = [datetime(day.year, day.month, day.day) + timedelta(hours=n) for n in range(1, 25)]
            values: dict[str, Fraction | None] = {}
            for item in slow_air.ITEMS:
                column, scale = "o3" if item == "o3_8h" else item, 10 if item == "co" else 1
                one = slow_air.station_o3 if item == "o3_8h" else slow_air.station_mean
                days = []
                for station in stations:
                    rows = [cells.get((station, stamp)) for stamp in stamps]
                    numbers = [
                        None if row is None or row[column] is None else Fraction(row[column], scale) for row in rows
                    ]
                    days.append(one(numbers))
                values[item] = slow_air.city_value(days, len(stations))
            found[city][day] = values
    return found


def check_against_slow(found: Evaluation, hours: pl.DataFrame, cities: list[str]) -> None:
    printed = {(row["city"], row["date"]): row for row in found.days.fill_null("").iter_rows(named=True)}
    years = {row["city"]: row for row in found.years.fill_null("").iter_rows(named=True)}
    for city, days in slow_days(hours, cities).items():
        judged = []
        for day, values in days.items():
            row = printed[city, str(day)]
            for item in slow_air.ITEMS:
                assert row[item] == slow_air.text(values[item], 1 if item == "co" else 0), (city, day, item)
            aqi, primary = slow_air.aqi(values, day >= date(2026, 3, 1))
            assert (row["aqi"], row["primary"]) == ("" if aqi is None else str(aqi), primary)
            judged.append(aqi)
        there = [one for one in judged if one is not None]
        own = years[city]
        good = sum(one <= 100 for one in there)
        assert (own["valid_days"], own["good_days"]) == (str(len(there)), str(good))
        assert own["good_ratio"] == (slow_air.text(Fraction(100 * good, len(there)), 1) if there else "")
        assert own["heavy_days"] == str(sum(one > 200 for one in there))
        statistics = {}
        for item, name, percent in (
            ("so2", "so2_p98", 98), ("no2", "no2_p98", 98), ("co", "co_p95", 95), ("o3_8h", "o3_8h_p90", 90),
            ("pm10", "pm10_p95", 95), ("pm25", "pm25_p95", 95),
        ):  # fmt: skip
            valid = {day: values[item] for day, values in days.items() if values[item] is not None}
            enough = len(valid) >= 324
            months = all(sum(day.month == n for day in valid) >= (25 if n == 2 else 27) for n in range(1, 13))
            statistics[name] = slow_air.percentile(list(valid.values()), percent) if enough else None  # type: ignore[arg-type]
            statistics[f"{item}_mean"] = sum(valid.values(), Fraction(0)) / len(valid) if enough and months else None  # type: ignore[arg-type]
            assert own[name] == slow_air.text(statistics[name], 1 if item == "co" else 0)
            if f"{item}_mean" in own:
                assert own[f"{item}_mean"] == slow_air.text(statistics[f"{item}_mean"], 0)
        limits = {"so2_mean": 60, "no2_mean": 40, "pm10_mean": 70, "pm25_mean": 35, "co_p95": 4, "o3_8h_p90": 160}
        parts = [statistics[name] for name in limits]
        index = None
        if None not in parts:
            index = sum((part / limit for part, limit in zip(parts, limits.values(), strict=True)), Fraction(0))  # type: ignore[operator]
        assert own["composite_index"] == slow_air.text(index, 2)


@pytest.mark.slow
def test_whole_years_equal_the_slow_model(tmp_path: Path) -> None:
    hours = network(3, date(2026, 1, 1), 365, {"甲": 3, "乙": 4, "丙": 1})
    check_against_slow(evaluated(write_parquet(hours, tmp_path / "a.parquet")), hours, ["甲", "乙", "丙"])


def test_a_city_of_many_stations_equals_the_slow_model(tmp_path: Path) -> None:
    hours = network(4, date(2026, 2, 20), 20, {"甲": 23, "乙": 2})
    check_against_slow(evaluated(write_parquet(hours, tmp_path / "a.parquet")), hours, ["甲", "乙"])


@pytest.mark.slow
def test_a_national_year_equals_the_slow_model_on_a_sample(shared: Path, tmp_path: Path) -> None:
    maker = shared / "accept/make_national_year.py"
    import subprocess
    import sys

    subprocess.run([sys.executable, maker, "--out", tmp_path, "--seed", "11"], check=True, stdout=subprocess.DEVNULL)
    found = evaluated(tmp_path)
    cities = ["C001", "C170", "C340"]
    hours = pl.concat(
        pl.read_parquet(file)
        .with_columns(pl.col("city", "station").cast(pl.String))
        .filter(pl.col("city").is_in(cities))
        for file in sorted(tmp_path.glob("*.parquet"))
    )
    assert (found.days.height, found.years.height) == (340 * 365, 340)
    check_against_slow(found, hours, cities)


# ---- what must not matter


@pytest.fixture(scope="module")
def hours() -> pl.DataFrame:
    return network(5, date(2026, 2, 25), 8, {"甲市": 4, "乙市": 2})


@pytest.fixture(scope="module")
def expected(hours: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    found = evaluated(write_parquet(hours, tmp_path_factory.mktemp("e") / "a.parquet"))
    assert found.days.height == 2 * 365
    assert found.days["aqi"].count() >= 8
    return found


def test_order_layout_and_cuts_change_nothing(hours: pl.DataFrame, expected: Evaluation, tmp_path: Path) -> None:
    shuffled = hours.sample(fraction=1, shuffle=True, seed=2)
    dropped = shuffled.filter(pl.any_horizontal(pl.col(item).is_not_null() for item in ITEMS))
    assert dropped.height < hours.height
    for name, table in (("shuffled", shuffled), ("dropped", dropped)):
        assert same(evaluated(write_parquet(table, tmp_path / f"{name}.parquet", rows=97)), expected)
        assert same(evaluated(write_csv(table, tmp_path / f"{name}.csv")), expected)
    assert same(evaluated(write_csv(dropped, tmp_path / "d.csv.gz", old_midnight)), expected)
    parts = tmp_path / "parts"
    parts.mkdir()
    write_csv(shuffled.slice(0, 300), parts / "a.csv")
    write_parquet(shuffled.slice(300, 200), parts / "b.parquet")
    write_parquet(shuffled.slice(500), parts / "c.parquet", rows=50)
    assert same(evaluated(parts), expected)
    by_day = tmp_path / "days"
    by_day.mkdir()
    dated = hours.with_columns(day=pl.col("time").dt.date())
    for (day,), table in dated.partition_by("day", as_dict=True, include_key=False).items():
        write_parquet(table, by_day / f"{day}.parquet")
    assert same(evaluated(by_day), expected)


def test_types_and_units_change_nothing(hours: pl.DataFrame, expected: Evaluation, tmp_path: Path) -> None:
    tenths = pl.col("co")
    # not tenths / 10: that multiplies by 0.1 and gives 1.4000000000000001, which has more places than are taken
    shortest = pl.Series("co", [None if one is None else one / 10 for one in hours["co"]], dtype=pl.Float64)
    for name, table, unit in (
        (
            "decimal",
            hours.with_columns((tenths.cast(pl.Decimal(6, 1)) / 10).cast(pl.Decimal(6, 1)).alias("co")),
            "mg/m3",
        ),
        ("float", hours.with_columns(shortest, pl.col("pm25").cast(pl.Float32)), "mg/m3"),
        ("ug", hours.with_columns(tenths.cast(pl.Int64) * 100), "ug/m3"),
        ("wide", hours.with_columns(pl.col(ITEMS).cast(pl.Int64)), "0.1 mg/m3"),
        ("text", hours.with_columns(pl.col("pm10").cast(pl.String).fill_null("—")), "0.1 mg/m3"),
        ("unsigned", hours.with_columns(pl.col("so2").cast(pl.UInt16)), "0.1 mg/m3"),
        ("us", hours.with_columns(pl.col("time").dt.cast_time_unit("us")), "0.1 mg/m3"),
        ("zone", hours.with_columns(pl.col("time").dt.replace_time_zone("Asia/Shanghai")), "0.1 mg/m3"),
        ("names", hours.with_columns(pl.col("city", "station").cast(pl.Categorical)), "0.1 mg/m3"),
    ):
        assert same(evaluated(write_parquet(table, tmp_path / f"{name}.parquet", unit=unit)), expected), name


def test_repeated_rows_count_once_and_are_told(hours: pl.DataFrame, expected: Evaluation, tmp_path: Path) -> None:
    again = pl.concat([hours, hours.slice(10, 5)])
    found = evaluated(write_parquet(again, tmp_path / "a.parquet"))
    assert same(found, expected)
    assert ["5 行" in note.text.zh for note in found.notes] == [True]
    parts = tmp_path / "parts"
    parts.mkdir()
    write_parquet(hours, parts / "a.parquet")
    write_csv(hours.slice(0, 7), parts / "b.csv")
    assert same(evaluated(parts), expected)


def test_late_hours_recompute_only_their_days(hours: pl.DataFrame) -> None:
    period = Days(date(2026, 1, 1), date(2026, 12, 31))
    late = hours.filter((pl.col("city") == "甲市") & (pl.col("time") == datetime(2026, 3, 1, 9)))
    members = {"甲市": 4, "乙市": 2}
    before = city_days_of(hours.join(late, on=["station", "time"], how="anti"), period, SCALES, members)
    whole = city_days_of(hours, period, SCALES, members)
    assert not before.equals(whole)
    touched = Days(date(2026, 3, 1), date(2026, 3, 1))
    again = with_late_hours(before, hours.filter(pl.col("city") == "甲市"), touched, SCALES, members)
    assert again.equals(whole)
    assert [(one.city, one.valid_days) for one in city_years(again)] == [
        (one.city, one.valid_days) for one in city_years(whole)
    ]


# ---- bad input
