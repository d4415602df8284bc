"""What is counted by address, and transmissions that miss parts."""

from __future__ import annotations

from gateway_client import frame
from hypothesis import given
from hypothesis import strategies as st

from lantian.gateway.addresses import Addresses
from lantian.gateway.limits import Limits
from lantian.gateway.transmissions import Transmissions
from lantian.stack.hj212 import Arrival, ArrivalDecoder

LIMITS = Limits(parts_seconds=10, parts_open=3, address_connections=2, refused_bytes=100, tries=3, longest_delay=20)


def part(number: int, total: int, minute: int = 0) -> Arrival:
    (event,) = ArrivalDecoder().feed(frame(minute, flag=7, PNUM=str(total), PNO=str(number)))
    assert isinstance(event, Arrival)
    return event


@given(st.permutations([1, 2, 3, 4]), st.sets(st.integers(1, 4), max_size=4))
def test_in_any_order_and_with_repeats_only_what_is_missing_is_told(order: list[int], left_out: set[int]) -> None:
    transmissions = Transmissions(LIMITS)
    came = [number for number in order if number not in left_out]
    for number in [*came, *came[:1]] if left_out else came:
        transmissions.add(part(number, 4), 0)
    overdue = transmissions.overdue(11)
    assert [numbers for _, numbers in overdue] == ([sorted(came)] if left_out and came else [])
    assert transmissions.overdue(100) == []


def test_the_oldest_are_told_where_too_many_are_open() -> None:
    transmissions = Transmissions(LIMITS)
    for minute in range(5):
        transmissions.add(part(1, 2, minute), minute)
    assert len(transmissions.overdue(5)) == 2
    assert len(transmissions.overdue(13)) == 2
    assert len(transmissions.overdue(14)) == 1


def test_an_address_has_its_measures_and_each_hour_anew() -> None:
    addresses = Addresses(LIMITS)
    first, second = addresses.join("10.0.0.1", 0), addresses.join("10.0.0.1", 0)
    assert first is second
    assert first is not None
    assert addresses.join("10.0.0.1", 0) is None
    assert addresses.join("10.0.0.2", 0) is not None
    assert [first.may_keep(60, LIMITS), first.may_keep(60, LIMITS), first.may_keep(40, LIMITS)] == [True, False, True]
    assert [first.wrong_password(LIMITS) for _ in range(9)] == [0, 0, 0, 1, 2, 4, 8, 16, 20]
    assert [one["wrong_passwords"] for one in addresses.noticeable()] == [9]
    assert addresses.sweep(10) == [first]
    assert addresses.sweep(3600) == [first]  # until whoever tells of it has set the number back
    assert first.may_keep(100, LIMITS)
    assert first.wrong_password(LIMITS) == 0
    addresses.leave(first)
    addresses.leave(first)
    addresses.sweep(7200)
    assert addresses.join("10.0.0.1", 7200) is not first
