"""Laws of form: order of rows does not matter, gaps are merged, a clean simulated day gives no hit, formulas agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_day import records_of_day, settings_of_kind

from lantian.stack.checks.case import CASE_DAY, evidence
from lantian.stack.checks.catalogue import CATALOGUE, checked
from lantian.stack.checks.check import WHOLE, Check, hits
from lantian.stack.checks.cross import converted_at, standard_flow
from lantian.stack.checks.evidence import ROWS, Evidence, rows_of
from lantian.stack.conversion import converted
from lantian.stack.mass import dry_standard_flow, working_flow
from lantian.work.simulated_stack import Stack
from lantian.work.simulated_stack_kinds import KINDS
from lantian.work.stack_checks_law import check_parameters, factor_names

LAW = check_parameters(date(2026, 3, 2))
NAMES = factor_names(date(2026, 3, 2))
HOURS = st.lists(st.integers(0, 23), min_size=1, max_size=12, unique=True)


@pytest.mark.parametrize("check", CATALOGUE.values(), ids=list(CATALOGUE))
def test_the_order_of_rows_does_not_matter(check: Check) -> None:
    case = evidence(check.failing)
    turned = replace(case, rows=case.rows.reverse(), _kept={})
    assert hits(check, turned, LAW, NAMES) == hits(check, case, LAW, NAMES)


def test_an_outlet_that_sent_nothing_is_told_once_by_each_check() -> None:
    silent = evidence("span 00:00~1d00:00")
    found = checked(silent, LAW, NAMES)
    assert {"CHK-COMP-SILENT", "CHK-COMP-HOUR-GAP"} <= {one.code for one in found}
    assert max(sum(one.code == code for one in found) for code in CATALOGUE) == 1


@settings(max_examples=40, deadline=None)
@given(HOURS)
def test_missing_hours_are_merged_into_runs(missing: list[int]) -> None:
    have = [hour for hour in range(24) if hour not in missing]
    lines = [f"hour {hour:02}:00 SO2 avg=30" for hour in have] or ["set mn=8888888888888880000000A1"]
    found = hits(CATALOGUE["CHK-COMP-HOUR-GAP"], evidence("\n".join(lines)), LAW, NAMES)
    told = set[int]()
    for one in found:
        told |= set(range(one.first.hour, one.last.hour + 1))
    assert set(missing) <= told
    near = LAW.practice.join_minutes // 60
    runs = 1 + sum(
        later - earlier > 1 + near for earlier, later in zip(sorted(missing), sorted(missing)[1:], strict=False)
    )
    assert len(found) == runs
    assert sum(int(one.evidence["count"]) for one in found) == len(missing)


@settings(max_examples=60, deadline=None)
@given(st.decimals(1, 900, places=2), st.decimals(0, 19, places=2), st.integers(1, 18))
def test_the_converted_column_is_the_one_formula(avg: Decimal, o2: Decimal, reference: int) -> None:
    rows = pl.DataFrame({"avg": [float(avg)], "o2": [float(o2)]})
    found = rows.select(converted_at(pl.col("avg"), pl.col("o2"), reference)).item()
    assert found == pytest.approx(float(converted(avg, o2, reference) or 0), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(-20, 200), st.integers(-5, 5), st.integers(0, 60), st.integers(1, 20))
def test_the_flow_column_is_the_one_formula(v: int, celsius: int, kpa: int, moisture: int, area: int) -> None:
    rows = pl.DataFrame(
        {"a01011": [float(v)], "a01012": [float(celsius)], "a01013": [float(kpa)], "a01014": [float(moisture)]}
    )
    wanted = dry_standard_flow(working_flow(v, area), celsius, kpa * 1000, 101_325, moisture) / 3600
    assert rows.select(standard_flow(area)).item() == pytest.approx(float(wanted), rel=1e-9)


def test_numbers_in_another_unit_become_those_of_the_standard() -> None:
    records = records_of_day(Stack(KINDS["coal_boiler"], 5), date(2026, 3, 2)).filter(
        pl.col("code").is_in(["a00000", "a01013"])
    )
    plain = rows_of(records, {}, 1)
    turned = rows_of(records, {"a00000": "m3/h", "a01013": "Pa"}, 1)
    for code, by in (("a00000", 3600), ("a01013", 1000)):
        before, after = (one.filter(pl.col("code") == code)["avg"].to_list() for one in (plain, turned))
        assert after == pytest.approx([value / by for value in before])


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_clean_simulated_day_gives_no_hit(kind: str, seed: int) -> None:
    """A day without stop, fault and maintenance, of any kind of plant; single minutes may be lost."""
    stack = Stack(KINDS[kind], seed)
    day = next(one for one in days_from(date(2026, 3, 2)) if clean(stack, one))
    start = datetime.combine(day, datetime.min.time())
    rows = rows_of(records_of_day(stack, day), {}, 1)
    assert rows.schema == ROWS
    case = Evidence(settings_of_kind(KINDS[kind]), start, start + timedelta(days=1), start + timedelta(days=2), rows)
    assert [(one.code, one.factor, one.text.zh) for one in checked(case, LAW, NAMES)] == []


def days_from(first: date):  # type: ignore[no-untyped-def]
    return (first + timedelta(days=count) for count in range(200))


def clean(stack: Stack, day: date) -> bool:
    """Whether nothing but the daily calibration happens on a day."""
    start = datetime.combine(day, datetime.min.time())
    minutes = stack.minutes(start, 1440)
    flags = {flag for code in ("a21026", "a34013", "a21002") for flag in minutes[f"{code}_flag"].unique()}
    return minutes.height > 1435 and set(minutes["condition"]) == {""} and flags <= {"N", "C"}


def test_one_cause_of_many_factors_is_told_once() -> None:
    """Minutes lost by the logger make hours of all factors thin: one hit about the outlet, which names them."""
    many = ("SO2", "NOX", "PM", "O2", "T", "V")
    lines = [f"minute 08:00~08:29 {one} avg=30,31\nhour 08:00 {one} avg=30" for one in many]
    (found,) = hits(CATALOGUE["CHK-COMP-HOUR-THIN"], evidence("\n".join(lines)), LAW, NAMES)
    assert found.factor == WHOLE
    assert len(str(found.evidence["factors"]).split("、")) == len(many)
    few = evidence("\n".join(lines[:2]))
    assert {one.factor for one in hits(CATALOGUE["CHK-COMP-HOUR-THIN"], few, LAW, NAMES)} == {"a21026", "a21002"}


def test_case_times() -> None:
    case = evidence("hour 2d08:00 SO2 avg=1")
    assert case.rows["start"].to_list() == [CASE_DAY + timedelta(days=2, hours=8)]


def test_a_line_that_is_no_case_is_refused() -> None:
    with pytest.raises(ValueError, match="no line of a case"):
        evidence("houre 08:00 SO2 avg=1")


def test_a_day_with_hours_out_of_order_is_not_summed() -> None:
    """Whether a device adds up hours flagged M is not written, so such a day is no lead."""
    hours = "hour 00:00~20:00 SO2 avg=50 cou=5\nhour 21:00~23:00 SO2 avg=50 cou=5 flag=M\nday 00:00 SO2 avg=50 cou=120"
    assert hits(CATALOGUE["CHK-SUM-AMOUNT-DAY"], evidence(hours), LAW, NAMES) == []


def test_a_probe_taken_out_of_a_running_duct_is_no_start() -> None:
    hours = "hour 08:00~11:00 O2 avg=20.9,20.9,12,9\nhour 08:00~11:00 V avg=8"
    assert hits(CATALOGUE["CHK-OPS-RESTART"], evidence(hours), LAW, NAMES) == []


def test_hits_of_a_check_are_told_apart_by_factor_and_first_period() -> None:
    """Two groups of factors whose runs begin together and end apart are one hit about the outlet."""
    short, long = ("SO2", "NOX", "PM", "O2"), ("T", "V", "P", "H")
    lines = [f"minute 08:00~08:29 {one} avg=30,31\nhour 08:00 {one} avg=30" for one in (*short, *long)]
    lines += [f"minute 09:00~09:29 {one} avg=30,31\nhour 09:00 {one} avg=30" for one in long]
    (found,) = hits(CATALOGUE["CHK-COMP-HOUR-THIN"], evidence("\n".join(lines)), LAW, NAMES)
    assert (found.factor, found.first.hour, found.last.hour) == (WHOLE, 8, 9)
    assert len(str(found.evidence["factors"]).split("、")) == 8
