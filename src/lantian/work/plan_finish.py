"""A draft filled in and finished by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lantian.basis.period import BEIJING
from lantian.rulebook import plan
from lantian.rulebook.loader import nearest
from lantian.rulebook.plan_writer import write_plan
from lantian.rulebook.plans import Article, Body, Plan
from lantian.rulebook.shape import built
from lantian.work.plan_edit import CLASSES, LETTERS, added, edited, next_id, node_of, rebuilt, refused

_PARTS = ("plan", "bodies", "articles", "items", "add", "finished")
_HEAD = (
    "title", "region", "cities", "counties", "issuer", "number", "adopted_on", "issued_on", "until", "replaces",
    "continued_by", "inherited", "notes", "edition", "source", "confidence",
)  # fmt: skip


def finish_plan(data: Path, plan_id: str, changes: Mapping[str, Any], *, by: str, now: datetime) -> Plan:
    """The plan with a person's changes, written into the data folder; ``finished: True`` ends the draft.

    Shape   ``plan``: fields of the head · ``bodies``: id → fields · ``articles``: number → fields · ``items``: id →
            fields, or None to take the item out · ``add``: items with ``article``, ``of`` (target, rule, procedure,
            group) and fields, without id · ``finished``: true
    Errors  Refusal naming what does not hold; then nothing is changed
    """
    known = plan(plan_id, data)
    _allowed("PLAN-FINISH-UNKNOWN", changes, _PARTS)
    changed = _head(known, dict(changes.get("plan") or {}))
    bodies = dict(changed.bodies)
    for body_id, entry in (changes.get("bodies") or {}).items():
        bodies[body_id] = rebuilt(Body, bodies.get(body_id), {**entry, "id": body_id})
    draft = known.draft and not changes.get("finished", False)
    at = now.astimezone(BEIJING).isoformat(timespec="seconds")
    articles = _articles(changed, changes)
    write_plan(data, replace(changed, bodies=bodies, articles=articles, draft=draft, changed_by=by, changed_at=at))
    return plan(plan_id, data)


def _head(known: Plan, entries: dict[str, Any]) -> Plan:
    _allowed("PLAN-FINISH-FIELD", entries, _HEAD)
    kept = {f.name: getattr(known, f.name) for f in fields(known) if f.name not in entries}
    if "region" in entries and not entries["region"]:
        kept["region"] = entries.pop("region") or ""  # emptied: allowed in a draft, refused by the checks otherwise
    return built(Plan, node_of(entries), **kept)


def _articles(known: Plan, changes: Mapping[str, Any]) -> tuple[Article, ...]:
    edits = {int(n): entry for n, entry in (changes.get("articles") or {}).items()}
    items = dict(changes.get("items") or {})
    _allowed("PLAN-FINISH-ITEM", items, known.items())
    _allowed("PLAN-FINISH-ARTICLE", map(str, edits), [str(article.n) for article in known.articles])
    result = replace(known, articles=tuple(edited(a, edits.get(a.n, {}), items) for a in known.articles))
    for entry in changes.get("add") or ():
        result = _with_new(result, dict(entry))
    return result.articles


def _with_new(known: Plan, entry: dict[str, Any]) -> Plan:
    n, of = int(entry.pop("article")), str(entry.pop("of"))
    _allowed("PLAN-FINISH-KIND", [of], LETTERS)
    _allowed("PLAN-FINISH-ARTICLE", [str(n)], [str(article.n) for article in known.articles])
    letter = LETTERS[of]
    given: dict[str, Any] = {} if letter == "D" else {"article": n}
    item = built(CLASSES[letter], node_of({"id": next_id(known, n, letter), **entry}), **given)
    return added(known, n, item)


def _allowed(code: str, given: Any, allowed: Any) -> None:
    for word in given:
        if word not in allowed:
            remedy = nearest(str(word), allowed)
            raise refused(code, f"没有“{word}”。{remedy.zh}", f"there is no {word!r}. {remedy.en}")
