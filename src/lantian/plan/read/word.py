"""A Word document as text: paragraphs and table rows, one a line; headers, footers and deleted text stay out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lantian.plan.read import refusals
from lantian.plan.read.autonumber import Numbering

MAX_UNPACKED = 80 * 2**20
MAX_PARTS = 3000
MAX_RATIO = 150
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIP = {
    f"{_W}{tag}"
    for tag in ("del", "moveFrom", "instrText", "footnoteReference", "commentReference", "pict", "rPr", "pPr")
}


def text_of_docx(content: bytes, name: str) -> str:
    """Text of a document: paragraphs joined by LF, a table row's cells joined by a tab.

    Errors  Refusal where the bytes are no Word document or unpack to more than one can be
    """
    _guard(content, name)
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        document = Document(io.BytesIO(content))
        numbering = Numbering(document)
        return "\n".join(_lines(document.element.body, numbering))
    except (
        PackageNotFoundError,
        LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise refusals.not_docx(name, "文档结构损坏") from error


def _guard(content: bytes, name: str) -> None:
    """Looks at the archive's own list before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refusals.not_docx(name, "不是压缩包或压缩包损坏") from error
    if len(parts) > MAX_PARTS:
        raise refusals.bomb(name, f"含 {len(parts)} 个部件")
    size = sum(part.file_size for part in parts)
    if size > MAX_UNPACKED:
        raise refusals.bomb(name, f"解开后有 {size / 2**20:.0f} MB")
    for part in parts:
        if part.flag_bits & 1:
            raise refusals.not_docx(name, "已加密")
        if part.file_size > 2**20 and part.file_size > MAX_RATIO * max(1, part.compress_size):
            raise refusals.bomb(name, f"部件 {part.filename} 压缩比异常")
    if "word/document.xml" not in {part.filename for part in parts}:
        raise refusals.not_docx(name, "缺少 word/document.xml")


def _lines(body: Any, numbering: Numbering) -> Iterator[str]:
    for element in body:
        if element.tag == f"{_W}p":
            yield from _paragraph(element, numbering)
        elif element.tag == f"{_W}tbl":
            yield from _table(element)
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _lines(element, numbering)


def _paragraph(element: Any, numbering: Numbering) -> Iterator[str]:
    text = _text(element)
    prefix = numbering.prefix(element) if text.strip() else ""
    yield from (prefix + text).split("\n")


def _text(element: Any) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag in _SKIP or (isinstance(child.tag, str) and child.tag.endswith("}AlternateContent")):
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == f"{_W}tab":
            parts.append("\t")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif isinstance(child.tag, str):
            parts.append(_text(child))
    return "".join(parts)


def _table(element: Any) -> Iterator[str]:
    for row in element.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not element:
            continue
        cells: list[str] = []
        for cell in row.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tr")) is not row:
                continue
            cells.append(_cell(cell))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            cells.extend("" for _ in range(int(span.get(f"{_W}val", "1")) - 1 if span is not None else 0))
        yield "\t".join(cells)


def _cell(cell: Any) -> str:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    if merge is not None and merge.get(f"{_W}val") != "restart":
        return ""
    paragraphs = (_text(paragraph) for paragraph in cell.iter(f"{_W}p"))
    return " ".join(" ".join(paragraphs).split())
