"""Frames as they arrive at a platform: whose, what, when and which content, without opening the data area.

Nearly every line of a device is one frame in the standard's own form. Such a line is told by its length, its check and its
head, which hardly changes from frame to frame; any other line goes the decoder's patient way. Both ways give the same
arrival (``tests/stack/test_hj212_arrival.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple, cast

from lantian.stack.hj212.crc import crc
from lantian.stack.hj212.decoder import Decoder
from lantian.stack.hj212.device import Device
from lantian.stack.hj212.events import Event, Frame, Passed
from lantian.stack.hj212.flag import FlagBits, flag_bits
from lantian.stack.hj212.parts import part_number

_HEAD = re.compile(
    rb";ST=(\w\w);CN=(\d{4});PW=(\w*);MN=([\w-]+);Flag=(\d{1,3})(?:;PNUM=(\d{1,4});PNO=(\d{1,4}))?", re.ASCII
)
_TIMED = b";CP=&&DataTime="
_AREA = re.compile(rb"CP\s*=\s*&&(.*)&&", re.DOTALL | re.IGNORECASE)
_KNOWN_HEADS = 16384
_NONE: Mapping[str, Device] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What a device repeats in the head of each frame; one object for equal heads in the standard's form.

    ``flag`` is None where it is absent or no number; ``part`` (PNO) and ``parts`` (PNUM) are 0 for a whole frame.
    """

    st: str
    cn: str
    pw: str
    mn: str
    flag: FlagBits | None
    part: int
    parts: int

    @property
    def need_ack(self) -> bool:
        """Whether the frame asks for an answer (bit 0 of Flag)."""
        return self.flag is not None and self.flag.need_ack


class Arrival(NamedTuple):
    """One good frame; ``data_time`` as sent (empty: none), ``raw`` from ``##`` to the check.

    ``digest`` tells the content of one device, time and command apart, whatever the QN; without a time QN is content too.
    """

    head: Head
    qn: str
    data_time: str
    digest: bytes
    raw: bytes


class ArrivalDecoder:
    """A decoder for one stream that gives arrivals; same bytes, same refusals as ``Decoder``."""

    __slots__ = ("_decoder",)

    def __init__(self, devices: Mapping[str, Device] = _NONE) -> None:
        self._decoder = Decoder(devices, _usual)

    @property
    def held(self) -> int:
        """Bytes kept for later."""
        return self._decoder.held

    def feed(self, data: bytes) -> list[Arrival | Passed]:
        """What these further bytes complete, in the order of the stream."""
        return [arrival(event) if type(event) is Frame else event for event in self._decoder.feed(data)]  # type: ignore[misc]

    def close(self) -> list[Arrival | Passed]:
        """What is left where the stream has ended."""
        return [arrival(event) if type(event) is Frame else event for event in self._decoder.close()]  # type: ignore[misc]


def arrival(frame: Frame) -> Arrival:
    """The arrival of a frame that was read whole."""
    header = frame.header
    part, parts = part_number(header)
    head = Head(
        header.get("ST", ""), header["CN"], header.get("PW", ""), header["MN"],
        flag_bits(header.get("Flag")), part, parts,
    )  # fmt: skip
    area = _AREA.search(frame.raw)
    qn, time = header.get("QN", ""), frame.fields.get("DataTime", "")
    content = area[1] if area else frame.raw
    return Arrival(head, qn, time, digest(head.cn, part, content, "" if time else qn), frame.raw)


def digest(cn: str, part: int, area: bytes, qn: str = "") -> bytes:
    """Eight bytes over command, part and data area; ``qn`` only for frames without a time, which nothing else tells apart."""
    return blake2b(f"{cn} {part} {qn}".encode() + area, digest_size=8).digest()


def _usual(_offset: int, line: bytes) -> Event | None:
    """The arrival that a line is (see ``Decoder``), in the standard's own form with DataTime first; None for any other."""
    at = line.find(_TIMED, 26, 160)
    if at < 0 or line[6:9] != b"QN=":
        return None
    head = _head(line[26:at])
    qn, time = line[9:26], line[at + 15 : at + 29]
    if head is None or not (qn.isdigit() and time.isdigit()) or line[-6:-4] != b"&&":
        return None
    if line[at + 29] not in b";," and at + 35 != len(line):
        return None
    if b" " in line or b"/" in line or line.find(b"#", 2) >= 0 or line.find(b"DataTime", at + 29) >= 0:
        return None  # blanks, texts, a second beginning, a second time: the rules decide
    if crc(line[6:-4]) != line[-4:]:
        return None
    kept = blake2b(_prefix(head.cn, head.part) + line[at + 6 : -6], digest_size=8).digest()
    return cast(Event, Arrival(head, qn.decode(), time.decode(), kept, line))


@lru_cache(maxsize=1024)
def _prefix(cn: str, part: int) -> bytes:
    return f"{cn} {part} ".encode()


@lru_cache(maxsize=_KNOWN_HEADS)
def _head(text: bytes) -> Head | None:
    """The head between QN and the data area; None where it is not in the form and order of the standard."""
    match = _HEAD.fullmatch(text)
    if match is None:
        return None
    st, cn, pw, mn, flag, count, number = (None if one is None else one.decode() for one in match.groups())
    header = {} if count is None or number is None else {"PNUM": count, "PNO": number}
    part, parts = part_number(header)
    return Head(st or "", cn or "", pw or "", mn or "", flag_bits(flag), part, parts)
