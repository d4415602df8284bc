"""One target's page with chart, table, evidence and files; and the page that answers why a number is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from lantian.basis.period import Days
from lantian.plan.state.compare import limit_text, unit_symbol, with_unit
from lantian.plan.state.model import FLAG_WORDS, YearLimit
from lantian.rulebook.answers import answers
from lantian.rulebook.plans import Article, Target
from lantian.site.access import Action, action
from lantian.site.downloads import figure_file
from lantian.site.facts.models import Entry
from lantian.site.facts.selectors import visible
from lantian.site.living import drawing, numbers
from lantian.site.living.broken import told_when_broken
from lantian.site.living.notes import basis_words, note_of
from lantian.site.living.page import heading
from lantian.site.living.selectors import Seen, seen, states_of
from lantian.site.living.views import bar
from lantian.site.living.words import english, said, strength
from lantian.site.year.selectors import limits as year_limits
from lantian.site.year.selectors import plain
from lantian.store.air import AirReader
from lantian.work.states import PlanStates
from lantian.work.states_air import METRICS
from lantian.work.why import metric_of, metric_title, month_rows

SHOWN_IMPORTS = 12


def _located(view: Seen, target_id: str) -> tuple[Article, Target]:
    for article in view.plan.articles:
        for target in article.targets:
            if target.id == target_id:
                return article, target
    raise Http404(target_id)


@action(Action.READ_PLAN)
@told_when_broken
def target(request: HttpRequest, plan_id: str, target_id: str) -> HttpResponseBase:
    """Definition, limit and basis, chart, table, evidence of one target."""
    view = seen(plan_id, request.user)
    states = states_of(view, request.user)
    article, one = _located(view, target_id)
    state = states.targets[one.id]
    answer = answers().get(one.answered_by.by or "")
    context = {
        **bar(view, state.flags),
        "target": one,
        "state": state,
        "note": note_of(view.plan, article, one, states),
        "article": heading(article),
        "indicator": said(one.indicator),
        "strength": strength(one.strength),
        "limit": said(state.limit_text),
        "limit_source": said(state.limit_source),
        "own_limit": said(state.plan_limit_text),
        "issued": _issued(view, one),
        "basis": basis_words(one, state, states),
        "answered_by": said(answer.title) if answer else "",
        "answer": answer,
        "figure": drawing.large(state, states.lines.get(one.id, ()), one.metric),
        "figure_title": drawing.running_title(one.metric),
        "months": _months(view, one, states),
        "unit": said(unit_symbol(state.unit)),
        "entries": _entries(view, request, one),
        "files": one.metric in METRICS and state.determination is not None,
    }
    return render(request, "living/target.html", context)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry with its place by name, its value and its share done as printed."""

    entry: Entry
    place: str
    value: str
    share: str


def _entries(view: Seen, request: HttpRequest, one: Target) -> list[ShownEntry]:
    """Entries of this target and those that are the same, as far as the viewer may see."""
    places = {county.code: county.en if english() else county.zh for county in view.plan.counties}
    family = {other.id for other in view.plan.targets if (other.same_as or other.id) == (one.same_as or one.id)}
    found = visible(view.plan.id, request.user).filter(item__in=family).prefetch_related("files")
    return [
        ShownEntry(
            entry,
            places.get(entry.county, entry.county) or _("全市"),
            said(with_unit(f"{plain(entry.value):f}", entry.unit)) if entry.value is not None else "",
            f"{plain(entry.share):f}%" if entry.share is not None else "",
        )
        for entry in found
    ]


def _issued(view: Seen, one: Target) -> list[tuple[YearLimit, str]]:
    """What was issued for this target or the one that is the same, newest first, with the limit as printed."""
    family = {other.id for other in view.plan.targets if (other.same_as or other.id) == (one.same_as or one.id)}
    found = [
        limit for target_id, limits in year_limits(view.plan.id).items() if target_id in family for limit in limits
    ]
    ordered = sorted(found, key=lambda limit: limit.year, reverse=True)
    return [(limit, said(limit_text(limit.comparator, limit.value, None, limit.unit))) for limit in ordered]


def _months(view: Seen, one: Target, states: PlanStates) -> list[tuple[int, list[Any]]]:
    """Month tables of the years the figure draws, newest first."""
    air = numbers.air_of(view, states.basis(one.id))
    if air is None or one.metric not in METRICS:
        return []
    return [(line.year, month_rows(air, one.metric or "", line.year)) for line in reversed(states.lines[one.id])]


@action(Action.READ_PLAN)
@told_when_broken
def target_file(request: HttpRequest, plan_id: str, target_id: str, name: str, kind: str) -> HttpResponseBase:
    """The days behind a target (days.csv, days.xlsx) and its figure (figure.svg)."""
    view = seen(plan_id, request.user)
    states = states_of(view, request.user)
    _article, one = _located(view, target_id)
    state = states.targets[one.id]
    if (name, kind) == ("figure", "svg"):
        flags = [said(FLAG_WORDS[flag]) for flag in state.flags]
        return figure_file(drawing.large(state, states.lines.get(one.id, ()), one.metric), one.id, flags)
    if name != "days" or state.determination is None:
        raise Http404(name)
    answer = numbers.explained(view, one.metric or "", state.determination.period, states.basis(one.id))
    if answer is None:
        raise Http404(name)
    return numbers.file_of_days(kind, answer, f"{one.id}-{answer.determination.period.last}")


@action(Action.READ_PLAN)
@told_when_broken
def why(request: HttpRequest, plan_id: str, subject: str) -> HttpResponseBase:
    """Why a number is what it is: of a target, or of a metric over a period (?from=&until=)."""
    view = seen(plan_id, request.user)
    metric = metric_of(subject)
    if metric is not None:
        return _why_metric(request, view, metric)
    states = states_of(view, request.user)
    article, one = _located(view, subject)
    state = states.targets[one.id]
    made = state.determination
    told = made is not None and made.value is not None
    answer = numbers.explained(view, one.metric or "", made.period, states.basis(one.id)) if made and told else None
    shown = {str(row.entry.pk): row for row in _entries(view, request, one)}
    context = {
        **_why(view, answer),
        **bar(view, state.flags),
        "target": one,
        "state": state,
        "note": note_of(view.plan, article, one, states),
        "article": heading(article),
        "indicator": said(one.indicator),
        "basis": basis_words(one, state, states),
        "limit_source": said(state.limit_source),
        "entry": shown.get(state.said.ref) if state.said else None,
        "computed_at": states.computed_at,
    }
    return render(request, "living/why.html", context)


def _why_metric(request: HttpRequest, view: Seen, metric: str) -> HttpResponseBase:
    days: Days = numbers.asked_days(request.GET, view.as_of)
    answer = numbers.explained(view, metric, days)
    kind = request.GET.get("format")
    if kind and answer is not None:
        return numbers.file_of_days(kind, answer, f"{metric}-{days.first}-{days.last}")
    flags = states_of(view, request.user).flags
    context = {**_why(view, answer), **bar(view, flags), "indicator": said(metric_title(metric)), "asked": days}
    return render(request, "living/why.html", context)


def _why(view: Seen, answer: Any) -> dict[str, Any]:
    if answer is None:
        return {"why": None}
    made = answer.determination
    return {
        "why": answer,
        "made": made,
        "figure": f"{made.value if made.value is not None else '—'}",
        "figure_unit": said(unit_symbol(made.unit)),
        "formula": said(answer.formula),
        "sums": said(answer.numbers),
        "clauses": [(said(one.title), said(one.source), one) for one in answer.clauses],
        "imports": _imports(view),
    }


def _imports(view: Seen) -> list[Any]:
    """The last imports that brought or changed rows."""
    found = [one for one in AirReader(settings.DATA).imports() if one.rows_new or one.rows_changed]
    return found[:SHOWN_IMPORTS]
