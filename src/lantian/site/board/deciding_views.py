"""Recorded bases and days taken out: lists, entry, paste, withdrawal, files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.air.item import PRINTED
from lantian.basis.finding import Finding, Refusal
from lantian.basis.period import beijing_date
from lantian.site import clock, configured, uploads
from lantian.site.access import Action, action
from lantian.site.board import exports, selectors, services
from lantian.site.board.forms import (
    DecisionForm,
    ExcludedFileForm,
    ExcludedForm,
    ExcludedPasteForm,
    ReasonForm,
    subject_name,
)
from lantian.site.board.models import Kept
from lantian.site.board.pasted import pasted_rows
from lantian.site.downloads import xlsx
from lantian.site.people.models import User
from lantian.work.air_basis import basis_words


@action(Action.READ_BOARD)
def basis(request: HttpRequest) -> HttpResponse:
    """All recorded bases, and for who may decide the form."""
    return _basis_page(request, DecisionForm(configured.plan(), _today(), initial={"decimals": 0}))


@action(Action.DECIDE_BASIS)
@require_POST
def record_basis(request: HttpRequest) -> HttpResponseBase:
    """Records a decision."""
    form = DecisionForm(configured.plan(), _today(), request.POST)
    if not form.is_valid():
        return _basis_page(request, form)
    made = services.record_decision(form.cleaned_data, by=_user(request), now=clock.now())
    messages.success(request, f"已登记。即日起“{subject_name(configured.plan(), made.subject)}”按此口径计算。")
    return redirect("board:basis")


@action(Action.READ_BOARD)
def basis_file(request: HttpRequest) -> HttpResponse:
    """All recorded bases as a workbook."""
    plan = configured.plan()
    return xlsx(exports.decisions_workbook(plan, selectors.decisions(plan.id)), "口径决定.xlsx")


@action(Action.READ_BOARD)
def excluded(request: HttpRequest) -> HttpResponse:
    """All days taken out, and for who may decide the forms."""
    return _excluded_page(request, _excluded_form(), ExcludedPasteForm())


@action(Action.DECIDE_BASIS)
@require_POST
def record_excluded(request: HttpRequest) -> HttpResponseBase:
    """Records days taken out."""
    form = ExcludedForm(configured.plan(), _today(), request.POST)
    if not form.is_valid():
        return _excluded_page(request, form, ExcludedPasteForm())
    by, now = _user(request), clock.now()
    try:
        scan = request.FILES.get("file")
        with transaction.atomic():  # a scan of days that were refused is not kept
            file = uploads.keep(scan, uploads.EVIDENCE, by=by, now=now) if scan else None
            services.record_excluded([form.cleaned_data], by=by, now=now, file=file)
    except (services.BoardError, Refusal) as error:
        form.add_error(None, str(error))
        return _excluded_page(request, form, ExcludedPasteForm())
    messages.success(request, "已登记。口径为“扣除沙尘”的目标和月报从现在起按此计算，其余不变。")
    return redirect("board:excluded")


@action(Action.DECIDE_BASIS)
@require_POST
def paste_excluded(request: HttpRequest) -> HttpResponseBase:
    """Records several days taken out from a pasted table; all rows or none."""
    form, faults = ExcludedPasteForm(request.POST), list[Finding]()
    if form.is_valid():
        try:
            rows = pasted_rows(form.cleaned_data["text"], configured.plan(), _today())
            made = services.record_excluded(rows, by=_user(request), now=clock.now())
        except Refusal as refusal:
            faults = list(refusal.findings)
        except services.BoardError as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, f"已登记 {len(made)} 条。")
            return redirect("board:excluded")
    return _excluded_page(request, _excluded_form(), form, faults)


@action(Action.READ_BOARD)
def excluded_file(request: HttpRequest) -> HttpResponse:
    """All days taken out as a workbook."""
    return xlsx(exports.excluded_workbook(selectors.excluded()), "扣除日.xlsx")


@action(Action.DECIDE_BASIS)
@require_POST
def withdraw_basis(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a decision back; the one before it holds again, else the default."""
    return withdrawn(request, get_object_or_404(selectors.decisions(configured.plan().id), pk=pk), "board:basis")


@action(Action.DECIDE_BASIS)
@require_POST
def withdraw_excluded(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes days taken out back: they count again."""
    return withdrawn(request, get_object_or_404(selectors.excluded(), pk=pk), "board:excluded")


def withdrawn(request: HttpRequest, one: Kept, back: str) -> HttpResponseBase:
    """Withdraws a record with the reason given, and goes back to its list."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"没有撤回：{form.errors['reason'][0]}")
        return redirect(back)
    try:
        services.withdraw(one, form.cleaned_data["reason"], by=_user(request), now=clock.now())
    except services.BoardError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已撤回，记录保留。")
    return redirect(back)


def _basis_page(request: HttpRequest, form: DecisionForm) -> HttpResponse:
    plan = configured.plan()
    rows = [
        (row, subject_name(plan, row.subject), basis_words(selectors.basis_of(row)).zh)
        for row in selectors.decisions(plan.id)
    ]
    held: set[str] = set()
    marked = []
    for row, name, words in rows:
        in_force = not row.is_withdrawn and row.subject not in held
        held |= {row.subject} if in_force else set()
        marked.append((row, name, words, in_force))
    return render(request, "board/basis.html", {"rows": marked, "form": form})


def _excluded_page(
    request: HttpRequest, form: ExcludedForm, paste: ExcludedPasteForm, faults: Sequence[Finding] = ()
) -> HttpResponse:
    context = {
        "rows": [(row, "、".join(PRINTED[item] for item in row.items)) for row in selectors.excluded()],
        "form": form,
        "file_form": ExcludedFileForm(),
        "paste": paste,
        "faults": faults,
    }
    return render(request, "board/excluded.html", context)


def _excluded_form() -> ExcludedForm:
    return ExcludedForm(configured.plan(), _today())


def _today() -> date:
    return beijing_date(clock.now())


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the actions of this module are nobody else's
    return request.user
