"""The quarantine of the stacks: what was refused, and good frames of devices that nobody registered, each with its findings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lantian.basis.finding import Finding, Severity, Text
from lantian.store.stack import stack_file

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
    kind: str  # refused: bytes that are no good frame; unknown: a good frame of an unregistered device
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
    """What is kept aside, oldest first: refused pieces, then frames of devices not in ``known`` (None: all are known).

    ``since`` in µs since 1970 (UTC); ``most`` bounds each of the two kinds, the newest are given then.
    """
    with stack_file.reading(data) as database:
        if database is None:
            return
        yield from _refused(database, since, mn, most)
        if known is not None:
            yield from _unknown(database, since, mn, most, known)


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
    database: sqlite3.Connection, since: int, mn: str | None, most: int | None, known: Collection[str]
) -> Iterator[Quarantined]:
    unknown = [one for (one,) in database.execute("SELECT mn FROM device WHERE NOT accepted") if one not in known]
    wanted = [one for one in unknown if mn is None or one == mn]
    if not wanted:
        return
    rows = database.execute(
        """SELECT * FROM (SELECT frame.id, received_at, peer, frame.mn, cn, qn, raw FROM frame JOIN device USING (mn)
        WHERE received_at >= :since AND mn IN (SELECT value FROM json_each(:mns)) ORDER BY frame.id DESC LIMIT :most) ORDER BY 1""",
        {"since": since, "mns": json.dumps(wanted), "most": -1 if most is None else most},
    )
    told = (UNKNOWN.as_dict(),)
    for number, at, peer, owner, cn, qn, raw in rows:
        yield Quarantined(number, "unknown", at, peer, owner, cn, qn, raw, told)
