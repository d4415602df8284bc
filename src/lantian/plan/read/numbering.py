"""Numbered units of a document as a tree, whatever forms it numbers with and however they nest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lantian.plan.read.flat import EMPTY, Flat
from lantian.plan.read.layout import Block
from lantian.plan.read.markers import Marker, marker_at
from lantian.plan.read.numerals import CIRCLED

TOP = ("part", "chapter", "cn", "section", "decimal2", "cnp")
_INLINE_START = re.compile(r"[。；）〕】！？”]")
_OPENERS = frozenset(f"0123456789第（〔任行措一二两三四五六七八九十百{CIRCLED}")
_TITLE = 400  # no title or heading is longer
_LONG = 700  # a paragraph this long that holds headings has lost its line breaks
_HEADING = 26  # a heading that runs straight into the next marker is at most this long


@dataclass(slots=True)
class Unit:
    """A numbered unit: its own paragraphs up to its first child, and its children."""

    form: str
    value: int
    numeral: str
    start: int
    parent: Unit | None
    blocks: list[Block] = field(default_factory=list)
    children: list[Unit] = field(default_factory=list)

    @property
    def first(self) -> Flat:
        """The first paragraph after the number (empty for a bare number)."""
        return self.blocks[0].flat if self.blocks and self.blocks[0].kind == "text" else EMPTY

    @property
    def end(self) -> int:
        """Offset after the last visible character of the unit with its children."""
        own = max((block.end for block in self.blocks), default=self.start + 1)
        return max([own, *(child.end for child in self.children)])

    def walk(self) -> Iterator[Unit]:
        """This unit and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> Iterator[Unit]:
        """The units this one lies in, nearest first, without the root."""
        unit = self.parent
        while unit is not None and unit.form != "root":
            yield unit
            unit = unit.parent


@dataclass(slots=True)
class _Piece:
    block: Block
    marker: Marker | None


class _Sequence:
    """Which numbers may come next, form by form."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def follows(self, marker: Marker, *, strict: bool) -> bool:
        last = self.last.get(marker.form)
        if marker.value == 1 or (last is not None and marker.value == last + 1):
            return True
        if strict or marker.form in ("ar", "arp", "circled", "label") or marker.form.startswith("decimal"):
            return not strict and last is not None and last < marker.value <= last + 2 and marker.form in ("ar", "arp")
        return last is None or last < marker.value <= last + 5

    def take(self, marker: Marker) -> None:
        self.last[marker.form] = marker.value


_NAMES = re.compile(
    r"(?:(?:责任|配合|牵头|参与|协办|落实|实施)(?:单位|部门)|(?:完成)?(?:时限|时间|期限))：[^：。；）〕】]{2,120}$"
)
_CHAPTER_HEAD = re.compile(r"(\d{1,2})(?=[\u4e00-\u9fff]{2,20}$)")


def decimal_chapter(text: str) -> Marker | None:
    """A chapter head of a document that numbers 1, 1.1, 1.1.1: its number without a point (1 总则)."""
    match = _CHAPTER_HEAD.match(text)
    return Marker("decimal1", int(match[1]), match[1], len(match[1])) if match else None


def tree_of(blocks: list[Block]) -> Unit:
    """The units of a document under a root; what stands before the first number are the root's own blocks."""
    root = Unit("root", 0, "", blocks[0].start if blocks else 0, None)
    here = root
    for piece in _pieces(blocks):
        if piece.marker is None:
            here.blocks.append(piece.block)
            continue
        parent = _parent(here, piece.marker)
        unit = Unit(piece.marker.form, piece.marker.value, piece.marker.numeral, piece.block.start, parent)
        parent.children.append(unit)
        rest = piece.block.flat.cut(piece.marker.length, len(piece.block.flat))
        if len(rest):
            unit.blocks.append(Block("text", rest, *rest.span()))
        here = unit
    return root


def _parent(here: Unit, marker: Marker) -> Unit:
    """Where a new unit hangs: beside the nearest unit of its form, else below the current one."""
    unit: Unit | None = here
    while unit is not None and unit.form != "root":
        if unit.form == marker.form:
            return unit.parent or unit
        unit = unit.parent
    if marker.form in ("part", "chapter"):
        return unit or here
    return here


def _pieces(blocks: list[Block]) -> Iterator[_Piece]:
    sequence = _Sequence()
    forms = [mark.form for block in blocks if block.kind == "text" and (mark := marker_at(block.flat.text, 0))]
    decimal = forms.count("decimal2") >= 2
    for block in blocks:
        if block.kind != "text":
            yield _Piece(block, None)
            continue
        chapter = decimal_chapter(block.flat.text) if decimal else None
        if chapter and sequence.follows(chapter, strict=True):
            sequence.take(chapter)
            sequence.last.pop("decimal2", None)
            yield _Piece(block, chapter)
            continue
        for first, last, marker in _cuts(block.flat, sequence):
            flat = block.flat.cut(first, last)
            yield _Piece(Block("text", flat, *flat.span()), marker)


_FIRSTS = (
    (r"第一章", r"第二章"),
    (r"第一条", r"第二条"),
    (r"(?<![十第之])一、(?![一二三四五六七八九十])", r"[^十]二、"),
)


def first_in_a_line(text: str) -> int | None:
    """Where the first unit opens in a text that has lost its line breaks: 第一章 or 一、 with a second one behind it."""
    if len(text) <= _LONG:
        return None
    for first, second in _FIRSTS:
        match = re.search(first, text)
        if match and re.compile(second).search(text, match.end()):
            return match.start()
    return None


def _after_names(text: str, start: int, at: int) -> bool:
    """Whether a label with names runs up to an offset, without a full stop (责任单位：市发改委2.淘汰…)."""
    start = max(start, at - 240)
    stop = max(text.rfind(mark, start, at) for mark in "。；")
    return bool(_NAMES.search(text, max(stop, start), at)) and not _inside_brackets(text, at)


def _cuts(flat: Flat, sequence: _Sequence) -> list[tuple[int, int, Marker | None]]:
    """Where a paragraph falls into units: at its start, and inside where the numbers go on."""
    found: list[tuple[int, Marker | None]] = []
    marker = marker_at(flat.text, 0)
    if marker and sequence.follows(marker, strict=False):
        sequence.take(marker)
        found.append((0, marker))
    else:
        found.append((0, None))
    loose = len(flat) > _LONG
    opening = first_in_a_line(flat.text) if not sequence.last else None
    at = 1
    while at < len(flat):
        if flat.text[at] not in _OPENERS:
            at += 1
            continue
        free = at == opening or _may_open(flat, at, found[-1], loose)
        inner = marker_at(flat.text, at) if free else None
        if inner is None and loose and _after_names(flat.text, found[-1][0], at):
            inner = marker_at(flat.text, at)
            inner = inner if inner and (inner.value > 1 or inner.form in ("part", "chapter", "cn")) else None
        if inner and sequence.follows(inner, strict=True) and _fits(inner, sequence, flat, at):
            sequence.take(inner)
            found.append((at, inner))
            at += inner.length
            continue
        at += 1
    ends = [start for start, _ in found[1:]] + [len(flat)]
    return [(start, end, mark) for (start, mark), end in zip(found, ends, strict=True) if end > start]


def _may_open(flat: Flat, at: int, last: tuple[int, Marker | None], loose: bool) -> bool:
    """Whether a unit may open inside a paragraph: after a full stop or bracket, or right behind a short heading."""
    if _INLINE_START.match(flat.text[at - 1]):
        return flat.text[at - 1] != "；" and not _inside_brackets(flat.text, at)
    start, marker = last
    if at - start > _TITLE:
        return False
    heading = flat.text[start + (marker.length if marker else 0) : at]
    bare = not re.search(r"[。；：]" if loose else r"[。；：，]", heading)
    if loose and (flat.wide_gap(at) or flat.text.startswith("第", at)) and bare:
        return True
    listed = marker is not None and marker.form == "ar" and loose and flat.text.startswith("（1）", at)
    return marker is not None and (marker.form in TOP or listed) and 2 <= len(heading) <= _HEADING and bare


def _inside_brackets(text: str, at: int) -> bool:
    opened = sum(text.count(char, max(0, at - 300), at) for char in "（〔【《“")
    return opened > sum(text.count(char, max(0, at - 300), at) for char in "）〕】》”")


def _fits(marker: Marker, sequence: _Sequence, flat: Flat, at: int) -> bool:
    """An inline 1 opens a list only where a heading or a full stop stands before it and the next number follows later."""
    if marker.value > 1 or marker.form in ("part", "chapter", "section", "cn", "clause"):
        return marker.form in sequence.last or marker.value == 1
    if marker.form == "label":  # 主要任务1、 is no 任务1, unless a 任务2 follows
        word = flat.text[at : at + 2]
        return any(f"{word}{second}" in flat.text[at:] for second in "2二")
    if marker.form == "arp":
        return flat.text[at - 1] in "。）〕】" or "（2）" in flat.text[at:]
    return flat.text[at - 1] in "。）〕】" or marker.form in ("cnp", "ar")
