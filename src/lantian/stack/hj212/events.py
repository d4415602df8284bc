"""What a stream of bytes turns into: good frames, and byte ranges passed over with the reason."""

from __future__ import annotations

from typing import NamedTuple

from lantian.stack.hj212.flag import FlagBits, flag_bits


class Note(NamedTuple):
    """One deviation: its code (``notes.TEXTS`` has the words) and what was met."""

    code: str
    met: str = ""


class Frame(NamedTuple):
    """One frame whose length and check are right.

    ``start`` is its offset in the stream, ``raw`` its bytes from ``##`` to the check. ``header`` holds the fields before CP
    as sent (names in the standard's spelling), ``fields`` the data area in the order sent: ``DataTime``, ``a21026-Rtd`` …
    Values are the decimal text of the wire. ``notes`` are the deviations of form met on the way.
    """

    start: int
    raw: bytes
    header: dict[str, str]
    fields: dict[str, str]
    notes: tuple[Note, ...] = ()

    @property
    def end(self) -> int:
        """Offset behind the last byte of the check."""
        return self.start + len(self.raw)

    @property
    def bits(self) -> FlagBits | None:
        """The parts of Flag; None where it is absent or no number."""
        return flag_bits(self.header.get("Flag"))

    @property
    def scalars(self) -> dict[str, str]:
        """Fields of the data area that belong to no factor: DataTime, QnRtn, PolId …"""
        return {key: value for key, value in self.fields.items() if "-" not in key}

    @property
    def items(self) -> dict[str, dict[str, str]]:
        """Factor (or device) → its fields: ``{"a21026": {"Rtd": "12.3", "Flag": "N"}}``."""
        found: dict[str, dict[str, str]] = {}
        for key, value in self.fields.items():
            code, dash, field = key.partition("-")
            if dash:
                found.setdefault(code, {})[field] = value
        return found


class Passed(NamedTuple):
    """Bytes that are no good frame: where they lay, the bytes themselves, and why they were passed over.

    ``header`` is what could be read of a refused frame (to say whose it may be); empty for other bytes.
    """

    start: int
    raw: bytes
    notes: tuple[Note, ...]
    header: dict[str, str] = {}  # noqa: RUF012  a NamedTuple's default; nobody writes to it

    @property
    def end(self) -> int:
        """Offset behind the last byte."""
        return self.start + len(self.raw)


Event = Frame | Passed
