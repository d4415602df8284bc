"""What speaks for alarms: from hand-made verdicts, devices, hits and patterns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lantian.stack.alarms import Key
from lantian.store.stack import stack_file
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.verdict_rows import DayVerdict, Hit, HourVerdict, Run, Screened
from lantian.store.stack.verdicts import write_days, write_hits, write_hours, write_screened
from lantian.work.stack_law import factor_name
from lantian.work.stack_watch import Told, lost_signals, tiers, watch

NOW = datetime(2026, 1, 6, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
MORNING = datetime(2026, 1, 6, 8)
DAY = datetime(2026, 1, 5)
HOUR = timedelta(hours=1)
OUTLET = Outlet("DA001", "1号排放口", "模拟企业甲", "230302", mn="MN1")
OTHER = Outlet("DA002", "2号排放口", "模拟企业甲", "230302", mn="MN2")
RUN = Run("referee", date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 6), NOW)


def hour(
    start: datetime,
    value: str,
    *,
    exceeded: bool | None,
    state: str = "closed",
    outlet: str = "DA001",
    minutes: int = 60,
) -> HourVerdict:
    return HourVerdict(outlet, "a21026", start, minutes, True, Decimal(value), Decimal(value), None, False, Decimal(35), exceeded,
                       state, (), (), "许可证", "x", NOW)  # type: ignore[arg-type]  # fmt: skip


def test_hours_and_days_above_the_limit_by_outlet_and_factor(data: Path) -> None:
    rows = [hour(DAY + HOUR * n, value, exceeded=above, state=state) for n, value, above, state in (
        (0, "36.0", True, "closed"), (1, "34.9", False, "closed"), (2, "40.5", None, "closed"), (3, "48.2", True, "open"))]  # fmt: skip
    write_hours(data, rows, RUN)
    write_days(data, [DayVerdict("DA001", "a21026", DAY.date(), 24, True, Decimal(36), Decimal("35.5"), None, Decimal(35), True, 2,
                                 "closed", (), "x", NOW)], RUN)  # fmt: skip
    found = {one.key: one for one in watch(data, [OUTLET], (), now=NOW).found}
    assert set(found) == {Key("DA001", "hour", "a21026"), Key("DA001", "day", "a21026")}
    hours = found[Key("DA001", "hour", "a21026")]
    assert hours.starts == (DAY, DAY + 3 * HOUR)
    assert hours.marking == {DAY + 3 * HOUR}
    assert hours.summary.zh == "二氧化硫小时均值疑似超标，最高 48.2 mg/m³（限值 35）"
    assert found[Key("DA001", "day", "a21026")].starts == (DAY,)


def test_outlets_that_are_not_registered_raise_nothing(data: Path) -> None:
    write_hours(data, [hour(DAY, "50", exceeded=True, outlet="elsewhere")], RUN)
    assert watch(data, [OUTLET], (), now=NOW).found == ()


@pytest.mark.parametrize(
    ("last", "hours", "told", "starts", "noticed"),
    [
        (MORNING, (), (), (), False),  # heard just now
        (MORNING - timedelta(minutes=59), (), (), (), False),  # no whole hour yet
        (MORNING - timedelta(hours=2, minutes=10), (), (), (6, 7), False),
        (MORNING - 3 * HOUR, (), (Told("DA001", DAY, MORNING),), (5, 6, 7), True),
        (MORNING - 3 * HOUR, (), (Told("DA001", DAY, MORNING - HOUR),), (5, 6, 7), False),  # the last hour was not told
        (MORNING, (1, 2, 5), (), (3, 4), False),  # a gap between two hours with data
        (MORNING, (5,), (), (), False),
    ],
)
def test_a_lost_signal(
    last: datetime, hours: tuple[int, ...], told: tuple[Told, ...], starts: tuple[int, ...], noticed: bool
) -> None:
    midnight = datetime(2026, 1, 6)
    rows = [hour(midnight + HOUR * n, "1", exceeded=False) for n in hours]
    found = lost_signals([OUTLET], rows, {"MN1": last}, told, DAY, MORNING)
    assert [one.starts for one in found] == ([tuple(midnight + HOUR * n for n in starts)] if starts else [])
    assert [one.noticed for one in found] == ([noticed] if starts else [])


def test_devices_never_heard_and_closed_outlets_are_not_lost() -> None:
    closed = Outlet("DA003", "3号排放口", "模拟企业甲", "230302", mn="MN3", closed_on=date(2026, 1, 1))
    assert lost_signals([OUTLET, closed], (), {"MN3": DAY}, (), DAY, MORNING) == []


def test_a_signal_is_as_old_as_its_data_however_late_they_came(data: Path) -> None:
    with stack_file.writing(data) as database:
        for mn, time in (("MN1", "20260106030000"), ("MN2", "")):
            at = int(NOW.timestamp() * 1e6)
            database.execute("INSERT INTO device (mn, accepted, first_at, last_at, last_data_time) VALUES (?, 1, ?, ?, ?)",
                             (mn, at, at, time))  # fmt: skip
    found = watch(data, [OUTLET, OTHER], (), now=NOW).found
    assert [(one.key.outlet, len(one.starts)) for one in found] == [("DA001", 5)]


def test_serious_checks_and_patterns_but_not_what_a_lost_signal_says(data: Path) -> None:
    def hit(code: str, severity: str) -> Hit:
        return Hit("DA001", code, "a21026", DAY, DAY + HOUR, severity, code, code)

    write_hits(
        data, [hit("CHK-SUM-HOUR-MEAN", "serious"), hit("CHK-COMP-SILENT", "serious"), hit("CHK-VAL-X", "hint")], RUN
    )
    write_screened(
        data,
        [Screened("DA001", "flat", "a21026", DAY, MORNING + timedelta(days=1), "0.9", "疑似恒值", "看采样管")],
        RUN,
    )
    found = {one.key: one for one in watch(data, [OUTLET], (), now=NOW).found}
    assert set(found) == {Key("DA001", "check", code="CHK-SUM-HOUR-MEAN"), Key("DA001", "suspect", code="flat")}
    suspect = found[Key("DA001", "suspect", code="flat")]
    assert suspect.starts[-1] == MORNING, "a pattern is not told beyond now"
    assert suspect.evidence["look_at"] == "看采样管"


def test_names_of_factors() -> None:
    assert factor_name("a21026") == "二氧化硫"
    assert factor_name("02") == "二氧化硫"  # as the edition of 2005 codes it
    assert factor_name("zz") == "zz"
    assert tiers(date(2026, 1, 5)).back_days == 2
