"""The file ``referee.sqlite``: how it is opened, who may write. All of it can be computed again from records and marks."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.folder import make_private
from lantian.store.stack.schema import REFEREE

REFEREE_FILE: Final = "referee.sqlite"
BUSY_SECONDS: Final = 20


@contextlib.contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection for reading in one consistent state; None where there is no file yet.

    Errors  Refusal where SQLite cannot open the file
    """
    file = data / REFEREE_FILE
    if not file.is_file():
        yield None
        return
    uri = file.resolve().as_uri() + "?mode=ro"
    with (
        _told("打不开", "opened"),
        contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as database,
    ):
        made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'screened'").fetchone()
        if made:
            database.execute("BEGIN")
        yield database if made else None


@contextlib.contextmanager
def writing(data: Path) -> Iterator[sqlite3.Connection]:
    """A connection in one immediate transaction; the version rises where rows of verdicts changed.

    Errors  Refusal where the disk refuses, or another process writes for longer than 20 s; nothing was written then
    """
    file = data / REFEREE_FILE
    with _told("写不进去", "written"):
        make_private(file)
        with contextlib.closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("BEGIN IMMEDIATE")
            try:
                for statement in REFEREE:
                    database.execute(statement)
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:  # a full disk has ended it already
                    database.execute("ROLLBACK")
                raise


def version_of(database: sqlite3.Connection) -> int:
    """Version of the verdicts: another number after every change."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def raise_version(database: sqlite3.Connection) -> None:
    """Raises the version, within the transaction."""
    database.execute(f"PRAGMA user_version = {version_of(database) + 1}")


@contextlib.contextmanager
def _told(zh: str, en: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        busy = "locked" in str(error) or "busy" in str(error)
        code, text = (
            (
                "STORE-REFEREE-BUSY",
                Text("研判结果正由另一个程序写入，请稍后再试", "another process writes the verdicts"),
            )
            if busy
            else (
                "STORE-REFEREE-UNREACHED",
                Text(
                    f"研判结果{zh}（{error}）：请检查磁盘空间和权限。本次没有写入任何内容",
                    f"the verdicts cannot be {en} ({error}): check space and permissions. Nothing was written",
                ),
            )
        )
        raise Refusal(Finding(code, Severity.REFUSED, text, Place(file=REFEREE_FILE))) from error


def copy_without(data: Path, other: Path, first: str, until: str) -> bool:
    """Whether there was a file to copy: the verdicts of another folder are then these, but for hours and days in [first, until).

    ``first`` and ``until`` are ISO dates.
    """
    with reading(data) as database:
        if database is None:
            return False
        with contextlib.closing(sqlite3.connect(other / REFEREE_FILE)) as copy:
            database.backup(copy)
            copy.execute("DELETE FROM hour WHERE start >= ? AND start < ?", (first, until))
            copy.execute("DELETE FROM day WHERE day >= ? AND day < ?", (first, until))
            copy.commit()
    return True


def last_run(data: Path, kind: str) -> str | None:
    """The instant (ISO) of the last run of a kind that changed anything; None where there is none."""
    with reading(data) as database:
        row = (
            None
            if database is None
            else database.execute("SELECT max(computed_at) FROM run WHERE kind = ?", (kind,)).fetchone()
        )
    return row[0] if row else None
