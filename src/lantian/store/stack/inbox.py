"""The inbox: groups of frames with their refused neighbours, written in one transaction and on the disk when it ends.

Writing has two steps, so that a server can go on decoding meanwhile: ``stage`` puts the rows into an open transaction,
``commit`` makes them durable (one call, safe in another thread). Only then may anything be acknowledged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from lantian.store.stack import stack_file

_CHECKPOINT_PAGES = 8000  # 32 MB of log between two checkpoints: fewer of them under load
_CACHE_KB = 65536
_FRAME = "INSERT OR IGNORE INTO frame (mn, cn, data_time, part, qn, received_at, digest, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_REFUSED = "INSERT INTO quarantine (received_at, peer, mn, cn, qn, raw, findings) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DEVICE = """INSERT INTO device (mn, accepted, first_at, last_at, last_data_time, frames, peer, connected, findings)
    VALUES (:mn, :accepted, :at, :at, :data_time, :frames, :peer, :connected, :findings)
    ON CONFLICT (mn) DO UPDATE SET accepted = max(accepted, :accepted), last_at = max(last_at, :at),
        last_data_time = CASE WHEN :data_time > last_data_time THEN :data_time ELSE last_data_time END,
        frames = frames + :frames, peer = CASE WHEN :peer <> '' THEN :peer ELSE peer END,
        connected = :connected, findings = :findings"""


class FrameRow(NamedTuple):
    """One frame as it is kept; ``part`` is 0 for a whole frame, ``received_at`` microseconds since 1970 (UTC)."""

    mn: str
    cn: str
    data_time: str
    part: int
    qn: str
    received_at: int
    digest: bytes
    raw: bytes


class RefusedRow(NamedTuple):
    """Bytes that are no good frame, with what could be told of them; ``findings`` is a JSON list."""

    received_at: int
    peer: str
    mn: str
    cn: str
    qn: str
    raw: bytes
    findings: str


class DeviceRow(NamedTuple):
    """What is new about a device since the last time: frames counted, last instant, findings by code (JSON)."""

    mn: str
    accepted: int
    at: int
    data_time: str
    frames: int
    peer: str
    connected: int
    findings: str


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """A device as the inbox knows it."""

    mn: str
    accepted: bool
    first_at: int
    last_at: int
    last_data_time: str
    frames: int
    peer: str
    connected: bool
    findings: str


def digest(cn: str, part: int, area: bytes) -> bytes:
    """Eight bytes by which a frame of one device and time is known again, whatever its QN."""
    return blake2b(b"%s %d " % (cn.encode(), part) + area, digest_size=8).digest()


class Inbox:
    """The one writer of frames. ``stage`` and ``commit`` alternate; a failed commit leaves nothing behind."""

    def __init__(self, data: Path) -> None:
        self._database = stack_file.opened(data)
        self._database.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES:d}")
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KB:d}")
        self._database.execute("UPDATE device SET connected = 0 WHERE connected")

    def stage(
        self, frames: Iterable[FrameRow], refused: Iterable[RefusedRow] = (), devices: Iterable[DeviceRow] = ()
    ) -> None:
        """Puts rows into an open transaction; a frame that is there already is passed over.

        Errors  sqlite3.Error; then nothing is staged
        """
        self._database.execute("BEGIN IMMEDIATE")
        try:
            self._database.executemany(_FRAME, frames)
            self._database.executemany(_REFUSED, refused)
            self._database.executemany(_DEVICE, [one._asdict() for one in devices])
        except BaseException:
            self.rollback()
            raise

    def commit(self) -> None:
        """Makes what is staged durable.

        Errors  sqlite3.Error; then nothing of it is kept
        """
        try:
            self._database.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise

    def rollback(self) -> None:
        """Forgets what is staged."""
        if self._database.in_transaction:  # a full disk has ended it already
            self._database.execute("ROLLBACK")

    @property
    def database(self) -> sqlite3.Connection:
        """The connection, for what else the gateway keeps (commands) between two groups."""
        return self._database

    def close(self) -> None:
        """Ends writing; what was committed stays."""
        self._database.close()


def devices(data: Path) -> list[DeviceSeen]:
    """Devices that ever sent a good frame, by MN."""
    with stack_file.reading(data) as database:
        if database is None:
            return []
        rows = database.execute(
            "SELECT mn, accepted, first_at, last_at, last_data_time, frames, peer, connected, findings FROM device ORDER BY mn"
        ).fetchall()
    return [DeviceSeen(mn, bool(a), f, l, t, n, p, bool(c), j) for mn, a, f, l, t, n, p, c, j in rows]
