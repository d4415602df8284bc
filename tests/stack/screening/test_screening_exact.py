"""Patterns on hand-made minutes: the minutes, the numbers and nothing beside them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from made_traces import LIMITS, REFERENCE, RULE, changed, converted, made

from lantian.stack.conversion import implied_reference_o2
from lantian.stack.screening import digits, edges, flags, formula, gas, operation, repeats, steady
from lantian.stack.screening.screen import alarms
from lantian.stack.screening.trace import DAY, HOUR, NOX, O2, PM, SO2, VELOCITY


@pytest.fixture(scope="module")
def clean():
    return made()


def test_a_clean_trace_raises_nothing(clean):
    assert alarms(clean, RULE) == []


def test_flat_line_names_its_minutes_and_value(clean):
    part = slice(5000, 5090)
    (alarm,) = steady.flat_line(changed(clean, SO2, part, 47.5), RULE.flat)
    assert (alarm.factor, alarm.first, alarm.until) == (SO2, 5000, 5090)
    assert alarm.evidence["value"] == 47.5
    assert alarm.evidence["minutes"] == 90


def test_values_that_repeat_anyway_need_a_longer_run(clean):
    coarse = changed(clean, PM, slice(None), np.round(clean.values[PM] / 5) * 5)
    assert list(steady.flat_line(coarse, RULE.flat)) == []


def test_zeros_are_told_only_where_zero_is_unusual(clean):
    part = slice(3000, 3030)
    (alarm,) = steady.zero_padding(changed(clean, NOX, part, 0.0), RULE.zeros)
    assert (alarm.first, alarm.until) == (3000, 3030)
    low = changed(clean, NOX, slice(None), np.maximum(clean.values[NOX] - 119, 0))
    assert list(steady.zero_padding(low, RULE.zeros)) == []


def test_a_straight_line_is_told_with_its_ends(clean):
    part = slice(7000, 7061)
    line = np.round(np.linspace(40, 70, 61), 3)
    (alarm,) = steady.interpolated(changed(clean, SO2, part, line), RULE.ramp)
    assert (alarm.first, alarm.until) == (7000, 7061)
    assert (alarm.evidence["from"], alarm.evidence["to"]) == (40.0, 70.0)


@pytest.mark.parametrize(("lag", "pattern"), [(3 * DAY, "replayed_day"), (1000, "repeated_block")])
def test_repeated_minutes_name_where_they_come_from(clean, lag, pattern):
    part = slice(9000, 9300)
    again = changed(clean, NOX, part, clean.values[NOX][9000 - lag : 9300 - lag])
    (alarm,) = repeats.repeated(again, RULE.replay)
    assert (alarm.pattern, alarm.factor, alarm.first, alarm.until) == (pattern, NOX, 9000, 9300)
    assert alarm.evidence["lag_minutes"] == lag


def test_a_range_cut_off_is_told_and_not_where_the_flag_says_so(clean):
    cut = changed(clean, SO2, slice(2 * DAY, 5 * DAY), np.minimum(clean.values[SO2][2 * DAY : 5 * DAY], 52))
    (alarm,) = edges.truncated_range(cut, RULE.range)
    assert alarm.evidence["value"] == 52
    assert 2 * DAY <= alarm.first < alarm.until <= 5 * DAY
    told = cut.flags[SO2].copy()
    told[cut.values[SO2] == 52] = ord("T")
    assert list(edges.truncated_range(replace(cut, flags={**cut.flags, SO2: told}), RULE.range)) == []


def test_another_reference_oxygen_is_the_one_the_standards_formula_implies(clean):
    part = slice(3 * DAY, 6 * DAY)
    other = converted(clean, 6.0)
    zs = clean.converted[NOX].copy()
    zs[part] = other.converted[NOX][part]
    (alarm,) = formula.conversion(replace(clean, converted={**clean.converted, NOX: zs}), RULE.formula)
    assert (alarm.pattern, alarm.first, alarm.until) == ("reference_o2_changed", part.start, part.stop)
    minute = part.start + 5
    sent = (Decimal(str(one[minute])) for one in (clean.values[NOX], zs, clean.values[O2]))
    exact = implied_reference_o2(*sent)  # the referee's exact form of the same equation
    assert exact is not None
    assert alarm.evidence["implied"] == pytest.approx(float(exact), abs=0.02) == pytest.approx(6.0, abs=0.02)
    assert alarm.evidence["reference"] == REFERENCE


def test_converted_values_lowered_by_a_changing_share_are_no_other_reference(clean):
    zs = clean.converted[NOX].copy()
    share = 0.7 + 0.25 * np.abs(np.sin(np.arange(DAY) / 100))
    zs[DAY : 2 * DAY] *= share
    (alarm,) = formula.conversion(replace(clean, converted={**clean.converted, NOX: zs}), RULE.formula)
    assert alarm.pattern == "converted_mismatch"
    assert alarm.evidence["percent"] < -5


def test_hour_means_and_mass_are_checked_against_the_minutes(clean):
    means = clean.values[SO2].reshape(-1, HOUR).mean(axis=1)
    flow = clean.values["a00000"].reshape(-1, HOUR).mean(axis=1)
    mass = means * flow * 3600 * 1e-6
    right = replace(clean, hour_means={SO2: means.round(3)}, hour_mass={SO2: mass.round(4)})
    assert list(formula.hour_mean_mismatch(right, RULE.hour)) == []
    assert list(formula.mass(right, RULE.mass)) == []
    low, none = means.copy(), mass.copy()
    low[30:34] *= 0.9
    none[50:53] = 0
    wrong = replace(right, hour_means={SO2: low}, hour_mass={SO2: none})
    (alarm,) = formula.hour_mean_mismatch(wrong, RULE.hour)
    assert (alarm.first, alarm.until, alarm.evidence["hours"]) == (30 * HOUR, 34 * HOUR, 4)
    assert alarm.evidence["percent"] == pytest.approx(-10, abs=0.1)
    told = {one.pattern: one for one in formula.mass(wrong, RULE.mass)}
    assert (told["mass_zero"].first, told["mass_zero"].until) == (50 * HOUR, 53 * HOUR)


def test_mass_in_another_unit_is_no_mismatch(clean):
    means = clean.values[SO2].reshape(-1, HOUR).mean(axis=1)
    flow = clean.values["a00000"].reshape(-1, HOUR).mean(axis=1)
    grams = replace(clean, hour_means={SO2: means}, hour_mass={SO2: means * flow * 3.6})
    assert list(formula.mass(grams, RULE.mass)) == []


def test_last_digits_by_hand(clean):
    part = slice(4 * DAY, 6 * DAY)
    by_hand = np.floor(clean.values[NOX][part] * 100) / 100 + 0.005
    (alarm,) = digits.digit_preference(changed(clean, NOX, part, by_hand), RULE.digits)
    assert (alarm.first, alarm.until) == (part.start, part.stop)
    assert (alarm.evidence["digit"], alarm.evidence["percent"]) == (5, 100.0)


def test_a_flag_over_an_exceedance_and_one_over_nothing(clean):
    part = slice(6000, 6090)
    high = changed(clean, NOX, slice(5998, 6090), LIMITS[NOX] * 1.3)
    marked = high.flags[NOX].copy()
    marked[part] = ord("M")
    (alarm,) = flags.marks_cover_excess(replace(high, flags={**high.flags, NOX: marked}), RULE.cover)
    assert (alarm.first, alarm.until, alarm.evidence["flag"]) == (6000, 6090, "M")
    quiet = clean.flags[NOX].copy()
    quiet[part] = ord("M")
    assert list(flags.marks_cover_excess(replace(clean, flags={**clean.flags, NOX: quiet}), RULE.cover)) == []


def test_stopped_by_mark_while_gas_says_running(clean):
    stopped = clean.stopped.copy()
    stopped[2000:2400] = True
    marked = replace(clean, stopped=stopped, idle=stopped)
    (alarm,) = operation.stopped_but_running(marked, RULE.running)
    assert (alarm.first, alarm.until) == (2000, 2400)
    cold = {**marked.values, VELOCITY: np.where(stopped, 0.1, marked.values[VELOCITY])}
    assert list(operation.stopped_but_running(replace(marked, values=cold), RULE.running)) == []


def test_a_probe_in_air_while_gas_flows(clean):
    part = slice(2500, 2540)
    values = {code: one.copy() for code, one in clean.values.items()}
    values[O2][part] = 20.9
    for code in (PM, SO2, NOX):
        values[code][part] = 0.01
    (alarm,) = gas.probe_pulled(replace(clean, values=values), RULE.probe)
    assert (alarm.first, alarm.until) == (2500, 2540)


def test_one_pollutant_made_from_another(clean):
    part = slice(3 * DAY, 3 * DAY + 10 * HOUR)
    copy = changed(clean, NOX, part, np.round(clean.values[SO2][part] * 2.3, 3))
    (alarm,) = repeats.scaled_copy(copy, RULE.copy)
    assert alarm.evidence["other"] == NOX
    assert part.start <= alarm.first <= part.start + HOUR  # the hour at an edge holds movements of both
    assert part.stop - HOUR <= alarm.until <= part.stop


def test_two_outlets_with_one_curve_are_told_at_both_and_only_within_a_company(clean):
    other = replace(made(seed=2), outlet="模拟2")
    part = slice(2 * DAY, 3 * DAY)
    twin = changed(other, SO2, part, np.round(clean.values[SO2][part] * 0.8, 3))
    told = list(repeats.twin_outlets([clean, twin], RULE.twin))
    assert [(trace.outlet, one.evidence["other"]) for trace, one in told] == [("模拟1", "模拟2"), ("模拟2", "模拟1")]
    for _, one in told:
        assert part.start <= one.first <= part.start + HOUR
        assert part.stop - HOUR <= one.until <= part.stop
    assert list(repeats.twin_outlets([clean, replace(twin, company="模拟企业二")], RULE.twin)) == []


def test_mass_of_hours_that_agree_on_no_unit_is_no_mismatch(clean):
    means = clean.values[SO2].reshape(-1, HOUR).mean(axis=1)
    flow = clean.values["a00000"].reshape(-1, HOUR).mean(axis=1)
    mass = means * flow * 3600 * 1e-6
    mass[2:] = np.nan
    mass[:2] *= (0.7, 1.3)  # a device at its beginning: two hours only, one too low and one too high
    told = formula.mass(replace(clean, hour_means={SO2: means}, hour_mass={SO2: mass}), RULE.mass)
    assert "mass_mismatch" not in {one.pattern for one in told}
    mass = means * flow * 3600 * 1e-6
    mass[40:44] *= 0.6
    told = list(formula.mass(replace(clean, hour_means={SO2: means}, hour_mass={SO2: mass}), RULE.mass))
    assert [(one.pattern, one.first, one.until) for one in told] == [("mass_mismatch", 40 * HOUR, 44 * HOUR)]
