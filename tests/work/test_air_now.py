"""The last hour: real-time AQI by edition, the city's mean, who is late or silent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from lantian.air.item import HOUR_ITEMS
from lantian.store.hours import SCHEMA
from lantian.store.stations import Station
from lantian.work.air_now import Reported, hour_words, now_of

HOUR = timedelta(hours=1)
OLD, NEW = datetime(2026, 3, 1, 0), datetime(2026, 3, 1, 1)  # the last hour of 28 February, the first of 1 March
CLEAN = {"so2": 10, "no2": 20, "co": 0.5, "o3": 60, "pm10": 40, "pm25": 20}


def station(code: str, role: str = "national") -> Station:
    return Station(code, f"站{code}", "鸡西", "鸡冠区", "230302", role, 131.0, 45.3, date(2020, 1, 1))


def hours(*rows: tuple[str, datetime, dict[str, float | None]]) -> pl.DataFrame:
    made = [
        {
            "station": code,
            "time": time,
            **{item: None if (value := values.get(item)) is None else round(value * 10_000) for item in HOUR_ITEMS},
            "wind_direction": None,
            "wind_speed": None,
            "known_at": None,
            "batch": 1,
        }
        for code, time, values in rows
    ]
    return pl.DataFrame(made, schema=SCHEMA)


@pytest.mark.parametrize(("time", "edition", "aqi"), [(OLD, "HJ 633-2012", 92), (NEW, "HJ 633-2026", 108)])
def test_the_edition_is_that_of_the_day_the_hour_ends_in(time: datetime, edition: str, aqi: int) -> None:
    """PM2.5 68: 50·(68−35)/(75−35)+50 = 91.25 → 92 under 2012; 50·(68−60)/(115−60)+100 = 107.27 → 108 under 2026."""
    values = CLEAN | {"pm25": 68}
    found = now_of(time, hours(*[(code, time, values) for code in "ABC"]), [station(code) for code in "ABC"], "鸡西")
    assert found.edition == edition
    assert {one.aqi for one in found.stations} == {aqi}
    assert found.city is not None
    assert found.city.aqi == aqi


def test_the_citys_value_is_the_rounded_mean_of_its_national_stations_alone() -> None:
    table = hours(
        ("A", NEW, CLEAN | {"pm25": 10}),
        ("B", NEW, CLEAN | {"pm25": 11}),
        ("C", NEW, CLEAN | {"pm25": 400}),
    )
    found = now_of(NEW, table, [station("A"), station("B"), station("C", "county")], "鸡西")
    assert found.city is not None
    texts = {value.item: value.text for value in found.city.values}
    assert texts["pm25"] == "10"  # 10.5 half to even
    assert (found.told, found.needed, found.of_city) == (2, 2, 2)
    assert found.stations[0].code == "C"
    assert found.stations[0].primary == ("PM2.5",)


def test_too_few_stations_give_no_city_and_an_item_told_by_too_few_is_missing() -> None:
    four = [station(code) for code in "ABCD"]
    two = now_of(NEW, hours(("A", NEW, CLEAN), ("B", NEW, CLEAN)), four, "鸡西")
    assert (two.city, two.told, two.needed) == (None, 2, 3)
    three = now_of(NEW, hours(("A", NEW, CLEAN), ("B", NEW, CLEAN), ("C", NEW, CLEAN | {"o3": None})), four, "鸡西")
    assert three.city is not None
    assert {value.item: value.text for value in three.city.values}["o3"] is None
    assert three.city.reported is Reported.PART
    assert three.city.aqi is None  # HJ 633-2026: with an item missing only above 100


def test_the_late_and_the_silent_are_told_apart() -> None:
    table = hours(("A", NEW, CLEAN), ("B", NEW - 3 * HOUR, CLEAN), ("B", NEW, {}), ("C", NEW, CLEAN | {"co": None}))
    found = now_of(NEW, table, [station(code) for code in "ABCD"], "鸡西")
    states = {one.code: (one.reported, one.last) for one in found.stations}
    assert states == {
        "A": (Reported.WHOLE, NEW),
        "B": (Reported.LATE, NEW - 3 * HOUR),
        "C": (Reported.PART, NEW),
        "D": (Reported.SILENT, None),
    }
    assert {one.code for one in found.quiet} == {"B", "D"}


def test_a_city_without_national_stations_has_no_value() -> None:
    found = now_of(NEW, hours(("A", NEW, CLEAN)), [station("A", "micro")], "鸡西")
    assert (found.city, found.of_city) == (None, 0)
    assert found.stations[0].aqi == 40  # PM10 40 of 50; PM2.5 20 of 35 is 29


def test_the_last_hour_of_a_day_is_its_24_oclock() -> None:
    assert hour_words(OLD) == "2026-02-28 24:00"
    assert hour_words(NEW) == "2026-03-01 01:00"
