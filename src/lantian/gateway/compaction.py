"""Frames that have rested move from the inbox to the lake, in a child process (``lantian stack compact``)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lantian.gateway import children

if TYPE_CHECKING:
    from lantian.gateway.gateway import Gateway

_TOLD = 300  # characters of a child's complaint


async def compact_at_intervals(gateway: Gateway) -> None:
    """Moves again and again until cancelled; the short transactions of the child take place between groups."""
    while True:
        await asyncio.sleep(gateway.limits.compact_seconds)
        if not gateway.writer.trouble:
            await compact(gateway)


async def compact(gateway: Gateway) -> bool:
    """Moves once; says whether it ended well."""
    hours = ("--keep-hours", str(gateway.limits.kept_hours))
    ended = await children.run("lantian.cli", "stack", "compact", "--data", gateway.data, *hours)
    if not ended.well:
        gateway.tell(f"移入数据湖未成功，下次再试：{ended.error[-_TOLD:]}")
    return ended.well
