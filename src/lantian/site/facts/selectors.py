"""What others read of entries: facts for states, by viewer; and a number that changes with each write."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from lantian.plan.state.model import Said, State
from lantian.site.access import Action, Scope, scope_of
from lantian.site.facts import simulated
from lantian.site.facts.models import Entry, Standing
from lantian.site.facts.services import ROOM
from lantian.site.year import revision
from lantian.site.year.selectors import plain


def version() -> int:
    """Number that changes with each write to entries."""
    return revision.current(ROOM)


def visible(plan_id: str, viewer: Any) -> QuerySet[Entry]:
    """Entries a viewer may read: the public only released ones, who works here all that are not withdrawn.

    Simulated ones count only while the plan's city stands on simulated air data.
    """
    rows = Entry.objects.filter(plan=plan_id)
    if rows.filter(simulated=True).exists() and not simulated.stands_on_simulation(plan_id):
        rows = rows.exclude(simulated=True)  # real data came by another door; the rows themselves go at night
    if scope_of(viewer, Action.READ_FACTS) is not Scope.ALL:
        return rows.filter(standing=Standing.RELEASED)
    return rows.exclude(standing=Standing.WITHDRAWN)


def entries(plan_id: str, viewer: Any, *, county: str = "") -> list[Said]:
    """What was entered for the city (or one county), as the states take it; returned entries do not count."""
    rows = visible(plan_id, viewer).filter(county=county).exclude(standing=Standing.RETURNED)
    return [said(row) for row in rows]


def said(row: Entry) -> Said:
    """An entry as the states take it."""
    return Said(
        item=row.item,
        on=row.on,
        value=None if row.value is None else Fraction(row.value),
        value_text=None if row.value is None else format(plain(row.value), "f"),
        unit=row.unit,
        share=None if row.share is None else Fraction(row.share),
        state=State(row.state) if row.state else None,
        recognised=row.is_recognised,
        reviewed=row.standing == Standing.RELEASED,
        simulated=row.simulated,
        note=row.note,
        ref=str(row.pk),
    )
