"""What a connection sent in vain, made ready for the quarantine; a flood is kept by its beginning, length and SHA-256."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

from lantian.basis.finding import Finding, Place, Severity
from lantian.gateway.findings import finding
from lantian.stack.hj212 import Arrival, Passed
from lantian.stack.hj212 import finding as told
from lantian.stack.hj212.notes import TEXTS
from lantian.store.stack.inbox import RefusedRow


def is_refused(event: Passed) -> bool:
    """Whether bytes passed over are more than a blank line: something that should have been a frame, or no one knows what."""
    return any(TEXTS[note.code][0] is Severity.REFUSED for note in event.notes)


def refused_row(
    event: Passed, peer: str, at: int, raw: bytes | None = None, more: Sequence[Finding] = ()
) -> RefusedRow:
    """The row of a refused piece."""
    place = Place(start=event.start, end=event.end)
    findings = [*(told(note, place) for note in event.notes), *more]
    header = event.header
    return RefusedRow(
        at, peer, header.get("MN", ""), header.get("CN", ""), header.get("QN", ""), event.raw if raw is None else raw, _text(findings)
    )  # fmt: skip


def arrival_row(arrival: Arrival, peer: str, at: int, *findings: Finding) -> RefusedRow:
    """The row of a good frame that is kept aside all the same."""
    return RefusedRow(at, peer, arrival.head.mn, arrival.head.cn, arrival.qn, arrival.raw, _text(findings))


def note_row(at: int, *findings: Finding, peer: str = "", mn: str = "", cn: str = "") -> RefusedRow:
    """The row of something noticed that has no bytes of its own."""
    return RefusedRow(at, peer, mn, cn, "", b"", _text(findings))


def _text(findings: Sequence[Finding]) -> str:
    return json.dumps([one.as_dict() for one in findings], ensure_ascii=False)


class Run:
    """Pieces of one connection beyond the measure, told together in one row."""

    __slots__ = ("_first", "_length", "_pieces", "_start", "_sum", "begun")

    def __init__(self, first: Passed, keep: int, begun: float) -> None:
        self._first = first._replace(raw=b"")
        self._start = first.raw[:keep]
        self._length = self._pieces = 0
        self._sum = sha256()
        self.begun = begun
        self.add(first.raw)

    def add(self, raw: bytes) -> None:
        """One piece more."""
        self._length += len(raw)
        self._pieces += 1
        self._sum.update(raw)

    def row(self, peer: str, at: int) -> RefusedRow:
        """The row that stands for all of it."""
        met = f"{self._pieces} × / {self._length} B / SHA-256 {self._sum.hexdigest()}"
        return refused_row(self._first, peer, at, self._start, [finding("GATEWAY-REFUSED-MUCH", met)])
