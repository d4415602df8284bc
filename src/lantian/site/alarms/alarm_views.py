"""Alarms: the list, one alarm with its evidence and what people did, the frozen cases; a company's own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.basis.period import DAY, beijing_date
from lantian.rulebook.sources import source_text
from lantian.site import clock, uploads
from lantian.site.access import Action, action
from lantian.site.alarms import acting, lists, selectors
from lantian.site.alarms.asking import attempted, is_outside, known_outlets, missing, names, viewer
from lantian.site.alarms.forms import AnswerForm, NoteForm, TransferForm
from lantian.site.alarms.freezing import PURPOSES, content_of, differences
from lantian.site.alarms.jobs import SCREEN, WATCH
from lantian.site.alarms.models import ALIVE, Alarm, AlarmEvent, Cause, FrozenCase, Tier
from lantian.site.alarms.times import beijing
from lantian.site.downloads import xlsx
from lantian.site.jobs.services import start
from lantian.site.stack.places import edition_word
from lantian.site.stack.selectors import visible_outlets
from lantian.stack.alarms import Cause as CauseName
from lantian.stack.alarms import period_of
from lantian.work.stack_law import factor_name
from lantian.work.stack_limits import limit_of

_PAGE = 50


@action(Action.READ_ALARMS)
def alarms(request: HttpRequest) -> HttpResponseBase:
    """The list of alarms; for people of companies what they have to do."""
    if is_outside(request) and not request.GET:
        return render(request, "alarms/company.html", _company(request))
    now = clock.now()
    page = Paginator(lists.alarms(request.user, request.GET, now), _PAGE).get_page(request.GET.get("page"))
    context = {
        **names(request), "page": page, "tiers": Tier.choices, "states": lists.STATES.items(), "causes": Cause.choices,
        "asked": request.GET, "state": request.GET.get("state") or ("all" if request.GET.get("night") else "alive"),
        "any": selectors.alarms(request.user).exists(), "outlets": len(visible_outlets(request.user)),
    }  # fmt: skip
    return render(request, "alarms/alarms.html", context)


@action(Action.READ_ALARMS)
def alarms_xlsx(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    rows = lists.alarms(request.user, request.GET, clock.now())
    return xlsx(lists.alarms_workbook(rows, known_outlets()), "排放口预警.xlsx")


@action(Action.KEEP_STACK)
@require_POST
def look(request: HttpRequest) -> HttpResponseBase:
    """Has the watch look now, with the screening where it is asked for; its progress is on the job's page."""
    name = SCREEN if request.POST.get("screen") else WATCH
    now = clock.now()
    arguments = {"first": (beijing_date(now) - DAY).isoformat()} if name == WATCH else {}
    job = start(name, arguments, by=viewer(request), now=now, unique=f"{name} now")
    return redirect("jobs:job", pk=job.pk)


@action(Action.READ_ALARMS)
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """One alarm: why it stands, how it grew, what was done, what may be done."""
    found = _found(request, pk)
    user = viewer(request)
    may_press, may_answer = (acting.may(user, needed, found.outlet) for needed in (Action.PRESS, Action.ANSWER_PRESS))
    context = {
        **names(request), "alarm": found, "outlet": known_outlets().get(found.outlet),
        "factor": factor_name(found.factor) if found.factor else "",
        "source": source_text(found.evidence.get("source", "")).zh, "unverified": _unverified(found),
        "factors": "、".join(factor_name(one) for one in found.evidence.get("factors", ())),
        "passed": _passed(found), "markable": _markable(found),
        "orders": found.orders.all() if not is_outside(request) else selectors.orders(user).filter(alarms=found),
        "cases": [(case, PURPOSES[case.purpose]) for case in found.frozen.select_related("file", "by", "order")],
        "may_press": may_press, "may_answer": may_answer and found.cause in ("hour", "day", "lost"),
        "answer": AnswerForm(own=is_outside(request)), "note": NoteForm(), "transfer": TransferForm(),
    }  # fmt: skip
    return render(request, "alarms/alarm.html", context)


@action(Action.READ_ALARMS)
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponseBase:
    """Answers, settles, resumes or hands over an alarm; each service checks whose it is."""
    found, by, now = _found(request, pk), viewer(request), clock.now()
    forms = {acting.ANSWER: AnswerForm, acting.SETTLE: NoteForm, acting.RESUME: NoteForm, acting.TRANSFER: TransferForm}
    if what not in forms:
        raise Http404(what)
    more = {"own": is_outside(request)} if what == acting.ANSWER else {}
    form: Any = forms[what](request.POST, **more)
    services: dict[str, Callable[[], object]] = {
        acting.ANSWER: lambda: acting.answer(found, form.cleaned_data["note"], form.entered_for, by=by, now=now),
        acting.SETTLE: lambda: acting.settle(found, form.cleaned_data["note"], by=by, now=now),
        acting.RESUME: lambda: acting.resume(found, form.cleaned_data["note"], by=by, now=now),
        acting.TRANSFER: lambda: acting.transfer(
            found, form.cleaned_data["recipient"], form.cleaned_data["note"], by=by, now=now
        ),
    }
    done = "证据已固定，可下载后按程序移送。" if what == acting.TRANSFER else "已记录。"
    if form.is_valid():
        attempted(request, done, services[what])
    else:
        missing(request, form)
    return redirect("alarms:alarm", pk=pk)


@action(Action.READ_ALARMS)
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A frozen case: whether its file is what was kept, and what stands otherwise now."""
    found = _case(request, pk)
    try:
        content, differs, broken = content_of(found), differences(found), ""
    except FileNotFoundError:
        content, differs, broken = None, [], "证据文件已不在数据目录中，请从备份恢复。"
    except (OSError, ValueError):
        content, differs, broken = None, [], "证据文件与固定时的摘要不一致，请从备份恢复并核查。"
    context = {
        **names(request), "case": found, "purpose": PURPOSES[found.purpose], "content": content, "differs": differs, "broken": broken,
        "editions": "；".join(edition_word(one) for one in content["state"]["editions"]) if content else "",
    }  # fmt: skip
    return render(request, "alarms/case.html", context)


@action(Action.READ_ALARMS)
def case_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a frozen case."""
    try:
        return uploads.download(_case(request, pk).file)
    except FileNotFoundError:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class Passed:
    """One line of what happened to an alarm: by the program (no person), or by somebody."""

    at: datetime
    words: str
    told: str = ""
    event: AlarmEvent | None = None


def _unverified(found: Alarm) -> bool:
    """Whether the limit an alarm rests on has not been checked against its source."""
    outlet = known_outlets().get(found.outlet)
    limit = limit_of(outlet, found.factor, beijing(found.last).date()) if outlet and found.factor else None
    return limit is not None and limit.confidence != "verified"


def _markable(found: Alarm) -> tuple[datetime, datetime] | None:
    """From the first to the end of the last hour whose marking is still open, Beijing time; None where none is."""
    rows = found.evidence.get("hours" if found.cause == "hour" else "days", ())
    starts = [datetime.fromisoformat(start) for start, _, _, state in rows if state == "open"]
    return (min(starts), max(starts) + period_of(cast(CauseName, found.cause))) if starts else None


def _passed(found: Alarm) -> list[Passed]:
    """What the program and people did about an alarm, by time."""
    unit, tiers = "天" if found.cause == "day" else "小时", dict(Tier.choices)
    own = [
        Passed(datetime.fromisoformat(one["at"]), _STEPS[one["step"]], f"{tiers[one['tier']]}，{one['hours']} {unit}")
        for one in found.history
    ]
    theirs = [
        Passed(beijing(event.at), acting.KINDS.get(event.kind, event.kind), event.note, event)
        for event in found.events.select_related("by")
    ]
    return sorted([*own, *theirs], key=lambda one: one.at)


_STEPS = {"raised": "发出", "grown": "更新", "ended": "原因已消除", "dropped": "解除：标记或复核后不再成立"}


def _company(request: HttpRequest) -> dict[str, Any]:
    """What people of a company have to do now."""
    user = viewer(request)
    mine = selectors.orders(user)
    rows = selectors.alarms(user)
    return {
        **names(request),
        "orders": mine.filter(state__in=("sent", "received", "returned")).order_by("due_on", "pk"),
        "others": mine.exclude(state__in=("sent", "received", "returned"))[:10],
        "alarms": rows.filter(state__in=ALIVE),
        "past": rows.exclude(state__in=ALIVE)[:5],
        "marks": selectors.marks_of(user)[:5],
        "notices": selectors.notices_of(user).filter(withdrawn_at=None)[:5],
        "outlets": visible_outlets(user),
    }


def _found(request: HttpRequest, pk: int) -> Alarm:
    return get_object_or_404(selectors.alarms(request.user), pk=pk)


def _case(request: HttpRequest, pk: int) -> FrozenCase:
    """A case of an alarm this viewer may read; not for who runs the outlet."""
    if is_outside(request):
        raise Http404(pk)
    rows = FrozenCase.objects.filter(alarm__in=selectors.alarms(request.user)).select_related(
        "file", "by", "alarm", "order"
    )
    return get_object_or_404(rows, pk=pk)
