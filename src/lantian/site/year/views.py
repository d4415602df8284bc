"""Pages of the year: overview, one row with its correction and history, one task with its steps, exports."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian import rulebook
from lantian.basis.finding import Refusal
from lantian.rulebook import Plan, RulebookError
from lantian.site import clock, uploads
from lantian.site.access import Action, Scope, action, scope_of
from lantian.site.downloads import xlsx
from lantian.site.intake.models import Upload
from lantian.site.journal.models import Entry
from lantian.site.people.models import User
from lantian.site.year import overview, selectors, services, task_states
from lantian.site.year.columns import COLUMNS, COMPARATORS, KINDS, lists
from lantian.site.year.forms import RowForm, cells_of, initial
from lantian.site.year.models import TaskState, YearTask

TASKS_A_PAGE = 200


@action(Action.READ_YEAR)
def year(request: HttpRequest) -> HttpResponseBase:
    """The configured plan's year in which its facts stand."""
    return redirect("year:overview", plan_id=settings.PLAN, number=clock.as_of().year)


@action(Action.READ_YEAR)
def overview_page(request: HttpRequest, plan_id: str, number: int, kind: str = "target") -> HttpResponse:
    """Targets, tasks or shares of one year."""
    plan, kind = plan_or_404(plan_id), known(kind)
    context: dict[str, Any] = frame(plan, number, kind)
    if kind == "target":
        context["lines"] = overview.target_lines(plan, number)
        context["issued"] = sum(1 for line in context["lines"] if line.city and not line.same)
    elif kind == "share":
        context |= {"tables": overview.share_tables(plan, number), "signs": COMPARATORS}
    else:
        chosen = {key: request.GET.get(key, "") for key in ("body", "state", "q")}
        found = overview.task_rows(plan, number, chosen, clock.duty_day(plan.id))
        context |= found | {
            "page": Paginator(found["tasks"], TASKS_A_PAGE).get_page(request.GET.get("page")),
            "chosen": chosen,
            "heads": [label for _, label in TaskState.choices],
            "names": {body.id: body.zh for body in plan.bodies.values()},
        }
    return render(request, f"year/{kind}s.html", context)


@action(Action.EDIT_YEAR)
def add(request: HttpRequest, plan_id: str, number: int, kind: str) -> HttpResponseBase:
    """Enters one row."""
    plan = plan_or_404(plan_id)
    form = _form(request, kind, plan, new=True, first={"target": request.GET.get("target", "")})
    if request.method == "POST" and form.is_valid():
        try:
            file = _file(request, "file")
            services.enter(
                kind, plan, number, form.values, by=user_of(request), now=clock.now(), file=file,
                replace=bool(form.cleaned_data.get("replace")),
            )  # fmt: skip
        except (services.YearError, Refusal) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已录入{KINDS[kind]}。")
            return redirect("year:kind", plan_id=plan.id, number=number, kind=kind)
    return render(request, "year/row.html", {**frame(plan, number, kind), "form": form})


@action(Action.READ_YEAR)
def row(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """One row: what it says, its history, and for who may edit the form that corrects it."""
    found = _row_or_404(kind, pk)
    plan = plan_or_404(found.plan)
    may_edit = scope_of(request.user, Action.EDIT_YEAR) is Scope.ALL and not found.is_withdrawn
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = _form(request, kind, plan, new=False, first=initial(kind, plan, found))
    if request.method == "POST" and form.is_valid():
        try:
            services.change(
                kind, found, form.values, version=form.cleaned_data["version"] or 0, by=user_of(request), now=clock.now(),
                file=_file(request, "file"),
            )  # fmt: skip
        except (services.YearError, Refusal) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "已更正，原值保留在历史中。")
        return redirect("year:row", kind=kind, pk=pk)
    context = {
        **frame(plan, found.year, kind),
        "form": form,
        "row": found,
        "may_edit": may_edit,
        "history": _history(found),
    }
    return render(request, "year/row.html", context)


@action(Action.EDIT_YEAR)
@require_POST
def withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Takes a row back with a reason."""
    found = _row_or_404(kind, pk)
    version = request.POST.get("version", "")
    try:
        services.withdraw(
            kind, found, request.POST.get("reason", ""), version=int(version) if version.isdigit() else 0,
            by=user_of(request), now=clock.now(),
        )  # fmt: skip
    except services.YearError as error:
        messages.error(request, str(error))
        return redirect("year:row", kind=kind, pk=pk)
    messages.success(request, "已撤回，记录保留。")
    return redirect("year:kind", plan_id=found.plan, number=found.year, kind=kind)


@action(Action.READ_YEAR)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task with its steps and the buttons of the next."""
    found = get_object_or_404(YearTask, pk=pk)
    plan = plan_or_404(found.plan)
    names = {body.id: body.zh for body in plan.bodies.values()}
    context = {
        **frame(plan, found.year, "task"),
        "task": found,
        "steps": found.steps.select_related("by").prefetch_related("files"),
        "open_steps": [] if found.is_withdrawn else task_states.open_steps(found, user_of(request)),
        "names": names,
        "counties": {county.code: county.zh for county in plan.counties},
        "state_names": dict(TaskState.choices),
        "late": overview.is_late(found, clock.duty_day(plan.id)),
    }
    return render(request, "year/task.html", context)


@action(Action.ENTER_FACTS)
@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Puts a task into its next state."""
    found, now, by = get_object_or_404(YearTask, pk=pk), clock.now(), user_of(request)
    version = request.POST.get("version", "")
    after = request.POST.get("after", "")
    try:
        if after not in {state for state, _ in task_states.open_steps(found, by)}:
            raise services.YearError("您不能这样更改这项任务的状态，或状态刚刚变了。请核对后再试。")
        files = [uploads.keep(file, uploads.EVIDENCE, by=by, now=now) for file in request.FILES.getlist("files")]
        task_states.make_step(
            found, after, version=int(version) if version.isdigit() else 0, by=by, now=now,
            note=request.POST.get("note", ""), files=files, entered_for=request.POST.get("entered_for", ""),
        )  # fmt: skip
        messages.success(request, "已更改任务状态。")
    except (services.YearError, Refusal) as error:
        messages.error(request, str(error))
    return redirect("year:task", pk=pk)


@action(Action.READ_YEAR)
def export(request: HttpRequest, plan_id: str, number: int, kind: str) -> HttpResponse:
    """The rows in force as xlsx."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    plan, kind = plan_or_404(plan_id), known(kind)
    rows = [cells_of(kind, plan, one) for one in services.in_force(kind, plan.id, number)]
    notes = (f"{plan.title.zh}，{number} 年。",)
    return xlsx(workbook(KINDS[kind], COLUMNS[kind], rows, notes=notes), f"{number}年{KINDS[kind]}.xlsx")


@action(Action.EDIT_YEAR)
def blank(request: HttpRequest, plan_id: str, number: int, kind: str) -> HttpResponse:
    """The template to be filled in."""
    from lantian.render.tables import template  # openpyxl is loaded when a workbook is asked for

    plan, kind = plan_or_404(plan_id), known(kind)
    return xlsx(template(KINDS[kind], COLUMNS[kind], lists(plan, kind)), f"{number}年{KINDS[kind]}模板.xlsx")


def frame(plan: Plan, number: int, kind: str) -> dict[str, Any]:
    """What all pages of a year show around their content."""
    present = clock.as_of(plan.id).year
    years = sorted({number, *selectors.years(plan.id), present, present + 1}, reverse=True)
    return {
        "plan": plan,
        "year": number,
        "years": years,
        "kind": kind,
        "kind_name": KINDS[kind],
        "kinds": list(KINDS.items()),
    }


def plan_or_404(plan_id: str) -> Plan:
    """A plan by id, or the page that says there is none."""
    try:
        return rulebook.plan(plan_id, settings.DATA)
    except (RulebookError, KeyError) as error:
        raise Http404(str(error)) from None


def known(kind: str) -> str:
    """The kind of row, or the page that says there is none such."""
    if kind not in KINDS:
        raise Http404(kind)
    return kind


def user_of(request: HttpRequest) -> User:
    """The person signed in."""
    assert isinstance(request.user, User)
    return request.user


def _form(request: HttpRequest, kind: str, plan: Plan, *, new: bool, first: dict[str, Any]) -> RowForm:
    return RowForm(known(kind), plan, request.POST or None, request.FILES or None, new=new, initial=first)


def _file(request: HttpRequest, name: str) -> Upload | None:
    file = request.FILES.get(name)
    return uploads.keep(file, uploads.EVIDENCE, by=user_of(request), now=clock.now()) if file else None


def _row_or_404(kind: str, pk: int) -> Any:
    return get_object_or_404(services.MODELS[known(kind)], pk=pk)


def _history(row: Any) -> list[Entry]:
    subject = f"{row._meta.label_lower}:{row.pk} "
    return list(Entry.objects.filter(subject__startswith=subject).select_related("by"))
