"""Checks on data quality: each with a table it must find and one it must pass over; nothing is ever removed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hour_tables import START, days, hours, wave
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.air.neighbours import far, out_of_line
from lantian.air.parameters import YearValidity
from lantian.air.quality import NeighbourRule, QualityRule, StepRule, plain
from lantian.air.quality_capture import Counts, captures, low_capture
from lantian.air.quality_runs import jumps, stuck_and_zeros
from lantian.air.quality_values import fine_above_coarse, low_values, negative_values
from lantian.basis.period import Days, month

U = 10_000
ITEMS = ("so2", "no2", "co", "o3", "o3_8h", "pm10", "pm25")
STEP = StepRule(
    stuck=dict.fromkeys(ITEMS, 6),
    stuck_above=dict.fromkeys(ITEMS, 10 * U),
    zeros=6,
    jump_times=Fraction(3),
    jump_least=dict.fromkeys(ITEMS, 150 * U),
)
NEAR = NeighbourRule(3, 5, 10, dict.fromkeys(ITEMS, 5 * U), 50, 24)
RULE = QualityRule(STEP, STEP, 5, 3, dict.fromkeys(ITEMS, 3 * U), 50, NEAR, 90)
VALID = YearValidity(324, 27, 25)


def counted(table: pl.DataFrame) -> Counts:
    counts = Counts()
    counts.take(table)
    return counts


def codes(doubts: list) -> list[str]:  # type: ignore[type-arg]
    return [one.code.removeprefix("AIR-QUALITY-") for one in doubts]


def test_equal_values_in_a_row() -> None:
    found = stuck_and_zeros(hours(pm25=[40, 55, *[50] * 6, 51]), STEP)
    assert codes(found) == ["STUCK"]
    (one,) = found
    assert (one.station, one.item, one.count) == ("东山", "pm25", 6)
    assert (one.first, one.last) == (START + timedelta(hours=2), START + timedelta(hours=7))
    assert "连续 6 小时都是 50" in one.text.zh
    finding = one.finding("hours.csv")
    assert (finding.code, finding.place.file, finding.place.column) == ("AIR-QUALITY-STUCK", "hours.csv", "pm25")
    assert finding.clause == "ambient.quality.stuck"


@pytest.mark.parametrize(
    "values",
    [
        [50] * 5,  # too short
        [50] * 3 + [None] + [50] * 3,  # a gap ends the run
        [10] * 20,  # at the edge up to which repetition is natural
        wave(48),
    ],
)
def test_runs_that_are_none(values: list[float | None]) -> None:
    assert stuck_and_zeros(hours(pm25=values), STEP) == []


def test_a_run_ends_with_its_station() -> None:
    table = pl.concat([hours("东山", pm25=[50] * 4), hours("西河", start=START + timedelta(hours=4), pm25=[50] * 4)])
    assert stuck_and_zeros(table, STEP) == []


def test_zeros_in_a_row_and_throughout() -> None:
    assert codes(stuck_and_zeros(hours(so2=[5, *[0] * 6, 4]), STEP)) == ["ZEROS"]
    assert stuck_and_zeros(hours(so2=[5, *[0] * 5, 4]), STEP) == []
    found = stuck_and_zeros(days(so2=[0] * 365), STEP)  # a year of zeros is one finding, not a run
    assert codes(found) == ["ZERO-THROUGHOUT"]
    assert (found[0].count, found[0].station) == (365, None)


def test_a_sudden_rise_and_whether_it_fell_back() -> None:
    found = jumps(hours(pm25=[40, 300, 60, 40, 290, 280]), STEP)
    assert codes(found) == ["JUMP", "JUMP"]
    assert ["随即回落" in one.text.zh for one in found] == [True, False]
    assert "未回落" in found[1].text.zh
    assert "回落" not in jumps(hours(pm25=[40, 300]), STEP)[0].text.zh


@pytest.mark.parametrize(
    "values",
    [
        [40, 190],  # rises by exactly 150
        [100, 300],  # to exactly three times
        [40, None, 300],  # the hour before is missing
        [300, 40],  # a fall
    ],
)
def test_rises_that_are_none(values: list[float | None]) -> None:
    assert jumps(hours(pm25=values), STEP) == []


def test_fine_particles_above_coarse() -> None:
    found = fine_above_coarse(hours(pm25=[60, 70, 55, 40, 30], pm10=[50, 50, 50, 50, 50]), RULE)
    assert codes(found) == ["FINE-ABOVE-COARSE"]
    assert (found[0].count, found[0].last) == (3, START + timedelta(hours=2))
    assert "最多高 20" in found[0].text.zh
    assert fine_above_coarse(hours(pm25=[60, 70, 40], pm10=[50, 50, 50]), RULE) == []  # two hours only
    assert fine_above_coarse(hours(pm25=[50] * 9, pm10=[50] * 9), RULE) == []  # equal is not above
    assert fine_above_coarse(hours(pm25=[60] * 3 + [40] * 57, pm10=[50] * 60), RULE) == []  # 5 % is not more than 5 %
    assert fine_above_coarse(hours(pm25=[60] * 9), RULE) == []


def test_midnight_belongs_to_the_month_before() -> None:
    table = hours(start=datetime(2025, 1, 31, 22), pm25=[60] * 3, pm10=[50] * 3)
    assert len(fine_above_coarse(table, RULE)) == 1
    later = hours(
        start=datetime(2025, 1, 31, 23), pm25=[60] * 3, pm10=[50] * 3
    )  # two hours of January, one of February
    assert fine_above_coarse(later, RULE) == []


def test_negative_values() -> None:
    found = negative_values(hours(no2=[4, -1, -2.5, 3], so2=[1, 2, 3, 4]))
    assert [(one.item, one.count) for one in found] == [("no2", 2)]
    assert "最低 -2.5" in found[0].text.zh
    assert negative_values(hours(no2=[0, 1])) == []


def test_values_near_the_detection_limit() -> None:
    assert codes(low_values(hours(so2=[3, 2, 1, 8]), RULE)) == ["DETECTION"]
    assert low_values(hours(so2=[3, 2, 8, 8]), RULE) == []  # half is not more than half


def neighbours(own: list[float], count: int = 3) -> pl.DataFrame:
    others = [hours(f"站{n}", pm25=[value + n for value in wave(len(own))]) for n in range(count)]
    return pl.concat([hours("东山", pm25=own), *others])


def test_a_station_far_above_the_others() -> None:
    found = out_of_line(neighbours([200] * 48), NEAR)
    assert [(one.station, one.count) for one in found] == [("东山", 48)]
    assert "明显偏高" in found[0].text.zh
    low = out_of_line(neighbours([1] * 48), NEAR)
    assert "明显偏低" in low[0].text.zh


def test_stations_in_line_or_too_few() -> None:
    assert out_of_line(neighbours(wave(48)), NEAR) == []
    assert out_of_line(neighbours([200] * 48, count=2), NEAR) == []  # two others are no measure
    assert out_of_line(neighbours([200] * 23), NEAR) == []  # fewer hours than asked for
    assert out_of_line(neighbours([200] * 20 + wave(28)), NEAR) == []  # in fewer than half of the hours
    assert out_of_line(days(pm25=[50] * 60), NEAR) == []  # a city's own values have no neighbours


def test_distance_at_the_edge_is_not_far() -> None:
    # others 40, 50, 60: median 50, deviations 10, 0, 10; spread 10, five times 50: 100 is the edge
    values = np.array([[100, 40, 50, 60], [101, 40, 50, 60]], dtype=float) * U
    high, low, judged = far(values, NEAR, "pm25")
    assert high[:, 0].tolist() == [False, True]
    assert judged[:, 0].tolist() == [True, True]
    assert not low[:, 0].any()


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.lists(st.one_of(st.none(), st.integers(0, 5_000_000)), min_size=5, max_size=5), min_size=1, max_size=8)
)
def test_far_agrees_with_medians_in_fractions(rows: list[list[int | None]]) -> None:
    values = np.array([[np.nan if one is None else one for one in row] for row in rows], dtype=float)
    high, low, _ = far(values, NEAR, "pm25")
    for at, row in enumerate(rows):
        for own, value in enumerate(row):
            others = [Fraction(one) for n, one in enumerate(row) if n != own and one is not None]
            if value is None or len(others) < NEAR.others:
                assert not high[at, own]
                assert not low[at, own]
                continue
            middle = _median(others)
            spread = max(_median([abs(one - middle) for one in others]), Fraction(5 * U), middle / 10)
            assert high[at, own] == (value - middle > 5 * spread)
            assert low[at, own] == (middle - value > 5 * spread)


def _median(values: list[Fraction]) -> Fraction:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def test_capture_of_hours() -> None:
    january = month(2025, 1)
    full, poor = hours("东山", pm25=wave(744)), hours("西河", pm25=[*wave(669), *[None] * 75])
    rates = {one.station: one.rate for one in captures(pl.concat([full, poor]), january)}
    assert rates == {"东山": Fraction(100), "西河": Fraction(66900, 744)}
    found = low_capture(counted(pl.concat([full, poor])), january, RULE, VALID)
    assert [(one.station, one.item) for one in found] == [("西河", "pm25")]
    assert "89.9%" in found[0].text.zh


def test_a_station_without_a_row_in_a_month_has_none_there() -> None:
    found = low_capture(
        counted(hours(pm25=wave(744), so2=wave(744))), Days(date(2025, 1, 1), date(2025, 2, 10)), RULE, VALID
    )
    assert [(one.first, one.last, one.count) for one in found] == [(date(2025, 2, 1), date(2025, 2, 10), 0)]
    assert "02-01 至 02-10 没有数据" in found[0].text.zh
    assert "没有数据" not in low_capture(counted(hours(pm25=wave(100))), month(2025, 1), RULE, VALID)[0].text.zh


def test_days_need_what_a_valid_month_needs() -> None:
    table = days(pm25=[30] * 26 + [None] * 5 + [30] * 25)
    found = low_capture(counted(table), Days(date(2025, 1, 1), date(2025, 2, 28)), RULE, VALID)
    assert [(one.first, one.clause) for one in found] == [(date(2025, 1, 1), "GB 3095 table 4")]
    assert (
        low_capture(counted(table), Days(date(2025, 1, 1), date(2025, 1, 20)), RULE, VALID) == []
    )  # a part of a month


def test_a_value_is_printed_plainly() -> None:
    assert [plain(one) for one in (500_000, 7_000, -25_000, 0)] == ["50", "0.7", "-2.5", "0"]


def test_checks_leave_the_table_as_it_was() -> None:
    table = hours(pm25=[*[50] * 8, 400, -3], pm10=[*[40] * 8, 30, 0])
    before = table.clone()
    stuck_and_zeros(table, STEP), jumps(table, STEP), fine_above_coarse(table, RULE), negative_values(table)
    low_values(table, RULE), out_of_line(table, NEAR), low_capture(counted(table), month(2025, 1), RULE, VALID)
    assert table.equals(before)
