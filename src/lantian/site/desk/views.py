"""The desk itself, its log, and the hand-over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.site import clock, configured
from lantian.site.access import Action, action
from lantian.site.desk import selectors
from lantian.site.desk.forms import HandOverForm, LogForm, ReasonForm
from lantian.site.desk.models import HandOver, LogEntry
from lantian.site.desk.screen import screen
from lantian.site.desk.services import log as services
from lantian.site.people.models import User


@action(Action.READ_DESK)
def desk(request: HttpRequest) -> HttpResponse:
    """The duty desk: one screen for the person on duty."""
    return render(request, "desk/desk.html", {"screen": screen(viewer(request), clock.now())})


@action(Action.READ_DESK)
def log(request: HttpRequest) -> HttpResponse:
    """The whole log, open matters first, with the forms to write and to hand over."""
    region = configured.plan().region
    entries = selectors.notes(region)
    text = request.GET.get("q", "").strip()
    if text:
        entries = entries.filter(text__contains=text)
    if request.GET.get("matters"):
        entries = entries.filter(is_matter=True)
    context = {
        "page": Paginator(entries, 50).get_page(request.GET.get("page")),
        "matters": selectors.open_matters(region),
        "hand_over": selectors.waiting_hand_over(region),
        "hand_overs": HandOver.objects.filter(region=region).select_related("giver", "taker")[:10],
        "text": text,
        "only_matters": request.GET.get("matters"),
        "log_form": LogForm(),
        "hand_over_form": HandOverForm(giver=viewer(request)),
    }
    return render(request, "desk/log.html", context)


@action(Action.KEEP_DESK)
@require_POST
def write_entry(request: HttpRequest) -> HttpResponseBase:
    """Writes a note."""
    form = LogForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        services.write_entry(values["text"], is_matter=values["is_matter"], by=viewer(request), now=clock.now())
        messages.success(request, "已记入值班日志。")
    else:
        messages.error(request, "没有记入：内容不能为空，也不能超过 2000 字。")
    return back(request)


@action(Action.KEEP_DESK)
@require_POST
def strike(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Strikes a note through."""
    return _with_reason(request, pk, services.strike, "已划去，原文仍可查看。", "请写明划去的原因。")


@action(Action.KEEP_DESK)
@require_POST
def close_matter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Closes a matter."""
    return _with_reason(request, pk, services.close_matter, "已办结。", "请写明办理情况。")


@action(Action.KEEP_DESK)
@require_POST
def reopen_matter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Opens a closed matter again."""
    entry = get_object_or_404(LogEntry, pk=pk, region=configured.plan().region)
    _attempt(request, "已恢复为待办。", lambda: services.reopen_matter(entry, by=viewer(request), now=clock.now()))
    return back(request)


@action(Action.KEEP_DESK)
@require_POST
def hand_over(request: HttpRequest) -> HttpResponseBase:
    """Hands the duty over."""
    form = HandOverForm(request.POST, giver=viewer(request))
    if not form.is_valid():
        messages.error(request, "没有交班：请选择接班人。名单里没有的人，请系统管理员先建立“值班人员”账号。")
        return redirect("desk:log")
    values, by = form.cleaned_data, viewer(request)
    _attempt(
        request,
        f"已交班给 {values['taker'].name}，等待对方确认。",
        lambda: services.hand_over(values["taker"], values["note"], by=by, now=clock.now()),
    )
    return redirect("desk:log")


@action(Action.KEEP_DESK)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Accepts a hand-over."""
    given = get_object_or_404(HandOver, pk=pk, region=configured.plan().region)
    _attempt(request, "已接班。", lambda: services.accept(given, by=viewer(request), now=clock.now()))
    return back(request)


@action(Action.KEEP_DESK)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a hand-over back."""
    given = get_object_or_404(HandOver, pk=pk, region=configured.plan().region)
    _attempt(request, "已撤回交班。", lambda: services.withdraw(given, by=viewer(request), now=clock.now()))
    return back(request)


def _with_reason(request: HttpRequest, pk: int, do: Callable[..., None], done: str, missing: str) -> HttpResponseBase:
    entry = get_object_or_404(LogEntry, pk=pk, region=configured.plan().region)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, missing)
    else:
        reason, by = form.cleaned_data["reason"], viewer(request)
        _attempt(request, done, lambda: do(entry, reason, by=by, now=clock.now()))
    return back(request)


def _attempt(request: HttpRequest, done: str, do: Callable[[], Any]) -> None:
    try:
        do()
    except services.LogError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


def back(request: HttpRequest) -> HttpResponseBase:
    """To the page the form stood on: the desk or the log."""
    return redirect("desk:desk" if request.POST.get("from") == "desk" else "desk:log")


def viewer(request: HttpRequest) -> User:
    """The user signed in; views of the desk are never open to others."""
    assert isinstance(request.user, User)
    return request.user
