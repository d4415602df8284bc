"""Station hours of a CSV (plain or .gz), block by block, every column as codes of its distinct texts."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pa_csv

from lantian.air.hour_grid import HOUR_ITEMS
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.folder import refusal
from lantian.store.hour_columns import Columns, HourBatch, Stations, batch, columns_of, no_values
from lantian.store.hour_values import SHOWN, Faults, distinct, stamps, texts_as_numbers

_BLOCK: Final = 1 << 26
_HEAD: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Head:
    headings: list[str]
    mark: str
    encoding: str


def batches(file: Path, stations: Stations, notes: list[Finding]) -> Iterator[HourBatch]:
    """Rows of a CSV, one block at a time.

    Errors  Refusal
    """
    head = _head(file)
    columns = columns_of(head.headings, {}, file.name)
    notes += columns.notes
    wrong: list[Finding] = []

    def keep(row: pa_csv.InvalidRow) -> str:
        text = Text(
            f"这一行有 {row.actual_columns} 格，表头有 {row.expected_columns} 格：行不完整或多了分隔符",
            f"{row.actual_columns} cells where the heading has {row.expected_columns}",
        )
        wrong.append(Finding("TABLE-ROW-LENGTH", Severity.REFUSED, text, Place(file=file.name, row=row.number)))
        return "skip"

    first = 2
    try:
        for block in _blocks(file, head, columns, keep):
            if wrong:
                raise Refusal(*wrong[:SHOWN])
            yield _batch(file, first, block, columns, stations)
            first += block.num_rows
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _damaged(file, error) from None
    if wrong:
        raise Refusal(*wrong[:SHOWN])


def _blocks(file: Path, head: _Head, columns: Columns, keep: object) -> Iterator[pa.RecordBatch]:
    coded = pa.dictionary(pa.int32(), pa.string())
    wanted = list(columns.headings.values())
    with pa.input_stream(str(file), compression="gzip" if _gzipped(file) else None) as stream:
        yield from pa_csv.open_csv(
            stream,
            read_options=pa_csv.ReadOptions(
                column_names=head.headings, skip_rows=1, block_size=_BLOCK, encoding=head.encoding, use_threads=False
            ),
            parse_options=pa_csv.ParseOptions(delimiter=head.mark, invalid_row_handler=keep),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, coded), include_columns=wanted, strings_can_be_null=False
            ),
        )


def _batch(file: Path, first: int, table: pa.RecordBatch, columns: Columns, stations: Stations) -> HourBatch:
    faults = Faults(file.name, first)
    heading = columns.headings
    names = pa.Table.from_batches([table]).select([heading["station"], heading["city"]])
    stamped = stamps(*distinct(table.column(heading["time"])), heading["time"], faults)
    values = {
        item: texts_as_numbers(*distinct(table.column(heading[item])), heading[item], columns.scaling[item], faults)
        if item in heading
        else no_values(table.num_rows)
        for item in HOUR_ITEMS
    }
    return batch(first, names, stamped, values, stations, faults)


def _head(file: Path) -> _Head:
    """Headings, separator and encoding by the first part of a file."""
    try:
        with gzip.open(file) if _gzipped(file) else file.open("rb") as stream:
            raw = stream.read(_HEAD)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(file, error) from None
    if not raw.strip():
        raise refusal("TABLE-FILE-EMPTY", "文件是空的。请检查是否导出完整", "the file is empty", file.name)
    encoding = next((one for one in ("utf-8", "gb18030") if _reads(raw, one)), None)
    if encoding is None or b"\0" in raw:
        zh = "不是表格文件，或编码不是 UTF-8、GBK。小时值请给 Parquet 或 CSV"
        raise refusal("TABLE-FILE-BINARY", zh, "no table, or neither UTF-8 nor GBK", file.name)
    line = raw.decode(encoding, "ignore").removeprefix("\ufeff").splitlines()[0]
    mark = max(",\t;", key=line.count)
    return _Head([cell.strip().strip('"') for cell in line.split(mark)], mark, encoding)


def _reads(raw: bytes, encoding: str) -> bool:
    try:
        raw[: raw.rfind(b"\n") + 1 or None].decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _gzipped(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _damaged(file: Path, error: Exception) -> Refusal:
    if _gzipped(file):
        zh = "压缩文件已损坏或不完整，没有计算任何内容。请重新压缩或复制"
        return refusal("TABLE-GZIP-DAMAGED", zh, f"damaged or cut off gzip ({error})", file.name)
    zh = "表格读不完，可能已损坏或编码不对，没有计算任何内容。请另存为 CSV（UTF-8）"
    return refusal("TABLE-TEXT-BROKEN", zh, f"cannot be read ({error})", file.name)
