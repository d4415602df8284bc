"""The inbox: groups of frames with what was refused beside them, durable when ``commit`` returns.

Writing has two steps, so that a server can go on decoding meanwhile: ``stage`` puts a batch into an open transaction,
``commit`` makes it durable (one call, in another thread if wished). Only then may anything be acknowledged.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lantian.store.stack import stack_file

_CACHE_KB = 16384
_LOG_PAGES = 4096  # 16 MB of log: then it is moved into the file
_PAGES_LEAST, _PAGES_A_FRAME = 8, 0.2  # what a group adds to it, as measured

# mn, cn, data_time, part (0: whole), qn, received_at (µs since 1970, UTC), digest, raw
FrameRow = tuple[str, str, str, int, str, int, bytes, bytes]
Change = tuple[str, tuple[object, ...]]

_FRAME = "INSERT OR IGNORE INTO frame (mn, cn, data_time, part, qn, received_at, digest, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_REFUSED = "INSERT INTO quarantine (received_at, peer, mn, cn, qn, raw, findings) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DEVICE = """INSERT INTO device (mn, accepted, first_at, last_at, last_data_time, frames, peer, connected, findings)
    VALUES (:mn, :accepted, :at, :at, :data_time, :frames, :peer, :connected, :findings)
    ON CONFLICT (mn) DO UPDATE SET accepted = max(accepted, :accepted), last_at = max(last_at, :at),
        first_at = CASE first_at WHEN 0 THEN :at ELSE first_at END,
        last_data_time = max(last_data_time, :data_time), frames = frames + :frames,
        peer = :peer, connected = :connected, findings = :findings"""


class RefusedRow(NamedTuple):
    """Bytes that are no good frame, with what could be told of them; ``findings`` is a JSON list of ``Finding.as_dict``."""

    received_at: int
    peer: str
    mn: str
    cn: str
    qn: str
    raw: bytes
    findings: str


class DeviceRow(NamedTuple):
    """What is new about a device since it was last written; ``findings`` is all of them (see ``DeviceFinding``), as JSON."""

    mn: str
    accepted: bool
    at: int
    data_time: str
    frames: int
    peer: str
    connected: bool
    findings: str


class DeviceFinding(NamedTuple):
    """A finding about a device: how many times it was met and when last (µs since 1970, UTC)."""

    code: str
    zh: str
    en: str
    times: int
    last_at: int


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device as the inbox knows it; instants in µs since 1970 (UTC), ``last_data_time`` as sent (Beijing).

    ``first_at`` and ``last_at`` are 0 while nothing but findings is known of it (wrong passwords).
    """

    mn: str
    accepted: bool
    first_at: int
    last_at: int
    last_data_time: str
    frames: int
    peer: str
    connected: bool
    findings: tuple[DeviceFinding, ...] = ()


@dataclass(slots=True)
class Batch:
    """What one transaction writes; ``changes`` are statements with their values, in order, behind the rows."""

    frames: list[FrameRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    devices: list[DeviceRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.frames or self.refused or self.devices or self.changes)


class Inbox:
    """The one writer of frames; ``stage`` and ``commit`` alternate, a failed one leaves nothing behind.

    Errors  Refusal where the file cannot be opened or made
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        with stack_file.told():
            self._database = stack_file.opened(data, shared_by_threads=True)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KB:d}")
        self._database.execute("PRAGMA busy_timeout = 0")  # a server must not sleep: it tries again by itself
        self._grown = 0  # pages of the log since it was last moved, about

    def stage(self, batch: Batch) -> int:
        """Puts a batch into an open transaction and returns how many frames were new; one that is there is passed over.

        Errors  sqlite3.Error; nothing is staged then. ``is_busy`` tells a short lock of another process from a fault
        """
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        try:
            before = database.total_changes
            if batch.frames:
                database.executemany(_FRAME, batch.frames)
            new = database.total_changes - before
            if batch.refused:
                database.executemany(_REFUSED, batch.refused)
            if batch.devices:
                database.executemany(_DEVICE, [one._asdict() for one in batch.devices])
            for statement, values in batch.changes:
                database.execute(statement, values)
        except BaseException:
            self._undo()
            raise
        pages = _PAGES_LEAST + int(new * _PAGES_A_FRAME) + (sum(len(one.raw) for one in batch.refused) >> 12)
        self._grown += pages
        return new

    def commit(self) -> None:
        """Makes what is staged durable (the log is synchronised with the disk).

        Errors  sqlite3.Error; nothing of it is kept then
        """
        try:
            self._database.execute("COMMIT")
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        if self._database.in_transaction:  # a full disk has ended it already
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")

    @property
    def wants_checkpoint(self) -> bool:
        """Whether the log has grown enough to be moved into the file."""
        return self._grown > _LOG_PAGES

    def checkpoint(self) -> None:
        """Moves the log into the file, between two groups; readers go on, what they still need stays in the log.

        Nobody else does it while a gateway runs (``stack_file.opened``), and never twice for one log: SQLite before 3.51.3
        may spoil a file where a second checkpoint meets a commit that begins the log anew (its “WAL-reset bug”).
        """
        self._grown = 0
        with contextlib.suppress(sqlite3.OperationalError):  # a full disk: the log stays as it is
            self._database.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Ends writing; what was committed stays."""
        self._database.close()


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another process holds the file for a moment."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def devices(data: Path) -> list[DeviceSeen]:
    """Devices that ever sent a good frame, by MN."""
    with stack_file.reading(data) as database:
        if database is None:
            return []
        rows = database.execute(
            "SELECT mn, accepted, first_at, last_at, last_data_time, frames, peer, connected, findings FROM device ORDER BY mn"
        ).fetchall()
    return [
        DeviceSeen(
            mn, bool(accepted), first_at, last_at, last_time, frames, peer, bool(connected), device_findings(findings)
        )
        for mn, accepted, first_at, last_at, last_time, frames, peer, connected, findings in rows
    ]


def device_findings(text: str) -> tuple[DeviceFinding, ...]:
    """The findings of a device's row."""
    return tuple(DeviceFinding(code, **told) for code, told in json.loads(text).items())


def device_findings_text(findings: Mapping[str, DeviceFinding]) -> str:
    """The same as they are kept."""
    kept = {
        code: {key: value for key, value in one._asdict().items() if key != "code"} for code, one in findings.items()
    }
    return json.dumps(kept, ensure_ascii=False)
