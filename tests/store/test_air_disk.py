"""A disk that is full or read-only: a refusal in words, nothing half-written."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.store import air_file

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "磁盘已满，没有写入任何内容"),
        (OSError(30, "Read-only file system"), "数据目录不能写入"),
        (sqlite3.OperationalError("disk I/O error"), "数据目录不能写入"),
    ],
)
def test_what_the_disk_refuses_is_told_and_rolled_back(tmp_path: Path, error: Exception, words: str) -> None:
    def write() -> None:
        with air_file.writing(tmp_path, job="a", now=NOW) as database:
            database.execute("INSERT INTO counter VALUES ('x', 1)")
            raise error

    with pytest.raises(Refusal, match=words):
        write()
    with air_file.reading(tmp_path) as database:
        assert database is None or not database.execute("SELECT 1 FROM counter WHERE name = 'x'").fetchone()


def test_a_lock_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / air_file.LOCK_FILE).mkdir()
    with pytest.raises(Refusal, match="数据目录不能写入"), air_file.writing(tmp_path, job="a", now=NOW):
        pass


def test_air_data_that_cannot_be_opened_are_told(tmp_path: Path) -> None:
    (tmp_path / air_file.AIR_FILE).write_bytes(b"")
    (tmp_path / f"{air_file.AIR_FILE}-wal").mkdir()
    (tmp_path / f"{air_file.AIR_FILE}-journal").mkdir()
    with pytest.raises(Refusal, match="空气数据打不开"), air_file.reading(tmp_path):
        pass
