"""Imported tables of the stacks: batches of records beside those of the gateway, what was refused, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from lantian.store.stack import lake, stack_file
from lantian.store.stack.inbox import RefusedRow
from lantian.store.stack.lake import LakeFile
from lantian.store.stack.record_rows import KEY, VALUES

SOURCE: Final = "import:"
COMMANDS: Final = {"hour": "2061", "day": "2031"}  # the commands whose data such tables hold
_CONTENT: Final = (*VALUES, "flag", "more")


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """One import: file, who, when (µs since 1970, UTC), rows read, values kept, rows refused, when it was taken back."""

    id: int
    name: str
    sha256: str
    imported_by: str
    made_at: int
    rows: int
    kept: int
    refused: int
    withdrawn_at: int | None


def batches(data: Path) -> list[ImportBatch]:
    """All imports, the latest first."""
    with stack_file.reading(data) as database:
        if database is None:
            return []
        rows = database.execute(
            "SELECT id, name, sha256, imported_by, made_at, rows, kept, refused, withdrawn_at FROM batch ORDER BY id DESC"
        ).fetchall()
    return [ImportBatch(*row) for row in rows]


def next_batch(data: Path) -> int:
    """A number that no other import has or will have."""
    with stack_file.writing(data) as database:
        database.execute("INSERT OR IGNORE INTO counter VALUES ('batch', 0)")
        database.execute("UPDATE counter SET value = value + 1 WHERE name = 'batch'")
        return int(database.execute("SELECT value FROM counter WHERE name = 'batch'").fetchone()[0])


def different(rows: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """The rows whose content is not the one that stands; what stands alike needs no second copy.

    Shape   as ``rows``, with a column ``revises``: whether another content stands for the same outlet, period and factor
    """
    keys = standing.select(*KEY).with_columns(pl.lit(True).alias("revises"))
    names = [*KEY, *_CONTENT]
    new = rows.join(standing.select(names), on=names, how="anti", nulls_equal=True)
    return new.join(keys, on=list(KEY), how="left").with_columns(pl.col("revises").fill_null(False))


def keep(data: Path, rows: pl.DataFrame, batch: ImportBatch, refused: Sequence[RefusedRow], *, now: int) -> None:
    """Writes the rows of a batch (``record_rows.RECORDS``) and what was refused, in one transaction.

    Errors  Refusal, OSError where the disk refuses: nothing is kept then
    """
    months = rows.with_columns(pl.col("start").dt.strftime("%Y-%m").alias("month"))
    parts = months.partition_by("cn", "month", as_dict=True, maintain_order=True)
    source = f"{SOURCE}{batch.id}"
    files = [
        lake.write(data, part.drop("month").sort(*KEY), str(cn), str(month), "delta", f"import-{batch.id:06d}", source)
        for (cn, month), part in parts.items()
    ]
    with stack_file.writing(data) as database:
        database.execute(
            "INSERT INTO batch (id, name, sha256, imported_by, made_at, rows, kept, refused) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (batch.id, batch.name, batch.sha256, batch.imported_by, now, batch.rows, batch.kept, batch.refused),
        )
        lake.add(database, files, now=now)
        database.executemany(
            "INSERT INTO quarantine (received_at, peer, mn, cn, qn, raw, findings) VALUES (?, ?, ?, ?, ?, ?, ?)",
            refused,
        )


def withdraw(data: Path, batch: int, *, now: datetime) -> int:
    """Takes an import back; number of its rows taken out of the records. What it had replaced stands again.

    Errors  KeyError where there is no such import, or it was taken back already
    """
    instant = int(now.timestamp() * 1_000_000)
    while True:
        if not any(one.id == batch and one.withdrawn_at is None for one in batches(data)):
            raise KeyError(batch)
        old, made, gone = _without(data, f"{SOURCE}{batch}", f"{batch:06d}-{instant}")
        try:
            with stack_file.writing(data) as database:
                lake.add(database, made, now=instant)
                lake.replaced(database, old, now=instant)
                database.execute("UPDATE batch SET withdrawn_at = ? WHERE id = ?", (instant, batch))
            return gone
        except lake.Overtaken:  # files were merged meanwhile: once more, with those that count now
            instant += 1


def days_of(data: Path, batch: int) -> tuple[date, date] | None:
    """First and last day of the rows of an import that stand in the records; None where none does."""
    with stack_file.reading(data) as database:
        files = [] if database is None else [one for cn in COMMANDS.values() for one in lake.listed(database, cn)]
    times: list[datetime] = []
    for file in files:
        rows = pl.scan_parquet(data / file.path).filter(pl.col("source") == f"{SOURCE}{batch}")
        first, last = rows.select(pl.min("start"), pl.max("start").alias("last")).collect().row(0)
        times += [one for one in (first, last) if one is not None]
    return (min(times).date(), max(times).date()) if times else None


def _without(data: Path, source: str, name: str) -> tuple[list[LakeFile], list[LakeFile], int]:
    """The files that hold rows of a batch, files of their other rows, the number of rows of the batch."""
    with stack_file.reading(data) as database:
        assert database is not None
        files = [one for cn in COMMANDS.values() for one in lake.listed(database, cn)]
    of_batch = pl.col("source") == source
    old: list[LakeFile] = []
    made: list[LakeFile] = []
    gone = 0
    for file in files:
        rows = pl.scan_parquet(data / file.path)
        found = rows.filter(of_batch).select(pl.len()).collect().item()
        if not found:
            continue
        old.append(file)
        gone += found
        if found < file.rows:
            rest = rows.filter(~of_batch).collect()
            made.append(
                lake.write(
                    data, rest, file.kind, file.month, file.level, f"without-{name}-{len(made):03d}", file.source
                )
            )
    return old, made, gone
