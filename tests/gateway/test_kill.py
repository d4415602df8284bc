"""SIGKILL under load: what was acknowledged is there, once, as it was sent; nothing else is."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from gateway_client import frame, rows

from lantian.gateway import client

pytestmark = pytest.mark.slow
DEVICES, FRAMES, WINDOW = 8, 6000, 16


def _started(data: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "lantian.cli",
        "gateway",
        "--data",
        str(data),
        "--port",
        "0",
        "--unknown",
        "accept",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "listening" in process.stdout.readline()
    return process


async def _device(data: Path, sent: list[bytes], acknowledged: set[int], done: asyncio.Event) -> None:
    """Sends all of its frames, each again until it is acknowledged, over as many connections as it takes."""
    while not done.is_set() and len(acknowledged) < len(sent):
        with contextlib.suppress(OSError, EOFError, TypeError):
            reader, writer = await asyncio.open_connection(*client.address(data))  # type: ignore[misc]
            waiting = [number for number in range(len(sent)) if number not in acknowledged]
            for start in range(0, len(waiting), WINDOW):
                part = waiting[start : start + WINDOW]
                writer.write(b"".join(sent[number] for number in part))
                for number in part:
                    line = await reader.readuntil(b"\r\n")
                    assert b"CN=9014" in line
                    assert sent[number][6:26] in line
                    acknowledged.add(number)
            writer.close()
        await asyncio.sleep(0.05)


def test_nothing_acknowledged_is_lost_doubled_or_invented(tmp_path: Path) -> None:
    chosen = random.Random(5)
    sent = [
        [frame(minute, mn=f"MN{number:022d}", value=f"{number}.{minute}") for minute in range(FRAMES)]
        for number in range(DEVICES)
    ]
    acknowledged: list[set[int]] = [set() for _ in sent]

    async def run() -> int:
        process, kills, done = _started(tmp_path), 0, asyncio.Event()
        tasks = [asyncio.create_task(_device(tmp_path, *one, done)) for one in zip(sent, acknowledged, strict=True)]
        for _ in range(3):
            await asyncio.sleep(chosen.uniform(0.2, 0.5))
            before = sum(map(len, acknowledged))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kept = {bytes(raw) for (raw,) in rows(tmp_path, "SELECT raw FROM frame")}  # type: ignore[arg-type]
            missing = [n for one, told in zip(sent, acknowledged, strict=True) for n in told if one[n][:-2] not in kept]
            assert missing == []
            kills += before < DEVICES * FRAMES
            process = await asyncio.to_thread(_started, tmp_path)
        await asyncio.wait_for(asyncio.gather(*tasks), 60)
        done.set()
        process.terminate()
        process.communicate(timeout=15)
        assert process.returncode == 0
        return kills

    assert asyncio.run(run()) > 0
    kept = [bytes(raw) for (raw,) in rows(tmp_path, "SELECT raw FROM frame")]  # type: ignore[arg-type]
    assert sorted(kept) == sorted(raw[:-2] for one in sent for raw in one)
    assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]
