"""Periods that are missing are asked for by themselves: hours (2061) and minutes (2051) of registered devices that are connected.

Rule    HJ 212-2017 6.5: there is no mark of late data; the platform draws gaps with BeginTime and EndTime. How far back, when
        first and when again is own practice (``stack.gateway``)
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lantian.basis.finding import Refusal
from lantian.basis.period import BEIJING
from lantian.gateway import children
from lantian.gateway.exchange import BY_ITSELF
from lantian.stack.hj212.values import moment
from lantian.store.stack.commands import commands
from lantian.store.stack.periods import Periods, from_json

if TYPE_CHECKING:
    from lantian.gateway.gateway import Gateway
    from lantian.store.stack.outlets import Outlet

HOURS, MINUTES = "2061", "2051"
_HOUR = timedelta(hours=1)
_REMEMBERED = 10_000  # commands looked through at the start


class Range(NamedTuple):
    """Consecutive hours of one command; both ends are starts of hours and included."""

    cn: str
    first: datetime
    last: datetime


class Gaps:
    """Which hours were asked for, how often and when; the command table tells of it after a new start."""

    def __init__(self, again_h: tuple[int, ...]) -> None:
        self._again_h = again_h
        self._asked: dict[tuple[str, str, datetime], tuple[int, datetime]] = {}

    def ranges(
        self,
        mn: str,
        have: Periods,
        interval: int,
        first: datetime,
        last: datetime,
        now: datetime,
    ) -> list[Range]:
        """What is to be asked of one device now: hours of [first, last] without their hour value, or with minutes missing."""
        found: list[Range] = []
        for cn, wanted in ((HOURS, 1), (MINUTES, 60 // max(1, min(60, interval)))):
            hour = first
            while hour <= last:
                if have.get((mn, cn, f"{hour:%Y%m%d%H}"), 0) < wanted and self._due(mn, cn, hour, now):
                    if found and found[-1].cn == cn and found[-1].last + _HOUR == hour:
                        found[-1] = found[-1]._replace(last=hour)
                    else:
                        found.append(Range(cn, hour, hour))
                hour += _HOUR
        return found

    def note(self, mn: str, one: Range, now: datetime) -> None:
        """The range has been asked for."""
        hour = one.first
        while hour <= one.last:
            times, _ = self._asked.get((mn, one.cn, hour), (0, now))
            self._asked[mn, one.cn, hour] = (times + 1, now)
            hour += _HOUR

    def forget(self, before: datetime) -> None:
        """Hours before this are asked for no more."""
        self._asked = {key: told for key, told in self._asked.items() if key[2] >= before}

    def _due(self, mn: str, cn: str, hour: datetime, now: datetime) -> bool:
        times, at = self._asked.get((mn, cn, hour), (0, now))
        return times == 0 or (times <= len(self._again_h) and now - at >= timedelta(hours=self._again_h[times - 1]))


def fields(one: Range, interval: int) -> dict[str, str]:
    """The data area of the command: the first and the last period wanted."""
    end = one.last if one.cn == HOURS else one.last + _HOUR - timedelta(minutes=interval)
    return {"BeginTime": f"{one.first:%Y%m%d%H%M%S}", "EndTime": f"{end:%Y%m%d%H%M%S}"}


async def ask_for_missing(gateway: Gateway) -> None:
    """Looks for missing periods again and again until cancelled."""
    gaps = Gaps(gateway.law.practice.missing_again_h)
    _remember(gateway, gaps)
    while True:
        await asyncio.sleep(gateway.limits.missing_seconds)
        await look(gateway, gaps, datetime.now(BEIJING).replace(tzinfo=None))


async def look(gateway: Gateway, gaps: Gaps, now: datetime) -> int:
    """Asks connected, registered devices that are free for what they miss; returns the number of commands."""
    practice = gateway.law.practice
    last = _hour(now - timedelta(minutes=practice.missing_after_min)) - _HOUR
    first = _hour(now - timedelta(hours=practice.missing_back_h)) + _HOUR
    connected = [one for one in gateway.devices.connected() if one.outlet and not gateway.exchange.busy_with(one.mn)]
    if not connected or last < first:
        return 0
    have = await _periods(gateway, first, last + _HOUR)
    if have is None:
        return 0
    gaps.forget(first)
    asked = 0
    for seen in connected:
        if seen.outlet is None:
            continue
        for one in gaps.ranges(seen.mn, have, seen.outlet.interval_minutes, _begin(seen.outlet, first), last, now):
            try:
                gateway.exchange.ask(
                    seen.mn, one.cn, fields(one, seen.outlet.interval_minutes), BY_ITSELF, time.time_ns() // 1000
                )
            except Refusal:  # too many wait for this device: next time
                break
            gaps.note(seen.mn, one, now)
            asked += 1
    return asked


async def _periods(gateway: Gateway, first: datetime, until: datetime) -> Periods | None:
    """What is there, looked up by a child process: the server goes on meanwhile. None where that failed."""
    span = (f"{first:%Y%m%d%H%M%S}", f"{until:%Y%m%d%H%M%S}")
    ended = await children.run("lantian.store.stack.periods", gateway.data, *span, HOURS, MINUTES)
    return from_json(ended.out) if ended.well else None


def _begin(outlet: Outlet, first: datetime) -> datetime:
    if outlet.running_from is None:
        return first
    return max(first, datetime(outlet.running_from.year, outlet.running_from.month, outlet.running_from.day))  # noqa: DTZ001


def _remember(gateway: Gateway, gaps: Gaps) -> None:
    for one in reversed(commands(gateway.data, most=_REMEMBERED)):
        begin, end = moment(one.fields.get("BeginTime", "")), moment(one.fields.get("EndTime", ""))
        if one.asked_by == BY_ITSELF and begin and end and end - begin < timedelta(days=32):
            at = datetime.fromtimestamp(one.asked_at / 1_000_000, BEIJING).replace(tzinfo=None)
            gaps.note(one.mn, Range(one.cn, _hour(begin), _hour(end)), at)


def _hour(time_: datetime) -> datetime:
    return time_.replace(minute=0, second=0, microsecond=0)
