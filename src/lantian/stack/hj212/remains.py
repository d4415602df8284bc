"""Bytes that are not a frame in the standard's own form: read with patience, or refused with every reason found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from lantian.stack.hj212.crc import TEXTS, VARIANTS, crc, variant_of
from lantian.stack.hj212.device import STANDARD, Device
from lantian.stack.hj212.events import Event, Frame, Note, Passed
from lantian.stack.hj212.sealed import SEALED, opened
from lantian.stack.hj212.segment import tolerant

_PIECE = re.compile(rb"##(?=\d)")
_LENGTH = re.compile(rb"##(\d{1,9})")
_MN = re.compile(rb"[;,\d ]MN=([^;,&]*)|^MN=([^;,&]*)")
_HEX = re.compile(rb"[0-9A-Fa-f]{4}\Z")
_BLANK = b"\r\n\t \0"
_CHECKS = frozenset(TEXTS)  # the check of HJ 212 has only 256 values: what is none of them needs no sum
_LONG = 1024  # HJ 212-2017 6.3.1, table 2


def taken(start: int, raw: bytes, devices: Mapping[str, Device]) -> Event | None:
    """The event of bytes that may be a frame of the declared length; None where check or closing ``&&`` do not fit."""
    segment, given = raw[6:-4], raw[-4:]
    if not segment.endswith(b"&&"):
        return None
    notes = _check(segment, given, devices)
    return None if notes is None else _read(start, raw, segment, notes)


def remains(start: int, raw: bytes, devices: Mapping[str, Device]) -> list[Event]:
    """The events of bytes in which no frame of the usual form was found.

    A beginning ``##`` with some field behind it is an event of its own; what lies between is told together.
    """
    events: list[Event] = []
    told = 0
    for edge, end in pairwise([*(match.start() for match in _PIECE.finditer(raw)), len(raw)]):
        if raw.find(b"=", edge, end) < 0:
            continue
        if edge > told:
            events.append(_foreign(start + told, raw[told:edge]))
        events.append(_piece(start + edge, raw[edge:end], devices))
        told = end
    if told < len(raw):
        events.append(_foreign(start + told, raw[told:]))
    return events


def _foreign(start: int, raw: bytes) -> Passed:
    if not raw.strip(_BLANK):
        return Passed(start, raw, (Note("HJ212-END-ODD", repr(raw[:16])[2:-1]),))
    if b"CN=" in raw:
        return Passed(start, raw, (Note("HJ212-NO-HEAD"),), _header(raw))
    return Passed(start, raw, (Note("HJ212-GARBAGE", str(len(raw))),))


def _piece(start: int, raw: bytes, devices: Mapping[str, Device]) -> Event:
    """The event of bytes that begin like a frame and end where the line or the next beginning ends them."""
    match = _LENGTH.match(raw)
    digits = match[1] if match else b""
    body = raw[2 + len(digits) :].rstrip(_BLANK)
    segment, given = body[:-4], body[-4:]
    notes = [] if len(digits) == 4 else [Note("HJ212-LENGTH-FORM", digits.decode())]
    declared = int(digits or b"0")
    if SEALED.search(segment):
        return _sealed(start, raw, declared, segment, given, devices)
    faults: list[Note] = []
    if len(segment) != declared and _characters(segment) == declared:
        notes.append(Note("HJ212-LENGTH-CHARACTERS", f"{declared} / {len(segment)}"))
    elif len(segment) != declared:
        faults.append(Note("HJ212-LENGTH-MISMATCH", f"{declared} / {max(0, len(segment))}"))
    checked = _check(segment, given, devices)
    if checked is None:
        faults.append(_check_fault(segment, given))
    if faults:
        return Passed(start, raw, (*notes, *faults), _header(raw))
    return _read(start, raw, segment, notes + (checked or []))


def _sealed(
    start: int, raw: bytes, declared: int, segment: bytes, given: bytes, devices: Mapping[str, Device]
) -> Event:
    """A frame with an enciphered data area.

    Rule    HJ 212-2025: the check is made over the plain segment; its printed examples keep the plain length in the
            length field, so that one and the transmitted length are both taken
    """
    decrypt = _device(segment, devices).decrypt
    if decrypt is None:
        return Passed(start, raw, (Note("HJ212-SEALED"),), _header(raw))
    plain = opened(segment, decrypt)
    checked = None if plain is None else _check(plain, given, devices)
    if plain is None or checked is None:
        return Passed(start, raw, (Note("HJ212-SEALED-WRONG"),), _header(raw))
    if declared not in (len(plain), len(segment)):
        return Passed(start, raw, (Note("HJ212-LENGTH-MISMATCH", f"{declared} / {len(plain)}"),), _header(raw))
    return _read(start, raw, plain, checked)


def _check(segment: bytes, given: bytes, devices: Mapping[str, Device]) -> list[Note] | None:
    """Notes on a check that fits; None where it does not."""
    upper = given.upper()
    if upper in _CHECKS and crc(segment) == upper:
        return [] if given == upper else [Note("HJ212-CRC-LOWER", given.decode())]
    variant = _device(segment, devices).crc
    if variant != STANDARD.crc and _HEX.match(given) and VARIANTS[variant](segment) == upper:
        return [Note("HJ212-CRC-VARIANT", variant)]
    return None


def _check_fault(segment: bytes, given: bytes) -> Note:
    if not _HEX.match(given):
        return Note("HJ212-CRC-FORM", given.decode("ascii", "backslashreplace"))
    other = variant_of(segment, given)
    met = f"{given.decode()} / {crc(segment).decode()}"
    return Note("HJ212-CRC-MISMATCH", f"{met} ({other})" if other else met)


def _read(start: int, raw: bytes, segment: bytes, notes: list[Note]) -> Event:
    """The frame of a segment whose length and check are right; refused where it does not say whose or what it is."""
    text, odd = _text(segment)
    header, fields, deviations = tolerant(text)
    notes = [*notes, *odd, *deviations]
    if len(segment) > _LONG:
        notes.append(Note("HJ212-SEGMENT-LONG", str(len(segment))))
    absent = [Note(f"HJ212-NO-{key}") for key in ("CN", "MN") if not header.get(key)]
    if absent:
        return Passed(start, raw, (*absent, *notes), header)
    return Frame(start, raw, header, fields, tuple(dict.fromkeys(notes)))


def _text(segment: bytes) -> tuple[str, list[Note]]:
    try:
        return segment.decode(), []
    except UnicodeDecodeError:
        pass
    try:
        return segment.decode("gb18030"), [Note("HJ212-TEXT-GB18030")]
    except UnicodeDecodeError:
        return segment.decode("utf-8", "backslashreplace"), [Note("HJ212-TEXT")]


def _characters(segment: bytes) -> int | None:
    """Its length in characters, as the standard words it; None where the bytes are no text."""
    text, odd = _text(segment)
    return None if Note("HJ212-TEXT") in odd else len(text)


def _header(raw: bytes) -> dict[str, str]:
    """What can be told of a refused frame's header."""
    text = raw.decode("utf-8", "backslashreplace").lstrip("#0123456789")
    return tolerant(text.partition("CP=")[0])[0] if "=" in text else {}


def _device(segment: bytes, devices: Mapping[str, Device]) -> Device:
    if not devices:
        return STANDARD
    match = _MN.search(segment)
    return devices.get((match[1] or match[2] or b"").decode("ascii", "replace"), STANDARD) if match else STANDARD
