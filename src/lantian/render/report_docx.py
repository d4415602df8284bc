"""The daily report as a Word document in the layout of GB/T 9704, a draft that nobody signed.

Rule  GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 2号小标宋, body 3号仿宋, first-level headings 3号黑体,
      28 pt lines, page number 4号 between dashes, right on odd and left on even pages
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section as PageSection
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from lantian.render.daily_report import NUMERALS, DailyReport, Reading, YearRow, long_date, names_joined, sections

TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEADING_FONT = "黑体"
SUBTITLE_FONT = "楷体_GB2312"
PAGE_FONT = "宋体"
LATIN_FONT = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
LINE = Pt(28)
_COUNTY_HEAD = ("县（市）区", "AQI", "级别", "PM2.5", "首要污染物")
_YEAR_HEAD = ("指标", "今年以来", "去年同期", "变化")
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same report gives the same bytes


def report_docx(report: DailyReport) -> bytes:
    """The daily report as a .docx file; the same report gives the same bytes."""
    document = Document()
    _page(document.sections[0])
    _normal(document)
    document.core_properties.title = f"{report.title} {report.day}"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.settings.odd_and_even_pages_header_footer = True
    _line(document, report.title, TITLE_FONT, SIZE_2, centred=True)
    _line(document, long_date(report.day), SUBTITLE_FONT, SIZE_3, centred=True)
    _line(document, "")
    for number, part in enumerate(sections(report)):
        _line(document, f"{NUMERALS[number]}、{part.heading}", HEADING_FONT, indent=True)
        _line(document, part.text, indent=True)
        if part.heading == "昨日实况" and report.counties:
            _table(document, _COUNTY_HEAD, [_county(one) for one in report.counties])
        if part.heading == "今年以来":
            _table(document, _YEAR_HEAD, [_year_row(row) for row in report.year_rows])
    _line(document, "注：" + "".join(report.notes), indent=True)
    _line(document, "（拟稿，未经核稿和签发）", SUBTITLE_FONT, indent=True)
    return _fixed(document)


def _county(one: Reading) -> tuple[str, ...]:
    aqi = str(one.aqi) if one.aqi is not None else "—"
    return one.place, aqi, one.category or "—", one.value("pm25") or "—", names_joined(one.primary) or "—"


def _year_row(row: YearRow) -> tuple[str, ...]:
    return f"{row.name}（{row.unit}）", row.value or "—", row.last or "—", row.change or "—"


def _page(section: PageSection) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)  # 7 mm below the type area
    right, left = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
    for footer, side in ((section.footer, right), (section.even_page_footer, left)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        _indent_chars(paragraph, "right" if side == right else "left", 100)
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


def _normal(document: Doc) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN_FONT, SIZE_3
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)


def _line(
    document: Doc, text: str, font: str = BODY_FONT, size: Pt = SIZE_3, *, centred: bool = False, indent: bool = False
) -> None:
    paragraph = document.add_paragraph()
    _spacing(paragraph)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif indent:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _indent_chars(paragraph, "firstLine", 200)
    _font(paragraph.add_run(text), font, size)


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


def _table(document: Doc, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    table = document.add_table(rows=0, cols=len(head))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, texts in enumerate((head, *rows)):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            _font(paragraph.add_run(text), BODY_FONT if number else HEADING_FONT, Pt(12))


def _fixed(document: Doc) -> bytes:
    """The saved file with fixed times of its parts."""
    saved, out = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
