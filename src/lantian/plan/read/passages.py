"""One article or section read sentence by sentence: its groups, targets, rules, procedures and the role of every sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lantian.plan.read.brackets import split
from lantian.plan.read.completions import Completions
from lantian.plan.read.deadlines import deadlines_in
from lantian.plan.read.flat import EMPTY, Flat
from lantian.plan.read.layout import Block, Row
from lantian.plan.read.model import Place, Procedure, Rule, Target
from lantian.plan.read.numbering import Unit
from lantian.plan.read.procedures import Procedures
from lantian.plan.read.responsibility import Group
from lantian.plan.read.rules import Rules
from lantian.plan.read.sentences import role_of, spans_of
from lantian.plan.read.state import Frame, State
from lantian.plan.read.structure import Spot
from lantian.plan.read.tables import Task
from lantian.plan.read.targets import Reader
from lantian.plan.read.titles import heading

_Item = TypeVar("_Item", Target, Rule, Procedure)
_GENERAL = re.compile(r"指导思想|基本思路|总体思路|(?:基本|工作|规划|编制)原则$|^原则$|规划背景|编制依据")
_GOAL = re.compile(r"目标|指标")
_LONGEST = 1200
_CAPTION = re.compile(r"(?:附?表|专栏|图)\s*[\d一二三四五六七八九十]+")


@dataclass(slots=True)
class Sentence:
    """A sentence: its place and its role."""

    start: int
    end: int
    role: str
    text: str = ""


@dataclass(slots=True)
class Passage:
    """What one article or section says."""

    place: Place
    title: Flat = EMPTY
    groups: list[Group] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    tables: list[tuple[Block, Flat]] = field(default_factory=list)


class PassageReader:
    """Reads one passage: the blocks of a unit, or of a unit with all below it."""

    def __init__(self, place: Place, frame: Frame, spots: dict[int, list[Spot]]) -> None:
        self.passage = Passage(place)
        self.frame, self.spots = frame, spots
        self.general = False
        self.before: Reader | None = None
        self.caption = EMPTY
        self.goal = False  # a section of targets: a date named in it holds until the next
        self.carried: str | None = None

    def read(self, unit: Unit, *, deep: bool) -> Passage:
        """The passage of a unit (``deep``: with all units below it)."""
        above = [heading(other.first, alone=False)[1].text for other in unit.ancestors()]
        self.general = any(_GENERAL.search(title) for title in above)
        self.goal = any(_GOAL.search(title) for title in above)
        self.carried = announced(unit, goal=self.goal)
        parts = [(part, block) for part in (unit.walk() if deep else [unit]) for block in part.blocks]
        for index, (part, block) in enumerate(parts):
            opens = part.blocks[0] is block
            alone = len(part.blocks) == 1 and not part.children
            if block.kind == "table":
                self._table(block)
            elif block.kind == "page":
                self.passage.sentences.append(Sentence(block.start, block.end, "page"))
            else:
                following = next((other for _, other in parts[index + 1 :] if other.kind != "page"), None)
                if following is not None and following.kind == "table" and not opens and is_caption(block.flat.text):
                    self.caption = block.flat
                    self._add(block.flat, 0, len(block.flat), "table")
                    continue
                self._text(
                    part,
                    block,
                    opens=opens,
                    alone=alone,
                    outer=part is unit,
                    deadline=self._deadline(parts[index:], deep),
                )
        if not unit.blocks:
            self.passage.sentences.insert(0, Sentence(unit.start, unit.end, "heading"))
        return self.passage

    def read_row(self, task: Task, *, whole: bool) -> Passage:
        """A row of a task table; ``whole`` says that it is an article of its own, so that its other cells are kept too."""
        self.passage.title, self.passage.groups = task.name, [task.group]
        for flat in task.contents:
            self._sentences(flat, 0, len(flat), self._framed(task.deadline))
        if not whole:
            self.passage.sentences = []
            return self.passage
        for flat in task.others:
            role = "heading" if flat is task.name else "table"
            self._add(flat, 0, len(flat), role)
        self.passage.sentences.sort(key=lambda sentence: sentence.start)
        return self.passage

    def _deadline(self, parts: list[tuple[Unit, Block]], deep: bool) -> str | None:
        """The deadline of the next declaration (完成时限：…) that follows."""
        for _, block in parts if deep else parts[:3]:
            for spot in self.spots.get(block.start, []):
                return spot.group.deadline
        return None

    def _framed(self, deadline: str | None) -> Frame:
        return self.frame.dated(deadline, self.carried)

    def _text(self, unit: Unit, block: Block, *, opens: bool, alone: bool, outer: bool, deadline: str | None) -> None:
        flat, at = block.flat, 0
        count = len(self.passage.sentences)
        if opens and unit.form != "root":
            at, title = heading(flat, alone=alone and outer)
            if outer:
                self.passage.title = title
                self.general = bool(_GENERAL.search(title.text)) or self.general
                self.goal = bool(_GOAL.search(title.text)) or self.goal
            if at and self._says_all(unit, block, at):
                at = 0  # a unit of one sentence is its own heading and says what is to be done
            if at:
                self._add(flat, 0, at, "heading")
        elif _CAPTION.match(flat.text) and len(flat) <= 60 and not flat.text.endswith("。"):
            self.caption = flat
            self._add(flat, 0, len(flat), "table")
            return
        for first, last, spot in self._pieces(flat, block, at):
            if spot is None:
                self._sentences(
                    flat, first, last, self._framed(spot_deadline(self.spots.get(block.start, []), first) or deadline)
                )
            else:
                self._declare(spot.group)
                self._add(flat, first, last, "responsibility")
        if opens and unit.form != "root" and len(self.passage.sentences) > count:
            self.passage.sentences[count].start = min(unit.start, self.passage.sentences[count].start)

    def _says_all(self, unit: Unit, block: Block, at: int) -> bool:
        """Whether the heading is all a unit without parts says, declarations aside."""
        if unit.children or not block.flat.text[:at].rstrip("。").strip():
            return False
        for other in (block for block in unit.blocks if block.kind != "page"):
            spots = self.spots.get(other.start, [])
            said = len(other.flat) - sum(spot.last - spot.first for spot in spots)
            if other.kind != "text" or (other is not block and said > 1) or (other is block and said - at > 1):
                return False
        return "。" in block.flat.text[:at] or bool(self.spots.get(block.start)) or unit.form in ("arp", "circled")

    def _declare(self, group: Group) -> None:
        if not any(group is known for known in self.passage.groups):
            self.passage.groups.append(group)

    def _pieces(self, flat: Flat, block: Block, at: int) -> Iterator[tuple[int, int, Spot | None]]:
        """The text between declarations, and the declarations, each with the full stop behind it."""
        for spot in self.spots.get(block.start, []):
            first, last = max(spot.first, at), spot.last
            if last <= at:
                self._declare(spot.group)
                continue
            if first > at:
                yield at, first, None
            while last < len(flat) and flat.text[last] in "。；，":
                last += 1
            yield first, last, spot
            at = last
        if at < len(flat):
            yield at, len(flat), None

    def _add(self, flat: Flat, first: int, last: int, role: str) -> None:
        spans = [(first, last)]
        if flat.span(first, last)[1] - flat.span(first, last)[0] > 395:
            spans = [(a + first, b + first) for a, b in spans_of(flat.cut(first, last))]
        for a, b in spans:
            start, end = flat.span(a, b)
            self.passage.sentences.append(Sentence(start, end, role, flat.raw[a:b]))

    def _sentences(self, flat: Flat, first: int, last: int, frame: Frame) -> None:
        part = flat.cut(first, last)
        state: State | None = None
        for a, b in split_sentences(part.text):
            found = self._read(part.cut(a, b), replace(frame, carried=self.carried), state)
            state = found.state
            if (self.goal or part.text[:b].endswith("：")) and len(state.deadlines) == 1 and not found.is_past():
                self.carried = state.deadlines[0].value
            for c, d in spans_of(part.cut(a, b)):
                start, end = part.span(a + c, a + d)
                self.passage.sentences.append(
                    Sentence(start, end, self._role(part.text[a + c : a + d], start, end), part.raw[a + c : a + d])
                )

    def _read(self, sentence: Flat, frame: Frame, state: State | None) -> Reader:
        """Targets first, then rules, then procedures; a clause is counted once among targets and rules."""
        stripped = sentence.cut(0, len(sentence.text.rstrip("。；，！？ ")))
        carried = state if state is not None and re.match(r"其中", stripped.text) else None
        reader = Reader(stripped, frame, carried)
        if not len(stripped):
            return reader
        numeric = reader.read()
        self._place(self.passage.targets, numeric)
        if self.general:
            return reader
        date = carried.deadlines[-1].value if carried and carried.deadlines else frame.carried
        completions = Completions(stripped, frame, reader.clauses)
        self._place(self.passage.targets, completions.read(date))
        taken = reader.clauses | completions.clauses
        rules = Rules(stripped, taken)
        self._place(self.passage.rules, rules.read())
        procedures = Procedures(stripped, taken | rules.clauses)
        self._place(self.passage.procedures, procedures.read())
        return reader

    def _place(self, kept: list[_Item], items: list[_Item]) -> None:
        for item in items:
            item.article = self.passage.place
            kept.append(item)

    def _role(self, text: str, start: int, end: int) -> str:
        found: tuple[tuple[str, Sequence[Target | Rule | Procedure]], ...] = (
            ("target", self.passage.targets), ("rule", self.passage.rules), ("procedure", self.passage.procedures),
        )  # fmt: skip
        for role, items in found:
            if any(item.start < end and item.end > start for item in reversed(items[-24:])):
                return role
        return role_of(text, general=self.general)

    def _table(self, block: Block) -> None:
        self.passage.tables.append((block, self.caption))
        self.caption = EMPTY
        for row in block.rows:
            self._row(row)
        covered = {row.start for row in block.rows}
        if not covered:
            self.passage.sentences.append(Sentence(block.start, block.end, "table"))

    def _row(self, row: Row) -> None:
        for start in range(row.start, row.end, 390):
            self.passage.sentences.append(Sentence(start, min(start + 390, row.end), "table"))


def announced(unit: Unit, *, goal: bool) -> str | None:
    """The date that the text above a unit gives to all below it (到2025年，实现以下目标：)."""
    above = next(iter(unit.ancestors()), None)
    text = next((block.flat.text for block in reversed(above.blocks) if block.kind == "text"), "") if above else ""
    if not text or not (goal or text.endswith("：")):
        return None
    last = text[max(text.rfind("。", 0, len(text) - 1), 0) :]
    dates = [date for date in deadlines_in(last) if date.kind not in ("every", "bare", "thisyear")]
    return dates[0].value if len(dates) == 1 else None


def is_caption(text: str) -> bool:
    """Whether a line before a table names it."""
    return len(text) <= 60 and not text.endswith(("。", "；", "："))


def spot_deadline(spots: list[Spot], at: int) -> str | None:
    """The deadline of the first declaration behind an offset of its block."""
    return next((spot.group.deadline for spot in spots if spot.first >= at and spot.group.deadline), None)


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences with their full stop, so that they join without a gap."""
    at = 0
    for _, last in split(text, "。！？"):
        end = last + 1 if last < len(text) else last
        while end < len(text) and text[end] in "。！？”":
            end += 1
        if end > at:
            yield from _shorter(text, at, end)
            at = end
    if at < len(text):
        yield from _shorter(text, at, len(text))


def _shorter(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A run without a full stop that is too long to be a sentence, in parts that end behind a mark."""
    while last - first > _LONGEST:
        stop = next(
            (at for mark in "；，、" if (at := text.rfind(mark, first, first + _LONGEST)) > first), first + _LONGEST - 1
        )
        yield first, stop + 1
        first = stop + 1
    if last > first:
        yield first, last
