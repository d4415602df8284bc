"""Servers in the test's own process, beside a browser that other files of the same run may hold open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_loop_of_a_browser() -> Iterator[None]:
    """A browser's event loop counts as running in this thread although it rests: it is put aside for the test."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)
