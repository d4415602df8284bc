"""The live state of outlets: what each sent last, whether it still sends, and how that stands against its limits. A prompt only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import ClassVar, Final

import polars as pl

from lantian import rulebook
from lantian.basis.finding import Text
from lantian.basis.period import BEIJING
from lantian.stack.limits import FoundLimit
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.inbox import devices
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import OUTLET_PREFIX, records
from lantian.work.stack_limits import limit_of, limited_factors

STATES: Final[Mapping[str, Text]] = {
    "exceeding": Text("超标提示", "above the limit"),
    "out_of_control": Text("失控", "out of control"),
    "lost": Text("离线", "lost"),
    "late": Text("迟报", "late"),
    "stopped": Text("停运", "stopped"),
    "online": Text("在线", "online"),
    "none": Text("无数据", "no data"),
    "closed": Text("已关闭", "closed"),
}
_POLLUTANTS: Final = ("a34013", "a21026", "a21002")
_PROCESS: Final = ("a19001", "a01012", "a01014", "a01011", "a00000")
SHOWN: Final = (*_POLLUTANTS, *_PROCESS)  # factors every list shows; others stand on the outlet's own page


@dataclass(frozen=True, slots=True)
class LiveRule:
    PATH: ClassVar[str] = "stack.live"
    late_minutes: int
    lost_minutes: int
    table_hours: int
    back_minutes: int
    back_hours: int
    out_of_control: tuple[str, ...]
    stopped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LiveValue:
    """The newest value of a factor: measured and converted as sent, flag, time of its period, length, limit of the hour."""

    factor: str
    measured: str | None
    converted: str | None
    flag: str | None
    start: datetime
    period: str
    limit: FoundLimit | None
    above: bool


@dataclass(frozen=True, slots=True)
class Live:
    """One outlet now; ``seen_at`` is when its device last sent anything (UTC), ``data_time`` the start of its newest data."""

    outlet: Outlet
    state: str
    seen_at: datetime | None
    data_time: datetime | None
    values: Mapping[str, LiveValue]
    device_findings: int


def live(data: Path, outlets: Sequence[Outlet], *, now: datetime) -> list[Live]:
    """The state of each outlet, in the order given.

    Rule    above: the newest hour's converted value (measured where none is sent) exceeds the hour limit of its day; that
            is a prompt, no finding: validity and marks are the referee's
    """
    present = now.astimezone(BEIJING).replace(tzinfo=None)
    rule = rulebook.fill(LiveRule, present.date())
    mns = [mn_of(one) for one in outlets]
    found = _newest(data, outlets, mns, rule, present)
    seen = {one.mn: one for one in devices(data)}
    made = []
    for outlet, mn in zip(outlets, mns, strict=True):
        device = seen.get(mn)
        at = datetime.fromtimestamp(device.last_at / 1e6, BEIJING) if device else None
        values = _values(outlet, found.get(mn, {}), present.date())
        state = _state(outlet, at, values, rule, now, present)
        newest = max((one.start for one in values.values()), default=None)
        made.append(Live(outlet, state, at, newest, values, len(device.findings) if device else 0))
    return made


def mn_of(outlet: Outlet) -> str:
    """What stands for the outlet's MN in the records."""
    return outlet.mn or f"{OUTLET_PREFIX}{outlet.code}"


_HOUR: Final = timedelta(hours=1)
_PERIODS: Final = {"2011": "实时", "2051": "分钟", "2061": "小时"}


def _newest(
    data: Path, outlets: Sequence[Outlet], mns: list[str], rule: LiveRule, present: datetime
) -> dict[str, dict[str, list[dict[str, object]]]]:
    """MN → factor → its newest rows, one for each length of period."""
    if not mns:
        return {}
    settings = device_settings(outlets)
    until = present + timedelta(minutes=rule.late_minutes)
    recent = records(
        data, present - timedelta(minutes=rule.back_minutes), until, mns=mns, cns=["2011", "2051"], devices=settings
    )
    hours = records(data, present - timedelta(hours=rule.back_hours), until, mns=mns, cns=["2061"], devices=settings)
    rows = pl.concat([recent, hours]).unique(subset=["mn", "cn", "code"], keep="last", maintain_order=True)
    made: dict[str, dict[str, list[dict[str, object]]]] = {}
    for row in rows.iter_rows(named=True):
        made.setdefault(row["mn"], {}).setdefault(row["code"], []).append(row)
    return made


def _values(outlet: Outlet, found: dict[str, list[dict[str, object]]], day: date) -> dict[str, LiveValue]:
    limited = limited_factors(outlet, day)
    return {code: _value(outlet, code, rows, day, code in limited) for code, rows in found.items()}


def _value(outlet: Outlet, code: str, rows: list[dict[str, object]], day: date, limited: bool) -> LiveValue:
    limit = limit_of(outlet, code, day) if limited else None
    newest = max(rows, key=lambda row: (row["start"], row["cn"]))
    hour = next((row for row in rows if row["cn"] == "2061"), None)
    above = False
    if hour is not None and limit is not None and limit.hour is not None and hour["flag"] in (None, "N"):
        value = _decimal(hour["zs_avg"]) if hour["zs_avg"] is not None else _decimal(hour["avg"])
        above = value is not None and value > limit.hour
    start = newest["start"]
    assert isinstance(start, datetime)
    measured = newest["avg"] if newest["cn"] != "2011" else newest["rtd"]
    converted = newest["zs_avg"] if newest["cn"] != "2011" else newest["zs_rtd"]
    return LiveValue(
        code, _text(measured), _text(converted), _text(newest["flag"]), start, _PERIODS[str(newest["cn"])], limit, above
    )


def _state(
    outlet: Outlet,
    at: datetime | None,
    values: Mapping[str, LiveValue],
    rule: LiveRule,
    now: datetime,
    present: datetime,
) -> str:
    if outlet.closed_on is not None and outlet.closed_on < present.date():
        return "closed"
    if outlet.mn:
        if at is None and not values:
            return "none"
        silent = now - at if at is not None else timedelta(days=999)
        if silent > timedelta(minutes=rule.lost_minutes):
            return "lost"
        late = silent > timedelta(minutes=rule.late_minutes) or not _timely(outlet, values, rule, present)
    else:
        newest = max((one.start for one in values.values()), default=None)
        if newest is None:
            return "none"
        late = present - newest > timedelta(hours=rule.table_hours)
    flags = {one.flag for code, one in values.items() if code in _POLLUTANTS and one.flag}
    if flags and flags <= set(rule.stopped):
        return "stopped"
    if any(one.above for one in values.values()):
        return "exceeding"
    if flags & set(rule.out_of_control):
        return "out_of_control"
    return "late" if late else "online"


def _timely(outlet: Outlet, values: Mapping[str, LiveValue], rule: LiveRule, present: datetime) -> bool:
    """Whether data come when they should: the period after the newest one is not overdue by more than ``late_minutes``.

    Rule    a record comes when its period is over; an outlet that sends hours only is held to hours
    """
    late = timedelta(minutes=rule.late_minutes)
    minutes = timedelta(minutes=outlet.interval_minutes)
    return any(
        one.start + 2 * (_HOUR if one.period == _PERIODS["2061"] else minutes) + late >= present
        for one in values.values()
    )


def _decimal(text: object) -> Decimal | None:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
