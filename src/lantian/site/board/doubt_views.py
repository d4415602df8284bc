"""Reports of doubt about station data: drafted here for the provincial centre, kept, never sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.basis.period import BEIJING, Days, beijing_date
from lantian.render.doubt_report import Doubt, doubt_docx, doubt_text
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.board import selectors, services
from lantian.site.board.deciding_views import withdrawn
from lantian.site.board.doubt_data import doubt_table
from lantian.site.board.forms import DoubtForm
from lantian.site.board.models import DoubtReport
from lantian.site.downloads import DOCX, TEXT, download
from lantian.site.people.models import User
from lantian.work.air_board_text import RULE


@action(Action.READ_BOARD)
def doubts(request: HttpRequest) -> HttpResponse:
    """All drafts, and for who keeps the air the form; what the address gives of it is filled in."""
    given = {name: request.GET[name][:4000] for name in DoubtForm.base_fields if name in request.GET}
    return _page(request, DoubtForm(beijing_date(clock.now()), initial=given), opened=bool(given))


@action(Action.KEEP_AIR)
@require_POST
def record(request: HttpRequest) -> HttpResponseBase:
    """Keeps a draft with the data it comes with."""
    form = DoubtForm(beijing_date(clock.now()), request.POST)
    if not form.is_valid():
        return _page(request, form)
    values = form.cleaned_data
    table, note, simulated = doubt_table(values["stations"], Days(values["first"], values["last"]))
    kept = {**values, "table": table, "table_note": note, "simulated": simulated}
    assert isinstance(request.user, User)
    made = services.record_doubt(kept, by=request.user, now=clock.now())
    messages.success(request, "草稿已留存。本程序不发送，请下载后按程序核稿、签发、报送。")
    return redirect("board:doubt", pk=made.pk)


@action(Action.READ_BOARD)
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft as text."""
    found = get_object_or_404(selectors.doubts(), pk=pk)
    return render(request, "board/doubt.html", {"doubt": found, "text": doubt_text(content(found)), "rule": RULE})


@action(Action.READ_BOARD)
def doubt_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One draft as a Word file or as text."""
    found = get_object_or_404(selectors.doubts(), pk=pk)
    name = f"疑问报告（拟稿） {found.first}"
    if kind == "txt":
        return download(doubt_text(content(found)).encode(), TEXT, f"{name}.txt")
    return download(doubt_docx(content(found)), DOCX, f"{name}.docx")


@action(Action.KEEP_AIR)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a draft back."""
    return withdrawn(request, get_object_or_404(selectors.doubts(), pk=pk), "board:doubts")


def content(found: DoubtReport) -> Doubt:
    """A draft as the documents take it."""
    period = f"{found.first}" if found.first == found.last else f"{found.first} 至 {found.last}"
    return Doubt(
        title="关于监测数据疑问的报告",
        addressee=found.addressee,
        drafted=f"{found.entered_at.astimezone(BEIJING):%Y年%m月%d日}",
        stations=found.stations,
        period=f"{period} {found.hours}".strip(),
        phenomenon=found.phenomenon,
        request=found.request,
        contact=found.contact,
        attachment=found.attachment,
        table=found.table,
        table_note=found.table_note,
        simulated=found.simulated,
    )


def _page(request: HttpRequest, form: DoubtForm, *, opened: bool = False) -> HttpResponse:
    context = {"rows": selectors.doubts(), "form": form, "rule": RULE, "opened": opened}
    return render(request, "board/doubts.html", context)
