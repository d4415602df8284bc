"""Frames that have rested move from the inbox to the lake; files of the lake are merged, by day and by month.

Files are written first; then one short transaction lists them and takes away what they replace, so readers see each row
once, and a crash anywhere leaves the old state whole. The gateway has it done by a child process (``lantian stack compact``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from lantian.stack.hj212 import Device
from lantian.store.stack import frames, lake, stack_file
from lantian.store.stack.lake import LakeFile, Level
from lantian.store.stack.record_order import in_order
from lantian.store.stack.record_rows import GATEWAY, RECORDS, StoredFrame, rows_of

STEP: Final = 20_000  # frames moved at a time: a second's work, a transaction of a fraction of it
_FEW: Final = 2  # deltas that are worth a file of their own
_DAY_FILES: Final = 8  # so many files of days become a month's base
_LATE: Final = timedelta(days=3)  # a month that ended so long ago gets its base, late data or not
_NONE: Mapping[str, Device] = {}


class Moved(NamedTuple):
    """Frames on their way: the files that hold them, and the numbers of the rows they replace.

    A frame that the lake holds already is among the numbers only.
    """

    files: tuple[LakeFile, ...]
    numbers: tuple[int, ...]


def compact(data: Path, before: datetime, *, now: datetime, devices: Mapping[str, Device] = _NONE) -> int:
    """Number of frames moved to the lake: all received before an instant, in steps.

    Errors  Refusal, OSError where the disk refuses; what was moved until then stays moved
    """
    moved = 0
    while (step := prepared(data, before, devices)) is not None:
        try:
            apply(data, step, now=now)
        except lake.Overtaken:
            break
        moved += len(step.numbers)
    return moved


def prepared(data: Path, before: datetime, devices: Mapping[str, Device] = _NONE, *, step: int = STEP) -> Moved | None:
    """The files of the next frames to be moved, written but in no manifest; None where there are none to move."""
    with stack_file.reading(data) as database:
        found = frames.oldest(database, _instant(before), step) if database is not None else []
        if database is None or not found:
            return None
        again = frames.repeated(data, database, found)
    new = [one for one in found if one.seq not in again]
    name = f"{found[0].seq:012d}-{found[-1].seq:012d}"
    files = [lake.write(data, table, lake.FRAMES, month, "delta", name, GATEWAY) for month, table in _by_receipt(new)]
    rows = in_order(rows_of(new, devices))
    for (cn, month), part in _by_month(rows):
        files.append(lake.write(data, part, cn, month, "delta", name, GATEWAY))
    return Moved(tuple(files), tuple(one.seq for one in found))


def apply(data: Path, moved: Moved, *, now: datetime) -> None:
    """Lists the files and takes their frames out of the inbox, in one transaction.

    Errors  Overtaken where another process has moved some of them meanwhile
    """
    with stack_file.writing(data) as database:
        gone = database.executemany("DELETE FROM frame WHERE id = ?", ((number,) for number in moved.numbers))
        if gone.rowcount != len(moved.numbers):
            raise lake.Overtaken
        lake.add(database, moved.files, now=_instant(now))


def merge(data: Path, *, today: date, now: datetime) -> int:
    """Number of files written by the first call of a day: deltas become one file, many such files of a month its base."""
    with stack_file.reading(data) as database:
        if database is None or (_merged_on(database) or date.min) >= today:
            return 0
        months = database.execute(
            "SELECT DISTINCT kind, month FROM file WHERE replaced_at IS NULL AND kind <> 'frames' ORDER BY 1, 2"
        ).fetchall()
    written = sum(_merged(data, cn, month, today, now) for cn, month in months)
    with stack_file.writing(data) as database:
        database.execute("INSERT OR REPLACE INTO counter VALUES ('merged_on', ?)", (today.toordinal(),))
    return written


def _merged_on(database: sqlite3.Connection) -> date | None:
    found = database.execute("SELECT value FROM counter WHERE name = 'merged_on'").fetchone()
    return date.fromordinal(found[0]) if found else None


def _merged(data: Path, cn: str, month: str, today: date, now: datetime) -> int:
    with stack_file.reading(data) as database:
        assert database is not None
        files = lake.listed(database, cn, month=month)
    level: Level = "day"
    old = [one for one in files if one.level == "delta"]
    younger = [one for one in files if one.level != "base"]
    if len(younger) - len(old) >= _DAY_FILES or (younger and month < f"{today - _LATE:%Y-%m}"):
        old, level = files, "base"
    elif len(old) < _FEW:
        return 0
    name = f"{_instant(now):d}"
    made = [
        lake.write(data, rows, cn, month, level, f"{name}-{number:03d}", "merge")
        for number, rows in enumerate(_pieces(data, old))
    ]
    try:
        with stack_file.writing(data) as database:
            lake.add(database, made, now=_instant(now))
            lake.replaced(database, old, now=_instant(now))
    except lake.Overtaken:  # by the withdrawal of an import: the next night merges what is left
        return 0
    return len(made)


def _pieces(data: Path, files: Sequence[LakeFile]) -> Iterator[pl.DataFrame]:
    """The rows of files in the order of the lake, in pieces of whole outlets that fit into memory."""
    counts: dict[str, int] = {}
    for one in files:
        for mn, count in pl.scan_parquet(data / one.path).group_by("mn").len().collect().iter_rows():
            counts[mn] = counts.get(mn, 0) + count
    group: list[str] = []
    size = 0
    for mn in sorted(counts):
        if group and size + counts[mn] > lake.ROWS_OF_A_FILE:
            yield _rows(data, files, group)
            group, size = [], 0
        group.append(mn)
        size += counts[mn]
    if group:
        yield _rows(data, files, group)


def _rows(data: Path, files: Sequence[LakeFile], mns: Sequence[str]) -> pl.DataFrame:
    """Rows of some outlets; a content that repeats the one before it is left out."""
    first, last = mns[0], mns[-1]
    rows = in_order(
        pl.concat(
            pl.scan_parquet(data / one.path)
            .filter(pl.col("mn").is_between(pl.lit(first), pl.lit(last)))
            .select(list(RECORDS))
            .collect()
            for one in files
            if one.first_mn <= last and one.last_mn >= first
        )
    )
    content = [name for name in RECORDS if name not in ("qn", "received_at", "seq", "source")]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in content)
    repeats = rows.select(same.fill_null(False)).to_series()
    return rows.filter(~repeats) if repeats.any() else rows


def _by_receipt(found: Sequence[StoredFrame]) -> list[tuple[str, pl.DataFrame]]:
    months: dict[str, list[StoredFrame]] = {}
    for one in found:
        months.setdefault(f"{datetime.fromtimestamp(one.received_at / 1e6, UTC):%Y-%m}", []).append(one)
    return [(month, frames.table(rows)) for month, rows in months.items()]


def _by_month(rows: pl.DataFrame) -> list[tuple[tuple[str, str], pl.DataFrame]]:
    months = rows.with_columns(pl.col("start").dt.strftime("%Y-%m").alias("month"))
    return [
        ((str(cn), str(month)), part.drop("month"))
        for (cn, month), part in months.partition_by("cn", "month", as_dict=True, maintain_order=True).items()
    ]


def _instant(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def tidy(data: Path, *, now: datetime) -> int:
    """Number of files removed that nobody lists any more."""
    with stack_file.writing(data) as database:
        return lake.clean(database, data, now=now)
