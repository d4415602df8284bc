"""The table of the province on the duty desk: read with reasons, kept, withdrawn."""

from __future__ import annotations

import io

import pytest
from desk_pages import page_of
from django.test import Client
from openpyxl import Workbook

from lantian.basis.finding import Refusal
from lantian.site.desk.models import (
    ProvinceTable,
)
from lantian.site.desk.province import read_rows, read_text, read_xlsx, standing

pytestmark = pytest.mark.usefixtures("desk_city")


# The province's table

TABLE = """2025年1—9月各市（地）环境空气质量
名次\t城市\tPM2.5(微克/立方米)\tPM2.5同比(%)\t优良天数比率（%）\t综合指数
1\t安山市\t18\t-2\t97.1\t2.1
2\t鸡西市\t24\t1\t95.1%\t2.6
3\t白河市\t24\t3\t—\t2.9
\t长岭市\t二十\t3\t90\t3.0
4\t安山市\t18\t-2\t97.1\t2.1
全省平均\t全省平均\t22\t0\t96\t2.5
"""


def test_table_of_the_province_is_read_and_bad_rows_are_named() -> None:
    read = read_text(TABLE)
    assert [(row.city, row.rank, row.pm25, row.good_ratio) for row in read.rows] == [
        ("安山", 1, "18", "97.1"),
        ("鸡西", 2, "24", "95.1"),
        ("白河", 3, "24", None),
    ]
    assert [finding.place.row for finding in read.findings] == [6, 7, 8]
    found = standing(read.rows, "鸡西市")
    assert found is not None
    assert (found.places, found.cities) == ({"pm25": 2, "index": 2, "good_ratio": 2, "rank": 2}, 3)
    tied = standing(read.rows, "白河")
    assert tied is not None
    assert tied.places["pm25"] == 2, "equal values share a place"
    assert "good_ratio" not in tied.places
    assert standing(read.rows, "丁") is None


def test_table_reads_the_same_from_commas_and_from_a_workbook() -> None:
    rows = [["城市", "排名", "PM2.5", "优良天数比率"], ["鸡西", 3, 24, 95.1], ["甲", 1, 18, 99]]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    typed = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    assert read_text(typed) == read_xlsx(saved.getvalue())
    assert read_text(typed).rows[0].good_ratio == "95.1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲,18\n乙,20", "PROVINCE-HEAD-MISSING"),
        ("城市,备注\n甲,好", "PROVINCE-HEAD-MISSING"),
        ("城市,PM2.5\n", "PROVINCE-ROWS-MISSING"),
        ("城市,PM2.5\n甲,-1", "PROVINCE-VALUE-WRONG"),
        ("城市,优良天数比率\n甲,101", "PROVINCE-VALUE-WRONG"),
        ("", "PROVINCE-HEAD-MISSING"),
    ],
)
def test_a_table_without_what_is_needed_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_text(text)
    assert code in [finding.code for finding in refusal.value.findings]


def test_a_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(Refusal, match="不是可读的 xlsx"):
        read_xlsx(b"PK\x03\x04 not a workbook")


def test_a_rank_that_is_no_number_keeps_its_row_out() -> None:
    read = read_rows([["城市", "排名"], ["甲", "第一"], ["乙", "2"]])
    assert [row.city for row in read.rows] == ["乙"]
    assert "不是整数" in read.findings[0].text.zh


def test_rank_in_the_province_stands_on_the_desk_until_withdrawn(officer: Client) -> None:
    sent = {"first": "2025-01-01", "last": "2025-09-30", "source": "省厅通报", "text": TABLE}
    page = officer.post("/desk/province/keep/", sent, follow=True).content.decode()
    assert "已录入 3 个城市，3 行未采用" in page
    assert "第 6 行：长岭的“二十”不是可用的数值" in page
    assert "PM2.5 第 <b>2</b>" in page_of(officer)
    officer.post(f"/desk/province/{ProvinceTable.objects.get().pk}/withdraw/")
    assert "粘贴省里通报的各市数据后显示" in page_of(officer)
    assert ProvinceTable.objects.get().withdrawn_at is not None


def test_nothing_is_kept_of_a_table_that_is_refused(officer: Client) -> None:
    sent = {"first": "2025-01-01", "last": "2025-09-30", "source": "群消息", "text": "甲 18"}
    page = officer.post("/desk/province/keep/", sent).content.decode()
    assert "没有找到表头" in page
    assert not ProvinceTable.objects.exists()
