"""The monthly bulletin as a Word document in the layout of GB/T 9704, with its charts; a draft that nobody signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from docx.document import Document as Doc
from docx.shared import Pt

from lantian.render.bulletin import DRAFT_NOTE, NONE, NUMERALS, Bulletin, Part, Picture, Table
from lantian.render.official_docx import (
    CAPTION_SIZE,
    HEADING_FONT,
    SIZE_2,
    SIZE_3,
    SUBTITLE_FONT,
    TITLE_FONT,
    line,
    picture,
    saved,
    sheet,
    table,
)

_WIDE = 7  # columns from which a table is set smaller
_SMALL = Pt(9)


def bulletin_docx(bulletin: Bulletin, pictures: Mapping[str, bytes]) -> bytes:
    """The bulletin as a .docx file; the same bulletin and pictures give the same bytes.

    ``pictures`` PNG by key; one that is not there leaves its words in its place.
    """
    document = sheet(f"{bulletin.title} {bulletin.month}")
    line(document, bulletin.title, TITLE_FONT, SIZE_2, centred=True)
    line(document, bulletin.month, SUBTITLE_FONT, SIZE_3, centred=True)
    if bulletin.simulated:
        line(document, "模拟数据", HEADING_FONT, SIZE_3, centred=True)
    line(document, "")
    tables, figures = count(1), count(1)
    for number, part in enumerate(bulletin.parts):
        line(document, f"{NUMERALS[number]}、{part.heading}", HEADING_FONT, indent=True, with_next=True)
        _part(document, part, pictures, tables, figures)
    line(document, "注：" + "".join(bulletin.reservations), indent=True)
    line(document, DRAFT_NOTE, SUBTITLE_FONT, indent=True)
    return saved(document)


def _part(
    document: Doc, part: Part, pictures: Mapping[str, bytes], tables: Iterator[int], figures: Iterator[int]
) -> None:
    for text in part.paragraphs:
        line(document, text, indent=True)
    for one in part.tables:
        _table(document, one, next(tables))
    for shown in part.pictures:
        _picture(document, shown, pictures.get(shown.key), next(figures))


def _table(document: Doc, one: Table, number: int) -> None:
    line(document, f"表{number}  {one.title}", HEADING_FONT, CAPTION_SIZE, centred=True, with_next=True)
    rows = [tuple(text or NONE for text in row) for row in one.rows]
    wide = len(one.head) >= _WIDE
    table(document, one.head, rows, size=_SMALL if wide else CAPTION_SIZE, first_wide=wide)
    line(document, one.note, size=CAPTION_SIZE)


def _picture(document: Doc, shown: Picture, png: bytes | None, number: int) -> None:
    if png is None:
        line(document, f"（图未生成：{shown.alt}）", size=CAPTION_SIZE)
    else:
        picture(document, png, shown.alt)
    line(document, f"图{number}  {shown.caption}", HEADING_FONT, CAPTION_SIZE, centred=True)
