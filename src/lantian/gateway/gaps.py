"""Periods that are missing are asked for by themselves."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lantian.gateway.gateway import Gateway


async def ask_for_missing(gateway: Gateway) -> None:
    while True:
        await asyncio.sleep(600)
