"""What speaks for an alarm now: verdicts of hours and days, lost signals, checks not passed, suspected patterns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from lantian import rulebook
from lantian.basis.finding import Text
from lantian.basis.period import BEIJING
from lantian.stack.alarms import Found, Key, Tiers
from lantian.store.stack import verdicts
from lantian.store.stack.inbox import devices
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.record_rows import start_of
from lantian.store.stack.verdict_rows import DayVerdict, Hit, HourVerdict, Screened
from lantian.work.stack_law import factor_name

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """An outage or a stop told beforehand (报备): a span of an outlet in Beijing time."""

    outlet: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """What was found, by cause and outlet, from ``since`` on; it covers everything of these days."""

    since: datetime
    found: tuple[Found, ...]


def tiers(day: date) -> Tiers:
    """The tiers of alarms that hold on a day."""
    return rulebook.fill(Tiers, day)


def watch(
    data: Path, outlets: Sequence[Outlet], told: Sequence[Told], *, now: datetime, since: date | None = None
) -> Watched:
    """What speaks for alarms of these outlets from ``since`` on (None: as far back as the rulebook says) until now (UTC)."""
    present = now.astimezone(BEIJING).replace(tzinfo=None)
    rules = tiers(present.date())
    first = since or present.date() - timedelta(days=rules.back_days - 1)
    start, until = datetime.combine(first, time()), present + _HOUR
    hours = verdicts.hours(data, start, until)
    found = [
        *hours_above(hours),
        *days_above(verdicts.days(data, first, present.date() + timedelta(days=1))),
        *lost_signals(outlets, hours, _last_heard(data), told, start, present),
        *checks_failed(verdicts.hits(data, start, until), rules, present),
        *patterns_suspected(verdicts.screened(data, start, until), present),
    ]
    known = {one.code for one in outlets}
    return Watched(start, tuple(one for one in found if one.key.outlet in known))


def hours_above(hours: Iterable[HourVerdict]) -> list[Found]:
    """Hours above the limit, by outlet and factor; those whose marking is open are told apart."""
    above: dict[tuple[str, str], list[HourVerdict]] = {}
    for one in hours:
        if one.exceeded:
            above.setdefault((one.outlet, one.factor), []).append(one)
    return [_hours_found(outlet, factor, rows) for (outlet, factor), rows in sorted(above.items())]


def _hours_found(outlet: str, factor: str, rows: Sequence[HourVerdict]) -> Found:
    worst = max(rows, key=lambda one: one.converted or one.measured or 0)
    value, name = worst.converted if worst.converted is not None else worst.measured, factor_name(factor)
    text = Text(
        f"{name}小时均值疑似超标，最高 {value} mg/m³（限值 {worst.limit}）",
        f"hours of {factor} above the limit, highest {value} mg/m³ (limit {worst.limit})",
    )
    evidence = {
        "limit": str(worst.limit),
        "source": worst.source,
        "highest": str(value),
        "hours": [[f"{one.start:%Y-%m-%dT%H:%M}", str(one.converted if one.converted is not None else one.measured),
                   str(one.limit), one.state] for one in rows],
    }  # fmt: skip
    marking = frozenset(one.start for one in rows if one.state == "open")
    return Found(Key(outlet, "hour", factor), tuple(one.start for one in rows), text, evidence, marking)


def days_above(days: Iterable[DayVerdict]) -> list[Found]:
    """Days whose mean is above the limit, by outlet and factor."""
    above: dict[tuple[str, str], list[DayVerdict]] = {}
    for one in days:
        if one.exceeded:
            above.setdefault((one.outlet, one.factor), []).append(one)
    made = []
    for (outlet, factor), rows in sorted(above.items()):
        worst = max(rows, key=lambda one: one.converted or one.measured or 0)
        value, name = worst.converted if worst.converted is not None else worst.measured, factor_name(factor)
        text = Text(
            f"{name}日均值疑似超标，最高 {value} mg/m³（限值 {worst.limit}）",
            f"daily mean of {factor} above the limit, highest {value} mg/m³ (limit {worst.limit})",
        )
        starts = tuple(datetime.combine(one.day, time()) for one in rows)
        evidence = {
            "limit": str(worst.limit),
            "highest": str(value),
            "days": [[one.day.isoformat(), str(one.converted if one.converted is not None else one.measured),
                      str(one.limit), one.state] for one in rows],
        }  # fmt: skip
        marking = frozenset(start for start, one in zip(starts, rows, strict=True) if one.state == "open")
        made.append(Found(Key(outlet, "day", factor), starts, text, evidence, marking))
    return made


def lost_signals(
    outlets: Iterable[Outlet],
    hours: Iterable[HourVerdict],
    heard: dict[str, datetime],
    told: Sequence[Told],
    first: datetime,
    now: datetime,
) -> list[Found]:
    """Whole hours without any data between two with data, or since the device was last heard; only of devices once heard."""
    with_data: dict[str, set[datetime]] = {}
    for one in hours:
        if one.minutes or one.measured is not None:
            with_data.setdefault(one.outlet, set()).add(one.start)
    made = []
    for outlet in outlets:
        last = heard.get(outlet.mn or "")
        if last is None or (outlet.closed_on and outlet.closed_on <= now.date()):
            continue
        starts = _silent(with_data.get(outlet.code, set()), max(last, first), first, now)
        if not starts:
            continue
        noticed = all(any(one.outlet == outlet.code and one.start < start + _HOUR and start < one.end for one in told)
                      for start in starts)  # fmt: skip
        text = _silence(starts[-1] + _HOUR, last, noticed)
        evidence = {"last_heard": f"{last:%Y-%m-%dT%H:%M}", "mn": outlet.mn, "noticed": noticed}
        made.append(Found(Key(outlet.code, "lost"), starts, text, evidence, noticed=noticed))
    return made


def _silence(end: datetime, last: datetime, noticed: bool) -> Text:
    """What is said of a silence until ``end``: that it goes on, or since when data come again."""
    zh, en = ("（已报备）", " (told beforehand)") if noticed else ("", "")
    if last >= end:
        return Text(f"在线监测信号曾中断{zh}，{end:%m-%d %H:%M} 起恢复",
                    f"no data from the monitor for a time, again since {end:%m-%d %H:%M}{en}")  # fmt: skip
    return Text(f"在线监测信号中断{zh}，最近一次数据 {last:%m-%d %H:%M}",
                f"no data from the monitor, last heard {last:%m-%d %H:%M}{en}")  # fmt: skip


def _silent(with_data: set[datetime], last: datetime, first: datetime, now: datetime) -> tuple[datetime, ...]:
    """Starts of whole hours without data: between the first and the last with data, and from the last signal until now."""
    silent: set[datetime] = set()
    if with_data:
        hour = min(with_data)
        while hour < max(with_data):
            if hour not in with_data:
                silent.add(hour)
            hour += _HOUR
    hour = max(_full_hour(last), first)
    while hour + _HOUR <= now:
        if hour not in with_data:
            silent.add(hour)
        hour += _HOUR
    return tuple(sorted(silent))


def _full_hour(moment: datetime) -> datetime:
    """The first whole hour that begins at or after a moment."""
    start = moment.replace(minute=0, second=0, microsecond=0)
    return start if start == moment else start + _HOUR


def checks_failed(hits: Iterable[Hit], rules: Tiers, now: datetime) -> list[Found]:
    """Checks not passed of the severities that alarm, by outlet and check."""
    grouped: dict[tuple[str, str], list[Hit]] = {}
    for one in hits:
        if one.severity in rules.severities and one.code not in rules.told_by_lost:
            grouped.setdefault((one.outlet, one.code), []).append(one)
    return [
        Found(
            Key(outlet, "check", code=code),
            _hours_of([(one.first, min(one.last, now)) for one in rows]),
            Text(rows[-1].zh, rows[-1].en),
            {
                "factors": sorted({one.factor for one in rows if one.factor}),
                "hits": [_span(one.first, one.last, one.factor, one.zh, dict(one.evidence)) for one in rows],
            },
        )
        for (outlet, code), rows in sorted(grouped.items())
    ]


def patterns_suspected(found: Iterable[Screened], now: datetime) -> list[Found]:
    """Suspected patterns, by outlet and pattern."""
    grouped: dict[tuple[str, str], list[Screened]] = {}
    for one in found:
        grouped.setdefault((one.outlet, one.pattern), []).append(one)
    return [
        Found(
            Key(outlet, "suspect", code=pattern),
            _hours_of([(one.first, min(one.last, now)) for one in rows]),
            Text(rows[-1].zh, f"suspected pattern: {pattern}"),
            {
                "factors": sorted({one.factor for one in rows if one.factor}),
                "look_at": rows[-1].look_at,
                "score": rows[-1].score,
                "hits": [_span(one.first, one.last, one.factor, one.zh, dict(one.evidence)) for one in rows],
            },
        )
        for (outlet, pattern), rows in sorted(grouped.items())
    ]


def _span(first: datetime, last: datetime, factor: str, zh: str, evidence: dict[str, object]) -> dict[str, object]:
    return {"first": f"{first:%Y-%m-%dT%H:%M}", "last": f"{last:%Y-%m-%dT%H:%M}", "factor": factor, "zh": zh,
            "evidence": evidence}  # fmt: skip


def _hours_of(spans: Iterable[tuple[datetime, datetime]]) -> tuple[datetime, ...]:
    """Starts of the hours that spans touch."""
    starts: set[datetime] = set()
    for first, last in spans:
        hour = first.replace(minute=0, second=0, microsecond=0)
        while hour <= last:
            starts.add(hour)
            hour += _HOUR
    return tuple(sorted(starts))


def _last_heard(data: Path) -> dict[str, datetime]:
    """Time of the newest data of each device, by MN; where it is no time, when the device was last heard."""
    return {one.mn: start_of(one.last_data_time) or _beijing(one.last_at) for one in devices(data) if one.last_at}


def _beijing(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC).astimezone(BEIJING).replace(tzinfo=None)
