"""The inbox: batches whole or not at all, a frame once, devices added up, findings kept; the log moved beside the writing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lantian.store.stack.commands import (
    DeviceCommand,
    command,
    commands,
    kept,
    last_done,
    number_of_last,
    open_commands,
)
from lantian.store.stack.inbox import (
    Batch,
    DeviceFinding,
    DeviceRow,
    FrameRow,
    Inbox,
    RefusedRow,
    device_findings,
    device_findings_text,
    devices,
    is_busy,
)
from lantian.store.stack.stack_file import reading, writing

A, B = "MN-A", "MN-B"


def frame(number: int, mn: str = A, content: bytes = b"1", cn: str = "2011", part: int = 0) -> FrameRow:
    return (mn, cn, f"202601010800{number:02d}", part, f"2026010108{number:07d}", 1_000 + number, content * 8, b"##raw")


def device(mn: str = A, at: int = 5, frames: int = 1, **more: object) -> DeviceRow:
    row = DeviceRow(mn, False, at, "20260101080000", frames, "127.0.0.1:1", True, "{}")
    return row._replace(**more)  # type: ignore[arg-type]


def put(inbox: Inbox, batch: Batch) -> int:
    new = inbox.stage(batch)
    inbox.commit()
    return new


def count(data: Path, table: str = "frame") -> int:
    with reading(data) as database:
        assert database is not None
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_others_see_a_batch_when_it_is_committed_and_not_before(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    batch = Batch([frame(1), frame(2)], [RefusedRow(1, "127.0.0.1:1", "", "", "", b"noise", "[]")], [device()])
    assert inbox.stage(batch) == 2
    assert count(tmp_path) == count(tmp_path, "quarantine") == count(tmp_path, "device") == 0
    inbox.commit()
    assert (count(tmp_path), count(tmp_path, "quarantine"), count(tmp_path, "device")) == (2, 1, 1)
    inbox.close()


def test_a_frame_stands_once_and_another_content_part_command_or_device_beside_it(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    assert put(inbox, Batch([frame(1), frame(1)])) == 1
    assert put(inbox, Batch([frame(1)])) == 0
    others = [frame(1, content=b"2"), frame(1, part=1), frame(1, cn="2051"), frame(1, mn=B)]
    assert put(inbox, Batch(others)) == 4
    inbox.close()


def test_a_batch_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    with pytest.raises(sqlite3.Error):
        inbox.stage(Batch([frame(1)], changes=[("INSERT INTO nowhere VALUES (1)", ())]))
    assert put(inbox, Batch([frame(2)])) == 1
    assert count(tmp_path) == 1
    inbox.close()


def test_another_writer_is_told_from_a_fault(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    with writing(tmp_path), pytest.raises(sqlite3.OperationalError) as told:
        inbox.stage(Batch([frame(1)]))
    assert is_busy(told.value)
    assert put(inbox, Batch([frame(1)])) == 1
    inbox.close()


def test_numbers_are_not_given_again_when_the_newest_frames_are_gone(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    put(inbox, Batch([frame(1), frame(2)]))
    with writing(tmp_path) as database:
        database.execute("DELETE FROM frame")
    put(inbox, Batch([frame(3)]))
    with reading(tmp_path) as database:
        assert database is not None
        assert database.execute("SELECT id FROM frame").fetchall() == [(3,)]
    inbox.close()


def test_the_log_is_moved_into_the_file_once_it_has_grown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantian.store.stack.inbox._LOG_PAGES", 20)
    inbox = Inbox(tmp_path)
    assert not inbox.wants_checkpoint
    big = [(*frame(number % 60, mn=f"MN{number}")[:-1], b"x" * 4000) for number in range(100)]
    put(inbox, Batch(big))
    assert inbox.wants_checkpoint
    before = (tmp_path / "stack.sqlite").stat().st_size
    with reading(tmp_path) as reader:
        assert reader is not None
        assert reader.execute("SELECT count(*) FROM frame").fetchone() == (100,)
        inbox.checkpoint()
        put(inbox, Batch([frame(1, mn="other")]))
        assert reader.execute("SELECT count(*) FROM frame").fetchone() == (100,)
    assert not inbox.wants_checkpoint
    assert (tmp_path / "stack.sqlite").stat().st_size > before
    assert count(tmp_path) == 101
    inbox.close()


def test_another_process_that_comes_and_goes_leaves_the_log_to_its_writer(tmp_path: Path) -> None:
    """A file closed beside SQLite would free its locks; whoever closes last then removes the log under the writer."""
    inbox = Inbox(tmp_path)
    put(inbox, Batch([frame(1)]))
    inbox.checkpoint()
    put(inbox, Batch([frame(2)]))
    with writing(tmp_path) as database:
        database.execute("INSERT INTO counter VALUES ('test', 1)")
    log = tmp_path / "stack.sqlite-wal"
    before = log.stat().st_ino
    look = "import sqlite3, sys; one = sqlite3.connect(sys.argv[1]); print(one.execute('SELECT count(*) FROM frame').fetchone()); one.close()"
    for _ in range(2):
        told = subprocess.run(
            [sys.executable, "-c", look, tmp_path / "stack.sqlite"], capture_output=True, text=True, check=True
        )
        assert told.stdout == "(2,)\n"
    assert log.stat().st_ino == before
    put(inbox, Batch([frame(3)]))
    assert count(tmp_path) == 3
    inbox.close()


def test_what_is_new_about_a_device_is_added_up(tmp_path: Path) -> None:
    found = DeviceFinding("GATEWAY-CLOCK-OFF", "钟", "clock", 3, 77)
    text = device_findings_text({found.code: found})
    assert device_findings(text) == (found,)
    inbox = Inbox(tmp_path)
    put(inbox, Batch(devices=[device(at=5, frames=2)]))
    later = {
        "data_time": "20260101070000",
        "accepted": True,
        "connected": False,
        "peer": "127.0.0.1:2",
        "findings": text,
    }
    put(inbox, Batch(devices=[device(at=9, frames=3, **later)]))
    (seen,) = devices(tmp_path)
    assert (seen.first_at, seen.last_at, seen.frames, seen.last_data_time) == (5, 9, 5, "20260101080000")
    assert (seen.accepted, seen.connected, seen.peer, seen.findings) == (True, False, "127.0.0.1:2", (found,))
    put(inbox, Batch(devices=[device(at=11)]))
    assert devices(tmp_path)[0].accepted  # once accepted, accepted
    inbox.close()


def test_a_device_known_by_findings_alone_has_no_instant_until_it_sends(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    put(inbox, Batch(devices=[device(at=0, frames=0)]))
    assert devices(tmp_path)[0].first_at == 0
    put(inbox, Batch(devices=[device(at=8)]))
    assert devices(tmp_path)[0].first_at == 8
    inbox.close()


def test_nothing_is_known_of_a_folder_without_the_file(tmp_path: Path) -> None:
    assert devices(tmp_path) == []
    assert commands(tmp_path) == open_commands(tmp_path) == []
    assert (number_of_last(tmp_path), last_done(tmp_path, "1000"), command(tmp_path, 1)) == (0, {}, None)


def test_commands_are_kept_as_they_stand(tmp_path: Path) -> None:
    first = DeviceCommand(1, A, "1000", {"OverTime": "7"}, "wang", 10)
    second = DeviceCommand(2, B, "2061", {"BeginTime": "20260101000000"}, "gateway", 20)
    inbox = Inbox(tmp_path)
    put(inbox, Batch(changes=[kept(first), kept(second)]))
    assert commands(tmp_path) == [second, first]
    assert open_commands(tmp_path) == [first, second]
    first.state, first.qn, first.tries, first.answered_at, first.ended_at, first.result = (
        "done",
        "q",
        2,
        11,
        12,
        "ExeRtn=1",
    )
    put(inbox, Batch(changes=[kept(first)]))
    assert command(tmp_path, 1) == first
    assert not first.open
    assert open_commands(tmp_path) == [second]
    assert commands(tmp_path, mn=B) == [second]
    assert (number_of_last(tmp_path), last_done(tmp_path, "1000")) == (2, {A: {"OverTime": "7"}})
    inbox.close()
