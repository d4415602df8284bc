"""Tables of a file as columns: typed columns of Parquet, texts of everything else, with the line each row came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import polars as pl

from lantian.basis.finding import Refusal
from lantian.store import cells
from lantian.store.city_rows import HEADING_ROWS
from lantian.store.folder import refusal

ROW = "row"
_HEAD = 1_000_000  # a heading of some thousand stations is shorter


@dataclass(frozen=True, slots=True)
class Uneven:
    """Lines of a text that have more cells than its heading, lines that have fewer, and the line cut off at its end."""

    longer: tuple[int, ...] = ()
    shorter: tuple[int, ...] = ()
    cut: int | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The rows below a heading.

    Shape   ``table``: columns ``c0 c1 …`` in the order of the heading (texts, or as Parquet types them) and ``row`` (1 = first line)
    """

    table: pl.DataFrame
    uneven: Uneven


@dataclass(frozen=True, slots=True)
class Raw:
    """One table before its heading is known: its first lines, how its body is had, units declared by column name."""

    file: str
    sheet: str | None
    lines: Sequence[Sequence[str]]
    units: dict[str, str] = field(default_factory=dict)
    rows: Sequence[Sequence[cells.Cell]] = ()
    frame: pl.DataFrame | None = None
    text: str | None = None
    mark: str = ","

    def body(self, at: int) -> Body:
        """Rows below heading line ``at`` (0 = first) that are not empty, and which of them have not its width.

        Errors  Refusal for a text whose quotation marks swallow lines
        """
        first, uneven = at + 2, Uneven()
        if self.frame is not None:
            frame = self.frame
        elif self.text is not None:
            frame, uneven = _of_text(self.text, self.mark, at, len(self.lines[at]), self.file)
        else:
            frame = _of_cells(self.rows[at + 1 :], len(self.lines[at]))
            if self.sheet is None:  # pasted: a cell beyond the heading means that a separator stood inside a value
                wide = enumerate((_width(row) for row in self.rows[at + 1 :]), start=first)
                uneven = Uneven(longer=tuple(row for row, width in wide if width > len(self.lines[at])))
        numbered = frame.with_columns(pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias(ROW))
        if self.frame is None:
            numbered = numbered.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
        return Body(numbered, uneven)


def tables(source: Path | cells.Source) -> Iterator[Raw]:
    """Every table of a file, pasted text or what was read before.

    Errors  Refusal for an absent, empty, oversized, binary, truncated or damaged file
    """
    if isinstance(source, Path):
        if _is_parquet(source):
            yield _of_parquet(source)
            return
        long_text = _of_text_file(source)
        if long_text is not None:
            yield long_text
            return
        source = cells.read_file(source)
    for sheet in source.sheets:
        lines = [[text(cell).strip() for cell in row] for row in sheet.rows[:HEADING_ROWS]]
        yield Raw(sheet.file, sheet.sheet, lines, rows=sheet.rows)


def text(cell: Any) -> str:
    """A cell as text: dates year first, floats by their shortest text, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a year or a date as spreadsheets keep them
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _of_text_file(file: Path) -> Raw | None:
    """A text whose heading is plain, for columns without a cell object each; None for all else."""
    try:
        whole = cells.read_text(file).replace("\r\n", "\n")
        mark = cells.separator(whole, file.name)
    except Refusal:
        return None  # a workbook, or refused in the same words by cells.read_file
    head = whole[:_HEAD].split("\n", HEADING_ROWS)[:HEADING_ROWS]
    if len(mark.encode()) > 1 or "\r" in whole[:_HEAD] or any('"' in line for line in head):
        return None
    lines = [[part.strip() for part in line.split(mark)] for line in head]
    return Raw(file.name, None, lines, text=whole, mark=mark)


def _of_text(whole: str, mark: str, at: int, width: int, file: str) -> tuple[pl.DataFrame, Uneven]:
    """Rows of a text, and which of its lines have another width than the heading."""
    schema = {f"c{number}": pl.String for number in range(width)}
    below = "".join(whole.split("\n", at + 1)[at + 1 :])
    uneven = _uneven(_widths(below, mark, at + 2, file), width, at + 2, ended=below.endswith("\n"))
    try:
        frame = pl.read_csv(
            f"{mark.join(schema)}\n{below}".encode(),  # a heading of plain names says how wide it is
            schema=schema,
            separator=mark,
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        zh = "表格读不完。请检查引号是否成对，或另存为 CSV（UTF-8）"
        raise refusal("TABLE-TEXT-BROKEN", zh, f"cannot be read ({error})", file) from None
    stripped = frame.with_columns(pl.all().str.strip_chars())
    return stripped.with_columns(pl.when(pl.all() != "").then(pl.all())), uneven


def _widths(below: str, mark: str, first: int, file: str) -> pl.Series:
    """Number of cells of each line; 0 for an empty one."""
    if '"' in below:
        return pl.Series([len(row) for row in cells.text_rows(below, mark, file, first)], dtype=pl.UInt32)
    lines = pl.Series([below.removesuffix("\n")]).str.split("\n").explode()
    counted = lines.to_frame("line").select(
        pl.when(pl.col("line").str.strip_chars() == "")
        .then(0)
        .otherwise(pl.col("line").str.count_matches(mark, literal=True) + 1)
    )
    return counted.to_series()


def _uneven(widths: pl.Series, width: int, first: int, *, ended: bool) -> Uneven:
    """A mark at the end of every line is a habit; at the end of some it is a cell too many."""
    filled = widths.filter(widths > 0)
    if len(filled) and bool((filled == width + 1).all()):
        return Uneven()
    lines = pl.DataFrame({"width": widths}).with_row_index(ROW, offset=first)
    longer = lines.filter(pl.col("width") > width)[ROW].to_list()
    shorter = lines.filter(pl.col("width").is_between(1, width - 1))[ROW].to_list()
    cut = shorter.pop() if shorter and not ended and shorter[-1] == first + len(widths) - 1 else None
    return Uneven(tuple(longer), tuple(shorter), cut)


def _width(row: Sequence[cells.Cell]) -> int:
    """Number of cells up to the last one with something in it."""
    return next((at for at in range(len(row), 0, -1) if text(row[at - 1]).strip()), 0)


def _of_cells(rows: Sequence[Sequence[cells.Cell]], width: int) -> pl.DataFrame:
    columns = list(zip_longest(*rows))[:width] if rows else []
    columns += [(None,) * len(rows)] * (width - len(columns))
    return pl.DataFrame({f"c{at}": _texts(column) for at, column in enumerate(columns)})


def _texts(column: Sequence[cells.Cell]) -> pl.Series:
    """A column as texts without spaces around, null where a cell is empty."""
    try:
        whole = pl.Series(column, dtype=pl.String, strict=True)
    except TypeError:
        whole = pl.Series([None if cell is None else text(cell) for cell in column], dtype=pl.String)
    stripped = whole.str.strip_chars()
    return stripped.set(stripped == "", None)


def _is_parquet(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(4) == b"PAR1" or file.suffix.lower() in (".parquet", ".pq")
    except OSError:
        return False  # told by cells.read_file


def _of_parquet(file: Path) -> Raw:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(file)
        frame = pl.read_parquet(file, glob=False)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError) as error:
        zh = "Parquet 文件已损坏或不完整，读不出来。请重新导出或复制"
        raise refusal(
            "TABLE-PARQUET-DAMAGED", zh, f"damaged or cut off Parquet ({str(error).splitlines()[0]})", file.name
        ) from None
    units: dict[str, str] = {}
    for one in schema:
        metadata: dict[bytes, bytes] = one.metadata or {}
        if b"unit" in metadata:
            units[one.name] = metadata[b"unit"].decode("utf-8", "replace")
    headings = frame.columns
    frame = frame.rename({name: f"c{at}" for at, name in enumerate(headings)})
    return Raw(file.name, None, [headings], units=units, frame=frame)
