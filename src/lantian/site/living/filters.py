"""Filters of the plan's page, read from the address: body, kind, state, text. They change only what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from lantian.basis.finding import Text
from lantian.plan.state.model import State
from lantian.rulebook.plans import Article, Plan
from lantian.site.living.words import KINDS

MAX_TEXT = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for; empty texts ask for everything."""

    body: str = ""
    kind: str = ""
    state: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return any((self.body, self.kind, self.state, self.text))

    @property
    def of_items(self) -> bool:
        """Whether single items are asked for, so that other items of an article step back."""
        return bool(self.kind or self.state)


def filters(asked: QueryDict, plan: Plan) -> Filters:
    """Filters of an address; values the plan does not know count as not asked for."""
    body, kind, state = asked.get("body", ""), asked.get("kind", ""), asked.get("state", "")
    return Filters(
        body=body if body in plan.bodies else "",
        kind=kind if kind in KINDS else "",
        state=state if state in {one.value for one in State} else "",
        text=" ".join(asked.get("q", "").split())[:MAX_TEXT],
    )


def holds_text(wanted: str, *texts: Text | str | None) -> bool:
    """Whether every word asked for stands in one of the texts, in either language, whatever the case."""
    whole = "\n".join(f"{text.zh}\n{text.en}" if isinstance(text, Text) else text or "" for text in texts).casefold()
    return all(word in whole for word in wanted.casefold().split())


def article_text(article: Article) -> Iterable[Text | str | None]:
    """Everything of an article that is searched."""
    yield article.title
    yield article.digest
    yield article.text
    for target in article.targets:
        yield from (target.indicator, target.scope, target.id)
    for rule in article.rules:
        yield from (rule.subject, rule.scope, rule.exception, rule.strength, rule.id)
    for procedure in article.procedures:
        yield from (procedure.name, procedure.trigger, procedure.id)
    for group in article.groups:
        yield from (group.digest, group.id)
