"""Lists as Excel workbooks: a plain export, and a template to be filled in that comes back with reasons."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from lantian.basis.period import BEIJING
from lantian.render.columns import FORMULA_STARTS, REASON, Column

LISTS = "可用编号"
_HEAD_FILL = PatternFill("solid", fgColor="E6F1F9")
_BAD_FILL = PatternFill("solid", fgColor="FCECEA")
_LINE = Border(bottom=Side(style="thin", color="B8C1CA"))
_SPARE_ROWS = 500
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))


def workbook(
    title: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, notes: Sequence[str] = ()
) -> bytes:
    """An xlsx with one sheet: heads, a row each, numbers as numbers, notes below."""
    return sheets_workbook([(title, columns, rows, notes)])


SheetOf = tuple[str, Sequence[Column], Iterable[Mapping[str, Any]], Sequence[str]]


def sheets_workbook(sheets: Sequence[SheetOf]) -> bytes:
    """An xlsx with a sheet for each title, its columns, rows and notes; without any, one empty sheet."""
    book = Workbook()
    for number, (title, columns, rows, notes) in enumerate(sheets):
        sheet = book.create_sheet() if number else book.worksheets[0]
        _headed(sheet, title, columns)
        last = 1
        for last, row in enumerate(rows, start=2):
            for at, column in enumerate(columns, start=1):
                _put(sheet.cell(last, at), row.get(column.key))
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
        for offset, note in enumerate(notes, start=2):
            _put(sheet.cell(last + offset, 1), note)
            sheet.cell(last + offset, 1).alignment = Alignment(wrap_text=False)
    return _bytes(book)


def template(
    title: str,
    columns: Sequence[Column],
    lists: Mapping[str, Sequence[tuple[str, str]]],
    *,
    rows: Sequence[Mapping[str, Any]] = (),
    reasons: Mapping[int, str] | None = None,
) -> bytes:
    """A workbook to be filled in: heads protected, choices from lists on a second sheet, a sheet that says how.

    ``reasons`` by position in ``rows``: the workbook then has a column 问题 in front of the values, and bad rows tinted.
    """
    with_reasons = reasons is not None
    shown = ([Column(REASON, REASON, 42)] if with_reasons else []) + list(columns)
    book, sheet = _started(title, shown)
    for position, row in enumerate(rows):
        reason = (reasons or {}).get(position, "")
        line = position + 2
        for at, column in enumerate(shown, start=1):
            cell = sheet.cell(line, at)
            _put(cell, reason if column.key == REASON else row.get(column.key))
            if reason:
                cell.fill = _BAD_FILL
    where = _write_lists(book, lists)
    _open_cells(sheet, shown, len(rows) + _SPARE_ROWS + 1, where)
    _write_help(book, columns)
    return _bytes(book)


def _started(title: str, columns: Sequence[Column]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    _headed(sheet, title, columns)
    return book, sheet


def _headed(sheet: Worksheet, title: str, columns: Sequence[Column]) -> None:
    sheet.title = _sheet_name(title)
    for at, column in enumerate(columns, start=1):
        cell = sheet.cell(1, at)
        _put(cell, column.head)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD_FILL, _LINE
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.freeze_panes = "A2"


def _put(cell: Cell | Any, value: Any) -> None:
    """Writes a value; text stays text even where it begins like a formula."""
    if value is None or value == "":
        return
    if isinstance(value, Decimal):
        cell.value = int(value) if value == value.to_integral_value() else value
        places = max(0, -int(value.as_tuple().exponent)) if value.is_finite() else 0
        cell.number_format = f"0.{'0' * places}" if places else "0"
    elif isinstance(value, bool):
        cell.value = "是" if value else "否"
    elif isinstance(value, int | float):
        cell.value = value
    elif isinstance(value, datetime):
        local = value.astimezone(BEIJING) if value.tzinfo else value  # instants are kept in UTC
        cell.value, cell.number_format = local.replace(tzinfo=None), "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    else:
        cell.value = str(value).translate(_ILLEGAL)[:32000]
        cell.data_type = "s"
        if cell.value[:1] in FORMULA_STARTS:
            cell.quotePrefix = True  # and stays text when a person edits the cell


def _write_lists(book: Workbook, lists: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, str]:
    """Formula of the range of each list, which now stands on the second sheet."""
    sheet = book.create_sheet(LISTS)
    where = {}
    for position, (name, entries) in enumerate(lists.items()):
        at = position * 3 + 1
        head = sheet.cell(1, at)
        head.value, head.font, head.fill = name, Font(bold=True), _HEAD_FILL
        for line, (value, words) in enumerate(entries, start=2):
            _put(sheet.cell(line, at), value)
            _put(sheet.cell(line, at + 1), words)
        letter = get_column_letter(at)
        where[name] = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(entries) + 1 if entries else 2}"
        sheet.column_dimensions[letter].width = 16
        sheet.column_dimensions[get_column_letter(at + 1)].width = 40
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    return where


def _open_cells(sheet: Worksheet, columns: Sequence[Column], last: int, where: Mapping[str, str]) -> None:
    for row in sheet.iter_rows(min_row=2, max_row=last, min_col=1, max_col=len(columns)):
        for cell in row:
            cell.protection = Protection(locked=False)
    for at, column in enumerate(columns, start=1):
        if column.choices in where:
            choice = DataValidation(type="list", formula1=where[column.choices], allow_blank=not column.needed)
            choice.showErrorMessage = column.strict
            choice.error, choice.errorTitle = f"请从“{LISTS}”表中选择。", column.head
            choice.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{last}")
            sheet.add_data_validation(choice)
    sheet.protection.sheet = True
    for freedom in ("insertRows", "deleteRows", "sort", "autoFilter", "formatColumns", "formatRows", "formatCells"):
        setattr(sheet.protection, freedom, False)


def _write_help(book: Workbook, columns: Sequence[Column]) -> None:
    sheet = book.create_sheet("说明")
    lines = [
        ("列", "是否必填", "怎样填"),
        *((column.head, "必填" if column.needed else "选填", column.hint or _from_list(column)) for column in columns),
        ("", "", ""),
        ("表头不要改动；一行一条；空行跳过。编号从“可用编号”表中选。填好后在网页上传，先预览，确认后才写入。", "", ""),
    ]
    for line, cells in enumerate(lines, start=1):
        for at, text in enumerate(cells, start=1):
            _put(sheet.cell(line, at), text)
            if line == 1:
                sheet.cell(line, at).font = Font(bold=True)
    for letter, width in (("A", 22), ("B", 10), ("C", 70)):
        sheet.column_dimensions[letter].width = width


def _from_list(column: Column) -> str:
    return f"从“{LISTS}”表的“{column.choices}”中选" if column.choices else ""


def _sheet_name(title: str) -> str:
    return "".join("-" if char in r"[]:*?/\\" else char for char in title)[:31] or "表"


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
