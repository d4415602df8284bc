"""A read document becomes part of the data folder: the official text of a known plan, or a new plan to be finished.

``settle_difference`` and ``finish_plan`` are what a person does afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import BEIJING, beijing_date
from lantian.rulebook import plan, readable_plans
from lantian.rulebook.joins import Difference, Join, JoinedArticle, digest_of, read_join
from lantian.rulebook.plan_files import plan_ids
from lantian.rulebook.plan_writer import write_beside, write_plan
from lantian.rulebook.plans import Plan
from lantian.work.plan_draft import draft_of
from lantian.work.plan_finish import finish_plan
from lantian.work.plan_join import carried_over, join
from lantian.work.plan_places import joined_articles
from lantian.work.plan_settle import settle_difference

__all__ = ["ImportedPlan", "finish_plan", "import_document", "settle_difference"]

SCHEMA = "lantian-plan/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedPlan:
    """What an import did: the plan, whether it is new, what was found, and what a person has to look at."""

    plan_id: str
    title: str
    new: bool
    repeated: bool
    articles: int
    targets: int
    rules: int
    procedures: int
    groups: int
    matched: int
    unparsed: int
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]

    @property
    def open(self) -> int:
        """Number of differences nobody has settled yet."""
        return sum(difference.status == "open" for difference in self.differences)


def import_document(
    data: Path,
    read_result: Mapping[str, Any],
    *,
    as_id: str | None,
    now: datetime,
    name: str = "",
    new_id: str | None = None,
) -> ImportedPlan:
    """The imported plan: joined to the plan ``as_id``, or new in the data folder (as ``new_id`` where given).

    Rule    the official text is stored in the data folder only; importing the same document again changes nothing
    Errors  Refusal where the document is no plan or holds nothing; RulebookError for an unknown plan
    """
    _checked(read_result, name)
    text = str(read_result["text"])
    if as_id is not None:
        return _joined(data, read_result, plan(as_id, data), text, name, now)
    known, _ = readable_plans(data)  # a broken plan of another name does not stop an import
    for other in known.values():
        kept = _join_of(data, other.id)
        if kept is not None and kept.digest == digest_of(text):
            return _report(read_result, other, kept.differences, _matched(kept), repeated=True)
    plan_id = (
        _free_id(read_result, set(plan_ids(data)), now) if new_id is None else _unused(new_id, set(plan_ids(data)))
    )
    draft = draft_of(read_result, plan_id=plan_id, name=name, known=known.values(), now=now)
    places = joined_articles(read_result, draft.articles, draft.placed)
    write_plan(data, draft.plan, text=text, join=_join(text, name, now, places, ()), read=read_result)
    return _report(read_result, draft.plan, (), len(draft.placed), new=True)


def _joined(data: Path, read: Mapping[str, Any], known: Plan, text: str, name: str, now: datetime) -> ImportedPlan:
    before = _join_of(data, known.id)
    found = join(known, read)
    if not found.matched:
        raise _refused(
            "PLAN-IMPORT-OTHER-DOCUMENT",
            f"文件与方案“{known.title.zh}”没有一处相同，没有导入。请核对 --as 后的方案编号，或不加 --as 作为新方案导入",
            f"nothing in the document is found in the plan {known.id!r}; check --as, or import it as a new plan",
            name,
        )
    differences = carried_over(found.differences, before.differences if before else ())
    places = joined_articles(read, found.articles, found.placed)
    if before and (before.digest, before.articles, before.differences) == (digest_of(text), places, differences):
        return _report(read, known, differences, found.matched, repeated=True)
    write_beside(data, known.id, text=text, join=_join(text, name, now, places, differences), read=read)
    return _report(read, known, differences, found.matched)


def _join(
    text: str, name: str, now: datetime, places: tuple[JoinedArticle, ...], differences: tuple[Difference, ...]
) -> Join:
    return Join(
        document=name or "文件",
        digest=digest_of(text),
        imported_at=now.astimezone(BEIJING).isoformat(timespec="seconds"),
        articles=places,
        differences=differences,
    )


def _join_of(data: Path, plan_id: str) -> Join | None:
    folder = data / "plans" / plan_id
    return read_join(folder) if (folder / "join.yaml").is_file() else None


def _matched(kept: Join) -> int:
    return sum(len(sentence.items) for article in kept.articles for sentence in article.sentences)


def _checked(read: Mapping[str, Any], name: str) -> None:
    document = read.get("document") or {}
    if read.get("schema", SCHEMA) != SCHEMA or not isinstance(read.get("text"), str) or "articles" not in read:
        raise _refused(
            "PLAN-IMPORT-SCHEMA",
            f"不是 {SCHEMA} 格式的识读结果，没有导入。请先用 lantian plan read 识读",
            f"not a reading in the format {SCHEMA}; read the document first",
            name,
        )
    if document.get("plan") is False:
        raise _refused(
            "PLAN-IMPORT-NO-PLAN",
            "文件不是行动计划或实施方案（更像法律、法规或其他文件），没有导入。请换成方案的正式文本",
            "the document is not an action plan (rather a law or another document); give the plan itself",
            name,
        )
    if not any(read.get(key) for key in ("articles", "targets", "rules", "procedures")):
        raise _refused(
            "PLAN-IMPORT-NOTHING",
            "文件中没有识读出条文、目标、规定或程序，没有导入。请检查文件是否完整、是否为方案正文",
            "no article, target, rule or procedure was found; check that the document is the whole plan",
            name,
        )


def _refused(code: str, zh: str, en: str, name: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place(file=name or None)))


def _free_id(read: Mapping[str, Any], known: set[str], now: datetime) -> str:
    """plan-2024, plan-2024-2 …: the year of issue, else the first in the title, else this year; never an id in use."""
    document = read["document"]
    stated = re.search(r"(?<!\d)20\d\d(?!\d)", f"{document.get('issued_on') or ''} {document.get('title') or ''}")
    base = f"plan-{stated[0] if stated else beijing_date(now).year}"
    number = 1
    while (free := base if number == 1 else f"{base}-{number}") in known:
        number += 1
    return free


def _unused(new_id: str, known: set[str]) -> str:
    if new_id in known:
        raise _refused(
            "PLAN-IMPORT-ID-IN-USE",
            f"方案编号“{new_id}”已在使用，没有导入。请换一个编号；要并入该方案请用 --as {new_id}",
            f"the id {new_id!r} is in use; choose another, or join the plan with --as",
            "",
        )
    return new_id


def _report(
    read: Mapping[str, Any], known: Plan, differences: tuple[Difference, ...], matched: int,
    *, new: bool = False, repeated: bool = False,
) -> ImportedPlan:  # fmt: skip
    unparsed = [s for s in read.get("sentences", ()) if s.get("role") == "unparsed"]
    findings = []
    if read["document"].get("complete") is False:
        zh = "文件不完整（可能被截断），已按现有内容导入。请找到全文后重新导入"
        findings.append(
            _warning("PLAN-IMPORT-INCOMPLETE", zh, "the document is cut; import the whole text when you have it")
        )
    if unparsed:
        zh = f"有 {len(unparsed)} 句没有读懂，已保留原文并标出。请在方案页面逐句确认"
        findings.append(
            _warning("PLAN-IMPORT-UNPARSED", zh, f"{len(unparsed)} sentences were not understood and are marked")
        )
    if new and not known.region:
        zh = f"没有认出行政区划，方案“{known.id}”为草稿。请在方案页面填写区划代码后定稿"
        findings.append(
            _warning("PLAN-IMPORT-REGION", zh, "the region is not known; fill in its code to finish the draft")
        )
    return ImportedPlan(
        plan_id=known.id, title=known.title.zh, new=new, repeated=repeated, articles=len(known.articles),
        targets=len(known.targets), rules=len(known.rules), procedures=len(known.procedures), groups=len(known.groups),
        matched=matched, unparsed=len(unparsed), differences=differences, findings=tuple(findings),
    )  # fmt: skip


def _warning(code: str, zh: str, en: str) -> Finding:
    return Finding(code, Severity.WARNING, Text(zh, en))
