"""Decoding HJ 212 on one core, against the least that pure Python has to do for the same frames."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from benchmarks.figure import Figure
from lantian.stack.hj212 import Decoder, encoded
from lantian.stack.hj212.crc import crc

FRAMES = 6_000
READ = 1 << 16  # bytes handed over at once, as a busy socket does
ROUNDS = 15
ASKED, CEILING = 90_000, 116_000  # frames a second asked for, where the ceiling is so high (the lower end of 116–120 k)
CODES = ["a34013", "a21026", "a21002", "a19001", "a01011", "a01012", "a01013", "a01014", "a00000", "a21005"]


def stream() -> bytes:
    """Simulated frames of 420 to 450 bytes: two of real-time values and one of minute values in turn."""
    chosen = random.Random(1)
    return b"".join(_frame(chosen, number) for number in range(FRAMES))


def _frame(chosen: random.Random, number: int) -> bytes:
    period = number % 3 == 2
    header = {"QN": f"20261123{number:09d}", "ST": "31", "CN": "2051" if period else "2011", "PW": "123456"}
    header |= {"MN": f"{number % 200:024X}", "Flag": "5"}
    fields = {"DataTime": "20261123120000"}
    for code in CODES[:5] if period else CODES:
        for field in ("Min", "Avg", "Max") if period else ("Rtd",):
            fields[f"{code}-{field}"] = f"{chosen.uniform(10, 90):.2f}" if period else f"{chosen.uniform(100, 900):.2f}"
        fields[f"{code}-Flag"] = "N"
    return encoded(header, fields)


def decoded(data: bytes) -> int:
    """Frames found by the decoder: framing, check, header and fields, offsets, every deviation."""
    decoder, found = Decoder(), 0
    for start in range(0, len(data), READ):
        found += len(decoder.feed(data[start : start + READ]))
    return found


def least(data: bytes) -> int:
    """Frames by the least that must be done: cut at CR LF, length, check, fields into dictionaries; nothing deviates."""
    found = 0
    for start in range(0, len(data), READ):
        for line in data[start : start + READ].split(b"\r\n"):
            segment = line[6:-4]
            if line[2:6].isdigit() and int(line[2:6]) == len(segment) and crc(segment) == line[-4:]:
                head, _, area = segment.decode().partition(";CP=&&")
                kept = dict([one.split("=") for one in head.split(";")])
                kept.update([one.split("=") for one in area[:-2].replace(";", ",").split(",")])
                found += 1
    return found


def _best(work: Callable[[bytes], int], data: bytes, best: float) -> float:
    start = time.perf_counter()
    work(data)
    return min(best, time.perf_counter() - start)


def figures() -> Iterator[Figure]:
    """Microseconds a frame, best of several rounds in turn; the limit follows the ceiling of this machine and run."""
    data = stream()
    assert decoded(data) == FRAMES
    own = ceiling = float("inf")
    for _ in range(ROUNDS):
        own, ceiling = _best(decoded, data, own), _best(least, data, ceiling)
    own_us, ceiling_us = 1e6 * own / FRAMES, 1e6 * ceiling / FRAMES
    limit = ceiling_us * CEILING / ASKED
    yield Figure("HJ 212 decode, µs a frame", own_us, round(limit, 1), "pure Python's ceiling", ceiling_us, unit="µs")
    size = len(data) / FRAMES
    print(
        f"HJ 212 decode: {1e6 / own_us:,.0f} frames a second of {size:.0f} bytes on one core; ceiling {1e6 / ceiling_us:,.0f}"
    )


if __name__ == "__main__":
    from benchmarks.figure import table

    print(table(list(figures())))
