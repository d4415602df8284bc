"""The file ``air.sqlite``: its tables, how it is opened, who may write.

One writer at a time: it holds ``air.lock`` in the data folder, others hear who holds it. Readers never wait.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.air_schema import SCHEMA, is_format_1, upgrade_from_1
from lantian.store.folder import make_private

AIR_FILE = "air.sqlite"
LOCK_FILE = "air.lock"
BUSY_SECONDS = 20


@contextlib.contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection for reading in one consistent state; None where there is no file yet.

    Errors  Refusal where the file is of an older format (``folder.prepare`` brings it up)
    """
    file = data / AIR_FILE
    if not file.is_file():
        yield None
        return
    uri = file.resolve().as_uri() + "?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as database:
        if not _made(database):
            yield None  # made, but its first transaction is not there yet
            return
        if is_format_1(database):
            raise _old()
        database.execute("BEGIN")
        yield database


def _made(database: sqlite3.Connection) -> bool:
    """Errors  Refusal where SQLite cannot open its shared memory: a folder that is read-only, or a disk quite full"""
    try:
        return database.execute("SELECT 1 FROM sqlite_master WHERE name = 'counter'").fetchone() is not None
    except sqlite3.OperationalError as error:
        text = Text(
            f"空气数据打不开（{error}）：数据目录可能是只读的，或磁盘已满。请检查权限和空间",
            f"the air data cannot be opened ({error}): the folder may be read-only or the disk full",
        )
        raise Refusal(Finding("STORE-AIR-UNREADABLE", Severity.REFUSED, text, Place(file=AIR_FILE))) from error


@contextlib.contextmanager
def writing(data: Path, *, job: str, now: datetime, wait_seconds: float = 0) -> Iterator[sqlite3.Connection]:
    """A connection in one immediate transaction: committed whole at the end, rolled back whole on any error.

    Errors  Refusal (busy: pid, job) where another process writes; for a file of an older format
    """
    with _transaction(data, job, wait_seconds) as database:
        if is_format_1(database):
            raise _old()
        for statement in SCHEMA:
            database.execute(statement)
        before = database.total_changes
        yield database
        if database.total_changes != before:
            raise_version(database, now)


@contextlib.contextmanager
def _transaction(data: Path, job: str, wait_seconds: float) -> Iterator[sqlite3.Connection]:
    with _told(), _locked(data, job, wait_seconds):
        file = data / AIR_FILE
        make_private(file)
        with contextlib.closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:  # a full disk has ended it already
                    database.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What the disk refuses, in words: nothing was written then."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise _unwritable(error) from error


def is_old(data: Path) -> bool:
    """Whether the air data of a folder are of an older format."""
    file = data / AIR_FILE
    if not file.is_file():
        return False
    uri = file.resolve().as_uri() + "?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as database:
        return is_format_1(database)


def upgrade(data: Path) -> None:
    """Brings the tables of an older format up, in one transaction; a file of the present one stays as it is.

    Errors  Refusal (busy: pid, job) where another process writes
    """
    with _transaction(data, "upgrade", BUSY_SECONDS) as database:
        if is_format_1(database):
            upgrade_from_1(database)


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


def _old() -> Refusal:
    text = Text(
        "空气数据是旧格式，还没有升级。请先启动一次 lantian serve，或运行任一 lantian air 命令（先自动备份再升级）",
        "the air data are of an older format; start lantian serve once: it makes a backup and brings them up",
    )
    return Refusal(Finding("STORE-FORMAT-OLD", Severity.REFUSED, text, Place(file=AIR_FILE)))


def _unwritable(error: OSError | sqlite3.OperationalError) -> Refusal:
    number = error.errno if isinstance(error, OSError) else None
    full = number in (errno.ENOSPC, errno.EDQUOT) or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    why = "磁盘已满" if full else f"数据目录不能写入（{error}）"
    text = Text(
        f"{why}，没有写入任何内容，原有数据没有改动。请{'清出空间' if full else '检查目录的权限和磁盘'}后重新导入",
        f"the data folder cannot be written ({error}); nothing was changed",
    )
    return Refusal(Finding("STORE-AIR-UNWRITABLE", Severity.REFUSED, text, Place(file=AIR_FILE)))


def _busy(holder: str) -> Refusal:
    who = holder or "pid ?"
    text = Text(
        f"空气数据正由另一进程写入（{who}），没有改动任何内容。请等它完成后再试",
        f"busy: {who} is writing the air data; nothing was changed. Try again when it has finished",
    )
    return Refusal(Finding("STORE-AIR-BUSY", Severity.REFUSED, text, Place(file=AIR_FILE)))
