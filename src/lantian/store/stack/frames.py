"""Raw frames as they were kept: those of the inbox and those moved to the lake."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from lantian.store.stack import lake
from lantian.store.stack.record_rows import StoredFrame, start_of

_COLUMNS: Final = "id, mn, cn, data_time, part, qn, received_at, digest, raw"
_ONCE: Final = ["data_time", "mn", "cn", "part", "digest"]
FRAMES: Final = pl.Schema(
    {
        "seq": pl.Int64,
        "mn": pl.String,
        "cn": pl.String,
        "data_time": pl.String,
        "part": pl.Int64,
        "qn": pl.String,
        "received_at": pl.Int64,
        "digest": pl.Binary,
        "raw": pl.Binary,
    }
)


def of_inbox(
    database: sqlite3.Connection, first: datetime, until: datetime, mns: Sequence[str] | None, cns: Sequence[str] | None
) -> list[StoredFrame]:
    """Frames of the inbox whose time lies in [first, until), in the order of their arrival."""
    query = f"SELECT {_COLUMNS} FROM frame WHERE data_time >= ? AND data_time < ?"  # noqa: S608
    values: list[str] = [f"{first:%Y%m%d%H%M%S}", f"{until:%Y%m%d%H%M%S}"]
    for name, wanted in (("mn", mns), ("cn", cns)):
        if wanted is not None:
            query += f" AND {name} IN (SELECT value FROM json_each(?))"  # noqa: S608
            values.append(json.dumps(list(wanted)))
    return sorted(StoredFrame(*row) for row in database.execute(query, values))


def by_arrival(database: sqlite3.Connection, step: int) -> Iterator[list[StoredFrame]]:
    """All frames of the inbox in the order of their arrival, so many at a time."""
    found = database.execute(f"SELECT {_COLUMNS} FROM frame ORDER BY id")  # noqa: S608
    while rows := found.fetchmany(step):
        yield [StoredFrame(*row) for row in rows]


def oldest(database: sqlite3.Connection, before: int, most: int) -> list[StoredFrame]:
    """The oldest frames received before an instant (µs), by arrival; the newest frame of all stays, so that numbers go on."""
    query = f"SELECT {_COLUMNS} FROM frame WHERE id < (SELECT max(id) FROM frame) ORDER BY id LIMIT ?"  # noqa: S608
    found = [StoredFrame(*row) for row in database.execute(query, (most,))]
    return [one for one in found if one.received_at < before]


def repeated(data: Path, database: sqlite3.Connection, found: Sequence[StoredFrame]) -> frozenset[int]:
    """The numbers of those frames that the lake holds already: same device, time, command, part and content.

    Rule    a frame stands once. While its first copy waits the inbox sees to it; here it is asked of the files
    """
    timed = [one for one in found if start_of(one.data_time) is not None]
    if not timed:
        return frozenset()
    least, most = min(one.data_time for one in timed), max(one.data_time for one in timed)
    wanted = table(timed)
    files = [one for one in lake.listed(database, lake.FRAMES) if one.first_start <= most and one.last_start >= least]
    seen = [
        wanted.join(pl.scan_parquet(data / one.path).select(_ONCE).collect(), on=_ONCE, how="semi")["seq"]
        for one in files
    ]
    return frozenset(number for numbers in seen for number in numbers)


def table(frames: Sequence[StoredFrame]) -> pl.DataFrame:
    """The frames as a table.

    Shape   ``FRAMES``
    """
    return pl.DataFrame(frames, schema=FRAMES, orient="row")


def of_file(file: Path) -> Iterator[StoredFrame]:
    """The frames of a file of the lake, in the order of their arrival."""
    for row in pl.read_parquet(file).sort("seq").iter_rows():
        yield StoredFrame(*row)
