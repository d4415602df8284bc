"""The daily report: wording, layout of the Word file (GB/T 9704-2012), picture."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lantian.basis.finding import Refusal
from lantian.render import report_png as picture
from lantian.render.daily_report import (
    Concentration,
    DailyReport,
    ForecastDay,
    Goal,
    Reading,
    YearRow,
    report_text,
    sections,
    word_count,
)
from lantian.render.day_strip import Bar, day_strip
from lantian.render.ink import ink_on
from lantian.render.report_docx import report_docx
from lantian.render.report_png import report_png, report_svg, wrapped

VALUES = (
    Concentration("pm25", "PM2.5", "40", "µg/m³"),
    Concentration("so2", "SO2", None, "µg/m³"),
    Concentration("co", "CO", "0.8", "mg/m³"),
)
CITY = Reading("望川市", 56, "良", "二级", "#ffff00", ("PM2.5",), VALUES, False)
REPORT = DailyReport(
    city="望川市",
    day=date(2025, 10, 15),
    reading=CITY,
    year_rows=(
        YearRow("pm25", "PM2.5 平均浓度", "µg/m³", "24", "26", "下降 7.7%"),
        YearRow("heavy_days", "重度及以上污染天", "天", "0", None, None),
    ),
    has_last_year=True,
    goals=(
        Goal("T1", "细颗粒物", "≤ 28 µg/m³", "24", "µg/m³", "at_risk", "滞后风险", (), "剩余 77 天均值不超过 42.1"),
    ),
    forecast=(ForecastDay(date(2025, 10, 16), "良至轻度污染", "80～110", "PM2.5", "夜间静稳"),),
    forecast_issuer="望川市气象台",
    due=("3 燃煤锅炉淘汰台账（住建局）",),
    duty=("带班 甲", "值班 乙"),
)


def test_text_has_the_parts_officials_expect_in_their_order() -> None:
    lines = report_text(REPORT).splitlines()
    assert lines[:2] == ["望川市环境空气质量日报（实况）", "2025年10月15日"]
    assert [line[:2] for line in lines[2:-1]] == ["一、", "二、", "三、", "四、", "五、", "六、"]
    assert lines[2] == (
        "一、昨日实况：10月15日全市 AQI 56，二级（良），首要污染物 PM2.5。浓度：PM2.5 40 µg/m³；CO 0.8 mg/m³。"
    )
    assert "去年同期 26，下降 7.7%" in lines[3]
    assert "重度及以上污染天 0 天；" not in lines[3]
    assert lines[-1] == "注：数据为实况，未经审核。"
    assert "模拟数据" not in report_text(REPORT)


def test_simulated_data_are_named_in_text_word_and_picture() -> None:
    simulated = replace(REPORT, simulated=True)
    assert "模拟数据" in report_text(simulated)
    assert "模拟数据" in report_svg(simulated)
    assert "模拟数据" in "".join(p.text for p in Document(io.BytesIO(report_docx(simulated))).paragraphs)


def test_what_is_missing_is_left_out_and_never_zero() -> None:
    empty = DailyReport("望川市", date(2025, 10, 15), None)
    assert [part.heading for part in sections(empty)] == ["昨日实况"]
    assert "无有效数据" in report_text(empty)
    no_index = replace(REPORT, reading=replace(CITY, aqi=None, category=None, grade=None, colour=None, primary=()))
    assert "AQI 无有效值" in report_text(no_index)
    assert not re.search(r"AQI 0|SO2 0", report_text(no_index))
    without_last = replace(REPORT, has_last_year=False)
    assert "去年同期有效数据不足，不作比较" in report_text(without_last)


def test_text_of_an_ordinary_day_is_short_enough_for_a_message() -> None:
    assert 150 <= word_count(report_text(REPORT)) <= 330
    assert word_count("PM2.5 为 24，良。") == 6


def test_word_file_has_the_layout_of_gbt_9704() -> None:
    document = Document(io.BytesIO(report_docx(REPORT)))
    page = document.sections[0]
    sides = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    for found, wanted in zip(sides, (37, 35, 28, 26), strict=True):
        assert found is not None
        assert abs(found - Mm(wanted)) < Mm(0.1)
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    title, body = document.paragraphs[0], document.paragraphs[4]
    assert _font(title) == ("方正小标宋简体", Pt(22))
    assert _font(body) == ("仿宋_GB2312", Pt(16))
    assert _font(document.paragraphs[3]) == ("黑体", Pt(16))
    assert {p.paragraph_format.line_spacing for p in document.paragraphs} == {Pt(28)}
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    for footer in (page.footer, page.even_page_footer):
        assert footer.paragraphs[0].text.replace("PAGE", "") == "—  —"
        assert "PAGE" in footer._element.xml
    assert document.settings.odd_and_even_pages_header_footer
    assert "未经核稿和签发" in document.paragraphs[-1].text


def _font(paragraph) -> tuple[str, int]:  # type: ignore[no-untyped-def]
    run = paragraph.runs[0]
    return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size


def test_same_report_gives_the_same_word_file() -> None:
    assert report_docx(REPORT) == report_docx(replace(REPORT))
    assert report_docx(REPORT) != report_docx(replace(REPORT, due=()))


def test_picture_is_well_formed_and_escapes_what_people_typed() -> None:
    typed = replace(REPORT, due=("<script>&",), forecast_issuer="甲<乙")
    root = ElementTree.fromstring(report_svg(typed))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "<script>&。" in texts
    assert "未来三天预报（甲<乙发布）" in texts
    assert "#ffff00" in report_svg(typed)


def test_picture_grows_with_what_there_is_to_say() -> None:
    def height(report: DailyReport) -> int:
        return int(ElementTree.fromstring(report_svg(report)).get("height") or 0)

    assert height(replace(REPORT, forecast=(), due=(), duty=())) < height(REPORT)
    assert height(replace(REPORT, counties=(CITY,) * 9)) > height(replace(REPORT, counties=(CITY,) * 3))


@pytest.mark.slow
def test_png_is_made_where_a_chinese_font_is() -> None:
    png = report_png(REPORT)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == picture.WIDTH


def test_png_is_refused_where_no_chinese_font_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "draws_chinese", lambda: False)
    with pytest.raises(Refusal, match="没有中文字体"):
        report_png(REPORT)


@pytest.mark.parametrize("width", [80, 200, 988])
def test_wrapping_loses_nothing(width: int) -> None:
    text = "燃煤锅炉淘汰台账（住建局），另有逾期 2 项；扩散条件一般。" * 3
    lines = wrapped(text, 26, width)
    assert "".join(lines) == text
    assert not any(line[0] in "，。；、）：" for line in lines)


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#00e400", "#000000"),
        ("#ffff00", "#000000"),
        ("#ff7e00", "#000000"),
        ("#99004c", "#ffffff"),
        ("#7e0023", "#ffffff"),
    ],
)
def test_ink_is_readable_on_the_colours_of_hj_633(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink


def test_strip_keeps_gaps_and_names_the_worst_day() -> None:
    bars = [
        Bar(date(2025, 10, 1), 60, "良", "#ffff00"),
        Bar(date(2025, 10, 2), None, None, None),
        Bar(date(2025, 10, 3), 210, "重度污染", "#99004c"),
    ]
    root = ElementTree.fromstring(day_strip(bars, 100, "AQI 100").replace("<svg ", '<svg xmlns="s" '))
    assert len(root.findall("{s}rect")) == 2
    assert root.get("aria-label") == "近 3 天 AQI，有效 2 天，最高 210（2025-10-03）"
    assert day_strip([], 100, "AQI 100") == ""
