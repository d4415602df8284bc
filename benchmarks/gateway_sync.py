"""By the system calls of a running gateway: between the last row of a group and its acknowledgements stands a sync of the log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

CALLS = "pwrite64,fsync,fdatasync,sendto"
_LINE = re.compile(r"^(\d+) +(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<name>\w+)\((?P<rest>.*))")


class Seen(NamedTuple):
    """Acknowledgements sent, those of them sent while rows were not synced, and syncs of the log."""

    acknowledged: int
    early: int
    syncs: int


def judged(lines: Iterable[str]) -> Seen:
    """What a trace (``strace -f -y -s 4096 -e trace=pwrite64,fsync,fdatasync,sendto``) says.

    A write to the log makes it unsynced from the moment it begins; only a sync that began later and has ended well makes it
    synced again.
    """
    writes = synced = acknowledged = early = syncs = 0
    begun: dict[str, int] = {}  # thread → writes that its running sync covers
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            continue
        thread, name, rest = match[1], match["name"], match["rest"] or ""
        if match["resumed"] in ("fsync", "fdatasync") and thread in begun:
            synced, syncs = max(synced, begun.pop(thread)), syncs + 1
        elif name == "pwrite64" and "stack.sqlite-wal>" in rest:
            writes += 1
        elif name in ("fsync", "fdatasync") and "stack.sqlite-wal>" in rest:
            if "<unfinished" in rest:
                begun[thread] = writes
            elif rest.endswith("= 0"):
                synced, syncs = writes, syncs + 1
        elif name == "sendto" and (count := rest.count("CN=9014")):
            acknowledged += count
            early += count if synced < writes else 0
    return Seen(acknowledged, early, syncs)
