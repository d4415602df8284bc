"""Margin notes: what stands beside a target, rule, procedure or duty, as plain words of one language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lantian.basis.determination import DUST, VALUES
from lantian.basis.units import UNITS
from lantian.plan.state.model import ItemState, TargetState
from lantian.rulebook.answers import bases
from lantian.rulebook.plans import Article, Group, Plan, Procedure, Rule, Target, Threshold
from lantian.site.living import drawing
from lantian.site.living.words import (
    MODES,
    RULE_TYPES,
    english,
    flag_words,
    frequency,
    listed,
    said,
    strength,
)
from lantian.work.state_json import bodies_of
from lantian.work.states import PlanStates

_PLAIN = re.compile(r"\d{4}(-\d{2}){0,2}\Z")
MOST_NAMES = 2  # bodies a rule or procedure names in the margin
_SIGNS = {"<=": "≤", ">=": "≥"}


@dataclass(frozen=True, slots=True)
class Note:
    """A note: ``facts`` are (name, words) lines; ``picture`` inline SVG; ``bodies`` ids for the filter.

    ``text`` with ``strength``, ``require``, ``due``, ``detail`` and ``beside`` says the item in our words, in the text.
    """

    id: str
    dom_id: str
    kind: str
    state: str
    word: str
    flags: list[tuple[str, str]]
    text: str
    strength: str
    detail: str
    value: str
    limit: str
    picture: str
    reason: str
    budget: list[str]
    facts: list[tuple[str, str]]
    remarks: list[str]
    link: str
    why: str
    bodies: tuple[str, ...]
    require: str = ""
    due: str = ""
    beside: tuple[str, ...] = ()
    answering: str = ""
    all_answering: str = ""
    duty: str = ""

    @property
    def short(self) -> str:
        """What the chip on a phone says beside the mark."""
        return f"{self.value} / {self.limit}" if self.value and self.limit else self.strength


def body_names(plan: Plan, ids: Sequence[str]) -> list[str]:
    """Names of bodies in the language of the page."""
    return [said_body(plan, one) for one in ids]


def said_body(plan: Plan, body_id: str) -> str:
    """Name of one body; an id the plan does not know stands as it is."""
    body = plan.bodies.get(body_id)
    if body is None:
        return body_id
    return body.en if english() else body.zh


def note_of(plan: Plan, article: Article, item: Target | Rule | Procedure | Group, states: PlanStates) -> Note:
    """The note of an item."""
    if isinstance(item, Target):
        return _target(plan, article, item, states)
    state = states.items[item.id]
    if isinstance(item, Rule):
        return _rule(plan, article, item, state)
    if isinstance(item, Procedure):
        return _procedure(plan, article, item, state)
    return _duty(plan, article, item, state)


def _target(plan: Plan, article: Article, target: Target, states: PlanStates) -> Note:
    state = states.targets[target.id]
    lines = states.lines.get(target.id, ())
    known = state.value is not None or state.said is not None
    return Note(
        id=target.id,
        dom_id=f"target-{target.id}",
        kind="target",
        state=state.state.value,
        word=said(state.word),
        flags=flag_words(state.flags),
        text=said(target.indicator),
        strength=strength(target.strength),
        detail=_scope(target.scope),
        value=said(state.value_text) if known else "—",
        limit=said(state.limit_text),
        picture=drawing.small(state, lines, target.metric),
        reason=said(state.reason),
        budget=[said(one) for one in state.budget],
        facts=_target_facts(plan, article, target, states),
        remarks=[said(one) for one in state.notes],
        link=reverse("living:target", args=[plan.id, target.id]),
        why=reverse("living:why", args=[plan.id, target.id]),
        bodies=bodies_of(article, plan),
        require=said(state.plan_limit_text or state.limit_text),
        due=due_words(target.deadline),
        beside=tuple(said(one) for one in target.notes),
    )


def due_words(deadline: str | None) -> str:
    """A deadline as words: 到 2025 年, 到 2025 年 12 月; other forms as the plan writes them."""
    if not deadline:
        return ""
    if not _PLAIN.match(deadline):
        return frequency(deadline)
    year, *rest = deadline.split("-")
    if english():
        return f"by {deadline}"
    return f"到 {year} 年" + "".join(f" {int(part)} {unit}" for part, unit in zip(rest, "月日", strict=False))


def _target_facts(plan: Plan, article: Article, target: Target, states: PlanStates) -> list[tuple[str, str]]:
    state, facts = states.targets[target.id], []
    if state.plan_limit_text is not None:
        facts.append((_("依据"), said(state.limit_source)))
        facts.append((_("方案原定"), said(state.plan_limit_text)))
    beside = [f"{one.year} {one.text}" for one in state.comparisons if one.valid]
    if beside and state.value is None:
        facts.append((_("往年对照"), listed(beside)))
    if state.basis is not None or target.id in states.decided:
        facts.append((_("口径"), basis_words(target, state, states)))
    if target.same_as:
        facts.append((_("同一目标"), target.same_as))
    bodies = body_names(plan, bodies_of(article, plan))
    if bodies:
        facts.append((_("责任单位"), listed(bodies)))
    return facts


def basis_words(target: Target, state: TargetState, states: PlanStates) -> str:
    """The basis a figure stands on, in words; a decided one with document and person."""
    decided = states.decided.get(target.id)
    if decided is not None:
        return said(decided.words)
    if state.basis is None:
        return ""
    choice = bases().get(target.basis or "")
    if choice is not None and choice.values == state.basis.values and choice.dust == state.basis.dust:
        return listed([said(choice.title), state.basis.edition])
    parts = [said(VALUES[state.basis.values]), said(DUST[state.basis.dust]), state.basis.edition]
    return listed(parts)


def _rule(plan: Plan, article: Article, rule: Rule, state: ItemState) -> Note:
    kind = RULE_TYPES.get(rule.type)
    detail = listed([one for one in (threshold_words(rule.threshold), _scope(rule.scope)) if one])
    facts = [(_("类别"), said(kind) if kind else rule.type)]
    beside = [_("例外") + f" {rule.exception}"] if rule.exception else []
    beside += [said(one) for one in rule.notes]
    return _other(
        plan, article, rule.id, "rule", state, said(rule.subject), facts, beside, bodies_of(article, plan),
        strength=strength(rule.strength), detail=detail,
    )  # fmt: skip


def _procedure(plan: Plan, article: Article, procedure: Procedure, state: ItemState) -> Note:
    bodies = procedure.actors or bodies_of(article, plan)
    facts = [(_("频次"), frequency(procedure.frequency))] if procedure.frequency else []
    beside = [_("启动条件") + f" {procedure.trigger}"] if procedure.trigger else []
    beside += [said(one) for one in procedure.notes]
    return _other(plan, article, procedure.id, "procedure", state, said(procedure.name), facts, beside, bodies)


def _duty(plan: Plan, article: Article, group: Group, state: ItemState) -> Note:
    facts = [(_("方式"), said(MODES[group.mode]))]
    if group.lead:
        facts.append((_("牵头"), listed(body_names(plan, group.lead))))
    others = [body for body in group.bodies if body not in group.lead]
    if others:
        more = _("等") if group.open_list else ""
        facts.append((_("配合") if group.lead else _("单位"), listed(body_names(plan, others)) + more))
    inherited = plan.inherited
    own = tuple(dict.fromkeys((*group.lead, *group.bodies)))
    if inherited is not None and article.n >= inherited.from_article:
        facts.append((_("落实"), said_body(plan, inherited.body)))
        own = (*own, inherited.body)
    return _other(plan, article, group.id, "duty", state, said(group.digest), facts, [], own, named=True)


def _other(
    plan: Plan,
    article: Article,
    item_id: str,
    kind: str,
    state: ItemState,
    text: str,
    facts: list[tuple[str, str]],
    beside: list[str],
    bodies: tuple[str, ...],
    *,
    strength: str = "",
    detail: str = "",
    named: bool = False,
) -> Note:
    if state.deadline:
        facts = [*facts, (_("期限"), state.deadline.isoformat())]
    names = [] if named else body_names(plan, tuple(dict.fromkeys(bodies)))
    return Note(
        id=item_id,
        dom_id=f"{kind}-{item_id}",
        kind=kind,
        state=state.state.value,
        word=said(state.word),
        flags=flag_words(state.flags),
        text=text,
        strength=strength,
        detail=detail,
        value="",
        limit="",
        picture="",
        reason=said(state.reason),
        budget=[],
        facts=facts,
        remarks=[],
        link="",
        why="",
        bodies=tuple(dict.fromkeys(bodies)),
        beside=tuple(beside),
        answering=_some(names),
        all_answering=listed(names),
        duty=f"#duty-{article.groups[0].id}" if article.groups else "",
    )


def _some(names: list[str]) -> str:
    """The first of the bodies and how many more; the duty below names them all."""
    if len(names) <= MOST_NAMES:
        return listed(names)
    return _("%(first)s等 %(n)d 家") % {"first": names[0], "n": len(names)}


def threshold_words(threshold: Threshold | None) -> str:
    """The size from which a rule applies: 额定蒸发量 ≤ 35 蒸吨/小时."""
    if threshold is None:
        return ""
    unit = UNITS.get(threshold.unit or "")
    written = unit.symbol if unit else threshold.unit or ""
    return (
        f"{threshold.param} {_SIGNS.get(threshold.op, threshold.op)} {threshold.value.normalize():f} {written}".strip()
    )


def _scope(scope: str | None) -> str:
    return frequency(scope) if scope and scope != "全市" else ""
