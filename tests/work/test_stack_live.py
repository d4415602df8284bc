"""Live states: whether an outlet still sends, and whether what it sends is new, above its limit or out of control."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.store.stack.stack_frames import frame, keep

from lantian.basis.period import BEIJING
from lantian.store.stack import stack_file
from lantian.store.stack.outlets import Outlet, OutletLimit
from lantian.work.stack_live import live

MN = "D" * 24
SO2 = "a21026"
PRESENT = datetime(2026, 11, 2, 10, 5)  # Beijing
NOW = PRESENT.replace(tzinfo=BEIJING).astimezone(UTC)
OUTLET = Outlet(
    "L-DA001", "排口", "模拟企业", "230302", mn=MN,
    limits=(OutletLimit(SO2, Decimal("35"), None, "模拟许可", date(2024, 1, 1)),),
)  # fmt: skip


def sends(data: Path, minutes_ago: int, value: str = "20", *, cn: str = "2051", flag: str = "N") -> None:
    start = PRESENT - timedelta(minutes=minutes_ago)
    start = start.replace(minute=0) if cn == "2061" else start
    fields = {f"{SO2}-Avg": value, f"{SO2}-ZsAvg": value, f"{SO2}-Flag": flag}
    keep(data, [frame(f"{start:%Y%m%d%H%M%S}", fields, mn=MN, cn=cn, at=NOW, qn=f"{cn}{start:%Y%m%d%H%M}0")])


def seen(data: Path, minutes_ago: int) -> None:
    at = int((NOW - timedelta(minutes=minutes_ago)).timestamp() * 1e6)
    with stack_file.writing(data) as database:
        database.execute("INSERT INTO device (mn, first_at, last_at, frames) VALUES (?, ?, ?, 1)", (MN, at, at))


def state(data: Path, outlet: Outlet = OUTLET) -> str:
    (one,) = live(data, [outlet], now=NOW)
    return one.state


def test_nothing_ever_came(data: Path) -> None:
    assert state(data) == "none"
    assert live(data, [], now=NOW) == []


@pytest.mark.parametrize(("silent", "expected"), [(2, "online"), (11, "late"), (61, "lost")])
def test_a_silent_device_is_late_and_then_lost(data: Path, silent: int, expected: str) -> None:
    sends(data, 2)
    seen(data, silent)
    assert state(data) == expected


@pytest.mark.parametrize(("old", "expected"), [(2, "online"), (12, "online"), (13, "late")])
def test_a_device_that_is_there_but_sends_nothing_new_is_late(data: Path, old: int, expected: str) -> None:
    sends(data, old)  # a minute, the next of which is due two minutes after its start and may be ten late
    seen(data, 1)
    assert state(data) == expected


@pytest.mark.parametrize(("old", "expected"), [(60, "online"), (120, "online"), (180, "late")])
def test_who_sends_hours_only_is_held_to_hours(data: Path, old: int, expected: str) -> None:
    sends(data, old, cn="2061")
    seen(data, 1)
    assert state(data) == expected


def test_a_device_without_data_is_late(data: Path) -> None:
    seen(data, 1)
    assert state(data) == "late"


@pytest.mark.parametrize(("value", "expected"), [("35", "online"), ("35.01", "exceeding")])
def test_the_newest_hour_above_its_limit_is_a_prompt(data: Path, value: str, expected: str) -> None:
    sends(data, 60, value, cn="2061")
    seen(data, 1)
    assert state(data) == expected


def test_one_minute_above_the_limit_prompts_nothing(data: Path) -> None:
    sends(data, 2, "900")
    seen(data, 1)
    assert state(data) == "online"


@pytest.mark.parametrize(("flag", "expected"), [("D", "out_of_control"), ("F", "stopped"), ("N", "online")])
def test_flags_tell_a_monitor_out_of_control_and_a_stopped_plant(data: Path, flag: str, expected: str) -> None:
    sends(data, 2, flag=flag)
    seen(data, 1)
    assert state(data) == expected


def test_a_closed_outlet_is_closed_whatever_it_sends(data: Path) -> None:
    sends(data, 2)
    seen(data, 1)
    assert state(data, replace(OUTLET, closed_on=date(2026, 11, 1))) == "closed"
    assert state(data, replace(OUTLET, closed_on=date(2026, 11, 2))) == "online"  # its last day
