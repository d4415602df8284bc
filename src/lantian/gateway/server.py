"""The server process: lock, listening socket, control socket, signals, clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import json
import os
import resource
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.gateway.client import STATE_FILE, TOKEN_FILE
from lantian.gateway.compaction import compact_at_intervals
from lantian.gateway.connection import Connection
from lantian.gateway.control import control_server
from lantian.gateway.gaps import ask_for_missing
from lantian.gateway.gateway import Gateway
from lantian.gateway.metrics import metrics_server
from lantian.store.folder import write_whole

LOCK_FILE = "gateway.lock"


_BACKLOG = 1024
_GC_FIRST = 50_000  # rows and events die young: looking for cycles after each 700 of them is in vain


async def serve(
    gateway: Gateway, host: str, port: int, *, metrics_port: int = 0, started: Callable[[str, int], None]
) -> None:
    """Runs the server until SIGTERM or SIGINT; what was acknowledged is on the disk by then.

    Errors  Refusal where the address cannot be listened on
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    _prepare_process()
    async with running(gateway, host, port, metrics_port=metrics_port) as server:
        started(server.host, server.port)
        await _stopped(stop, server.tasks)


class Server(NamedTuple):
    """A running server: where it listens, and the tasks that must not end while it runs."""

    host: str
    port: int
    tasks: list[asyncio.Task[None]]


@contextlib.asynccontextmanager
async def running(gateway: Gateway, host: str, port: int, *, metrics_port: int = 0) -> AsyncIterator[Server]:
    """The server while the context lasts, control socket, figures and published state included; a clean stop at its end.

    Errors  Refusal where the address cannot be listened on
    """
    loop = asyncio.get_running_loop()
    server = await _listening(gateway, host, port)
    token = secrets.token_urlsafe(32)
    control = await control_server(gateway, token)
    metrics = await metrics_server(gateway, metrics_port)
    host, port, *_ = server.sockets[0].getsockname()
    _publish(gateway.data, host, port, _port(control), _port(metrics), token)
    works = (gateway.writer.run(), gateway.seconds(), ask_for_missing(gateway), compact_at_intervals(gateway))
    tasks = [loop.create_task(one) for one in works]
    gateway.writer.wake()  # what the start itself has to keep
    try:
        yield Server(host, port, tasks)
    finally:
        _withdraw(gateway.data)
        control.close()
        metrics.close()
        await _wind_down(gateway, server, tasks)


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Holds the lock of the one gateway of a data folder.

    Errors  Refusal where another one holds it
    """
    with (data / LOCK_FILE).open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stream.seek(0)
            holder = stream.read().strip() or "?"
            zh = f"这个数据目录已有一个联网服务在运行（进程 {holder}）。请先停止它，或用 --data 指定别的目录"
            en = f"a gateway runs on this data folder already (process {holder}); stop it, or use another folder"
            raise Refusal(Finding("GATEWAY-RUNS-ALREADY", Severity.REFUSED, Text(zh, en))) from None
        stream.seek(0)
        stream.truncate()
        stream.write(str(os.getpid()))
        stream.flush()
        yield


def _prepare_process() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GC_FIRST, 20, 20)


async def _listening(gateway: Gateway, host: str, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(lambda: Connection(gateway), host, port, backlog=_BACKLOG)
    except OSError as error:
        zh = f"{host}:{port} 不能监听（{error.strerror}）。请换一个端口或地址"
        en = f"{host}:{port} cannot be listened on ({error.strerror}); choose another port or address"
        raise Refusal(Finding("GATEWAY-ADDRESS-UNUSABLE", Severity.REFUSED, Text(zh, en))) from None


def _publish(data: Path, host: str, port: int, control_port: int, metrics_port: int, token: str) -> None:
    write_whole(data / TOKEN_FILE, token + "\n")
    state = {
        "pid": os.getpid(),
        "host": host,
        "port": port,
        "control_port": control_port,
        "metrics_port": metrics_port,
        "started_at": datetime.now(UTC).isoformat(),
    }
    write_whole(data / STATE_FILE, json.dumps(state) + "\n")


def _withdraw(data: Path) -> None:
    for name in (STATE_FILE, TOKEN_FILE):
        (data / name).unlink(missing_ok=True)


async def _stopped(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Waits for the signal; a task that ends by itself has failed, and its error is raised."""
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for one in done:
        if one is not waiting:
            one.result()


async def _wind_down(gateway: Gateway, server: asyncio.Server, tasks: list[asyncio.Task[None]]) -> None:
    """Reads nothing more, writes what is there, lets its answers go, closes."""
    writing, *others = tasks
    server.close()
    gateway.stop_reading()
    for one in others:
        one.cancel()
    await asyncio.sleep(0)
    gateway.group_of_end(time.time_ns() // 1000)
    gateway.writer.stop()
    await asyncio.wait([writing], timeout=gateway.limits.stop_seconds)
    for connection in list(gateway.connections):
        connection.close()
    until = time.monotonic() + 1
    while gateway.connections and time.monotonic() < until:
        await asyncio.sleep(0.01)
    for connection in list(gateway.connections):
        connection.abort()
    await asyncio.sleep(0)
    if writing.done():
        gateway.writer.close()
    else:
        gateway.tell(f"停止时仍不能写入，未应答的 {len(gateway.group.batch.frames)} 个以上数据包由设备重发。")
        writing.cancel()
