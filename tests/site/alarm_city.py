"""Invented outlets with verdicts of a night, as the pages of alarms find them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from lantian.site.alarms import selectors
from lantian.site.alarms.merging import merge
from lantian.store.stack.outlets import Outlet, outlets, publish
from lantian.store.stack.verdict_rows import DayVerdict, HourVerdict, Run, Screened
from lantian.store.stack.verdicts import write_days, write_hours, write_screened
from lantian.work import stack_watch

NOW = datetime(2025, 10, 16, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
EVENING = datetime(2025, 10, 15, 22)
FIRST, SECOND, OPERATOR = "模拟企业甲", "模拟企业乙", "模拟运维单位"
COUNTY, OTHER_COUNTY = "230302", "230303"
SO2 = "a21026"
CITY = (
    Outlet("A-DA001", "1号排放口", FIRST, COUNTY, mn="MN0000000000000000000001", operator=OPERATOR, simulated=True),
    Outlet("A-DA002", "2号排放口", FIRST, COUNTY, mn="MN0000000000000000000002", operator=OPERATOR, simulated=True),
    Outlet("B-DA001", "1号排放口", SECOND, OTHER_COUNTY, mn="MN0000000000000000000003", simulated=True),
)


def hour(
    start: datetime, *, outlet: str = "A-DA001", value: str = "48.2", above: bool | None = True, state: str = "open"
) -> HourVerdict:
    return HourVerdict(
        outlet, SO2, start, 60, True, Decimal(value), Decimal(value), Decimal("1.5"), False, Decimal(35), above, state,  # type: ignore[arg-type]
        (), (), "许可证（模拟）", "digest", NOW,
    )  # fmt: skip


def day(which: date, *, outlet: str = "A-DA001") -> DayVerdict:
    return DayVerdict(
        outlet,
        SO2,
        which,
        24,
        True,
        Decimal("40.1"),
        Decimal("40.1"),
        None,
        Decimal(35),
        True,
        9,
        "open",
        (),
        "digest",
        NOW,
    )


def pattern(outlet: str = "A-DA002") -> Screened:
    return Screened(outlet, "flat", SO2, EVENING, EVENING + timedelta(hours=5), "0.99", "疑似恒值：二氧化硫 6 小时不变",
                    "看采样管和分析仪", {"minutes": 360})  # fmt: skip


def run(kind: str = "referee") -> Run:
    return Run(kind, date(2025, 10, 15), date(2025, 10, 16), date(2025, 10, 16), NOW, editions=("许可证（模拟）",))


def prepared(data: Path) -> None:
    publish(data, CITY)


def exceeding(data: Path, hours: Sequence[int], *, outlet: str = "A-DA001", above: bool | None = True) -> None:
    """Verdicts of the hours so many after 22:00, above the limit or not."""
    write_hours(data, [hour(EVENING + timedelta(hours=n), outlet=outlet, above=above) for n in hours], run())


def suspecting(data: Path) -> None:
    write_screened(data, [pattern()], run("screening"))


def days_above(data: Path) -> None:
    write_days(data, [day(date(2025, 10, 15))], run())


def watched(data: Path, now: datetime = NOW):  # type: ignore[no-untyped-def]
    """What the watch does after judge and check: look and merge."""
    found = outlets(data)
    since = date(2025, 10, 15)
    seen = stack_watch.watch(data, found, selectors.told(since, now.date()), now=now, since=since)
    return merge(seen, found, stack_watch.tiers(now.date()), now=now)
