"""Files of the stacks' lake: records by command and month, raw frames by month of receipt; only what the manifest lists exists.

A file is written under a draft name, synced, renamed, and listed in the transaction that needs it: a crash in between leaves
a file nobody reads, and ``clean`` removes it. Files that were replaced stay for a day, for readers still at them.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import polars as pl

FOLDER: Final = "stack"
FRAMES: Final = "frames"
KEPT: Final = timedelta(hours=24)  # longer than any reader stays at a file it found in the manifest
ROWS_OF_A_GROUP: Final = 1 << 17  # a factor's month of minutes touches one or two
ROWS_OF_A_FILE: Final = 1 << 20  # some outlets' month: small enough to be merged in little memory

Level = Literal["delta", "day", "base"]


@dataclass(frozen=True, slots=True)
class LakeFile:
    """One file: ``kind`` is a CN or ``frames``; the bounds are of MN and of the periods' start.

    A start is ISO (Beijing), that of frames as it was sent (``YYYYMMDDhhmmss…``).
    """

    path: str
    kind: str
    month: str
    level: Level
    rows: int
    bytes: int
    sha256: str
    source: str
    first_mn: str
    last_mn: str
    first_start: str
    last_start: str


def write(data: Path, rows: pl.DataFrame, kind: str, month: str, level: Level, name: str, source: str) -> LakeFile:
    """The file of sorted rows, on the disk but in no manifest yet.

    Errors  OSError where the disk refuses; no file is left then
    """
    folder = f"{FOLDER}/{kind}" if kind == FRAMES else f"{FOLDER}/records/{kind}"
    path = f"{folder}/{month}/{level}-{name}.parquet"
    size, sha256 = _written(data / path, rows)
    first, last = _bounds(rows)
    return LakeFile(
        path, kind, month, level, rows.height, size, sha256, source,
        str(rows["mn"].min() or ""), str(rows["mn"].max() or ""), first, last,
    )  # fmt: skip


def _bounds(rows: pl.DataFrame) -> tuple[str, str]:
    """The first and the last time; of frames as they were sent, those that are none left out."""
    if "start" in rows.columns:
        return _iso(rows["start"].min()), _iso(rows["start"].max())
    times = rows.filter(pl.col("data_time").str.contains(r"^\d{14}"))["data_time"]
    return str(times.min() or ""), str(times.max() or "")


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else ""


def _written(file: Path, rows: pl.DataFrame) -> tuple[int, str]:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.draft")
    try:
        rows.write_parquet(draft, compression="zstd", statistics=True, row_group_size=ROWS_OF_A_GROUP)
        draft.chmod(0o600)
        with draft.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        size = draft.stat().st_size
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is there too after a loss of power
    finally:
        os.close(folder)
    return size, sha256


def add(database: sqlite3.Connection, files: Iterable[LakeFile], *, now: int) -> None:
    """Lists files; they count when the transaction is committed. ``now`` in µs since 1970 (UTC)."""
    names = tuple(LakeFile.__dataclass_fields__)
    statement = (
        f"INSERT INTO file ({', '.join(names)}, made_at) VALUES ({', '.join(f':{name}' for name in names)}, :now)"  # noqa: S608
    )
    database.executemany(statement, ({**asdict(one), "now": now} for one in files))


class Overtaken(Exception):
    """Another process has moved or replaced the same meanwhile: the transaction is given up, nothing is changed."""


def replaced(database: sqlite3.Connection, files: Sequence[LakeFile], *, now: int) -> None:
    """Marks files as replaced: they count no longer and are removed later.

    Errors  Overtaken where one of them counts no longer already
    """
    statement = "UPDATE file SET replaced_at = ? WHERE path = ? AND replaced_at IS NULL"
    if database.executemany(statement, ((now, one.path) for one in files)).rowcount != len(files):
        raise Overtaken


def listed(
    database: sqlite3.Connection,
    kind: str | None = None,
    *,
    month: str | None = None,
    first: datetime | None = None,
    until: datetime | None = None,
    mns: Sequence[str] | None = None,
) -> list[LakeFile]:
    """Files that count and may hold such rows (``first`` ≤ start < ``until``), in the order they were written."""
    names = ", ".join(LakeFile.__dataclass_fields__)
    query = (
        f"SELECT {names} FROM file WHERE replaced_at IS NULL AND (:kind IS NULL AND kind <> 'frames' OR kind = :kind) "  # noqa: S608
        "AND month = coalesce(:month, month) AND last_start >= :first AND first_start < :until ORDER BY rowid"
    )
    bounds = {"first": first.isoformat() if first else "", "until": until.isoformat() if until else "~"}
    found = [LakeFile(*row) for row in database.execute(query, {"kind": kind, "month": month, **bounds})]
    if mns is None:
        return found
    return [one for one in found if any(one.first_mn <= mn <= one.last_mn for mn in mns)]


def clean(database: sqlite3.Connection, data: Path, *, now: datetime) -> int:
    """Removes files replaced long enough ago and files no manifest lists that are as old; how many."""
    border = now - KEPT
    database.execute("DELETE FROM file WHERE replaced_at < ?", (int(border.timestamp() * 1_000_000),))
    known = {path for (path,) in database.execute("SELECT path FROM file")}
    gone = [
        file
        for folder in (FRAMES, "records")
        for file in (data / FOLDER / folder).rglob("*")
        if file.is_file()
        and file.relative_to(data).as_posix() not in known
        and file.stat().st_mtime < border.timestamp()
    ]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def counting(database: sqlite3.Connection) -> list[str]:
    """Paths of all files that count, for a backup."""
    return [path for (path,) in database.execute("SELECT path FROM file WHERE replaced_at IS NULL ORDER BY path")]
