"""Figures of the desk from hand-made days; limits and breakpoints come from the rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.air.item import ITEMS
from lantian.basis.period import Days
from lantian.store.air import CityDay
from lantian.work.air_rules import evaluated_days, index_rule, index_rules, statistics_rule
from lantian.work.duty import (
    Due,
    bars,
    day_change,
    day_table,
    due_list,
    full_name,
    on_basis_of,
    percent,
    point_change,
    reading,
    roster_gaps,
    year_so_far,
    yesterday,
)


def _day(city: str, day: date, pm25: int | None, simulated: bool = False) -> CityDay:
    """A day on which PM2.5 alone decides; the other items are clean."""
    clean = {"so2": 5, "no2": 10, "co": 1, "o3_8h": 40, "pm10": 20, "pm25": pm25}
    values = {item: None if clean[item] is None else clean[item] * 10_000 for item in ITEMS}  # type: ignore[operator]
    table = pl.DataFrame(
        {"city": [city], "date": [day], **{item: [value] for item, value in values.items()}},
        schema_overrides=dict.fromkeys(ITEMS, pl.Int64),
    )
    row = evaluated_days(table).row(0, named=True)
    return CityDay(
        city=city,
        region=None,
        date=day,
        values=values,
        printed={item: None if clean[item] is None else str(clean[item]) for item in ITEMS},
        iaqi={item: row[f"{item}_iaqi"] for item in ITEMS},
        aqi=row["aqi"],
        primary=("PM2.5",) if row["primary"] == ["pm25"] else (),
        category=row["category"],
        edition=row["edition"],
        simulated=simulated,
    )


class Air:
    """Days by city, as a reader gives them."""

    def __init__(self, *days: CityDay) -> None:
        self._days = sorted(days, key=lambda day: day.date)

    def days(self, city: str, days: Days) -> Sequence[CityDay]:
        return [day for day in self._days if day.city == city and day.date in days]


def _year(air: Air, as_of: date):  # type: ignore[no-untyped-def]
    days = Days(date(as_of.year, 1, 1), as_of)
    return year_so_far("望川", as_of, air.days, index_rules(days), statistics_rule(as_of))


def test_reading_bears_category_grade_and_colour_of_its_edition() -> None:
    # HJ 633-2012 table 1: PM2.5 75 µg/m³ has IAQI 100; table 2: 良 is grade 二级, colour (255, 255, 0)
    found = reading("望川市", _day("望川", date(2025, 3, 1), 75), index_rule(date(2025, 3, 1)))
    assert (found.aqi, found.category, found.grade, found.colour) == (100, "良", "二级", "#ffff00")
    assert [one.item for one in found.values] == ["pm25", "pm10", "so2", "no2", "o3_8h", "co"]
    assert {one.item: one.unit for one in found.values}["co"] == "mg/m³"


def test_yesterday_names_counties_without_data() -> None:
    day = date(2025, 10, 15)
    air = Air(_day("望川", day, 30), _day("虎山", day, 60), _day("河口县", date(2025, 10, 14), 60))
    found = yesterday("望川市", ("虎山市", "河口县"), day, air.days, index_rule(day))
    assert found.city is not None
    assert found.city.aqi is not None
    assert [one.place for one in found.counties] == ["虎山市"]
    assert found.silent == ("河口县",)


def test_year_beside_the_same_days_of_last_year() -> None:
    as_of = date(2025, 1, 4)
    this = [_day("望川", date(2025, 1, n), value) for n, value in ((1, 20), (2, 160), (3, 80), (4, None))]
    last = [_day("望川", date(2024, 1, n), value) for n, value in ((1, 40), (2, 60), (3, 80), (4, 100), (5, 400))]
    found = _year(Air(*this, *last), as_of)
    rows = {row.key: (row.value, row.last, row.change) for row in found.rows}
    # by hand: (20+160+80)/3 = 86.67; (40+60+80+100)/4 = 70; the fifth of January of last year lies outside
    assert rows["pm25"] == ("87", "70", "上升 24.3%")
    assert rows["good_days"] == ("1", "2", "减少 1 天")  # PM2.5 80 is AQI 106
    assert rows["good_ratio"] == ("33.3", "50.0", "下降 16.7 个百分点")
    assert rows["heavy_days"] == ("1", "0", "增加 1 天")  # 160 lies above the 150 of IAQI 200
    assert rows["valid_days"] == ("3", "4", "减少 1 天")
    assert found.has_last_year
    assert not found.recomputed


def test_without_days_there_is_no_value_rather_than_zero() -> None:
    found = _year(Air(_day("望川", date(2025, 1, 1), None)), date(2025, 1, 1))
    assert {row.value for row in found.rows} == {None}
    assert {row.change for row in found.rows} == {None}
    assert not found.has_last_year


def test_last_year_is_judged_under_the_editions_of_this_year() -> None:
    # PM2.5 70: AQI 94 under HJ 633-2012 (75 is 100), above 100 under HJ 633-2026 (60 is 100), in force from 2026-03-01
    then = [_day("望川", day, 70) for day in Days(date(2025, 1, 1), date(2025, 3, 1))]
    assert {day.aqi for day in then} == {94}
    found = _year(Air(*then, _day("望川", date(2026, 3, 1), 10)), date(2026, 3, 1))
    rows = {row.key: row.last for row in found.rows}
    assert (rows["good_days"], rows["valid_days"]) == ("59", "60")
    assert found.recomputed
    assert found.editions == ("HJ 633-2012", "HJ 633-2026")


@pytest.mark.parametrize(("days_of_last_year", "compared"), [(324, True), (323, False), (1, False), (0, False)])
def test_a_last_year_with_too_few_valid_days_is_not_compared_with(days_of_last_year: int, compared: bool) -> None:
    # HJ 663-2013: a year needs 324 valid days
    this = [_day("望川", day, 30) for day in Days(date(2015, 1, 1), date(2015, 12, 31))]
    last = [_day("望川", day, 20) for day in list(Days(date(2014, 1, 1), date(2014, 12, 31)))[:days_of_last_year]]
    found = _year(Air(*this, *last), date(2015, 12, 31))
    rows = {row.key: row for row in found.rows}
    assert found.has_last_year is compared
    assert (rows["pm25"].last, rows["pm25"].change) == (("20", "上升 50.0%") if compared else (None, None))
    assert rows["good_days"].change == ("增加 41 天" if compared else None)
    if days_of_last_year:
        assert rows["valid_days"].last == str(days_of_last_year)


@pytest.mark.parametrize(("year", "last"), [(2025, 2024), (2024, 2023), (2026, 2025)])
def test_every_day_of_last_year_is_judged_once(year: int, last: int) -> None:
    days = Days(date(year, 1, 1), date(year, 12, 31))
    last_days = Days(date(last, 1, 1), date(last, 12, 31))
    one = _day("望川", last_days.first, 30)
    table = day_table([replace(one, date=day) for day in last_days])
    judged = on_basis_of(table, index_rules(days), last_days)
    assert judged["date"].to_list() == list(last_days)


def test_bars_leave_gaps_and_take_the_colour_of_the_day() -> None:
    days = Days(date(2025, 10, 13), date(2025, 10, 15))
    air = Air(_day("望川", date(2025, 10, 13), 30), _day("望川", date(2025, 10, 15), 200))
    found = bars("望川", days, air.days, index_rules(days))
    assert [bar.category for bar in found] == ["优", None, "重度污染"]
    assert found[1].colour is None


@pytest.mark.parametrize(
    ("value", "last", "told"),
    [
        ("24", "26", "下降 7.7%"),
        ("26", "24", "上升 8.3%"),
        ("26", "26", "持平"),
        ("3", "0", "上升 3"),
        ("0", "0", "持平"),
    ],
)
def test_percent(value: str, last: str, told: str) -> None:
    assert percent(value, last) == told


@given(st.integers(0, 366), st.integers(0, 366))
def test_day_change_goes_back_the_way_it_came(value: int, last: int) -> None:
    there, back = day_change(str(value), str(last)), day_change(str(last), str(value))
    assert there.replace("增加", "减少") == back.replace("增加", "减少")
    assert (there == "持平") == (value == last)


def test_point_change_keeps_the_places() -> None:
    assert point_change("95.1", "97.6") == "下降 2.5 个百分点"
    assert point_change("97.6", "97.6") == "持平"


def test_due_is_sorted_into_over_today_and_ahead() -> None:
    today = date(2025, 10, 16)
    items = [Due(str(n), date(2025, 10, n), "", "task", "") for n in (30, 17, 16, 23, 24, 15, 1)]
    found = due_list(items, today)
    assert [item.title for item in found.overdue] == ["1", "15"]
    assert [item.title for item in found.today] == ["16"]
    assert [item.title for item in found.ahead] == ["17", "23"]
    assert len(found) == 5
    assert not due_list([], today)


def test_roster_gaps_are_the_days_nobody_covers() -> None:
    today = date(2025, 10, 16)
    assert roster_gaps([date(2025, 10, 17), date(2025, 10, 1)], today, 3) == (today, date(2025, 10, 18))


@pytest.mark.parametrize(
    ("name", "full"), [("鸡西", "鸡西市"), ("大兴安岭地区", "大兴安岭地区"), ("延边州", "延边州"), ("鸡西市", "鸡西市")]
)
def test_full_name(name: str, full: str) -> None:
    assert full_name(name) == full
