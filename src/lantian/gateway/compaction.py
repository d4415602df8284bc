"""Frames that have rested move from the inbox to the lake, in a child process (``lantian stack compact``)."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lantian.gateway.gateway import Gateway


async def compact_at_intervals(gateway: Gateway) -> None:
    """Starts the child again and again until cancelled; its short transactions take place between groups."""
    while True:
        await asyncio.sleep(gateway.limits.compact_seconds)
        if not gateway.writer.trouble:
            await compact(gateway)


async def compact(gateway: Gateway) -> bool:
    """Moves once; says whether it ended well."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "lantian.cli", "stack", "compact", "--data", gateway.data,
        "--keep-hours", str(gateway.limits.kept_hours),
        stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _, told = await child.communicate()
    except asyncio.CancelledError:
        child.terminate()
        await child.wait()
        raise
    if child.returncode:
        gateway.tell(f"转存到数据湖未成功，下次再试：{told.decode('utf-8', 'replace').strip()[-300:]}")
    return child.returncode == 0
