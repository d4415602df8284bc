"""A pollutant over time: points, limits of the time, last year on the same basis, years and trend; checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest

from lantian.air.item import ITEMS, SCALE
from lantian.basis.period import Days, month, year
from lantian.work.air_series import Step, months_of, series

Value = Callable[[date], int | None]


def tables(first: date, last: date, value: Value) -> Callable[[str, Days], pl.DataFrame]:
    """Days in which every item has the value of its date (co a tenth of it)."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    values = [value(one) for one in days]
    scaled = [None if one is None else one * 10**SCALE for one in values]
    frame = pl.DataFrame(
        {
            "city": ["鸡西"] * len(days),
            "date": days,
            **{item: scaled for item in ITEMS if item != "co"},
            "co": [None if one is None else one // 10 for one in scaled],
            "aqi": [50] * len(days),
            "edition": [""] * len(days),
        },
        schema={
            "city": pl.String,
            "date": pl.Date,
            **dict.fromkeys(ITEMS, pl.Int64),
            "aqi": pl.Int64,
            "edition": pl.String,
        },
    )
    return lambda _, span: frame.filter(pl.col("date").is_between(span.first, span.last))


def test_a_daily_line_steps_with_the_law() -> None:
    table_of = tables(date(2025, 1, 1), date(2026, 12, 31), lambda day: 70 if day.year == 2026 else 35)
    found = series(table_of, "鸡西", "pm25", Days(date(2026, 2, 27), date(2026, 3, 2)), Step.DAY)
    assert [(p.text, p.last_text, p.limit, p.over) for p in found.points] == [
        ("70", "35", 75, False), ("70", "35", 75, False), ("70", "35", 60, True), ("70", "35", 60, True),
    ]  # fmt: skip
    assert [(one.value, one.edition) for one in found.limits] == [(75, "GB 3095-2012"), (60, "GB 3095-2026")]
    summary = {one.name: (one.value, one.last, one.change) for one in found.summary}
    assert summary["平均浓度"] == ("70", "35", "上升 100.0%")
    assert summary["有效天数"] == ("4", "4", None)
    assert summary["超过二级日限值的天数"] == ("2", "0", "增加 2 天")


def test_last_year_is_judged_by_the_limits_of_this_years_days() -> None:
    table_of = tables(date(2025, 1, 1), date(2026, 12, 31), lambda day: 70)
    found = series(table_of, "鸡西", "pm25", year(2026), Step.MONTH)
    over = next(one for one in found.summary if one.name.startswith("超过"))
    assert (over.value, over.last) == ("306", "306")  # 70 lies above 60, the limit from 1 March on, in both years


def test_a_month_is_its_mean_or_percentile_and_missing_days_stay_missing() -> None:
    table_of = tables(date(2025, 1, 1), date(2025, 2, 28), lambda day: day.day if day.month == 1 else None)
    fine = series(table_of, "鸡西", "pm25", Days(date(2025, 1, 1), date(2025, 2, 28)), Step.MONTH)
    assert [point.value for point in fine.points] == [Fraction(16), None]
    assert (fine.statistic, fine.limits[0].value) == ("月均值", 35)
    ozone = series(table_of, "鸡西", "o3_8h", Days(date(2025, 1, 1), date(2025, 2, 28)), Step.MONTH)
    assert ozone.points[0].value == Fraction(28)  # k = 1 + 30 * 0.9 = 28
    assert (ozone.statistic, ozone.limits[0].value) == ("月第 90 百分位数", 160)
    assert not ozone.has_rolling


def test_years_are_followed_with_their_trend_and_mean_of_three() -> None:
    table_of = tables(date(2018, 7, 1), date(2024, 5, 31), lambda day: 60 - (day.year - 2018) * 2)
    found = series(table_of, "鸡西", "pm25", month(2024, 5), Step.DAY).long
    assert [(one.year, one.text, one.rolling) for one in found.years] == [
        (2018, None, None), (2019, "58", None), (2020, "56", None), (2021, "54", "56"), (2022, "52", "54"), (2023, "50", "52"),
    ]  # fmt: skip
    assert (found.coefficient, found.word.zh, found.left_out) == ("−1.000", "显著下降", (2018,))


@pytest.mark.parametrize("step", list(Step))
def test_a_place_without_days_has_points_without_values(step: Step) -> None:
    table_of = tables(date(2025, 1, 1), date(2025, 1, 2), lambda day: None)
    found = series(table_of, "鸡西", "co", month(2025, 6), step)
    assert {point.text for point in found.points} == {None}
    assert {point.over for point in found.points} == {None}
    assert (found.valid, found.summary[0].value) == (0, None)


def test_months_touched_by_a_period_are_whole_months() -> None:
    assert months_of(Days(date(2024, 12, 15), date(2025, 1, 3))) == [month(2024, 12), month(2025, 1)]


def test_a_last_year_with_too_few_days_is_not_compared_with() -> None:
    table_of = tables(date(2024, 12, 5), date(2025, 12, 31), lambda day: 30)
    found = series(table_of, "鸡西", "pm25", month(2025, 12), Step.DAY)
    assert [(one.value, one.last, one.change) for one in found.summary[:1]] == [("30", "30", "持平")]
    assert found.summary[3].last == "27"
    monthly = series(table_of, "鸡西", "pm25", year(2025), Step.MONTH).points
    assert [point.last_text for point in monthly] == [None] * 11 + ["30"]
    short = series(table_of, "鸡西", "pm25", year(2025), Step.MONTH).summary
    assert {(one.name, one.last, one.change) for one in short if one.last} == {("有效天数", "27", None)}
