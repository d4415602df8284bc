"""What is known of one device beyond the standard: another check, other units, a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Device:
    """Settings of one device by its MN; the defaults are the standard's.

    ``crc`` names a check of ``crc.VARIANTS``. ``units`` gives a factor's unit where the device does not send the standard's
    default unit. ``decrypt`` turns the whole blocks of an enciphered data area into plain bytes (SM4-ECB, HJ 212-2025).
    """

    crc: str = "hj212"
    units: Mapping[str, str] = field(default_factory=dict)
    decrypt: Callable[[bytes], bytes] | None = None

    def unit(self, code: str, default: str | None) -> str | None:
        """The unit of a factor of this device."""
        return self.units.get(code, default)


STANDARD = Device()
