"""Bytes in, events out: finds the frames in a stream and says of every other byte why it was passed over.

Two rules decide everything, and both look only at bytes that have arrived, so any split of the stream gives the same events:

1. CR LF ends a line, and a frame lies within one line. What is left of a line then is read as a whole (``remains``).
2. Within a line the good frame that ends first is taken: ``##``, four digits, that many bytes ending in ``&&``, and their
   check. It is taken as soon as its check is there, so a device that forgets CR LF is answered too.

The usual case, a line that is exactly one frame, is met first, in few steps; it gives what the two rules give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from types import MappingProxyType

from lantian.stack.hj212.crc import crc
from lantian.stack.hj212.device import Device
from lantian.stack.hj212.events import Event, Frame, Note, Passed
from lantian.stack.hj212.remains import remains, taken
from lantian.stack.hj212.segment import strict

END = b"\r\n"
HOLD = 16384  # so much of a line is kept while no good frame ends in it: more than the longest frame (6 + 9999 + 4)
_HEAD = 6  # ## and four digits
DROP = 4096  # then so much is passed over: a frame that begins there would have ended within HOLD
_START = re.compile(rb"##(?=(\d{4}))")
_USUAL = 1024  # HJ 212-2017 6.3.1: length of the data segment; longer ones are read in the slower way and noted
_HEADS = tuple(b"##%04d" % length for length in range(_USUAL + 1))
_NONE: Mapping[str, Device] = MappingProxyType({})


class Decoder:
    """A decoder for one stream; ``devices`` holds the settings of devices that differ from the standard, by MN.

    ``usual`` reads a line that is exactly one frame (offset, line) in few steps; None sends the line through the rules.
    """

    def __init__(
        self, devices: Mapping[str, Device] = _NONE, usual: Callable[[int, bytes], Event | None] | None = None
    ) -> None:
        self._devices = devices
        self._usual = usual or _usual
        self._rest = b""  # bytes of the unfinished line that no event has told of
        self._offset = 0  # where the rest begins in the stream
        self._ends: list[
            tuple[int, int]
        ] = []  # where frames begun in this line would end, and where they begin; a heap
        self._seen = 0  # beginnings have been looked for up to this offset: bytes that trickle in are looked at once
        self._inside = False  # the unfinished line has given a frame already

    @property
    def held(self) -> int:
        """Bytes kept for later: below ``HOLD`` after each call."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[Event]:
        """The events that these further bytes complete, in the order of the stream."""
        lines = (self._rest + data).split(END)
        rest = lines.pop()
        events: list[Event] = []
        usual = self._usual
        for line in lines:
            size = len(line)
            frame = None
            if 10 <= size <= _USUAL + 10 and line[:6] == _HEADS[size - 10] and not self._inside:
                frame = usual(self._offset, line)
            if frame is None:
                self._rest = line
                self._take(events)
                self._end_line(events)
            else:
                events.append(frame)
                self._offset += size + 2
        self._rest = rest
        if rest:
            self._take(events)
        return events

    def close(self) -> list[Event]:
        """The events of what is left where the stream has ended; the decoder is then at the start of a line."""
        events: list[Event] = []
        if self._rest:
            events += remains(self._offset, self._rest, self._devices)
        elif self._inside:
            events.append(Passed(self._offset, b"", (Note("HJ212-END-MISSING"),)))
        self._offset += len(self._rest)
        self._rest, self._inside = b"", False
        self._ends.clear()
        return events

    def _take(self, events: list[Event]) -> None:
        """Moves good frames, and what lies before them, from the rest to the events; bounds the rest."""
        while True:
            limit = min(len(self._rest), HOLD)
            if self._first_frame(limit, events):
                self._inside = True
            elif len(self._rest) >= HOLD:
                self._pass_over(DROP, events)
            else:
                return

    def _first_frame(self, limit: int, events: list[Event]) -> bool:
        """Whether a frame that ends within the rest's first ``limit`` bytes was good: then it and the gap before are told."""
        base, rest, ends = self._offset, self._rest, self._ends
        for match in _START.finditer(rest, max(self._seen - base, 0)):
            heappush(ends, (base + match.start() + 10 + int(match[1]), base + match.start()))
            self._seen = base + match.start() + 1
        self._seen = max(self._seen, base + len(rest) - _HEAD + 1)
        while ends and ends[0][0] <= base + limit:
            end, start = heappop(ends)
            if start < base:  # lies in what has been told already
                continue
            event = taken(start, rest[start - base : end - base], self._devices)
            if event is None:
                continue
            if start > base:
                self._pass_over(start - base, events)
            elif self._inside and isinstance(event, Frame):
                event = event._replace(notes=(Note("HJ212-END-MISSING"), *event.notes))
            events.append(event)
            self._offset, self._rest = end, rest[end - base :]
            return True
        return False

    def _pass_over(self, count: int, events: list[Event]) -> None:
        events += remains(self._offset, self._rest[:count], self._devices)
        self._offset += count
        self._rest = self._rest[count:]

    def _end_line(self, events: list[Event]) -> None:
        if self._rest:
            events += remains(self._offset, self._rest, self._devices)
        elif not self._inside:
            events.append(Passed(self._offset, END, (Note("HJ212-END-DOUBLED"),)))
        self._offset += len(self._rest) + len(END)
        self._inside = False
        self._ends.clear()


def _usual(offset: int, line: bytes) -> Frame | None:
    """The frame that a line is, in the standard's own form throughout; None where anything deviates."""
    segment = line[6:-4]
    if crc(segment) != line[-4:] or line.find(b"#", 2) >= 0 or not segment.endswith(b"&&"):
        return None
    try:
        parts = strict(segment.decode())
    except UnicodeDecodeError:
        return None
    if parts is None or not (parts[0].get("CN") and parts[0].get("MN")):
        return None
    return Frame(offset, line, parts[0], parts[1])


def decoded(data: bytes, devices: Mapping[str, Device] = _NONE) -> list[Event]:
    """All events of a whole stream."""
    decoder = Decoder(devices)
    return decoder.feed(data) + decoder.close()
