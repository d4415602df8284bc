"""``stack.sqlite``: made on first writing, whole transactions, readers with one state."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.store.stack.stack_file import STACK_FILE, opened, reading, writing


def _count(data: Path) -> int:
    with reading(data) as database:
        assert database is not None
        return int(database.execute("SELECT count(*) FROM batch").fetchone()[0])


def _add(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO batch VALUES (NULL, 'a.csv', '', 'x', 0, 1, 1, 0, NULL)")


def _half_done(data: Path) -> None:
    with writing(data) as database:
        _add(database)
        raise KeyError


def test_nothing_to_read_before_the_first_writing(tmp_path: Path) -> None:
    with reading(tmp_path) as database:
        assert database is None


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    with writing(tmp_path) as database:
        _add(database)
    with pytest.raises(KeyError):
        _half_done(tmp_path)
    assert _count(tmp_path) == 1
    assert (tmp_path / STACK_FILE).stat().st_mode & 0o777 == 0o600


def test_a_reader_keeps_its_state_while_others_write(tmp_path: Path) -> None:
    with writing(tmp_path) as database:
        _add(database)
    with reading(tmp_path) as reader:
        assert reader is not None
        before = reader.execute("SELECT count(*) FROM batch").fetchone()
        with writing(tmp_path) as database:
            _add(database)
        assert reader.execute("SELECT count(*) FROM batch").fetchone() == before == (1,)
        with pytest.raises(sqlite3.OperationalError):
            _add(reader)
    assert _count(tmp_path) == 2


def test_a_writer_that_waits_in_vain_hears_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = opened(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("lantian.store.stack.stack_file.BUSY_SECONDS", 0)
    monkeypatch.setattr(opened, "__kwdefaults__", {"busy_seconds": 0, "shared_by_threads": False})
    with pytest.raises(Refusal) as told, writing(tmp_path):
        pass
    assert told.value.findings[0].code == "STORE-STACK-BUSY"
    other.close()


def test_commits_are_durable(tmp_path: Path) -> None:
    database = opened(tmp_path)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    database.close()
