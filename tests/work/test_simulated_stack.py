"""The simulated stack: the same minute again has the same values, however it is asked for; figures of the right kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lantian.work.simulated_stack import SCALE, Stack, simulated_minutes
from lantian.work.simulated_stack_kinds import FACTORS, KINDS, NOX, O2, POLLUTANTS, SO2

FIRST = datetime(2026, 3, 1)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_span_is_the_same_however_it_is_cut(kind):
    stack = Stack(kind, 5)
    whole = stack.minutes(FIRST, 3 * 1440)
    later = Stack(kind, 5).minutes(FIRST + timedelta(minutes=700), 2000)
    assert_frame_equal(whole.filter(pl.col("start").is_between(later["start"][0], later["start"][-1])), later)


def test_one_minute_asked_for_alone_is_the_minute_of_the_table():
    stack = Stack(KINDS["coal_boiler"], 11)
    row = stack.minutes(FIRST, 600).row(300, named=True)
    readings = stack.at(row["start"])
    assert set(readings) == set(FACTORS)
    for code in FACTORS:
        assert Decimal(readings[code].avg).scaleb(SCALE) == row[code]
        assert readings[code].flag == row[f"{code}_flag"]
        assert Decimal(readings[code].min) <= Decimal(readings[code].avg) <= Decimal(readings[code].max)


def test_a_lost_minute_has_no_readings_and_no_row():
    stack = Stack(KINDS["gas_boiler"], 3)
    there = set(stack.minutes(FIRST, 4 * 1440)["start"])
    lost = [one for one in (FIRST + timedelta(minutes=k) for k in range(4 * 1440)) if one not in there]
    assert lost
    assert all(stack.at(one) == {} for one in lost)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_converted_follows_from_measured_and_oxygen(kind):
    rows = Stack(kind, 2).minutes(FIRST, 1440).filter(pl.col(f"{O2}_flag") == "N", pl.col(O2) < 19 * 10**SCALE)
    o2 = rows[O2].to_numpy() / 10**SCALE
    for code in POLLUTANTS:
        expected = rows[code].to_numpy() * (21 - kind.reference_o2) / (21 - o2)
        assert np.abs(rows[f"{code}_zs"].to_numpy() - expected).max() <= 5.001


def test_once_a_day_the_gas_analysers_are_calibrated_under_their_flag():
    rows = Stack(KINDS["power_unit"], 8).minutes(FIRST, 5 * 1440)
    for code in (SO2, NOX, O2):
        flagged = rows.filter(pl.col(f"{code}_flag") == "C").group_by(pl.col("start").dt.date()).len()
        assert flagged.height == 5
        assert flagged["len"].max() <= 12


def test_a_stop_has_flag_air_and_marks():
    kind = KINDS["biomass_boiler"]
    rows = pl.concat([Stack(kind, seed).minutes(FIRST, 10 * 1440) for seed in range(12)])
    stopped = rows.filter(pl.col("condition") == "停运")
    assert stopped.height > 8 * 60
    assert set(stopped[f"{SO2}_flag"]) <= {"F", "M", "D", "C"}
    assert stopped.filter(pl.col(f"{O2}_flag") == "N")[O2].mean() > 20 * 10**SCALE


def test_usual_values_lie_near_the_level_and_seldom_above_the_limit():
    for kind in KINDS.values():
        rows = Stack(kind, 21).minutes(FIRST, 20 * 1440).filter(pl.col("condition") == "", pl.col(f"{O2}_flag") == "N")
        for code, one in kind.pollutants.items():
            values = rows.filter(pl.col(f"{code}_flag") == "N")[f"{code}_zs"].to_numpy() / 10**SCALE
            assert 0.7 * one.level < np.median(values) < 1.3 * one.level
            assert (values > one.limit).mean() < 0.03


def test_a_generator_draws_another_stack_each_time_and_the_same_from_the_same_seed():
    rng, again = np.random.default_rng(1), np.random.default_rng(1)
    first, second = (simulated_minutes(KINDS["cement_kiln"], rng, FIRST, 300) for _ in range(2))
    assert_frame_equal(first, simulated_minutes(KINDS["cement_kiln"], again, FIRST, 300))
    assert not first[NOX].equals(second[NOX])


def test_stack_is_running_where_nothing_is_marked():
    stack = Stack(KINDS["coal_boiler"], 4)
    rows = stack.minutes(FIRST, 120)
    assert all(
        stack.condition(start) == condition for start, condition in rows.select("start", "condition").iter_rows()
    )
