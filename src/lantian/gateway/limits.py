"""How much the gateway holds, keeps and waits: bounds of operation, none of them law."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep memory, disk and descriptors within reach, whatever is sent."""

    group_bytes: int = 16 << 20  # received and not committed yet; beyond it nothing is read
    read_bytes: int = 1 << 16  # taken from one connection at a time
    unread_answers: int = 1 << 16  # bytes of answers a device has not fetched; beyond it nothing is read from it
    idle_seconds: float = 7200  # a connection without a byte for so long is closed
    held_seconds: float = 120  # the same while the disk refuses and nothing is read
    parts_seconds: float = 120  # waited for the other parts of a transmission
    parts_open: int = 4096  # transmissions with parts missing, kept in mind at a time
    address_connections: int = 4096
    refused_bytes: int = 32 << 20  # kept whole of what one address sent in vain within an hour
    refused_start: int = 256  # kept of each piece beyond it, with length and SHA-256 of all
    refused_run_seconds: float = 30  # pieces beyond it are told together for so long
    tries: int = 3  # wrong passwords before answers to the address are delayed
    longest_delay: float = 60
    sample_seconds: float = 3600  # between two looks at a device's frames for deviations from the standard
    flush_seconds: float = 1  # between two writings of the table of devices
    retry_seconds: tuple[float, ...] = (0.2, 0.5, 1, 2, 5)  # between attempts to write while the disk refuses
    missing_seconds: float = 600  # between two looks for missing periods
    kept_hours: float = 2  # frames of so many hours stay in the inbox before they are moved to the lake
    compact_seconds: float = 900  # between two such moves
    stop_seconds: float = 8  # for the last group and its answers
