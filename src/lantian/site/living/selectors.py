"""What the living plan reads: the plan a viewer may see, its states at the site's ``as_of``, and when they change."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404

from lantian.rulebook import Plan, RulebookError
from lantian.rulebook import plan as plan_by_id
from lantian.rulebook.plan_files import plan_ids
from lantian.site import access, clock
from lantian.site.board import selectors as board
from lantian.site.living import facts
from lantian.site.living.kept import Kept
from lantian.store.air import AirReader
from lantian.work.states import PlanStates, plan_states

_STATES: Kept[tuple[Plan, PlanStates]] = Kept(16)  # the plan stands in so that its id() is not given to another


@dataclass(frozen=True, slots=True)
class Seen:
    """A plan as one viewer sees it at one date; ``version`` changes whenever anything shown may have changed."""

    plan: Plan
    as_of: date
    public: bool
    version: Hashable


def seen(plan_id: str, viewer: Any) -> Seen:
    """The plan for this viewer.

    Errors  Http404 for an unknown plan, and for a draft where the viewer is the public; RulebookError for broken files
    """
    try:
        plan = plan_by_id(plan_id, settings.DATA)
    except RulebookError:
        if plan_id in plan_ids(settings.DATA):
            raise
        raise Http404(plan_id) from None
    public = access.reads_released_only(viewer)
    if public and plan.draft:
        raise Http404(plan_id)
    as_of = clock.as_of(plan_id)
    version = (id(plan), plan.id, plan.edition, as_of, AirReader(settings.DATA).version(), *facts.version(), public)
    return Seen(plan, as_of, public, version)


def states_of(view: Seen, viewer: Any) -> PlanStates:
    """States of a plan, computed once for a version of its facts."""

    def compute() -> tuple[Plan, PlanStates]:
        people = facts.people_facts(view.plan.id, viewer, view.as_of)
        states = plan_states(
            view.plan,
            air=AirReader(settings.DATA),
            entries=people.entries,
            year_targets=people.limits,
            tasks=people.tasks,
            decided=board.decided(view.plan.id, view.plan.cities),
            as_of=view.as_of,
            computed_at=clock.now(),
        )
        return view.plan, states

    return _STATES.get(view.version, compute)[1]
