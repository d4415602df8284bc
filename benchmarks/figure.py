"""One measured figure: value, limit, and the peer of the same run it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A time in milliseconds (or a number in ``unit``) with its limit (None: none is set), beside the peer of the same run."""

    name: str
    milliseconds: float
    limit: float | None
    peer: str
    peer_milliseconds: float
    unit: str = "ms"

    @property
    def missed(self) -> bool:
        return self.limit is not None and self.milliseconds > self.limit

    @property
    def ratio(self) -> float:
        return self.milliseconds / self.peer_milliseconds


def percentile(times: Sequence[float], share: float) -> float:
    """The smallest time that ``share`` of the times do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text."""
    lines = [f"{'figure':<44}{'value':>10}{'limit':>9}     {'ratio':>8}  peer"]
    for one in figures:
        note = "  <-- missed" if one.missed else ""
        limit = "—" if one.limit is None else f"{one.limit:g}"
        lines.append(
            f"{one.name:<44}{one.milliseconds:>10.1f}{limit:>9} {one.unit}  {one.ratio:>6.2f}×  "
            f"{one.peer} ({one.peer_milliseconds:.1f} {one.unit}){note}"
        )
    return "\n".join(lines)
