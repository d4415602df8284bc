"""The check of HJ 212: published vectors, and the folded form against the standard's own steps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.stack.hj212.crc import TEXTS, arc, clause, crc, modbus, modbus_swapped, variant_of

# HJ 212-2017 appendix A (the frame, not the misprint beside it); HJ 212-2025 A.1; the usual check string
PUBLISHED = [
    (b"", b"FFFF"),
    (b"123456789", b"2F80"),
    (b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&", b"1C80"),
    (b"QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&", b"2200"),
]


@pytest.mark.parametrize(("segment", "check"), PUBLISHED)
def test_published_vectors(segment: bytes, check: bytes) -> None:
    assert crc(segment) == clause(segment) == check


@settings(deadline=None)
@given(st.binary(max_size=1100))
def test_the_folded_form_is_the_standards(segment: bytes) -> None:
    assert crc(segment) == clause(segment)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 63, 64, 65, 511, 512, 1023, 1024, 1025, 2048, 4096, 8191, 8192, 9999])
def test_every_length_that_four_digits_can_say(size: int) -> None:
    segment = bytes((7 * place + place // 251) % 256 for place in range(size))
    assert crc(segment) == clause(segment)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=300), st.data())
def test_every_single_changed_byte_is_detected(segment: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(segment) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != segment[place]))
    assert crc(segment[:place] + bytes([other]) + segment[place + 1 :]) != crc(segment)


def test_only_256_values_exist() -> None:
    assert len(set(TEXTS)) == 256


def test_other_checks_and_their_names() -> None:
    text = b"123456789"
    assert (modbus(text), modbus_swapped(text), arc(text)) == (b"4B37", b"374B", b"BB3D")  # the usual check values
    assert variant_of(text, b"374b") == "modbus-swapped"
    assert variant_of(text, b"2F80") == "hj212"
    assert variant_of(text, b"0000") is None
