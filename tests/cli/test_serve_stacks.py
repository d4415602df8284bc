"""What ``lantian serve`` runs for stacks: gateway and virtual stations, as the register wants them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lantian.cli.serve_stacks import Stacks
from lantian.gateway.client import address, status
from lantian.store.stack.inbox import devices
from lantian.store.stack.outlets import publish
from lantian.work.simulated_outlets import simulated_outlets

TWO = simulated_outlets("230300", (), (), 2)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Stacks]:
    stacks = Stacks(tmp_path, "127.0.0.1", 0, lambda host, port: None)
    yield stacks
    stacks.stop()


def wait(stacks: Stacks, told: Callable[[], object]) -> None:
    """Looks again and again until something holds."""
    end = time.monotonic() + 60
    while not told():
        assert time.monotonic() < end, "waited in vain"
        stacks.look()
        time.sleep(0.05)


def test_simulated_outlets_are_heard_until_a_real_one_stands_in_their_place(
    tmp_path: Path, running: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANTIAN_DATA", str(tmp_path))
    publish(tmp_path, TWO)
    wait(running, lambda: len([one for one in devices(tmp_path) if one.connected]) == 2)
    publish(tmp_path, [replace(TWO[0], simulated=False)])
    wait(running, lambda: not [one for one in devices(tmp_path) if one.connected])
    assert status(tmp_path) is not None
    running.stop()
    assert address(tmp_path) is None


def test_without_simulated_outlets_there_is_a_gateway_only(
    tmp_path: Path, running: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANTIAN_DATA", str(tmp_path))
    wait(running, lambda: status(tmp_path) is not None)
    running.look()
    assert devices(tmp_path) == []


def test_a_taken_port_is_told_once_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        stacks = Stacks(tmp_path, "127.0.0.1", port, lambda host, port: "进程 1")
        stacks.look()
        stacks.look()
        stacks.stop()
    told = capsys.readouterr().err
    assert told.count(f"端口 {port} 已被占用：进程 1") == 1
    assert "LANTIAN_GATEWAY_PORT" in told
    assert address(tmp_path) is None
