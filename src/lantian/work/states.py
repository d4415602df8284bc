"""States of a whole plan: plan, air, entries, the year's targets and tasks brought together at one ``as_of``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

from lantian.basis.finding import Text
from lantian.plan.state.compare import limit_text
from lantian.plan.state.deadline import Deadline, deadline
from lantian.plan.state.entered import entered_state, latest
from lantian.plan.state.items import TaskFact, item_state
from lantian.plan.state.measured import limit_in_force, measured_state
from lantian.plan.state.model import Aim, Flag, ItemState, Said, State, TargetState, YearLimit, most_pressing
from lantian.rulebook.answers import answers, bases
from lantian.rulebook.plans import Answer, Article, Group, Plan, Procedure, Rule, Target
from lantian.store.air import AirReader
from lantian.work.air_basis import DecidedBasis, YearBasis
from lantian.work.states_air import (
    METRICS,
    CityAir,
    YearLine,
    city_air,
    comparisons,
    measured,
    running_lines,
)


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What an article shows: the most pressing state of its items, and every flag among them.

    ``reason`` what the year's tasks for the article as a whole say; None where there are none.
    """

    n: int
    state: State
    flags: tuple[Flag, ...]
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class PlanStates:
    """States of one plan edition at one date; ``lines`` running values of measured targets for drawing.

    ``over``: the plan is past its last deadline; ``reads`` names the city whose days were read; ``decided`` the bases
    persons decided, by target.
    """

    plan_id: str
    edition: str
    title: Text
    as_of: date
    computed_at: datetime
    flags: tuple[Flag, ...]
    articles: Mapping[int, ArticleState]
    targets: Mapping[str, TargetState]
    items: Mapping[str, ItemState]
    over: bool
    continued_by: str | None
    reads: str | None = None
    lines: Mapping[str, tuple[YearLine, ...]] = field(default_factory=dict)
    decided: Mapping[str, DecidedBasis] = field(default_factory=dict)

    def basis(self, target_id: str) -> YearBasis | None:
        """The basis decided for a target; None where nobody decided."""
        found = self.decided.get(target_id)
        return found.basis if found else None


def plan_states(
    plan: Plan,
    *,
    air: AirReader,
    entries: Iterable[Said] = (),
    year_targets: Mapping[str, Sequence[YearLimit]] | None = None,
    tasks: Iterable[TaskFact] = (),
    decided: Mapping[str, DecidedBasis] | None = None,
    as_of: date,
    computed_at: datetime,
) -> PlanStates:
    """States of every target, rule, procedure, responsibility group and article of a plan.

    ``year_targets`` what the province issued, by target; ``tasks`` of the year, by item or ``article-7``; ``decided``
    bases by target or metric, nothing decided leaves the default.
    Targets that are the same as another (``same_as``) share entries, issued limits and decided bases.
    """
    days = city_air(plan.cities, air, as_of)
    said = _by_item(plan, entries)
    issued = shared_limits(plan, year_targets or {})
    bases_decided = decided_bases(plan, decided or {})
    known = _Known(plan, days, said, issued, bases_decided, as_of, computed_at)
    targets = {target.id: known.target(target) for target in plan.targets}
    todo = list(tasks)
    items = {
        item.id: _item(article, item, said, todo, as_of) for article in plan.articles for item in _other_items(article)
    }
    articles = {article.n: _article(article, targets, items, todo, as_of) for article in plan.articles}
    return PlanStates(
        plan_id=plan.id,
        edition=plan.edition,
        title=plan.title,
        as_of=as_of,
        computed_at=computed_at,
        flags=_merged(state.flags for state in articles.values()),
        articles=articles,
        targets=targets,
        items=items,
        over=plan.until is not None and as_of >= plan.until,
        continued_by=plan.continued_by,
        reads=days.city if days else None,
        lines={target.id: known.lines(target, targets[target.id]) for target in plan.targets if _is_metric(target)},
        decided=bases_decided,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    plan: Plan
    air: CityAir | None
    said: Mapping[str, Sequence[Said]]
    issued: Mapping[str, Sequence[YearLimit]]
    decided: Mapping[str, DecidedBasis]
    as_of: date
    computed_at: datetime

    def air_of(self, target: Target) -> CityAir | None:
        """The city's days on the basis decided for a target, else on the default."""
        decided = self.decided.get(target.id)
        return self.air.on(decided.basis) if self.air and decided else self.air

    def target(self, target: Target) -> TargetState:
        """State of one target by what answers it; a final figure the province recognised goes before our own."""
        aim = aim_of(self.plan, target)
        entries = self.said.get(target.id, ())
        limit = limit_in_force(aim, self.issued.get(target.id, ()), self.as_of)
        notes = target.notes
        if target.answered_by.kind == "aspiration":
            return _not_computed(aim, target)
        when, doubt = _deadline(target)
        if doubt is not None:
            return replace(_not_computed(aim, target), reason=doubt)
        last = latest(entries, self.as_of)
        settled = last is not None and last.recognised and when.last is not None and last.on >= when.last
        if not _is_metric(target) or settled:
            answer = entered_state(aim, limit, entries, self.as_of)
            return replace(answer, notes=(*notes, *answer.notes))
        decided = self.decided.get(target.id)
        choice = None if decided else bases().get(target.basis or "")
        metric, air = target.metric or "", self.air_of(target)
        figures = measured(air, metric, limit, choice, self.computed_at)
        beside = comparisons(air, metric, limit.year or self.as_of.year, choice)
        answer = measured_state(aim, limit, figures, self.as_of, comparisons=beside)
        return replace(answer, notes=(*notes, *answer.notes))

    def lines(self, target: Target, state: TargetState) -> tuple[YearLine, ...]:
        """The judged year (or the last one with days) and the year before it."""
        air = self.air_of(target)
        if air is None or not air.years:
            return ()
        judged = state.determination.period.first.year if state.determination else air.years[-1]
        years = [year for year in air.years if year <= judged][-2:]
        return running_lines(air, target.metric or "", years)


def decided_bases(plan: Plan, decided: Mapping[str, DecidedBasis]) -> dict[str, DecidedBasis]:
    """The basis decided for each target that has one: its own or that of a same target, else that of its metric."""
    family = _family(plan)
    by_root = {family[subject]: one for subject, one in decided.items() if subject in family}
    found = {}
    for target in plan.targets:
        one = by_root.get(family[target.id]) or decided.get(target.metric or "")
        if one is not None and _is_metric(target):
            found[target.id] = one
    return found


def aim_of(plan: Plan, target: Target) -> Aim:
    """What a state needs of a target."""
    return Aim(
        id=target.id,
        kind=target.kind,
        comparator=target.comparator,
        value=None if target.value is None or target.comparator in ("all", "basically_all", "done") else _exact(target),
        unit=target.unit or "",
        deadline=target.deadline,
        begins=plan.issued_on or plan.adopted_on,
        metric=target.metric,
        upper=None if target.upper is None else Fraction(target.upper),
        strength=target.strength,
        verified=plan.confidence == "verified",
    )


def _exact(target: Target) -> Fraction:
    return Fraction(target.value or 0)


def _is_metric(target: Target) -> bool:
    return target.answered_by.kind == "metric" and target.metric in METRICS


def _deadline(target: Target) -> tuple[Deadline, Text | None]:
    try:
        return deadline(target.deadline), None
    except ValueError:
        return Deadline(None), Text(
            f"期限“{target.deadline}”不能识别，请在方案数据中改正。",
            f"The deadline {target.deadline!r} is not understood; correct the plan's data.",
        )


def _not_computed(aim: Aim, target: Target) -> TargetState:
    text = limit_text(aim.comparator, aim.value, aim.upper, aim.unit)
    reason = target.answered_by.reason or Text("倡导性内容，不作判断。", "An aspiration; nothing is computed.")
    return TargetState(
        target_id=aim.id, state=State.NOT_COMPUTED, flags=(), value=None, value_text=Text("—", "—"), unit=aim.unit,
        limit=None, limit_text=text, limit_source=Text("方案规定", "the plan's own limit"), plan_limit_text=None,
        comparator=aim.comparator, period=None, basis=None, deadline=None, outlook=None, budget=(), reason=reason,
        notes=target.notes,
    )  # fmt: skip


def _family(plan: Plan) -> dict[str, str]:
    return {target.id: target.same_as or target.id for target in plan.targets}


def _by_item(plan: Plan, entries: Iterable[Said]) -> dict[str, list[Said]]:
    """Entries by item; those of one target also count for the targets that are the same."""
    family = _family(plan)
    groups: dict[str, list[Said]] = {}
    for entry in entries:
        groups.setdefault(family.get(entry.item, entry.item), []).append(entry)
    known = {item: groups[root] for item, root in family.items() if root in groups}
    return groups | known


def shared_limits(plan: Plan, issued: Mapping[str, Sequence[YearLimit]]) -> dict[str, list[YearLimit]]:
    """Issued limits by target; those of one target also count for the targets that are the same."""
    family = _family(plan)
    groups: dict[str, list[YearLimit]] = {}
    for target, limits in issued.items():
        groups.setdefault(family.get(target, target), []).extend(limits)
    return {item: groups[root] for item, root in family.items() if root in groups}


def _other_items(article: Article) -> list[Rule | Procedure | Group]:
    return [*article.rules, *article.procedures, *article.groups]


def _item(
    article: Article,
    item: Rule | Procedure | Group,
    said: Mapping[str, Sequence[Said]],
    tasks: list[TaskFact],
    as_of: date,
) -> ItemState:
    lone = isinstance(item, Group) and len(article.groups) == 1
    whole = f"article-{article.n}"
    own = [task for task in tasks if item.id in task.items or (lone and whole in task.items)]
    return item_state(item.id, said.get(item.id, ()), own, as_of, otherwise=_otherwise(item.answered_by))


_INSIDE = ("check", "workflow")  # what they find stays inside until a person enters it


def _otherwise(answer: Answer) -> Text | None:
    """Why an item is not computed: an aspiration's reason, a desk whose findings nobody released, or a room still to come."""
    if answer.reason is not None:
        return answer.reason
    entry = answers().get(answer.by or "")
    if entry is None or (entry.built and entry.kind not in _INSIDE):
        return None
    if entry.built:
        return Text(
            f"由“{entry.title.zh}”在内部判断，结果经人工登记后才在这里显示；尚无登记。",
            f"Judged inside by “{entry.title.en}”; shown here once a person has entered the result, and there is none yet.",
        )
    return Text(
        f"由“{entry.title.zh}”判断，该项功能建成前以人工登记为准；尚无登记。",
        f"Answered by “{entry.title.en}”; until that is built a person's entry stands in, and there is none yet.",
    )


def _article(
    article: Article,
    targets: Mapping[str, TargetState],
    items: Mapping[str, ItemState],
    tasks: list[TaskFact],
    as_of: date,
) -> ArticleState:
    parts: list[TargetState | ItemState] = [targets[target.id] for target in article.targets]
    parts += [items[item.id] for item in _other_items(article)]
    whole = [task for task in tasks if f"article-{article.n}" in task.items]
    reason = None
    if whole:
        task = item_state(f"article-{article.n}", (), whole, as_of)
        parts.append(task)
        reason = task.reason
    state = most_pressing(tuple(part.state for part in parts))
    return ArticleState(article.n, state, _merged(part.flags for part in parts), reason)


def _merged(flags: Iterable[tuple[Flag, ...]]) -> tuple[Flag, ...]:
    seen = {flag for some in flags for flag in some}
    return tuple(flag for flag in Flag if flag in seen)
