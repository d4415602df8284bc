"""Files of the lake: only what the manifest in ``air.sqlite`` lists exists for readers.

A file is written under a draft name, synced, renamed, and listed in the transaction that needs it: a crash in between
leaves a file nobody reads, and ``clean`` removes it. Files that were replaced stay for a day, for readers still at them.
"""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import polars as pl

LAKE: Final = "lake"
KEPT: Final = timedelta(hours=24)  # longer than any reader stays at a file it found in the manifest
_ROWS: Final = 48 * 744  # rows of a group: some stations' month, so that reading a city touches few groups

Role = Literal["base", "delta", "history"]


@dataclass(frozen=True, slots=True)
class LakeFile:
    """One listed file: path below the data folder, kind of values, month (2025-01), role, number of its row."""

    id: int
    path: str
    values: str
    month: str
    role: Role


def months(first: date, last: date) -> list[str]:
    """Months of a run of days, as 2025-01."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02d}" for n in range(count)]


def listed(database: sqlite3.Connection, values: str, months: Iterable[str]) -> dict[str, list[LakeFile]]:
    """The files of each month that count, in the order they were written."""
    query = "SELECT id, path, kind, month, role FROM lake_file WHERE kind = ? AND month = ? AND replaced_at IS NULL ORDER BY id"
    found = {month: [LakeFile(*row) for row in database.execute(query, (values, month))] for month in months}
    return {month: files for month, files in found.items() if files}


def written_months(database: sqlite3.Connection, values: str | None = None) -> list[tuple[str, str]]:
    """Kind of values and month of which there are files."""
    query = "SELECT DISTINCT kind, month FROM lake_file WHERE replaced_at IS NULL AND kind = coalesce(?, kind) ORDER BY 1, 2"
    return [(kind, month) for kind, month in database.execute(query, (values,))]


def add(
    database: sqlite3.Connection, data: Path, rows: pl.DataFrame, values: str, month: str, role: Role, *, now: datetime
) -> LakeFile:
    """Writes rows as a file of the lake and lists it; it counts when the transaction is committed."""
    held = rows.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in _measured(rows)))
    last = held["time"].max() if held.height else None
    cursor = database.execute(
        "INSERT INTO lake_file (path, kind, month, role, rows, bytes, sha256, last_hour, written_at) "
        "VALUES ('', ?, ?, ?, ?, 0, '', ?, ?)",
        (values, month, role, rows.height, last.isoformat() if isinstance(last, datetime) else None, now.isoformat()),
    )
    number = int(cursor.lastrowid or 0)
    path = f"{LAKE}/hours/{values}/{month}/{role}-{number:08d}.parquet"
    size, sha256 = _write(data / path, rows)
    database.execute("UPDATE lake_file SET path = ?, bytes = ?, sha256 = ? WHERE id = ?", (path, size, sha256, number))
    return LakeFile(number, path, values, month, role)


def _measured(rows: pl.DataFrame) -> list[str]:
    return [name for name in rows.columns if name not in ("station", "time", "known_at", "batch")]


def _write(file: Path, rows: pl.DataFrame) -> tuple[int, str]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.draft")
    made = io.BytesIO()  # in memory first: a month is a few MB, and a full disk then is an OSError like any other
    rows.write_parquet(made, compression="zstd", statistics=True, row_group_size=_ROWS)
    content = made.getbuffer()
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(0o600)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is there too after a loss of power
    finally:
        os.close(folder)
    return len(content), hashlib.sha256(content).hexdigest()


def replaced(database: sqlite3.Connection, files: Iterable[LakeFile], *, now: datetime) -> None:
    """Marks files as replaced: they count no longer and are removed later."""
    database.executemany("UPDATE lake_file SET replaced_at = ? WHERE id = ?", ((now.isoformat(), f.id) for f in files))


def clean(database: sqlite3.Connection, data: Path, *, now: datetime) -> int:
    """Removes files replaced long enough ago and files no manifest lists; how many. The caller holds the lock."""
    database.execute("DELETE FROM lake_file WHERE replaced_at < ?", ((now - KEPT).isoformat(),))
    known = {path for (path,) in database.execute("SELECT path FROM lake_file")}
    gone = [
        file for file in (data / LAKE).rglob("*") if file.is_file() and file.relative_to(data).as_posix() not in known
    ]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def counting(database: sqlite3.Connection) -> list[str]:
    """Paths of all files that count, for a backup."""
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'lake_file'").fetchone():
        return []
    return [path for (path,) in database.execute("SELECT path FROM lake_file WHERE replaced_at IS NULL ORDER BY path")]
