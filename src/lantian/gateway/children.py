"""Work that would hold up the server, done by a child process of lower priority."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

_QUIETLY = {"POLARS_MAX_THREADS": "1"}


class Ended(NamedTuple):
    """How a child ended, and what it printed."""

    well: bool
    out: bytes
    error: str


async def run(module: str, *arguments: str | Path) -> Ended:
    """Runs ``python -m module`` to its end; a cancelled wait ends the child too."""
    nice = shutil.which("nice")
    try:
        child = await asyncio.create_subprocess_exec(
            *([nice, "-n", "10"] if nice else []), sys.executable, "-m", module, *arguments,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **_QUIETLY},
        )  # fmt: skip
    except OSError as refused:  # no memory or descriptors for it now
        return Ended(False, b"", str(refused))
    try:
        out, error = await child.communicate()
    except asyncio.CancelledError:
        child.terminate()
        await child.wait()
        raise
    return Ended(child.returncode == 0, out, error.decode("utf-8", "replace").strip())
