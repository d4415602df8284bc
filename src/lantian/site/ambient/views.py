"""Pages of ambient air."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.site.access import Action, action


@action(Action.READ_AIR)
def ambient(request: HttpRequest) -> HttpResponse:
    """The entrance."""
    return render(request, "ambient/ambient.html")
