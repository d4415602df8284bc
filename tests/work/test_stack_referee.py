"""The referee on minutes made by hand: validity, conversion, mass, exceedance, marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from stack_minutes import FLOW, NOX, O2, PM, SO2, hour, minutes, outlet, reading, table

from lantian.stack.marks import Mark
from lantian.stack.reasons import REASONS
from lantian.store.stack import verdicts
from lantian.store.stack.outlets import Outlet, OutletLimit
from lantian.store.stack.verdicts import DayVerdict, HourVerdict
from lantian.work.stack_referee import judge

DAY = date(2026, 11, 26)
START = datetime(2026, 11, 26)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAIN = {SO2: 20, O2: 13, FLOW: 10}


def judged(
    data: Path, found: pl.DataFrame, one: Outlet | None = None, marks: Sequence[Mark] = (), *, now: datetime = NOW
) -> list[HourVerdict]:
    """Verdicts of the hours of the day."""
    judge(data, [one or outlet()], marks, DAY, DAY, now=now, read=reading(found))
    return verdicts.hours(data, START, START + 24 * HOUR)


def of_day(data: Path) -> DayVerdict:
    """The verdict of the day, where one factor is judged."""
    (one,) = verdicts.days(data, DAY, DAY + timedelta(days=1))
    return one


def mark(label: str, first: datetime, until: datetime, *, family: str = "condition", factor: str | None = None) -> Mark:
    return Mark("DA001", factor, family, label, first, until)  # type: ignore[arg-type]


def test_a_whole_day_by_hand(data: Path) -> None:
    found = judged(data, table(minutes(START, 1440, PLAIN)))
    assert len(found) == 24
    one = found[7]
    # 20 · (21 − 9)/(21 − 13) = 30; 10 m³/s = 36 000 m³/h; 20 · 36 000 · 10⁻⁶ = 0.72 kg
    assert (one.minutes, one.valid, one.measured, one.converted, one.mass_kg) == (60, True, 20, 30, Decimal("0.72"))
    assert (one.limit, one.exceeded, one.state, one.source) == (200, False, "closed", "GB 13271-2014 table 3")
    assert (one.reasons, one.marks, one.mass_substituted) == ((), (), False)
    day = of_day(data)
    assert (day.hours, day.valid, day.measured, day.converted, day.mass_kg) == (24, True, 20, 30, Decimal("17.28"))
    assert (day.limit, day.exceeded, day.exceeded_hours, day.reasons) == (None, None, 0, ("no_day_limit",))


@pytest.mark.parametrize(("count", "valid"), [(44, False), (45, True)])
def test_44_and_45_minutes(data: Path, count: int, valid: bool) -> None:
    one = judged(data, table(minutes(START, count, PLAIN)))[0]
    assert (one.minutes, one.valid, one.measured is not None) == (count, valid, valid)
    assert ("minutes_short" in one.reasons) == (not valid)
    assert one.exceeded is (False if valid else None)


@pytest.mark.parametrize(("hours", "valid"), [(19, False), (20, True)])
def test_19_and_20_hours(data: Path, hours: int, valid: bool) -> None:
    judged(data, table(minutes(START, hours * 60, PLAIN)))
    day = of_day(data)
    assert (day.hours, day.valid, day.converted) == (hours, valid, 30 if valid else None)


@pytest.mark.parametrize(
    ("o2", "converted"), [("19.9", Decimal("218.182")), ("20", None), ("20.9", None), ("21", None), ("21.2", None)]
)
def test_oxygen_near_that_of_air_withholds_the_converted_value(data: Path, o2: str, converted: Decimal | None) -> None:
    # 20 · 12/1.1 = 218.1818…
    one = judged(data, table(minutes(START, 60, {SO2: 20, O2: o2, FLOW: 10})))[0]
    assert (one.valid, one.measured, one.converted) == (True, 20, converted)
    assert ("oxygen_near_air" in one.reasons) == (converted is None)
    assert one.exceeded is (None if converted is None else True)
    assert one.mass_kg == Decimal("0.72")  # the mass rests on the measured value


def test_without_oxygen_nothing_is_converted(data: Path) -> None:
    one = judged(data, table(minutes(START, 60, {SO2: 20, FLOW: 10})))[0]
    assert (one.measured, one.converted, one.exceeded) == (20, None, None)
    assert "no_oxygen" in one.reasons


def test_equal_to_the_limit_is_kept_and_above_is_not(data: Path) -> None:
    # 133.333… at 13 % would be 200; 9 % oxygen converts to itself
    rows = [minutes(START + n * HOUR, 60, {SO2: value, O2: 9}) for n, value in enumerate(("200", "200.001"))]
    found = judged(data, table(*rows))
    assert [(one.converted, one.exceeded) for one in found[:2]] == [(200, False), (Decimal("200.001"), True)]
    assert of_day(data).exceeded_hours == 1


def test_an_exceedance_is_open_until_noon_of_the_next_day(data: Path) -> None:
    found = table(minutes(START, 60, {SO2: 300, O2: 9}))
    before, after = datetime(2026, 11, 27, 3, 59, tzinfo=UTC), datetime(2026, 11, 27, 4, tzinfo=UTC)
    one = judged(data, found, now=before)[0]
    assert (one.exceeded, one.state) == (True, "open")
    again = judged(data, found, now=after)[0]
    assert (again.exceeded, again.state, again.converted) == (True, "closed", one.converted)
    assert of_day(data).state == "closed"


def test_a_marked_start_up_does_not_count_and_changes_no_value(data: Path) -> None:
    found = table(minutes(START, 120, {SO2: 300, O2: 9, FLOW: 10}))
    marks = [mark("启炉", START, START + HOUR)]
    first, second = judged(data, found, marks=marks)[:2]
    assert (first.exceeded, first.converted, first.valid, first.marks) == (False, 300, True, ("启炉",))
    assert "exempt" in first.reasons
    assert (second.exceeded, second.marks) == (True, ())
    assert first.mass_kg == second.mass_kg


@pytest.mark.parametrize(("length", "exceeded"), [(15, True), (16, False)])
def test_a_mark_that_leaves_45_minutes_exempts_nothing(data: Path, length: int, exceeded: bool) -> None:
    found = table(minutes(START, 60, {SO2: 300, O2: 9}))
    one = judged(data, found, marks=[mark("启炉", START, START + timedelta(minutes=length))])[0]
    assert one.exceeded is exceeded


def test_hours_in_which_the_unit_stands_are_not_due(data: Path) -> None:
    found = table(minutes(START, 1440, PLAIN))
    one, *_, last = judged(data, found, marks=[mark("停运", START, START + 4 * HOUR)])
    assert (one.valid, one.measured, one.mass_kg, one.exceeded) == (False, None, None, None)
    assert one.reasons == ("stopped",)
    assert last.valid
    day = of_day(data)
    assert (day.hours, day.valid, day.mass_kg) == (20, True, Decimal("14.4"))
    assert "mass_incomplete" not in day.reasons


def test_minutes_under_a_monitor_mark_do_not_count(data: Path) -> None:
    rows = [*minutes(START, 40, PLAIN), *minutes(START + timedelta(minutes=40), 20, {SO2: 900, O2: 13, FLOW: 10})]
    last = START + timedelta(minutes=60)
    sixteen = [mark("校准", last - timedelta(minutes=16), last, family="monitor", factor=SO2)]
    one = judged(data, table(rows), marks=sixteen)[0]
    assert (one.valid, one.minutes, one.marks) == (False, 44, ("校准",))
    assert {"minutes_short", "calibration"} <= set(one.reasons)
    fifteen = [mark("校准", last - timedelta(minutes=15), last, family="monitor", factor=SO2)]
    one = judged(data, table(rows), marks=fifteen)[0]
    # 40 minutes at 20 and 5 at 900: (800 + 4500)/45 = 117.777…
    assert (one.valid, one.minutes, one.measured) == (True, 45, Decimal("117.778"))


def test_a_word_that_is_not_listed_changes_nothing_and_is_told(data: Path) -> None:
    found = table(minutes(START, 60, {SO2: 300, O2: 9}))
    one = judged(data, found, marks=[mark("检修中", START, START + HOUR)])[0]
    assert (one.exceeded, one.marks) == (True, ("检修中",))
    assert "unknown_mark" in one.reasons


def test_hours_that_have_not_ended_are_left_out(data: Path) -> None:
    found = judged(data, table(minutes(START, 90, PLAIN)), now=datetime(2026, 11, 25, 17, 30, tzinfo=UTC))  # 01:30
    assert [one.start for one in found] == [START]
    assert judge(data, [outlet()], (), DAY, DAY, now=datetime(2026, 11, 20, tzinfo=UTC)).hours == 0


def test_an_hour_without_any_data_has_its_verdict(data: Path) -> None:
    found = judged(data, table(minutes(START, 60, PLAIN)))
    assert len(found) == 24
    assert (found[1].valid, found[1].minutes, found[1].measured) == (False, 0, None)
    assert "no_data" in found[1].reasons


def test_an_outlet_without_a_limit_is_not_judged(data: Path) -> None:
    one = judged(data, table(minutes(START, 60, PLAIN)), outlet(limit_set=None))[0]
    assert (one.measured, one.converted, one.limit, one.exceeded, one.source) == (20, 20, None, None, "")
    assert {"no_limit", "no_reference"} <= set(one.reasons)
    assert of_day(data).exceeded is None


def test_a_day_limit_is_judged_by_the_hours_that_count(data: Path) -> None:
    permit = OutletLimit(SO2, Decimal(150), Decimal(100), "模拟许可证", DAY)
    rows = [*minutes(START, 240, {SO2: 190, O2: 9}), *minutes(START + 4 * HOUR, 1200, {SO2: 90, O2: 9})]
    one = outlet(limits=(permit,))
    judged(data, table(rows), one)
    day = of_day(data)
    # (4 · 190 + 20 · 90)/24 = 106.666…
    assert (day.converted, day.limit, day.exceeded, day.exceeded_hours) == (Decimal("106.667"), 100, True, 4)
    judged(data, table(rows), one, [mark("停炉", START, START + 4 * HOUR)])
    day = of_day(data)
    assert (day.converted, day.exceeded, day.exceeded_hours) == (Decimal("106.667"), False, 0)
    assert "exempt" in day.reasons
    judged(data, table(rows), one, [mark("停炉", START, START + 5 * HOUR)])
    assert of_day(data).exceeded is None  # 19 hours are left to judge by


def test_flow_from_velocity_and_other_units(data: Path) -> None:
    gas = {"a01011": 10, "a01012": "136.5", "a01013": 0, "a01014": 10}
    rows = table(minutes(START, 60, {SO2: 20, O2: 13, **gas}))
    one = judged(data, rows, outlet(duct_area=Decimal("2.5")))[0]
    # 3600 · 2.5 · 10 = 90 000; · 273/409.5 · 0.9 = 54 000 m³/h; · 20 · 10⁻⁶ = 1.08 kg
    assert one.mass_kg == Decimal("1.08")
    assert {"flow_from_velocity", "ambient_pressure_assumed"} <= set(one.reasons)
    assert judged(data, rows)[0].mass_kg is None  # no duct area is registered
    hourly = table(minutes(START, 60, {SO2: 20_000, O2: 13, FLOW: 36_000}))
    one = judged(data, hourly, outlet(units={FLOW: "m3/h", SO2: "ug/m3"}))[0]
    assert (one.measured, one.mass_kg) == (20, Decimal("0.72"))
    one = judged(data, hourly, outlet(units={SO2: "%"}))[0]
    assert (one.valid, one.measured) == (False, None)
    assert "unknown_unit" in one.reasons


def test_nitrogen_oxides_from_their_parts(data: Path) -> None:
    rows = table(minutes(START, 60, {"a21003": 30, "a21004": 5, O2: 9}))
    one = judged(data, rows, outlet(factors=(NOX,)))[0]
    assert (one.factor, one.measured, one.converted) == (NOX, 51, 51)  # 30 · 46/30 + 5
    assert "nox_from_no_and_no2" in one.reasons


def test_the_devices_hour_record_and_a_table(data: Path) -> None:
    one = judged(data, table(hour(START, {SO2: 20, O2: 13, FLOW: 10})))[0]
    assert (one.minutes, one.valid, one.converted, one.mass_kg) == (None, True, 30, Decimal("0.72"))
    assert "hour_record" in one.reasons
    rows = hour(START, {SO2: 20}, converted={SO2: 33}, source="import:7", mn="outlet:DA001")
    one = judged(data, table(rows), outlet(mn=None))[0]
    assert (one.measured, one.converted, one.exceeded) == (20, 33, False)
    assert {"table", "converted_as_reported"} <= set(one.reasons)


def test_minutes_come_first_and_a_difference_is_told(data: Path) -> None:
    rows = table(minutes(START, 60, PLAIN), hour(START, {SO2: 15, O2: 13, FLOW: 10}))
    one = judged(data, rows)[0]
    assert (one.measured, one.minutes) == (20, 60)
    assert "differs_from_hour_record" in one.reasons


def test_a_device_that_sends_every_five_minutes(data: Path) -> None:
    rows = [row for n in range(12) for row in minutes(START + timedelta(minutes=5 * n), 1, PLAIN)]
    assert judged(data, table(rows))[0].minutes == 12
    one = judged(data, table(rows), outlet(interval_minutes=5))[0]
    assert (one.minutes, one.valid, one.measured) == (60, True, 20)


def test_what_an_outlet_must_report_and_what_it_sends(data: Path) -> None:
    rows = table(minutes(START, 60, {SO2: 20, PM: 5, O2: 13, "a05001": 400}))
    assert {one.factor for one in judged(data, rows, outlet(factors=()))} == {SO2, PM, NOX}  # limited, mass wanted
    assert {one.factor for one in judged(data, rows, outlet(factors=(SO2,)))} == {SO2, PM}
    assert {one.factor for one in judged(data, table(minutes(START, 60, {O2: 13})), outlet())} == {SO2}  # gone again


def test_an_outlet_is_judged_while_it_runs(data: Path) -> None:
    rows = table(minutes(START, 60, PLAIN))
    assert judged(data, rows, outlet(closed_on=DAY - timedelta(days=1))) == []
    assert judged(data, rows, outlet(running_from=DAY + timedelta(days=1))) == []
    assert len(judged(data, rows, outlet(running_from=DAY, closed_on=DAY))) == 24


def test_every_reason_that_is_written_can_be_read(data: Path) -> None:
    found = judged(data, table(minutes(START, 30, PLAIN, flags={SO2: "B"}), hour(START + HOUR, PLAIN, flag="S")))
    told = {code for one in found for code in one.reasons}
    assert {"communication", "set_by_hand", "flagged", "no_data"} <= told
    assert told <= REASONS.keys()


def test_a_day_of_which_only_the_day_arrived_stands_as_reported(data: Path) -> None:
    permit = OutletLimit(SO2, Decimal(150), Decimal(100), "模拟许可证", DAY)
    row = hour(START, {SO2: 80}, converted={SO2: "120.5"}, source="import:3")[0] | {"cn": "2031", "cou": "17.28"}
    found = judged(data, table([row]), outlet(limits=(permit,)))
    assert all("no_data" in one.reasons for one in found)
    day = of_day(data)
    assert (day.hours, day.valid, day.measured, day.converted) == (0, True, 80, Decimal("120.5"))
    assert (day.mass_kg, day.limit, day.exceeded) == (Decimal("17.28"), 100, True)
    assert day.reasons == ("day_record", "converted_as_reported")
    judged(data, table([row | {"flag": "D"}]), outlet(limits=(permit,)))
    assert (of_day(data).valid, of_day(data).mass_kg, of_day(data).reasons[1]) == (False, None, "flagged")
    judged(data, table([row], minutes(START, 60, PLAIN)), outlet(limits=(permit,)))
    assert (of_day(data).hours, of_day(data).valid) == (1, False)  # hours arrived: the day rests on them


def test_a_day_record_that_arrives_late_changes_the_day_alone(data: Path) -> None:
    judged(data, table([]))
    row = hour(START, {SO2: 80})[0] | {"cn": "2031"}
    result = judge(data, [outlet()], (), DAY, DAY, now=NOW, read=reading(table([row])))
    assert result.changed == 1
    assert of_day(data).measured == 80
