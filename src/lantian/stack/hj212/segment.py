"""A data segment taken apart: header fields, and the fields of the data area between ``CP=&&`` and ``&&``.

``strict`` reads what the standard writes, in few steps. What it does not fit goes to ``tolerant``, which keeps every field
that can be kept and notes each deviation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lantian.stack.hj212.events import Note

OPEN, CLOSE = "CP=&&", "&&"
KEYS = ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF")  # HJ 212-2017 table 2; RF: HJ 212-2025
_KNOWN = frozenset(KEYS)
_SPELLING = {key.upper(): key for key in KEYS}
_BLANKS = " \t\r\n"
_ODD_OPEN = re.compile(r"(?:^|(?<=[;,]))\s*CP\s*=\s*&{0,2}", re.IGNORECASE)  # ``cp=&&``, ``CP= &&``, ``CP=&``, ``CP=``
_QUOTED = re.compile(r"(?:(?<==)|(?<== ))//(?![,;]).*?//", re.DOTALL)  # texts of 3020: HJ 212-2017 C.40
_HOLD = {",": "\ue000", ";": "\ue001", "=": "\ue002"}  # private characters stand for separators inside such texts
_GIVE = {ord(stand): mark for mark, stand in _HOLD.items()}


def strict(segment: str) -> tuple[dict[str, str], dict[str, str]] | None:
    """Header and fields of a segment in the standard's own form; None where anything deviates."""
    head, found, area = segment.partition(";CP=&&")
    if (
        not found or " " in segment or "/" in area or "," in head
    ):  # a single character is found ten times as fast as two
        return None
    if "\t" in segment or "\r" in segment or "\n" in segment:
        return None
    try:
        heads = head.split(";")
        header = dict([pair.split("=") for pair in heads])  # a list is quicker than a generator here
        pairs = area[:-2].replace(";", ",").split(",")
        fields = dict([pair.split("=") for pair in pairs]) if area != CLOSE else {}
    except ValueError:  # an empty part, a part without "=" or with two
        return None
    if len(header) != len(heads) or (fields and len(fields) != len(pairs)):  # a name twice
        return None
    if not _KNOWN.issuperset(header) or "" in fields:
        return None
    return header, fields


def tolerant(segment: str) -> tuple[dict[str, str], dict[str, str], list[Note]]:
    """Header and fields as far as they can be told, with a note for each deviation; the last of repeated fields stands."""
    notes: list[Note] = []
    head, found, area = segment.partition(OPEN)
    if not found and (odd := _ODD_OPEN.search(segment)):
        head, found, area = segment[: odd.start()], odd[0], segment[odd.end() :]
        notes.append(Note("HJ212-CP-FORM", found.strip(_BLANKS)))
    if not found:
        notes.append(Note("HJ212-CP-MISSING"))
    elif area.endswith(CLOSE):
        area = area[: -len(CLOSE)]
    else:
        notes.append(Note("HJ212-CP-OPEN"))
    return _header(head, notes), _fields(area, notes), notes


def _header(text: str, notes: list[Note]) -> dict[str, str]:
    header: dict[str, str] = {}
    for part in text.rstrip(";").split(";"):
        if "," in part:
            notes.append(Note("HJ212-HEADER-COMMA", part))
        for piece in part.split(","):
            if not piece:
                continue
            key, equals, value = _stripped(piece, notes)
            known = _SPELLING.get(key.upper(), key)
            if not equals:
                notes.append(Note("HJ212-NO-EQUALS", piece))
                continue
            if known != key:
                notes.append(Note("HJ212-KEY-CASE", key))
            if known not in _KNOWN:
                notes.append(Note("HJ212-KEY-UNKNOWN", key))
            if known in header:
                notes.append(Note("HJ212-REPEATED", known))
            header[known] = value
    return header


def _fields(area: str, notes: list[Note]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in _parts(area):
        if not part.strip(_BLANKS):
            if area.strip(_BLANKS):
                notes.append(Note("HJ212-EMPTY-PART"))
            elif area:
                notes.append(Note("HJ212-BLANK"))
            continue
        key, equals, value = _stripped(part, notes)
        if not equals or not key:
            notes.append(Note("HJ212-NO-EQUALS", part.translate(_GIVE)))
            continue
        if key in fields:
            notes.append(Note("HJ212-REPEATED", key))
        fields[key] = value.translate(_GIVE)
    return fields


def _parts(area: str) -> Iterator[str]:
    if not area:
        return
    if "//" in area:
        area = _QUOTED.sub(lambda text: "".join(_HOLD.get(mark, mark) for mark in text[0]), area)
    yield from area.replace(";", ",").split(",")


def _stripped(part: str, notes: list[Note]) -> tuple[str, str, str]:
    key, equals, value = part.partition("=")
    bare, kept = key.strip(_BLANKS), value.strip(_BLANKS)
    if key != bare or value != kept:
        notes.append(Note("HJ212-BLANK", part.strip(_BLANKS).translate(_GIVE)))
    return bare, equals, kept
