"""Marks and notices: lists with their forms, judging, ending, taking back; and the record of each monitor operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.site import clock, uploads
from lantian.site.access import Action, action
from lantian.site.alarms import acting, lists, marking, selectors
from lantian.site.alarms.asking import attempted, files_of, is_outside, known_outlets, missing, names, viewer
from lantian.site.alarms.forms import EndForm, MarkForm, NoticeForm
from lantian.site.alarms.models import Mark, MarkFamily, MarkState, Notice, NoticeKind
from lantian.site.downloads import xlsx
from lantian.site.intake.models import Upload
from lantian.work.stack_law import factor_name

_LATE = "标记已录入。这一时段的标记期已过，审核认可后才计入。"


@action(Action.READ_ALARMS)
def marks(request: HttpRequest) -> HttpResponseBase:
    """The list of marks, and the form for who may enter one."""
    form = _mark_form(request)
    if request.method == "POST" and form is not None and form.is_valid():
        outlet, by = known_outlets()[form.cleaned_data["outlet"]], viewer(request)
        late = selectors.is_late(form.values["start"], clock.now())
        done = attempted(
            request, _LATE if late else "标记已录入，待审核。标记不改变数值，有关时段将重新判定。",
            lambda: marking.mark(outlet, form.values, by=by, now=clock.now(), files=files_of(request, "evidence"),
                                 entered_for=form.entered_for),
        )  # fmt: skip
        if done:
            return redirect("alarms:marks")
    page = Paginator(lists.marks(request.user, request.GET), 50).get_page(request.GET.get("page"))
    user = viewer(request)
    rows = [(one, factor_name(one.factor) if one.factor else "全部", acting.may(user, Action.PRESS, one.outlet),
             one.state == MarkState.ENTERED and acting.may(user, Action.GIVE_NOTICE, one.outlet),
             selectors.is_late(one.start, one.entered_at)) for one in page]  # fmt: skip
    context = {
        **names(request), "page": page, "rows": rows, "form": form, "asked": request.GET, "states": MarkState.choices,
        "families": MarkFamily.choices, "any": selectors.marks_of(request.user).exists(),
    }  # fmt: skip
    return render(request, "alarms/marks.html", context)


@action(Action.READ_ALARMS)
def marks_xlsx(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    return xlsx(lists.marks_workbook(lists.marks(request.user, request.GET), known_outlets()), "标记.xlsx")


@action(Action.PRESS)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Accepts or rejects a mark."""
    found = get_object_or_404(selectors.marks_of(request.user), pk=pk)
    accepted, reason = request.POST.get("what") == "accept", request.POST.get("reason", "")
    return _did(request, "alarms:marks", "已审核，有关时段将重新判定。",
                lambda: marking.judge(found, accepted, reason, by=viewer(request), now=clock.now()))  # fmt: skip


@action(Action.GIVE_NOTICE)
@require_POST
def withdraw_mark(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a mark back."""
    found = get_object_or_404(selectors.marks_of(request.user), pk=pk)
    reason = request.POST.get("reason", "")
    return _did(request, "alarms:marks", "已撤回，记录保留。",
                lambda: marking.withdraw_mark(found, reason, by=viewer(request), now=clock.now()))  # fmt: skip


@action(Action.READ_ALARMS)
def notices(request: HttpRequest) -> HttpResponseBase:
    """The list of notices, and the form for who may give one."""
    form = _notice_form(request)
    if request.method == "POST" and form is not None and form.is_valid():
        outlet, by = known_outlets()[form.cleaned_data["outlet"]], viewer(request)
        done = attempted(
            request, "已报备。",
            lambda: marking.notice(outlet, form.values, by=by, now=clock.now(), files=files_of(request, "evidence"),
                                   entered_for=form.entered_for),
        )  # fmt: skip
        if done:
            return redirect("alarms:notices")
    now, user = clock.now(), viewer(request)
    page = Paginator(lists.notices(request.user, request.GET, now), 50).get_page(request.GET.get("page"))
    rows = [(one, one.withdrawn_at is None and acting.may(user, Action.GIVE_NOTICE, one.outlet)) for one in page]
    context = {
        **names(request), "page": page, "rows": rows, "form": form, "asked": request.GET, "kinds": NoticeKind.choices,
        "any": selectors.notices_of(request.user).exists(), "now": now,
    }  # fmt: skip
    return render(request, "alarms/notices.html", context)


@action(Action.READ_ALARMS)
def notices_xlsx(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    rows = lists.notices(request.user, request.GET, clock.now())
    return xlsx(lists.notices_workbook(rows, known_outlets()), "报备.xlsx")


@action(Action.GIVE_NOTICE)
@require_POST
def end_notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Records when what was told really ended."""
    found = get_object_or_404(selectors.notices_of(request.user), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        missing(request, form)
        return redirect("alarms:notices")
    ended = form.cleaned_data["ended_at"]
    return _did(request, "alarms:notices", "已登记实际结束时间。",
                lambda: marking.end_notice(found, ended, by=viewer(request), now=clock.now()))  # fmt: skip


@action(Action.GIVE_NOTICE)
@require_POST
def withdraw_notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a notice back."""
    found = get_object_or_404(selectors.notices_of(request.user), pk=pk)
    reason = request.POST.get("reason", "")
    return _did(request, "alarms:notices", "已撤回，记录保留。",
                lambda: marking.withdraw_notice(found, reason, by=viewer(request), now=clock.now()))  # fmt: skip


@action(Action.READ_ALARMS)
def evidence(request: HttpRequest, kind: str, pk: int, file: int) -> HttpResponseBase:
    """A file that came with a mark or a notice."""
    rows: Any = {"mark": selectors.marks_of, "notice": selectors.notices_of}.get(kind)
    if rows is None:
        raise Http404(kind)
    found: Mark | Notice = get_object_or_404(rows(request.user), pk=pk)
    kept: Upload = get_object_or_404(found.files, pk=file)
    try:
        return uploads.download(kept)
    except FileNotFoundError:
        raise Http404 from None


def _mark_form(request: HttpRequest) -> MarkForm | None:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    outlets = _own_outlets(request)
    initial = {name: request.GET[name] for name in ("outlet", "start", "end", "factor") if name in request.GET}
    return MarkForm(outlets, *given, own=is_outside(request), now=clock.now(), initial=initial) if outlets else None


def _notice_form(request: HttpRequest) -> NoticeForm | None:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    outlets = _own_outlets(request)
    initial = {name: request.GET[name] for name in ("outlet",) if name in request.GET}
    return NoticeForm(outlets, *given, own=is_outside(request), initial=initial) if outlets else None


def _own_outlets(request: HttpRequest) -> list[Any]:
    """Outlets this viewer may give notices of, by title."""
    user = viewer(request)
    found = [one for one in selectors.outlets_of(user).values() if acting.may(user, Action.GIVE_NOTICE, one.code)]
    return sorted(found, key=lambda one: one.title)


def _did(request: HttpRequest, page: str, done: str, do: Callable[[], Any]) -> HttpResponseBase:
    attempted(request, done, do)
    return redirect(page)
