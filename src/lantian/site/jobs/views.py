"""Pages of this desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.site.access import Action, action


@action(Action.READ_JOBS)
def jobs(request: HttpRequest) -> HttpResponse:
    """The desk's first page."""
    return render(request, "jobs/jobs.html")
