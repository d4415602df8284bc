"""Arrivals: the short way over the head and the patient way over the whole frame say the same of every stream."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.stack.hj212 import Arrival, ArrivalDecoder, Decoder, Frame, Passed
from lantian.stack.hj212.arrival import arrival, digest
from lantian.stack.hj212.crc import crc

USUAL = b"QN=20260101080003001;ST=31;CN=2011;PW=123456;MN=E00000010000000000000003;Flag=5;CP=&&DataTime=20260101080000"

_pieces = st.sampled_from(
    [
        b"QN=20260101080003001;", b"QN=2026;", b"qn=20260101080003001;", b"ST=31;", b"CN=2011;", b"CN=2061,", b"PW=123456;", b"PW=;",
        b"MN=E00000010000000000000003;", b"MN=E000 0001;", b"MN=;", b"Flag=5;", b"Flag=4;", b"Flag=7;", b"Flag=999;", b"Flag=05;",
        b"PNUM=3;PNO=2;", b"PNUM=3;PNO=9;", b"CP=&&", b"&&", b"&", b"DataTime=20260101080000", b"DataTime=20260101080000999", b";DataTime=1",
        b"DataTime=;", b"DataTime =20260101080000", b";a34013-Rtd=1.2", b",a34013-Flag=N", b";//DataTime=x;//", b" ", b"##0010", b"#",
        b"\xb0\xc4", "汉".encode(), b"{0x11}", b";;", b"=",
    ]
)  # fmt: skip
_usual_order = st.lists(_pieces, max_size=6).map(lambda more: USUAL + b"".join(more) + b"&&")
_segments = st.one_of(_usual_order, st.lists(_pieces, max_size=14).map(b"".join))
_frames = _segments.map(lambda one: b"##%04d" % len(one) + one + crc(one))
_streams = st.lists(
    st.one_of(
        _frames, _frames.map(lambda one: one + b"\r\n"), _pieces, st.just(b"\r\n"), _frames.map(lambda one: one[:-3])
    ),
    max_size=6,
).map(b"".join)


def _same(one: Arrival | Passed) -> object:
    if isinstance(one, Passed):
        return one
    head = one.head
    return (head.st, head.cn, head.pw, head.mn, head.flag, head.part, head.parts, *one[1:])


def _patient(data: bytes) -> list[object]:
    decoder = Decoder()
    events = decoder.feed(data) + decoder.close()
    return [_same(arrival(one) if isinstance(one, Frame) else one) for one in events]


@settings(max_examples=600)
@given(_streams, st.lists(st.integers(0, 4000), max_size=5))
def test_any_split_of_any_stream_says_what_the_decoder_says(data: bytes, cuts: list[int]) -> None:
    decoder, said, told = ArrivalDecoder(), [], 0
    for cut in [*sorted(cuts), len(data)]:
        said += decoder.feed(data[told : max(told, cut)])
        told = max(told, cut)
    said += decoder.close()
    assert [_same(one) for one in said] == _patient(data)


def test_equal_heads_are_one_object_and_name_the_parts() -> None:
    segment = USUAL.replace(b"Flag=5", b"Flag=7;PNUM=3;PNO=2") + b";a34013-Rtd=1.2&&"
    raw = b"##%04d" % len(segment) + segment + crc(segment)
    first, second = ArrivalDecoder().feed((raw + b"\r\n") * 2)
    assert isinstance(first, Arrival)
    assert isinstance(second, Arrival)
    assert first.head is second.head
    assert (first.head.part, first.head.parts, first.head.need_ack) == (2, 3, True)
    assert (first.qn, first.data_time, first.raw) == ("20260101080003001", "20260101080000", raw)


def test_the_content_is_told_apart_by_command_part_and_area_and_without_a_time_by_qn() -> None:
    area = b"DataTime=20260101080000;a34013-Rtd=1.2"
    assert digest("2011", 0, area) == digest("2011", 0, area)
    others = {digest("2011", 0, area), digest("2051", 0, area), digest("2011", 1, area), digest("2011", 0, area + b"0")}
    assert len(others) == 4
    notice = b"ST=31;CN=1013;PW=123456;MN=E00000010000000000000003;Flag=5;CP=&&&&"
    segments = [b"QN=2026010108000300%d;" % number + notice for number in (1, 2)]
    stream = b"".join(b"##%04d" % len(one) + one + crc(one) + b"\r\n" for one in segments)
    one, other = ArrivalDecoder().feed(stream)
    assert isinstance(one, Arrival)
    assert isinstance(other, Arrival)
    assert one.digest != other.digest


def test_noise_of_any_length_is_held_within_bounds() -> None:
    chosen, decoder = random.Random(3), ArrivalDecoder()
    for _ in range(40):
        decoder.feed(chosen.randbytes(9000).replace(b"\r\n", b".."))
        assert decoder.held < 16384
