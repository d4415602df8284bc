"""Evidence as it stands when a person acts on an alarm: one JSON file, kept under its digest, and told apart from what came later."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings

from lantian.basis.period import DAY
from lantian.site import uploads
from lantian.site.alarms.merging import starts_of
from lantian.site.alarms.models import Alarm, FrozenCase, PressOrder
from lantian.site.alarms.times import beijing
from lantian.site.people.models import User
from lantian.store.stack.outlets import outlets

SENT, TRANSFER = "sent", "transfer"
PURPOSES = {SENT: "随督办单固定", TRANSFER: "移送"}
_SCHEMA = 1


def freeze(
    alarm: Alarm, purpose: str, *, by: User, now: datetime, order: PressOrder | None = None, recipient: str = ""
) -> FrozenCase:
    """The kept case of an alarm: its text, its hours and days with their inputs and editions, hits and patterns, as of now."""
    content = json.dumps(
        {"schema": _SCHEMA, "frozen_at": now.isoformat(), "frozen_by": by.name, "purpose": PURPOSES[purpose],
         "recipient": recipient, "alarm": _alarm(alarm), "outlet": _outlet(alarm.outlet), "state": state_of(alarm)},
        ensure_ascii=False, indent=1, sort_keys=True,
    )  # fmt: skip
    name = f"固定证据 {alarm.outlet} {beijing(now):%Y%m%d%H%M%S}.json"
    file = uploads.keep_made(content.encode(), name, "json", by=by, now=now)
    return FrozenCase.objects.create(
        alarm=alarm, order=order, purpose=purpose, recipient=recipient, file=file, by=by, at=now
    )


def state_of(alarm: Alarm) -> dict[str, Any]:
    """The determinations an alarm rests on, as they stand now: rows as plain text, by kind."""
    from lantian.store.stack import verdicts  # read only when a case is frozen or compared

    starts = starts_of(alarm)
    first = datetime.combine(min(starts, default=_beijing(alarm)).date(), time())
    until = datetime.combine(max(starts, default=_beijing(alarm)).date(), time()) + timedelta(days=1)
    factor = alarm.factor or None
    data, outlet = settings.DATA, alarm.outlet
    return {
        "editions": verdicts.editions(data, first, until, outlet=outlet),
        "hours": [_plain(one) for one in verdicts.hours(data, first, until, outlet=outlet, factor=factor)],
        "days": [_plain(one) for one in verdicts.days(data, first.date(), until.date(), outlet=outlet, factor=factor)],
        "hits": [_plain(one) for one in verdicts.hits(data, first, until, outlet=outlet)],
        "screened": [_plain(one) for one in verdicts.screened(data, first, until, outlet=outlet)],
    }


def content_of(case: FrozenCase) -> dict[str, Any]:
    """What was frozen.

    Errors  OSError where the file is not there any more; ValueError where it is not what was kept
    """
    raw = uploads.path_of(case.file).read_bytes()
    if hashlib.sha256(raw).hexdigest() != case.file.digest:
        raise ValueError("the file is not what was kept")
    kept: dict[str, Any] = json.loads(raw)
    return kept


def differences(case: FrozenCase) -> list[tuple[str, str, str, str]]:
    """What stands otherwise now: kind, what, value frozen, value now."""
    then, now = content_of(case)["state"], state_of(case.alarm)
    found = []
    for kind, words in (("hours", "小时"), ("days", "日"), ("hits", "检查"), ("screened", "规律")):
        old, new = {_name(one): one for one in then[kind]}, {_name(one): one for one in now[kind]}
        for name in sorted(old.keys() | new.keys()):
            before, after = old.get(name), new.get(name)
            if before is None or after is None:
                found.append((words, name, "有" if before else "无", "有" if after else "无"))
                continue
            changed = [key for key in before if before[key] != after.get(key) and key not in ("computed_at", "inputs")]
            found += [(f"{words} {key}", name, str(before[key]), str(after.get(key))) for key in changed]
    return found


def _alarm(alarm: Alarm) -> dict[str, Any]:
    return {
        "id": alarm.pk, "outlet": alarm.outlet, "cause": alarm.cause, "cause_zh": alarm.get_cause_display(),
        "factor": alarm.factor, "code": alarm.code, "tier": alarm.tier, "first": alarm.first.isoformat(),
        "last": alarm.last.isoformat(), "hours": alarm.hours, "summary": alarm.summary, "evidence": alarm.evidence,
        "history": alarm.history, "simulated": alarm.simulated,
    }  # fmt: skip


def _outlet(code: str) -> dict[str, Any] | None:
    """The outlet as registered, without what only its device may know."""
    one = next((one for one in outlets(settings.DATA) if one.code == code), None)
    if one is None:
        return None
    limits = [{key: str(getattr(limit, key)) for key in ("factor", "hour", "day", "source", "first", "last")}
              for limit in one.limits]  # fmt: skip
    return {"code": one.code, "name": one.name, "company": one.company, "region": one.region, "mn": one.mn,
            "operator": one.operator, "kind": one.kind, "limit_set": one.limit_set, "ultra_low": one.ultra_low,
            "reference_o2": str(one.reference_o2), "limits": limits}  # fmt: skip


def _plain(row: Any) -> dict[str, Any]:
    return {name: _value(getattr(row, name)) for name in row.__slots__}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple | list):
        return [_value(one) for one in value]
    return {key: _value(one) for key, one in value.items()} if hasattr(value, "items") else str(value)


def _name(row: dict[str, Any]) -> str:
    parts = (
        row.get("code") or row.get("pattern") or "",
        row.get("factor", ""),
        row.get("start") or row.get("day") or row.get("first"),
    )
    return " ".join(str(part) for part in parts if part)


def _beijing(alarm: Alarm) -> datetime:
    return beijing(alarm.last - DAY / 24)
