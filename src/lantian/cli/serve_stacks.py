"""What ``lantian serve`` runs for stacks: the gateway, and virtual stations while the register holds simulated outlets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import typer

from lantian.gateway.client import address, status
from lantian.store.stack.outlets import outlets

EVERYWHERE = ("0.0.0.0", "::")
LOOK_EVERY = 1.0
AGAIN_AFTER = 30.0  # seconds until a process that ended, or did not start, is tried again
BACKFILL = 48  # hours: last night, and the whole day before
STOP_WITHIN = 12.0  # the gateway writes what it has and lets the answers go
_LOW = 5  # niceness of the stations: pages go first


class Stacks:
    """The two processes; ``look`` is called again and again and does what is due."""

    def __init__(self, folder: Path, host: str, port: int, owner: Callable[[str, int], str | None]) -> None:
        self._folder, self._host, self._port, self._owner = folder, host, port, owner
        self._gateway: subprocess.Popen[bytes] | None = None
        self._stations: subprocess.Popen[bytes] | None = None
        self._next_look = 0.0
        self._gateway_due = self._stations_due = 0.0
        self._told = False

    def look(self) -> None:
        """Starts what should run and does not; at most once a second."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        self._look_at_gateway(now)
        self._look_at_stations(now)

    def stop(self) -> None:
        """Ends both, the stations first."""
        for child in (self._stations, self._gateway):
            if child is not None and child.poll() is None:
                child.terminate()
                try:
                    child.wait(STOP_WITHIN)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()

    def _look_at_gateway(self, now: float) -> None:
        child = self._gateway
        if child is not None and child.poll() is not None:
            typer.echo(f"联网服务退出（代码 {child.returncode}），{AGAIN_AFTER:.0f} 秒后重新启动。", err=True)
            self._gateway, self._gateway_due = None, now + AGAIN_AFTER
        if self._gateway is not None or now < self._gateway_due:
            return
        self._gateway_due = now + AGAIN_AFTER
        if status(self._folder) is not None:
            return  # one runs on this folder already, started by hand
        owner = self._owner(self._host, self._port) if self._port else None
        if owner is None:
            self._gateway = self._started("gateway", "--host", self._host, "--port", str(self._port))
        elif not self._told:
            typer.echo(
                f"联网服务没有启动，网站照常运行。端口 {self._port} 已被占用：{owner}。\n"
                "请停止该进程（随后自动启动），或换一个端口，例如：LANTIAN_GATEWAY_PORT=9213",
                err=True,
            )
            self._told = True

    def _look_at_stations(self, now: float) -> None:
        child = self._stations
        if child is not None and child.poll() is not None:
            self._stations, self._stations_due = None, now + AGAIN_AFTER
        if self._stations is not None or now < self._stations_due:
            return
        to = address(self._folder)
        if to is not None and any(one.simulated for one in outlets(self._folder)):
            host = "127.0.0.1" if to[0] in EVERYWHERE else to[0]
            self._stations = self._started(
                "simulate", "stacks", "--data", str(self._folder), "--to", f"{host}:{to[1]}",
                "--backfill", str(BACKFILL), "--scenario", "night", low=True,
            )  # fmt: skip

    def _started(self, *command: str, low: bool = False) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "lantian.cli", *command],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=_lower if low else None,
        )


def _lower() -> None:
    os.nice(_LOW)
