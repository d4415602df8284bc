"""Laws of form: statistics agree with their definition, units and order change no verdict, every pattern has its words."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_traces import RULE, changed, made

from lantian.stack.screening.hours import hours_of, in_minutes, middle, runs, smooth
from lantian.stack.screening.patterns import PATTERNS
from lantian.stack.screening.screen import alarms, joined
from lantian.stack.screening.trace import DAY, HOUR, NOX, PM, SO2, Alarm

BOOLS = st.lists(st.booleans(), min_size=1, max_size=80).map(lambda ones: np.array(ones, np.bool_))


@given(BOOLS, st.integers(1, 6))
def test_runs_are_what_a_walk_finds(true, least):
    expected, start = [], None
    for place, one in enumerate([*true, False]):
        if one and start is None:
            start = place
        if not one and start is not None:
            expected += [(start, place)] if place - start >= least else []
            start = None
    assert runs(true, least) == expected


@given(BOOLS, st.integers(0, 5))
def test_bridged_runs_hold_all_that_is_true_and_lie_further_apart_than_the_gap(true, gap):
    found = runs(true, 1, gap)
    inside = np.zeros(len(true), np.bool_)
    for first, until in found:
        inside[first:until] = True
        assert true[first]
        assert true[until - 1]
    assert not (true & ~inside).any()
    assert all(later[0] - before[1] > gap for before, later in pairwise(found))


@given(st.integers(0, 2**32 - 1))
def test_hours_are_the_plain_statistics_of_their_minutes(seed):
    rng = np.random.default_rng(seed)
    values, good = rng.normal(50, 5, 3 * HOUR), rng.random(3 * HOUR) < 0.9
    hours = hours_of(values, good)
    assert hours.n.tolist() == good.reshape(3, HOUR).sum(axis=1).tolist()
    for hour in range(3):
        part = slice(*in_minutes((hour, hour + 1)))
        assert hours.mean[hour] == pytest.approx(values[part][good[part]].mean())
    window = hours.window(3)
    pairs = good[1:] & good[:-1]
    assert window.roughness(10)[0] == pytest.approx(np.sqrt(np.mean(np.diff(values)[pairs] ** 2)))


def test_moving_means_leave_out_what_does_not_count():
    values, good = np.array([1.0, 99.0, 3.0, 5.0]), np.array([True, False, True, True])
    assert smooth(values, good, 2).tolist() == [1.0, 2.0, 4.0, 4.0]
    assert np.isnan(middle(np.array([np.nan])))


def _planted():
    trace = changed(made(), SO2, slice(5000, 5200), 47.5)
    return changed(trace, NOX, slice(9000, 9300), trace.values[NOX][9000 - DAY : 9300 - DAY])


@pytest.mark.parametrize("times", [10.0, 0.1])
def test_concentrations_in_another_unit_change_no_verdict(times):
    """Measured, converted and limits ten times as large: the same patterns at the same minutes (thresholds are relative)."""
    trace = _planted()
    other = replace(
        trace,
        values={code: v * times if code in (PM, SO2, NOX) else v for code, v in trace.values.items()},
        converted={code: v * times for code, v in trace.converted.items()},
        limits={code: v * times for code, v in trace.limits.items()},
    )
    told = [(one.pattern, one.factor, one.first, one.until) for one in alarms(trace, RULE)]
    assert {"flat_line", "replayed_day"} <= {one[0] for one in told}
    assert [(one.pattern, one.factor, one.first, one.until) for one in alarms(other, RULE)] == told


def test_the_same_trace_says_the_same_again():
    assert alarms(_planted(), RULE) == alarms(_planted(), RULE)


def test_a_later_beginning_of_the_grid_moves_no_alarm():
    """Two days of baseline less: the alarms of the later days stand at the same instants."""
    trace = _planted()
    cut = slice(2 * DAY, None)
    later = replace(
        trace,
        first=trace.at(2 * DAY),
        values={code: one[cut] for code, one in trace.values.items()},
        converted={code: one[cut] for code, one in trace.converted.items()},
        flags={code: one[cut] for code, one in trace.flags.items()},
        idle=trace.idle[cut],
        stopped=trace.stopped[cut],
    )
    told = {(one.pattern, trace.at(one.first), trace.at(one.until)) for one in alarms(trace, RULE)}
    assert {(one.pattern, later.at(one.first), later.at(one.until)) for one in alarms(later, RULE)} == told


def test_alarms_close_together_are_one_with_the_strongest_numbers():
    def alarm(first, until, score, factor=SO2):
        return Alarm("flat_line", factor, first, until, score, {"minutes": until - first})

    found = joined([alarm(400, 500, 3.0), alarm(0, 100, 1.0), alarm(2000, 2100, 2.0), alarm(450, 460, 1.0, NOX)], 720)
    assert [(one.factor, one.first, one.until, one.score) for one in found] == [
        (NOX, 450, 460, 1.0),
        (SO2, 0, 500, 3.0),
        (SO2, 2000, 2100, 2.0),
    ]
    assert found[1].evidence == {"minutes": 100}


def test_empty_series_raise_nothing():
    trace = made(days=3)
    nothing = {code: np.full(3 * DAY, np.nan) for code in trace.values}
    unseen = {code: np.zeros(3 * DAY, np.uint8) for code in trace.values}
    assert alarms(replace(trace, values=nothing, converted={}, flags=unseen), RULE) == []
    assert alarms(replace(trace, values={}, converted={}, flags={}), RULE) == []


def test_words_of_patterns_never_judge_and_kin_is_mutual_knowledge():
    assert len(PATTERNS) >= 25
    for one in PATTERNS.values():
        assert set(one.kin) <= PATTERNS.keys() - {one.id}
        for text in (one.name.zh, one.says, one.look_at):
            assert not re.search("违法|造假|作弊|篡改|弄虚作假", text)
        assert one.look_at
        assert "{" in one.says


def _hourly(trace):
    def by_hour(values, places):
        return np.round(values.reshape(-1, HOUR).mean(axis=1), places).repeat(HOUR)

    return replace(
        trace,
        values={code: by_hour(one, 3) for code, one in trace.values.items()},
        converted={code: by_hour(one, 3) for code, one in trace.converted.items()},
        hourly=True,
    )


def test_where_only_hours_were_sent_the_patterns_of_hours_speak():
    assert alarms(_hourly(made()), RULE) == []
    held = _hourly(changed(made(), SO2, slice(5 * DAY, 5 * DAY + 10 * HOUR), 47.5))
    (alarm,) = [one for one in alarms(held, RULE) if one.pattern == "flat_line"]
    assert (alarm.factor, alarm.first, alarm.until) == (SO2, 5 * DAY, 5 * DAY + 10 * HOUR)
    assert alarm.evidence["minutes"] == 600


def test_a_short_trace_is_looked_at_as_far_as_it_goes():
    flat = changed(made(days=2), SO2, slice(600, 700), 47.5)
    assert [one.pattern for one in alarms(flat, RULE)] == ["flat_line"]
