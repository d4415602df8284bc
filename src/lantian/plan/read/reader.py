"""A plan's text read as a whole: ``lantian-plan/1``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.plan.read.completeness import is_complete
from lantian.plan.read.document import Head, about_air, built_as_plan, head_of, is_law
from lantian.plan.read.extent import body_and_tail, first_numbered
from lantian.plan.read.flat import EMPTY, Flat, Source
from lantian.plan.read.layout import Block, blocks_of
from lantian.plan.read.model import Place as Where
from lantian.plan.read.numbering import Unit, tree_of
from lantian.plan.read.passages import Passage, PassageReader
from lantian.plan.read.responsibility import inherited_in
from lantian.plan.read.state import Frame
from lantian.plan.read.structure import Structure, structure_of
from lantian.plan.read.tables import Table, Task, read_table
from lantian.plan.read.titles import heading

_QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕|\d{4}年\d{1,2}月\d{1,2}日")
_FORM = {
    "part": "第{}部分",
    "chapter": "第{}章",
    "section": "第{}节",
    "cn": "{}",
    "cnp": "（{}）",
    "ar": "{}.",
    "arp": "（{}）",
}


@dataclass(slots=True)
class Reading:
    """Everything read from one document."""

    source: Source
    head: Head
    is_plan: bool
    complete: bool = False
    structure: Structure = field(default_factory=Structure)
    passages: list[Passage] = field(default_factory=list)  # articles first, in order, then sections and annexes
    tables: list[Table] = field(default_factory=list)
    inherited: dict[str, Any] | None = None
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, severity: Severity, zh: str, en: str, span: tuple[int, int] | None = None) -> None:
        """Adds a finding."""
        place = Place(start=span[0], end=span[1]) if span else Place()
        self.findings.append(Finding(f"PLAN-READ-{code}", severity, Text(zh, en), place))


def reading_of(text: str) -> Reading:
    """The reading of a document's text (line ends LF)."""
    source = Source(text)
    blocks = blocks_of(source)
    if is_law([block.flat.text for block in blocks[:10]], source.plain):
        return _law(source, blocks)
    body, tail = body_and_tail(blocks)
    begin = first_numbered(body)
    root = tree_of(body[begin:])
    before = [*body[:begin], *root.blocks]
    head = head_of(before, tail, body[begin].flat.text if begin < len(body) else "")
    headings = [heading(unit.first, alone=False)[1].text for unit in root.children]
    known = head.kind is not None or built_as_plan(headings)
    reading = Reading(source, head, is_plan=known and about_air(source.plain))
    if not reading.is_plan:
        _not_a_plan(reading)
        return reading
    reading.structure = structure_of(root)
    frame = _frame(head, source.plain, "".join(block.flat.text for block in before))
    _read_units(reading, frame)
    _read_introduction(reading, frame, before)
    _read_tables(reading, frame, tail)
    reading.inherited = _inherited(reading)
    reading.complete, why = is_complete(body[begin:], tail, reading.structure, reading.passages)
    if not reading.complete:
        reading.note(
            "INCOMPLETE",
            Severity.WARNING,
            f"文件不完整：{why}。请核对是否只是摘录，并提供全文。",
            "the document is cut; provide the whole text",
        )
    return reading


def _law(source: Source, blocks: list[Block]) -> Reading:
    title = next((block.flat.raw.strip("# ") for block in blocks if len(block.flat) < 60), None)
    reading = Reading(source, Head(title, None, None, None, None, None), is_plan=False, complete=True)
    reading.note(
        "LAW", Severity.WARNING, "这是法律、法规或规章（第×条），不是行动方案；没有从中识读目标和任务。请提供方案、计划或规划文本。",
        "a law or regulation, not an action plan; no targets were read from it",
    )  # fmt: skip
    return reading


def _not_a_plan(reading: Reading) -> None:
    zh = "没有认出方案、计划、规划一类的标题或正文，或内容与大气污染防治无关；没有识读目标和任务。请核对文件。"
    reading.note(
        "NOT-A-PLAN", Severity.WARNING, zh, "not recognised as a clean-air action plan; nothing was read from it"
    )


def _frame(head: Head, text: str, introduction: str) -> Frame:
    """The first year that is not past for this document, the one year it is for, and the last year it names in its title."""
    years = [int(year) for year in re.findall(r"(?:19|20)\d{2}", head.title or "")]
    if not years:  # 为做好2018年大气污染防治工作: the introduction says what year the plan is for
        years = [
            int(year)
            for year in re.findall(r"(?:^|[，。、；]|做好|完成|推进)((?:19|20)\d{2})年", _QUOTED.sub("", introduction))
        ]
        years = years if len(set(years)) == 1 else []
    dated = [int(head.issued_on[:4])] if head.issued_on and head.own_date else []
    first = min([*dated, *years], default=None)
    base = re.search(r"(?:规划|评价|现状)?基准年(?:为|是|：)?((?:19|20)\d{2})年", text)
    if base:
        first = max(first or 0, int(base[1]) + 1)
    if first is None:
        cited = [int(year) for year in re.findall(r"[〔（\[]((?:19|20)\d{2})[〕）\]]\d+号", text[:3000])]
        first = max(cited, default=None)
    return Frame(first, years[0] if len(set(years)) == 1 else None, last_year=max(years, default=None))


def _read_units(reading: Reading, frame: Frame) -> None:
    structure = reading.structure
    for number, unit in enumerate(structure.articles, 1):
        reading.passages.append(PassageReader(number, frame, structure.spots).read(unit, deep=True))
    for unit in sorted([*structure.chapters, *structure.sections], key=lambda unit: unit.start):
        reading.passages.append(PassageReader(label_of(unit), frame, structure.spots).read(unit, deep=False))


def _read_introduction(reading: Reading, frame: Frame, before: list[Block]) -> None:
    """The paragraphs before the first number: all they say where nothing is numbered, else the targets they name."""
    unit = Unit("root", 0, "", before[0].start if before else 0, None)
    unit.blocks = [
        block for block in before if block.kind == "text" and len(block.flat) > 30 and "。" in block.flat.text
    ]
    numbered = reading.structure.chapters or reading.structure.articles
    passage = PassageReader("导语" if numbered else "正文", frame, {}).read(unit, deep=False) if unit.blocks else None
    if passage is None or (numbered and not any(target.kind == "numeric" for target in passage.targets)):
        return
    if numbered:
        passage.targets = [target for target in passage.targets if target.kind == "numeric"]
        passage.rules, passage.procedures = [], []
        passage.sentences = [sentence for sentence in passage.sentences if sentence.role == "target"]
    reading.passages.append(passage)


def label_of(unit: Unit) -> str:
    """How a unit outside the articles is called: 第三节, 二（一）."""
    own = _FORM.get(unit.form, "{}").format(unit.numeral)
    above = next(iter(unit.ancestors()), None)
    if unit.form in ("part", "chapter", "section") or unit.form.startswith("decimal") or above is None:
        return own
    return label_of(above) + own


def _read_tables(reading: Reading, frame: Frame, tail: list[Block]) -> None:
    """Tables of the body and of the annexes; a task table makes articles where the text has none."""
    year = str(frame.single_year) if frame.single_year else None
    found = [(block, caption, passage.place) for passage in reading.passages for block, caption in passage.tables]
    caption = EMPTY
    for block in tail:
        if block.kind == "table":
            found.append((block, caption, None))
        caption = block.flat if block.kind == "text" and len(block.flat) <= 60 else caption
    found.sort(key=lambda item: item[0].start)
    rows_are_articles = not reading.structure.articles
    for number, (block, above, place) in enumerate(found, 1):
        table = read_table(block, above, number, place if isinstance(place, int) else None, year)
        reading.tables.append(table)
        for task in table.tasks:
            here: Where = place if isinstance(place, int) else table.name
            opens = rows_are_articles and bool(task.group.bodies)
            if opens:
                here = 1 + sum(isinstance(passage.place, int) for passage in reading.passages)
                _give_row(reading, task)
            reader = PassageReader(here, frame.dated(task.deadline), {})
            reading.passages.append(reader.read_row(task, whole=opens))


def _give_row(reading: Reading, task: Task) -> None:
    """A row that is an article of its own no longer belongs to the section its table stands in."""
    for passage in reading.passages:
        passage.sentences = [s for s in passage.sentences if s.role != "table" or not task.start <= s.start < task.end]


def _inherited(reading: Reading) -> dict[str, Any] | None:
    for passage in reading.passages:
        for group in passage.groups:
            if group.inherited is not None:
                return _declared(group.inherited, passage.place, group.start, group.end)
        for sentence in passage.sentences:
            found = inherited_in(reading.source.flat(sentence.start, sentence.end)) if "不再" in sentence.text else None
            if found is not None:
                return _declared(found, passage.place, sentence.start, sentence.end)
    return None


def _declared(body: Flat, place: Where, start: int, end: int) -> dict[str, Any]:
    return {
        "body": body.raw,
        "role": "落实",
        "declared_in_article": place,
        "applies_from_article": place,
        "start": start,
        "end": end,
    }


def title_of(unit: Unit) -> str:
    """A unit's title as written."""
    alone = len(unit.blocks) == 1 and not unit.children
    return heading(unit.first, alone=alone)[1].raw
