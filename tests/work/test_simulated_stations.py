"""Simulated stations: beside a simulated city only, marked, the same for a seed, gone without a trace when real data come."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lantian import rulebook
from lantian.basis.period import Days
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.store.stations import Station, StationReader
from lantian.work.air_import import import_city_days
from lantian.work.lake_upkeep import tidy_lake
from lantian.work.simulate import simulate_city
from lantian.work.simulate_hours import HOUR_COLUMNS, Place, simulated_hours
from lantian.work.simulated_stations import DAYS, simulate_stations
from lantian.work.station_import import import_station_hours
from lantian.work.station_register import keep_stations

LAST = date(2025, 10, 15)
WHOLE = Days(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def city(data: Path, now: datetime) -> Path:
    simulate_city(data, "鸡西", "230300", seed=1, first=date(2025, 1, 1), last=LAST, now=now)
    simulate(data, now)
    return data


def simulate(data: Path, now: datetime) -> int:
    plan = rulebook.plan("jixi-2024")
    return simulate_stations(data, "鸡西", "230300", plan.counties, plan.centre, seed=1, last=LAST, now=now)


def test_stations_say_that_they_are_simulated_and_one_county_has_none(city: Path) -> None:
    stations = StationReader(city).stations()
    assert {one.role for one in stations} == {"national", "reference", "county"}
    assert all(one.name.startswith("模拟") for one in stations)
    assert {one.county for one in stations if one.role == "county"} == {"鸡东县", "虎林市"}  # 密山市 without
    assert StationReader(city).unregistered() == []


def test_days_of_counties_and_city_come_of_the_hours_and_are_marked(city: Path) -> None:
    reader = AirReader(city)
    county = reader.days("鸡东县", WHOLE)
    assert len(county) > DAYS - 10
    assert all(day.simulated for day in county)
    table, computed = reader.days("鸡西", WHOLE), reader.of_source("鸡西", WHOLE, "hours")
    assert len(table) == 288
    assert all(day.simulated for day in (*table, *computed))
    near = {day.date: day.values["pm25"] for day in table}
    pairs = [(near[day.date], day.values["pm25"]) for day in computed]
    assert sum(abs(a - b) < 0.25 * a for a, b in pairs if a and b) > 0.9 * len(pairs)


def test_a_seed_gives_the_same_hours_and_cutting_the_days_changes_none() -> None:
    days = [
        (date(2025, 3, number), dict.fromkeys(("so2", "no2", "co", "o3_8h", "pm10", "pm25"), 300_000))
        for number in range(1, 29)
    ]
    places = [Place("MN-1", 1.0, wind=True), Place("MN-2", 0.9)]
    whole = simulated_hours(7, places, days)
    assert whole.equals(simulated_hours(7, places, days))
    part = simulated_hours(7, places[:1], days[10:20])  # the planted fault is at the second place
    first, last = part["time"].min(), part["time"].max()
    assert part.equals(whole.filter((whole["station"] == "MN-1") & whole["time"].is_between(first, last)))
    assert all((whole[name].drop_nulls() > 0).all() for name in HOUR_COLUMNS if name != "wind_direction")


def test_simulating_again_changes_nothing(city: Path, now: datetime) -> None:
    assert simulate(city, now) == 0


@pytest.mark.parametrize("merged", [False, True])
def test_real_city_days_take_all_that_is_simulated_away(city: Path, now: datetime, merged: bool) -> None:
    if merged:
        tidy_lake(city, now=now)
    import_city_days(city, "日期\t城市\tPM2.5\n2025-01-01\t鸡西市\t30\n", now=now, user="tester")
    assert AirReader(city).cities() == ["鸡西"]
    assert StationReader(city).stations() == []
    assert StationReader(city).unregistered() == []
    assert HourReader(city).hours(WHOLE).is_empty()
    assert HourReader(city).last_hour() is None


def test_hours_of_another_city_stay(city: Path, now: datetime) -> None:
    keep_stations(city, [_real("9001A", "望川")], now=now, user="tester")
    text = "time,station,PM2.5\n2025-10-01 01:00,9001A,33\n"
    import_station_hours(city, text, now=now, user="tester")
    tidy_lake(city, now=now)
    keep_stations(city, [_real("9002A", "鸡西")], now=now, user="tester")
    assert [one.code for one in StationReader(city).stations()] == ["9001A", "9002A"]
    hours = HourReader(city).hours(WHOLE)
    assert hours.select("station", "pm25").rows() == [("9001A", 330_000)]
    assert AirReader(city).simulated("鸡西")  # days go when real days come
    assert AirReader(city).of_source("鸡西", WHOLE, "hours") == []


def test_nothing_is_simulated_beside_real_data(data: Path, now: datetime) -> None:
    import_city_days(data, "日期\t城市\tPM2.5\n2025-01-01\t鸡西市\t30\n", now=now, user="tester")
    assert simulate(data, now) == 0
    assert StationReader(data).stations() == []


def _real(code: str, city: str) -> Station:
    return Station(code, f"{city}一号", city, None, None, "national", None, None, date(2020, 1, 1))
