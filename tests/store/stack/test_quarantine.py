"""The quarantine: refused pieces and frames of unknown devices, from inbox and lake alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lantian.stack.hj212 import encoded
from lantian.store.stack.compact import compact
from lantian.store.stack.inbox import Batch, DeviceRow, FrameRow, Inbox, RefusedRow
from lantian.store.stack.quarantine import Quarantined, counts, quarantined

KNOWN, UNKNOWN = "MN-A", "MN-B"
AT = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1e6)


def frame(number: int, mn: str, time: str = "20260101080000", cn: str = "2011") -> FrameRow:
    fields = {"DataTime": time} if time else {}
    raw = encoded({"CN": cn, "MN": mn, "QN": f"2026010108000{number:04d}"}, fields | {"a21026-Rtd": "1"})[:-2]
    return (mn, cn, time, 0, f"2026010108000{number:04d}", AT + number, bytes([number]) * 8, raw)


def device(mn: str, accepted: bool = False) -> DeviceRow:
    return DeviceRow(mn, accepted, AT, "", 1, "10.0.0.1:5", False, "{}")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    inbox = Inbox(tmp_path)
    refused = [
        RefusedRow(AT + at, "10.0.0.9:1", mn, "", "", raw, "[]")
        for at, mn, raw in ((1, "", b"\xff\x85"), (9, KNOWN, b"x"))
    ]
    frames = [frame(2, KNOWN), frame(3, UNKNOWN), frame(5, UNKNOWN, ""), frame(8, "MN-C"), frame(10, KNOWN)]
    inbox.stage(Batch(frames, refused, [device(KNOWN), device(UNKNOWN), device("MN-C", accepted=True)]))
    inbox.commit()
    inbox.close()
    return tmp_path


def told(found: list[Quarantined]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.mn, one.findings[0]["code"] if one.findings else "") for one in found]


EXPECTED = [
    ("refused", "", ""),
    ("refused", KNOWN, ""),
    ("unknown", UNKNOWN, "GATEWAY-DEVICE-UNKNOWN"),
    ("unknown", UNKNOWN, "GATEWAY-DEVICE-UNKNOWN"),
]


@pytest.mark.parametrize("moved", [False, True])
def test_what_is_kept_aside_is_told_with_its_reason_wherever_it_lies(filled: Path, moved: bool) -> None:
    if moved:
        now = datetime(2026, 1, 2, tzinfo=UTC)
        assert compact(filled, now, now=now) == 4  # the newest stays
    found = list(quarantined(filled, {KNOWN}))
    assert told(found) == EXPECTED
    assert [one.received_at - AT for one in found] == [1, 9, 3, 5]
    assert [one.received_at - AT for one in quarantined(filled, {KNOWN}, most=1)] == [9, 5]
    assert [one.received_at - AT for one in quarantined(filled, {KNOWN}, most=0)] == []


def test_it_is_narrowed_by_device_time_and_number(filled: Path) -> None:
    assert {one.mn for one in quarantined(filled, {KNOWN}, mn=UNKNOWN)} == {UNKNOWN}
    assert told(list(quarantined(filled, {KNOWN}, since=AT + 4))) == [EXPECTED[1], EXPECTED[3]]
    assert told(list(quarantined(filled, {KNOWN, UNKNOWN}))) == told(list(quarantined(filled, None))) == EXPECTED[:2]
    assert counts(filled) == {"": 1, KNOWN: 1}
    assert counts(filled, since=AT + 5) == {KNOWN: 1}


def test_a_line_of_json_is_one_line_whatever_was_sent(filled: Path) -> None:
    lines = [one.as_json() for one in quarantined(filled, {KNOWN})]
    assert all(len(line.splitlines()) == 1 for line in lines)
    odd = Quarantined(1, "refused", AT, "", "", "", "", "\u2028\x85\x7f汉\n".encode(), ())
    assert len(odd.as_json().splitlines()) == 1
    assert json.loads(odd.as_json())["raw"] == "\u2028\x85\x7f汉\n"
    assert json.loads(lines[0])["raw"] == "\\xff\\x85"


def test_without_a_file_there_is_nothing(tmp_path: Path) -> None:
    assert list(quarantined(tmp_path, set())) == []
    assert counts(tmp_path) == {}
