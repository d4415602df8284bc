"""Rows from a filled-in template, a CSV or a table pasted from Excel: cells as text under the keys of their columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.render.columns import REASON, Column

MOST_ROWS = 20_000
_HEAD_IN_FIRST = 10
_MOST_COLUMNS = 100
_EMPTY_ROWS = 1000
_SPACES = str.maketrans("", "", " \t\r\n　*＊")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it came: its line (1 = first line, heads included) and the text of its cells by key."""

    line: int
    cells: dict[str, str]


def from_workbook(content: bytes, columns: Sequence[Column], name: str = "") -> list[Row]:
    """Rows of the first sheet whose heads are those of the columns.

    Errors  Refusal where it is no workbook, or no sheet has the needed heads
    """
    from openpyxl import load_workbook  # loaded when a workbook comes in

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return _first_table(book.worksheets, columns, name)
    except Refusal:
        raise
    except Exception as error:  # a damaged workbook raises errors of many kinds, some only when a sheet is read
        zh = f"“{name}”打不开，文件可能已损坏或加了密码。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
        raise _refusal("TABLE-NOT-XLSX", zh, name) from error


def _first_table(sheets: Iterable[Any], columns: Sequence[Column], name: str) -> list[Row]:
    """Rows of the first sheet with the needed heads; what lies far to the right or far below an empty stretch is not read."""
    first: Refusal | None = None
    for sheet in sheets:
        grid = ([_text(cell) for cell in row] for row in sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True))
        try:
            return _rows(_until_empty(grid), columns, name)
        except Refusal as refusal:
            first = first or refusal
    raise first or _refusal("TABLE-EMPTY", f"“{name}”里没有表。", name)


def _until_empty(grid: Iterable[list[str]]) -> Iterator[list[str]]:
    """Rows up to a long empty stretch: a format set for whole columns makes a million empty rows."""
    empty = 0
    for row in grid:
        empty = 0 if any(row) else empty + 1
        if empty > _EMPTY_ROWS:
            return
        yield row


def from_text(text: str, columns: Sequence[Column], name: str = "粘贴的表格") -> list[Row]:
    """Rows of a table pasted from Excel (tabs) or of a CSV (commas).

    Errors  Refusal where it is empty or lacks needed heads
    """
    plain = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    delimiter = "\t" if "\t" in plain.split("\n", 1)[0] or "\t" in plain[:2000] else ","
    grid = csv.reader(io.StringIO(plain), delimiter=delimiter)
    try:
        return _rows(([cell.strip() for cell in row] for row in grid), columns, name)
    except csv.Error as error:
        zh = f"“{name}”第 {grid.line_num} 行附近读不出来，可能多了一个引号。请改正，或另存为 .xlsx 后再上传。"
        raise _refusal("TABLE-CSV-BROKEN", zh, name) from error


def from_bytes(content: bytes, kind: str, columns: Sequence[Column], name: str) -> list[Row]:
    """Rows of an uploaded xlsx or csv (UTF-8 or GBK).

    Errors  Refusal
    """
    if kind == "xlsx":
        return from_workbook(content, columns, name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return from_text(content.decode(encoding), columns, name)
        except UnicodeDecodeError:
            continue
    raise _refusal("TABLE-ENCODING", f"“{name}”的文字编码认不出。请另存为 UTF-8 的 CSV 或 .xlsx 后再上传。", name)


def _rows(grid: Iterable[list[str]], columns: Sequence[Column], name: str) -> list[Row]:
    heads = {_plain(column.head): column.key for column in columns} | {
        _plain(column.key): column.key for column in columns
    }
    keys: list[str | None] | None = None
    seen: list[str] = []
    rows: list[Row] = []
    for line, cells in enumerate(grid, start=1):
        if keys is None:
            found = [heads.get(_plain(cell)) for cell in cells]
            if not seen and any(cells):
                seen = [cell for cell in cells if cell and cell != REASON]
            if len({key for key in found if key}) >= min(2, len(columns)):
                keys = found
                _check_heads(keys, columns, name)
            elif line >= _HEAD_IN_FIRST:
                break
            continue
        row = {key: cell for key, cell in zip(keys, cells, strict=False) if key and cell}
        if row:
            rows.append(Row(line, row))
        if len(rows) > MOST_ROWS:
            raise _refusal("TABLE-TOO-LONG", f"“{name}”超过 {MOST_ROWS} 行。请分成几份导入。", name)
    if keys is None:
        wanted = "、".join(column.head for column in columns if column.needed)
        has = "、".join(seen[:8]) or "空表"
        raise _refusal(
            "TABLE-NO-HEAD", f"“{name}”里没有找到表头。需要的列：{wanted}；实际：{has}。请用本页的模板填写。", name
        )
    if not rows:
        raise _refusal("TABLE-EMPTY", f"“{name}”只有表头，没有数据行。", name)
    return rows


def _check_heads(keys: Sequence[str | None], columns: Sequence[Column], name: str) -> None:
    missing = [column.head for column in columns if column.needed and column.key not in keys]
    if missing:
        zh = f"“{name}”缺少列：{'、'.join(missing)}。请用本页的模板填写，表头不要改动。"
        raise _refusal("TABLE-MISSING-COLUMN", zh, name)
    twice = {key for key in keys if key and list(keys).count(key) > 1}
    if twice:
        words = "、".join(column.head for column in columns if column.key in twice)
        raise _refusal("TABLE-COLUMN-TWICE", f"“{name}”里有重复的列：{words}。请删去多余的一列。", name)


def _plain(head: str) -> str:
    return head.translate(_SPACES).replace("(", "（").replace(")", "）").lower()


def _text(cell: Any) -> str:
    """Text of a cell; a float by its shortest text, a date as 2025-10-15."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    return str(cell).strip()


def _refusal(code: str, zh: str, name: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, code.lower().replace("-", " ")), Place(file=name or None)))
