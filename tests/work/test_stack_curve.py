"""Curves: no peak is lost in thinning, gaps stay gaps, limits step where the law does."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.basis.period import Days
from lantian.store.stack.outlets import Outlet, OutletLimit
from lantian.work.stack_curve import COLUMNS, curves, days_of, limits

SO2 = "a21026"
MONTH = Days(date(2026, 11, 1), date(2026, 11, 30))
FIRST = datetime(2026, 11, 1)


def minutes(values: list[float | None], flag: str = "N") -> pl.DataFrame:
    """A run of minutes from the first of the month; None: no record."""
    held = [(at, value) for at, value in enumerate(values) if value is not None]
    told = {"mn": pl.lit("M"), "cn": pl.lit("2051"), "code": pl.lit(SO2), "flag": pl.lit(flag)}
    return pl.DataFrame({"at": [at for at, _ in held], "avg": [f"{value:.3f}" for _, value in held]}).select(
        start=pl.lit(FIRST) + pl.duration(minutes=pl.col("at")), avg="avg", zs_avg=pl.lit(None, pl.String), **told
    )


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 43_199), st.integers(0, 43_199))
def test_a_month_of_minutes_keeps_its_highest_and_its_lowest_value(high: int, low: int) -> None:
    values: list[float | None] = [20.0 + at % 7 for at in range(43_200)]
    values[low], values[high] = 1.5, 99.5
    points = curves(minutes(values), MONTH, "2051")[SO2].measured
    drawn = [y for _, y in points if y is not None]
    assert max(drawn) == 99.5
    assert min(drawn) == 1.5 or high == low
    assert len(points) <= 2 * COLUMNS + 2
    assert None not in [y for _, y in points]  # no gap where nothing was missing
    assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_missing_hours_stay_a_gap() -> None:
    values: list[float | None] = [20.0] * 60 + [None] * 120 + [30.0] * 60
    points = curves(minutes(values), Days(MONTH.first, MONTH.first), "2051")[SO2].measured
    gap = [number for number, (_, y) in enumerate(points) if y is None]
    assert len(gap) == 1
    assert (points[gap[0] - 1][1], points[gap[0] + 1][1]) == (20.0, 30.0)


def test_calibration_gas_is_no_point_but_is_shaded() -> None:
    found = curves(minutes([50.0] * 30, flag="C"), MONTH, "2051")[SO2]
    assert found.measured == ()
    (shade,) = found.flags
    assert (shade.first, round(shade.last * 1440), shade.flag) == (0.0, 30, "C")


def test_a_limit_steps_on_the_day_its_permit_says() -> None:
    outlet = Outlet(
        "X", "排口", "模拟企业", "230302",
        limits=(
            OutletLimit(SO2, Decimal("50"), None, "旧许可", date(2020, 1, 1), date(2026, 11, 10)),
            OutletLimit(SO2, Decimal("35"), None, "新许可", date(2026, 11, 11)),
        ),
    )  # fmt: skip
    found = [
        (one.days.first.day, one.days.last.day, one.limit.hour, one.limit.source) for one in limits(outlet, SO2, MONTH)
    ]
    assert found == [(1, 10, Decimal("50"), "旧许可"), (11, 30, Decimal("35"), "新许可")]
    assert limits(outlet, "a21002", MONTH) == []


def test_the_days_a_page_shows() -> None:
    day = date(2026, 3, 1)
    assert days_of(day, "day") == Days(day, day)
    assert days_of(day, "week") == Days(date(2026, 2, 23), day)
    assert days_of(day, "month") == Days(day, date(2026, 3, 31))
