"""Flag: edition, sub-packet and answer bits of a frame."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple


class Edition(IntEnum):
    """The edition a frame follows; the value is the version number in Flag."""

    HJT_2005 = 0
    HJ_2017 = 1
    HJ_2025 = 2


class FlagBits(NamedTuple):
    """Flag taken apart.

    Rule    HJ 212-2017 table 3: bit 0 answer wanted, bit 1 PNUM and PNO present, bits 2–7 version. The 2025 edition swaps the
            letters A and D of its table, not the bits
    """

    version: int
    has_packet_no: bool
    need_ack: bool

    @property
    def edition(self) -> Edition | None:
        """The edition; None for a version no edition has."""
        return Edition(self.version) if self.version in Edition._value2member_map_ else None

    @property
    def value(self) -> int:
        """The number that stands in Flag."""
        return self.version << 2 | self.has_packet_no << 1 | self.need_ack


def flag_bits(text: str | None) -> FlagBits | None:
    """The parts of a Flag text (0 … 255); None where it is absent or no such number."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 255):
        return None
    number = int(text)
    return FlagBits(number >> 2, bool(number & 2), bool(number & 1))


def edition_of(header: Mapping[str, str]) -> Edition | None:
    """The edition of a frame by its Flag; without Flag it is a frame of 2005, which had none at first.

    None where Flag is no number or names a version no edition has.
    """
    if "Flag" not in header:
        return Edition.HJT_2005
    bits = flag_bits(header["Flag"])
    return bits.edition if bits else None
