"""Frames out: a segment from its fields, sub-packets where it grows too long, and the answers of a platform or station."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.stack.hj212.crc import crc
from lantian.stack.hj212.events import Frame
from lantian.stack.hj212.flag import Edition, FlagBits, edition_of, flag_bits
from lantian.stack.hj212.sealed import sealed
from lantian.stack.hj212.segment import KEYS
from lantian.stack.hj212.writing import joined

LONGEST = 1024  # HJ 212-2017 6.3.1, table 2: data segment
SYSTEM = "91"  # HJ 212-2017 table 5: system interaction
_FORBIDDEN = "\r\n&"
_PLAIN = re.compile(r"[^\r\n&,;= #/]*")
_EMPTY: Mapping[str, str] = MappingProxyType({})
Cipher = Callable[[bytes], bytes]


def framed(segment: bytes, encrypt: Cipher | None = None) -> bytes:
    """The frame of a data segment: head, length, segment, check, CR LF.

    Rule    with ``encrypt`` the data area is enciphered; length and check are those of the plain segment, as HJ 212-2025
            prints them (A.2)
    Errors  Refusal where it is longer than the standard allows
    """
    if len(segment) > LONGEST:
        raise _refusal(
            "HJ212-ENCODE-LONG",
            f"数据段 {len(segment)} 字节，超过 {LONGEST}，请分包",
            f"{len(segment)} bytes exceed {LONGEST}: send sub-packets",
        )
    written = segment if encrypt is None else sealed(segment, encrypt)
    return b"##%04d" % len(segment) + written + crc(segment) + b"\r\n"


def encoded(header: Mapping[str, str], fields: Mapping[str, str], encrypt: Cipher | None = None) -> bytes:
    """The frame of header and data area; ``decoded`` gives them back.

    Rule    HJ 212-2017 6.3: header in the order of table 2; a comma between fields of one factor, else a semicolon
    Errors  Refusal for characters that would end a field, for unknown header fields, and where it is too long
    """
    unknown = header.keys() - set(KEYS)
    if unknown or "MN" not in header or "CN" not in header:
        names = "、".join(sorted(unknown)) or "MN、CN"
        raise _refusal("HJ212-ENCODE-HEADER", f"包头字段不对：{names}", f"header fields: {names}")
    head = ";".join(f"{_clean(key)}={_clean(header[key])}" for key in KEYS if key in header)
    return framed(f"{head};CP=&&{area(fields)}&&".encode(), encrypt)


def area(fields: Mapping[str, str]) -> str:
    """The data area's text without its delimiters.

    Errors  Refusal for characters that would end a field
    """
    for key, value in fields.items():
        _clean(key)
        _clean(value)
    return joined(fields)


def sub_packets(header: Mapping[str, str], fields: Mapping[str, str], encrypt: Cipher | None = None) -> list[bytes]:
    """One frame where it fits, else sub-packets of whole factors, each with the scalars (DataTime) repeated.

    Errors  Refusal where one factor alone is too long
    """
    return [encoded(head, area, encrypt) for head, area in parted(header, fields)]


def parted(header: Mapping[str, str], fields: Mapping[str, str]) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Header and fields of each frame that ``sub_packets`` makes.

    Rule    HJ 212-2017 C.49 and C.50: bit 1 of Flag, PNUM, PNO from 1. QN is repeated as given; a caller that wants one for
            each part, as the printed example has it, puts it into the headers
    """
    scalars = {key: value for key, value in fields.items() if "-" not in key}
    bits = flag_bits(header.get("Flag")) or FlagBits(Edition.HJ_2017, False, False)
    whole = {**header, "Flag": str(bits._replace(has_packet_no=False).value)}
    plain = {key: value for key, value in whole.items() if key not in ("PNUM", "PNO")}
    if _size(plain, fields) <= LONGEST:
        return [(plain, dict(fields))]
    split = {**plain, "Flag": str(bits._replace(has_packet_no=True).value), "PNUM": "9999", "PNO": "9999"}
    groups: list[dict[str, str]] = []
    for factor in _factors(fields):
        if groups and _size(split, {**scalars, **groups[-1], **factor}) <= LONGEST:
            groups[-1].update(factor)
        else:
            groups.append(factor)
    count = str(len(groups))
    return [
        ({**split, "PNUM": count, "PNO": str(number)}, {**scalars, **group})
        for number, group in enumerate(groups, start=1)
    ]


def acknowledgement(frame: Frame, cn: str = "9014") -> bytes:
    """The answer 9014 (data) or 9013 (notice) to a frame: same QN and MN, ST=91, nothing asked for.

    Rule    HJ 212-2017 6.5 and C.14; HJ/T 212-2005 repeats QN in the data area
    """
    return answer(frame.header, cn)


def request_return(frame: Frame, code: int) -> bytes:
    """The answer 9011 to a request: QnRtn, whether it will be executed."""
    return answer(frame.header, "9011", {"QnRtn": str(code)})


def execution_result(frame: Frame, code: int) -> bytes:
    """The answer 9012 after a request: ExeRtn, how it ended."""
    return answer(frame.header, "9012", {"ExeRtn": str(code)})


def answer(sent: Mapping[str, str], cn: str, fields: Mapping[str, str] = _EMPTY) -> bytes:
    """The frame that answers another by its header (QN, PW, MN, Flag): same QN and MN, ST=91, nothing asked for.

    Errors  Refusal where the header holds characters that would end a field, or is too long
    """
    edition = edition_of(sent)
    bits = FlagBits(Edition.HJ_2017 if edition is None else edition, False, False)
    header = {"ST": SYSTEM, "CN": cn, "PW": sent.get("PW", ""), "MN": sent["MN"], "Flag": str(bits.value)}
    exchange = sent.get("QN")
    if exchange is not None:
        header["QN"] = exchange
        if edition is Edition.HJT_2005 and fields:
            fields = {"QN": exchange, **fields}
    return encoded(header, fields)


def _factors(fields: Mapping[str, str]) -> Iterator[dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for key, value in fields.items():
        code, dash, _ = key.partition("-")
        if dash:
            groups.setdefault(code, {})[key] = value
    yield from groups.values()


def _size(header: Mapping[str, str], fields: Mapping[str, str]) -> int:
    head = ";".join(f"{key}={value}" for key, value in header.items())
    return len(f"{head};CP=&&{joined(fields)}&&".encode())


def _clean(text: str) -> str:
    if _PLAIN.fullmatch(text):  # nearly every text
        return text
    quoted = len(text) > 3 and text.startswith("//") and text.endswith("//") and "//" not in text[2:-2]
    bad = _FORBIDDEN if quoted else _FORBIDDEN + ",;= "
    if any(mark in text for mark in bad) or (not quoted and "//" in text) or "##" in text:
        raise _refusal(
            "HJ212-ENCODE-TEXT", f"“{text}”含有分隔用的字符", f"{text!r} holds a character that ends a field"
        )
    return text


def _refusal(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en)))
