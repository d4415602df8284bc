"""Sub-packets that belong together: which transmissions still miss parts, and since when. Each part is data of its own."""

from __future__ import annotations

from lantian.gateway.limits import Limits
from lantian.stack.hj212 import Arrival
from lantian.stack.hj212.parts import Key


class Transmissions:
    """The transmissions that are not complete, oldest first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[Key, tuple[set[int], float]] = {}

    def add(self, arrival: Arrival, now: float) -> None:
        """Notes one part; a transmission that has all of them is forgotten."""
        head = arrival.head
        key = Key(head.mn, head.cn, arrival.data_time or arrival.qn, head.parts)
        numbers, _ = self._open.setdefault(key, (set(), now))
        numbers.add(head.part)
        if len(numbers) == head.parts:
            del self._open[key]

    def overdue(self, now: float) -> list[tuple[Key, list[int]]]:
        """Transmissions waited for too long, and the oldest where too many are open, with the numbers that came; forgotten then."""
        found = []
        excess = len(self._open) - self._limits.parts_open
        for key, (numbers, since) in list(self._open.items()):
            if excess <= 0 and now - since < self._limits.parts_seconds:
                break
            excess -= 1
            found.append((key, sorted(numbers)))
            del self._open[key]
        return found
