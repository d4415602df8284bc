"""Runs of the referee: the same again, split, late; missing masses; what months and quarters are made of."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stack_minutes import FLOW, O2, SO2, hour, minutes, outlet, reading, table
from tests.store.stack.stack_frames import MN, frame, keep

from lantian.stack.marks import Mark
from lantian.store.stack import verdicts
from lantian.store.stack.verdicts import DayVerdict, HourVerdict
from lantian.work.stack_capture import captured
from lantian.work.stack_days import month_verdicts
from lantian.work.stack_referee import judge
from lantian.work.stack_rejudge import rejudge

FIRST = date(2026, 11, 20)
START = datetime(2026, 11, 20)
NOW = datetime(2026, 12, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LABELS = (("condition", "停运"), ("condition", "启炉"), ("monitor", "校准"), ("monitor", "失控"))


def hourly(values: Sequence[int | None], *, start: datetime = START) -> pl.DataFrame:
    """A record for each hour with a value: at 10 m³/s 20 mg/m³ are 0.72 kg."""
    rows = [
        hour(start + n * HOUR, {SO2: value, O2: 13, FLOW: 10}) for n, value in enumerate(values) if value is not None
    ]
    return table(*rows)


def run(
    data: Path, found: pl.DataFrame, days: int, *, marks: Sequence[Mark] = (), first: date = FIRST, now: datetime = NOW
) -> int:
    """Number of verdicts that changed by judging so many days."""
    return judge(data, [outlet()], marks, first, first + (days - 1) * DAY, now=now, read=reading(found)).changed


def kept(data: Path) -> tuple[list[HourVerdict], list[DayVerdict]]:
    return verdicts.hours(data, START - 99 * DAY, START + 99 * DAY), verdicts.days(
        data, FIRST - 99 * DAY, FIRST + 99 * DAY
    )


def masses(data: Path) -> list[Decimal | None]:
    return [one.mass_kg for one in kept(data)[0]]


def kilograms(value: int) -> Decimal:
    return Decimal(value) * 36_000 / 1_000_000


def test_the_same_again_changes_nothing(data: Path) -> None:
    found = hourly([20, None, 30] * 16)
    assert run(data, found, 2) > 0
    before, version = kept(data), verdicts.referee_version(data)
    assert run(data, found, 2) == 0
    assert (kept(data), verdicts.referee_version(data)) == (before, version)
    assert run(data, found, 2, now=NOW + DAY) == 0  # only the closing of the marking window would change anything
    assert kept(data) == before


def test_two_folders_get_the_same_bit_for_bit(tmp_path: Path) -> None:
    found = hourly([20, None, 30] * 16)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        run(tmp_path / name, found, 2)
    assert kept(tmp_path / "a") == kept(tmp_path / "b")


def test_a_late_value_touches_its_hour_and_its_day(data: Path) -> None:
    values: list[int | None] = [20] * 48
    run(data, hourly(values), 2)
    values[30] = 25
    assert run(data, hourly(values), 2, now=NOW + HOUR) == 2
    hours, days = kept(data)
    assert [one.start for one in hours if one.computed_at != NOW] == [START + 30 * HOUR]
    assert [one.day for one in days if one.computed_at != NOW] == [FIRST + DAY]


def test_a_gap_gets_the_largest_of_the_last_hours(data: Path) -> None:
    run(data, hourly([*range(10, 34), None, None, None, *[5] * 21]), 2)
    found = kept(data)[0][24:27]
    # capture (48 − 3)/48 = 93.75 %; the gap is 3 h: the largest of the last 180, of which there are 24
    assert [one.mass_kg for one in found] == [kilograms(33)] * 3
    assert all(one.mass_substituted and "fewer_valid_hours_before" in one.reasons for one in found)
    assert all(one.measured is None and not one.valid for one in found)  # concentrations are not substituted
    assert kept(data)[1][1].mass_kg == 3 * kilograms(33) + 21 * kilograms(5)


@pytest.mark.parametrize(("length", "value"), [(24, 10), (25, 90)])
def test_gaps_of_24_and_of_25_hours_look_back_differently(data: Path, length: int, value: int) -> None:
    # 30 days: 90 mg/m³ in the first hour, then 10. The last 180 hours hold no 90, the last 720 do.
    values: list[int | None] = [90, *[10] * (30 * 24 - 1)]
    gap = 400
    values[gap : gap + length] = [None] * length
    run(data, hourly(values), 30, now=datetime(2027, 1, 10, tzinfo=UTC))
    found = [one for one in kept(data)[0] if one.mass_substituted]
    assert len(found) == length
    assert {one.mass_kg for one in found} == {kilograms(value)}


@pytest.mark.parametrize(
    ("missing", "value"),
    [(10, 10), (11, 90), (25, 90), (26, None)],
)
def test_capture_rates_at_90_and_75_percent(data: Path, missing: int, value: int | None) -> None:
    # 100 hours ran (the others were marked as stopped) in a quarter that began with 200 good hours of the one before
    quarter = datetime(2026, 10, 1)
    before: list[int | None] = [90, *[10] * 199]
    ran: list[int | None] = [None if n % 3 == 1 and n // 3 < missing else 10 for n in range(100)]
    rest = [Mark("DA001", None, "condition", "停运", quarter + 100 * HOUR, quarter + 5 * DAY)]
    found = hourly([*before, *ran], start=quarter - 200 * HOUR)
    first = (quarter - 9 * DAY).date()
    judge(data, [outlet()], rest, first, date(2026, 10, 5), now=NOW, read=reading(found))
    odd = [one for one in verdicts.hours(data, quarter, quarter + 100 * HOUR) if not one.valid]
    assert len(odd) == missing
    # 90 % and more: the last 180 hours are all 10; below: the last 2160 hold the 90
    assert {one.mass_kg for one in odd} == ({None} if value is None else {kilograms(value)})
    (rate,) = captured(data, [outlet()], date(2026, 10, 1), date(2026, 12, 31))
    assert (rate.capture, rate.capture_reached) == (100 - missing, missing <= 25)
    if value is None:
        assert all("capture_below_table" in one.reasons for one in odd)


def test_without_any_hour_before_nothing_is_substituted(data: Path) -> None:
    run(data, hourly([None, *[20] * 23]), 1)
    first = kept(data)[0][0]
    assert (first.mass_kg, first.mass_substituted) == (None, False)
    assert "no_valid_hours_before" in first.reasons
    assert "mass_incomplete" in kept(data)[1][0].reasons


def test_out_of_control_looks_back_from_the_last_calibration(data: Path) -> None:
    # 20 until the calibration at hour 10, 80 after it (the analyser drifts), out of control from hour 30 to 32
    values: list[int | None] = [*[20] * 10, 20, *[80] * 37]
    marks = [
        Mark("DA001", None, "monitor", "校准", START + 10 * HOUR, START + 11 * HOUR),
        Mark("DA001", None, "monitor", "失控", START + 30 * HOUR, START + 32 * HOUR),
    ]
    run(data, hourly(values), 2, marks=marks)
    found = masses(data)
    assert found[30:32] == [kilograms(20)] * 2
    assert found[10] == kilograms(20)
    run(data, hourly(values), 2, marks=[replaced_label(one) for one in marks])
    assert masses(data)[30:32] == [kilograms(80)] * 2  # maintenance: from the last valid hour


def replaced_label(mark: Mark) -> Mark:
    label = "维护" if mark.label == "失控" else mark.label
    return Mark(mark.outlet, mark.factor, mark.family, label, mark.start, mark.end)


def test_a_mark_of_rest_takes_a_substituted_mass_back(data: Path) -> None:
    found = hourly([*[20] * 40, *[None] * 8])
    run(data, found, 2)
    assert masses(data)[40:] == [kilograms(20)] * 8
    run(data, found, 2, marks=[Mark("DA001", None, "condition", "停运", START + 40 * HOUR, START + 48 * HOUR)])
    assert masses(data)[40:] == [None] * 8
    assert kept(data)[1][1].mass_kg == 16 * kilograms(20)


spans = st.tuples(st.integers(0, 95), st.integers(1, 30), st.sampled_from(LABELS))
values = st.lists(st.one_of(st.none(), st.integers(1, 400)), min_size=96, max_size=96)


def marked(given: Sequence[tuple[int, int, tuple[str, str]]]) -> list[Mark]:
    return [
        Mark("DA001", None, family, label, START + first * HOUR, START + (first + length) * HOUR)  # type: ignore[arg-type]
        for first, length, (family, label) in given
    ]


@settings(max_examples=15)
@given(values, st.lists(spans, max_size=3), st.sets(st.integers(1, 3)))
def test_splitting_a_period_changes_no_verdict(
    given_values: list[int | None], given_marks: list[tuple[int, int, tuple[str, str]]], cuts: set[int]
) -> None:
    found, marks = hourly(given_values), marked(given_marks)
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as parts:
        run(Path(whole), found, 4, marks=marks)
        edges = [0, *sorted(cuts), 4]
        for first, last in itertools.pairwise(edges):
            run(Path(parts), found, last - first, marks=marks, first=FIRST + first * DAY)
        assert kept(Path(parts)) == kept(Path(whole))


@settings(max_examples=15)
@given(values, st.lists(spans, min_size=1, max_size=3))
def test_marks_never_change_a_value(
    given_values: list[int | None], given_marks: list[tuple[int, int, tuple[str, str]]]
) -> None:
    found = hourly(given_values)
    with tempfile.TemporaryDirectory() as plain, tempfile.TemporaryDirectory() as with_marks:
        run(Path(plain), found, 4)
        run(Path(with_marks), found, 4, marks=marked(given_marks))
        for one, other in zip(kept(Path(plain))[0], kept(Path(with_marks))[0], strict=True):
            if other.valid:
                assert (other.measured, other.converted) == (one.measured, one.converted)
                assert other.mass_kg == one.mass_kg
            else:
                assert (other.measured, other.converted) == (None, None)
            assert other.exceeded in (one.exceeded, False, None)  # no mark makes an exceedance


def test_months_and_quarters_from_what_was_judged(data: Path) -> None:
    november = datetime(2026, 11, 1)
    judge(
        data, [outlet()], (), date(2026, 11, 1), date(2026, 11, 30), now=NOW,
        read=reading(hourly([20] * (24 * 25), start=november)),
    )  # fmt: skip
    (month,) = month_verdicts(data, date(2026, 11, 10), date(2026, 11, 12))
    assert (month.month, month.days, month.valid, month.converted) == (date(2026, 11, 1), 25, True, 30)
    (rate,) = captured(data, [outlet()], date(2026, 11, 1), date(2026, 11, 30))
    assert (rate.tally.hours, rate.tally.valid, rate.capture) == (720, 600, Fraction(250, 3))
    assert (rate.transmission, rate.transmission_reached) == (Fraction(625, 9), False)  # (600/720)² · 100
    judge(
        data, [outlet()], (), date(2026, 11, 1), date(2026, 11, 30), now=NOW,
        read=reading(hourly([20] * (24 * 24 + 19), start=november)),
    )  # fmt: skip
    (month,) = month_verdicts(data, date(2026, 11, 1), date(2026, 11, 30))
    assert (month.days, month.valid, month.converted) == (24, False, None)
    assert captured(data, [outlet()], date(2026, 1, 1), date(2026, 3, 31)) == []


def test_records_of_the_store(data: Path) -> None:
    start = datetime(2026, 11, 2, 8)
    fields = {"a21026-Avg": "20.0", "a21026-Flag": "N", "a19001-Avg": "13.00", "a00000-Avg": "10.0"}
    keep(data, [frame(f"{start + timedelta(minutes=n):%Y%m%d%H%M%S}", fields) for n in range(60)])
    judge(data, [outlet(mn=MN)], (), date(2026, 11, 2), date(2026, 11, 2), now=NOW)
    one = verdicts.hours(data, start, start + HOUR)[0]
    assert (one.minutes, one.measured, one.converted, one.mass_kg) == (60, 20, 30, Decimal("0.72"))


def test_minutes_do_not_leak_into_other_hours(data: Path) -> None:
    run(data, table(minutes(START, 60, {SO2: 1, O2: 9}), minutes(START + HOUR, 60, {SO2: 3, O2: 9})), 1)
    assert [one.measured for one in kept(data)[0][:2]] == [1, 3]


def test_a_reported_day_outside_the_period_stays_as_it_is(data: Path) -> None:
    silent = FIRST + DAY
    row = hour(datetime(2026, 11, 21), {SO2: 80})[0] | {"cn": "2031", "cou": "9"}
    found = pl.concat([hourly([*[20] * 24, *[None] * 24, *[20] * 144]), table([row])])
    run(data, found, 2)
    before = verdicts.days(data, silent, silent + DAY)
    assert before[0].mass_kg == 9
    run(data, found, 6, first=FIRST + 2 * DAY)  # capture rises from 50 to 87.5 %: the silent hours get a mass
    hours = verdicts.hours(data, START + 24 * HOUR, START + 48 * HOUR)
    assert {one.mass_kg for one in hours} == {kilograms(20)}
    assert verdicts.days(data, silent, silent + DAY) == before


def test_substituted_masses_are_judged_again_alike(data: Path) -> None:
    found = hourly([20, None, 30, 40] * 24)
    run(data, found, 4)
    again = rejudge(data, [outlet()], (), FIRST + DAY, FIRST + 2 * DAY, read=reading(found))
    assert (again.compared, again.differing) == (50, 0)
    late = rejudge(data, [outlet()], (), FIRST, FIRST, read=reading(hourly([21, None, 30, 40] * 24)))
    assert late.differing == 8  # six hours, the one after the first, which had only that to look back to, and the day
