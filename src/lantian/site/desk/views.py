"""The duty desk's pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.site.access import Action, action


@action(Action.READ_DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """The duty desk: one screen for the person on duty."""
    return render(request, "desk/desk.html")
