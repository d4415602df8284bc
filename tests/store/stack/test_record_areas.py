"""Frames taken apart column by column give the rows that the codec gives, one frame at a time."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stack_frames import MN

from lantian.stack.hj212 import Frame, decoded
from lantian.stack.hj212.crc import crc
from lantian.store.stack.record_rows import VALUES, WIRE, StoredFrame, rows_of

_KEYS = [
    "a21026-Rtd", "a21026-Flag", "a21026-ZsRtd", "a34013-Avg", "a34013-Min", "a34013-Flag", "a34013-EFlag", "SB1-RS", "-Rtd",
    "a21026-", "a-b-Rtd", "\ta21002-Rtd", "\na21002-Rtd", "PolId", "a21026", "",
]  # fmt: skip
_VALUES = ["1", "2.50", "-3", "N", "", "a=b", " 4", "5 ", "6\t", "\n7", "8\r", "//6;7,8//", "九", "&", "{0x41}"]
_PAIRS = st.tuples(st.sampled_from(_KEYS), st.sampled_from(["=", "=", "=", "=", ""]), st.sampled_from(_VALUES))
_USUAL = st.tuples(st.sampled_from(_KEYS[:8]), st.just("="), st.sampled_from(_VALUES[:5]))
_AREAS = st.lists(st.one_of(_USUAL, _PAIRS), max_size=8)


def raw(area: str, head: str = "", close: str = "&&", encoding: str = "utf-8") -> bytes:
    segment = f"QN=20261102090000000;ST=31;CN=2051;{head}PW=123456;MN={MN};Flag=5;CP=&&DataTime=20261102080000{area}{close}".encode(
        encoding
    )
    return b"##%04d" % len(segment) + segment + crc(segment)


def stored(number: int, text: bytes) -> StoredFrame:
    return StoredFrame(number, MN, "2051", "20261102080000", 0, "20261102090000000", 0, b"", text)


def by_codec(frames: list[StoredFrame]) -> list[tuple[object, ...]]:
    """Number, factor and fields of each row, as the events of the codec say it."""
    found: list[tuple[object, ...]] = []
    for one in frames:
        fields = [event.fields for event in decoded(one.raw + b"\r\n") if isinstance(event, Frame)]
        rows: dict[str, dict[str, str]] = {}
        for key, value in fields[0].items() if fields else ():
            code, dash, name = key.partition("-")
            if dash:
                rows.setdefault(code, {})[name] = value
        for code, row in rows.items():
            columns = tuple(row.get(name) for name in WIRE)
            more = {name: value for name, value in row.items() if name not in WIRE and name != "Flag"}
            found.append((one.seq, code, *columns, row.get("Flag"), more))
    return found


def by_columns(frames: list[StoredFrame]) -> list[tuple[object, ...]]:
    rows = rows_of(frames, {}).select("seq", "code", *VALUES, "flag", "more").rows()
    return [(*row[:-1], json.loads(row[-1]) if row[-1] else {}) for row in rows]


@given(st.lists(st.tuples(_AREAS, st.sampled_from([";", ","]), st.sampled_from(["", "", "x y;", "RF=1;"])), max_size=5))
def test_both_ways_give_the_same_rows(drawn) -> None:  # type: ignore[no-untyped-def]
    frames = [
        stored(number, raw("".join(f"{mark}{key}{sign}{value}" for key, sign, value in area), head))
        for number, (area, mark, head) in enumerate(drawn)
    ]
    assert by_columns(frames) == by_codec(frames)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (raw(";a21026-Rtd=1.0,a21026-Flag=N"), [("a21026", "1.0", "N")]),
        (raw(";a21026-Rtd=12.34", close=""), [("a21026", "12.34", None)]),  # an area that nobody closed loses nothing
        (raw(";a21026-Rtd=1;a34013-Rtd=2;a21026-Flag=D"), [("a21026", "1", "D"), ("a34013", "2", None)]),
        (raw(";a21026-Rtd=1;a21026-Rtd=2"), [("a21026", "2", None)]),  # the last of repeated fields stands
        (raw(";i11001-Info=//门开,请;注意//"), [("i11001", None, None)]),
        (raw(""), []),
        (raw(";a21026-Rtd=5;i11001-Info=门", encoding="gb18030"), [("a21026", "5", None), ("i11001", None, None)]),
    ],
)
def test_frames_of_the_field(text: bytes, rows: list[tuple[str, str | None, str | None]]) -> None:
    assert rows_of([stored(1, text)], {}).select("code", "rtd", "flag").rows() == rows


def test_frames_keep_their_order_and_their_head() -> None:
    frames = [stored(1, raw(";a34013-Rtd=1")), stored(2, raw("; a21026-Rtd=2")), stored(3, raw(";a21026-Rtd=3"))]
    found = rows_of(frames, {})
    assert found.select("seq", "code", "rtd").rows() == [(1, "a34013", "1"), (2, "a21026", "2"), (3, "a21026", "3")]
    assert set(found["start"]) == {datetime(2026, 11, 2, 8)}
    assert set(found["mn"]) == {MN}
