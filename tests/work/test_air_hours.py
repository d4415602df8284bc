"""Files of station hours: the expected tables, a slow model on whole years, layouts that must not matter, bad input."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import slow_air
from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.work.air_city_year import city_days_of, city_years, with_late_hours
from lantian.work.air_evaluate import Evaluation, evaluated_hours
from lantian.work.air_import import silent

ITEMS = ("so2", "no2", "co", "o3", "pm10", "pm25")
SCALES = {**dict.fromkeys(ITEMS, 0), "co": 1}
Hour = dict[str, int | None]


def network(seed: int, first: date, days: int, stations: dict[str, int], gaps: float = 0.06) -> pl.DataFrame:
    """Hours of a fictional network: station, city, time, the items (co in tenths), sorted, gaps null."""
    rnd = random.Random(seed)
    rows = []
    for city, count in stations.items():
        for number in range(count):
            level = rnd.randint(20, 140)
            for hour in range(24 * days):
                stamp = datetime(first.year, first.month, first.day) + timedelta(hours=hour + 1)
                wave = 40 if hour % 24 in range(11, 19) else 0
                numbers = [
                    max(0, level // part + rnd.randint(-8, 8) + (wave if item == "o3" else 0))
                    for item, part in zip(ITEMS, (9, 4, 16, 1, 1, 2), strict=True)
                ]
                silent_hour = rnd.random() < gaps / 2
                values = [None if silent_hour or rnd.random() < gaps else one for one in numbers]
                rows.append((f"{city}{number}", city, stamp, *values))
    schema = {"station": pl.String, "city": pl.String, "time": pl.Datetime("ms"), **dict.fromkeys(ITEMS, pl.Int16)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def write_parquet(hours: pl.DataFrame, file: Path, *, rows: int = 100_000, unit: str = "0.1 mg/m3") -> Path:
    table = hours.to_arrow()
    fields = [field.with_metadata({"unit": unit if field.name == "co" else "ug/m3"}) if field.name in ITEMS else field
              for field in table.schema]  # fmt: skip
    pq.write_table(table.cast(pa.schema(fields)), file, row_group_size=rows)
    return file


def write_csv(hours: pl.DataFrame, file: Path, stamp: Callable[[datetime], str] = "{:%Y-%m-%d %H:%M}".format) -> Path:
    lines = ["station,city,time,so2,no2,co,o3,pm10,pm25"]
    for row in hours.iter_rows(named=True):
        values = {item: "" if row[item] is None else str(row[item]) for item in ITEMS}
        if values["co"]:
            values["co"] = f"{row['co'] // 10}.{row['co'] % 10}"
        lines.append(",".join([row["station"], row["city"], stamp(row["time"]), *values.values()]))
    text = "\n".join(lines) + "\n"
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())
    return file


def old_midnight(moment: datetime) -> str:
    if moment.hour == 0:
        return f"{moment - timedelta(days=1):%Y/%m/%d} 24:00"
    return f"{moment:%Y/%m/%d} {moment.hour}:00"


def evaluated(*paths: Path) -> Evaluation:
    return evaluated_hours(paths, silent)


def same(one: Evaluation, two: Evaluation) -> bool:
    return one.days.equals(two.days) and one.years.equals(two.years)


# ---- expected tables and a slow model


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
        ({"pm10": "0.07"}, "PM10 的平均值折合 0.07 μg/m³"),
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
