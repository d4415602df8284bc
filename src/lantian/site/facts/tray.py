"""The tray of a body or county: what it answers for, article by article, with the newest entry and what is due."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lantian.rulebook.plans import Article, Group, Item, Plan, Procedure, Rule, Target, deadline_day
from lantian.site.facts.answering import Reach, bodies_of, county_bodies, may_enter
from lantian.site.facts.models import Entry, Standing
from lantian.site.facts.selectors import visible
from lantian.site.year.columns import item_words
from lantian.site.year.models import YearTask
from lantian.site.year.overview import is_late, limit_words
from lantian.site.year.selectors import plain, shares
from lantian.site.year.services import in_force

if TYPE_CHECKING:
    from lantian.site.people.models import User

_ORDER = (Group, Target, Rule, Procedure)
KIND_WORDS = {Target: "目标", Group: "任务", Rule: "规定", Procedure: "程序"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item in the tray; ``days_left`` to its deadline, negative when it is over."""

    item: Item
    kind: str
    words: str
    limit: str
    due: str
    days_left: int | None
    newest: Entry | None
    newest_words: str
    may_enter: bool
    by_series: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One article of the tray."""

    article: Article
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Tray:
    """A body's or county's tray."""

    parts: list[Part]
    tasks: list[tuple[YearTask, bool]]
    without_entry: int
    waiting: int
    returned: list[Entry]


def tray(plan: Plan, *, body: str, county: str, viewer: User, reach: Reach, today: date, kind: str = "") -> Tray:
    """What a body (or a county) answers for; ``kind`` keeps only targets, duties, rules or procedures."""
    newest = _newest(plan, county, viewer)
    answering = county_bodies(plan, county) if county else frozenset({body})
    shared = {share.target for share in shares(plan.id) if share.county == county} if county else set()
    parts = []
    for article in plan.articles:
        items = [
            item
            for item in article.items()
            if (set(bodies_of(plan, article, item)) & answering or item.id in shared)
            and (not kind or kind == KIND_WORDS[type(item)])
        ]
        if items:
            items.sort(key=lambda item: _ORDER.index(type(item)))
            lines = [_line(plan, article, item, newest.get(item.id), county, reach, today) for item in items]
            parts.append(Part(article, lines))
    mine = [row for part in parts for line in part.lines if (row := line.newest)]
    return Tray(
        parts=parts,
        tasks=_tasks(plan, answering, county, today),
        without_entry=sum(
            1 for p in parts for line in p.lines if line.kind == "目标" and not line.by_series and not line.newest
        ),
        waiting=sum(1 for entry in mine if entry.standing == Standing.ENTERED),
        returned=[entry for entry in mine if entry.standing == Standing.RETURNED],
    )


def entry_words(entry: Entry) -> str:
    """What an entry says, in one piece."""
    if entry.value is not None:
        said = limit_words("", entry.value, entry.unit).strip()
    elif entry.share is not None:
        said = f"完成 {format(plain(entry.share), 'f')}%"
    else:
        said = ""
    state = entry.get_state_display() if entry.state else ""
    return "，".join(part for part in (said, state) if part)


def _newest(plan: Plan, county: str, viewer: User) -> dict[str, Entry]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in visible(plan.id, viewer).filter(county=county):
        found[entry.item].append(entry)
    return {item: max(rows, key=lambda row: (row.on, row.pk)) for item, rows in found.items()}


def _line(
    plan: Plan, article: Article, item: Item, newest: Entry | None, county: str, reach: Reach, today: date
) -> Line:  # fmt: skip
    deadline = deadline_day(item.deadline) if isinstance(item, Target) else None
    if isinstance(item, Target):
        due, limit = item.deadline or "", limit_words(item.comparator, item.value, item.unit)
    elif isinstance(item, Procedure):
        due, limit = item.frequency or item.trigger or "", ""
    else:
        due, limit = "", (item.strength or "") if isinstance(item, Rule) else ""
    return Line(
        item=item,
        kind=KIND_WORDS[type(item)],
        words=item_words(item),
        limit=limit,
        due=due,
        days_left=(deadline - today).days if deadline else None,
        newest=newest,
        newest_words=entry_words(newest) if newest else "",
        may_enter=may_enter(plan, article, item, county, reach),
        by_series=isinstance(item, Target) and item.answered_by.kind == "metric",
    )


def _tasks(plan: Plan, answering: frozenset[str], county: str, today: date) -> list[tuple[YearTask, bool]]:
    rows: list[YearTask] = [
        task
        for task in in_force("task", plan.id, today.year)
        if answering & {task.lead, *task.bodies} or (county and county in task.counties)
    ]
    return [(task, is_late(task, today)) for task in rows]
