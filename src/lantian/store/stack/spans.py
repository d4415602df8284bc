"""A long span of records in pieces that each fit into little memory, told by index and manifest without opening any data."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from lantian.store.stack import lake, stack_file
from lantian.store.stack.lake import LakeFile
from lantian.store.stack.record_rows import start_of

FRAMES: Final = 25_000  # of the inbox at a time
ROWS: Final = 500_000  # of the lake at a time, or one device's month
_ROWS_OF_A_FRAME: Final = 10


class Piece(NamedTuple):
    """A part of a span: ``first`` ≤ start < ``until`` (Beijing), some devices."""

    first: datetime
    until: datetime
    mns: Sequence[str]


def pieces(data: Path, first: datetime, until: datetime, mns: Collection[str]) -> Iterator[Piece]:
    """The parts of a span that may hold records of these devices; together they hold all, each only once.

    Rule    what lies in the inbox alone is parted by time, what lies in the lake too by month and device, as its files are
    """
    with stack_file.reading(data) as database:
        if database is None:
            return
        files = lake.listed(database, first=first, until=until)
        found = list(
            _by_device(database, files, first, until, sorted(mns))
            if files
            else _by_time(database, first, until, sorted(mns))
        )
    yield from found


def _by_time(database: sqlite3.Connection, first: datetime, until: datetime, mns: Sequence[str]) -> Iterator[Piece]:
    start = first
    while True:
        ahead = database.execute(
            "SELECT data_time FROM frame WHERE data_time >= ? AND data_time < ? ORDER BY data_time LIMIT -1 OFFSET ?",
            (_text(start), _text(until), FRAMES),
        )
        border = next((time for (text,) in ahead if (time := start_of(text)) and time > start), None)
        if border is None:
            yield Piece(start, until, mns)
            return
        yield Piece(start, border, mns)
        start = border


def _by_device(
    database: sqlite3.Connection, files: Sequence[LakeFile], first: datetime, until: datetime, mns: Sequence[str]
) -> Iterator[Piece]:
    for start, end in _months(first, until):
        inside = [one for one in files if one.last_start >= start.isoformat() and one.first_start < end.isoformat()]
        waiting = database.execute(
            "SELECT count(*) FROM frame WHERE data_time >= ? AND data_time < ?", (_text(start), _text(end))
        ).fetchone()[0]
        if not inside and not waiting:
            continue
        of_each = waiting * _ROWS_OF_A_FRAME / max(1, len(mns))
        shares = [(one, one.rows / max(1, sum(_holds(one, mn) for mn in mns))) for one in inside]
        group: list[str] = []
        size = 0.0
        for mn in mns:
            rows = of_each + sum(share for one, share in shares if _holds(one, mn))
            if group and size + rows > ROWS:
                yield Piece(start, end, group)
                group, size = [], 0.0
            group.append(mn)
            size += rows
        if group:
            yield Piece(start, end, group)


def _holds(file: LakeFile, mn: str) -> bool:
    return file.first_mn <= mn <= file.last_mn


def _months(first: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    while first < until:
        following = datetime(first.year + first.month // 12, first.month % 12 + 1, 1)  # noqa: DTZ001
        yield first, min(following, until)
        first = following


def _text(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}"
