"""Plans from their folders: the package's, and the data folder's, which win by id.

A folder holds ``plan.yaml``, ``bodies.yaml`` and ``articles/NN.yaml``. In the data folder ``text.txt`` (the official
text) and ``join.yaml`` (which span of it is which article, sentence and item) may stand beside them, or alone: then
they lend the text to the package's plan of the same id.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from lantian.basis.finding import Text
from lantian.rulebook import plan_checks
from lantian.rulebook.joins import joined
from lantian.rulebook.loader import Node, RulebookError, load, nearest
from lantian.rulebook.plans import (
    Answer,
    Article,
    ArticleKind,
    Body,
    BodyKind,
    Chapter,
    Confidence,
    County,
    Group,
    Inherited,
    Plan,
    Procedure,
    Rule,
    Target,
)
from lantian.rulebook.shape import built

PACKAGE = Path(__file__).parent / "plans"
Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _PlanFile:
    id: str
    edition: str
    title: Text
    region: str | None
    cities: tuple[str, ...]
    counties: tuple[County, ...]
    issuer: str
    number: str | None
    adopted_on: date | None
    issued_on: date | None
    until: date | None
    source: str
    confidence: Confidence
    chapters: tuple[Chapter, ...]
    replaces: str | None = None
    continued_by: str | None = None
    inherited: Inherited | None = None
    notes: tuple[Text, ...] = ()
    retired: tuple[str, ...] = ()
    centre: tuple[Decimal, ...] = ()
    draft: bool = False
    changed_by: str | None = None
    changed_at: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _BodyFile:
    zh: str
    en: str
    kind: BodyKind


@dataclass(frozen=True, kw_only=True, slots=True)
class _ArticleFile:
    article: int
    numeral: str
    chapter: int | None
    kind: ArticleKind
    title: Text
    digest: Text
    answered_by: Answer
    notes: tuple[Text, ...] = ()


_ITEMS = frozenset({"groups", "targets", "rules", "procedures"})


def plans(data: Path | None = None) -> dict[str, Plan]:
    """Every plan by id: those of the package, and those of the data folder, which win.

    Errors  RulebookError with file, line, what and remedy
    """
    found = {plan_id: _plan(plan_id, data) for plan_id in plan_ids(data)}
    plan_checks.editions(found)
    return found


def readable_plans(data: Path | None = None) -> tuple[dict[str, Plan], dict[str, RulebookError]]:
    """Every plan that can be used, and by id what is wrong with those that cannot.

    For lists that must stand where a hand-edited plan is broken; how editions name each other is not checked.
    """
    found: dict[str, Plan] = {}
    broken: dict[str, RulebookError] = {}
    for plan_id in plan_ids(data):
        try:
            found[plan_id] = _plan(plan_id, data)
        except RulebookError as error:
            broken[plan_id] = error
    return found, broken


def plan(plan_id: str, data: Path | None = None) -> Plan:
    """One plan, checked.

    Errors  RulebookError for an unknown id (naming the nearest) and for broken files
    """
    known = plan_ids(data)
    if plan_id not in known:
        what = Text(f"没有方案“{plan_id}”", f"there is no plan {plan_id!r}")
        raise RulebookError(f"plans/{plan_id}", None, what, nearest(plan_id, known))
    return _plan(plan_id, data)


def plan_ids(data: Path | None) -> list[str]:
    """The ids of all plans, those of the package first."""
    roots = [PACKAGE] + ([data / "plans"] if data else [])
    return list(dict.fromkeys(f.parent.name for root in roots for f in sorted(root.glob("[!.]*/plan.yaml"))))


def folder_of(plan_id: str, data: Path | None) -> Path:
    """The folder a plan is read from: the data folder's where it holds a plan.yaml, else the package's."""
    own = data / "plans" / plan_id if data else None
    return own if own and (own / "plan.yaml").is_file() else PACKAGE / plan_id


def _plan(plan_id: str, data: Path | None) -> Plan:
    folder = folder_of(plan_id, data)
    read = _read(folder, _signature(folder), folder.parent == PACKAGE)
    own = data / "plans" / plan_id if data else None
    if own and (own / "join.yaml").is_file():
        read = _with_text(folder, _signature(folder), own, _signature(own), folder.parent == PACKAGE)
    return read


def _signature(folder: Path) -> Signature:
    """Names, times and sizes of a folder's files: a changed file gives another signature.

    The package's own files do not change while a process runs; they are not looked at again.
    """
    if folder.parent == PACKAGE:
        return ()
    found = []
    for place in (folder, folder / "articles"):
        if place.is_dir():
            with os.scandir(place) as entries:
                files = [(entry, entry.stat()) for entry in entries if entry.name.endswith((".yaml", ".txt"))]
            found += [(entry.path, stat.st_mtime_ns, stat.st_size) for entry, stat in files]
    return tuple(sorted(found))


@lru_cache(maxsize=32)  # keyed by the files' signature: what was read once from the same files is the same plan
def _with_text(folder: Path, signature: Signature, own: Path, texts: Signature, built_in: bool) -> Plan:
    return joined(_read(folder, signature, built_in), own)


@lru_cache(maxsize=32)  # as above
def _read(folder: Path, signature: Signature, built_in: bool) -> Plan:
    return read_folder(folder, built_in=built_in)


def _retired(plan_id: str) -> tuple[str, ...]:
    """The ids the package's plan of this id has retired; a plan of the data folder may not use them again."""
    folder = PACKAGE / plan_id
    return built(_PlanFile, _load(folder, "plan.yaml")).retired if (folder / "plan.yaml").is_file() else ()


def read_folder(folder: Path, *, built_in: bool = False) -> Plan:
    """The plan of one folder, checked by itself.

    Errors  RulebookError with file, line, what and remedy
    """
    places: dict[str, Node] = {}
    head_node = _load(folder, "plan.yaml")
    head = built(_PlanFile, head_node)
    bodies = _bodies(_load(folder, "bodies.yaml"), places)
    names = sorted(file.name for file in folder.glob("articles/*.yaml"))
    articles = tuple(_article(_load(folder, f"articles/{name}"), places) for name in names)
    plan = Plan(
        **{name: getattr(head, name) for name in _PlanFile.__dataclass_fields__ if name != "region"},
        region=head.region or "",
        articles=tuple(sorted(articles, key=lambda article: article.n)),
        bodies=bodies,
        built_in=built_in,
    )
    retired = () if built_in else _retired(plan.id)
    plan_checks.whole(plan, folder.name, head_node, places, {*plan.retired, *retired})
    return plan


def _load(folder: Path, name: str) -> Node:
    return load(folder / name, f"plans/{folder.name}/{name}")


def _bodies(node: Node, places: dict[str, Node]) -> dict[str, Body]:
    found: dict[str, Body] = {}
    for body_id, entry in node.mapping().items():
        own = built(_BodyFile, entry)
        found[body_id] = Body(id=body_id, zh=own.zh, en=own.en, kind=own.kind)
        places[f"body {body_id}"] = entry
    return found


def _article(node: Node, places: dict[str, Node]) -> Article:
    own = built(_ArticleFile, node, also=_ITEMS)
    n = own.article
    if f"article {n}" in places:
        first = places[f"article {n}"]
        raise node.error(
            Text(f"第 {n} 条写了两次（另见 {first.file}）", f"article {n} occurs twice (see {first.file})"),
            Text("请合并或改条号", "Join them or change the number"),
        )
    places[f"article {n}"] = node
    entries = node.mapping()

    def items(key: str) -> list[Node]:
        found = entries[key].items() if key in entries else []
        for entry in found:
            plan_checks.remember(entry, places)
        return found

    return Article(
        n=n, numeral=own.numeral, chapter=own.chapter, title=own.title, digest=own.digest, kind=own.kind,
        answered_by=own.answered_by, notes=own.notes,
        groups=tuple(built(Group, entry) for entry in items("groups")),
        targets=tuple(built(Target, entry, article=n) for entry in items("targets")),
        rules=tuple(built(Rule, entry, article=n) for entry in items("rules")),
        procedures=tuple(built(Procedure, entry, article=n) for entry in items("procedures")),
    )  # fmt: skip
