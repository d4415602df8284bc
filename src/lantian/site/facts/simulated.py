"""Entries of the simulated city: a few, marked 模拟数据, so that targets no series answers are alive; gone with real data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from django.conf import settings
from django.db import transaction

from lantian import rulebook
from lantian.rulebook.plans import Plan, Target, deadline_day
from lantian.site.facts.models import Claim, Entry, Standing
from lantian.site.facts.services import ROOM
from lantian.site.year.revision import raise_number
from lantian.store.air import AirReader

SOURCE = "模拟数据"
NOTE = "程序生成的示例，不是真实填报；导入真实数据后自动删除。"
# Parts of the target reached, in turn; None leaves a target without an entry, so that 无数据 is seen as well.
_PARTS = tuple(None if part is None else Decimal(part) for part in ("0.93", "0.78", "1.08", None, "0.90", "0.62"))


def seed(now: datetime, plan_id: str | None = None) -> int:
    """Number of entries made for a plan whose city stands on simulated air data; none where it does not, or has entries."""
    plan = rulebook.plan(plan_id or settings.PLAN, settings.DATA)
    last = _simulated_until(plan)
    if last is None or Entry.objects.filter(plan=plan.id).exists():
        return 0
    until = last.replace(day=1) - timedelta(days=1)
    rows = [_entry(plan, target, part, until, now) for target, part in _chosen(plan)]
    with transaction.atomic():
        Entry.objects.bulk_create(rows)
        raise_number(ROOM)
    return len(rows)


@transaction.atomic
def clear(plan_id: str | None = None) -> int:
    """Number of simulated entries removed; called when real data of the city have come."""
    rows = Entry.objects.filter(simulated=True, plan=plan_id or settings.PLAN)
    removed = rows.count()
    if removed:
        rows.delete()
        raise_number(ROOM)
    return removed


def clear_where_real() -> int:
    """Number of entries removed for plans whose city stands on simulated days no longer."""
    removed = 0
    for plan_id in Entry.objects.filter(simulated=True).order_by().values_list("plan", flat=True).distinct():
        if _simulated_until(rulebook.plan(plan_id, settings.DATA)) is None:
            removed += clear(plan_id)
    return removed


def stands_on_simulation(plan_id: str) -> bool:
    """Whether the city of a plan stands on simulated air data."""
    return _simulated_until(rulebook.plan(plan_id, settings.DATA)) is not None


def _simulated_until(plan: Plan) -> date | None:
    air = AirReader(settings.DATA)
    return next((air.latest(city) for city in plan.cities if air.simulated(city)), None)


def _chosen(plan: Plan) -> Iterator[tuple[Target, Decimal]]:
    """Targets no series answers, with the part of each that is reached."""
    answered = [
        t for t in plan.targets if t.answered_by.kind not in {"metric", "aspiration"} and deadline_day(t.deadline)
    ]
    for at, target in enumerate(answered):
        part = _PARTS[at % len(_PARTS)]
        if part is not None:
            yield target, part


def _entry(plan: Plan, target: Target, part: Decimal, until: date, now: datetime) -> Entry:
    numeric = target.kind == "numeric" and target.value is not None
    return Entry(
        plan=plan.id, region=plan.region, item=target.id, on=until, source=SOURCE, note=NOTE, simulated=True,
        value=_part_of(target.value, part) if numeric and target.value is not None else None,
        unit=(target.unit or "") if numeric else "",
        share=None if numeric else min(part * 100, Decimal(100)).quantize(Decimal(1)),
        state=Claim.MET if not numeric and part >= 1 else "",
        entered_at=now, changed_at=now, standing=Standing.RELEASED, judged_at=now,
    )  # fmt: skip


def _part_of(value: Decimal, part: Decimal) -> Decimal:
    """Part of a value with the places the value has."""
    return (value * part).quantize(Decimal(1).scaleb(min(0, int(value.as_tuple().exponent))), rounding=ROUND_DOWN)
