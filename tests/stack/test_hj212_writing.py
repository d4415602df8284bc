"""No deviation in silence: what reads without a note is written exactly as the standard writes it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.stack.hj212 import ArrivalDecoder, Decoder, Frame, Passed, decoded, deviations, encoded, finding
from lantian.stack.hj212.crc import crc
from lantian.work.stack_law import hj212_tables

TABLES = hj212_tables(date(2026, 11, 28))
HEAD = "QN=20261128083000123;ST=31;CN=2051;PW=123456;MN=FF2303000000000000000001;Flag=7;PNUM=2;PNO=1;"
AREA = "DataTime=20261128082900;a21026-Min=1.20,a21026-Avg=2.20,a21026-Flag=N;a01011-Avg=-0.5,a01011-Flag=N"
SEGMENTS = (
    f"{HEAD}CP=&&{AREA}&&",
    "QN=20261128083000123;ST=91;CN=9012;PW=123456;MN=FF2303000000000000000001;Flag=8;CP=&&ExeRtn=1&&",
    "QN=20261128083000123;ST=31;CN=3020;PW=123456;MN=FF2303000000000000000001;Flag=4;CP=&&PolId=a21026;i11001-Info=//清洗//&&",
    "ST=31;CN=2011;PW=123456;MN=FF230300000001;CP=&&DataTime=20261128082900;02-Rtd=1.2,02-Flag=N&&",
)
PIECES = [
    " ", ",", ";", "=", "&&", "&", "//", "-", "##", "#", "\t", "\r", "\n", "\x00", "CP=&&", "MN=", "PNO=1;", "RF=1;", "1e5", "中", "１",
]  # fmt: skip


def framed(segment: str) -> bytes:
    data = segment.encode()
    return b"##%04d" % len(data) + data + crc(data) + b"\r\n"


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A frame with right length and check whose segment was changed in one or two places."""
    segment = draw(st.sampled_from(SEGMENTS))
    for _ in range(draw(st.integers(1, 2))):
        first = draw(st.integers(0, len(segment)))
        last = draw(st.integers(first, min(len(segment), first + 10)))
        segment = segment[:first] + draw(st.sampled_from(["", *PIECES])) + segment[last:]
    return framed(segment)


@given(damaged(), st.integers(0, 400))
def test_what_has_no_note_is_what_the_encoder_writes(raw: bytes, cut: int) -> None:
    events = decoded(raw)
    decoder = Decoder()
    assert decoder.feed(raw[:cut]) + decoder.feed(raw[cut:]) + decoder.close() == events
    arrivals = ArrivalDecoder()
    assert len(arrivals.feed(raw) + arrivals.close()) == len(events)
    for event in events:
        notes = [*event.notes, *(deviations(event, TABLES) if isinstance(event, Frame) else ())]
        assert all(finding(note).text.zh for note in notes)
        if isinstance(event, Passed):
            assert notes
        elif not notes:
            assert encoded(event.header, event.fields) == event.raw + b"\r\n"


@pytest.mark.parametrize(
    ("segment", "code"),
    [
        (SEGMENTS[0].replace(";PNO=1", ""), "HJ212-PARTS-ABSENT"),
        (SEGMENTS[0].replace("Flag=7;PNUM=2;PNO=1", "PNUM=2;PNO=1;Flag=7"), "HJ212-HEADER-ORDER"),
        (SEGMENTS[0].replace("ST=31;", "ST=31;;"), "HJ212-HEADER-JOINT"),
        (SEGMENTS[1].replace("Flag=8;", "Flag=8"), "HJ212-HEADER-JOINT"),
        (SEGMENTS[0].replace(",a21026-Avg", ";a21026-Avg"), "HJ212-JOINT"),
        (SEGMENTS[0].replace(";a01011-Avg", ",a01011-Avg"), "HJ212-JOINT"),
        (SEGMENTS[0].replace("2.20", "2#20"), "HJ212-CHARACTER"),
        (SEGMENTS[0].replace("a21026-Min=", "二氧化硫-Min="), "HJ212-CHARACTER"),
        (SEGMENTS[0].replace("2.20", "-"), "HJ212-NUMBER-FORM"),
        (SEGMENTS[0].replace("2.20", ""), "HJ212-NUMBER-FORM"),
        (SEGMENTS[0].replace("2.20", "2.2e1"), "HJ212-NUMBER-FORM"),
        (SEGMENTS[0].replace("2.20", "2,20"), "HJ212-NO-EQUALS"),
        (SEGMENTS[0].replace("MN=FF", "MN=f"), "HJ212-MN-FORM"),
        (SEGMENTS[0].replace("Flag=7", "Flag=253"), "HJ212-VERSION-UNKNOWN"),
        (SEGMENTS[0].replace("ST=31;", "ST=31,"), "HJ212-HEADER-COMMA"),
        (SEGMENTS[0].replace("ST=31;", "ST=31;ST=32;"), "HJ212-REPEATED"),
        (SEGMENTS[0].replace("&&Data", "&&CP=&&Data"), "HJ212-CHARACTER"),
    ],
)
def test_each_deviation_has_its_note_and_the_frame_is_taken(segment: str, code: str) -> None:
    (event,) = decoded(framed(segment))
    assert isinstance(event, Frame)
    assert code in [note.code for note in (*event.notes, *deviations(event, TABLES))]


@pytest.mark.parametrize("segment", SEGMENTS)
def test_what_is_right_has_no_note(segment: str) -> None:
    (event,) = decoded(framed(segment))
    assert isinstance(event, Frame)
    notes = {note.code for note in (*event.notes, *deviations(event, TABLES))}
    assert notes <= {"HJ212-QN-ABSENT", "HJ212-FLAG-ABSENT"}  # the frame of 2005 has neither, as is told


@pytest.mark.parametrize("absent", ["CN", "MN"])
def test_an_empty_name_of_device_or_command_is_refused(absent: str) -> None:
    start = SEGMENTS[0].index(f"{absent}=")
    segment = SEGMENTS[0][: start + 3] + SEGMENTS[0][SEGMENTS[0].index(";", start) :]
    (event,) = decoded(framed(segment))
    assert isinstance(event, Passed)
    assert event.notes[0].code == f"HJ212-NO-{absent}"
