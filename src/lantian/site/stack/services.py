"""What is done to the register of outlets; each writes its journal entry, and the register is published after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from lantian.site.jobs.services import start
from lantian.site.journal.services import register as register_actions
from lantian.site.journal.services import write
from lantian.site.people.models import User
from lantian.site.stack.models import Outlet, OutletLimit, Released, shown
from lantian.store.stack import outlets as published

register_actions(
    {
        "stack.outlet_registered": "登记排放口",
        "stack.outlet_changed": "更改排放口",
        "stack.outlet_closed": "关闭排放口",
        "stack.outlet_reopened": "恢复排放口",
        "stack.outlets_imported": "导入排放口登记表",
        "stack.limits_changed": "更改排放口限值",
        "stack.released": "公开自行监测数据",
        "stack.release_withdrawn": "撤回公开的自行监测数据",
        "stack.table_imported": "导入平台数据",
        "stack.import_withdrawn": "撤回平台数据导入",
        "stack.simulated_seeded": "生成模拟排放口",
        "stack.simulated_cleared": "移除模拟排放口",
    }
)
JUDGE_JOB = "stack.judge"  # in the room of the alarms, which knows the marks
_OPTIONAL = ("mn", "limit_set", "password", "key", "bypass_of")  # empty in the register, None where it is published


class RegisterError(ValueError):
    """The register cannot be changed so; the text says why and what to do."""


@transaction.atomic
def register(
    values: dict[str, Any], limits: Sequence[dict[str, Any]] = (), *, by: User | None, now: datetime
) -> Outlet:
    """A new outlet with its limits.

    Errors  RegisterError where its code or its device stands in the register already
    """
    _free(values.get("code"), values.get("mn"))
    outlet = Outlet.objects.create(**values, entered_by=by, entered_at=now)
    for one in limits:
        OutletLimit.objects.create(outlet=outlet, **one)
    write("stack.outlet_registered", outlet, by=by, now=now, after={**shown(values), "limits": len(limits)})
    transaction.on_commit(publish)
    return outlet


@transaction.atomic
def change(outlet: Outlet, changes: dict[str, Any], *, by: User | None, now: datetime) -> None:
    """Changes what the register says of an outlet; its code stays.

    Errors  RegisterError where the device belongs to another outlet
    """
    _free(None, changes.get("mn"), but=outlet)
    before = {name: getattr(outlet, name) for name in changes}
    for name, value in changes.items():
        setattr(outlet, name, value)
    outlet.save(update_fields=list(changes))
    write("stack.outlet_changed", outlet, by=by, now=now, before=shown(before), after=shown(changes))
    transaction.on_commit(publish)


@transaction.atomic
def set_limits(outlet: Outlet, limits: Sequence[dict[str, Any]], *, by: User | None, now: datetime) -> None:
    """Puts the dated limits of an outlet in place of those it had."""
    before = [str(one) for one in outlet.limits.all()]
    outlet.limits.all().delete()
    for one in limits:
        OutletLimit.objects.create(outlet=outlet, **one)
    after = [f"{one['factor']} {one['source']}" for one in limits]
    write("stack.limits_changed", outlet, by=by, now=now, before={"limits": before}, after={"limits": after})
    transaction.on_commit(publish)


@transaction.atomic
def close(outlet: Outlet, on: date, *, by: User, now: datetime) -> None:
    """An outlet is no more from the day after ``on``; its data stay."""
    outlet.closed_on = on
    outlet.save(update_fields=["closed_on"])
    write("stack.outlet_closed", outlet, by=by, now=now, after={"closed_on": on})
    transaction.on_commit(publish)


@transaction.atomic
def reopen(outlet: Outlet, *, by: User, now: datetime) -> None:
    """Takes a closing back."""
    before, outlet.closed_on = outlet.closed_on, None
    outlet.save(update_fields=["closed_on"])
    write("stack.outlet_reopened", outlet, by=by, now=now, before={"closed_on": before})
    transaction.on_commit(publish)


@transaction.atomic
def seed_simulated(outlets: Iterable[published.Outlet], *, now: datetime) -> int:
    """Number of simulated outlets entered; none where the register holds anything already."""
    if Outlet.objects.exists():
        return 0
    made = 0
    for one in outlets:
        values = {name: value for name, value in asdict(one).items() if name != "limits" and value is not None}
        values |= {"factors": list(one.factors), "ranges": {code: str(value) for code, value in one.ranges.items()}}
        outlet = Outlet.objects.create(**values, entered_at=now)
        for limit in one.limits:
            OutletLimit.objects.create(outlet=outlet, **asdict(limit))
        made += 1
    write("stack.simulated_seeded", f"模拟排放口 {made} 个", by=None, now=now)
    transaction.on_commit(publish)
    return made


@transaction.atomic
def clear_simulated(*, by: User | None, now: datetime) -> int:
    """Number of simulated outlets taken out of the register: done when a real one is entered."""
    found = Outlet.objects.filter(simulated=True)
    gone = found.count()
    if gone:
        found.delete()
        write("stack.simulated_cleared", f"模拟排放口 {gone} 个", by=by, now=now)
        transaction.on_commit(publish)
    return gone


@transaction.atomic
def release(outlet: published.Outlet, first: date, last: date, note: str, *, by: User, now: datetime) -> Released:
    """Makes the figures of an outlet's days public."""
    made = Released.objects.create(
        outlet=outlet.code, first=first, last=last, note=note, released_by=by, released_at=now
    )
    write("stack.released", made, by=by, now=now, after={"outlet": outlet.code, "first": first, "last": last})
    return made


@transaction.atomic
def withdraw_release(made: Released, *, by: User, now: datetime) -> None:
    """Takes figures back from the public."""
    made.withdrawn_by, made.withdrawn_at = by, now
    made.save(update_fields=["withdrawn_by", "withdrawn_at"])
    write("stack.release_withdrawn", made, by=by, now=now)


def publish() -> None:
    """Writes the register for gateway, worker and commands."""
    rows = Outlet.objects.prefetch_related("limits")
    published.publish(settings.DATA, [as_published(one) for one in rows])


def as_published(outlet: Outlet) -> published.Outlet:
    """An outlet as all that compute read it."""
    names = [name for name in published.Outlet.__dataclass_fields__ if name != "limits"]
    values = {name: getattr(outlet, name) for name in names}
    values |= {name: values[name] or None for name in _OPTIONAL}
    values["factors"] = tuple(outlet.factors)
    values["ranges"] = {code: Decimal(value) for code, value in outlet.ranges.items()}
    limits = tuple(
        published.OutletLimit(one.factor, one.hour, one.day, one.source, one.first, one.last)
        for one in outlet.limits.all()
    )
    return published.Outlet(**values, limits=limits)


def _free(code: str | None, mn: str | None, *, but: Outlet | None = None) -> None:
    if code and Outlet.objects.filter(code=code).exists():
        raise RegisterError(f"排放口编号“{code}”已经登记。请核对编号，或更改已有的一条。")
    if mn:
        others = Outlet.objects.filter(mn=mn)
        other = (others.exclude(pk=but.pk) if but else others).first()
        if other is not None:
            raise RegisterError(f"MN“{mn}”已登记在“{other}”。一台数采仪只对应一个排放口，请先更改那一条。")


def table_imported(name: str, counts: dict[str, Any], *, by: User | None, now: datetime) -> None:
    """Writes down that a platform's table was taken in."""
    write("stack.table_imported", f"平台数据 {name}"[:200], by=by, now=now, after={"file": name, **counts})


def judge_again(days: tuple[date, date] | None, *, by: User | None, now: datetime) -> None:
    """Has days judged and checked whose records changed by an import; the watch itself sees to today and yesterday only."""
    if days is not None:
        first, last = (day.isoformat() for day in days)
        start(JUDGE_JOB, {"first": first, "last": last}, by=by, now=now, unique=f"{JUDGE_JOB} {first} {last}")
