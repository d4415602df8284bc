"""The pieces of a long span hold each record once, whether frames lie in the inbox, in the lake or in both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from stack_frames import RECEIVED, frame, keep

from lantian.store.stack import compact, spans
from lantian.store.stack.records import records
from lantian.store.stack.spans import pieces

FIRST, UNTIL = datetime(2026, 10, 1), datetime(2026, 12, 1)
NOW = datetime(2026, 11, 3, tzinfo=UTC)
MNS = [f"{number:024d}" for number in range(5)]


@pytest.fixture
def filled(data: Path) -> Path:
    """Five devices, twenty minutes across the end of a month, one time that is none, one with milliseconds."""
    times = [datetime(2026, 10, 31, 23, 50) + timedelta(minutes=at) for at in range(20)]
    rows = [
        frame(
            f"{time:%Y%m%d%H%M%S}", {"a21026-Avg": "1", "a34013-Avg": "2"}, mn=mn, at=RECEIVED + timedelta(seconds=at)
        )
        for at, time in enumerate(times)
        for mn in MNS
    ]
    odd = [frame(time, {"a21026-Avg": "1"}, mn=MNS[0]) for time in ("20261131000000", "20261101000300123", "nonsense")]
    keep(data, rows + odd)
    return data


def whole(data: Path) -> pl.DataFrame:
    return records(data, FIRST, UNTIL)


@pytest.mark.parametrize("moved", [0, 7, 30])
def test_pieces_hold_each_record_once(filled: Path, moved: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "FRAMES", 9)
    monkeypatch.setattr(spans, "ROWS", 30)
    compact.compact(filled, RECEIVED + timedelta(seconds=moved), now=NOW)
    found = list(pieces(filled, FIRST, UNTIL, MNS))
    parts = [records(filled, *one[:2], mns=one.mns) for one in found]
    assert len(found) > 4
    assert max(part.height for part in parts) < whole(filled).height
    assert pl.concat(parts).sort("mn", "cn", "start", "code").equals(whole(filled))


def test_devices_not_asked_for_are_left_out(filled: Path) -> None:
    found = list(pieces(filled, FIRST, UNTIL, MNS[:2]))
    assert [list(one.mns) for one in found] == [MNS[:2]]


def test_a_month_without_files_or_frames_is_passed_over(filled: Path) -> None:
    compact.compact(filled, RECEIVED + timedelta(hours=1), now=NOW)
    found = list(pieces(filled, datetime(2026, 1, 1), UNTIL, MNS))
    assert {one.first for one in found} == {datetime(2026, 10, 1), datetime(2026, 11, 1)}


def test_nothing_has_arrived_yet(data: Path) -> None:
    assert list(pieces(data, FIRST, UNTIL, MNS)) == []
