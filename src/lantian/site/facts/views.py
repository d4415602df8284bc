"""Pages of entries: the tray, one item with its history and form, one entry, the review, the export."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.basis.finding import Refusal
from lantian.basis.period import beijing_date
from lantian.render.columns import Column
from lantian.rulebook import Plan
from lantian.rulebook.plans import Article, Item, Target
from lantian.site import clock, uploads
from lantian.site.access import Action, Scope, action, scope_of
from lantian.site.downloads import xlsx
from lantian.site.facts import services
from lantian.site.facts.answering import Reach, bodies_of, located, may_enter, reach_of
from lantian.site.facts.forms import EntryForm, initial
from lantian.site.facts.models import Entry, Standing
from lantian.site.facts.selectors import visible
from lantian.site.facts.tray import KIND_WORDS, entry_words, tray
from lantian.site.journal.models import Entry as JournalEntry
from lantian.site.people.models import User
from lantian.site.year.columns import item_words
from lantian.site.year.overview import limit_words, unit_words
from lantian.site.year.views import plan_or_404, user_of

_COLUMNS = (
    Column("item", "事项编号", 12), Column("article", "条款", 8), Column("words", "事项", 46), Column("county", "县（市）区", 14),
    Column("on", "截至日期", 12), Column("value", "数值", 12), Column("unit", "单位", 12), Column("share", "完成比例（%）", 12),
    Column("state", "填报状态", 14), Column("note", "说明", 40), Column("source", "数据来源", 30), Column("standing", "审核", 12),
    Column("recognised_number", "认定文号", 22), Column("body", "填报单位", 20), Column("by", "填报人", 12),
    Column("entered_for", "代填", 24), Column("entered_at", "填报时间", 18), Column("simulated", "模拟数据", 10),
)  # fmt: skip


@action(Action.READ_FACTS)
def facts(request: HttpRequest) -> HttpResponseBase:
    """The viewer's own tray; who has none chooses a body or county."""
    plan = plan_or_404(request.GET.get("plan") or settings.PLAN)
    user = user_of(request)
    reach = reach_of(user)
    body, county = _chosen(request, plan, user, reach)
    today = clock.duty_day(plan.id)
    kind = request.GET.get("kind", "")
    context: dict[str, Any] = {
        "plan": plan,
        "body": body,
        "county": county,
        "bodies": list(plan.bodies.values()),
        "counties": plan.counties,
        "kinds": list(dict.fromkeys(KIND_WORDS.values())),
        "kind": kind,
        "today": today,
        "names": _names(plan),
        "waiting": visible(plan.id, user).filter(standing=Standing.ENTERED).count(),
    }
    if body or county:
        context["tray"] = tray(plan, body=body, county=county, viewer=user, reach=reach, today=today, kind=kind)
    return render(request, "facts/facts.html", context)


@action(Action.READ_FACTS)
def item(request: HttpRequest, plan_id: str, item_id: str) -> HttpResponseBase:
    """One item: its entries, newest first, and for who answers for it the form of a new one."""
    plan = plan_or_404(plan_id)
    article, found = _located(plan, item_id)
    user = user_of(request)
    counties = _counties(plan, article, found, reach_of(user))
    form = _new_form(request, plan, found, counties) if counties else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                services.enter(
                    plan, item_id, form.values, county=form.cleaned_data["county"], by=user, now=clock.now(),
                    files=_files(request),
                )  # fmt: skip
            except (services.FactsError, Refusal) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "已填报，等待审核。")
                return redirect("facts:item", plan_id=plan.id, item_id=item_id)
    entries = list(
        visible(plan.id, user).filter(item=item_id).select_related("entered_by", "judged_by").prefetch_related("files")
    )
    context = {
        **_item_frame(plan, article, found),
        "form": form,
        "entries": [(one, entry_words(one)) for one in entries],
    }
    return render(request, "facts/item.html", context)


@action(Action.READ_FACTS)
def entry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One entry: correction by who made it, review, recognition, withdrawal, history."""
    found = get_object_or_404(Entry.objects.select_related("entered_by", "judged_by"), pk=pk)
    plan = plan_or_404(found.plan)
    article, of = _located(plan, found.item)
    user = user_of(request)
    correctable = found.standing in (Standing.ENTERED, Standing.RETURNED) and services.owns(found, user)
    form = _form(request, plan, of, [(found.county, "")], initial(found)) if correctable else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                version = form.cleaned_data["version"] or 0
                services.change(found, form.values, version=version, by=user, now=clock.now(), files=_files(request))
                messages.success(request, "已更正，等待审核。")
            except (services.FactsError, Refusal) as error:
                messages.error(request, str(error))
            return redirect("facts:entry", pk=pk)
    subject = f"{found._meta.label_lower}:{found.pk} "
    context = {
        **_item_frame(plan, article, of),
        "entry": found,
        "words": entry_words(found),
        "form": form,
        "may_review": scope_of(user, Action.REVIEW_FACTS) is Scope.ALL,
        "may_withdraw": services.may_withdraw(found, user),
        "history": JournalEntry.objects.filter(subject__startswith=subject).select_related("by"),
    }
    return render(request, "facts/entry.html", context)


@action(Action.REVIEW_FACTS)
def review(request: HttpRequest) -> HttpResponse:
    """Entries waiting for review, oldest first."""
    plan = plan_or_404(request.GET.get("plan") or settings.PLAN)
    rows = Entry.objects.filter(plan=plan.id, standing=Standing.ENTERED).order_by("entered_at")
    page = Paginator(rows.select_related("entered_by").prefetch_related("files"), 50).get_page(request.GET.get("page"))
    items = plan.items()
    lines = [(one, entry_words(one), item_words(items[one.item]) if one.item in items else "") for one in page]
    return render(request, "facts/review.html", {"plan": plan, "page": page, "lines": lines, "names": _names(plan)})


@action(Action.REVIEW_FACTS)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Releases, returns or recognises one entry."""
    found, by, now, version = get_object_or_404(Entry, pk=pk), user_of(request), clock.now(), _version(request)
    what, text = request.POST.get("what", ""), request.POST.get("text", "")
    try:
        if what == "release":
            services.release(found, version=version, by=by, now=now)
        elif what == "return":
            services.send_back(found, text, version=version, by=by, now=now)
        elif what == "recognise":
            services.recognise(found, text, version=version, by=by, now=now)
        else:
            raise services.FactsError("没有这种操作。")
        messages.success(request, {"release": "已发布。", "return": "已退回。", "recognise": "已登记认定。"}[what])
    except services.FactsError as error:
        messages.error(request, str(error))
    return redirect("facts:review") if request.POST.get("back") == "review" else redirect("facts:entry", pk=pk)


@action(Action.ENTER_FACTS)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes an entry back with a reason."""
    found = get_object_or_404(Entry, pk=pk)
    try:
        services.withdraw(
            found, request.POST.get("reason", ""), version=_version(request), by=user_of(request), now=clock.now()
        )
        messages.success(request, "已撤回，记录保留。")
    except services.FactsError as error:
        messages.error(request, str(error))
    return redirect("facts:entry", pk=pk)


@action(Action.READ_FACTS)
def export(request: HttpRequest) -> HttpResponse:
    """All entries a viewer may read, as xlsx; by body or county where the address says so."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    plan = plan_or_404(request.GET.get("plan") or settings.PLAN)
    rows = visible(plan.id, user_of(request)).select_related("entered_by")
    if county := request.GET.get("county"):
        rows = rows.filter(county=county)
    items, names = plan.items(), _names(plan)
    articles = {one.id: article for article in plan.articles for one in article.items()}
    wanted = request.GET.get("body", "")
    lines = [
        _exported(row, items.get(row.item), articles.get(row.item), names)
        for row in rows
        if not wanted or _answers(plan, articles.get(row.item), items.get(row.item), wanted)
    ]
    return xlsx(workbook("填报", _COLUMNS, lines, notes=(plan.title.zh,)), "填报.xlsx")


def _exported(row: Entry, of: Item | None, article: Article | None, names: dict[str, str]) -> dict[str, Any]:
    return {
        "item": row.item, "article": article.n if article else None, "words": item_words(of) if of else "",
        "county": names.get(row.county, "全市"), "on": row.on,
        "value": None if row.value is None else row.value.normalize(),
        "unit": unit_words(row.unit), "share": None if row.share is None else row.share.normalize(),
        "state": row.get_state_display() if row.state else "", "note": row.note, "source": row.source,
        "standing": row.get_standing_display(), "recognised_number": row.recognised_number,
        "body": names.get(row.body, row.body), "by": str(row.entered_by or ""), "entered_for": row.entered_for,
        "entered_at": row.entered_at, "simulated": "模拟数据" if row.simulated else "",
    }  # fmt: skip


def _answers(plan: Plan, article: Article | None, of: Item | None, body: str) -> bool:
    return article is not None and of is not None and body in bodies_of(plan, article, of)


def _chosen(request: HttpRequest, plan: Plan, user: User, reach: Reach) -> tuple[str, str]:
    """Body and county whose tray is shown: as the address says, else the viewer's own."""
    county, body = request.GET.get("county", ""), request.GET.get("body", "")
    if county in {one.code for one in plan.counties}:
        return "", county
    if body in plan.bodies:
        return body, ""
    if reach.scope is Scope.OWN_COUNTY or (user.county and not user.body):
        return "", user.county
    return (user.body if user.body in plan.bodies else ""), ""


def _counties(plan: Plan, article: Article, of: Item, reach: Reach) -> list[tuple[str, str]]:
    """For which counties (empty: the city) this viewer may enter facts of an item."""
    every = [("", "全市"), *((county.code, county.zh) for county in plan.counties)]
    return [(code, name) for code, name in every if may_enter(plan, article, of, code, reach)]


def _new_form(request: HttpRequest, plan: Plan, of: Item, counties: list[tuple[str, str]]) -> EntryForm:
    return _form(
        request, plan, of, counties, {"on": clock.as_of(plan.id).isoformat(), "county": request.GET.get("county", "")}
    )


def _form(
    request: HttpRequest, plan: Plan, of: Item, counties: list[tuple[str, str]], first: dict[str, Any]
) -> EntryForm:
    latest = max(beijing_date(clock.now()), clock.as_of(plan.id))
    return EntryForm(plan, of, counties, request.POST or None, request.FILES or None, initial=first, latest=latest)


def _files(request: HttpRequest) -> list[Any]:
    by, now = user_of(request), clock.now()
    return [uploads.keep(file, uploads.EVIDENCE, by=by, now=now) for file in request.FILES.getlist("evidence")]


def _item_frame(plan: Plan, article: Article, of: Item) -> dict[str, Any]:
    names = _names(plan)
    return {
        "plan": plan, "article": article, "item": of, "item_words": item_words(of), "item_kind": KIND_WORDS[type(of)],
        "limit": limit_words(of.comparator, of.value, of.unit) if isinstance(of, Target) else "",
        "bodies": [names.get(body, body) for body in bodies_of(plan, article, of)], "names": names,
    }  # fmt: skip


def _names(plan: Plan) -> dict[str, str]:
    return {
        **{body.id: body.zh for body in plan.bodies.values()},
        **{one.code: one.zh for one in plan.counties},
        "": "全市",
    }


def _located(plan: Plan, item_id: str) -> tuple[Article, Item]:
    try:
        return located(plan, item_id)
    except KeyError:
        raise Http404(item_id) from None


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else 0
