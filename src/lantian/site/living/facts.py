"""What people entered about a plan, in the shape states take it; and a number that changes when any of it does."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lantian.plan.state.items import TaskFact
from lantian.plan.state.model import Said, YearLimit
from lantian.site.facts import selectors as entered
from lantian.site.year import selectors as year
from lantian.site.year.models import Revision


@dataclass(frozen=True, slots=True)
class PeopleFacts:
    """Entries, issued limits by target, and tasks of a plan."""

    entries: tuple[Said, ...]
    limits: dict[str, list[YearLimit]]
    tasks: tuple[TaskFact, ...]


def version() -> tuple[tuple[str, int], ...]:
    """Changes with every write to entries and years; one query."""
    return tuple(Revision.objects.order_by("room").values_list("room", "number"))


def people_facts(plan_id: str, viewer: Any) -> PeopleFacts:
    """Facts of a plan as far as this viewer may see them."""
    limits: dict[str, list[YearLimit]] = {}
    for row in year.year_targets(plan_id):
        if not row.county:
            limits.setdefault(row.target, []).append(_limit(row))
    return PeopleFacts(
        tuple(entered.entries(plan_id, viewer)), limits, tuple(_task(row) for row in year.tasks(plan_id))
    )


def _limit(row: year.YearTargetFact) -> YearLimit:
    return YearLimit(
        year=row.year,
        comparator=row.comparator,
        value=Fraction(row.value),
        unit=row.unit,
        document=row.document_number,
        issued_on=row.document_date,
        issuer=row.issued_by,
    )


def _task(row: year.TaskFact) -> TaskFact:
    items = (row.item,) if row.item else (f"article-{row.article}",)
    return TaskFact(title=row.text, items=items, state=row.state, due=row.deadline)
