"""Station hours of a Parquet file: values read by Polars, names as dictionaries and metadata by Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lantian.air.hour_grid import HOUR_ITEMS
from lantian.basis.finding import Finding, Refusal
from lantian.store.folder import refusal
from lantian.store.hour_columns import Columns, HourBatch, Stations, batch, columns_of, no_values
from lantian.store.hour_values import Faults, concentrations, distinct, stamps, stamps_of_times

_AT_ONCE: Final = 2_000_000  # rows, give or take a row group
_MS: Final = {"s": 1000, "ms": 1, "us": 1 / 1000, "ns": 1 / 1_000_000}


def is_parquet(file: Path) -> bool:
    """Whether a file calls itself Parquet, by its first bytes or, where it is cut off before them, its name."""
    try:
        with file.open("rb") as stream:
            return stream.read(4) == b"PAR1" or file.suffix.lower() in (".parquet", ".pq")
    except OSError as error:
        raise refusal(
            "TABLE-FILE-UNREADABLE", f"文件读不出来（{error.strerror}）", f"cannot be read ({error.strerror})", file
        ) from None


def time_bounds(file: Path) -> tuple[int, int] | None:
    """Least and greatest stamp (ms) by the statistics of the file; None where it has none."""
    opened = _opened(file)
    columns = _columns(opened, file)
    at = opened.schema_arrow.get_field_index(columns.headings["time"])
    kind = opened.schema_arrow.field(at).type
    if not pa.types.is_timestamp(kind):
        return None
    bounds: list[int] = []
    for number in range(opened.metadata.num_row_groups):
        group = opened.metadata.row_group(number)
        statistics = group.column(at).statistics if group.num_columns == len(opened.schema_arrow) else None
        if statistics is None or not statistics.has_min_max:
            return None
        for value in (statistics.min, statistics.max):
            naive = value.replace(tzinfo=None)
            bounds.append(int(np.datetime64(naive, "ms").astype(np.int64)))
    return (min(bounds), max(bounds)) if bounds else None


def batches(file: Path, stations: Stations, notes: list[Finding]) -> Iterator[HourBatch]:
    """Rows of a Parquet file, some row groups at a time.

    Errors  Refusal
    """
    opened = _opened(file)
    columns = _columns(opened, file)
    notes += columns.notes
    first = 0
    for groups, count in _portions(opened):
        try:
            names = opened.read_row_groups(groups, [columns.headings["station"], columns.headings["city"]])
            wanted = [heading for key, heading in columns.headings.items() if key not in ("station", "city")]
            rows = pl.scan_parquet(file, glob=False).select(wanted)
            table = (rows.slice(first, count) if count < opened.metadata.num_rows else rows).collect()
        except (pa.ArrowException, pl.exceptions.PolarsError, OSError) as error:
            raise _damaged(file, error) from None
        yield _batch(file, first, names, table, columns, stations)
        first += count


def _batch(
    file: Path, first: int, names: pa.Table, table: pl.DataFrame, columns: Columns, stations: Stations
) -> HourBatch:
    faults = Faults(file.name, first + 1)
    times = table[columns.headings["time"]]
    texts = times.dtype == pl.String or isinstance(times.dtype, pl.Categorical)
    if texts:
        stamped = stamps(*distinct(times.cast(pl.String).to_arrow()), times.name, faults)
    else:
        stamped = stamps_of_times(times, faults)
    values = {
        item: concentrations(table[columns.headings[item]], columns.scaling[item], faults)
        if item in columns.headings
        else no_values(len(table))
        for item in HOUR_ITEMS
    }
    return batch(first + 1, names, stamped, values, stations, faults)


def _opened(file: Path) -> pq.ParquetFile:
    try:
        plain = pq.ParquetFile(file)
        texts = [
            field.name
            for field in plain.schema_arrow
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        return pq.ParquetFile(file, read_dictionary=texts) if texts else plain
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from None


def _damaged(file: Path, error: Exception) -> Refusal:
    zh = "Parquet 文件已损坏或不完整，读不出来。请重新导出或复制"
    return refusal("TABLE-PARQUET-DAMAGED", zh, f"damaged or cut off Parquet ({str(error).splitlines()[0]})", file)


def _columns(opened: pq.ParquetFile, file: Path) -> Columns:
    schema = opened.schema_arrow
    units: dict[str, str] = {}
    for field in schema:
        metadata: dict[bytes, bytes] = field.metadata or {}
        if b"unit" in metadata:
            units[field.name] = metadata[b"unit"].decode("utf-8", "replace")
    return columns_of(schema.names, units, file.name)


def _portions(opened: pq.ParquetFile) -> Iterator[tuple[list[int], int]]:
    """Row groups read at once, and their rows."""
    groups: list[int] = []
    rows = 0
    metadata: Any = opened.metadata
    for number in range(metadata.num_row_groups):
        groups.append(number)
        rows += metadata.row_group(number).num_rows
        if rows >= _AT_ONCE:
            yield groups, rows
            groups, rows = [], 0
    if rows:
        yield groups, rows
