"""Bytes of one connection → what is to be kept and what is to be answered; no sockets, files or clock.

Nearly every line of a real device is one frame in the standard's own form. Such a line is told by its length, its check and
one look at its header; its data area stays closed, it is read when somebody asks. Any other line goes through the decoder
(``stack.hj212``), which the short way must agree with on every frame (``tests/gateway/test_reception.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from lantian.stack.hj212 import Decoder, Device, Frame, Passed
from lantian.stack.hj212.crc import crc
from lantian.stack.hj212.parts import part_key
from lantian.store.stack.inbox import digest

_LONGEST = 1024 + 10
_HEADS = tuple(b"##%04d" % length for length in range(_LONGEST + 1))
_USUAL = re.compile(
    rb"##\d{4}QN=(\d{17});ST=([0-9A-Z]{2});CN=([23]\d{3});PW=([!-%'-+\--:<>-~]{0,20});MN=([0-9A-Za-z]{1,40});Flag=(\d{1,3});"
    rb"CP=&&(DataTime=(\d{14})[;&][^ /#\r\n]*&)&[0-9A-F]{4}"
)
_AREA = re.compile(rb"CP=&&(.*)&&", re.DOTALL)
_DIGITS = re.compile(r"\d{14}")


class Good(NamedTuple):
    """A good frame: whose it is, which exchange, and the frame itself where it was read whole (None: the short way)."""

    mn: str
    cn: str
    data_time: str
    part: int
    qn: str
    password: str
    flag: str
    digest: bytes
    raw: bytes
    frame: Frame | None


class Reception:
    """The stream of one connection; ``devices`` gives the settings of devices as they stand at each call."""

    def __init__(self, devices: Callable[[], Mapping[str, Device]]) -> None:
        self._devices = devices
        self._decoder = Decoder(devices())
        self._rest = b""  # the beginning of a frame in the usual form, not complete yet
        self._usual = True  # the decoder stands at the start of a line and holds nothing

    @property
    def held(self) -> int:
        """Bytes kept for later."""
        return len(self._rest) + self._decoder.held

    @property
    def wanting(self) -> bool:
        """Whether something has begun that is not complete."""
        return self.held > 0

    def feed(self, data: bytes) -> Iterator[Good | Passed]:
        """What these further bytes complete, in the order of the stream."""
        lines = (self._rest + data).split(b"\r\n")
        rest = lines.pop()
        self._rest = b""
        for line in lines:
            if self._usual and (good := _short(line)) is not None:
                yield good
                continue
            yield from self._slow(line + b"\r\n")
            self._usual = not self._decoder.held
        if self._usual and _begun(rest):
            self._rest = rest
        elif rest:
            yield from self._slow(rest)
            self._usual = False

    def close(self) -> Iterator[Good | Passed]:
        """What is left where the stream has ended."""
        rest, self._rest = self._rest, b""
        yield from self._slow(rest)
        yield from self._told(self._decoder.close())

    def _slow(self, data: bytes) -> Iterator[Good | Passed]:
        if self._usual:
            self._decoder = Decoder(self._devices())
        return self._told(self._decoder.feed(data))

    @staticmethod
    def _told(events: list[Frame | Passed]) -> Iterator[Good | Passed]:
        for event in events:
            yield event if isinstance(event, Passed) else good_of(event)


def good_of(frame: Frame) -> Good:
    """What is kept of a frame that was read whole."""
    header = frame.header
    found = part_key(frame)
    part = found[1] if found else 0
    area = _AREA.search(frame.raw)
    time = frame.fields.get("DataTime", "")
    short = _DIGITS.match(time)  # some devices add milliseconds
    cn = header["CN"]
    kept = digest(cn, part, area[1] if area else frame.raw)
    return Good(
        header["MN"], cn, short[0] if short else time, part, header.get("QN", ""), header.get("PW", ""),
        header.get("Flag", ""), kept, frame.raw, frame,
    )  # fmt: skip


def _short(line: bytes) -> Good | None:
    """The frame a line is, in the standard's own form throughout; None where anything deviates."""
    size = len(line)
    if not 10 <= size <= _LONGEST or line[:6] != _HEADS[size - 10]:
        return None
    match = _USUAL.fullmatch(line)
    if match is None or crc(line[6:-4]) != line[-4:]:
        return None
    qn, _st, cn, password, mn, flag, area, time = match.groups()
    if flag not in _FLAGS:
        return None
    name = cn.decode()
    return Good(
        mn.decode(),
        name,
        time.decode(),
        0,
        qn.decode(),
        password.decode(),
        flag.decode(),
        digest(name, 0, area[:-1]),
        line,
        None,
    )


_FLAGS = frozenset((b"0", b"1", b"4", b"5", b"8", b"9"))  # whole frames of the three editions: no sub-packet bit


def _begun(rest: bytes) -> bool:
    """Whether these bytes may still become a frame in the usual form: then they wait, at most 1034 of them."""
    if len(rest) < 6:
        return b"##0"[: len(rest)] == rest[:3] and (len(rest) < 4 or rest[3:].isdigit())
    if rest[:3] not in (b"##0", b"##1") or not rest[2:6].isdigit():
        return False
    return len(rest) < int(rest[2:6]) + 10 and rest.rfind(b"#") < 2
