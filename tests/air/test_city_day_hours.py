"""City days from station hours: the share of stations, halves, order of rows, absent rows, cuts at any date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import slow_air
from lantian.air.city_hours import ConflictError, days_of_hours
from lantian.air.city_rounding import rounded_days
from lantian.air.hour_grid import HOUR_ITEMS, GridMaker, HourRows, full_grid, month_numbers, stamps_of
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import DayValidity
from lantian.air.station_day import parts
from lantian.basis.period import Days

RULE = DayValidity(hours=20, window_hours=6, windows=14, windows_unless_above=160, points_share=(3, 4))
PARTS = parts([RULE])
SCALES = {**dict.fromkeys(HOUR_ITEMS, 0), "co": 1}
PLACES = {**dict.fromkeys(ITEMS, 0), "co": 1}
FIRST = date(2026, 1, 30)
Station = list[int | None]


def table(stations: dict[tuple[str, str], Station]) -> pl.DataFrame:
    """Hours of stations from FIRST 01:00 on; every item has the same numbers."""
    rows = [
        (city, name, datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(hours=at + 1), value)
        for (city, name), hours in stations.items()
        for at, value in enumerate(hours)
    ]
    schema = {"city": pl.String, "station": pl.String, "time": pl.Datetime("ms"), "value": pl.Int32}
    hours = pl.DataFrame(rows, schema=schema, orient="row")
    return hours.select("city", "station", "time", *(pl.col("value").alias(item) for item in HOUR_ITEMS))


def days_of(hours: pl.DataFrame, count: int, stations: dict[str, int] | None = None) -> pl.DataFrame:
    period = Days(FIRST, FIRST + timedelta(days=count - 1))
    return days_of_hours(hours, period, SCALES, RULE, PARTS, stations)


def value(row: dict[str, int | None], item: str) -> Fraction | None:
    number, points = row[item], row[f"{item}_points"]
    return None if number is None else Fraction(number, PARTS[item] * (points or 0) * 10**SCALE)


@pytest.mark.parametrize(
    ("valid", "of", "expected"), [(3, 4, True), (2, 3, False), (6, 8, True), (5, 7, False), (1, 1, True)]
)
def test_three_of_four_stations(valid: int, of: int, expected: bool) -> None:
    hours = {("甲", str(at)): [20 if at < valid else None] * 24 for at in range(of)}
    (row,) = days_of(table(hours), 1).iter_rows(named=True)
    assert (row["pm25"] is not None) == expected
    assert row["pm25_points"] == valid


def test_a_station_that_stopped_still_counts() -> None:
    hours: dict[tuple[str, str], Station] = {("甲", "1"): [10] * 48, ("甲", "2"): [10] * 24}
    one, two = days_of(table(hours), 2).iter_rows(named=True)
    assert (value(one, "so2"), value(two, "so2")) == (10, None)


@pytest.mark.parametrize(("low", "printed"), [(12, 12), (13, 14), (14, 14)])
def test_exact_halves_go_to_the_even_neighbour(low: int, printed: int) -> None:
    hours: dict[tuple[str, str], Station] = {("甲", "1"): [low] * 24, ("甲", "2"): [low + 1] * 24}
    days = rounded_days(days_of(table(hours), 1), PARTS, PLACES)
    assert days["pm25"].to_list() == [printed * 10**SCALE]


def test_co_in_tenths_is_rounded_to_tenths() -> None:
    hours: dict[tuple[str, str], Station] = {("甲", "1"): [7] * 24, ("甲", "2"): [8] * 24}  # 0.75 mg/m³
    days = rounded_days(days_of(table(hours), 1), PARTS, PLACES)
    assert days["co"].to_list() == [8000]


def test_o3_of_a_city_is_the_mean_of_the_stations_maxima() -> None:
    early: Station = [80] * 8 + [0] * 16
    late: Station = [0] * 16 + [80] * 8
    (row,) = days_of(table({("甲", "1"): early, ("甲", "2"): late}), 1).iter_rows(named=True)
    assert value(row, "o3_8h") == 80  # the largest 8-hour mean of city hours would be 40


def test_rows_that_differ_are_a_conflict_and_equal_ones_count_once() -> None:
    hours = table({("甲", "1"): [10] * 24})
    twice = pl.concat([hours, hours.head(3)])
    assert days_of(twice, 1).equals(days_of(hours, 1))
    other = hours.head(1).with_columns(pm25=pl.lit(11, pl.Int32))
    with pytest.raises(ConflictError) as caught:
        days_of(pl.concat([hours, other]), 1)
    (conflict,) = caught.value.conflicts
    assert (conflict.item, {conflict.first, conflict.second}) == ("pm25", {(10, 0), (11, 0)})
    gone = hours.head(1).with_columns(pm25=pl.lit(None, pl.Int32))  # a value and no value are different rows
    with pytest.raises(ConflictError):
        days_of(pl.concat([hours, gone]), 1)


def test_a_month_is_that_of_the_day_an_hour_belongs_to() -> None:
    stamps = np.array(["2026-01-31T23:00", "2026-02-01T00:00", "2026-02-01T01:00"], "datetime64[ms]").astype(np.int64)
    assert (month_numbers(stamps) - 2026 * 12).tolist() == [0, 0, 1]


hour = st.one_of(st.none(), st.integers(0, 400))
stations = st.integers(1, 3).flatmap(
    lambda days: st.dictionaries(
        st.tuples(st.sampled_from("甲乙"), st.sampled_from("12345")),
        st.lists(hour, min_size=24 * days, max_size=24 * days)
        | st.integers(0, 400).map(lambda level, days=days: [level] * 24 * days),
        min_size=1,
        max_size=6,
    )
)


def slow_days(stations: dict[tuple[str, str], Station], count: int) -> dict[tuple[str, int, str], Fraction | None]:
    found = {}
    for city in {city for city, _ in stations}:
        own = [hours for (of, _), hours in stations.items() if of == city]
        for day in range(count):
            for item in ITEMS:
                scale = 10 if item == "co" else 1
                exact = [
                    [None if one is None else Fraction(one, scale) for one in hours[24 * day : 24 * day + 24]]
                    for hours in own
                ]
                one_station = slow_air.station_o3 if item == "o3_8h" else slow_air.station_mean
                found[city, day, item] = slow_air.city_value([one_station(one) for one in exact], len(own))
    return found


@settings(deadline=None, max_examples=80)
@given(stations, st.randoms(use_true_random=False))
def test_any_rows_in_any_order_equal_the_slow_model(stations: dict[tuple[str, str], Station], random) -> None:  # type: ignore[no-untyped-def]
    hours = table(stations)
    count = len(next(iter(stations.values()))) // 24
    whole = days_of(hours, count)
    expected = slow_days(stations, count)
    for row in whole.iter_rows(named=True):
        for item in ITEMS:
            assert value(row, item) == expected[row["city"], (row["date"] - FIRST).days, item]
    order = list(range(len(hours)))
    random.shuffle(order)
    members = {city: sum(of == city for of, _ in stations) for city, _ in stations}
    shuffled = hours[order]
    assert days_of(shuffled, count).equals(whole)
    dropped = shuffled.filter(pl.col("so2").is_not_null())
    if set(dropped["city"]) == set(hours["city"]):
        assert days_of(dropped, count, members).equals(whole)
    cut = random.randint(1, count)
    halves = [days_of_hours(hours, part, SCALES, RULE, PARTS, members) for part in _halves(count, cut) if len(part)]
    assert pl.concat(halves).sort("city", "date").equals(whole)


def _halves(count: int, cut: int) -> tuple[Days, Days]:
    period = Days(FIRST, FIRST + timedelta(days=count - 1))
    edge = FIRST + timedelta(days=cut - 1)
    return period.until(edge), period.after(edge)


@settings(deadline=None, max_examples=80)
@given(
    st.integers(1, 3),
    st.lists(st.sampled_from([-1, 0, 7, 40_000]), min_size=72, max_size=72),
    st.randoms(use_true_random=False),
)
def test_the_quick_way_and_the_general_one_give_the_same_grid(count: int, numbers: list[int], random) -> None:  # type: ignore[no-untyped-def]
    days = Days(date(2026, 2, 1), date(2026, 2, 1))
    values = np.array(numbers[: 24 * count], np.int32)
    rows = HourRows(
        run_stations=np.arange(count, dtype=np.int32),
        run_lengths=np.full(count, 24),
        stamps=np.tile(stamps_of(days), count),
        values=dict.fromkeys(HOUR_ITEMS, values),
        scales=dict.fromkeys(HOUR_ITEMS, 0),
    )
    assert full_grid(rows, days)
    quick = GridMaker(days)
    quick.put(rows)
    slow = GridMaker(days)
    order = list(range(24 * count))
    random.shuffle(order)
    cut = random.randint(0, 24 * count)
    for part in (order[:cut], order[cut:], order[:5]):  # the last repeats
        picked = np.array(part, np.int64)
        slow.put(
            HourRows(
                run_stations=rows.stations[picked],
                run_lengths=np.ones(len(picked), np.int64),
                stamps=rows.stamps[picked],
                values=dict.fromkeys(HOUR_ITEMS, values[picked]),
                scales=dict.fromkeys(HOUR_ITEMS, 0),
            )
        )
    assert not slow.conflicts
    one, two = quick.grid(), slow.grid()
    back = np.argsort(two.stations)
    assert (one.values["pm25"] == two.values["pm25"][back]).all()


def test_a_finer_batch_scales_what_is_there() -> None:
    days = Days(date(2026, 2, 1), date(2026, 2, 1))

    def rows(station: int, number: int, scale: int) -> HourRows:
        values = np.array([number, -1], np.int16)
        return HourRows(
            run_stations=np.array([station], np.int32),
            run_lengths=np.array([2]),
            stamps=stamps_of(days)[:2],
            values=dict.fromkeys(HOUR_ITEMS, values),
            scales=dict.fromkeys(HOUR_ITEMS, scale),
        )

    maker = GridMaker(days)
    assert maker.put(rows(0, 7, 0)) == 0
    assert maker.put(rows(1, 75, 1)) == 0
    assert maker.put(rows(0, 700, 2)) == 2  # 7 is 7.00, missing is missing
    assert maker.conflicts == []
    grid = maker.grid()
    assert grid.scales["pm25"] == 2
    assert grid.values["pm25"][:, :3].tolist() == [[700, -1, -1], [750, -1, -1]]
