"""A backup holds what came from the stacks: inbox, lake and register; the files that count, no others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from stack_frames import MN, RECEIVED, frame, keep

from lantian.store.backup import backup, restore
from lantian.store.folder import prepare
from lantian.store.stack.compact import compact
from lantian.store.stack.outlets import Outlet, outlets, publish
from lantian.store.stack.records import records

NOW = datetime(2026, 11, 3, tzinfo=UTC)
SPAN = (datetime(2026, 11, 1), datetime(2026, 12, 1))


def test_what_came_from_the_stacks_comes_back(data: Path, tmp_path: Path) -> None:
    prepare(data, now=NOW)
    publish(data, [Outlet("M1-DA001", "排口", "模拟热电一", "230302", mn=MN, key="30" * 16)])
    keep(
        data, [frame(f"2026110208000{n}", {"a21026-Avg": str(n)}, at=RECEIVED + timedelta(seconds=n)) for n in range(4)]
    )
    compact(data, RECEIVED + timedelta(seconds=2), now=NOW)
    (data / "stack" / "records" / "2051" / "left-over.parquet").write_bytes(b"x")
    (data / "gateway.token").write_text("secret of a running process")
    file = backup(data, tmp_path / "b.tar.gz", now=NOW)
    goal = tmp_path / "other"
    restore(file, goal, now=NOW)
    assert records(goal, *SPAN).height == 4
    assert records(goal, *SPAN).equals(records(data, *SPAN))
    assert outlets(goal) == outlets(data)
    assert not (goal / "gateway.token").exists()
    assert not (goal / "stack" / "records" / "2051" / "left-over.parquet").exists()
