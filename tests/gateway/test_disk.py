"""A disk that refuses: nothing is acknowledged, nothing acknowledged is lost, and it goes on by itself."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gateway_client import Client, a_gateway, frame, rows, until

from lantian.gateway import client
from lantian.gateway.limits import Limits
from lantian.store.stack.inbox import Inbox

QUICK = Limits(retry_seconds=(0.05,))
FULL = sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("step", ["stage", "commit"])
def test_while_the_disk_refuses_nothing_is_acknowledged_and_then_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    full, real = [True], getattr(Inbox, step)

    def refused(self: Inbox, *given: object) -> object:
        if full[0]:
            self._undo()
            FULL.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise FULL
        return real(self, *given)

    monkeypatch.setattr(Inbox, step, refused)

    async def run() -> None:
        async with a_gateway(tmp_path, limits=QUICK) as (gateway, connect):
            device = await connect()
            await device.send(frame(1), frame(2))
            await until(lambda: gateway.writer.trouble)
            assert "full" in gateway.writer.trouble
            told = await asyncio.to_thread(client.status, tmp_path)
            assert told is not None
            assert told["trouble"]
            assert told["writable"] == 0
            assert await device.silent()
            assert rows(tmp_path, "SELECT count(*) FROM frame") == [(0,)]
            full[0] = False
            assert len(await device.answers(2)) == 2
            assert gateway.writer.trouble == ""

    asyncio.run(run())
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(2,)]


def test_connections_do_not_heap_up_while_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full, real = [True], Inbox.commit

    def refused(self: Inbox) -> None:
        if full[0]:
            self._undo()
            FULL.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise FULL
        real(self)

    monkeypatch.setattr(Inbox, "commit", refused)

    async def run() -> None:
        limits = Limits(retry_seconds=(0.05,), group_bytes=1000, held_seconds=-1)
        async with a_gateway(tmp_path, limits=limits) as (gateway, connect):
            device = await connect()
            await device.send(*(frame(minute) for minute in range(30)))
            await until(lambda: gateway.writer.trouble and gateway.group.size > limits.group_bytes)
            gateway.second()
            assert await device.closed()
            full[0] = False
            again = await connect()
            await again.send(*(frame(minute) for minute in range(30)))
            assert len(await again.answers(30)) == 30

    asyncio.run(run())
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(30,)]


def test_another_process_that_writes_for_a_while_only_delays(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await device.send(frame(1))
            await device.answer()
            with contextlib.closing(sqlite3.connect(tmp_path / "stack.sqlite", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await device.send(frame(2))
                assert await device.silent()
                other.execute("COMMIT")
            await device.answer()
            assert gateway.writer.failures == 0

    asyncio.run(run())


@pytest.mark.slow
def test_a_real_limit_of_the_file_and_its_lifting(tmp_path: Path) -> None:
    """The system lets the gateway's files grow to 1 MB and no further; then the limit is lifted from outside."""
    command = [
        sys.executable,
        "-m",
        "lantian.cli",
        "gateway",
        "--data",
        str(tmp_path),
        "--port",
        "0",
        "--unknown",
        "accept",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "listening" in process.stdout.readline()
            _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1 << 20, hard))
            sent, answered = asyncio.run(_until_full(tmp_path))
            assert 0 < answered < sent
            acknowledged = rows(tmp_path, "SELECT count(*) FROM frame")[0][0]
            assert acknowledged >= answered
            assert client.status(tmp_path)["trouble"]  # type: ignore[index]
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
            assert asyncio.run(_all_answered(tmp_path))
        finally:
            process.terminate()
            process.wait(15)
        assert process.returncode == 0
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(sent,)]
    assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]


FRAMES = [frame(minute, value=f"{minute}.5") for minute in range(20_000)]


async def _connected(data: Path) -> Client:
    where = client.address(data)
    assert where is not None
    return Client(*await asyncio.open_connection(*where))


async def _until_full(data: Path) -> tuple[int, int]:
    device = await _connected(data)
    sending = asyncio.create_task(device.send(*FRAMES))
    answered = 0
    with contextlib.suppress(TimeoutError):
        while answered < len(FRAMES):
            answered += (await asyncio.wait_for(device.reader.read(1 << 16), 2)).count(b"CN=9014")
    sending.cancel()
    device.close()
    return len(FRAMES), answered


async def _all_answered(data: Path) -> bool:
    """A device sends again what was not answered; here all of it."""
    device = await _connected(data)
    sending = asyncio.create_task(device.send(*FRAMES))
    done = await device.count(b"CN=9014", len(FRAMES))
    await sending
    device.close()
    end = time.monotonic() + 5
    while client.status(data)["trouble"] and time.monotonic() < end:  # type: ignore[index]
        await asyncio.sleep(0.05)
    return done
