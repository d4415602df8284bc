"""Press orders: the list, a draft, one order with its steps, the order as a document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian import rulebook
from lantian.basis.period import beijing_date
from lantian.render.press_docx import press_docx, press_text
from lantian.site import clock, uploads
from lantian.site.access import Action, action
from lantian.site.alarms import acting, lists, pressing, selectors
from lantian.site.alarms.asking import attempted, files_of, known_outlets, missing, names, viewer
from lantian.site.alarms.documents import fact_words, sheet_of
from lantian.site.alarms.forms import OrderForm, SendForm, StepForm
from lantian.site.alarms.models import Alarm, OrderState, PressEvent, PressOrder
from lantian.site.alarms.times import beijing
from lantian.site.alarms.transitions import STEPS, Days, Step, steps_from
from lantian.site.downloads import DOCX, TEXT, download, xlsx
from lantian.site.intake.models import Upload
from lantian.store.stack.outlets import Outlet

_DEMANDS = "1. 立即核查原因，采取措施，确保污染物达标排放和自动监测设备正常运行。\n2. 在期限内报送书面说明，附运行记录、校准维护记录等佐证材料。"


@action(Action.READ_ALARMS)
def orders(request: HttpRequest) -> HttpResponse:
    """The list of press orders."""
    today = beijing_date(clock.now())
    page = Paginator(lists.orders(request.user, request.GET, today), 50).get_page(request.GET.get("page"))
    context = {
        **names(request), "page": page, "states": lists.ORDER_STATES.items(), "asked": request.GET,
        "state": request.GET.get("state") or "open", "any": selectors.orders(request.user).exists(),
        "outlets": sorted(selectors.outlets_of(request.user).values(), key=lambda one: one.title),
    }  # fmt: skip
    return render(request, "alarms/orders.html", context)


@action(Action.READ_ALARMS)
def orders_xlsx(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    today = beijing_date(clock.now())
    rows = lists.orders(request.user, request.GET, today)
    return xlsx(lists.orders_workbook(rows, known_outlets(), today), "督办单.xlsx")


@action(Action.PRESS)
def draft(request: HttpRequest) -> HttpResponseBase:
    """Drafts an order from alarms (?alarm=1&alarm=2, all of one company) or by hand about an outlet (?outlet=code)."""
    found = _alarms_asked(request)
    outlets = _outlets_asked(request, found)
    found = [one for one in found if one.outlet in {outlet.code for outlet in outlets}]
    now = clock.now()
    today = beijing_date(now)
    user = viewer(request)
    if not all(acting.may(user, Action.PRESS, one.code) for one in outlets):
        raise PermissionDenied
    days = rulebook.fill(Days, today)
    first = outlets[0]
    initial = {
        "title": f"关于{first.company}在线监测异常的督办单", "facts": "\n".join(fact_words(one) for one in found),
        "demands": _DEMANDS, "answer_by": today + timedelta(days=days.receive_days + days.explain_days),
    }  # fmt: skip
    form = OrderForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        made = pressing.draft(
            form.cleaned_data, found, company=first.company, operator=first.operator, region=first.region,
            outlets=[one.code for one in outlets], simulated=any(one.simulated for one in outlets), by=user, now=now,
        )  # fmt: skip
        return redirect("alarms:order", pk=made.pk)
    context = {**names(request), "form": form, "alarms": found, "outlets": outlets, "company": first.company}
    return render(request, "alarms/draft.html", context)


@action(Action.READ_ALARMS)
def order(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One order: what it says, each of its steps with time, and the steps that may be taken now."""
    found, user = _found(request, pk), viewer(request)
    today = beijing_date(clock.now())
    may_change = found.state == OrderState.DRAFTED and pressing.may_step(user, STEPS["send"], found)
    form = None
    if may_change:
        initial = {name: getattr(found, name) for name in pressing.WRITTEN}
        form = OrderForm(request.POST or None, initial=initial, today=today)
        if request.method == "POST" and form.is_valid():
            values, version = form.cleaned_data, _version(request)
            attempted(
                request, "已保存。", lambda: pressing.change(found, values, version=version, by=user, now=clock.now())
            )
            return redirect("alarms:order", pk=pk)
    return _page(request, found, form)


def _page(
    request: HttpRequest, found: PressOrder, form: Any = None, refused: tuple[str, Any] | None = None
) -> HttpResponse:
    """The page of an order; ``refused``: a step that could not be taken, with the form as it was filled in."""
    user, today = viewer(request), beijing_date(clock.now())
    mine = [step for step in steps_from(found.state) if pressing.may_step(user, step, found)]
    forms = {step.name: _form_of(step, found, user) for step in mine} | (dict([refused]) if refused else {})
    last = pressing.last_step(found)
    context = {
        **names(request), "order": found, "overdue": pressing.is_overdue(found, today), "form": form,
        "steps": [(step, forms[step.name]) for step in mine],
        "events": [(event, STEPS[event.step]) for event in _events(found)],
        "may_take_back": last is not None and pressing.may_take_back(last, user), "last": last and STEPS[last.step],
        "alarms": selectors.alarms(user).filter(orders=found),
        "cases": found.frozen.select_related("file", "alarm"), "text": press_text(sheet_of(found)),
    }  # fmt: skip
    return render(request, "alarms/order.html", context)


@action(Action.READ_ALARMS)
@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Takes a step; the service checks whose it is."""
    found, user = _found(request, pk), viewer(request)
    if name not in STEPS:
        raise Http404(name)
    taken = STEPS[name]
    form: Any = _form_of(taken, found, user, request)
    if not form.is_valid():
        missing(request, form)
        return _page(request, found, refused=(name, form))
    values, version = form.cleaned_data, _version(request)

    def do() -> None:
        given: dict[str, Any] = {"note": values.get("note", "")}
        if name == "send":
            given["issued"] = {**values, "scan": next(iter(files_of(request, "scan")), None)}
        else:
            given["files"] = files_of(request, "evidence")
            given["marks"] = list(selectors.marks_of(user).filter(pk__in=values.get("marks") or []))
            given["entered_for"] = form.entered_for
        pressing.take(found, name, version=version, by=user, now=clock.now(), **given)

    if not attempted(request, f"已记录：{taken.words}。", do):
        return _page(request, _found(request, pk), refused=(name, form))
    return redirect("alarms:order", pk=pk)


@action(Action.READ_ALARMS)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes the last step back."""
    found, user, version = _found(request, pk), viewer(request), _version(request)
    attempted(request, "已收回上一步。", lambda: pressing.take_back(found, version=version, by=user, now=clock.now()))
    return redirect("alarms:order", pk=pk)


@action(Action.READ_ALARMS)
def document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The order as a Word file or as text."""
    found = _found(request, pk)
    name = f"督办单 {found.company} {found.number}".strip()
    if kind == "txt":
        return download(press_text(sheet_of(found)).encode(), TEXT, f"{name}.txt")
    if kind == "docx":
        return download(press_docx(sheet_of(found)), DOCX, f"{name}.docx")
    raise Http404(kind)


@action(Action.READ_ALARMS)
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file of one of an order's steps, or its scan."""
    found = _found(request, pk)
    kept = Upload.objects.filter(pk__in=[*found.events.values_list("files", flat=True), found.scan_id])
    try:
        return uploads.download(get_object_or_404(kept, pk=file))
    except FileNotFoundError:
        raise Http404 from None


def _form_of(taken: Step, found: PressOrder, user: Any, request: HttpRequest | None = None) -> Any:
    data, files = (request.POST, request.FILES) if request is not None else (None, None)
    if taken.name == "send":
        return SendForm(data, files, initial={"issued_on": beijing_date(clock.now())})
    own = not taken.outside or pressing.speaks_for_itself(user)
    marks = (
        selectors.marks_of(user).filter(outlet__in=found.outlets).exclude(state="withdrawn")[:30]
        if taken.outside and taken.noted
        else ()
    )
    choices = [(one.pk, f"{one.label} {beijing(one.start):%m-%d %H:%M} 至 {beijing(one.end):%m-%d %H:%M}")
               for one in marks]  # fmt: skip
    return StepForm(
        data, files, own=own, noted=taken.noted, marks=choices, attached=taken.noted, auto_id=f"id_{taken.name}_%s"
    )


def _events(found: PressOrder) -> list[PressEvent]:
    return list(found.events.select_related("by").prefetch_related("files", "marks"))


def _alarms_asked(request: HttpRequest) -> list[Alarm]:
    keys = [int(text) for text in request.GET.getlist("alarm") if text.isdecimal()]
    return list(selectors.alarms(request.user).filter(pk__in=keys).order_by("outlet", "first")) if keys else []


def _outlets_asked(request: HttpRequest, found: list[Alarm]) -> list[Outlet]:
    """Outlets of the alarms, or the one named; those of the first one's company.

    Errors  Http404 where there are none
    """
    visible = selectors.outlets_of(request.user)
    codes = list(dict.fromkeys([*(one.outlet for one in found), *request.GET.getlist("outlet")]))
    outlets = [visible[code] for code in codes if code in visible]
    if not outlets:
        raise Http404("no outlet is named")
    return [one for one in outlets if one.company == outlets[0].company]


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else -1


def _found(request: HttpRequest, pk: int) -> PressOrder:
    return get_object_or_404(selectors.orders(request.user), pk=pk)
