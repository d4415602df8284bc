"""Wind of a place: its stations, classes from the rulebook, tables and drawings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from lantian.basis.period import Days
from lantian.store.air_file import writing
from lantian.store.hours import SCHEMA, write_hours
from lantian.store.stations import Station, write_stations
from lantian.work.air_drawings import drawing
from lantian.work.air_wind import strength_words, wind_of, wind_rule

DAYS = Days(date(2025, 7, 1), date(2025, 7, 2))
FIRST = datetime(2025, 7, 1, 1)


def station(code: str, role: str, county: str) -> Station:
    return Station(code, code, "鸡西", county, None, role, None, None, date(2020, 1, 1))


@pytest.fixture
def windy(data: Path, now: datetime) -> Path:
    """Two days of hours: a national station with north wind of 3 m/s and calm every fourth hour, others around it."""
    rows = []
    for code, value in (("A1", 200_000), ("B1", 900_000), ("C1", 500_000)):
        for hour in range(48):
            speed = None if code == "C1" else 1_000 if hour % 4 == 0 else 30_000
            wind = (None if speed == 1_000 else 0, speed)
            rows.append((code, FIRST + timedelta(hours=hour), 1, 1, 1, 1, 1, value + hour * 10_000, *wind, now, 1))
    with writing(data, job="test", now=now) as database:
        write_hours(database, data, pl.DataFrame(rows, schema=SCHEMA, orient="row"), "realtime", now=now)
        stations = [
            station("A1", "national", "鸡冠区"),
            station("B1", "county", "滴道区"),
            station("C1", "national", "鸡冠区"),
        ]
        write_stations(database, stations, batch=1, known_at=now)
    return data


def test_the_city_is_its_national_stations_that_measured_wind(windy: Path) -> None:
    found = wind_of(windy, "鸡西", DAYS, "pm25", "realtime")
    assert found is not None
    assert (found.stations, found.rose.hours, found.rose.unused) == (1, 48, 0)
    assert sum(found.rose.calm) == 12
    rows = dict(found.rose_rows())
    assert rows["北"][-1] == 36
    assert rows["静风"][-1] == 12
    # hours 1, 2, 3, 5, … 47 after the first: mean of 20 + hour over the 36 that are no multiple of four = 20 + 24
    assert dict(found.polar_rows())["北"][1] == ("44", 36)
    assert dict(found.polar_rows())["静风"] == [("42", 12)]


def test_a_county_is_the_stations_in_it_and_named_stations_win(windy: Path) -> None:
    county = wind_of(windy, "滴道区", DAYS, "pm25", "realtime")
    named = wind_of(windy, "鸡西", DAYS, "pm25", "realtime", ["B1"])
    assert county is not None
    assert named is not None
    assert county.rose == named.rose
    assert wind_of(windy, "鸡西", DAYS, "pm25", "realtime", ["C1"]) is None
    assert wind_of(windy, "密山", DAYS, "pm25", "realtime") is None
    assert wind_of(windy, "鸡西", DAYS, "pm25", "reviewed") is None


def test_rose_and_polar_plot_are_drawn(windy: Path) -> None:
    asked = {"place": "鸡西", "first": "2025-07-01", "last": "2025-07-02"}
    rose = drawing("rose", windy, date(2025, 7, 2), asked)
    assert rose is not None
    assert "静风占 25.0%" in rose.alt
    assert "北风 36 小时" in rose.alt
    polar = drawing("polar", windy, date(2025, 7, 2), asked)
    assert polar is not None
    assert "44 µg/m³（36 小时）" in polar.alt


def test_the_rule_stands_in_the_rulebook() -> None:
    rule = wind_rule(date(2025, 7, 1))
    assert (rule.calm_to, rule.strengths, rule.least_hours) == (2_000, (16_000, 34_000, 55_000, 80_000), 10)


def test_classes_of_wind_are_named_by_both_ends() -> None:
    assert strength_words(wind_rule(date(2025, 7, 1))) == ["＜1.6", "1.6～3.4", "3.4～5.5", "5.5～8", "≥8"]
