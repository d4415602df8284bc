"""Station days: edges by hand, and every grid against a slow model in fractions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import slow_air
from lantian.air.hour_grid import HOUR_ITEMS, MISSING, HourGrid
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import DayValidity
from lantian.air.station_day import NOT_VALID, parts, station_days
from lantian.basis.period import Days

RULE = DayValidity(hours=20, window_hours=6, windows=14, windows_unless_above=160, points_share=(3, 4))
PARTS = parts([RULE])
Hours = list[int | None]


def days_of(hours: list[Hours], scale: int = 0, kind: type = np.int16) -> dict[str, list[list[Fraction | None]]]:
    """Station days of stations with the same hours for every item."""
    grid = np.array([[MISSING if one is None else one for one in station] for station in hours], kind)
    count = grid.shape[1] // 24
    days = Days(date(2026, 1, 1), date(2026, 1, count))
    made = station_days(
        HourGrid(
            days,
            np.arange(len(hours), dtype=np.int32),
            dict.fromkeys(HOUR_ITEMS, grid),
            dict.fromkeys(HOUR_ITEMS, scale),
        ),
        RULE,
        PARTS,
    )
    return {
        item: [
            [None if one == NOT_VALID else Fraction(one, PARTS[item] * 10**SCALE) for one in station]
            for station in made.values[item].tolist()
        ]
        for item in ITEMS
    }


def test_denominators_are_those_of_the_recipe() -> None:
    assert {**dict.fromkeys(ITEMS, 212_520), "o3_8h": 168} == PARTS


@pytest.mark.parametrize(("present", "expected"), [(19, None), (20, Fraction(21, 2)), (24, Fraction(25, 2))])
def test_a_mean_needs_twenty_hours(present: int, expected: Fraction | None) -> None:
    hours: Hours = [hour if hour <= present else None for hour in range(1, 25)]  # mean of 1 … n
    assert days_of([hours])["pm25"] == [[expected]]


@pytest.mark.parametrize(
    ("present", "value", "expected"),
    [
        (18, 159, None),  # hours 1 … 18 give the windows ending 8 … 20: thirteen
        (18, 160, None),  # exactly 160 is not above
        (18, 161, 161),
        (19, 100, 100),  # fourteen windows
        (6, 161, 161),  # one window is enough above 160
        (5, 999, None),  # none is valid
        (0, 0, None),
    ],
)
def test_o3_day_of_few_windows(present: int, value: int, expected: int | None) -> None:
    hours: Hours = [value] * present + [None] * (24 - present)
    assert days_of([hours])["o3_8h"] == [[expected]]


def test_the_limit_of_few_windows_is_compared_unrounded() -> None:
    hours: Hours = [160] * 7 + [161] + [None] * 16  # 160.125, 160 1/6 and 160 1/7
    assert days_of([hours])["o3_8h"] == [[160 + Fraction(1, 6)]]


def test_a_window_counts_though_its_last_hour_is_missing_and_none_crosses_midnight() -> None:
    first: Hours = [10] * 22 + [None, None]
    second: Hours = [900] * 6 + [0] * 18
    # the window 15 … 22 of the first day, 17 … 24 has 6 hours; the 900 of the next day never enters
    days = days_of([first + second])["o3_8h"]
    assert days == [[10, Fraction(5400, 8)]]


values = st.one_of(st.none(), st.integers(0, 1200), st.sampled_from([0, 160, 161, 4095, 4096, 32767]))
day = st.one_of(
    st.lists(values, min_size=24, max_size=24),
    st.tuples(st.integers(0, 24), st.integers(150, 170)).map(lambda n: [n[1]] * n[0] + [None] * (24 - n[0])),
    st.permutations([None] * 4 + list(range(20))),
    st.permutations([None] * 5 + list(range(19))),
)


@settings(deadline=None, max_examples=150)
@given(
    st.integers(1, 4).flatmap(
        lambda count: st.lists(
            st.lists(day, min_size=count, max_size=count).map(lambda days: [hour for one in days for hour in one]),
            min_size=1,
            max_size=4,
        )
    ),
    st.sampled_from([(0, np.int16), (1, np.int32), (4, np.int64)]),
)
def test_every_grid_equals_the_slow_model(hours: list[Hours], kind: tuple[int, type]) -> None:
    scale, width = kind
    found = days_of(hours, scale, width)
    for at, station in enumerate(hours):
        exact = [None if one is None else Fraction(one, 10**scale) for one in station]
        for number in range(len(station) // 24):
            own = exact[24 * number : 24 * number + 24]
            assert found["pm10"][at][number] == slow_air.station_mean(own)
            assert found["o3_8h"][at][number] == slow_air.station_o3(own)


def test_sums_beyond_sixteen_bits() -> None:
    assert days_of([[32_767] * 24])["pm10"] == [[32_767]]
    assert days_of([[32_767] * 24])["o3_8h"] == [[32_767]]
    assert days_of([[10**9] * 24], 4, np.int32)["o3_8h"] == [[10**5]]


def test_many_stations_are_cut_into_blocks_without_a_seam() -> None:
    random = np.random.default_rng(7)
    hours = random.integers(-1, 300, (700, 24 * 9)).tolist()
    several = [[None if one < 0 else one for one in station] for station in hours]
    together, apart = days_of(several), [days_of([station]) for station in several[::70]]
    for at, one in enumerate(apart):
        for item in ITEMS:
            assert together[item][70 * at] == one[item][0]
