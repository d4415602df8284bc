"""The states of a plan for programs: the JSON document ``lantian-states/1``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from lantian.basis.finding import Text
from lantian.plan.state.model import ItemState, TargetState
from lantian.rulebook.plans import Article, Group, Plan, Procedure, Rule, Target
from lantian.work.states import PlanStates

SCHEMA = "lantian-states/1"


def states_document(plan: Plan, states: PlanStates) -> dict[str, Any]:
    """The document: plan, as_of, computed_at, flags, articles with targets, rules, procedures and duties.

    Values and limits are decimal texts or null; texts come as {zh, en}.
    """
    return {
        "schema": SCHEMA,
        "plan": {
            "id": plan.id,
            "edition": plan.edition,
            "title": text(plan.title),
            "region": plan.region,
            "until": plan.until.isoformat() if plan.until else None,
            "over": states.over,
            "continued_by": plan.continued_by,
        },
        "as_of": states.as_of.isoformat(),
        "computed_at": states.computed_at.isoformat(),
        "flags": list(states.flags),
        "articles": [_article(plan, article, states) for article in plan.articles],
    }


def text(words: Text) -> dict[str, str]:
    """A text as JSON holds it."""
    return {"zh": words.zh, "en": words.en}


def bodies_of(article: Article, plan: Plan) -> tuple[str, ...]:
    """Bodies that answer for an article: those of its groups, then the one that inherits it."""
    named = [body for group in article.groups for body in (*group.lead, *group.bodies)]
    if plan.inherited is not None and article.n >= plan.inherited.from_article:
        named.append(plan.inherited.body)
    return tuple(dict.fromkeys(named))


def _article(plan: Plan, article: Article, states: PlanStates) -> dict[str, Any]:
    own = states.articles[article.n]
    shared = bodies_of(article, plan)
    return {
        "id": f"article-{article.n}",
        "n": article.n,
        "title": text(article.title),
        "kind": article.kind,
        "state": own.state,
        "flags": list(own.flags),
        "reason": text(own.reason) if own.reason else None,
        "targets": [_target(target, states.targets[target.id]) for target in article.targets],
        "rules": [_rule(rule, shared, states.items[rule.id]) for rule in article.rules],
        "procedures": [_procedure(one, shared, states.items[one.id]) for one in article.procedures],
        "duties": [_duty(group, plan, article, states.items[group.id]) for group in article.groups],
    }


def _target(target: Target, state: TargetState) -> dict[str, Any]:
    return {
        "id": target.id,
        "indicator": text(target.indicator),
        "kind": target.kind,
        "strength": target.strength,
        "state": state.state,
        "flags": list(state.flags),
        "recognised": state.recognised,
        "value": None if state.value is None else state.value.replace("−", "-"),
        "unit": state.unit,
        "limit": None if state.limit is None else state.limit.replace("−", "-"),
        "limit_text": text(state.limit_text),
        "limit_source": text(state.limit_source),
        "plan_limit_text": text(state.plan_limit_text) if state.plan_limit_text else None,
        "comparator": state.comparator,
        "period": state.period,
        "basis": asdict(state.basis) if state.basis else None,
        "deadline": target.deadline,
        "outlook": text(state.outlook) if state.outlook else None,
        "budget": [text(one) for one in state.budget],
        "reason": text(state.reason),
        "notes": [text(one) for one in state.notes],
        "same_as": target.same_as,
        "inputs": state.determination.inputs if state.determination else None,
    }


def _rule(rule: Rule, bodies: tuple[str, ...], state: ItemState) -> dict[str, Any]:
    return {"id": rule.id, "kind": rule.type, "strength": rule.strength, "bodies": list(bodies), **_state(state)}


def _procedure(procedure: Procedure, bodies: tuple[str, ...], state: ItemState) -> dict[str, Any]:
    actors = procedure.actors or bodies
    return {
        "id": procedure.id,
        "kind": "procedure",
        "strength": None,
        "frequency": procedure.frequency,
        "trigger": procedure.trigger,
        "bodies": list(actors),
        **_state(state),
    }


def _duty(group: Group, plan: Plan, article: Article, state: ItemState) -> dict[str, Any]:
    inherited = plan.inherited
    return {
        "id": group.id,
        "kind": "duty",
        "strength": group.mode,
        "lead": list(group.lead),
        "bodies": list(dict.fromkeys((*group.lead, *group.bodies))),
        "open_list": group.open_list,
        "inherited": [inherited.body] if inherited and article.n >= inherited.from_article else [],
        **_state(state),
    }


def _state(state: ItemState) -> dict[str, Any]:
    return {
        "state": state.state,
        "flags": list(state.flags),
        "recognised": state.recognised,
        "deadline": state.deadline.isoformat() if state.deadline else None,
        "reason": text(state.reason),
    }
