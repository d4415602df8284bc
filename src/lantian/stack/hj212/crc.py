"""The check of HJ 212 over a data segment, and the two other checks that devices in the field are known to send.

The standard calls its check ANSI CRC16 but drops the register's low byte at each step (``reg = (reg >> 8) ^ byte``), so it
is not CRC-16/MODBUS. Only 8 bits of state live from byte to byte, each step is linear, and eight steps with zero bytes
are the identity. The state is therefore the XOR of the bytes, each moved by its distance from the end modulo 8: the
segment is folded to eight bytes by whole-number XOR and only those are looked up. ``clause`` is the text of the
standard, step by step; tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable

_POLYNOMIAL = 0xA001
_START = 0xFF  # the register starts at FFFF; its high byte meets the first byte
_FOLDS = (65536, 32768, 16384, 8192)  # bits; only segments above 1024 bytes need them
_MASK_512 = (1 << 512) - 1
_MASK_64 = (1 << 64) - 1


def _step(register: int) -> int:
    for _ in range(8):
        register = (register >> 1) ^ _POLYNOMIAL if register & 1 else register >> 1
    return register


_TABLE = tuple(_step(byte) for byte in range(256))


def _moved() -> tuple[bytes, ...]:
    """State after 0 … 7 zero bytes behind a byte, for each of its values."""
    rows = [bytes(range(256))]
    for _ in range(7):
        rows.append(bytes(_TABLE[state] >> 8 for state in rows[-1]))
    return tuple(rows)


_M0, _M1, _M2, _M3, _M4, _M5, _M6, _M7 = _MOVED = _moved()
_START_STATE = tuple(_MOVED[distance][_START] for distance in range(8))
TEXTS = tuple(b"%04X" % value for value in _TABLE)


def crc(segment: bytes) -> bytes:
    """The four upper-case hexadecimal digits of a segment's check.

    Rule    HJ 212-2017 appendix A (HJ 212-2025 A.1 alike), folded; equal to ``clause``
    """
    if not segment:
        return b"FFFF"
    folded = int.from_bytes(segment, "big")
    if len(segment) > 1024:
        for bits in _FOLDS:
            folded = (folded >> bits) ^ (folded & ((1 << bits) - 1))
    folded ^= folded >> 4096  # from here on only the low bits are right; the rest is masked away twice
    folded ^= folded >> 2048
    folded ^= folded >> 1024
    folded = (folded ^ folded >> 512) & _MASK_512
    folded ^= folded >> 256
    folded ^= folded >> 128
    folded = (folded ^ folded >> 64) & _MASK_64
    a, b, c, d, e, f, g, h = folded.to_bytes(8, "big")
    state = _M7[a] ^ _M6[b] ^ _M5[c] ^ _M4[d] ^ _M3[e] ^ _M2[f] ^ _M1[g] ^ h
    return TEXTS[state ^ _START_STATE[(len(segment) - 1) & 7]]


def clause(segment: bytes) -> bytes:
    """The same check as the standard writes it, byte by byte and bit by bit: slow, for tests and for doubt.

    Rule    HJ 212-2017 appendix A
    """
    register = 0xFFFF
    for byte in segment:
        register = _step((register >> 8) ^ byte)
    return b"%04X" % register


def _ordinary(segment: bytes, register: int) -> int:
    for byte in segment:
        register = (register >> 8) ^ _TABLE[(register ^ byte) & 0xFF]
    return register


def modbus_swapped(segment: bytes) -> bytes:
    """CRC-16/MODBUS, low byte first: sent by gas chromatographs for VOC."""
    register = _ordinary(segment, 0xFFFF)
    return b"%02X%02X" % (register & 0xFF, register >> 8)


def modbus(segment: bytes) -> bytes:
    """CRC-16/MODBUS, high byte first."""
    return b"%04X" % _ordinary(segment, 0xFFFF)


def arc(segment: bytes) -> bytes:
    """CRC-16/ARC, high byte first: sent by an indoor sensor."""
    return b"%04X" % _ordinary(segment, 0)


VARIANTS: dict[str, Callable[[bytes], bytes]] = {
    "hj212": crc,
    "modbus-swapped": modbus_swapped,
    "modbus": modbus,
    "arc": arc,
}


def variant_of(segment: bytes, given: bytes) -> str | None:
    """Name of the check that gives these four digits for the segment; None where none does."""
    wanted = given.upper()
    return next((name for name, check in VARIANTS.items() if check(segment) == wanted), None)
