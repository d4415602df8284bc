"""A new plan from what the reader found in a document: a draft that a person finishes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from lantian.basis.finding import Text
from lantian.basis.period import beijing_date
from lantian.rulebook.plans import (
    Answer,
    Article,
    Body,
    Chapter,
    Group,
    Inherited,
    Plan,
    Procedure,
    Rule,
    Target,
    deadline_day,
)
from lantian.work.plan_items import ENTRY, TO_FILL, TRAY, body_of, group_of, procedure_of, rule_of, target_of, text_of
from lantian.work.plan_places import OUTSIDE, Placed, Read, Span, article_at, outside_span, spans_of

_NOTHING = Text("识读未发现可核查的事项，由人员确认", "The reader found nothing to check here; a person confirms")
_DIGEST = 120


@dataclass(slots=True)
class Draft:
    """A draft plan with the places of its articles and items in the document."""

    plan: Plan
    articles: list[tuple[int, int, int]]
    placed: list[Placed] = field(default_factory=list)


def draft_of(read: Read, *, plan_id: str, name: str, known: Iterable[Plan], now: datetime) -> Draft:
    """The draft plan of a read document; bodies and regions other plans know keep their ids."""
    known = tuple(known)
    builder = _Builder(read, spans_of(read), {b.id: b for plan in reversed(known) for b in plan.bodies.values()})
    articles, inherited = _counted_once(builder.articles()), builder.inherited()
    document = read["document"]
    region = _region(str(document.get("region") or ""), known)
    issued = _date(document.get("issued_on"))
    last = max((day for a in articles for t in a.targets if (day := deadline_day(t.deadline))), default=None)
    plan = Plan(
        id=plan_id,
        edition=str(issued or beijing_date(now)),
        title=text_of(document.get("title") or name.rpartition(".")[0] or name or TO_FILL),
        region=region,
        cities=_cities(str(document.get("region") or "")),
        counties=(),
        issuer=document.get("issuer") or TO_FILL,
        number=document.get("number") or None,
        adopted_on=None,
        issued_on=issued,
        until=last,
        source=f"导入文件 {name}" if name else "导入文件",
        confidence="unverified",
        draft=True,
        chapters=_chapters(read, builder.spans),
        articles=articles,
        inherited=inherited,
        bodies=_used(builder.bodies, articles, inherited),
        built_in=False,
    )
    return Draft(plan, builder.places(), builder.placed)


class _Builder:
    """Takes the reader's items apart into articles, giving each an id."""

    def __init__(self, read: Read, spans: tuple[Span, ...], known: Mapping[str, Body]) -> None:
        self.read, self.spans, self.bodies = read, spans, dict(known)
        self.placed: list[Placed] = []
        self.outside: list[Mapping[str, Any]] = []
        self.by_article: dict[int, dict[str, list[Mapping[str, Any]]]] = {}
        for key in ("targets", "rules", "procedures"):
            for item in sorted(read.get(key, ()), key=lambda entry: int(entry["start"])):
                n = article_at(item, spans)
                self.by_article.setdefault(n, {}).setdefault(key, []).append(item)
                if n == OUTSIDE:
                    self.outside.append(item)

    def articles(self) -> tuple[Article, ...]:
        """All articles; first that of what stands outside, where there is any."""
        first = [self._outside()] if self.outside else []
        return (*first, *(self._article(span) for span in self.spans))

    def places(self) -> list[tuple[int, int, int]]:
        """Number, start and end of the articles that have a place."""
        around = outside_span(self.outside, self.spans, str(self.read["text"]))
        return [*([(OUTSIDE, *around)] if around else []), *((s.n, s.start, s.end) for s in self.spans)]

    def inherited(self) -> Inherited | None:
        """The body that answers for every article from one on, where the document says so."""
        entry = self.read.get("inherited")
        entry = entry[0] if isinstance(entry, list) and entry else entry
        if not isinstance(entry, Mapping) or not entry.get("body"):
            return None
        n = next((entry[k] for k in ("from_article", "applies_from_article", "article") if entry.get(k)), 1)
        return Inherited(body=body_of(str(entry["body"]), self.bodies), from_article=int(n))

    def _outside(self) -> Article:
        targets, rules, procedures = self._items(OUTSIDE)
        title = Text("规划指标", "Figures outside the articles")
        return Article(
            n=OUTSIDE, numeral="〇", chapter=None, kind="targets", title=title,
            digest=Text("条文以外的章节和表格中的指标。", "Figures in sections and tables outside the articles."),
            answered_by=_answer_of(targets, rules, procedures, ()), targets=targets, rules=rules, procedures=procedures,
        )  # fmt: skip

    def _article(self, span: Span) -> Article:
        entry = span.entry
        targets, rules, procedures = self._items(span.n)
        title = text_of(entry.get("title") or f"第{entry.get('numeral') or span.n}条")
        groups = self._groups(span, title)
        chapter = entry.get("chapter")
        nothing = not (targets or rules or procedures or groups)
        return Article(
            n=span.n,
            numeral=str(entry.get("numeral") or span.n),
            chapter=int(chapter) if chapter is not None and chapter in self._chapter_numbers() else None,
            kind="principle" if nothing else "targets" if targets and not rules and not procedures else "measures",
            title=title,
            digest=title,
            answered_by=_answer_of(targets, rules, procedures, groups),
            groups=groups,
            targets=targets,
            rules=rules,
            procedures=procedures,
        )

    def _chapter_numbers(self) -> set[object]:
        return {chapter["n"] for chapter in self.read.get("chapters", ())}

    def _items(self, n: int) -> tuple[tuple[Target, ...], tuple[Rule, ...], tuple[Procedure, ...]]:
        found = self.by_article.get(n, {})
        targets = tuple(target_of(e, n, self._id("T", n, k, e)) for k, e in enumerate(found.get("targets", ()), 1))
        rules = tuple(rule_of(e, n, self._id("R", n, k, e)) for k, e in enumerate(found.get("rules", ()), 1))
        procedures = tuple(
            procedure_of(e, n, self._id("P", n, k, e)) for k, e in enumerate(found.get("procedures", ()), 1)
        )
        return targets, rules, procedures

    def _id(self, letter: str, n: int, k: int, entry: Mapping[str, Any]) -> str:
        identity = f"{letter}{n:02}-{k}"
        self.placed.append(Placed(identity, int(entry["start"]), int(entry["end"])))
        return identity

    def _groups(self, span: Span, title: Text) -> tuple[Group, ...]:
        found = []
        entries = span.entry.get("responsibility") or ()
        for k, entry in enumerate(entries, 1):
            identity = f"D{span.n:02}-{k}"
            if entry.get("start") is not None and entry.get("end") is not None:
                self.placed.append(Placed(identity, int(entry["start"]), int(entry["end"])))
            digest = self._duties(span, k, len(entries)) or title
            found.append(group_of(entry, identity, digest, self.bodies))
        return tuple(found)

    def _duties(self, span: Span, k: int, groups: int) -> Text | None:
        """The beginnings of the duties of a group, where the reader gives any."""
        duties = [d for d in self.read.get("duties", ()) if span.start <= int(d["start"]) < span.end]
        own = [d for d in duties if groups == 1 or d.get("group") in (k, f"D{span.n:02}-{k}")]
        whole = "；".join(" ".join(str(duty["text"]).split()).rstrip("。；;") for duty in own)
        return text_of(whole if len(whole) <= _DIGEST else whole[: _DIGEST - 1] + "…") if whole else None


def _counted_once(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The articles, a target that was stated before (same words, figure and deadline) naming the first."""
    first: dict[object, str] = {}
    found = []
    for article in articles:
        targets = []
        for target in article.targets:
            stated = (target.metric or target.indicator.zh, target.value, target.upper, target.unit, target.deadline)
            same = first.setdefault((*stated, target.scope), target.id) if target.kind == "numeric" else target.id
            targets.append(target if same == target.id else replace(target, same_as=same))
        found.append(replace(article, targets=tuple(targets)))
    return tuple(found)


def _used(bodies: dict[str, Body], articles: Sequence[Article], inherited: Inherited | None) -> dict[str, Body]:
    """The bodies this plan names, in the order it names them."""
    named = [body for article in articles for group in article.groups for body in group.bodies]
    return {body: bodies[body] for body in [*named, *([inherited.body] if inherited else [])]}


def _answer_of(
    targets: Sequence[Target], rules: Sequence[Rule], procedures: Sequence[Procedure], groups: Sequence[Group]
) -> Answer:
    if groups:
        return TRAY
    metrics = [target.answered_by for target in targets if target.metric]
    if metrics:
        return metrics[0]
    return ENTRY if targets or rules or procedures else Answer(kind="aspiration", reason=_NOTHING)


def _chapters(read: Read, spans: tuple[Span, ...]) -> tuple[Chapter, ...]:
    """The chapters; one without articles has an empty run after the last article before it."""
    found, last = [], 0
    for entry in read.get("chapters", ()):
        inside = [span.n for span in spans if span.entry.get("chapter") == entry["n"]]
        first, last = (min(inside), max(inside)) if inside else (last + 1, last)
        title = text_of(entry.get("title") or f"第{entry['n']}章")
        numeral = str(entry.get("numeral") or entry["n"])
        found.append(Chapter(n=int(entry["n"]), numeral=numeral, title=title, first=first, last=last))
    return tuple(found)


def _region(name: str, known: tuple[Plan, ...]) -> str:
    """The code of a region another plan knows by this name, a code as it is, else nothing."""
    if re.fullmatch(r"[1-9]\d{5}", name):
        return name
    codes = {county.zh: county.code for plan in known for county in plan.counties}
    codes |= {f"{city}市": plan.region for plan in known for city in plan.cities}
    return codes.get(name, "")


def _cities(name: str) -> tuple[str, ...]:
    return (name.removesuffix("市"),) if name.endswith("市") and len(name) > 1 else ()


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None  # the reader may give a month only; a person fills the day
