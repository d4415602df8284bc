"""A plan whose files are broken: who works here reads which file and line, everyone else that it is being repaired."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from lantian.rulebook import RulebookError
from lantian.site import access

View = Callable[..., HttpResponseBase]


def told_when_broken(view: View) -> View:
    """The view, answering 503 with what is broken and where, instead of failing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except RulebookError as error:
            staff = not access.reads_released_only(request.user)
            context = {"findings": error.findings if staff else ()}
            return render(request, "living/broken.html", context, status=503)

    return guarded
