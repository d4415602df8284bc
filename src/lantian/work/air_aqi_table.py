"""A table of concentrations as columns of text: headings found, values read once for each distinct text, rows dated."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.layout import Column, heading_unit, layouts, plain_heading

SHOWN = 20
_OZONE = ("o3", "o3_1h", "O3-1h", "臭氧", "臭氧1小时", "臭氧O3", "O3浓度")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text: file name, headings, and columns named by their position from 0."""

    file: str
    headings: tuple[str, ...]
    rows: pl.DataFrame
    lines: Sequence[int]

    def place(self, row: int, column: int | None = None) -> Place:
        """Where a row (from 0) stands in the file."""
        line = self.lines[row + 1] if row + 1 < len(self.lines) else row + 2
        return Place(file=self.file, row=line, column=None if column is None else self.headings[column].strip())


def refused(code: str, zh: str, en: str, place: Place) -> Refusal:
    """A refusal with one finding."""
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), place))


def table_of(text: str, file: str) -> Table:
    """The text of a CSV as a table.

    Errors  Refusal where there is nothing, no row below the headings, a row of another length, or an open quote
    """
    lines = _Lines(text)
    head = next((line for line in io.StringIO(text) if line.strip()), "")
    if not head:
        raise refused("TABLE-EMPTY", "没有内容。请检查是否导出完整", "nothing in it", Place(file=file))
    mark = max((",", "\t", ";", "，"), key=head.count)
    if mark == "，":
        text, mark = text.replace("，", ","), ","
    width = len(next(csv.reader([head.rstrip("\r\n")], delimiter=mark)))
    names = [str(at) for at in range(width)]
    wrong: list[tuple[int, int]] = []

    def keep(row: pa_csv.InvalidRow) -> str:
        wrong.append((row.number, row.actual_columns))
        return "skip"

    try:
        arrow = pa_csv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=1 << 26),
            parse_options=pa_csv.ParseOptions(delimiter=mark, newlines_in_values='"' in text, invalid_row_handler=keep),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowException as error:
        raise refused(
            "TABLE-TEXT-BROKEN",
            f"表格读不完（{error}）。请检查引号是否成对",
            f"cannot be read ({error})",
            Place(file=file),
        ) from None
    if wrong:
        raise Refusal(*_wrong_lengths(wrong, width, lines, file))
    frame = pl.from_arrow(arrow.cast(pa.schema([(name, pa.large_string()) for name in names])))
    assert isinstance(frame, pl.DataFrame)
    if frame.height < 2:
        zh = "只有表头，没有一行数据。请检查是否导出完整"
        raise refused("AIR-TABLE-NO-ROWS", zh, "headings, but no rows", Place(file=file))
    return Table(file, tuple(frame.row(0)), frame.slice(1), lines)


class _Lines(Sequence[int]):
    """Line numbers of the rows, empty lines left out; counted only when a finding asks."""

    def __init__(self, text: str) -> None:
        self._text: str = text
        self._numbers: list[int] | None = None

    def _all(self) -> list[int]:
        if self._numbers is None:
            self._numbers = [at for at, line in enumerate(io.StringIO(self._text), start=1) if line.strip("\r\n")]
        return self._numbers

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        return self._all()[at]


def _wrong_lengths(wrong: list[tuple[int, int]], width: int, lines: Sequence[int], file: str) -> Iterable[Finding]:
    for number, found in wrong[:SHOWN]:
        text = Text(
            f"这一行有 {found} 格，表头有 {width} 格：行不完整、多了分隔符或引号不成对。没有写出任何结果",
            f"{found} cells where the heading has {width}: cut off, an extra separator, or an open quote",
        )
        line = lines[number - 1] if number and number <= len(lines) else number
        yield Finding("TABLE-ROW-LENGTH", Severity.REFUSED, text, Place(file=file, row=line))
    yield from more(len(wrong), file)


def more(count: int, file: str) -> Iterable[Finding]:
    """A last finding that says how many are not shown."""
    if count > SHOWN:
        text = Text(f"另有 {count - SHOWN} 处同类问题未列出", f"{count - SHOWN} more of the kind")
        yield Finding("TABLE-MORE", Severity.REFUSED, text, Place(file=file))


# ---- headings


def item_columns(table: Table, wanted: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    """Position of each item's column; of ``optional`` those that are there.

    Errors  Refusal naming what is missing and what was found, or a heading that occurs twice
    """
    plain = [plain_heading(heading_unit(text)[0]) for text in table.headings]
    found: dict[str, int] = {}
    for key in (*wanted, *optional):
        places = [at for at, name in enumerate(plain) if name in _names(key)]
        if len(places) > 1:
            twice = "、".join(table.headings[at] for at in places)
            raise refused(
                "AIR-COLUMN-TWICE",
                f"{key} 有不止一列：{twice}。请只留一列",
                f"{key} occurs more than once",
                Place(file=table.file, row=1),
            )
        if places:
            found[key] = places[0]
    missing = [key for key in wanted if key not in found]
    if missing:
        shown = "、".join(text.strip() for text in table.headings[:20] if text.strip()) or "（没有表头）"
        raise refused(
            "AIR-COLUMNS-MISSING",
            f"缺少这些列：{'、'.join(missing)}。找到的列：{shown}。没有监测的项请留一个空列，没有写出任何结果",
            f"columns missing: {', '.join(missing)}; found: {', '.join(table.headings[:20])}. Leave an empty column"
            " where an item is not measured",
            Place(file=table.file, row=1),
        )
    return found


@lru_cache(maxsize=1)  # a file of the package
def plain_columns() -> dict[str, Column]:
    return layouts()["plain"].columns


def _names(key: str) -> set[str]:
    known = plain_columns()
    names = _OZONE if key == "o3" else known[key].names if key in known else (key,)
    return {plain_heading(name) for name in names}


def plain_text(cell: str) -> str:
    """A cell without outer spaces, full-width signs as usual ones."""
    return unicodedata.normalize("NFKC", cell).strip()


def distinct(column: pl.Series) -> list[str]:
    """Distinct texts of a column."""
    return column.unique().to_list()


def note(code: str, zh: str, en: str, place: Place, severity: Severity = Severity.NOTE) -> Finding:
    return Finding(code, severity, Text(zh, en), place)
