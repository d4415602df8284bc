"""Which minutes, hours, days and months are valid; edges as the standard draws them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian import rulebook
from lantian.stack.hour_figure import Figure, measured
from lantian.stack.hour_means import hour_sums
from lantian.stack.validity import FlagRules, MonthValidity, Validity

DAY = date(2026, 11, 26)
VALIDITY = Validity(45, 20)
FLAGS = FlagRules("counts", "unknown_flag", {"N": "counts", "T": "over_range", "C": "calibration", "D": "fault"})
START = datetime(2026, 11, 26, 8)


def _minutes(*values: tuple[int | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "mn": ["M"] * len(values),
            "code": ["a21026"] * len(values),
            "start": [START + timedelta(minutes=n) for n in range(len(values))],
            "value": [value for value, _ in values],
            "flag": [flag for _, flag in values],
        },
        schema={"mn": pl.String, "code": pl.String, "start": pl.Datetime("us"), "value": pl.Int64, "flag": pl.String},
    )


def _figure(row: dict[str, object], **more: object) -> Figure:
    return Figure(row["received"], row["counted"], row["counted"], row["total"], tuple(row["flags"]), **more)  # type: ignore[arg-type]


def test_the_rulebook_has_the_numbers_of_the_standard() -> None:
    assert rulebook.fill(Validity, DAY) == VALIDITY
    month = rulebook.fill(MonthValidity, DAY)
    assert [month.month(days, date(2026, 11, 1)) for days in (24, 25)] == [False, True]
    assert [month.month(days, date(2026, 2, 1)) for days in (22, 23)] == [False, True]


def test_edges_of_hour_and_day() -> None:
    assert [VALIDITY.hour(minutes) for minutes in (44, 45, 60)] == [False, True, True]
    assert [VALIDITY.day(hours) for hours in (19, 20, 24)] == [False, True, True]


@pytest.mark.parametrize(("good", "value"), [(44, None), (45, 7)])
def test_an_hour_of_44_minutes_has_no_value_one_of_45_has(good: int, value: int | None) -> None:
    rows = hour_sums(_minutes(*[(7_000_000, "N")] * good, *[(900_000_000, "C")] * (60 - good)), FLAGS)
    one = measured(_figure(rows.row(0, named=True)), VALIDITY, FLAGS, 0, 6, 1)
    assert (one.value, one.minutes) == (value, good)
    assert "calibration" in one.reasons
    assert ("minutes_short" in one.reasons) == (value is None)


def test_flags_that_count_and_minutes_that_are_no_numbers() -> None:
    rows = hour_sums(
        _minutes((1, "N"), (2, "n "), (4, None), (8, ""), (16, "T"), (32, "C"), (64, "X"), (None, "N"), (128, "D")),
        FLAGS,
    )
    row = rows.row(0, named=True)
    assert (row["received"], row["counted"], row["total"]) == (9, 5, 1 + 2 + 4 + 8 + 16)


def test_minutes_that_marks_cut() -> None:
    cut = pl.DataFrame(
        {
            "mn": ["M", "M", "M"],
            "code": [None, "a21026", "a21002"],
            "start": [START, START, START + timedelta(minutes=1)],
        },
        schema={"mn": pl.String, "code": pl.String, "start": pl.Datetime("us")},
    )
    row = hour_sums(_minutes((1, "N"), (2, "N"), (4, "N")), FLAGS, cut).row(0, named=True)
    assert (row["received"], row["counted"], row["total"]) == (3, 2, 6)  # a mark of another factor cuts nothing


def test_a_device_that_stamps_seconds_has_no_more_minutes() -> None:
    half = _minutes((1, "N"), (2, "N"))
    twice = pl.concat([half, half.with_columns(pl.col("start") + timedelta(seconds=30), pl.col("value") * 10)])
    row = hour_sums(twice, FLAGS).row(0, named=True)
    assert (row["counted"], row["total"]) == (2, 30)  # the last of each minute


def test_the_hour_record_stands_where_minutes_did_not_arrive() -> None:
    few = _figure(
        hour_sums(_minutes(*[(7_000_000, "N")] * 30), FLAGS).row(0, named=True), hour_value=8_000_000, has_hour=True
    )
    one = measured(few, VALIDITY, FLAGS, 0, 6, 1)
    assert (one.value, one.reasons) == (8, ("hour_record", "minutes_not_received"))
    alone = measured(Figure(hour_value=8_000_000, has_hour=True, imported=True), VALIDITY, FLAGS, 0, 6, 1)
    assert (alone.value, alone.minutes, alone.reasons) == (8, None, ("table",))
    flagged = measured(Figure(hour_value=8_000_000, hour_flag="D", has_hour=True), VALIDITY, FLAGS, 0, 6, 1)
    assert (flagged.value, flagged.reasons) == (None, ("hour_record", "flagged", "fault"))


def test_the_hour_record_does_not_mend_minutes_that_do_not_count() -> None:
    rows = hour_sums(_minutes(*[(7_000_000, "D")] * 60), FLAGS)
    one = measured(_figure(rows.row(0, named=True), hour_value=1_000_000, has_hour=True), VALIDITY, FLAGS, 0, 6, 1)
    assert (one.value, one.reasons) == (None, ("minutes_short", "fault"))


@pytest.mark.parametrize(("cut", "value"), [(15, 8), (16, None)])
def test_marks_over_an_hour_record_leave_45_minutes_or_none(cut: int, value: int | None) -> None:
    assert measured(Figure(hour_value=8_000_000, has_hour=True), VALIDITY, FLAGS, cut, 6, 1).value == value


@pytest.mark.parametrize(("hour", "told"), [(10_100_000, False), (10_110_000, True)])
def test_a_difference_of_more_than_a_percent_is_told(hour: int, told: bool) -> None:
    # |10 − 10.1| · 100 = 10 ≤ 1 · 10.1; |10 − 10.11| · 100 = 11 > 10.11
    one = measured(Figure(60, 60, 60, 600_000_000, (), hour, has_hour=True), VALIDITY, FLAGS, 0, 6, 1)
    assert one.value == 10
    assert ("differs_from_hour_record" in one.reasons) == told


@given(st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(["N", "C", None])), min_size=1, max_size=60))
def test_the_mean_is_that_of_the_minutes_that_count(values: list[tuple[int, str | None]]) -> None:
    row = hour_sums(_minutes(*values), FLAGS).row(0, named=True)
    counting = [value for value, flag in values if flag != "C"]
    assert row["counted"] == len(counting)
    assert row["total"] == (sum(counting) if counting else None)
