"""The gateway under load: acknowledged frames a second and latency beside the sender's own ceiling, system calls, memory.

The sender is the project's own (``gateway_load``) and shares the machine's cores with the gateway.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.figure import Figure, percentile
from benchmarks.gateway_load import CONNECTIONS, frames, load
from benchmarks.gateway_sync import CALLS, judged

SECONDS = 6.0
FRAMES_EACH = 4000
ASKED = 20_000  # acknowledged frames a second
P99_MS = 200
IDLE, IDLE_MB = 2000, 300
TRACED = 400
_GATEWAY = [sys.executable, "-m", "lantian.cli", "gateway", "--port", "0", "--unknown", "accept", "--data"]
_SINK = [sys.executable, "-m", "benchmarks.gateway_load", "sink"]


@contextlib.contextmanager
def started(*command: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server process and the port it says it listens on; stopped at the end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline().rsplit(":", 1)[1])
        finally:
            process.terminate()


@contextlib.contextmanager
def gateway() -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    """A gateway on a new data folder beside this checkout, so that syncs meet a disk and no memory."""
    with _folder() as folder, started(*_GATEWAY, folder) as (process, port):
        yield process, port, Path(folder)


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(dir=Path(__file__).parents[1], prefix=".bench-")


def figures() -> Iterator[Figure]:
    """µs an acknowledged frame (limit 20,000 a second) and p99 (200 ms); acknowledgements before their sync; idle memory."""
    sent = [frames(station, FRAMES_EACH) for station in range(CONNECTIONS)]
    with started(*_SINK) as (_, port):
        ceiling, took = asyncio.run(load(port, SECONDS / 3, sent))
        ceiling_us = 1e6 * took / ceiling.acknowledged
    with gateway() as (process, port, _):
        before = _cpu(process.pid)
        tally, took = asyncio.run(load(port, SECONDS, sent))
        cpu_us = 1e6 * (_cpu(process.pid) - before) / (tally.acknowledged * 1.2)  # with the warm-up
    assert tally.wrong == ceiling.wrong == 0
    assert tally.acknowledged < 0.8 * CONNECTIONS * FRAMES_EACH, "the prepared frames were used up"
    own_us = 1e6 * took / tally.acknowledged
    p99, ceiling_p99 = (1000 * percentile(one.latencies, 0.99) for one in (tally, ceiling))
    yield Figure(
        "gateway, µs an acknowledged frame", own_us, 1e6 / ASKED, "sender against a sink", ceiling_us, unit="µs"
    )
    yield Figure("gateway, p99 of acknowledgement", p99, P99_MS, "sender against a sink", ceiling_p99)
    print(
        f"gateway: {1e6 / own_us:,.0f} frames a second acknowledged after their sync, window 32 of {CONNECTIONS} connections, "
        f"{cpu_us:.1f} µs of processor each; the sender alone {1e6 / ceiling_us:,.0f}"
    )
    yield from _synced()
    yield _idle()


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _synced() -> Iterator[Figure]:
    """Acknowledgements sent before the log was synced: none."""
    strace = shutil.which("strace")
    if strace is None:
        print("gateway: no strace here, so that the order of sync and acknowledgement is not shown")
        return
    with _folder() as folder:
        trace = Path(folder) / "trace"
        traced = [strace, "-f", "-y", "-s", "65536", "-e", f"trace={CALLS}", "-o", str(trace)]
        with started(*traced, *_GATEWAY, f"{folder}/data") as (process, port):
            sent = [frames(station, TRACED) for station in range(5)]
            tally, _ = asyncio.run(load(port, 2, sent, window=4))
            os.kill(json.loads(Path(folder, "data", "gateway.json").read_text())["pid"], signal.SIGTERM)
            process.wait(20)
        seen = judged(trace.read_text("utf-8", "replace").splitlines())
    assert seen.acknowledged >= tally.acknowledged > 0
    assert seen.syncs > 0
    print(
        f"gateway: {seen.acknowledged} acknowledgements behind {seen.syncs} syncs of the log, {seen.early} before theirs"
    )
    yield Figure("gateway, acknowledged before the sync", seen.early, 0, "acknowledgements", seen.acknowledged, unit="")


def _idle() -> Figure:
    """Memory of the gateway with 2,000 connections that have sent a frame and wait."""
    with gateway() as (process, port, _):
        own = psutil.Process(process.pid)
        bare = own.memory_info().rss / 2**20
        asyncio.run(_wait(port, own, found := []))
    return Figure(f"gateway, memory of {IDLE:,} idle connections", found[0], IDLE_MB, "without any", bare, unit="MB")


async def _wait(port: int, process: psutil.Process, found: list[float]) -> None:
    writers = []
    for station in range(IDLE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(frames(station, 1)[0])
        await reader.readuntil(b"\r\n")
        writers.append(writer)
    await asyncio.sleep(1)
    found.append(process.memory_info().rss / 2**20)
    for writer in writers:
        writer.close()


if __name__ == "__main__":
    from benchmarks.figure import table

    print(table(list(figures())))
