"""``lantian gateway`` as a process: ready, refused with a reason, stopped cleanly; streams cut anywhere."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gateway_client import a_gateway, frame, rows

from lantian.gateway import client

COMMAND = [sys.executable, "-m", "lantian.cli", "gateway"]


@contextlib.contextmanager
def started(*options: str | Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def refused(*options: str | Path) -> str:
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_ends_cleanly(tmp_path: Path, name: signal.Signals) -> None:
    with started("--data", tmp_path, "--port", "0") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "listening 127.0.0.1:" in line
        assert client.address(tmp_path) == ("127.0.0.1", int(line.rsplit(":", 1)[1]))
        told = client.status(tmp_path)
        assert told is not None
        assert told["devices_registered"] == 0
        assert "进程" in refused("--data", tmp_path, "--port", "0")
        process.send_signal(name)
        assert process.wait(30) == 0
    assert client.status(tmp_path) is None
    assert client.address(tmp_path) is None


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert "不能监听" in refused("--data", tmp_path, "--port", str(other.getsockname()[1]))


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "数据目录" in refused("--data", tmp_path / "file", "--port", "0")


def test_streams_cut_anywhere_lose_and_invent_nothing(tmp_path: Path) -> None:
    chosen = random.Random(11)
    noise = [b"\r\n", b"##", b"##0010", b"\x00\xff", b"noise\r\n", b"##9999QN=1;", frame(5000)[:-9] + b"0000\r\n"]

    async def device(connect: object, number: int) -> int:
        frames = [frame(minute, mn=f"{number:024X}") for minute in range(60)]
        parts = [
            part for one in frames for part in (chosen.choice(noise) if chosen.random() < 0.3 else b"", b"\r\n", one)
        ]
        stream = b"".join(parts)
        one = await connect()  # type: ignore[operator]
        while stream:
            size = chosen.choice([1, 3, 50, 400, 2000])
            await one.send(stream[:size])
            stream = stream[size:]
            await asyncio.sleep(0)
        return len(await one.answers(len(frames)))

    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            assert await asyncio.gather(*(device(connect, number) for number in range(8))) == [60] * 8

    asyncio.run(run())
    kept = {bytes(raw) for (raw,) in rows(tmp_path, "SELECT raw FROM frame")}  # type: ignore[arg-type]
    assert kept == {frame(minute, mn=f"{number:024X}")[:-2] for number in range(8) for minute in range(60)}
