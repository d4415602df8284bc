"""CSV for spreadsheets: no text of a user becomes a formula, numbers stay numbers."""

from __future__ import annotations

import csv
import io

import pytest

from lantian.render.columns import Column
from lantian.render.csv_table import csv_of

COLUMNS = (Column("name", "名称"), Column("value", "数值"))


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")'])
def test_text_that_begins_like_a_formula_stays_text(text: str) -> None:
    assert cells(csv_of(COLUMNS, [{"name": text, "value": None}]))[1] == [f"'{text}", ""]


def test_numbers_stay_and_notes_stand_below() -> None:
    rows = cells(csv_of(COLUMNS, [{"name": "甲", "value": "-1.5"}, {"name": "乙", "value": 3}], ["模拟数据"]))
    assert rows == [["名称", "数值"], ["甲", "-1.5"], ["乙", "3"], ["# 模拟数据"]]
