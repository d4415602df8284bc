"""Files of station hours: which there are, which months they touch, and their rows batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from lantian.air.hour_grid import month_numbers
from lantian.basis.finding import Finding
from lantian.store import hour_parquet, hour_text
from lantian.store.folder import refusal
from lantian.store.hour_columns import HourBatch, Stations

_TABLES = (".parquet", ".pq", ".csv", ".csv.gz", ".txt", ".txt.gz", ".tsv", ".tsv.gz")


def hour_files(paths: Sequence[Path]) -> list[Path]:
    """Files of these paths; of a folder those that hold tables, by name.

    Errors  Refusal for an absent path, a folder without tables, a file named twice
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.is_file() and _is_table(one) and one.name[0] != ".")
            if not inside:
                zh = "目录里没有 Parquet 或 CSV 文件。请给出放小时值文件的目录"
                raise refusal("AIR-HOUR-FOLDER-EMPTY", zh, "no Parquet or CSV in this folder", path)
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise refusal("AIR-HOUR-FILE-NONE", "没有这个文件或目录。请检查路径", "no such file or folder", path)
    twice = {one for one in found if found.count(one) > 1} if len(found) != len(set(found)) else set()
    if twice:
        raise refusal("AIR-HOUR-FILE-TWICE", "这个文件给了两次", "this file is named twice", min(twice))
    return found


def _is_table(path: Path) -> bool:
    return path.name.lower().endswith(_TABLES)


def months_touched(file: Path) -> range | None:
    """Months (``month_numbers``) the rows of a file can lie in, from the statistics of a Parquet; None where unknown."""
    bounds = hour_parquet.time_bounds(file) if hour_parquet.is_parquet(file) else None
    if bounds is None:
        return None
    first, last = month_numbers(np.array(bounds, np.int64)).tolist()
    return range(first, last + 1)


def hour_batches(file: Path, stations: Stations, notes: list[Finding]) -> Iterator[HourBatch]:
    """Rows of a file, batch by batch; stations get their numbers on the way.

    Errors  Refusal naming file, row and column; a damaged file
    """
    read = hour_parquet.batches if hour_parquet.is_parquet(file) else hour_text.batches
    return read(file, stations, notes)
