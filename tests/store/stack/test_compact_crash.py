"""Compaction and merging killed between any two of their steps leave the old state or the new one, whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from stack_frames import MN, RECEIVED, frame, keep

from lantian.store.stack import compact, lake, stack_file
from lantian.store.stack.records import records

NOW = datetime(2026, 11, 3, tzinfo=UTC)
SPAN = (datetime(2026, 10, 1), datetime(2026, 12, 1))

# The child dies at the n-th call of one function, before it runs or when it is done.
CHILD = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from lantian.store.stack import compact, lake

data, work, name, number, when = sys.argv[1:]
left = [int(number)]
real = getattr(lake, name)

def dying(*given, **named):
    left[0] -= 1
    if when == "before" and not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    made = real(*given, **named)
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return made

setattr(lake, name, dying)
now = datetime(2026, 11, 3, tzinfo=UTC)
if work == "compact":
    compact.compact(Path(data), now, now=now)
else:
    compact.merge(Path(data), today=date(2026, 12, 20), now=now)
"""


def fill(data: Path, number: int) -> None:
    """Three frames of two months and two commands, told apart by a number."""
    at = RECEIVED + timedelta(minutes=number)
    fields = {"a21026-Avg": str(number), "a34013-Avg": "2.0"}
    keep(
        data,
        [
            frame(f"2026103123{number:02d}00", fields, at=at),
            frame(f"2026110108{number:02d}00", fields, at=at),
            frame(f"2026110108{number:02d}00", fields, cn="2061", at=at),
        ],
    )


def killed(data: Path, *words: str) -> None:
    run = subprocess.run([sys.executable, "-c", CHILD, str(data), *words], capture_output=True, text=True)
    assert run.returncode == -signal.SIGKILL, run.stderr


@pytest.mark.parametrize(
    ("name", "number", "when"),
    [("write", 1, "before"), ("write", 1, "after"), ("write", 3, "after"), ("add", 1, "before"), ("add", 1, "after")],
)
def test_a_killed_compaction_changes_no_record_and_is_done_again(data: Path, name: str, number: int, when: str) -> None:
    for one in range(3):
        fill(data, one)
    before = records(data, *SPAN)
    killed(data, "compact", name, str(number), when)
    assert records(data, *SPAN).equals(before)
    assert compact.compact(data, NOW, now=NOW) == 8
    assert records(data, *SPAN).equals(before)
    assert _only_listed_files_after_a_day(data)


@pytest.mark.parametrize(
    ("name", "number", "when"),
    [
        ("write", 1, "after"),
        ("add", 1, "after"),
        ("replaced", 1, "after"),
        ("write", 2, "before"),
        ("replaced", 2, "after"),
    ],
)
def test_a_killed_merge_changes_no_record_and_is_done_again(data: Path, name: str, number: int, when: str) -> None:
    for one in range(4):
        fill(data, one)
        compact.compact(data, RECEIVED + timedelta(minutes=one, seconds=1), now=NOW)
    before = records(data, *SPAN)
    killed(data, "merge", name, str(number), when)
    assert records(data, *SPAN).equals(before)
    assert compact.merge(data, today=date(2026, 12, 20), now=NOW + timedelta(seconds=1)) >= 1
    assert records(data, *SPAN).equals(before)
    assert _only_listed_files_after_a_day(data)
    with stack_file.reading(data) as database:
        assert database is not None
        assert {one.level for one in lake.listed(database)} == {"base"}


def _only_listed_files_after_a_day(data: Path) -> bool:
    """Whether the clean-up leaves exactly the files the manifest lists."""
    for file in (data / "stack").rglob("*"):
        if file.is_file():
            os.utime(file, (0, 0))
    before = records(data, *SPAN)
    compact.tidy(data, now=NOW + timedelta(days=2))
    with stack_file.reading(data) as database:
        assert database is not None
        listed = set(lake.counting(database))
    on_disk = {file.relative_to(data).as_posix() for file in (data / "stack").rglob("*") if file.is_file()}
    return on_disk == listed and records(data, *SPAN).equals(before) and set(before["mn"]) == {MN}
