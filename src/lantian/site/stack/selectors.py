"""What a viewer may read of outlets: all, those of the county, or those a company runs or looks after."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from lantian.site.access import Action, Scope, scope_of
from lantian.site.stack.models import Outlet
from lantian.store.stack import outlets as published


def register_of(viewer: Any) -> QuerySet[Outlet]:
    """Rows of the register this viewer may read."""
    scope = scope_of(viewer, Action.READ_STACK)
    if scope is Scope.ALL:
        return Outlet.objects.all()
    if scope is Scope.OWN_COUNTY and viewer.county:
        return Outlet.objects.filter(region=viewer.county)
    if scope is Scope.OWN_COMPANY and viewer.company:
        return Outlet.objects.filter(Q(company=viewer.company) | Q(operator=viewer.company))
    return Outlet.objects.none()


def visible_outlets(viewer: Any) -> list[published.Outlet]:
    """Published outlets this viewer may read, by code."""
    scope = scope_of(viewer, Action.READ_STACK)
    return [one for one in published.outlets(settings.DATA) if within(one, viewer, scope)]


def within(outlet: published.Outlet, viewer: Any, scope: Scope | None) -> bool:
    """Whether an outlet lies within a scope of a viewer."""
    if scope is Scope.OWN_COUNTY:
        return bool(viewer.county) and outlet.region == viewer.county
    if scope is Scope.OWN_COMPANY:
        return bool(viewer.company) and viewer.company in (outlet.company, outlet.operator)
    return scope is Scope.ALL
