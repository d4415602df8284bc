"""Enciphered data areas of HJ 212-2025; the cipher itself (SM4-ECB) is handed in by the caller."""

from __future__ import annotations

import re
from collections.abc import Callable

BLOCK = 16
SEALED = re.compile(rb"CP=&&\{0x")
_BYTES = re.compile(rb"\{(0x[0-9A-Fa-f]{2}(?:, ?0x[0-9A-Fa-f]{2})*)\}")


def opened(segment: bytes, decrypt: Callable[[bytes], bytes]) -> bytes | None:
    """The plain segment of an enciphered one; None where it holds no whole blocks or the cipher refuses them.

    Rule    HJ 212-2025 A.2 (one source): blocks of 16 characters are enciphered and written ``{0xE4,0x3E,…}``, a remainder
            stays plain; no padding
    """
    match = _BYTES.search(segment)
    if match is None:
        return None
    cipher = bytes(int(one, 16) for one in match[1].split(b","))
    if len(cipher) % BLOCK:
        return None
    try:
        plain = decrypt(cipher)
    except ValueError:
        return None
    return segment[: match.start()] + plain + segment[match.end() :]


def sealed(segment: bytes, encrypt: Callable[[bytes], bytes]) -> bytes:
    """The segment with the whole blocks of its data area enciphered; a shorter area stays as it is."""
    head, opening, area = segment.partition(b"CP=&&")
    area = area.removesuffix(b"&&")
    whole = len(area) - len(area) % BLOCK
    if not whole:
        return segment
    cipher = b",".join(b"0x%02X" % byte for byte in encrypt(area[:whole]))
    return head + opening + b"{" + cipher + b"}" + area[whole:] + b"&&"
