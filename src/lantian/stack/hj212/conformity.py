"""Where a good frame deviates from the standard's tables: each deviation a note, none a reason to refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lantian.stack.hj212.events import Frame, Note
from lantian.stack.hj212.flag import Edition, edition_of
from lantian.stack.hj212.sealed import SEALED
from lantian.stack.hj212.tables import Kind, Tables
from lantian.stack.hj212.values import decimal, exchange_moment, moment
from lantian.stack.hj212.writing import writing

_MN_2005 = re.compile(r"[0-9A-Za-z]{14}\Z")
_MN = re.compile(r"[0-9A-F]{24}\Z")  # 2017 and 2025: EPC-96
_PW = 6
_AREA_2005, _AREA_MOST = 960, 950  # characters of the data area (2005; 2017)


def deviations(frame: Frame, tables: Tables) -> list[Note]:
    """Notes on header and data area, in the order of the standard; those of form are in ``frame.notes``.

    Rule    HJ 212-2017 6.3.2 and 6.3.3 with tables 3 to 9, by the edition the frame names
    """
    edition = edition_of(frame.header)
    return [*_header(frame, edition, tables), *_parts(frame), *writing(frame), *_area(frame, edition, tables)]


def _header(frame: Frame, edition: Edition | None, tables: Tables) -> Iterator[Note]:
    header = frame.header
    if "QN" not in header:
        if "QN" not in frame.fields:  # answers of 2005 carry it in the data area
            yield Note("HJ212-QN-ABSENT")
    elif exchange_moment(header["QN"]) is None:
        yield Note("HJ212-QN-FORM", header["QN"])
    if "ST" not in header:
        yield Note("HJ212-ST-ABSENT")
    elif header["ST"] not in tables.systems:
        yield Note("HJ212-ST-UNKNOWN", header["ST"])
    command = tables.commands.get(header["CN"])
    if command is None or (edition is not None and command.since > edition):
        yield Note("HJ212-CN-UNKNOWN", header["CN"])
    yield from _identity(header, edition)
    yield from _flag(frame, edition)


def _identity(header: dict[str, str], edition: Edition | None) -> Iterator[Note]:
    if "PW" not in header:
        yield Note("HJ212-PW-ABSENT")
    elif len(header["PW"]) != _PW:
        yield Note("HJ212-PW-FORM", str(len(header["PW"])))  # a password is not repeated in a message
    if not (_MN_2005 if edition is Edition.HJT_2005 else _MN).match(header["MN"]):
        yield Note("HJ212-MN-FORM", header["MN"])


def _flag(frame: Frame, edition: Edition | None) -> Iterator[Note]:
    header, bits = frame.header, frame.bits
    if "Flag" not in header:
        yield Note("HJ212-FLAG-ABSENT")
    elif bits is None:
        yield Note("HJ212-FLAG-FORM", header["Flag"])
    elif edition is None:
        yield Note("HJ212-VERSION-UNKNOWN", str(bits.version))
    if "RF" in header and (header["RF"] != "1" or edition is not Edition.HJ_2025):
        yield Note("HJ212-RESENT-FORM", header["RF"])


def _parts(frame: Frame) -> Iterator[Note]:
    header, bits = frame.header, frame.bits
    given = "PNUM" in header and "PNO" in header
    if not given:
        if (bits and bits.has_packet_no) or "PNUM" in header or "PNO" in header:
            yield Note("HJ212-PARTS-ABSENT")
        return
    if not (bits and bits.has_packet_no):
        yield Note("HJ212-PARTS-UNANNOUNCED")
    number, count = header["PNO"], header["PNUM"]
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        yield Note("HJ212-PARTS-FORM", f"{number} / {count}")


def _area(frame: Frame, edition: Edition | None, tables: Tables) -> Iterator[Note]:
    items = frame.items
    length = _area_length(frame)
    most = _AREA_2005 if edition is Edition.HJT_2005 else _AREA_MOST
    if length > most:
        yield Note("HJ212-AREA-LONG", f"{length} / {most}")
    yield from _scalars(frame, tables)
    command = tables.commands.get(frame.header["CN"])
    if items and command and command.covers and "DataTime" not in frame.fields:
        yield Note("HJ212-TIME-ABSENT")
    yield from _items(items, tables, gas=frame.header.get("ST") in tables.gas_systems)


def _area_length(frame: Frame) -> int:
    """Bytes of the plain data area; 0 where there is none."""
    if SEALED.search(frame.raw):
        return sum(len(f"{key}={value};".encode()) for key, value in frame.fields.items()) - 1
    start = frame.raw.find(b"CP=&&")
    return len(frame.raw) - start - 11 if start >= 0 else 0  # && and the check behind, CP=&& before


def _scalars(frame: Frame, tables: Tables) -> Iterator[Note]:
    for name, value in frame.scalars.items():
        field = tables.scalars.get(name)
        if field is None:
            yield Note("HJ212-FIELD-UNKNOWN", name)
            continue
        code = _misfit(value, field.kind, tables)
        if code:
            yield Note(code, f"{name}={value}")
        setting, number = tables.settings.get(name), decimal(value)
        if setting and number is not None and not setting.admits(number):
            yield Note("HJ212-SETTING-RANGE", f"{name}={value}")


def _items(items: dict[str, dict[str, str]], tables: Tables, *, gas: bool) -> Iterator[Note]:
    """``gas``: the frame's factors should stand in the table at hand, each with a data flag (printed examples of noise have none)."""
    bare = []
    for code, fields in items.items():
        if (
            gas and tables.factor(code) is None and not code.startswith("SB") and "Info" not in fields
        ):  # SBxxx: equipment; Info: 3020
            yield Note("HJ212-FACTOR-UNKNOWN", code)
        if gas and "Flag" not in fields and ("Rtd" in fields or "Avg" in fields):
            bare.append(code)
        for name, value in fields.items():
            field = tables.factor_fields.get(name)
            if field is None:
                yield Note("HJ212-FIELD-UNKNOWN", f"{code}-{name}")
                continue
            misfit = _misfit(value, field.kind, tables)
            if misfit:
                yield Note(misfit, f"{code}-{name}={value}")
    if bare:
        yield Note("HJ212-DATA-FLAG-ABSENT", "、".join(bare))


def _misfit(value: str, kind: Kind, tables: Tables) -> str | None:
    """Code of the note on a value that is not of its kind."""
    if kind == "number":
        return None if decimal(value) is not None else "HJ212-NUMBER-FORM"
    if kind == "time":
        return None if moment(value) is not None else "HJ212-TIME-FORM"
    if kind == "text" or value in tables.codes[kind]:
        return None
    return "HJ212-DATA-FLAG-UNKNOWN" if kind in ("flag", "state") else "HJ212-RESULT-UNKNOWN"
