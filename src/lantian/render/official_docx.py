"""Parts of a Word document in the layout of GB/T 9704: page, lines, tables, pictures with words for who cannot see them.

Rule  GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 2号小标宋, body 3号仿宋, first-level headings 3号黑体,
      28 pt lines, page number 4号 between dashes, right on odd and left on even pages
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section as PageSection
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEADING_FONT = "黑体"
SUBTITLE_FONT = "楷体_GB2312"
PAGE_FONT = "宋体"
LATIN_FONT = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
TABLE_SIZE, CAPTION_SIZE = Pt(12), Pt(12)
LINE = Pt(28)
TYPE_WIDTH = Mm(210 - 28 - 26)
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes
_CENTRE, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def sheet(title: str) -> Doc:
    """An empty document: page, fonts, page numbers, its title, nobody's name."""
    document = Document()
    _page(document.sections[0])
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FONT, SIZE_3
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
    document.core_properties.title = title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.settings.odd_and_even_pages_header_footer = True
    return document


def line(
    document: Doc,
    text: str,
    font: str = BODY_FONT,
    size: Pt = SIZE_3,
    *,
    centred: bool = False,
    indent: bool = False,
    with_next: bool = False,
) -> None:
    """A paragraph; ``with_next`` keeps it on the page of what follows."""
    paragraph = document.add_paragraph()
    _spacing(paragraph)
    paragraph.paragraph_format.keep_with_next = with_next or None
    if centred:
        paragraph.alignment = _CENTRE
    elif indent:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _indent_chars(paragraph, "firstLine", 200)
    _font(paragraph.add_run(text), font, size)


def table(
    document: Doc,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    size: Pt = TABLE_SIZE,
    first_wide: bool = False,
) -> None:
    """A table whose head stands again on every page it goes on; nothing without rows.

    ``first_wide`` gives the first column twice the breadth of another.
    """
    if not rows:
        return
    made = document.add_table(rows=0, cols=len(head))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, texts in enumerate((head, *rows)):
        row = made.add_row()
        _whole(row, repeated=not number)
        for cell, text in zip(row.cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = _CENTRE
            paragraph.paragraph_format.space_after = Pt(0)
            _font(paragraph.add_run(text), BODY_FONT if number else HEADING_FONT, size)
    if first_wide:
        _widths(made, [2, *[1] * (len(head) - 1)])


def picture(document: Doc, png: bytes, alt: str, width: Length = TYPE_WIDTH) -> None:
    """A picture as wide as the type area, with its words for who cannot see it; it keeps to its caption below."""
    paragraph = document.add_paragraph()
    paragraph.alignment = _CENTRE
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=width)
    shape._inline.docPr.set("descr", alt)
    shape._inline.docPr.set("title", "")


def saved(document: Doc) -> bytes:
    """The file, with fixed times of its parts."""
    first, out = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _page(section: PageSection) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)  # 7 mm below the type area
    for footer, side in ((section.footer, _RIGHT), (section.even_page_footer, _LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        _indent_chars(paragraph, "right" if side == _RIGHT else "left", 100)
        for text in ("— ", None, " —"):
            run = paragraph.add_run(text or "")
            _font(run, PAGE_FONT, SIZE_4, latin=PAGE_FONT)
            if text is None:
                _page_field(run)


def _page_field(run: Run) -> None:
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = "PAGE"
        run._r.append(part)


def _spacing(paragraph: Paragraph) -> None:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE


def _indent_chars(paragraph: Paragraph, side: str, hundredths: int) -> None:
    """Indent counted in characters (hundredths), as Word keeps it when the font is another one."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{side}Chars"), str(hundredths))
    indent.set(qn(f"w:{side}"), str(hundredths * 320 // 100))  # 1 character of 3号 = 16 pt = 320 twentieths


def _font(run: Run, font: str, size: Pt, latin: str = LATIN_FONT) -> None:
    run.font.name, run.font.size = latin, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _whole(row: Any, *, repeated: bool) -> None:
    """A row is not cut by the end of a page; the head stands again on the next one."""
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(("w:tblHeader",) if repeated else ())):
        properties.append(OxmlElement(name))


def _widths(made: Any, shares: Sequence[int]) -> None:
    made.autofit = False
    for column, share in zip(made.columns, shares, strict=True):
        for cell in column.cells:
            cell.width = TYPE_WIDTH * share // sum(shares)
