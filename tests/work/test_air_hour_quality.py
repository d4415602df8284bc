"""Data quality of files of station hours: fictional hours with planted faults, each beside hours without."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import Days, month
from lantian.work.air_hour_quality import HourQuality, hour_quality
from lantian.work.air_import import silent

LEVELS = {"so2": 12, "no2": 30, "co": 1, "o3": 60, "pm10": 80, "pm25": 45}
STATIONS = ("东山", "西河", "南塘", "北岭")
START = datetime(2025, 1, 1, 1)
COUNT = 24 * (31 + 28)
FEBRUARY = 24 * 31  # number of the first hour of February


def network() -> dict[str, pl.DataFrame]:
    """January and February of four stations of a fictional city, in which nothing is wrong."""
    columns = {item: [level + (n % 5) / 10 for n in range(COUNT)] for item, level in LEVELS.items()}
    times = [START + timedelta(hours=n) for n in range(COUNT)]
    return {name: pl.DataFrame({"city": "望海", "station": name, "time": times, **columns}) for name in STATIONS}


def planted(item: str, values: dict[int, float | None]) -> pl.DataFrame:
    """The network with some hours of one item at 东山 put in the place of its own."""
    tables = network()
    column = tables["东山"][item].to_list()
    for at, value in values.items():
        column[at] = value
    tables["东山"] = tables["东山"].with_columns(pl.Series(item, column, dtype=pl.Float64))
    return pl.concat(tables.values())


def run(first: int, length: int, value: float | None) -> dict[int, float | None]:
    return dict.fromkeys(range(first, first + length), value)


def looked_at(table: pl.DataFrame, folder: Path, days: Days | None = None) -> HourQuality:
    """The table as two monthly files."""
    own = table["time"].dt.offset_by("-1h").dt.month()
    for number in (1, 2):
        table.filter(own == number).write_parquet(folder / f"2025-{number:02}.parquet")
    return hour_quality([folder], silent, days=days)


def told(found: HourQuality) -> list[tuple[str, str, str, str]]:
    columns = found.findings.select("code", "station", "item", "count")
    assert found.findings["clause"].null_count() == 0
    return [(code.removeprefix("AIR-QUALITY-"), *rest) for code, *rest in columns.iter_rows()]


@pytest.mark.parametrize(
    ("item", "values", "finding"),
    [
        ("pm25", run(100, 6, 47), ("STUCK", "东山", "pm25", "6")),
        ("pm25", run(100, 5, 47), None),
        ("pm25", run(FEBRUARY - 3, 6, 47), ("STUCK", "东山", "pm25", "6")),  # across midnight of the month
        ("pm25", {**run(100, 3, 47), 103: None, **run(104, 3, 47)}, None),  # a gap ends a run
        ("o3", run(300, 6, 0), ("ZEROS", "东山", "o3", "6")),
        ("o3", run(300, 5, 0), None),
        ("so2", run(0, COUNT, 0), ("ZERO-THROUGHOUT", "东山", "so2", str(COUNT))),
        ("o3", {300: 400}, ("JUMP", "东山", "o3", "1")),
        ("o3", {FEBRUARY: 400}, ("JUMP", "东山", "o3", "1")),  # against the last hour of the month before
        ("o3", {300: 150}, None),
        ("pm10", run(0, 40, 40), ("FINE-ABOVE-COARSE", "东山", "pm25", "40")),
        ("pm10", {n * 3: 40.1 + n % 3 for n in range(2)}, None),
        ("so2", {n: 1 + n % 3 for n in range(400)}, ("DETECTION", "东山", "so2", "400")),
        ("so2", {n: 1 + n % 3 for n in range(372)}, None),  # half of the month is not more than half
        ("pm25", {n: 5 + n % 3 for n in range(500)}, ("NEIGHBOUR", "东山", "pm25", "500")),
        ("pm25", {n: 5 + n % 3 for n in range(300)}, None),
        ("co", run(0, 75, None), ("CAPTURE", "东山", "co", str(FEBRUARY - 75))),  # 89.9 % of the hours
        ("co", run(0, 74, None), None),  # 90.05 %
    ],
)
def test_each_check_finds_its_fault_and_passes_what_is_none(
    tmp_path: Path, item: str, values: dict[int, float | None], finding: tuple[str, str, str, str] | None
) -> None:
    found = told(looked_at(planted(item, values), tmp_path))
    if finding is None:
        assert found == []
    else:
        assert finding in found
        assert {station for _, station, *_ in found} == {"东山"}


def test_a_negative_value_is_refused_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        looked_at(planted("no2", {200: -2}), tmp_path)
    (finding,) = refused.value.findings
    assert (finding.place.file, finding.place.row, finding.place.column) == ("2025-01.parquet", 201, "no2")


def test_capture_of_each_station_month_and_item(tmp_path: Path) -> None:
    captures = looked_at(planted("co", run(0, 75, None)), tmp_path).captures
    assert captures.height == len(STATIONS) * 2 * len(LEVELS)
    short = captures.filter(pl.col("percent") != "100.0").rows()
    assert short == [("望海", "东山", "2025-01", "co", "669", "744", "89.9")]


def test_a_station_that_is_silent_for_a_month_is_told_of_that_month(tmp_path: Path) -> None:
    table = planted("co", {})
    without = table.filter((pl.col("station") != "西河") | (pl.col("time") > datetime(2025, 2, 1)))
    found = looked_at(without, tmp_path)
    assert told(found) == [("CAPTURE", "西河", None, "0")]
    assert found.findings["first"].to_list() == ["2025-01-01"]
    assert "整月没有数据" in found.findings["text"][0]


def test_the_order_of_files_and_rows_does_not_matter(tmp_path: Path) -> None:
    table = planted("pm25", {**run(FEBRUARY - 3, 7, 47), 900: 400})
    (tmp_path / "months").mkdir()
    (tmp_path / "names").mkdir()
    by_month = looked_at(table, tmp_path / "months")
    for old, new in (("2025-01", "b"), ("2025-02", "a")):
        (tmp_path / "months" / f"{old}.parquet").rename(tmp_path / "names" / f"{new}.parquet")
    backwards = hour_quality([tmp_path / "names"], silent)
    table.sample(fraction=1, shuffle=True, seed=7).write_csv(tmp_path / "all.csv", datetime_format="%Y-%m-%d %H:%M")
    one_file = hour_quality([tmp_path / "all.csv"], silent)
    assert by_month.findings.equals(backwards.findings)
    assert by_month.findings.equals(one_file.findings)
    assert by_month.captures.equals(one_file.captures)


def test_only_a_period(tmp_path: Path) -> None:
    table = planted("pm25", {**run(100, 8, 47), **run(900, 8, 47)})
    found = looked_at(table, tmp_path, month(2025, 2))
    assert told(found) == [("STUCK", "东山", "pm25", "8")]
    assert found.captures["month"].unique().to_list() == ["2025-02"]
    with pytest.raises(Refusal, match="没有小时值"):
        hour_quality([tmp_path], silent, days=Days(date(2024, 1, 1), date(2024, 12, 31)))
