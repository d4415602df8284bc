"""The file ``air.sqlite``: its tables, how it is opened, who may write.

One writer at a time: it holds ``air.lock`` in the data folder, others hear who holds it. Readers never wait.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lantian.air.item import ITEMS
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text

AIR_FILE = "air.sqlite"
LOCK_FILE = "air.lock"
BUSY_SECONDS = 20

_VALUES = ", ".join(f"{item} INTEGER" for item in ITEMS)
_SUB_INDICES = ", ".join(f"{item}_printed TEXT, {item}_iaqi INTEGER" for item in ITEMS)
_DAY = f"city TEXT NOT NULL, date TEXT NOT NULL, region TEXT, {_VALUES}"

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID""",
    """INSERT OR IGNORE INTO counter VALUES ('version', 0)""",
    """CREATE TABLE IF NOT EXISTS import (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL, kind TEXT NOT NULL,
        files TEXT NOT NULL, layout TEXT NOT NULL, rows_read INTEGER NOT NULL, rows_new INTEGER NOT NULL,
        rows_changed INTEGER NOT NULL, rows_same INTEGER NOT NULL, rows_quarantined INTEGER NOT NULL,
        notes TEXT NOT NULL)""",
    f"""CREATE TABLE IF NOT EXISTS raw_day ({_DAY}, simulated INTEGER NOT NULL, batch INTEGER NOT NULL,
        known_at TEXT NOT NULL, PRIMARY KEY (city, date)) WITHOUT ROWID""",
    f"""CREATE TABLE IF NOT EXISTS replaced_day ({_DAY}, simulated INTEGER NOT NULL, batch INTEGER NOT NULL,
        known_at TEXT NOT NULL, replaced_by INTEGER NOT NULL, replaced_at TEXT NOT NULL)""",
    """CREATE INDEX IF NOT EXISTS replaced_day_of ON replaced_day (city, date)""",
    f"""CREATE TABLE IF NOT EXISTS derived_day (city TEXT NOT NULL, date TEXT NOT NULL, {_SUB_INDICES}, aqi INTEGER,
        primary_items TEXT NOT NULL, category TEXT, edition TEXT NOT NULL, inputs TEXT NOT NULL,
        computed_at TEXT NOT NULL, PRIMARY KEY (city, date)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS quarantine (
        id INTEGER PRIMARY KEY, import INTEGER NOT NULL, code TEXT NOT NULL, file TEXT, sheet TEXT, row INTEGER,
        "column" TEXT, zh TEXT NOT NULL, en TEXT NOT NULL, content TEXT NOT NULL)""",
    """CREATE INDEX IF NOT EXISTS quarantine_of ON quarantine (import)""",
)


@contextlib.contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection for reading in one consistent state; None where there is no file yet."""
    file = data / AIR_FILE
    if not file.is_file():
        yield None
        return
    uri = file.resolve().as_uri() + "?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'counter'").fetchone():
            yield None  # made, but its first transaction is not there yet
            return
        database.execute("BEGIN")
        yield database


@contextlib.contextmanager
def writing(data: Path, *, job: str, now: datetime, wait_seconds: float = 0) -> Iterator[sqlite3.Connection]:
    """A connection in one immediate transaction: committed whole at the end, rolled back whole on any error.

    Errors  Refusal (busy: pid, job) where another process writes
    """
    with _locked(data, job, wait_seconds):
        file = data / AIR_FILE
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        os.close(handle)
        with contextlib.closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("BEGIN IMMEDIATE")
            try:
                for statement in SCHEMA:
                    database.execute(statement)
                before = database.total_changes
                yield database
                if database.total_changes != before:
                    raise_version(database, now)
                database.execute("COMMIT")
            except BaseException:
                database.execute("ROLLBACK")
                raise


def raise_version(database: sqlite3.Connection, now: datetime) -> None:
    """Raises the data version: never the same again, after a restore neither (it follows the clock)."""
    stamp = int(now.timestamp() * 1000)
    database.execute("UPDATE counter SET value = max(value + 1, ?) WHERE name = 'version'", (stamp,))


@contextlib.contextmanager
def _locked(data: Path, job: str, wait_seconds: float) -> Iterator[None]:
    """The writer's lock; the file names process and job, the operating system frees it when the process ends."""
    with (data / LOCK_FILE).open("a+", encoding="utf-8") as stream:
        until = time.monotonic() + wait_seconds
        while not _taken(stream.fileno()):
            if time.monotonic() >= until:
                stream.seek(0)
                raise _busy(stream.read().strip())
            time.sleep(0.05)
        stream.seek(0)
        stream.truncate()
        stream.write(f"pid {os.getpid()}, {job}")
        stream.flush()
        try:
            yield
        finally:
            stream.seek(0)
            stream.truncate()
            stream.flush()


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy(holder: str) -> Refusal:
    who = holder or "pid ?"
    text = Text(
        f"空气数据正由另一进程写入（{who}），没有改动任何内容。请等它完成后再试",
        f"busy: {who} is writing the air data; nothing was changed. Try again when it has finished",
    )
    return Refusal(Finding("STORE-AIR-BUSY", Severity.REFUSED, text, Place(file=AIR_FILE)))
