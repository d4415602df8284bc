"""City days: rounding, sub-indices, AQI, missing items, primary pollutants, by edition."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.air.day import evaluated, primary_names, printed, sub_index
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import Breakpoints, IndexRule
from lantian.basis.exact import rounded, scaled

CLEAN = {"so2": "10", "no2": "10", "co": "0.5", "o3_8h": "50", "pm10": "20", "pm25": "10"}


def one_day(rule: IndexRule, **values: str | None) -> dict[str, object]:
    row = {**CLEAN, **values}
    numbers = {item: [None if text is None else scaled(text, SCALE)] for item, text in row.items()}
    table = pl.DataFrame(
        {"city": ["甲"], "date": [date(2025, 1, 1)], **numbers},
        schema_overrides=dict.fromkeys(ITEMS, pl.Int64),
    )
    return evaluated(table, rule).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [("0.5", 0, "0"), ("1.5", 0, "2"), ("2.5001", 0, "3"), ("2.4999", 0, "2"), ("0.25", 1, "0.2"), ("0.35", 1, "0.4")],
)
def test_printed_rounds_half_to_even(text: str, places: int, expected: str) -> None:
    value = pl.select(printed(pl.lit(scaled(text, SCALE)), places)).item()
    assert value == scaled(expected, SCALE)


@settings(deadline=None)
@given(number=st.integers(0, 10**9), places=st.integers(0, SCALE))
def test_printed_is_the_fraction_rounded_once(number: int, places: int) -> None:
    value = pl.select(printed(pl.lit(number), places)).item()
    assert value == rounded(Fraction(number, 10**SCALE), places) * 10 ** (SCALE - places)


def test_iaqi_is_rounded_up(hj_633_2012: IndexRule) -> None:
    # SO2 523: 150 + (523 - 475) * 50 / (800 - 475) = 157.38 -> 158 (published example, see vectors)
    assert one_day(hj_633_2012, so2="523")["so2_iaqi"] == 158
    # PM2.5 42: 50 + 7 * 50 / 40 = 58.75 -> 59
    assert one_day(hj_633_2012, pm25="42.4")["pm25_iaqi"] == 59


def test_breakpoints_hit_their_index_exactly(hj_633_2012: IndexRule, hj_633_2026: IndexRule) -> None:
    for rule in (hj_633_2012, hj_633_2026):
        for item in ITEMS:
            table = rule.breakpoints[item]
            for index, concentration in zip(table.iaqi, table.concentration, strict=True):
                assert pl.select(sub_index(pl.lit(concentration), table)).item() == index


def test_editions_differ_in_particles_only_between_fifty_and_one_hundred_fifty(
    hj_633_2012: IndexRule, hj_633_2026: IndexRule
) -> None:
    day = {"pm25": "75", "pm10": "150"}
    old, new = one_day(hj_633_2012, **day), one_day(hj_633_2026, **day)
    assert (old["aqi"], old["category"]) == (100, "良")
    # 100 + 15 * 50 / 55 = 113.6 -> 114; 100 + 30 * 50 / 130 = 111.5 -> 112
    assert (new["pm25_iaqi"], new["pm10_iaqi"], new["category"]) == (114, 112, "轻度污染")
    assert (old["edition"], new["edition"]) == ("HJ 633-2012", "HJ 633-2026")


def test_above_the_top_breakpoint(hj_633_2012: IndexRule, hj_633_2026: IndexRule) -> None:
    assert one_day(hj_633_2026, pm10="12329")["aqi"] == 500
    assert one_day(hj_633_2026, o3_8h="801")["aqi"] == 300
    old = one_day(hj_633_2012, o3_8h="801")
    assert old["o3_8h_iaqi"] is None
    assert old["aqi"] is None
    assert one_day(hj_633_2012, o3_8h="801", pm25="160")["aqi"] == 210
    assert one_day(hj_633_2012, o3_8h="800.5")["aqi"] == 300  # printed 800


def test_missing_item_gives_an_aqi_only_above_one_hundred(hj_633_2012: IndexRule) -> None:
    quiet = one_day(hj_633_2012, o3_8h=None, pm25="75")
    assert (quiet["aqi"], quiet["category"], quiet["primary"]) == (None, None, [])
    assert quiet["pm25_iaqi"] == 100
    assert quiet["pm25_printed"] == 75 * 10**SCALE
    loud = one_day(hj_633_2012, o3_8h=None, pm25="76")
    assert (loud["aqi"], loud["category"], loud["primary"]) == (102, "轻度污染", ["pm25"])
    nothing = one_day(hj_633_2012, **dict.fromkeys(ITEMS))
    assert nothing["aqi"] is None
    assert nothing["edition"] == "HJ 633-2012"


def test_primary_lists_ties_and_needs_more_than_fifty(hj_633_2012: IndexRule) -> None:
    assert one_day(hj_633_2012, pm25="35", o3_8h="100")["primary"] == []
    tie = one_day(hj_633_2012, no2="80", pm25="75", pm10="150")
    assert tie["aqi"] == 100
    assert primary_names(tie["primary"]) == ("NO2", "PM10", "PM2.5")  # type: ignore[arg-type]


def test_category_edges(hj_633_2012: IndexRule) -> None:
    edges = ("35", "36", "75", "76", "115", "116", "150", "151")
    found = [one_day(hj_633_2012, pm25=text)["category"] for text in edges]
    assert found == ["优", "良", "良", "轻度污染", "轻度污染", "中度污染", "中度污染", "重度污染"]
    assert [one_day(hj_633_2012, pm25=text)["category"] for text in ("250", "251")] == ["重度污染", "严重污染"]


def test_aqi_uses_the_rounded_value(hj_633_2012: IndexRule) -> None:
    assert one_day(hj_633_2012, pm25="75.5")["aqi"] == 102  # 76 (half to even), not 75.5
    assert one_day(hj_633_2012, pm25="75.4999")["aqi"] == 100
    assert one_day(hj_633_2012, pm25="74.5")["pm25_printed"] == 74 * 10**SCALE


@settings(deadline=None)
@given(item=st.sampled_from(ITEMS), low=st.integers(0, 30_000_000), more=st.integers(0, 5_000_000))
def test_aqi_never_falls_when_a_concentration_rises(hj_633_2026: IndexRule, item: str, low: int, more: int) -> None:
    table = hj_633_2026.breakpoints[item]
    first, second = (pl.select(sub_index(pl.lit(value), table)).item() for value in (low, low + more))
    assert first <= second


def test_a_table_that_does_not_ascend_is_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        Breakpoints((0, 50, 100), (0, 70, 60), 500)


def test_published_examples(shared: Path, hj_633_2012: IndexRule, hj_633_2026: IndexRule) -> None:
    keys = {"SO2": "so2", "NO2": "no2", "CO": "co", "PM10": "pm10", "PM2.5": "pm25", "O3": "o3_8h"}
    checked = 0
    for name, rule, column in (
        ("iaqi-2012-examples.csv", hj_633_2012, "iaqi_after_ceil"),
        ("iaqi-2026.csv", hj_633_2026, "published_iaqi"),
    ):
        with (shared / "standards/vectors" / name).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                # the daily tables; PM 1 h values use them too (HJ 633-2026)
                daily = row["averaging"] in ("24h", "8h", "mda8") or row["pollutant"].startswith("PM")
                if not daily:
                    continue
                item = keys[row["pollutant"]]
                assert one_day(rule, **{item: row["concentration"]})[f"{item}_iaqi"] == int(row[column]), row
                checked += 1
    assert checked >= 15
