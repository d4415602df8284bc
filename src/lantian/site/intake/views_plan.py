"""Plans come in: the document, its differences settled one by one, a new plan finished article by article."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lantian.basis.finding import Refusal
from lantian.rulebook import Plan
from lantian.rulebook.joins import Difference
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.intake import plan_services
from lantian.site.intake.plan_forms import BodyForm, HeadForm, NewTargetForm, article_form, form_of
from lantian.site.year.views import plan_or_404, user_of


@action(Action.IMPORT_PLAN)
@require_POST
def receive(request: HttpRequest) -> HttpResponseBase:
    """Takes a document and goes to the job that reads it."""
    as_id = request.POST.get("as_id", "")
    try:
        job = plan_services.receive_plan(request.FILES.get("file"), as_id, by=user_of(request), now=clock.now())
    except Refusal as refusal:
        from lantian.site.intake.views import page

        return page(request, plan_error=str(refusal), status=400)
    return redirect("jobs:job", pk=job.pk)


@action(Action.IMPORT_PLAN)
def plan(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Differences between a plan and its document, by article."""
    found = plan_or_404(plan_id)
    join = plan_services.join_of(plan_id)
    show = request.GET.get("show", "open")
    differences = list(join.differences) if join else []
    kept = [one for one in differences if show == "all" or one.status == "open"]
    text = plan_services.text_of(plan_id) if kept else ""
    rows = groupby(sorted(kept, key=lambda one: one.article), key=lambda one: one.article)
    context = {
        "plan": found,
        "join": join,
        "open": sum(one.status == "open" for one in differences),
        "all": len(differences),
        "show": show,
        "parts": [(_title(found, n), n, [(one, _quoted(text, one)) for one in group]) for n, group in rows],
        "choices": plan_services.CHOICES,
    }
    return render(request, "intake/plan.html", context)


@action(Action.IMPORT_PLAN)
@require_POST
def settle(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    """Settles one difference, or those of an article that are named, one way."""
    plan_or_404(plan_id)
    choice = request.POST.get("choice", "")
    seen = [(key, at) for key, _, at in (one.partition("@") for one in request.POST.getlist("difference"))]
    try:
        if choice not in plan_services.CHOICES or not seen:
            raise plan_services.PlanChangedError("请选择怎样处理。")
        number = plan_services.settle(
            plan_id, seen, choice, by=user_of(request), now=clock.now(), note=request.POST.get("note", "")[:500]
        )
        messages.success(request, f"已处理 {number} 处：{plan_services.CHOICES[choice]}。需要时可在“全部”中改选。")
    except (plan_services.PlanChangedError, Refusal) as error:
        messages.error(request, str(error))
    answer = redirect("intake:plan", plan_id=plan_id)
    if request.POST.get("show") == "all":
        answer["Location"] += "?show=all"
    return answer


@action(Action.IMPORT_PLAN)
def finish(request: HttpRequest, plan_id: str) -> HttpResponseBase:
    """Head, bodies and articles of a plan in the data folder; the button that finishes the draft."""
    found = _editable(plan_id)
    data = _fresh_post(request, found)
    head = HeadForm(found, data, prefix="head")
    bodies = {
        body.id: BodyForm(data, prefix=f"body-{body.id}", initial={"zh": body.zh, "kind": body.kind})
        for body in found.bodies.values()
    }
    fresh = BodyForm(data, prefix="new-body", initial={"kind": "department"})
    if data is not None and all([head.is_valid(), fresh.is_valid(), *(form.is_valid() for form in bodies.values())]):
        changes: dict[str, Any] = {"plan": head.changes(), "bodies": _bodies(found, bodies, fresh)}
        if "finished" in request.POST:
            changes["finished"] = True
        answer = _changed(request, found, changes, head)
        if answer is not None:
            return answer
    context = {
        "plan": found,
        "mark": plan_services.mark_of(found),
        "head": head,
        "bodies": [(found.bodies[key], form) for key, form in bodies.items()],
        "fresh": fresh,
        "articles": [(article, _counts(article), _to_look_at(article)) for article in found.articles],
    }
    return render(request, "intake/finish.html", context)


@action(Action.IMPORT_PLAN)
def finish_article(request: HttpRequest, plan_id: str, n: int) -> HttpResponseBase:
    """One article: the official text, and what was read in it, to be corrected."""
    found = _editable(plan_id)
    try:
        article = found.article(n)
    except KeyError:
        raise Http404(str(n)) from None
    data = _fresh_post(request, found)
    own = article_form(article, data)
    items = {item.id: form_of(found, item, data) for item in article.items()}
    fresh = NewTargetForm(data, prefix="new", initial={"kind": "numeric", "comparator": "<="})
    if data is not None and all([own.is_valid(), fresh.is_valid(), *(form.is_valid() for form in items.values())]):
        entry = fresh.entry()
        changes: dict[str, Any] = {
            "articles": {n: given} if (given := own.changes()) else {},
            "items": {
                key: None if form.cleaned_data["drop"] else form.changes()
                for key, form in items.items()
                if form.cleaned_data["drop"] or form.changes()
            },
            "add": [{"article": n, "of": "target", **entry}] if entry else [],
        }
        answer = _changed(request, found, changes, own)
        if answer is not None:
            return answer
    numbers = [one.n for one in found.articles]
    at = numbers.index(n)
    context = {
        "plan": found,
        "article": article,
        "mark": plan_services.mark_of(found),
        "own": own,
        "kinds": _by_kind(items),
        "fresh": fresh,
        "before": numbers[at - 1] if at else None,
        "after": numbers[at + 1] if at + 1 < len(numbers) else None,
    }
    return render(request, "intake/finish_article.html", context)


def _changed(request: HttpRequest, found: Plan, changes: dict[str, Any], form: Any) -> HttpResponseBase | None:
    """The page to go to after a change; None where it was refused, with the reason in the form."""
    if not any(changes.values()):
        messages.info(request, "没有改动。")
        return redirect(request.path)
    try:
        done = plan_services.change_plan(
            found, changes, seen=request.POST.get("seen", ""), by=user_of(request), now=clock.now()
        )
    except (plan_services.PlanChangedError, Refusal) as error:
        form.add_error(None, str(error))
        return None
    if changes.get("finished"):
        messages.success(request, f"方案“{done.title.zh}”已完成，现在可以查看。")
        return redirect("living:plan", plan_id=done.id)
    messages.success(request, "已保存。")
    return redirect(request.path)


def _fresh_post(request: HttpRequest, found: Plan) -> Any:
    """What was posted, or None where the plan has changed since the page was made; the page then shows it as it is."""
    if request.method != "POST":
        return None
    if request.POST.get("seen") == plan_services.mark_of(found):
        return request.POST
    messages.error(request, f"方案刚由 {found.changed_by} 改过，您的填写没有保存。下面是最新内容，请重新填写。")
    return None


def _editable(plan_id: str) -> Plan:
    found = plan_or_404(plan_id)
    if found.built_in:
        raise Http404(plan_id)
    return found


def _bodies(found: Plan, forms: dict[str, BodyForm], fresh: BodyForm) -> dict[str, Any]:
    """Changed and new bodies by id; a new one gets the next free id."""
    changed: dict[str, Any] = {}
    for key, form in forms.items():
        given = form.changes()
        if given.get("zh"):
            given["en"] = given["zh"]
        if given and form.cleaned_data["zh"]:
            changed[key] = given
    if name := fresh.cleaned_data.get("zh"):
        number = len(found.bodies) + 1
        while f"body_{number}" in found.bodies:
            number += 1
        changed[f"body_{number}"] = {"zh": name, "en": name, "kind": fresh.cleaned_data["kind"]}
    return changed


def _counts(article: Any) -> str:
    parts = ((article.targets, "目标"), (article.groups, "任务"), (article.rules, "规定"), (article.procedures, "程序"))
    return "，".join(f"{words} {len(items)}" for items, words in parts if items)


def _to_look_at(article: Any) -> int:
    """Number of sentences of the article the program did not understand."""
    return sum(sentence.role == "unparsed" for sentence in article.sentences)


def _by_kind(items: dict[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    words = {"T": "目标", "D": "任务（责任分组）", "R": "规定", "P": "程序"}
    return [(zh, [(key, form) for key, form in items.items() if key[0] == letter]) for letter, zh in words.items()]


def _title(found: Plan, n: int) -> str:
    try:
        article = found.article(n)
    except KeyError:
        return f"第 {n} 条"
    return f"第{article.numeral}条 {article.title.zh}"


def _quoted(text: str, difference: Difference) -> str:
    """The passage of the official text a difference speaks of."""
    if len(difference.span) != 2:
        return ""
    start, end = difference.span
    return text[start : min(end, start + 400)]
