"""Monthly bulletins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.site.access import Action, action


@action(Action.READ_AIR)
def bulletin(request: HttpRequest) -> HttpResponse:
    """The months there are."""
    return render(request, "bulletin/bulletin.html")
