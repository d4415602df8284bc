"""The monthly bulletin as a document: opened again, it has the page, the numbers and the words of its pictures."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import load_workbook

from lantian.basis.period import month
from lantian.render import charts, charts_bars
from lantian.render.bulletin import Bulletin, Part, Picture, Table, bulletin_lines, bulletin_text
from lantian.render.bulletin_docx import bulletin_docx
from lantian.render.bulletin_xlsx import bulletin_xlsx

WIDE = Table("宽表", tuple("甲乙丙丁戊己庚辛"), (("行", "1", "−2.5", "3.50", None, "持平", "007", "8"),), "宽表的注。")
SMALL = Table("窄表", ("项目", "天"), (("PM2.5", "31"), ("PM10", None)))
SAID = Bulletin(
    city="鸡西市",
    days=month(2015, 7),
    as_of=date(2015, 8, 2),
    complete=True,
    simulated=False,
    parts=(
        Part(
            "空气质量概况",
            ("本月优良 31 天。",),
            (WIDE, SMALL),
            (Picture("ranking", "全省排名", "黑河 2.30，鸡西 2.90。"),),
        ),
        Part("数据情况", ("有效 31 天。",), (), (Picture("absent", "没有的图", "没有画成的图。"),)),
    ),
    notes=("数据为实况，未经审核，暂定。",),
)


@pytest.fixture(scope="module")
def png() -> bytes:
    bars = [charts_bars.RankedBar("1 黑河", "2.30", False), charts_bars.RankedBar("2 鸡西", "2.90", True)]
    return charts.png(charts_bars.ranking(bars, title="谁的空气最好？", subtitle="综合指数"), scale=1)


def opened(png: bytes, said: Bulletin = SAID):  # type: ignore[no-untyped-def]
    return Document(io.BytesIO(bulletin_docx(said, {"ranking": png})))


def test_the_page_is_that_of_an_official_document(png: bytes) -> None:
    document = opened(png)
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    title = document.paragraphs[0]
    assert (title.text, title.alignment, title.runs[0].font.size) == (
        "鸡西市环境空气质量月报",
        WD_ALIGN_PARAGRAPH.CENTER,
        Pt(22),
    )
    fonts = title.runs[0]._r.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert document.paragraphs[1].text == "2015年7月"
    assert "PAGE" in page.footer._element.xml


def test_tables_have_their_numbers_and_heads_that_are_repeated(png: bytes) -> None:
    wide, small = opened(png).tables
    assert [cell.text for cell in wide.rows[1].cells] == ["行", "1", "−2.5", "3.50", "—", "持平", "007", "8"]
    assert [cell.text for cell in small.rows[2].cells] == ["PM10", "—"]
    for table in (wide, small):
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_pictures_are_as_wide_as_the_text_and_bear_their_words(png: bytes) -> None:
    document = opened(png)
    (shape,) = document.inline_shapes
    assert round(shape.width.mm) == 156
    assert shape._inline.docPr.get("descr") == "黑河 2.30，鸡西 2.90。"
    (part,) = [one for one in document.part.package.iter_parts() if one.partname.startswith("/word/media/")]
    assert part.blob == png
    assert len(png) > 5_000
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "图1  全省排名" in texts
    assert "（图未生成：没有画成的图。）" in texts
    assert [text for text in texts if text.startswith("表")] == ["表1  宽表", "表2  窄表"]


def test_it_is_a_draft_and_says_where_days_are_simulated(png: bytes) -> None:
    texts = [paragraph.text for paragraph in opened(png).paragraphs]
    assert texts[-1] == "（拟稿，未经核稿和签发）"
    assert not any("模拟数据" in text for text in texts)
    simulated = replace(SAID, simulated=True)
    texts = [paragraph.text for paragraph in opened(png, simulated).paragraphs]
    assert texts[2] == "模拟数据"
    assert "本报含模拟数据，不代表真实空气质量。" in texts[-2]
    assert "模拟数据" in bulletin_text(simulated)


def test_the_same_bulletin_gives_the_same_bytes(png: bytes) -> None:
    assert bulletin_docx(SAID, {"ranking": png}) == bulletin_docx(replace(SAID), {"ranking": png})


def test_the_workbook_has_a_sheet_for_each_table_with_numbers_as_numbers() -> None:
    book = load_workbook(io.BytesIO(bulletin_xlsx(SAID)))
    assert book.sheetnames == ["宽表", "窄表"]
    row = [cell.value for cell in book["宽表"][2]]
    assert row == ["行", 1, "−2.5", 3.5, None, "持平", 7, 8]
    assert book["宽表"]["D2"].number_format == "0.00"
    notes = [cell.value for cell in book["窄表"]["A"] if cell.value]
    assert "数据为实况，未经审核，暂定。" in notes
    assert load_workbook(io.BytesIO(bulletin_xlsx(replace(SAID, parts=())))).sheetnames


def test_text_and_lines_say_the_same_sentences() -> None:
    text = bulletin_text(SAID)
    assert text.splitlines()[:4] == ["鸡西市环境空气质量月报", "2015年7月", "一、空气质量概况", "本月优良 31 天。"]
    lines = bulletin_lines(SAID)
    assert "窄表：PM2.5 天 31" in lines
    assert "窄表：PM10 天 —" in lines
    assert lines[-1] == "数据为实况，未经审核，暂定。"
