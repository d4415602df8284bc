"""How a good frame is written: order, separators and characters, where they deviate though nothing is unclear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lantian.stack.hj212.events import Frame, Note
from lantian.stack.hj212.sealed import SEALED
from lantian.stack.hj212.segment import KEYS

_NAME = re.compile(r"[0-9A-Za-z]+(-[0-9A-Za-z]+)?")
_VALUE = re.compile(r"[!-~]*")
_MARKS = frozenset("&=#,;/ ")
_TEXT = re.compile(r"//(?:(?!//|##)[^\x00-\x1f&])*//")  # HJ 212-2017 C.40
_TOLD = frozenset(
    ("HJ212-EMPTY-PART", "HJ212-BLANK", "HJ212-REPEATED", "HJ212-NO-EQUALS", "HJ212-TEXT-GB18030", "HJ212-TEXT")
)
_HEAD = re.compile(rb"##\d*([^&]*?);CP=&&")


def writing(frame: Frame) -> Iterator[Note]:
    """Notes on how header and data area are written.

    Rule    HJ 212-2017 6.3.2 table 2 (order, one semicolon between two fields), 6.3.3 (comma within a factor, semicolon
            between factors), 6.3.1 (ASCII; texts between // and //)
    """
    order = [key for key in KEYS if key in frame.header]
    if [key for key in frame.header if key in KEYS] != order:
        yield Note("HJ212-HEADER-ORDER", " ".join(frame.header))
    head = _HEAD.match(frame.raw)
    if b"CP=&&" in frame.raw and (head is None or b"" in head[1].split(b";")):
        yield Note("HJ212-HEADER-JOINT")
    odd = [*_odd(frame.header), *_odd(frame.fields)]
    if odd:
        yield Note("HJ212-CHARACTER", " ".join(odd))
    elif not _told(frame) and not frame.raw[:-4].endswith(f"CP=&&{joined(frame.fields)}&&".encode()):
        yield Note("HJ212-JOINT")


def joined(fields: Mapping[str, str]) -> str:
    """Fields of a data area with the standard's separators: a comma between fields of one factor, else a semicolon."""
    text, last = "", None
    for key, value in fields.items():
        code, dash, _ = key.partition("-")
        joint = "," if dash and code == last else ";"
        text += f"{joint if text else ''}{key}={value}"
        last = code if dash else None
    return text


def _told(frame: Frame) -> bool:
    return (
        any(note.code in _TOLD for note in frame.notes) or bool(SEALED.search(frame.raw)) or b"CP=&&" not in frame.raw
    )


def _odd(fields: Mapping[str, str]) -> Iterator[str]:
    """Names that are no names, and names whose values hold characters of the frame itself, control characters or text unquoted."""
    for key, value in fields.items():
        if not _NAME.fullmatch(key):
            yield ascii(key)[1:-1]
        elif not _TEXT.fullmatch(value) and (not _VALUE.fullmatch(value) or _MARKS.intersection(value)):
            yield key
