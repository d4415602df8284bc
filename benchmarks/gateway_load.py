"""A small load client for the gateway, and a sink that acknowledges without keeping: what the client can do at most.

``python -m benchmarks.gateway_load sink`` prints its port and runs until it is stopped.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.hj212 import CODES
from lantian.stack.hj212.crc import crc

CONNECTIONS, WINDOW = 200, 32
_END = b"\r\n"


def frames(station: int, count: int) -> list[bytes]:
    """Simulated frames of one station, each with a time of its own: two of real-time values and one of minute values in turn."""
    chosen = random.Random(station)
    start = datetime(2026, 11, 1)  # noqa: DTZ001
    areas = [_area(chosen, period) for period in (False, False, True)]
    head = ";ST=31;CN=%s;PW=123456;" + f"MN={station:024X};Flag=5;CP=&&DataTime="
    made = []
    for number in range(count):
        at = start + timedelta(seconds=20 * number)
        cn = "2051" if number % 3 == 2 else "2011"
        segment = f"QN={at:%Y%m%d%H%M%S}{station % 1000:03d}{head % cn}{at:%Y%m%d%H%M%S}{areas[number % 3]}&&".encode()
        made.append(b"##%04d" % len(segment) + segment + crc(segment) + _END)
    return made


def _area(chosen: random.Random, period: bool) -> str:
    names = ("Min", "Avg", "Max") if period else ("Rtd",)
    return "".join(
        ";" + ",".join([*(f"{code}-{name}={chosen.uniform(10, 90):.2f}" for name in names), f"{code}-Flag=N"])
        for code in (CODES[:6] if period else CODES)
    )


@dataclass
class Tally:
    """What came of it; latencies in seconds, from the writing of a frame to its acknowledgement."""

    acknowledged: int = 0
    wrong: int = 0
    latencies: list[float] = field(default_factory=list)


class Station(asyncio.Protocol):
    """One connection that keeps up to a window of frames unanswered until its frames are used up or it is stopped."""

    def __init__(self, sent: list[bytes], tally: Tally, window: int) -> None:
        self._sent, self._tally, self._window = sent, tally, window
        self._next = self._answered = 0
        self._rest = b""
        self._times: deque[tuple[int, float]] = deque()  # frames sent before this number were written at that time
        self.going = True
        self.transport: asyncio.Transport | None = None

    @property
    def waiting(self) -> int:
        return self._next - self._answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def send(self) -> None:
        """Fills the window."""
        last = min(self._answered + self._window, len(self._sent))
        if self.going and last > self._next and self.transport is not None:
            self.transport.write(b"".join(self._sent[self._next : last]))
            self._next = last
            self._times.append((last, time.perf_counter()))

    def data_received(self, data: bytes) -> None:
        now, lines = time.perf_counter(), (self._rest + data).split(_END)
        self._rest = lines.pop()
        for line in lines:
            if line[9:26] != self._sent[self._answered][9:26] or b"CN=9014" not in line:
                self._tally.wrong += 1
            while self._times[0][0] <= self._answered:
                self._times.popleft()
            self._tally.latencies.append(now - self._times[0][1])
            self._answered += 1
        self._tally.acknowledged += len(lines)
        if self.waiting <= self._window * 3 // 4:
            self.send()


async def load(port: int, seconds: float, sent: list[list[bytes]], window: int = WINDOW) -> tuple[Tally, float]:
    """The tally of so many seconds after a short warm-up, and the seconds it covers."""
    loop, tally = asyncio.get_running_loop(), Tally()
    fleet = []
    for one in sent:
        _, station = await loop.create_connection(lambda one=one: Station(one, tally, window), "127.0.0.1", port)  # type: ignore[misc]
        fleet.append(station)
    for station in fleet:
        station.send()
    await asyncio.sleep(seconds / 5)
    tally.latencies.clear()
    before, start = tally.acknowledged, time.perf_counter()
    await asyncio.sleep(seconds)
    counted, took = tally.acknowledged - before, time.perf_counter() - start
    latencies = tally.latencies.copy()
    for station in fleet:
        station.going = False
    while any(station.waiting for station in fleet):
        await asyncio.sleep(0.01)
    for station in fleet:
        assert station.transport is not None
        station.transport.abort()
    return Tally(counted, tally.wrong, latencies), took


class Sink(asyncio.Protocol):
    """Acknowledges every frame by its QN and MN; checks and keeps nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._rest = transport, b""

    def data_received(self, data: bytes) -> None:
        lines = (self._rest + data).split(_END)
        self._rest = lines.pop()
        answers = []
        for line in lines:
            at = line.find(b"MN=")
            segment = b"%b;ST=91;CN=9014;PW=123456;%b;Flag=4;CP=&&&&" % (line[6:26], line[at : at + 27])
            answers.append(b"##%04d%b%b\r\n" % (len(segment), segment, crc(segment)))
        self._transport.write(b"".join(answers))  # type: ignore[attr-defined]


async def _sink() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0, backlog=1024)
    print(f"listening 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    assert sys.argv[1:] == ["sink"], "say: sink"
    asyncio.run(_sink())
