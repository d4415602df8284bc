"""Reports of HJ 633: sub-indices of 1-h and daily values, missing items, values beyond a table, ties."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.air.item import SCALE
from lantian.air.parameters import Breakpoints, Category
from lantian.air.realtime import Instead, ReportItem, ReportRule, reported

IAQI = (0, 50, 100, 150, 200, 300, 400, 500)
NAMES = {"so2": "SO2", "no2": "NO2", "co": "CO", "o3": "O3", "pm10": "PM10", "pm25": "PM2.5"}
CATEGORIES = tuple(
    Category(last, zh, "")
    for last, zh in (
        (50, "优"),
        (100, "良"),
        (150, "轻度污染"),
        (200, "中度污染"),
        (300, "重度污染"),
        (500, "严重污染"),
    )
)


def table(*whole: int, above: int | None = 500) -> Breakpoints:
    return Breakpoints(IAQI[: len(whole)], tuple(value * 10**SCALE for value in whole), above)


def rule(*, so2_above: int | None, missing_above: int | None, pm10: int, pm25: int) -> ReportRule:
    """The real-time report: table 1 of HJ 633-2012 or -2026, 1-h columns; particles on the daily columns."""
    instead = Instead("so2_24h", 0, table(0, 50, 150, 475, 800, 1600, 2100, 2620)) if so2_above is None else None
    columns = {
        "so2": table(0, 150, 500, 650, 800, above=so2_above),
        "no2": table(0, 100, 200, 700, 1200, 2340, 3090, 3840),
        "co": table(0, 5, 10, 35, 60, 90, 120, 150),
        "o3": table(0, 160, 200, 300, 400, 800, 1000, 1200),
        "pm10": table(0, 50, pm10, 250, 350, 420, 500, 600),
        "pm25": table(0, 35, pm25, 115, 150, 250, 350, 500),
    }
    return ReportRule(
        edition="",
        items=tuple(
            ReportItem(key, NAMES[key], int(key == "co"), found, instead if key == "so2" else None)
            for key, found in columns.items()
        ),
        primary_above=50,
        missing_above=missing_above,
        without_index_above=100,
        categories=CATEGORIES,
    )


OLD = rule(so2_above=None, missing_above=None, pm10=150, pm25=75)
NEW = rule(so2_above=200, missing_above=100, pm10=120, pm25=60)
CLEAN = {"so2": 10, "no2": 10, "co": 1, "o3": 50, "pm10": 20, "pm25": 10}


def one(law: ReportRule, **values: int | None) -> dict[str, object]:
    row = {key: None if value is None else value * 10**SCALE for key, value in {**CLEAN, **values}.items()}
    frame = pl.DataFrame({key: [value] for key, value in row.items()}, schema=dict.fromkeys(row, pl.Int64))
    return reported(frame, law).row(0, named=True)


def test_one_hour_columns() -> None:
    # published 2020-04, Baiyin: SO2 643 of 650 -> 100 + 143 * 50 / 150 = 147.67 -> 148
    row = one(OLD, so2=643, pm10=128, pm25=36)
    assert (row["iaqi_so2"], row["aqi"], row["primary"], row["category"]) == (148, 148, "SO2", "轻度污染")


def test_ties_are_joined_and_fifty_has_none() -> None:
    row = one(NEW, so2=150, no2=100, co=5, o3=160, pm10=50, pm25=35)
    assert (row["aqi"], row["primary"], row["category"]) == (50, "", "优")
    row = one(NEW, so2=500, no2=200, co=10, o3=200, pm10=120, pm25=60)
    assert (row["aqi"], row["primary"]) == (100, "SO2,NO2,CO,O3,PM10,PM2.5")


def test_so2_of_one_hour_above_800() -> None:
    assert one(NEW, so2=801)["aqi"] == 200
    assert one(OLD, so2=800)["iaqi_so2"] == 200
    # 2012: no sub-index of the hour, that of the 24-h mean is reported; not known, the AQI stands only above 100
    assert (one(OLD, so2=801)["iaqi_so2"], one(OLD, so2=801)["aqi"]) == (None, None)
    assert one(OLD, so2=801, pm25=116)["aqi"] == 152
    row = one(OLD, so2=801, so2_24h=475)
    assert (row["iaqi_so2"], row["aqi"], row["primary"]) == (150, 150, "SO2")
    assert one(OLD, so2=100, so2_24h=475)["iaqi_so2"] == 34
    assert one(OLD, so2=None, so2_24h=475)["iaqi_so2"] is None


def test_missing_items_by_edition() -> None:
    assert (one(OLD, o3=None, pm25=35)["aqi"], one(OLD, o3=None, pm25=35)["category"]) == (50, "优")
    assert (one(NEW, o3=None, pm25=60)["aqi"], one(NEW, o3=None, pm25=60)["iaqi_pm25"]) == (None, 100)
    assert one(NEW, o3=None, pm25=61)["aqi"] == 101
    for law in (OLD, NEW):
        row = one(law, **dict.fromkeys(CLEAN))
        assert (row["aqi"], row["primary"], row["category"]) == (None, "", None)


def test_above_the_top() -> None:
    for key, top in (("no2", 3840), ("co", 150), ("o3", 1200), ("pm10", 600), ("pm25", 500)):
        assert one(NEW, **{key: top})["aqi"] == 500
        row = one(NEW, **{key: top * 3})
        assert (row["aqi"], row["category"]) == (500, "严重污染")


@settings(deadline=None, max_examples=60)
@given(
    law=st.sampled_from([OLD, NEW]),
    values=st.fixed_dictionaries({key: st.one_of(st.none(), st.integers(0, 700)) for key in CLEAN}),
)
def test_aqi_is_the_largest_and_primary_reaches_it(law: ReportRule, values: dict[str, int | None]) -> None:
    row = one(law, **values)
    indices = {key: row[f"iaqi_{key}"] for key in CLEAN}
    if row["aqi"] is None:
        assert any(index is None for index in indices.values())
        assert row["primary"] == ""
        return
    assert row["aqi"] == max(index for index in indices.values() if index is not None)
    leads = [NAMES[key] for key, index in indices.items() if index == row["aqi"]]
    assert row["primary"] == (",".join(leads) if row["aqi"] > 50 else "")


@pytest.mark.parametrize("law", [OLD, NEW])
def test_empty_table(law: ReportRule) -> None:
    frame = pl.DataFrame(schema=dict.fromkeys(CLEAN, pl.Int64))
    assert reported(frame, law).height == 0
