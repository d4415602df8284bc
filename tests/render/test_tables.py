"""Workbooks: what goes in comes out again, text stays text, heads are protected, reasons stand beside bad rows."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from lantian.render.columns import REASON, Column
from lantian.render.tables import LISTS, template, workbook

COLUMNS = (
    Column("id", "编号", 10, True, "编号"),
    Column("value", "数值", 10, True),
    Column("day", "日期"),
    Column("note", "备注"),
)
LISTED = {"编号": [("T03-1", "细颗粒物"), ("T03-2", "重污染天")]}


def _read(content: bytes):
    return load_workbook(io.BytesIO(content))


def test_a_list_becomes_a_sheet_with_numbers_as_numbers():
    rows = [
        {"id": "T03-4", "value": Decimal("1487.43"), "day": date(2025, 3, 1), "note": None},
        {"id": "T03-3", "value": Decimal("250.000000").normalize(), "note": "甲"},
    ]
    sheet = _read(workbook("年度目标", COLUMNS, rows, notes=("说明一",))).active
    assert [cell.value for cell in sheet[1]] == ["编号", "数值", "日期", "备注"]
    assert sheet["B2"].value == 1487.43
    assert sheet["B2"].number_format == "0.00"
    assert sheet["B3"].value == 250
    assert sheet["C2"].value.date() == date(2025, 3, 1)
    assert sheet["C3"].value is None
    assert sheet["A5"].value == "说明一"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"])
def test_text_that_looks_like_a_formula_stays_text(text):
    sheet = _read(workbook("表", COLUMNS, [{"id": text}])).active
    assert sheet["A2"].value == text
    assert sheet["A2"].data_type == "s"


def test_control_characters_do_not_break_the_file():
    assert _read(workbook("表", COLUMNS, [{"note": "a\x0bb\x00c"}])).active["D2"].value == "abc"


def test_an_empty_list_has_its_heads():
    assert [cell.value for cell in _read(workbook("表/一", COLUMNS, [])).active[1]] == ["编号", "数值", "日期", "备注"]


def test_the_template_protects_its_heads_and_lists_what_is_valid():
    book = _read(template("年度目标", COLUMNS, LISTED))
    sheet = book.worksheets[0]
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked
    assert not sheet["D300"].protection.locked
    assert [cell.value for cell in book[LISTS]["A"]] == ["编号", "T03-1", "T03-2"]
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == f"'{LISTS}'!$A$2:$A$3"
    assert "A2:" in str(choice.sqref)
    assert book["说明"]["B2"].value == "必填"


def test_reasons_stand_beside_the_bad_rows():
    rows = [{"id": "T03-1", "value": "28"}, {"id": "T99", "value": "x"}]
    sheet = _read(template("年度目标", COLUMNS, LISTED, rows=rows, reasons={1: "编号：没有 T99"})).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [REASON, "编号", "数值", "日期", "备注"]
    assert [sheet["A2"].value, sheet["A3"].value] == [None, "编号：没有 T99"]
    assert sheet["B3"].value == "T99"
    assert sheet["B3"].fill.fgColor.rgb != sheet["B2"].fill.fgColor.rgb
