"""Tables as rows of cells, from CSV, tab text, .gz, Parquet, xlsx or pasted text; what is no table is refused.

A cell keeps what the file says: text, a number, a date, or None. Row numbers count from 1, heading lines included.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lantian.basis.finding import Refusal
from lantian.store.folder import refusal

Cell = str | int | float | date | datetime | None
MAX_BYTES = 200 << 20
MAX_UNPACKED = 800 << 20
MAX_ROWS = 3_000_000  # ten years of every city of the country
PASTED = "粘贴的表格"
_EMPTY_ROWS = 1000
_KNOWN = (str, int, float, date, datetime)
_CONTROL = set(range(32)) - {9, 10, 13}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: file name, sheet name where there are several, rows of cells."""

    file: str
    sheet: str | None
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: name, SHA-256 of the bytes, tables."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def pasted(text: str) -> Source:
    """A table pasted from a spreadsheet: cells parted by tabs (or commas).

    Errors  Refusal where there is nothing in it
    """
    raw = text.encode()
    return Source(PASTED, hashlib.sha256(raw).hexdigest(), (_text_sheet(text, PASTED),))


def read_file(file: Path) -> Source:
    """The tables of a file.

    Errors  Refusal for an absent, empty, oversized, binary or wrongly encoded file and for a damaged workbook
    """
    raw = _bytes(file)
    name = file.name
    sha256 = hashlib.sha256(raw).hexdigest()
    if raw[:2] == b"\x1f\x8b":
        raw, name = _unpacked(raw, file), name.removesuffix(".gz")
    if raw[:4] == b"PAR1":
        return Source(file.name, sha256, (_parquet(raw, file),))
    if raw[:4] == b"PK\x03\x04":
        return Source(file.name, sha256, tuple(_workbook(raw, file)))
    return Source(file.name, sha256, (_text_sheet(_decoded(raw, file), file.name),))


def read_text(file: Path) -> str:
    """Text of a file (plain or .gz; UTF-8, UTF-16 with mark, GBK), for tables too long to be held as cells.

    Errors  Refusal for an absent, empty, oversized, binary or wrongly encoded file
    """
    raw = _bytes(file)
    if raw[:2] == b"\x1f\x8b":
        raw = _unpacked(raw, file)
    return _decoded(raw, file)


def _bytes(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise refusal("TABLE-FILE-NONE", "不是文件。请给出一个表格文件", "not a file; name a table file", file.name)
        if size > MAX_BYTES:
            raise _too_big(file, size)
        raw = file.read_bytes()
    except FileNotFoundError:
        raise refusal("TABLE-FILE-ABSENT", "没有这个文件。请检查路径", "there is no such file", file) from None
    except OSError as error:
        raise refusal(
            "TABLE-FILE-UNREADABLE",
            f"文件读不出来（{error.strerror}）。请检查路径和权限",
            f"cannot be read ({error.strerror}); check path and permissions",
            file.name,
        ) from None
    if not raw:
        raise refusal("TABLE-FILE-EMPTY", "文件是空的。请检查是否导出完整", "the file is empty", file.name)
    return raw


def _too_big(file: Path, size: int) -> Refusal:
    return refusal(
        "TABLE-FILE-TOO-BIG",
        f"文件（解开后）有 {size >> 20} MB，超过上限。请按年份拆成几个文件",
        f"the file (unpacked) has {size >> 20} MB, more than allowed; split it by year",
        file.name,
    )


def _unpacked(raw: bytes, file: Path) -> bytes:
    try:
        with gzip.open(io.BytesIO(raw)) as stream:
            whole = stream.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, gzip.zlib.error) as error:  # type: ignore[attr-defined]
        raise refusal(
            "TABLE-GZIP-DAMAGED",
            "压缩文件已损坏或没有传完，解不开。请重新压缩，或直接给原文件",
            f"damaged gzip ({error})",
            file.name,
        ) from None
    if len(whole) > MAX_UNPACKED:
        raise _too_big(file, len(whole))
    return whole


def _decoded(raw: bytes, file: Path) -> str:
    """Text in UTF-8 (with or without mark), UTF-16 with mark, or GBK; control characters mean that it is no text."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
        if set(raw[:65536]) & _CONTROL:
            raise _not_text(file)
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_text(file)


def _not_text(file: Path) -> Refusal:
    return refusal(
        "TABLE-FILE-BINARY",
        "不是表格文件，或编码不是 UTF-8、GBK。请另存为 CSV（UTF-8）或 xlsx 后再导入",
        "no table, or neither UTF-8 nor GBK; save it as CSV (UTF-8) or xlsx",
        file.name,
    )


def _text_sheet(text: str, name: str) -> Sheet:
    if text.count("\n") > MAX_ROWS:
        raise refusal(
            "TABLE-TOO-MANY-ROWS",
            f"超过 {MAX_ROWS} 行，不像城市日均值表。请检查文件，或按年份拆开",
            f"more than {MAX_ROWS} rows; check the file or split it by year",
            name,
        )
    return Sheet(name, None, text_rows(text, separator(text, name), name))


def text_rows(text: str, mark: str, name: str, first: int = 1) -> list[tuple[Cell, ...]]:
    """The cells of each line; ``first`` is the number of the first line.

    Errors  Refusal where a quotation mark without its partner swallows lines
    """
    try:
        rows: list[tuple[str, ...]] = [
            tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=False)
        ]
    except csv.Error as error:
        raise refusal(
            "TABLE-TEXT-BROKEN", f"表格读不完（{error}）。请检查引号是否成对", f"cannot be read ({error})", name
        ) from None
    if '"' in text:
        lines = re.compile(rf"\n(?:[^\n]*{re.escape(mark)}){{3}}")
        at = next((at for at, row in enumerate(rows, first) if any(lines.search(cell) for cell in row)), None)
        if at is not None:
            zh = f"从第 {at} 行起引号不成对，把后面的行也包了进去。请补上或删去这个引号，再导入"
            raise refusal("TABLE-TEXT-BROKEN", zh, f"a quotation mark from line {at} on swallows lines", name)
    return list[tuple[Cell, ...]](rows)


def separator(text: str, name: str) -> str:
    """The sign that parts the cells of a table, by its first lines.

    Errors  Refusal where there is nothing in it
    """
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    if not lines:
        raise refusal("TABLE-EMPTY", "没有内容。请连同表头一起复制", "nothing in it; copy the heading too", name)
    return max(("\t", ",", ";", "，"), key=lambda sign: max(line.count(sign) for line in lines))


def _parquet(raw: bytes, file: Path) -> Sheet:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(raw))
    except (pa.ArrowException, OSError) as error:
        raise refusal(
            "TABLE-PARQUET-DAMAGED", "Parquet 文件已损坏，读不出来。请重新导出", f"damaged Parquet ({error})", file.name
        ) from None
    columns: list[list[Any]] = []
    for column in table.columns:
        # a Float32 goes by its own shortest text, not by the nearest Float64
        narrow = pa.types.is_float32(column.type) or pa.types.is_decimal(column.type)
        columns.append((pc.cast(column, pa.string()) if narrow else column).to_pylist())
    return Sheet(file.name, None, [tuple(table.column_names), *zip(*columns, strict=True)])


def _workbook(raw: bytes, file: Path) -> Iterator[Sheet]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = "不是有效的 xlsx 文件。请用 Excel 或 WPS 打开后另存为 xlsx"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > MAX_UNPACKED // 4:
            raise _too_big(file, size)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheets = [Sheet(file.name, sheet.title, _cells(sheet)) for sheet in book.worksheets]
        book.close()
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        SyntaxError,
    ) as error:
        raise refusal("TABLE-WORKBOOK-DAMAGED", damaged, f"no valid xlsx ({error})", file.name) from None
    yield from sheets


def _cells(sheet: Any) -> list[tuple[Cell, ...]]:
    """Cells of a sheet up to its last filled row; a long run of empty rows ends it, whatever size it claims."""
    found: list[tuple[Cell, ...]] = []
    filled = 0
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        found.append(tuple(cell if isinstance(cell, _KNOWN) or cell is None else str(cell) for cell in row))
        if any(cell is not None for cell in row):
            filled = len(found)
        elif len(found) - filled > _EMPTY_ROWS:
            break
    return found[:filled]
