"""Sub-packets put together: says what came, what is missing and what came twice; keeps no clock.

Each part is data of its own (it repeats DataTime), so nothing waits for the others: the assembler tells of completeness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lantian.stack.hj212.events import Frame

MOST_PARTS = 9999  # HJ 212-2017: PNUM has four digits
_DIGITS = 9  # more are no number of parts, and a whole number of thousands of digits is slow to read


class Key(NamedTuple):
    """What the parts of one transmission share. QN is none of it: each part may have its own (HJ 212-2017 C.49)."""

    mn: str
    cn: str
    time: str
    total: int


@dataclass(slots=True)
class Transmission:
    """The parts of one transmission so far."""

    key: Key
    parts: dict[int, Frame] = field(default_factory=dict)
    repeated: list[int] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)

    @property
    def missing(self) -> list[int]:
        """Numbers of the parts that have not come."""
        return [number for number in range(1, self.key.total + 1) if number not in self.parts]

    @property
    def complete(self) -> bool:
        return len(self.parts) == self.key.total

    @property
    def fields(self) -> dict[str, str]:
        """The fields of all parts in their order; of a field in two parts the later part's value stands."""
        joined: dict[str, str] = {}
        for number in sorted(self.parts):
            joined |= self.parts[number].fields
        return joined


def part_key(frame: Frame) -> tuple[Key, int] | None:
    """The transmission a frame is a part of, and its number; None for a whole frame and for impossible numbers.

    Rule    PNUM and PNO count also where Flag forgets to announce them (seen in the field)
    """
    number, count = part_number(frame.header)
    if not number:
        return None
    time = frame.fields.get("DataTime") or frame.header.get("QN", "")
    return Key(frame.header["MN"], frame.header["CN"], time, count), number


def part_number(header: Mapping[str, str]) -> tuple[int, int]:
    """PNO and PNUM of a header; (0, 0) for a whole frame and for impossible numbers."""
    count, number = header.get("PNUM", ""), header.get("PNO", "")
    if not (count.isdecimal() and number.isdecimal() and len(count) <= _DIGITS and len(number) <= _DIGITS):
        return 0, 0
    return (int(number), int(count)) if 1 <= int(number) <= int(count) <= MOST_PARTS else (0, 0)


class Assembler:
    """Collects parts, at most ``most`` transmissions at a time; who owns it decides how long to wait."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._open: dict[Key, Transmission] = {}

    def add(self, frame: Frame) -> list[Transmission]:
        """The transmissions this frame ends: the one it completes, and the oldest where too many are open.

        A part that comes again with the same fields is told in ``repeated``, with others in ``differing``: the newer stands.
        """
        found = part_key(frame)
        if found is None:
            return []
        key, number = found
        one = self._open.setdefault(key, Transmission(key))
        before = one.parts.get(number)
        if before is not None:
            (one.repeated if before.fields == frame.fields else one.differing).append(number)
        one.parts[number] = frame
        if one.complete:
            return [self._open.pop(key)]
        if len(self._open) > self._most:
            return [self._open.pop(next(iter(self._open)))]
        return []

    @property
    def waiting(self) -> list[Transmission]:
        """The transmissions that are not complete, oldest first."""
        return list(self._open.values())

    def give_up(self, key: Key) -> Transmission | None:
        """An incomplete transmission taken out as it is (a time-out, the end of a connection)."""
        return self._open.pop(key, None)
