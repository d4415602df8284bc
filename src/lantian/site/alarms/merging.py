"""The program's own part: what was found grows, ends or drops the alarms that stand, and raises new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lantian.site.alarms.models import ALIVE, Alarm, AlarmState
from lantian.site.alarms.times import beijing, instant
from lantian.site.year.revision import raise_number
from lantian.stack.alarms import Change, Key, Standing, Tiers, changes, period_of
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_watch import Watched

ROOM = "alarms"
_MOST_HISTORY = 200


@transaction.atomic
def merge(watched: Watched, outlets: Sequence[Outlet], rules: Tiers, *, now: datetime) -> Counter[str]:
    """How many alarms were raised, grown, ended, dropped or closed."""
    by_code = {one.code: one for one in outlets}
    standing = Alarm.objects.select_for_update().filter(state__in=ALIVE, outlet__in=by_code)
    alive = {_key(one): one for one in standing}
    made = changes(
        [_standing(one) for one in alive.values()],
        watched.found,
        dealt_with=_dealt_with(watched),
        since=watched.since,
        now=beijing(now),
        rules=rules,
    )
    counted: Counter[str] = Counter()
    for change in made:
        alarm = alive.get(change.key) or _new(change, by_code[change.key.outlet], now)
        counted[change.step] += 1
        _apply(alarm, change, watched.since, now)
        counted["closed"] += alarm.state == AlarmState.CLOSED
    if any(counted[step] for step in ("raised", "grown", "ended", "dropped", "closed")):
        raise_number(ROOM)
    return counted


def close_where_done(alarm: Alarm, *, now: datetime) -> None:
    """Closes an alarm whose cause has ended and that was dealt with; not saved."""
    if alarm.state == AlarmState.ENDED and alarm.settled_at is not None:
        alarm.state, alarm.closed_at = AlarmState.CLOSED, now


def starts_of(alarm: Alarm) -> tuple[datetime, ...]:
    """Starts of the periods an alarm counts, Beijing time."""
    return tuple(datetime.fromisoformat(text) for text in alarm.evidence.get("starts", ()))


def _apply(alarm: Alarm, change: Change, since: datetime, now: datetime) -> None:
    if change.found is not None:
        stays = _earlier(alarm, change, since)
        kept = {**change.found.evidence, **stays, "starts": [_text(start) for start in change.starts]}
        marking = len(change.found.marking & set(change.starts))
        if change.step == "same" and (alarm.evidence, alarm.marking) == (kept, marking):
            return
        alarm.evidence, alarm.marking = kept, marking
        if "highest" not in stays:
            alarm.summary = change.found.summary.zh[:300]
    elif change.step == "same":
        return
    else:
        alarm.evidence = {**alarm.evidence, "starts": [_text(start) for start in change.starts]}
    if change.step == "dropped":
        alarm.state, alarm.marking, alarm.closed_at = AlarmState.DROPPED, 0, now
    else:
        if change.step == "grown" and len(change.starts) > alarm.hours:
            alarm.settled_at = None  # what was dealt with did not know of these periods
        alarm.tier, alarm.hours = change.tier, len(change.starts)
        alarm.first, alarm.last = instant(change.starts[0]), instant(change.starts[-1] + period_of(change.key.cause))
        alarm.state = AlarmState.ENDED if change.ended else AlarmState.OPEN
        if change.ended and alarm.ended_at is None:
            alarm.ended_at = now
        elif not change.ended:
            alarm.ended_at = None
        close_where_done(alarm, now=now)
    if change.step != "same":
        told = {"at": _text(beijing(now)), "step": change.step, "hours": len(change.starts), "tier": change.tier}
        alarm.history = [*alarm.history, told][-_MOST_HISTORY:]
    alarm.changed_at = now
    alarm.save()


def _earlier(alarm: Alarm, change: Change, since: datetime) -> dict[str, Any]:
    """What stays of the evidence from before ``since``: hours and days that still count, the highest where it is theirs."""
    counted = {start for start in change.starts if start < since}
    stays: dict[str, Any] = {}
    for name in ("hours", "days"):
        before = [row for row in alarm.evidence.get(name, ()) if datetime.fromisoformat(row[0]) in counted]
        if before and change.found is not None:
            found, old = change.found.evidence, alarm.evidence.get("highest", "")
            stays[name] = [*before, *found.get(name, ())]
            if any(row[1] == old for row in before) and Decimal(old) > Decimal(found["highest"]):
                stays |= {key: alarm.evidence[key] for key in ("highest", "limit", "source") if key in alarm.evidence}
    return stays


def _new(change: Change, outlet: Outlet, now: datetime) -> Alarm:
    key = change.key
    return Alarm(
        outlet=key.outlet, region=outlet.region, cause=key.cause, factor=key.factor, code=key.code, raised_at=now,
        simulated=outlet.simulated, hours=0,
    )  # fmt: skip


def _key(alarm: Alarm) -> Key:
    return Key(alarm.outlet, alarm.cause, alarm.factor, alarm.code)  # type: ignore[arg-type]


def _standing(alarm: Alarm) -> Standing:
    return Standing(_key(alarm), starts_of(alarm), alarm.tier, alarm.state == AlarmState.ENDED)  # type: ignore[arg-type]


def _dealt_with(watched: Watched) -> Mapping[Key, datetime]:
    """The last period of closed alarms by key, as far as it matters for what was found."""
    closed = Alarm.objects.filter(state=AlarmState.CLOSED, last__gte=instant(watched.since))
    dealt: dict[Key, Any] = {}
    for one in closed:
        starts = starts_of(one)
        if starts:
            dealt[_key(one)] = max(starts[-1], dealt.get(_key(one), starts[-1]))
    return dealt


def _text(start: datetime) -> str:
    return f"{start:%Y-%m-%dT%H:%M}"
