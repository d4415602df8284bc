"""The living plan for everyone: annotated edition, one article, one target, why a number, states for programs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from lantian.rulebook import Plan
from lantian.site.access import Action, action
from lantian.site.living import page
from lantian.site.living.broken import told_when_broken
from lantian.site.living.filters import Filters, filters
from lantian.site.living.kept import Kept
from lantian.site.living.selectors import Seen, seen, states_of
from lantian.site.living.words import flag_words, said
from lantian.work.state_json import states_document

_BODIES: Kept[tuple[Plan, str]] = Kept(64)  # rendered texts of plans, by everything they depend on


@told_when_broken
def plan_page(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    """The annotated edition of a plan, under the filters of the address."""
    view = seen(plan_id, request.user)
    asked = filters(request.GET, view.plan)
    key = (view.version, get_language(), request.path, asked)
    states = states_of(view, request.user)
    if asked.text:  # any text may be asked for: not worth keeping, nor worth holding others up
        body = _body(request, view, asked)
    else:
        _, body = _BODIES.get(key, lambda: (view.plan, _body(request, view, asked)))
    return render(request, "living/plan.html", {**bar(view, states.flags), "body": body})


def _body(request: HttpRequest, view: Seen, asked: Filters) -> str:
    states = states_of(view, request.user)
    context = {
        "plan": view.plan,
        "title": said(view.plan.title),
        "as_of": view.as_of,
        "states": states,
        "view": page.plan_view(view.plan, states, asked),
        "asked": asked,
        "path": request.path,
        "continued": _continued(view.plan, request),
    }
    return render_to_string("living/_plan.html", context)


def bar(view: Seen, flags: Any) -> dict[str, Any]:
    """What the bar on top of every page of the plan needs."""
    return {"seen": view, "plan": view.plan, "title": said(view.plan.title), "page_flags": flag_words(flags)}


def _continued(plan: Plan, request: HttpRequest) -> dict[str, str] | None:
    """The plan that carries this one on, where the viewer may see it."""
    if plan.continued_by is None:
        return None
    try:
        following = seen(plan.continued_by, request.user).plan
    except Http404:
        return None
    return {"id": following.id, "title": said(following.title)}


@action(Action.READ_PLAN)
@told_when_broken
def home_plan(request: HttpRequest) -> HttpResponseBase:
    """Leads to the configured plan."""
    return redirect("living:plan", settings.PLAN)


@action(Action.READ_PLAN)
@told_when_broken
def plan(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    """A plan under its own address."""
    return plan_page(request, plan_id)


@action(Action.READ_PLAN)
@told_when_broken
def home_json(request: HttpRequest) -> HttpResponseBase:
    """States of the configured plan for programs."""
    return plan_json(request, settings.PLAN)


@action(Action.READ_PLAN)
@told_when_broken
def plan_json(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    """States of a plan for programs: ``lantian-states/1``."""
    view = seen(plan_id, request.user)
    document = states_document(view.plan, states_of(view, request.user))
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


@action(Action.READ_PLAN)
@told_when_broken
def article(request: HttpRequest, plan_id: str, n: int) -> HttpResponseBase:
    """One article with everything beside it."""
    view = seen(plan_id, request.user)
    states = states_of(view, request.user)
    numbers = [one.n for one in view.plan.articles]
    if n not in numbers:
        raise Http404(f"article {n}")
    shown = page.article_view(view.plan, view.plan.article(n), states, Filters())
    at = numbers.index(n)
    context = {
        **bar(view, states.articles[n].flags),
        "article": shown,
        "before": page.heading(view.plan.articles[at - 1]) if at else None,
        "after": page.heading(view.plan.articles[at + 1]) if at + 1 < len(numbers) else None,
    }
    return render(request, "living/article.html", context)
