"""The home page, the duty desk and the pages of the air at 8 concurrent readers, ten years of days behind them, against a static file."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

import psutil

from benchmarks.figure import Figure, percentile

READERS, REQUESTS, WARM_UP = 8, 100, 5
CATCH_UP, QUIET_FOR, QUIET_SHARE = 300, 5.0, 0.25  # seconds, seconds, share of a core
AIR_PAGES = {
    "今日空气": "/air/",
    "空气日历": "/air/calendar/?year=2024",
    "一天": "/air/day/2025-03-01/",
    "趋势": "/air/trend/?item=pm25&period=2024",
    "排名": "/air/ranking/?period=2024",
}
STATIC = "/static/lantian/house.css"
PASSWORD = "correct horse battery"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ten_years(data: Path) -> None:
    """A simulated city with ten years of days."""
    from lantian import rulebook
    from lantian.store import folder
    from lantian.work.simulate import simulate_city

    folder.prepare(data, now=datetime.now(UTC))
    plan = rulebook.plan("jixi-2024")
    simulate_city(
        data,
        plan.cities[0],
        plan.region,
        seed=1,
        first=date(2015, 10, 16),
        last=date(2025, 10, 15),
        now=datetime.now(UTC),
    )


def start(data: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """The server, and the milliseconds until it answered."""
    begin = time.perf_counter()
    command = [str(Path(sys.executable).with_name("lantian")), "serve"]
    environment = {**os.environ, "LANTIAN_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while server.poll() is None:
        try:
            get(port, "/account/login/")
            return server, (time.perf_counter() - begin) * 1000
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server did not start")


def get(port: int, path: str, cookie: str = "") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


def sign_in(port: int, data: Path) -> str:
    """Cookie of a signed-in coordinator."""
    environment = {**os.environ, "LANTIAN_DATA": str(data)}
    command = [str(Path(sys.executable).with_name("lantian")), "user", "add", "bench", "--role", "coordinator"]
    subprocess.run([*command, "--password", PASSWORD], check=True, env=environment, stdout=subprocess.DEVNULL)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/account/login/")
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), str(answer.getheader("Set-Cookie")).split(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    form = urlencode({"username": "bench", "password": PASSWORD, "csrfmiddlewaretoken": found[1]})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/account/login/", form, headers)
    answer = connection.getresponse()
    answer.read()
    cookies = [value.split(";")[0] for key, value in answer.getheaders() if key.lower() == "set-cookie"]
    return "; ".join([*(one for one in cookies if one.startswith("lantian_session")), cookie])


def p95(port: int, path: str, cookie: str = "") -> float:
    """95th percentile in milliseconds of a page under closed-loop readers."""

    def reader(_: int) -> list[float]:
        times = []
        for _ in range(REQUESTS):
            begin = time.perf_counter()
            get(port, path, cookie)
            times.append((time.perf_counter() - begin) * 1000)
        return times

    for _ in range(WARM_UP):
        get(port, path, cookie)
    with ThreadPoolExecutor(READERS) as readers:
        return percentile([one for times in readers.map(reader, range(READERS)) for one in times], 0.95)


def figures() -> Iterator[Figure]:
    """Home page, desk and pages of the air: p95 ≤ 100 ms; second start ≤ 3 s."""
    with tempfile.TemporaryDirectory() as folder:
        data, port = Path(folder) / "data", free_port()
        ten_years(data)
        server, first = start(data, port)
        stop(server)
        server, second = start(data, port)
        try:
            yield Figure("second start of lantian serve", second, 3000, "first start", first)
            cookie = sign_in(port, data)
            until_quiet(server.pid)
            peer = p95(port, STATIC)
            yield Figure("home page, 39 articles, 8 readers, p95", p95(port, "/"), 100, "static file", peer)
            yield Figure("值班台, 8 readers, p95", p95(port, "/", cookie), 100, "static file", peer)
            for name, path in AIR_PAGES.items():
                yield Figure(f"{name}, 8 readers, p95", p95(port, path, cookie), 100, "static file", peer)
        finally:
            stop(server)


def until_quiet(pid: int) -> None:
    """Waits until the processes of a new city have caught up: stations send their last days, the worker judges them first."""
    server = psutil.Process(pid)
    until = time.monotonic() + CATCH_UP
    while time.monotonic() < until:
        before = _processor_seconds(server)
        time.sleep(QUIET_FOR)
        if _processor_seconds(server) - before < QUIET_SHARE * QUIET_FOR:
            return
    print(f"the city was still busy after {CATCH_UP} s: pages are measured beside its work")


def _processor_seconds(server: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in (server, *server.children(recursive=True)))


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    server.wait(30)
