"""Streams: any split gives the same events, garbage hides no good frame, every byte is told of, memory is bounded."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.stack.hj212 import Decoder, Device, Event, Frame, Note, Passed, decoded
from lantian.stack.hj212.crc import arc, crc
from lantian.stack.hj212.decoder import HOLD

MN = "010000A8900016F000169DC0"


def framed(segment: bytes, end: bytes = b"\r\n") -> bytes:
    return b"##%04d" % len(segment) + segment + crc(segment) + end


def data(number: int = 1, area: str = "a34013-Rtd=7.4,a34013-Flag=N", extra: str = "Flag=5") -> bytes:
    return (
        f"QN=20261123{number % 1_000_000_000:09d};ST=31;CN=2011;PW=123456;MN={MN};{extra}"
        f";CP=&&DataTime=20261123120000;{area}&&"
    ).encode()


def frames(events: list[Event]) -> list[Frame]:
    return [event for event in events if isinstance(event, Frame)]


def codes(events: list[Event]) -> list[str]:
    return [note.code for event in events for note in event.notes]


good = st.integers(0, 999).map(lambda number: framed(data(number)))
odd = st.one_of(
    good,
    st.integers(0, 999).map(lambda number: framed(data(number), b"")),
    st.integers(0, 999).map(lambda number: framed(data(number), b"\n")),
    st.integers(0, 999).map(lambda number: framed(data(number), b"\r\n\r\n")),
    st.tuples(good, st.integers(1, 200)).map(lambda cut: cut[0][: cut[1]]),
    st.tuples(good, st.integers(0, 180), st.binary(min_size=1, max_size=3)).map(
        lambda hit: hit[0][: hit[1]] + hit[2] + hit[0][hit[1] + len(hit[2]) :]
    ),
    st.sampled_from(
        [b"#", b"##", b"##00", b"##0000FFFF\r\n", b"##9999", b"\r", b"\n", b"\r\n", b"&&", b"##0004&&&&FFFF", b" \0"]
    ),
    st.binary(max_size=40),
    st.tuples(st.sampled_from([b"#", b"x", b"##0100", b"\r", b"##9999QN="]), st.integers(1, 6000)).map(
        lambda run: run[0] * run[1]
    ),
)
streams = st.lists(odd, max_size=12).map(b"".join)


@settings(deadline=None)
@given(streams, st.data())
def test_any_split_of_the_stream_gives_the_same_events(stream: bytes, draw: st.DataObject) -> None:
    cuts = draw.draw(st.lists(st.integers(0, len(stream)), max_size=12).map(sorted))
    decoder, events = Decoder(), list[Event]()
    for first, last in pairwise([0, *cuts, len(stream)]):
        events += decoder.feed(stream[first:last])
        assert decoder.held < HOLD
    assert events + decoder.close() == decoded(stream)


@settings(deadline=None)
@given(st.lists(odd, max_size=6).map(lambda parts: b"".join(parts)[:1500]))
def test_byte_by_byte_gives_the_same_events(stream: bytes) -> None:
    decoder, events = Decoder(), list[Event]()
    for byte in stream:
        events += decoder.feed(bytes([byte]))
    assert events + decoder.close() == decoded(stream)


@settings(deadline=None)
@given(streams)
def test_every_byte_is_in_one_event_or_is_the_end_of_a_line(stream: bytes) -> None:
    place = 0
    for event in decoded(stream):
        assert event.start >= place
        assert stream[place : event.start].replace(b"\r\n", b"") == b""
        assert stream[event.start : event.end] == event.raw
        place = event.end
    assert stream[place:].replace(b"\r\n", b"") == b""


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.binary(max_size=60).filter(lambda raw: b"##" not in raw and not raw.endswith(b"#")), st.integers(0, 999)
        )
    )
)
def test_garbage_between_frames_hides_no_good_frame(parts: list[tuple[bytes, int]]) -> None:
    stream = b"".join(garbage + framed(data(number)) for garbage, number in parts)
    assert [frame.raw for frame in frames(decoded(stream))] == [framed(data(number), b"") for _, number in parts]


@pytest.mark.parametrize("cut", [2, 5, 6, 7, 40, 150])
def test_a_cut_frame_hides_not_the_next_even_if_it_claims_to_be_long(cut: int) -> None:
    stream = b"##9999" + framed(data(1))[6 : 6 + cut] + framed(data(2))
    events = Decoder().feed(stream)  # at once: the next frame is taken as soon as its check is there
    assert [frame.raw for frame in frames(events)] == [framed(data(2), b"")]
    assert isinstance(events[0], Passed)


def test_a_frame_without_its_end_is_taken_at_once_and_said() -> None:
    decoder = Decoder()
    assert len(frames(decoder.feed(framed(data(1), b"")))) == 1
    (second,) = decoder.feed(framed(data(2), b""))
    assert second.notes == (Note("HJ212-END-MISSING"),)
    assert codes(decoder.close()) == ["HJ212-END-MISSING"]


def test_ends_that_are_not_cr_lf() -> None:
    events = decoded(framed(data(1), b"\n") + framed(data(2), b"\r\n\r\n") + framed(data(3)))
    assert len(frames(events)) == 3
    assert codes(events) == ["HJ212-END-ODD", "HJ212-END-DOUBLED"]


def test_a_lower_case_check_is_taken_and_said() -> None:
    raw = framed(data(1))
    assert raw[-6:-2].decode() != raw[-6:-2].decode().lower()
    (event,) = decoded(raw[:-6] + raw[-6:-2].lower() + b"\r\n")
    assert isinstance(event, Frame)
    assert codes([event]) == ["HJ212-CRC-LOWER"]


@pytest.mark.parametrize("coding", ["utf-8", "gb18030"])
def test_a_length_in_characters_is_taken_and_said_where_the_check_is_right(coding: str) -> None:
    text = data(1, "i11001-Info=//清洗管路//").decode()
    segment = text.encode(coding)
    (event,) = decoded(b"##%04d" % len(text) + segment + crc(segment) + b"\r\n")
    assert isinstance(event, Frame)
    assert event.items == {"i11001": {"Info": "//清洗管路//"}}
    assert "HJ212-LENGTH-CHARACTERS" in codes([event])
    (event,) = decoded(b"##%04d" % (len(text) + 1) + segment + crc(segment) + b"\r\n")
    assert codes([event]) == ["HJ212-LENGTH-MISMATCH"]


def test_refusals_name_every_reason_and_whose_frame_it_was() -> None:
    raw = framed(data(1)).replace(b"7.4", b"7.5")
    (event,) = decoded(raw)
    assert isinstance(event, Passed)
    assert codes([event]) == ["HJ212-CRC-MISMATCH"]
    assert event.header["MN"] == MN
    (event,) = decoded(b"##0999" + framed(data(1))[6:])
    assert codes([event]) == ["HJ212-LENGTH-MISMATCH"]
    (event,) = decoded(framed(data(1))[2:])
    assert codes([event]) == ["HJ212-NO-HEAD"]


@pytest.mark.parametrize(
    ("field", "code"), [(b"CN=2011;", "HJ212-NO-CN"), (b"MN=" + MN.encode() + b";", "HJ212-NO-MN")]
)
def test_a_frame_that_does_not_say_what_or_whose_it_is_is_refused(field: bytes, code: str) -> None:
    (event,) = decoded(framed(data(1).replace(field, b"")))
    assert isinstance(event, Passed)
    assert codes([event])[0] == code


def test_another_check_only_for_the_device_it_is_set_for() -> None:
    segment = data(1)
    raw = b"##%04d" % len(segment) + segment + arc(segment) + b"\r\n"
    (refused,) = decoded(raw)
    assert refused.notes[0].met.endswith("(arc)")
    (taken,) = decoded(raw, {MN: Device(crc="arc")})
    assert isinstance(taken, Frame)
    assert codes([taken]) == ["HJ212-CRC-VARIANT"]
    assert len(frames(decoded(framed(segment), {MN: Device(crc="arc")}))) == 1  # the standard's own is always taken


def test_longer_than_the_standard_allows_is_noted_and_longer_than_four_digits_can_say_is_bounded() -> None:
    long = data(1, ",".join(f"a34013-X{number}=1" for number in range(200)))
    (event,) = decoded(framed(long))
    assert isinstance(event, Frame)
    assert codes([event]) == ["HJ212-SEGMENT-LONG"]
    decoder = Decoder()
    events: list[Event] = []
    for _ in range(300):
        events += decoder.feed(b"##9999" + b"x" * 994)
        assert decoder.held < HOLD
    events += decoder.feed(b"\r\n" + framed(data(2)))
    assert [frame.raw for frame in frames(events)] == [framed(data(2), b"")]


def test_a_good_frame_right_behind_a_long_run_without_an_end() -> None:
    for size in (HOLD - 200, HOLD - 1, HOLD, HOLD + 1, 3 * HOLD + 77):
        assert len(frames(decoded(b"#" * size + framed(data(1))))) == 1
