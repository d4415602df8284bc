"""Edits of a plan: items written anew, taken out or added, read the way files are read, so the same checks hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, cast

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.rulebook.loader import Node, loads, nearest
from lantian.rulebook.plan_writer import plain
from lantian.rulebook.plans import Article, Group, Item, Plan, Procedure, Rule, Target
from lantian.rulebook.shape import built
from lantian.rulebook.yaml_text import yaml_text

T = TypeVar("T")

CLASSES: dict[str, type[Item]] = {"T": Target, "R": Rule, "P": Procedure, "D": Group}
LISTS = {"T": "targets", "R": "rules", "P": "procedures", "D": "groups"}
LETTERS = {"target": "T", "rule": "R", "procedure": "P", "group": "D"}
_NUMBERS = ("value", "upper", "baseline_year", "from_article", "first", "last", "n", "chapter")
_SOURCE = "填写内容"


def edited(article: Article, entries: Mapping[str, Any], items: Mapping[str, Mapping[str, Any] | None]) -> Article:
    """The article with some of its fields and items written anew; an item that maps to None is taken out.

    Errors  RulebookError naming the field that does not hold
    """
    lists: dict[str, Any] = {
        name: tuple(
            rebuilt(type(item), item, {"id": item.id, **(items[item.id] or {})}) if item.id in items else item
            for item in getattr(article, name)
            if items.get(item.id, {}) is not None
        )
        for name in LISTS.values()
    }
    if not entries:
        return replace(article, **lists)
    fixed: dict[str, Any] = {"n": article.n, "text": article.text, "sentences": article.sentences, **lists}
    _known(entries, [f.name for f in fields(article) if f.name not in fixed])
    kept = {f.name: getattr(article, f.name) for f in fields(article) if f.name not in {*fixed, *entries}}
    return built(Article, node_of(entries), **fixed, **kept)


def rebuilt(cls: type[T], item: T | None, entries: Mapping[str, Any]) -> T:
    """The item with some fields written anew; without an item all fields stand in ``entries``.

    Errors  RulebookError naming the field that does not hold
    """
    names = [f.name for f in fields(cast(Any, cls))]
    _known(entries, [name for name in names if name != "article"])
    kept = {name: getattr(item, name) for name in names if name not in entries} if item is not None else {}
    return built(cls, node_of(entries), **kept)


def _known(entries: Mapping[str, Any], allowed: list[str]) -> None:
    for key in entries:
        if key not in allowed:
            remedy = nearest(key, allowed)
            raise refused("PLAN-EDIT-FIELD", f"没有可改的“{key}”。{remedy.zh}", f"no field {key!r}. {remedy.en}")


def node_of(entries: Mapping[str, Any]) -> Node:
    """A person's entries as the rulebook reads them; numbers may come as the text of a form."""
    values = {key: _number(value) if key in _NUMBERS else plain(value) for key, value in entries.items()}
    threshold = values.get("threshold")
    if isinstance(threshold, Mapping):
        values["threshold"] = {key: _number(value) if key == "value" else value for key, value in threshold.items()}
    return loads(yaml_text(values), _SOURCE) if values else Node({}, _SOURCE, 1)


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return Decimal(value.strip()) if value.strip() else None
    except InvalidOperation:
        return value  # refused by the typed reader, which names the field


def added(known: Plan, n: int, item: Item) -> Plan:
    """The plan with one more item at the end of its kind in an article."""
    name = LISTS[item.id[0]]
    longer: dict[str, Any] = {name: (*getattr(known.article(n), name), item)}
    return replace(known, articles=tuple(replace(a, **longer) if a.n == n else a for a in known.articles))


def exchanged(known: Plan, item: Item) -> Plan:
    """The plan with an item in the place of the one of the same id."""
    name = LISTS[item.id[0]]

    def of(article: Article) -> dict[str, Any]:
        return {name: tuple(item if one.id == item.id else one for one in getattr(article, name))}

    return replace(known, articles=tuple(replace(article, **of(article)) for article in known.articles))


def next_id(known: Plan, n: int, letter: str) -> str:
    """The next free id of an article; ids that were ever used are not given again."""
    used = [*known.items(), *known.retired]
    numbers = [int(i.split("-")[1]) for i in used if i.startswith(f"{letter}{n:02}-")]
    return f"{letter}{n:02}-{max(numbers, default=0) + 1}"


def refused(code: str, zh: str, en: str) -> Refusal:
    """A refusal with one finding."""
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en)))
