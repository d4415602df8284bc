"""Missing periods: which are asked for, when again, and as which command."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from gateway_client import MN, STARTED, a_gateway, frame, outlet, register, until
from hypothesis import given
from hypothesis import strategies as st

from lantian.gateway.gaps import HOURS, MINUTES, Gaps, Range, fields, look
from lantian.stack.hj212 import execution_result, request_return
from lantian.stack.hj212.values import moment
from lantian.store.stack.commands import commands

FIRST = datetime(2026, 11, 28, 0)
NOW = datetime(2026, 11, 28, 6, 30)
LAST = FIRST + timedelta(hours=5)


def _have(hours: list[int], minutes: dict[int, int]) -> dict[tuple[str, str, str], int]:
    have = {(MN, HOURS, f"20261128{hour:02d}"): 1 for hour in hours}
    return have | {(MN, MINUTES, f"20261128{hour:02d}"): count for hour, count in minutes.items()}


def test_nothing_is_asked_where_nothing_is_missing() -> None:
    have = _have([0, 1, 2, 3, 4, 5], dict.fromkeys(range(6), 60))
    assert Gaps((1, 4)).ranges(MN, have, 1, FIRST, LAST, NOW) == []


def test_hours_that_follow_each_other_are_one_command() -> None:
    have = _have([0, 3, 5], dict.fromkeys(range(6), 6) | {2: 5})
    assert Gaps((1, 4)).ranges(MN, have, 10, FIRST, LAST, NOW) == [
        Range(HOURS, FIRST + timedelta(hours=1), FIRST + timedelta(hours=2)),
        Range(HOURS, FIRST + timedelta(hours=4), FIRST + timedelta(hours=4)),
        Range(MINUTES, FIRST + timedelta(hours=2), FIRST + timedelta(hours=2)),
    ]


def test_the_command_names_the_first_and_the_last_period() -> None:
    hours = Range(HOURS, FIRST, FIRST + timedelta(hours=2))
    assert fields(hours, 10) == {"BeginTime": "20261128000000", "EndTime": "20261128020000"}
    assert fields(hours._replace(cn=MINUTES), 10) == {"BeginTime": "20261128000000", "EndTime": "20261128025000"}


def test_what_was_asked_for_is_asked_again_after_the_times_of_the_rule_and_then_no_more() -> None:
    gaps, have = Gaps((1, 4)), _have([1, 2, 3, 4, 5], dict.fromkeys(range(6), 60))
    asked = []
    for minute in range(0, 24 * 60, 10):
        now = NOW + timedelta(minutes=minute)
        for one in gaps.ranges(MN, have, 1, FIRST, LAST, now):
            gaps.note(MN, one, now)
            asked.append(minute // 60)
    assert asked == [0, 1, 5]


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_every_missing_hour_is_in_exactly_one_command(hours: set[int], full: set[int]) -> None:
    have = _have(sorted(hours), dict.fromkeys(full, 60))
    found = [
        (one.cn, one.first + timedelta(hours=number))
        for one in Gaps((1,)).ranges(MN, have, 1, FIRST, LAST, NOW)
        for number in range(int((one.last - one.first) / timedelta(hours=1)) + 1)
    ]
    missing = {(HOURS, hour) for hour in set(range(6)) - hours} | {(MINUTES, hour) for hour in set(range(6)) - full}
    assert len(found) == len(set(found))
    assert set(found) == {(cn, FIRST + timedelta(hours=hour)) for cn, hour in missing}


def test_a_registered_device_is_asked_for_what_the_inbox_misses(tmp_path: Path) -> None:
    register(tmp_path, outlet(interval_minutes=10, running_from=STARTED.date() - timedelta(days=3)))

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            device = await connect()
            await device.send(*(frame(minute, cn="2061") for minute in range(0, 27 * 60, 60)))
            await device.answers(27)
            gaps = Gaps(gateway.law.practice.missing_again_h)
            assert await look(gateway, gaps, STARTED) == 1
            asked = await device.answer()
            assert asked.header["CN"] == MINUTES
            await device.send(request_return(asked, 1), execution_result(asked, 1))
            await until(lambda: not gateway.exchange.open)
            assert await look(gateway, gaps, STARTED) == 0

    asyncio.run(run())
    (kept,) = commands(tmp_path)
    assert (kept.asked_by, kept.state) == ("gateway", "done")
    begin, end = moment(kept.fields["BeginTime"]), moment(kept.fields["EndTime"])
    assert begin is not None
    assert end is not None
    assert end - begin in (timedelta(hours=21, minutes=50), timedelta(hours=22, minutes=50))  # by the minute of the run


def test_an_unregistered_device_is_asked_for_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await device.send(frame())
            await device.answer()
            assert await look(gateway, Gaps((1,)), STARTED) == 0

    asyncio.run(run())
