"""What the register says of devices, in the form in which the codec reads it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lantian.stack.hj212 import Device
from lantian.stack.hj212.device import STANDARD
from lantian.stack.hj212.sm4 import decrypting
from lantian.store.stack.outlets import Outlet


def device_settings(outlets: Iterable[Outlet]) -> dict[str, Device]:
    """Settings by MN of the devices that differ from the standard: another check, other units, a key."""
    return {one.mn: _of(one) for one in outlets if one.mn and (one.crc != STANDARD.crc or one.units or one.key)}


def _of(outlet: Outlet) -> Device:
    return Device(outlet.crc, outlet.units, _decrypting(outlet.key) if outlet.key else None)


@lru_cache(maxsize=1024)
def _decrypting(key: str):  # type: ignore[no-untyped-def]
    return decrypting(bytes.fromhex(key))
