"""What the views of alarms share: who asks, names of outlets and counties, files handed in, a change attempted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from lantian.basis.finding import Refusal
from lantian.basis.period import beijing_date
from lantian.site import clock, configured, uploads
from lantian.site.access import Action, Scope, scope_of
from lantian.site.alarms.acting import AlarmError
from lantian.site.intake.models import Upload
from lantian.site.people.models import User
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.outlets import outlets as published


def viewer(request: HttpRequest) -> User:
    """The user signed in; views of alarms are never open to others."""
    assert isinstance(request.user, User)
    return request.user


def is_outside(request: HttpRequest) -> bool:
    """Whether the viewer is of a company or a monitor operator."""
    return scope_of(request.user, Action.READ_ALARMS) is Scope.OWN_COMPANY


def known_outlets() -> Mapping[str, Outlet]:
    """All published outlets by code, to name what a viewer may read anyway."""
    return {one.code: one for one in published(settings.DATA)}


def names(request: HttpRequest) -> dict[str, Any]:
    """Names for templates: outlets by code, counties; whether the viewer stands outside the office."""
    return {
        "titles": {code: one.title for code, one in known_outlets().items()},
        "counties": {county.code: county.zh for county in configured.plan().counties},
        "outside": is_outside(request),
        "today": beijing_date(clock.now()),
    }


def files_of(request: HttpRequest, name: str) -> list[Upload]:
    """The files of a field, kept.

    Errors  Refusal where one cannot be taken
    """
    by, now = viewer(request), clock.now()
    return [uploads.keep(one, uploads.EVIDENCE, by=by, now=now) for one in request.FILES.getlist(name)]


def attempted(request: HttpRequest, done: str, do: Callable[[], Any]) -> bool:
    """Whether a change was made; its outcome is said on the next page."""
    try:
        do()
    except (AlarmError, Refusal) as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


def missing(request: HttpRequest, form: Any) -> None:
    """Says on the next page what a form lacks."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"没有保存。{label}：{errors[0]}" if label else f"没有保存。{errors[0]}")
