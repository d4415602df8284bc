"""The file ``stack.sqlite``: its tables, how it is opened, who may write.

The gateway writes groups of frames; imports and compaction write in short transactions in between. Readers never wait.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.folder import make_private
from lantian.store.stack.schema import INBOX

STACK_FILE = "stack.sqlite"
BUSY_SECONDS = 20


@contextlib.contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection for reading in one consistent state; None where there is no file yet.

    Errors  Refusal where SQLite cannot open the file (read-only folder, disk quite full)
    """
    file = data / STACK_FILE
    if not file.is_file():
        yield None
        return
    uri = file.resolve().as_uri() + "?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as database:
        if not _made(database):
            yield None  # made, but its first transaction is not there yet
            return
        database.execute("BEGIN")
        yield database


def _made(database: sqlite3.Connection) -> bool:
    try:
        return database.execute("SELECT 1 FROM sqlite_master WHERE name = 'counter'").fetchone() is not None
    except sqlite3.OperationalError as error:
        text = Text(
            f"在线监测数据打不开（{error}）：数据目录可能是只读的，或磁盘已满。请检查权限和空间",
            f"the stack data cannot be opened ({error}): the folder may be read-only or the disk full",
        )
        raise Refusal(Finding("STORE-STACK-UNREADABLE", Severity.REFUSED, text, Place(file=STACK_FILE))) from error


@contextlib.contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    """A connection in one immediate transaction: committed whole at the end, rolled back whole on any error.

    Errors  Refusal where the disk refuses, or another process writes for longer than 20 s
    """
    with told(), contextlib.closing(opened(data)) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:  # a full disk has ended it already
                database.execute("ROLLBACK")
            raise


def opened(data: Path, *, busy_seconds: float = BUSY_SECONDS, shared_by_threads: bool = False) -> sqlite3.Connection:
    """A connection for writing with the tables made; who opens it begins, ends and closes.

    ``shared_by_threads``: it may be used by several threads, one at a time.
    """
    file = data / STACK_FILE
    make_private(file)
    database = sqlite3.connect(
        file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=not shared_by_threads
    )
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA wal_autocheckpoint = 0")  # the gateway does it, or whoever closes last
        if not _made(database):
            _make(database)
        database.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
    except BaseException:
        database.close()
        raise
    return database


def _make(database: sqlite3.Connection) -> None:
    database.execute("BEGIN IMMEDIATE")
    for statement in INBOX:
        database.execute(statement)
    database.execute("COMMIT")


@contextlib.contextmanager
def told() -> Iterator[None]:
    """What the disk refuses, in words: nothing was written then."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        busy = "locked" in str(error) or "busy" in str(error)
        code, zh, en = (
            (
                "STORE-STACK-BUSY",
                "在线监测数据正由另一个程序写入，请稍后再试",
                "another process writes the stack data; try again later",
            )
            if busy
            else (
                "STORE-STACK-UNWRITABLE",
                f"在线监测数据写不进去（{error}）：请检查磁盘空间和权限。本次没有写入任何内容",
                f"the stack data cannot be written ({error}): check space and permissions. Nothing was written",
            )
        )
        raise Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place(file=STACK_FILE))) from error
