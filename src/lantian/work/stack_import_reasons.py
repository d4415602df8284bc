"""The rows of a platform's table that cannot be taken whole, returned as they came with their reasons beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lantian.basis.finding import Finding
from lantian.render.columns import REASON, Column
from lantian.store.cells import Cell, Sheet
from lantian.store.stack.import_rows import ImportTable
from lantian.work.stack_import import ReadImport


def returned(read: ReadImport) -> bytes:
    """An xlsx with a sheet for each table that has findings: row, reasons, then the cells under their headings.

    Rule    mended there and imported again it gives the rows that are missing, since what is known changes nothing
    """
    from lantian.render.tables import SheetOf, sheets_workbook  # openpyxl is loaded when a workbook is asked for

    sheets: list[SheetOf] = []
    for sheet, table in read.tables:
        if table.findings:
            rows = list(_rows(sheet, table))
            width = max(len(table.headings), *(len(cells) for _, _, cells in rows))
            heads = [*table.headings, *[""] * (width - len(table.headings))]
            columns = [
                Column("row", "行", 8), Column("reason", REASON, 60),
                *(Column(str(at), head) for at, head in enumerate(heads)),
            ]  # fmt: skip
            sheets.append((sheet.sheet or "未采用的行", columns, [_told(*one) for one in rows], ()))
    return sheets_workbook(sheets)


def _rows(sheet: Sheet, table: ImportTable) -> Iterator[tuple[int, list[Finding], Sequence[Cell]]]:
    by_row: dict[int, list[Finding]] = {}
    for one in table.findings:
        by_row.setdefault(one.place.row or 0, []).append(one)
    for row, findings in sorted(by_row.items()):
        yield row, findings, sheet.rows[row - 1]


def _told(row: int, findings: Sequence[Finding], cells: Sequence[Cell]) -> dict[str, Any]:
    reasons = (f"{one.place.column}：{one.text.zh}" if one.place.column else one.text.zh for one in findings)
    return {"row": row, "reason": "；".join(reasons), **{str(at): cell for at, cell in enumerate(cells)}}
