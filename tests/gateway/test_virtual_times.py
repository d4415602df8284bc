"""What is due when, by the clock of a data logger."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lantian.gateway.virtual_times import Due, Intervals

MIDNIGHT = datetime(2026, 11, 28)
EACH = Intervals(30, 1)


def test_at_midnight_everything_is_due() -> None:
    assert EACH.due(MIDNIGHT) == [
        Due("2011", MIDNIGHT),
        Due("2051", datetime(2026, 11, 27, 23, 59)),
        Due("2061", datetime(2026, 11, 27, 23)),
        Due("2021", MIDNIGHT),
        Due("2031", datetime(2026, 11, 27)),
        Due("2041", datetime(2026, 11, 27)),
    ]


def test_between_the_minutes_only_real_time_data_are_due() -> None:
    moment = MIDNIGHT + timedelta(seconds=30)
    assert EACH.due(moment) == [Due("2011", moment)]
    assert EACH.next(MIDNIGHT) == moment


def test_a_day_of_late_data_is_whole() -> None:
    found = list(Intervals(3600, 10).late(MIDNIGHT, MIDNIGHT + timedelta(days=1)))
    counts = {cn: sum(one.cn == cn for one in found) for cn in ("2011", "2021", "2051", "2061", "2031", "2041")}
    assert counts == {"2011": 0, "2021": 0, "2051": 144, "2061": 24, "2031": 1, "2041": 1}


@given(
    st.integers(0, 86400 * 3),
    st.integers(0, 86400),
    st.sampled_from([30, 45, 60, 300, 3600]),
    st.sampled_from([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]),
)
def test_late_data_in_two_pieces_are_those_of_the_whole(first: int, length: int, realtime: int, minutes: int) -> None:
    intervals = Intervals(realtime, minutes)
    start, middle = MIDNIGHT + timedelta(seconds=first), MIDNIGHT + timedelta(seconds=first + length // 3)
    end = MIDNIGHT + timedelta(seconds=first + length)
    whole = list(intervals.late(start, end))
    assert [*intervals.late(start, middle), *intervals.late(middle, end)] == whole
    assert all(one.time + intervals.length(one.cn) <= end for one in whole)
    assert len(set(whole)) == len(whole)
