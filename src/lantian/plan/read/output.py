"""The reading as plain data: schema ``lantian-plan/1``."""

from __future__ import annotations

import re
from typing import Any

from lantian.basis.finding import Severity
from lantian.plan.read.model import Procedure, Rule, Target
from lantian.plan.read.passages import Passage, Sentence
from lantian.plan.read.reader import Reading, label_of, title_of
from lantian.plan.read.responsibility import Group
from lantian.plan.read.script import is_traditional

SCHEMA = "lantian-plan/1"
_NO_WIDTH = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
_NOT_A_DUTY = ("heading", "responsibility", "mark", "page", "table", "fact", "principle")


def as_data(reading: Reading, name: str) -> dict[str, Any]:
    """Everything read, ready for JSON; all offsets are code points of ``text``."""
    passages = sorted(
        reading.passages, key=lambda passage: passage.sentences[0].start if passage.sentences else _start(passage)
    )
    unparsed = [sentence for passage in passages for sentence in passage.sentences if sentence.role == "unparsed"]
    _add_notes(reading, unparsed)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "name": name,
        "text": reading.source.text,
        "document": _document(reading),
        "chapters": [{"n": n, "numeral": unit.numeral, "title": title_of(unit), "start": unit.start, "end": unit.end}
                     for n, unit in enumerate(reading.structure.chapters, 1)],
        "sections": [{"label": label_of(unit), "numeral": unit.numeral, "title": title_of(unit), "start": unit.start, "end": unit.end}
                     for unit in reading.structure.sections],
        "articles": _articles(reading),
        "inherited": reading.inherited,
        "targets": _numbered([t for p in passages for t in p.targets] + [t for table in reading.tables for t in table.targets], "T"),
        "rules": _numbered([rule for passage in passages for rule in passage.rules], "R"),
        "procedures": _numbered([procedure for passage in passages for procedure in passage.procedures], "P"),
        "duties": [duty for passage in passages for duty in _duties(passage)],
        "sentences": _sentences(reading, passages),
        "tables": [table.name for table in reading.tables],
        "unparsed": [{"start": s.start, "end": s.end, "text": s.text} for s in unparsed],
    }  # fmt: skip
    data["document"]["findings"] = [finding.as_dict() for finding in reading.findings]
    return data


def _start(passage: Passage) -> int:
    return passage.groups[0].start if passage.groups else 0


def _document(reading: Reading) -> dict[str, Any]:
    head = reading.head
    return {
        "title": head.title, "kind": head.kind, "issuer": head.issuer, "region": head.region, "number": head.number,
        "issued_on": head.issued_on, "plan": reading.is_plan, "complete": reading.complete,
        "script": "Hant" if is_traditional(reading.source.text) else "Hans",
    }  # fmt: skip


def _articles(reading: Reading) -> list[dict[str, Any]]:
    units = reading.structure.articles
    chapters = reading.structure.chapters
    found = []
    for passage in reading.passages:
        if not isinstance(passage.place, int):
            continue
        unit = units[passage.place - 1] if passage.place <= len(units) else None
        start = unit.start if unit else passage.groups[0].start
        end = unit.end if unit else passage.groups[0].end
        chapter = next((n for n, above in reversed(list(enumerate(chapters, 1))) if above.start <= start), None)
        found.append(
            {
                "n": passage.place, "numeral": unit.numeral if unit else str(passage.place), "chapter": chapter, "title": passage.title.raw,
                "start": start, "end": end,
                "responsibility": [_group(g, f"D{passage.place:02d}-{k}") for k, g in enumerate(_declaring(passage), 1)],
            }
        )  # fmt: skip
    return found


def _declaring(passage: Passage) -> list[Group]:
    return [group for group in passage.groups if group.bodies]


def _group(group: Group, id_: str) -> dict[str, Any]:
    return {
        "id": id_, "mode": group.mode, "lead": group.lead, "bodies": group.bodies, "open_list": group.open_list,
        "deadline": group.deadline, "start": group.start, "end": group.end,
    }  # fmt: skip


def _duties(passage: Passage) -> list[dict[str, Any]]:
    """What each group of an article has to do: the sentences before its declaration, back to the one before."""
    groups = sorted(_declaring(passage), key=lambda group: group.start)
    if not groups or not isinstance(passage.place, int):
        return []
    dated = {(t.start, t.end): t.deadline for t in passage.targets if t.deadline}
    found = []
    for sentence in passage.sentences:
        if sentence.role in _NOT_A_DUTY:
            continue
        index = next((k for k, group in enumerate(groups) if group.start >= sentence.start), len(groups) - 1)
        deadline = next(
            (date for (a, b), date in dated.items() if a < sentence.end and b > sentence.start), groups[index].deadline
        )
        found.append(
            {
                "article": passage.place, "group": f"D{passage.place:02d}-{index + 1}", "text": sentence.text, "deadline": deadline,
                "role": sentence.role, "start": sentence.start, "end": sentence.end,
            }
        )  # fmt: skip
    return found


def _numbered(items: list[Target] | list[Rule] | list[Procedure], letter: str) -> list[dict[str, Any]]:
    """Items with ids by place: T03-1 in article 3, TS01-1 in the first section or table outside the articles."""
    counts: dict[str, int] = {}
    outside: dict[str, str] = {}
    for item in items:
        named = (
            outside.setdefault(str(item.article), f"S{len(outside) + 1:02d}")
            if not isinstance(item.article, int)
            else ""
        )
        place = f"{item.article:02d}" if isinstance(item.article, int) else named
        counts[place] = counts.get(place, 0) + 1
        item.id = f"{letter}{place}-{counts[place]}"
    return [item.as_dict() for item in items]


def _sentences(reading: Reading, passages: list[Passage]) -> list[dict[str, Any]]:
    """All sentences in order; a character that none holds becomes one of its own, marked as not understood."""
    listed = sorted(
        ((s, passage.place) for passage in passages for s in passage.sentences), key=lambda item: item[0].start
    )
    out: list[dict[str, Any]] = []
    at = 0
    for sentence, place in listed:
        start = max(sentence.start, at)
        if sentence.end > start:
            out.append({"article": place, "start": start, "end": sentence.end, "role": sentence.role})
            at = sentence.end
    for article in _articles(reading):
        out += _left_over(reading.source.text, out, article["start"], article["end"], article["n"])
    return sorted(out, key=lambda item: int(item["start"]))


def _left_over(text: str, known: list[dict[str, Any]], start: int, end: int, place: int) -> list[dict[str, Any]]:
    """What no sentence of an article holds: marks of no width go with what stands before, the rest is not understood."""
    inside = sorted(
        (item for item in known if item["end"] > start and item["start"] < end), key=lambda item: int(item["start"])
    )
    found, at = [], start
    for index, item in enumerate([*inside, {"start": end, "end": end}]):
        gap = text[at : item["start"]]
        if gap.strip() and _NO_WIDTH.fullmatch(gap) and index:
            inside[index - 1]["end"] = item["start"]
        elif gap.strip():
            first, last = at + len(gap) - len(gap.lstrip()), at + len(gap.rstrip())
            found += [
                {"article": place, "start": k, "end": min(k + 390, last), "role": "unparsed"}
                for k in range(first, last, 390)
            ]
        at = max(at, item["end"])
    return found


def _add_notes(reading: Reading, unparsed: list[Sentence]) -> None:
    for sentence in unparsed:
        reading.note(
            "UNPARSED",
            Severity.NOTE,
            f"没有读懂：{sentence.text[:60]}",
            "not understood",
            (sentence.start, sentence.end),
        )
    for passage in reading.passages:
        for target in passage.targets:
            note = _ambiguity(target)
            if note:
                target.notes.append(note)
                reading.note(
                    "AMBIGUOUS",
                    Severity.NOTE,
                    f"“{target.indicator}”：{note}",
                    "ambiguous unit",
                    (target.start, target.end),
                )


def _ambiguity(target: Target) -> str | None:
    if target.baseline_year is None or not target.unit:
        return None
    if target.unit in ("%", "％") and any(word in target.indicator for word in ("比重", "比例", "占比")):
        return "比重的升降写作“%”，可能指百分点，请人工确认口径"
    if "百分点" in target.unit and any(word in target.indicator for word in ("量（", "总量", "面积")):
        return "数量的升降写作“个百分点”，可能指百分比，请人工确认口径"
    return None
