"""The living plan for everyone: annotated edition, one article, one target, the why of a number, states for programs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from lantian.site.access import Action, action


def plan_page(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    """The annotated edition of a plan."""
    return HttpResponse(plan_id)


@action(Action.READ_PLAN)
def home_plan(request: HttpRequest) -> HttpResponseBase:
    """Leads to the configured plan."""
    return redirect("living:plan", settings.PLAN)


@action(Action.READ_PLAN)
def plan(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    return plan_page(request, plan_id)


@action(Action.READ_PLAN)
def home_json(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse("{}")


@action(Action.READ_PLAN)
def plan_json(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    return HttpResponse("{}")


@action(Action.READ_PLAN)
def article(request: HttpRequest, plan_id: str, n: int) -> HttpResponseBase:
    return HttpResponse(plan_id)


@action(Action.READ_PLAN)
def target(request: HttpRequest, plan_id: str, target_id: str) -> HttpResponseBase:
    return HttpResponse(plan_id)


@action(Action.READ_PLAN)
def target_file(request: HttpRequest, plan_id: str, target_id: str, name: str, kind: str) -> HttpResponseBase:
    return HttpResponse(plan_id)


@action(Action.READ_PLAN)
def why(request: HttpRequest, plan_id: str, subject: str) -> HttpResponseBase:
    return HttpResponse(plan_id)
