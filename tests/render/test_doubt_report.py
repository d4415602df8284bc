"""A draft of a report of doubt as text and as a Word file: the same words, the same bytes, never a signature."""

from __future__ import annotations

import io
from dataclasses import replace

from docx import Document

from lantian.render.doubt_report import DRAFT, SIMULATED, Doubt, doubt_docx, doubt_text

DOUBT = Doubt(
    title="关于监测数据疑问的报告", addressee="省级监测中心", drafted="2025年10月16日", stations="甲站", period="2025-10-12",
    phenomenon="夜间数值长时间不变。", request="", contact="乙", attachment="见附表。",
    table=[["日期", "PM2.5"], ["2025-10-12", "35"]], table_note="附表为实况，未经审核。", simulated=False,
)  # fmt: skip


def words(content: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)


def test_text_and_word_say_the_same() -> None:
    text, paper = doubt_text(DOUBT), words(doubt_docx(DOUBT))
    for said in (
        "省级监测中心：",
        "一、站点和时段",
        "二、现象",
        "夜间数值长时间不变。",
        "三、附数据",
        "四、请求",
        "请贵单位核查",
        DRAFT,
    ):
        assert said in text, said
        assert said in paper, said
    assert "2025-10-12\t35" in text
    assert SIMULATED not in text
    assert doubt_docx(DOUBT) == doubt_docx(DOUBT)


def test_without_data_the_section_is_left_out_and_simulated_data_are_told() -> None:
    bare = replace(DOUBT, attachment="", table=[], table_note="", contact="", request="请说明。", simulated=True)
    text = doubt_text(bare)
    assert "附数据" not in text
    assert "三、请求\n请说明。" in text
    assert "联系人" not in text
    assert SIMULATED in text
    assert SIMULATED in words(doubt_docx(bare))
