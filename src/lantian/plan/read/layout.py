"""Lines of a document as paragraphs: hard line breaks undone, page numbers set aside, tables kept as rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lantian.plan.read.flat import Flat, Source, joined
from lantian.plan.read.markers import marker_at

_PAGE = re.compile(
    r"(?:[—\-·_\s]+\d{1,3}[—\-·_\s]+|第\s*\d{1,3}\s*页(?:\s*[/，共]*\s*\d{1,3}\s*页)?|Page\s*\d+.*|\d{1,3}\s*/\s*\d{1,3})$",
    re.I,
)
_JUNK = re.compile(r"^[？\s]*？[？\s]*(?=$|[\u4e00-\u9fff\d（《])")  # blanks that a page lost: ???? ?某市人民政府
_LONE_NUMBER = re.compile(r"\d{1,3}$")
_STOP = tuple("。！？；：…”’）〕】》:;!?")
_LABEL = re.compile(
    r"(?:[（〔【]?(?:牵头|责任|配合|参与|协办|主办|协同|落实|实施|主管)(?:单位|部门|主体|领导|人)|完成(?:时限|时间|期限)|时限要求|时间节点|时限|"
    r"抄送|主送|附件|附表|附注|备注|注|上一[篇条]|下一[篇条]|责任编辑|来源|主办)[一二三四五六七八九十\d]*\s*[：】]"
)
_CAPTION = re.compile(r"(?:附?表|专栏|图)\s*[\d一二三四五六七八九十]+(?:[—-]\d+)?")
_DATE_LINE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells and where it stands."""

    cells: tuple[Flat, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table, or a page number."""

    kind: str  # text | table | page
    flat: Flat
    start: int
    end: int
    rows: tuple[Row, ...] = ()


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    kind: str = "text"
    cells: tuple[tuple[int, int], ...] = ()
    width: float = field(default=0.0)


def blocks_of(source: Source) -> list[Block]:
    """Paragraphs, tables and page numbers of a document in order."""
    lines = _lines(source)
    _mark_pages(lines)
    _mark_tables(lines)
    widths = _wrapped_widths(lines)
    blocks: list[Block] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.kind == "table":
            last = index
            while last + 1 < len(lines) and lines[last + 1].kind == "table":
                last += 1
            blocks.append(_table(source, lines[index : last + 1]))
            index = last + 1
        elif line.kind == "page":
            blocks.append(Block("page", source.flat(line.start, line.end), line.start, line.end))
            index += 1
        else:
            group, pages = _paragraph(lines, index, widths)
            flat = joined(source.flat(part.start, part.end) for part in group)
            if len(flat):
                blocks.append(Block("text", flat, group[0].start, group[-1].end))
            index += len(group) + pages
    return blocks


def _lines(source: Source) -> list[_Line]:
    lines, at = [], 0
    for raw in source.plain.split("\n"):
        text = _JUNK.sub("", raw.strip("\u200b\ufeff \t\u3000\xa0"))
        if "\t" in text:  # a table row keeps its empty first and last cells
            text = raw.strip("\u200b\ufeff \u3000\xa0")
        if text:
            start = at + raw.index(text)
            width = sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)
            lines.append(_Line(start, start + len(text), text, width=width))
        at += len(raw) + 1
    return lines


def _mark_pages(lines: list[_Line]) -> None:
    lone = [line for line in lines if _LONE_NUMBER.match(line.text)]
    values = [int(line.text) for line in lone]
    numbered = len(values) >= 2 and all(a < b for a, b in pairwise(values))
    for line in lines:
        if _PAGE.match(line.text) or (numbered and line in lone):
            line.kind = "page"
    repeated: dict[str, int] = {}
    for line, after in pairwise(lines):
        for one, other in ((line, after), (after, line)):
            if other.kind == "page" and one.kind != "page" and len(one.text) <= 40 and not one.text.endswith(_STOP):
                repeated[one.text] = repeated.get(one.text, 0) + 1
    for line in lines:
        if repeated.get(line.text, 0) >= 2 and not _LABEL.match(line.text) and not marker_at(line.text, 0):
            line.kind = "page"  # a running head


def _mark_tables(lines: list[_Line]) -> None:
    for line in lines:
        if line.kind != "text":
            continue
        separator = "\t" if line.text.count("\t") else ("|" if line.text.strip("|").count("|") >= 1 else "")
        if separator:
            line.cells = _cells(line, separator)
            if len(line.cells) >= 2 and not (separator == "\t" and _is_prose(line)):
                line.kind = "table"
    run: list[_Line] = []
    for line in [*lines, _Line(0, 0, "")]:
        cells = _spaced_cells(line) if line.kind == "text" else ()
        if len(cells) >= 3 and (not run or len(run[-1].cells) == len(cells)):
            line.cells = cells
            run.append(line)
            continue
        if len(run) >= 3:
            for row in run:
                row.kind = "table"
        run = []


def _is_prose(line: _Line) -> bool:
    if len(line.text) > 200 and "。" in line.text:
        return True
    return line.text.count("\t") == 1 and (marker_at(line.text, 0) is not None or "。" in line.text.split("\t")[0])


def _cells(line: _Line, separator: str) -> tuple[tuple[int, int], ...]:
    text = line.text
    first, last = (1 if text.startswith("|") else 0, len(text) - (1 if separator == "|" and text.endswith("|") else 0))
    cells, at = [], first
    for part in text[first:last].split(separator):
        cells.append((line.start + at, line.start + at + len(part)))
        at += len(part) + 1
    return tuple(cells)


def _spaced_cells(line: _Line) -> tuple[tuple[int, int], ...]:
    return tuple((line.start + m.start(), line.start + m.end()) for m in re.finditer(r"\S+(?: \S+)*", line.text))


def _table(source: Source, lines: Sequence[_Line]) -> Block:
    rows = tuple(
        Row(tuple(source.flat(a, b) for a, b in line.cells), line.start, line.end)
        for line in lines
        if not re.fullmatch(r"[|\-—:：\s]+", line.text)
    )
    start, end = lines[0].start, lines[-1].end
    return Block("table", source.flat(start, end), start, end, rows)


def _wrapped_widths(lines: list[_Line]) -> tuple[int, float] | None:
    """Length and width of a full line where the document was broken at a fixed width."""
    text = [line for line in lines if line.kind == "text"]
    if len(text) < 6:
        return None
    length = sorted(len(line.text) for line in text)[int(len(text) * 0.97)]
    width = sorted(line.width for line in text)[int(len(text) * 0.97)]
    if not 24 <= length <= 90:
        return None
    full = sum(len(line.text) >= length - 2 or line.width >= width - 2 for line in text)
    return (length, width) if full >= 0.35 * len(text) else None


def _paragraph(lines: list[_Line], index: int, widths: tuple[int, float] | None) -> tuple[list[_Line], int]:
    """Lines of one paragraph, and the page numbers swallowed between them."""
    group, pages, at = [lines[index]], 0, index
    while True:
        following = at + 1
        while following < len(lines) and lines[following].kind == "page":
            following += 1
        if (
            following >= len(lines)
            or lines[following].kind != "text"
            or not _runs_on(lines[at], lines[following], widths)
        ):
            return group, pages
        pages += following - at - 1
        group.append(lines[following])
        at = following


def _runs_on(line: _Line, after: _Line, widths: tuple[int, float] | None) -> bool:
    """Whether a paragraph goes on from one line to the next."""
    marker = marker_at(after.text, 0)
    if (marker and not marker.form.startswith("decimal")) or _LABEL.match(after.text) or _CAPTION.match(after.text):
        return False
    if (_CAPTION.match(line.text) and len(line.text) < 30) or line.text == after.text:
        return False
    if line.text.endswith(("、", "，")):
        return True
    if widths is not None:
        if not (len(line.text) >= widths[0] - 2 or line.width >= widths[1] - 2):
            broken = "。" in line.text or ("，" in line.text and not marker_at(line.text, 0))
            return broken and len(line.text) >= 0.75 * widths[0] and not line.text.endswith(_STOP)
        return not (line.text.endswith("。") and _DATE_LINE.match(after.text))
    sentence = "，" in line.text or "。" in line.text or (len(line.text) >= 32 and len(after.text) <= 6)
    return sentence and len(line.text) > 25 and not line.text.endswith(_STOP) and not _DATE_LINE.match(after.text)
