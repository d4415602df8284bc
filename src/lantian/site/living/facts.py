"""What people entered about a plan, in the shape states take it; and a number that changes when any of it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lantian.plan.state.items import TaskFact
from lantian.plan.state.model import Said, YearLimit
from lantian.site import access
from lantian.site.facts import selectors as entered
from lantian.site.year import selectors as year
from lantian.site.year.models import Revision


@dataclass(frozen=True, slots=True)
class PeopleFacts:
    """Entries, issued limits by target, and the tasks of the year of ``as_of``."""

    entries: tuple[Said, ...]
    limits: dict[str, list[YearLimit]]
    tasks: tuple[TaskFact, ...]


def version() -> tuple[tuple[str, int], ...]:
    """Changes with every write to entries and years; one query."""
    return tuple(Revision.objects.order_by("room").values_list("room", "number"))


def people_facts(plan_id: str, viewer: Any, as_of: date) -> PeopleFacts:
    """Facts of a plan as far as this viewer may see them; the task list is the office's own, released by nobody."""
    public = access.reads_released_only(viewer)
    return PeopleFacts(
        entries=tuple(entered.entries(plan_id, viewer)),
        limits=year.limits(plan_id),
        tasks=() if public else tuple(year.task_facts(plan_id, as_of.year)),
    )
