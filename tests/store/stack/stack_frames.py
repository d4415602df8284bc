"""Frames as devices send them, and an inbox that has them, for the tests of the stacks' store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from lantian.stack.hj212 import encoded
from lantian.stack.hj212.arrival import digest
from lantian.store.stack import stack_file
from lantian.store.stack.inbox import Batch, FrameRow, Inbox

MN = "A00000000000000000000001"
RECEIVED = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def frame(
    data_time: str,
    fields: Mapping[str, str],
    *,
    mn: str = MN,
    cn: str = "2051",
    at: datetime = RECEIVED,
    qn: str = "20261102090000000",
) -> FrameRow:
    """The row of a frame; ``fields`` are those of factors, such as ``a21026-Avg``."""
    raw = encoded(
        {"QN": qn, "ST": "31", "CN": cn, "PW": "123456", "MN": mn, "Flag": "5"}, {"DataTime": data_time, **fields}
    )[:-2]
    area = raw[raw.index(b"CP=&&") + 5 : -6]
    return (mn, cn, data_time, 0, qn, micros(at), digest(cn, 0, area), raw)


def keep(data: Path, frames: Sequence[FrameRow]) -> None:
    """Puts frames into the inbox, in their order."""
    inbox = Inbox(data)
    try:
        inbox.stage(Batch(frames=list(frames)))
        inbox.commit()
    finally:
        inbox.close()


def waiting(data: Path) -> int:
    """Number of frames in the inbox."""
    with stack_file.reading(data) as database:
        return 0 if database is None else int(database.execute("SELECT count(*) FROM frame").fetchone()[0])
