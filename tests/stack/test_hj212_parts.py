"""Sub-packets in any order, missing, repeated and differing; and Flag, values and times."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.stack.hj212 import (
    Assembler,
    Edition,
    FlagBits,
    Frame,
    Transmission,
    decoded,
    edition_of,
    encoded,
    flag_bits,
)
from lantian.stack.hj212.values import decimal, exact, exchange_moment, moment


def part(number: int, count: int, value: str = "1", time: str = "20160801080000") -> Frame:
    """Like the printed example C.49: each part with its own QN."""
    header = {"QN": f"2016080108585753{number}", "ST": "32", "CN": "2061", "MN": "1", "Flag": "6"}
    fields = {"DataTime": time, f"w0000{number}-Avg": value}
    (frame,) = decoded(encoded(header | {"PNUM": str(count), "PNO": str(number)}, fields))
    assert isinstance(frame, Frame)
    return frame


@settings(deadline=None)
@given(st.permutations([1, 2, 3, 4]))
def test_parts_in_any_order(order: list[int]) -> None:
    assembler = Assembler()
    *early, last = [assembler.add(part(number, 4)) for number in order]
    assert early == [[], [], []]
    (one,) = last
    assert one.complete
    assert list(one.fields) == ["DataTime", "w00001-Avg", "w00002-Avg", "w00003-Avg", "w00004-Avg"]
    assert assembler.waiting == []


def test_missing_repeated_and_differing_parts_are_told() -> None:
    assembler = Assembler()
    for frame in (part(2, 3), part(2, 3), part(2, 3, "9")):
        assert assembler.add(frame) == []
    (one,) = assembler.waiting
    assert (one.missing, one.repeated, one.differing) == ([1, 3], [2], [2])
    assert one.fields["w00002-Avg"] == "9"
    assert assembler.give_up(one.key) is one
    assert assembler.waiting == []


def test_other_times_and_counts_are_other_transmissions() -> None:
    assembler = Assembler()
    for frame in (part(1, 2), part(1, 3), part(2, 2, time="20160801090000")):
        assert assembler.add(frame) == []
    assert len(assembler.waiting) == 3


def test_open_transmissions_are_bounded_and_the_oldest_is_given_up() -> None:
    assembler, ended = Assembler(most=2), list[Transmission]()
    for hour in range(10, 15):
        ended += assembler.add(part(1, 2, time=f"20160801{hour}0000"))
    assert [one.key.time[8:10] for one in ended] == ["10", "11", "12"]
    assert all(one.missing == [2] for one in ended)


@pytest.mark.parametrize(("number", "count"), [("0", "2"), ("3", "2"), ("x", "2"), ("1", "")])
def test_impossible_numbers_make_no_part(number: str, count: str) -> None:
    (frame,) = decoded(encoded({"CN": "2061", "MN": "1", "Flag": "6", "PNUM": count, "PNO": number}, {}))
    assert isinstance(frame, Frame)
    assert Assembler().add(frame) == []


def test_flag_as_table_3_prints_it() -> None:
    assert flag_bits("7") == FlagBits(1, True, True)
    assert flag_bits("8") == FlagBits(2, False, False)
    assert [flag_bits(text) for text in (None, "", "x", "-1", "256", "٤")] == [None] * 6
    assert all(bits.value == number for number in range(256) if (bits := flag_bits(str(number))))


def test_edition_by_flag() -> None:
    flags = {"0": Edition.HJT_2005, "3": Edition.HJT_2005, "4": Edition.HJ_2017, "9": Edition.HJ_2025, "12": None}
    assert {flag: edition_of({"Flag": flag}) for flag in flags} == flags
    assert edition_of({}) is Edition.HJT_2005


def test_numbers_keep_the_places_they_were_sent_with() -> None:
    assert str(decimal("3.20")) == "3.20"
    assert decimal("-130.7116") == Decimal("-130.7116")
    assert [decimal(text) for text in ("", "1e3", "NaN", "1,2", "１", " 1")] == [None] * 6
    assert exact("3.2", 4) == 32000


def test_times() -> None:
    assert moment("20160801085857") == datetime(2016, 8, 1, 8, 58, 57)
    assert exchange_moment("20160801085857223") == datetime(2016, 8, 1, 8, 58, 57, 223000)
    assert [moment(text) for text in ("2016080108585", "20161301085857", "20210305003817000", "")] == [None] * 4
    assert exchange_moment("1617957600465") is None
