"""A read document joined to curated data: which item of the plan each found item is, and where the two differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from lantian.rulebook.joins import Difference
from lantian.rulebook.plans import Article, Group, Plan, Procedure, Rule, Target, Threshold
from lantian.work.plan_items import threshold_of, unit_id, value_of
from lantian.work.plan_places import OUTSIDE, Placed, Read, Span, article_at, spans_of

Of = Literal["article", "target", "rule", "procedure", "group"]
Found = Mapping[str, Any]
I = TypeVar("I", Target, Rule, Procedure, Group)  # noqa: E741 - an item of a plan

_ENOUGH = 0.45  # share of a curated name's pairs of characters that must stand in the found span
_LOOSE = 0.4  # the same for what is left over, where the sentence around counts half
_NAMED = 0.6  # of the score of a target, what the likeness of names can give


@dataclass(slots=True)
class Joined:
    """Items at their places, articles at theirs, and the differences a person settles."""

    articles: list[tuple[int, int, int]] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    matched: int = 0


def join(plan: Plan, read: Read) -> Joined:
    """The plan's items matched with the document's, article by article."""
    work = _Join(plan, read)
    spans = {span.n: span for span in work.spans}
    for article in plan.articles:
        span = spans.get(article.n)
        if span is not None:
            work.result.articles.append((article.n, span.start, span.end))
        elif article.n != OUTSIDE:
            work.differ("article", article.n, "only_in_data", f"第{article.numeral}条", data=article.title.zh)
        work.article(article, span)
    for n in sorted(spans.keys() - {article.n for article in plan.articles}):
        span = spans[n]
        title = str(span.entry.get("title") or "")
        work.differ("article", n, "only_in_document", f"第{n}条", document=title, span=(span.start, span.end))
    return work.result


class _Join:
    def __init__(self, plan: Plan, read: Read) -> None:
        self.plan, self.read, self.text = plan, read, str(read["text"])
        self.spans = spans_of(read)
        self.result = Joined()
        self.numbers: dict[int, int] = {}

    def article(self, article: Article, span: Span | None) -> None:
        """Matches targets, rules, procedures and groups of one article."""
        n, groups = article.n, list(span.entry.get("responsibility") or ()) if span else []
        self._pair("target", article.targets, self._found("targets", n), (self._target_score,), self._target)
        self._pair("rule", article.rules, self._found("rules", n), (self._rule_score, self._loose_score), self._rule)
        procedures, scores = self._found("procedures", n), (self._name_score, self._loose_score)
        self._pair("procedure", article.procedures, procedures, scores, lambda item, entry: None)
        self._pair("group", article.groups, groups, (self._group_score,), self._group)

    def _found(self, key: str, n: int) -> list[Found]:
        return [entry for entry in self.read.get(key, ()) if article_at(entry, self.spans) == n]

    def _pair(
        self,
        of: Of,
        items: Sequence[I],
        found: Sequence[Found],
        scores: Sequence[Callable[[I, Found], float]],
        compare: Callable[[I, Found], tuple[str, str] | None],
    ) -> None:
        """Pairs one to one, best first; what differs in a pair, and what is left over, is a difference.

        Each further score is tried on what the one before has left over.
        """
        left, right = dict(enumerate(items)), dict(enumerate(found))
        for score in scores:
            ranked = sorted(((score(left[i], right[k]), -i, -k) for i in left for k in right), reverse=True)
            for points, i, k in ranked:
                if points > 0 and -i in left and -k in right:
                    item, entry = left.pop(-i), right.pop(-k)
                    self._match(of, item, entry, compare(item, entry))
        for item in left.values():
            self.differ(of, _article_of(item), "only_in_data", item.id, item=item.id, data=shown(item, self.plan))
        for entry in right.values():
            n = article_at(entry, self.spans)
            quote = " ".join(self.text[int(entry["start"]) : int(entry["end"])].split())
            self.differ(of, n, "only_in_document", quote[:20], document=quote, span=_span(entry))

    def _match(self, of: Of, item: I, entry: Found, unlike: tuple[str, str] | None) -> None:
        self.result.matched += 1
        start, end = _span(entry)
        self.result.placed.append(Placed(item.id, start, end))
        if unlike is not None:
            self.differ(
                of,
                _article_of(item),
                "value",
                item.id,
                item=item.id,
                document=unlike[0],
                data=unlike[1],
                span=(start, end),
            )

    def differ(
        self, of: Of, n: int, kind: Literal["only_in_document", "only_in_data", "value"], what: str, **more: Any
    ) -> None:
        """Notes a difference under the next number of its article."""
        self.numbers[n] = self.numbers.get(n, 0) + 1
        identity = f"V{n:02}-{self.numbers[n]}"
        self.result.differences.append(Difference(id=identity, article=n, of=of, kind=kind, what=what, **more))

    def _quote(self, entry: Found, *names: str) -> str:
        start, end = _span(entry)
        return self.text[start:end] + "".join(str(entry.get(name) or "") for name in names)

    def _target_score(self, target: Target, entry: Found) -> float:
        if target.kind != entry.get("kind"):
            return 0.0
        name = max(
            likeness(target.indicator.zh, self._quote(entry, "indicator")),
            likeness(str(entry.get("indicator") or ""), target.indicator.zh),
        )
        if target.kind != "numeric":
            return name if name >= _ENOUGH else 0.0
        same_value = value_of(entry.get("value")) == (target.value, target.upper)
        same_unit = unit_id(entry.get("unit")) == target.unit
        same_deadline = year_of(entry.get("deadline")) == year_of(target.deadline)
        same_scope = (entry.get("scope") or "") == (target.scope or "")
        points = same_value + 0.3 * same_unit + 0.4 * same_deadline + 0.1 * same_scope + _NAMED * name
        return points if points >= 1.0 and (same_value or name >= _ENOUGH) else 0.0

    def _rule_score(self, rule: Rule, entry: Found) -> float:
        name = likeness(rule.subject.zh, self._quote(entry, "subject"))
        limit = threshold_of(entry.get("threshold"))
        same = limit is not None and rule.threshold is not None and limit.value == rule.threshold.value
        other = limit is not None and rule.threshold is not None and not same
        strength = bool(rule.strength) and rule.strength == entry.get("strength")
        points = name + 0.5 * same + 0.25 * strength + 0.1 * (rule.type == entry.get("type")) - 0.5 * other
        return points if name >= _ENOUGH or (strength and name >= _ENOUGH / 2) or (same and name > 0) else 0.0

    def _name_score(self, procedure: Procedure, entry: Found) -> float:
        name = likeness(procedure.name.zh, self._quote(entry, "name"))
        return name if name >= _ENOUGH else 0.0

    def _loose_score(self, item: Rule | Procedure, entry: Found) -> float:
        """For what is left: the sentence around the span counts too, and a rule's strength and type."""
        name = item.subject.zh if isinstance(item, Rule) else item.name.zh
        points = likeness(name, self._quote(entry)) + 0.5 * likeness(name, self._sentence(entry))
        if isinstance(item, Rule):
            limits = [limit.value for limit in (item.threshold, threshold_of(entry.get("threshold"))) if limit]
            points += 0.3 * (item.strength == entry.get("strength")) - 0.5 * (len(set(limits)) > 1)
        return points if points >= _LOOSE else 0.0

    def _sentence(self, entry: Found) -> str:
        """The whole sentence around a found span."""
        start, end = _span(entry)
        first = max(self.text.rfind(mark, 0, start) for mark in "。\n") + 1
        ends = [at for mark in "。\n" if (at := self.text.find(mark, end - 1)) >= 0]
        return self.text[first : min(ends, default=len(self.text))]

    def _group_score(self, group: Group, entry: Found) -> float:
        ours, theirs = self._names(group.bodies), set(entry.get("bodies") or ())
        return len(ours & theirs) / len(ours | theirs) if ours or theirs else 0.0

    def _names(self, ids: Iterable[str]) -> set[str]:
        return {self.plan.bodies[body].zh for body in ids}

    def _target(self, target: Target, entry: Found) -> tuple[str, str] | None:
        if target.kind != "numeric":
            same = year_of(entry.get("deadline")) == year_of(target.deadline)
            return None if same else (f"期限 {entry.get('deadline') or '无'}", f"期限 {target.deadline or '无'}")
        low, high = value_of(entry.get("value"))
        theirs = (entry.get("comparator"), low, high, unit_id(entry.get("unit")), year_of(entry.get("deadline")))
        ours = (target.comparator, target.value, target.upper, target.unit, year_of(target.deadline))
        return None if theirs == ours else (_shown(*theirs), _shown(*ours))

    def _rule(self, rule: Rule, entry: Found) -> tuple[str, str] | None:
        limit = threshold_of(entry.get("threshold"))
        return None if _limit(limit) == _limit(rule.threshold) else (_limit(limit), _limit(rule.threshold))

    def _group(self, group: Group, entry: Found) -> tuple[str, str] | None:
        theirs = (set(entry.get("lead") or ()), set(entry.get("bodies") or ()), str(entry.get("mode")))
        ours = (self._names(group.lead), self._names(group.bodies), str(group.mode))
        return None if theirs == ours else (_responsible(*theirs), _responsible(*ours))


def likeness(name: str, text: str) -> float:
    """Share of a name's pairs of characters that stand in a text, from 0 to 1."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


def year_of(deadline: object) -> str:
    """The year of a deadline, a deadline that is none as it is written, or nothing."""
    text = str(deadline or "")
    return text[:4] if text[:4].isdigit() else text


def shown(item: Target | Rule | Procedure | Group, plan: Plan) -> str:
    """An item in words, for the page on which differences are settled."""
    if isinstance(item, Target):
        return (
            f"{item.indicator.zh} {_shown(item.comparator, item.value, item.upper, item.unit, item.deadline)}".strip()
        )
    if isinstance(item, Rule):
        return " ".join(part for part in (item.strength, item.subject.zh, _limit(item.threshold)) if part)
    if isinstance(item, Procedure):
        return item.name.zh
    names = [{plan.bodies[body].zh for body in ids} for ids in (item.lead, item.bodies)]
    return _responsible(names[0], names[1], item.mode)


def carried_over(found: Sequence[Difference], before: Sequence[Difference]) -> tuple[Difference, ...]:
    """The differences found now; those settled before, and still the same, stay settled."""

    def same(one: Difference) -> tuple[object, ...]:
        return (one.article, one.of, one.kind, one.item, one.document, one.data)

    settled = {same(one): one for one in before if one.status == "settled"}
    return tuple(
        replace(one, status="settled", choice=old.choice, by=old.by, at=old.at)
        if (old := settled.get(same(one)))
        else one
        for one in found
    )


def _article_of(item: Target | Rule | Procedure | Group) -> int:
    return int(item.id[1:].split("-")[0])


def _span(entry: Found) -> tuple[int, int]:
    return int(entry["start"]), int(entry["end"])


def _shown(comparator: object, low: object, high: object, unit: object, deadline: object) -> str:
    value = "" if low is None else f"{low}" if high is None else f"{low}—{high}"
    return " ".join(str(part) for part in (comparator, value, unit, deadline) if part)


def _limit(limit: Threshold | None) -> str:
    return f"{limit.op} {limit.value.normalize():f} {limit.unit or ''}".strip() if limit else ""


def _responsible(lead: set[str], bodies: set[str], mode: str) -> str:
    others = "、".join(sorted(bodies - lead))
    return f"{mode}：" + "；".join(
        part for part in (("牵头 " + "、".join(sorted(lead))) if lead else "", others) if part
    )
