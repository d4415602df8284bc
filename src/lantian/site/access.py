"""Who may do what: one table (role × action → scope), and the decorator by which each view declares its action.

Scopes: ``released`` (what anyone may read) · ``own_company`` · ``own_county`` · ``own_body`` · ``all``.
A selector takes the viewer and filters by ``scope_of``; a URL without a declared action fails a test.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Role(StrEnum):
    """Roles as people in the office name them."""

    PUBLIC = "public"
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    DUTY_OFFICER = "duty_officer"
    BODY_OFFICER = "body_officer"
    COUNTY_OFFICER = "county_officer"
    LEADER = "leader"
    COMPANY_OFFICER = "company_officer"
    MONITOR_OPERATOR = "monitor_operator"


ROLE_NAMES = {
    Role.ADMINISTRATOR: "系统管理员",
    Role.COORDINATOR: "市局统筹人员",
    Role.DUTY_OFFICER: "值班人员",
    Role.BODY_OFFICER: "部门联络员",
    Role.COUNTY_OFFICER: "县（市）区联络员",
    Role.LEADER: "领导（只读）",
    Role.COMPANY_OFFICER: "企业环保人员",
    Role.MONITOR_OPERATOR: "运维单位人员",
}
OUTSIDE = frozenset({Role.COMPANY_OFFICER, Role.MONITOR_OPERATOR})  # people of companies, not of the office


class Scope(StrEnum):
    """How far an action reaches."""

    RELEASED = "released"
    OWN_COMPANY = "own_company"
    OWN_COUNTY = "own_county"
    OWN_BODY = "own_body"
    ALL = "all"


class Action(StrEnum):
    """Everything a view can do."""

    READ_PLAN = "read_plan"
    SIGN_IN = "sign_in"
    OWN_ACCOUNT = "own_account"
    READ_DESK = "read_desk"
    KEEP_DESK = "keep_desk"
    READ_FACTS = "read_facts"
    ENTER_FACTS = "enter_facts"
    REVIEW_FACTS = "review_facts"
    READ_YEAR = "read_year"
    EDIT_YEAR = "edit_year"
    READ_AIR = "read_air"
    KEEP_AIR = "keep_air"
    READ_BOARD = "read_board"
    DECIDE_BASIS = "decide_basis"
    IMPORT_AIR = "import_air"
    IMPORT_PLAN = "import_plan"
    READ_STACK = "read_stack"
    KEEP_STACK = "keep_stack"
    READ_ALARMS = "read_alarms"
    PRESS = "press"
    ANSWER_PRESS = "answer_press"
    GIVE_NOTICE = "give_notice"
    READ_JOBS = "read_jobs"
    READ_JOURNAL = "read_journal"
    MANAGE_USERS = "manage_users"


_ALL = dict.fromkeys(Action, Scope.ALL)
_READ = {
    Action.READ_PLAN: Scope.RELEASED,
    Action.SIGN_IN: Scope.RELEASED,
}
_STAFF = {
    **_READ,
    Action.OWN_ACCOUNT: Scope.ALL,
    Action.READ_PLAN: Scope.ALL,
    Action.READ_DESK: Scope.ALL,
    Action.READ_FACTS: Scope.ALL,
    Action.READ_YEAR: Scope.ALL,
    Action.READ_AIR: Scope.ALL,
    Action.READ_BOARD: Scope.ALL,
    Action.READ_STACK: Scope.ALL,
    Action.READ_ALARMS: Scope.ALL,
    Action.READ_JOBS: Scope.ALL,
}
_OWN_OUTLETS = {  # a company its outlets, a monitor operator those it looks after
    **_READ,
    Action.OWN_ACCOUNT: Scope.ALL,
    Action.READ_STACK: Scope.OWN_COMPANY,
    Action.READ_ALARMS: Scope.OWN_COMPANY,
    Action.ANSWER_PRESS: Scope.OWN_COMPANY,
    Action.GIVE_NOTICE: Scope.OWN_COMPANY,
}

TABLE: dict[Role, dict[Action, Scope]] = {
    Role.PUBLIC: _READ,
    Role.ADMINISTRATOR: _ALL,
    Role.COORDINATOR: {a: s for a, s in _ALL.items() if a is not Action.MANAGE_USERS},
    Role.DUTY_OFFICER: {
        **_STAFF,
        Action.KEEP_DESK: Scope.ALL,
        Action.KEEP_AIR: Scope.ALL,
        Action.IMPORT_AIR: Scope.ALL,
        Action.KEEP_STACK: Scope.ALL,
        Action.PRESS: Scope.ALL,
        Action.ANSWER_PRESS: Scope.ALL,
        Action.GIVE_NOTICE: Scope.ALL,
    },
    Role.BODY_OFFICER: {**_STAFF, Action.ENTER_FACTS: Scope.OWN_BODY},
    Role.COUNTY_OFFICER: {
        **_STAFF,
        Action.ENTER_FACTS: Scope.OWN_COUNTY,
        Action.READ_STACK: Scope.OWN_COUNTY,
        Action.READ_ALARMS: Scope.OWN_COUNTY,
        Action.PRESS: Scope.OWN_COUNTY,
        Action.ANSWER_PRESS: Scope.OWN_COUNTY,
    },
    Role.LEADER: {**_STAFF, Action.READ_JOURNAL: Scope.ALL},
    Role.COMPANY_OFFICER: _OWN_OUTLETS,
    Role.MONITOR_OPERATOR: _OWN_OUTLETS,
}


def role_of(viewer: Any) -> Role:
    """Role of a viewer; who is not signed in, or signed off, is the public."""
    if viewer is None or isinstance(viewer, AnonymousUser) or not viewer.is_authenticated or not viewer.is_active:
        return Role.PUBLIC
    return Role(viewer.role)


def scope_of(viewer: Any, action: Action) -> Scope | None:
    """How far this viewer's action reaches, or None where it is not allowed."""
    return TABLE[role_of(viewer)].get(action)


def reads_released_only(viewer: Any) -> bool:
    """Whether this viewer of the plan sees what anyone sees: the public, and people of companies."""
    return scope_of(viewer, Action.READ_PLAN) is Scope.RELEASED


class Permissions:
    """For templates: ``{% if may.edit_year %}``."""

    def __init__(self, viewer: Any) -> None:
        self._viewer = viewer

    def __getitem__(self, name: str) -> bool:
        return scope_of(self._viewer, Action(name)) is not None


def action(needed: Action) -> Callable[[View], View]:
    """Decorator: the view does ``needed``; who may not is asked to sign in, or refused where already signed in."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if scope_of(request.user, needed) is None:
                if request.user.is_authenticated:
                    raise PermissionDenied
                from django.contrib.auth.views import (
                    redirect_to_login,  # it needs the users' model, which needs this module
                )

                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            return view(request, *args, **kwargs)

        guarded.action = needed  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare
