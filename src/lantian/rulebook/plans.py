"""A plan as data: chapters, articles, targets, rules, duties (responsibility groups), procedures, and who answers them.

The shapes only; ``plan_files`` reads them, ``plan_checks`` holds what must resolve, ``plan_writer`` writes them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from lantian.basis.finding import Text
from lantian.rulebook.answers import answers

AnswerKind = Literal["metric", "check", "tray", "workflow", "entry", "aspiration"]
ArticleKind = Literal["principle", "targets", "measures", "management", "capacity", "power", "publicity"]
BodyKind = Literal[
    "department", "vertical", "county_government", "branch", "township", "grid", "operator", "company", "collective"
]
Comparator = Literal["<=", "<", ">=", ">", "=", "≈", "range", "all", "basically_all", "done", "external"]
Mode = Literal["lead", "shared", "sole", "listed", "none"]
RuleType = Literal[
    "prohibition", "restriction", "precondition", "condition", "requirement", "conditional_requirement", "phase_out",
    "remediation", "preference", "encouragement", "incentive", "sanction",
]  # fmt: skip
TargetKind = Literal["numeric", "completion", "external"]
Confidence = Literal["verified", "one-source", "unverified"]

_DEADLINE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What answers an item: an entry of ``answers.yaml`` (in files its id alone), or only a reason (aspiration)."""

    kind: AnswerKind
    by: str | None = None
    reason: Text | None = None

    @classmethod
    def of_text(cls, by: str) -> Answer:
        """The answer an id of the register stands for; an unknown id is refused by ``plan_checks``."""
        entry = answers().get(by)
        return cls(kind=entry.kind if entry else "entry", by=by)


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """A responsible body; ``zh`` is the name as the plan writes it."""

    id: str
    zh: str
    en: str
    kind: BodyKind


@dataclass(frozen=True, kw_only=True, slots=True)
class County:
    """A county-level unit of the plan's city."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A responsibility group of an article: one duty tray."""

    id: str
    mode: Mode
    lead: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    open_list: bool = False
    digest: Text
    answered_by: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A target. A range runs from ``value`` to ``upper``; ``unit`` is an id of basis.units where it has one."""

    id: str
    article: int
    indicator: Text
    kind: TargetKind
    comparator: Comparator
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    baseline_year: int | None = None
    deadline: str | None = None
    scope: str | None = None
    strength: str | None = None
    metric: str | None = None
    basis: str | None = None
    same_as: str | None = None
    notes: tuple[Text, ...] = ()
    answered_by: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """The size above or below which a rule applies."""

    param: str
    op: str
    value: Decimal
    unit: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule with its strength in the plan's own word (严禁 … 鼓励)."""

    id: str
    article: int
    type: RuleType
    strength: str | None = None
    subject: Text
    threshold: Threshold | None = None
    scope: str | None = None
    exception: str | None = None
    notes: tuple[Text, ...] = ()
    answered_by: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Procedure:
    """A procedure: what sets it off, how often, and who acts (ids of bodies)."""

    id: str
    article: int
    name: Text
    frequency: str | None = None
    trigger: str | None = None
    actors: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    answered_by: Answer


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of an article's official text (code points from its beginning) with its role and the items it carries."""

    start: int
    end: int
    role: str
    items: tuple[str, ...] = ()

    @property
    def item(self) -> str | None:
        """The first item of the sentence."""
        return self.items[0] if self.items else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """An article with its items; ``text`` and ``sentences`` only where the official text was imported."""

    n: int
    numeral: str
    chapter: int | None
    kind: ArticleKind
    title: Text
    digest: Text
    notes: tuple[Text, ...] = ()
    answered_by: Answer
    groups: tuple[Group, ...] = ()
    targets: tuple[Target, ...] = ()
    rules: tuple[Rule, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    text: str | None = None
    sentences: tuple[Sentence, ...] = ()

    def items(self) -> Iterator[Item]:
        """Targets, rules, procedures and groups, in this order."""
        yield from self.targets
        yield from self.rules
        yield from self.procedures
        yield from self.groups


Item: TypeAlias = Target | Rule | Procedure | Group


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A chapter and its first and last article."""

    n: int
    numeral: str
    title: Text
    first: int
    last: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Inherited:
    """A body that answers for every article from one on, without being listed again."""

    body: str
    from_article: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One edition of a plan. ``until`` is its last deadline; ``cities`` are the names its city bears in data files;
    ``centre`` longitude and latitude of the city (degrees), where known.

    Only in a draft may ``region`` be empty: nobody has named it yet.
    """

    id: str
    edition: str
    title: Text
    region: str
    cities: tuple[str, ...]
    counties: tuple[County, ...]
    issuer: str
    number: str | None
    adopted_on: date | None
    issued_on: date | None
    until: date | None
    source: str
    confidence: Confidence
    replaces: str | None = None
    continued_by: str | None = None
    retired: tuple[str, ...] = ()
    centre: tuple[Decimal, ...] = ()
    draft: bool = False
    changed_by: str | None = None
    changed_at: str | None = None
    notes: tuple[Text, ...] = ()
    inherited: Inherited | None = None
    chapters: tuple[Chapter, ...]
    articles: tuple[Article, ...]
    bodies: dict[str, Body]
    built_in: bool = True

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets in the plan's order."""
        return tuple(target for article in self.articles for target in article.targets)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules in the plan's order."""
        return tuple(rule for article in self.articles for rule in article.rules)

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """All procedures in the plan's order."""
        return tuple(procedure for article in self.articles for procedure in article.procedures)

    @property
    def groups(self) -> tuple[Group, ...]:
        """All responsibility groups in the plan's order."""
        return tuple(group for article in self.articles for group in article.groups)

    def article(self, n: int) -> Article:
        """The article of a number.

        Errors  KeyError where the plan has none
        """
        for article in self.articles:
            if article.n == n:
                return article
        raise KeyError(n)

    def items(self) -> dict[str, Item]:
        """Every target, rule, procedure and group by id."""
        return {item.id: item for article in self.articles for item in article.items()}


def deadline_day(deadline: str | None) -> date | None:
    """Last day of a deadline: 2025 and 2025-12 → 2025-12-31, a day is itself; None for 每年 and no deadline."""
    match = _DEADLINE.match(deadline or "")
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 12), match[3]
    try:
        return date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except ValueError:
        return None
