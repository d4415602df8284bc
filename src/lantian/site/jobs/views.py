"""The list of jobs, one job with its progress, and its two buttons."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.site import clock
from lantian.site.access import Action, action, scope_of
from lantian.site.jobs import clock_work, services
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.registry import UnknownJobError, kind
from lantian.site.people.models import User


@action(Action.READ_JOBS)
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs, newest first, by state; below them the table of clock work."""
    chosen = request.GET.get("state", "")
    rows = Job.objects.select_related("by").defer("detail", "result")
    if chosen in State.values:
        rows = rows.filter(state=chosen)
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "states": State.choices,
        "chosen": chosen,
        "clock_work": [(work, _label(work.name)) for work in clock_work.table()],
    }
    return render(request, "jobs/jobs.html", context)


@action(Action.READ_JOBS)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; asked for by htmx, only the part that changes."""
    found = get_object_or_404(Job.objects.select_related("by"), pk=pk)
    part = "jobs/_job.html" if getattr(request, "htmx", False) else "jobs/job.html"
    return render(request, part, {"job": found, "may_act": _may_act(request, found)})


@action(Action.READ_JOBS)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a waiting job back; only for who may start such a job."""
    found = _own(request, pk)
    try:
        services.cancel(found, by=_user(request), now=clock.now())
        messages.success(request, f"已取消：{found.label}。")
    except services.JobError as error:
        messages.error(request, str(error))
    return redirect("jobs:job", pk=pk)


@action(Action.READ_JOBS)
@require_POST
def repeat(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Starts the same work again; only for who may start such a job."""
    found = _own(request, pk)
    try:
        again = services.repeat(found, by=_user(request), now=clock.now())
    except services.JobError as error:
        messages.error(request, str(error))
        return redirect("jobs:job", pk=pk)
    return redirect("jobs:job", pk=again.pk)


def _own(request: HttpRequest, pk: int) -> Job:
    found = get_object_or_404(Job, pk=pk)
    if not _may_act(request, found):
        raise PermissionDenied
    return found


def _may_act(request: HttpRequest, found: Job) -> bool:
    try:
        return scope_of(request.user, kind(found.name).needs) is not None
    except UnknownJobError:
        return False


def _label(name: str) -> str:
    try:
        return kind(name).label
    except UnknownJobError:
        return name


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
