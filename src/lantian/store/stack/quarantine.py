"""The quarantine of the stacks: what is no record, and frames of devices that nobody registered, each with its findings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantian.basis.finding import Finding, Severity, Text
from lantian.store.stack import stack_file
from lantian.store.stack.outlets import is_simulated

if TYPE_CHECKING:
    from lantian.store.stack.record_rows import StoredFrame

UNKNOWN = Finding(
    "GATEWAY-DEVICE-UNKNOWN",
    Severity.REFUSED,
    Text(
        "未登记的数采仪（MN）：数据包已保存，登记排放口后自动成为监测数据",
        "a device (MN) nobody registered: the frame is kept and becomes data once its outlet is registered",
    ),
)

_LINE_ENDS = {
    code: f"\\u{code:04x}" for code in (0x7F, 0x85, 0x2028, 0x2029)
}  # ends of lines to some readers, not to JSON


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One piece kept aside; ``received_at`` in µs since 1970 (UTC), ``findings`` as plain dictionaries (``Finding.as_dict``)."""

    id: int
    kind: str  # refused: no good frame, or data no record can be made of; unknown: a frame of an unregistered device
    received_at: int
    peer: str
    mn: str
    cn: str
    qn: str
    raw: bytes
    findings: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON; bytes that are no text stand as ``\\xNN``."""
        return {
            "id": self.id, "kind": self.kind, "received_at": self.received_at, "peer": self.peer, "mn": self.mn, "cn": self.cn,
            "qn": self.qn, "raw": self.raw.decode("utf-8", "backslashreplace"), "findings": list(self.findings),
        }  # fmt: skip

    def as_json(self) -> str:
        """The same as one line of JSON, whatever characters were sent."""
        return json.dumps(self.as_dict(), ensure_ascii=False).translate(_LINE_ENDS)


def quarantined(
    data: Path, known: Collection[str] | None, *, since: int = 0, mn: str | None = None, most: int | None = None
) -> Iterator[Quarantined]:
    """What is kept aside: refused pieces, then good frames of devices not in ``known`` (None: all are known), oldest first.

    The frames are those of inbox and lake together. ``since`` in µs since 1970 (UTC); ``most`` bounds each of the two parts,
    the newest are given then.
    """
    with stack_file.reading(data) as database:
        if database is None:
            return
        yield from _refused(database, since, mn, most)
        if known is not None:
            yield from _unknown(data, database, since, mn, most, known)


def counts(data: Path, *, since: int = 0) -> dict[str, int]:
    """Number of refused pieces received since an instant (µs), by MN; the empty MN stands for bytes nobody's name was on."""
    with stack_file.reading(data) as database:
        if database is None:
            return {}
        rows = database.execute(
            "SELECT mn, count(*) FROM quarantine WHERE received_at >= ? GROUP BY mn", (since,)
        ).fetchall()
    return dict(rows)


def _refused(database: sqlite3.Connection, since: int, mn: str | None, most: int | None) -> Iterator[Quarantined]:
    rows = database.execute(
        """SELECT * FROM (SELECT id, received_at, peer, mn, cn, qn, raw, findings FROM quarantine
        WHERE received_at >= :since AND (:mn IS NULL OR mn = :mn) ORDER BY id DESC LIMIT :most) ORDER BY id""",
        {"since": since, "mn": mn, "most": -1 if most is None else most},
    )
    for number, at, peer, owner, cn, qn, raw, findings in rows:
        yield Quarantined(number, "refused", at, peer, owner, cn, qn, raw, tuple(json.loads(findings)))


def _unknown(
    data: Path, database: sqlite3.Connection, since: int, mn: str | None, most: int | None, known: Collection[str]
) -> list[Quarantined]:
    peers = dict(database.execute("SELECT mn, peer FROM device WHERE NOT accepted").fetchall())
    wanted = sorted(one for one in peers if one not in known and mn in (None, one) and not is_simulated(one))
    found: list[StoredFrame] = []
    if wanted:
        for part in (_in_inbox(database, since, wanted, most), *_in_lake(data, database, since, wanted)):
            found += part
            if most is not None and len(found) >= most:
                break  # what follows is older
    told = (UNKNOWN.as_dict(),)
    kept = sorted(found)[-most if most is not None else 0 :] if most != 0 else []
    return [
        Quarantined(one.seq, "unknown", one.received_at, peers.get(one.mn, ""), one.mn, one.cn, one.qn, one.raw, told)
        for one in kept
    ]


def _in_inbox(database: sqlite3.Connection, since: int, mns: Collection[str], most: int | None) -> list[StoredFrame]:
    from lantian.store.stack.record_rows import StoredFrame

    rows = database.execute(
        """SELECT id, mn, cn, data_time, part, qn, received_at, digest, raw FROM frame
        WHERE received_at >= ? AND mn IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?""",
        (since, json.dumps(list(mns)), -1 if most is None else most),
    )
    return [StoredFrame(*row) for row in rows]


def _in_lake(data: Path, database: sqlite3.Connection, since: int, mns: Collection[str]) -> Iterator[list[StoredFrame]]:
    """Frames of some devices, file by file, the newest first."""
    import polars as pl

    from lantian.store.stack import lake
    from lantian.store.stack.record_rows import StoredFrame

    for file in reversed(lake.listed(database, lake.FRAMES, mns=sorted(mns))):
        found = pl.scan_parquet(data / file.path).filter(
            (pl.col("received_at") >= since) & pl.col("mn").is_in(list(mns))
        )
        yield [StoredFrame(*row) for row in found.collect().iter_rows()]
