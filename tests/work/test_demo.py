"""The demonstration: real days through the store, equal to the expected ones and to a hand check.

Hand check of Jixi 2015, done apart from the program (csv and Fraction, the breakpoints of HJ 633-2012 table 1 written
out below): PM2.5 101547/3650 = 27.82 -> 28 µg/m³ over 365 days, 342 good days, 2 heavy days.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import Days, year
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.store.stations import StationReader
from lantian.work.air_import import silent
from lantian.work.air_years import city_year_facts
from lantian.work.demo import load_demo
from lantian.work.simulate import simulate_city

PM25_MEAN, GOOD_DAYS, HEAVY_DAYS = Fraction(101547, 3650), 342, 2

# HJ 633-2012 table 1, 24 h columns and O3 8 h, to IAQI 0 50 100 150 200 300 400 500
TABLE = {
    "so2": (0, 50, 150, 475, 800, 1600, 2100, 2620),
    "no2": (0, 40, 80, 180, 280, 565, 750, 940),
    "co": (0, 2, 4, 14, 24, 36, 48, 60),
    "o3_8h": (0, 100, 160, 215, 265, 800),
    "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
    "pm25": (0, 35, 75, 115, 150, 250, 350, 500),
}
STEPS = (0, 50, 100, 150, 200, 300, 400, 500)


def by_hand(item: str, text: str) -> int:
    """Sub-index of a day value: rounded half to even, linear, rounded up."""
    unit = Fraction(1, 10) if item == "co" else Fraction(1)
    value = round(Fraction(text) / unit) * unit  # Python rounds fractions half to even
    columns = TABLE[item]
    for low, high, below, above in zip(columns, columns[1:], STEPS, STEPS[1:], strict=False):
        if value <= high:
            return -((-(below + (above - below) * (value - low) / (high - low))) // 1)
    raise AssertionError(f"{item} {text} lies above the table")


@pytest.fixture(scope="module")
def demo_data(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo")
    now = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
    simulate_city(data, "鸡西", "230300", seed=1, first=date(2025, 1, 1), last=date(2025, 10, 15), now=now)
    found = load_demo(shared, data, now=now, progress=silent)
    assert [len(report.cities) for report in found.imports] == [13, 13, 13]
    assert [report.quarantined for report in found.imports] == [[], [], []]
    assert found.imports[0].simulated_removed == 288
    assert (found.register.new, found.register.aside, found.areas) == (56, [], 9)
    return data


def test_jixi_2015_equals_the_hand_check(shared: Path, demo_data: Path) -> None:
    with (shared / "data/ambient/heilongjiang_city_daily_2015_aqistudy.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["city"] == "鸡西" and row["date"].startswith("2015")]
    aqis = [max(by_hand(item, row[item]) for item in TABLE) for row in rows]  # Jixi 2015 has no gap
    assert len(rows) == 365
    assert sum(Fraction(row["pm25"]) for row in rows) / 365 == PM25_MEAN
    assert sum(aqi <= 100 for aqi in aqis) == GOOD_DAYS
    assert sum(aqi > 200 for aqi in aqis) == HEAVY_DAYS

    facts = city_year_facts(AirReader(demo_data), "鸡西市", date(2015, 12, 31)).so_far
    assert (facts.pm25_mean, facts.pm25_text, facts.pm25_valid) == (PM25_MEAN, "28", True)
    assert (facts.good_days, facts.heavy_days, facts.valid_days) == (GOOD_DAYS, HEAVY_DAYS, 365)
    assert facts.good_ratio_text == "93.7"
    assert [day.aqi for day in AirReader(demo_data).days("鸡西", year(2015))] == aqis


def test_all_days_of_2015_through_the_store(shared: Path, demo_data: Path) -> None:
    with (shared / "accept/air/heilongjiang-2015-daily-expected.csv").open(encoding="utf-8") as lines:
        expected = list(csv.DictReader(lines))
    reader = AirReader(demo_data)
    cities = {row["city"] for row in expected}
    found = {(city, day.date.isoformat()): day for city in cities for day in reader.days(city, year(2015))}
    assert len(cities) == 13
    compared = 0
    for row in expected:
        day = found.get((row["city"], row["date"]))
        if day is None:
            assert not any(row[item] for item in TABLE)
            continue
        compared += 1
        assert {item: day.printed[item] or "" for item in TABLE} == {item: row[item] for item in TABLE}
        shown = ("" if day.aqi is None else str(day.aqi), ",".join(day.primary), day.category or "", day.edition)
        assert shown == (row["aqi"], row["primary"], row["category"], row["edition"]), row
    assert compared > 4700


def test_2017_gives_no_ozone_and_no_count_of_days(demo_data: Path) -> None:
    reader = AirReader(demo_data)
    days = reader.days("鸡西", year(2017))
    assert len(days) == 365
    assert all(day.values["o3_8h"] is None for day in days)
    assert all(day.aqi is None or day.aqi > 100 for day in days)
    facts = city_year_facts(reader, "鸡西", date(2017, 12, 31)).so_far
    assert (facts.good_days, facts.heavy_days) == (None, None)
    notes = [note["zh"] for record in reader.imports() for note in record.notes]
    assert any("没有臭氧日最大 8 小时平均" in note for note in notes)


def test_the_simulated_days_are_gone_and_2025_has_no_data(demo_data: Path) -> None:
    reader = AirReader(demo_data)
    assert not reader.simulated("鸡西")
    assert reader.latest("鸡西") == date(2017, 12, 31)
    assert not city_year_facts(reader, "鸡西", date(2025, 12, 31)).has_data


def test_hours_of_registered_stations_make_days_where_enough_of_them_tell(demo_data: Path) -> None:
    spring = Days(date(2020, 3, 26), date(2020, 4, 2))
    hours = HourReader(demo_data).hours(spring)
    assert hours.height == 4936  # rows of the file with a value
    codes = {one.code for one in StationReader(demo_data).stations() if one.city == "鸡西"}
    assert codes == {"2240A", "2241A", "2242A", "2243A"}
    assert set(hours.filter(hours["station"].is_in(codes))["station"].unique()) == {"2240A", "2243A"}
    assert AirReader(demo_data).days("鸡西", spring) == []  # two of four stations: no valid day


def test_a_folder_without_the_files_is_refused(data: Path, now: datetime, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="找不到示范数据"):
        load_demo(tmp_path, data, now=now, progress=silent)
    assert list(data.iterdir()) == []
