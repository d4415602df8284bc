"""A tiny platform for one virtual station: takes its frames, acknowledges them or not, asks."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

from lantian.gateway.virtual_station import Identity, Station
from lantian.gateway.virtual_times import Intervals
from lantian.gateway.virtual_values import Values
from lantian.stack.hj212 import Decoder, Device, Frame, acknowledgement, encoded
from lantian.work.simulated_stack import Stack
from lantian.work.simulated_stack_kinds import KINDS

NOW = datetime(2026, 11, 28, 8, 30, 29)
MN = "FF2303000000000000000001"
STACK = Stack(KINDS["coal_boiler"], 11)


class Platform:
    """What arrived, and the wish for which frames are acknowledged."""

    def __init__(self, devices: dict[str, Device] | None = None) -> None:
        self.frames: list[Frame] = []
        self.connections = 0
        self.acknowledges: Callable[[Frame], bool] = lambda _: True
        self._devices = devices or {}
        self._writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writer = writer
        decoder = Decoder(self._devices)
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                for event in decoder.feed(data):
                    assert isinstance(event, Frame), event
                    self.frames.append(event)
                    if event.bits and event.bits.need_ack and self.acknowledges(event):
                        writer.write(acknowledgement(event))
        writer.close()

    def hang_up(self) -> None:
        """Ends the connection."""
        assert self._writer is not None
        self._writer.close()

    async def ask(self, cn: str, fields: dict[str, str] | None = None, qn: str = "", **header: str) -> list[Frame]:
        """A request, and what came under or after it up to its end (9012, 9013, or a refusal)."""
        qn = qn or f"{NOW:%Y%m%d%H%M%S}{random.randrange(1000):03d}"
        assert self._writer is not None
        before = len(self.frames)
        sent = {"QN": qn, "ST": "31", "CN": cn, "PW": "123456", "MN": MN, "Flag": "5"} | header
        self._writer.write(encoded(sent, fields or {}))
        await until(lambda: any(_ends(one, qn) for one in self.frames[before:]))
        return self.frames[before:]

    def of(self, cn: str) -> list[Frame]:
        """The frames of one command."""
        return [one for one in self.frames if one.header["CN"] == cn]


def _ends(frame: Frame, qn: str) -> bool:
    cn = frame.header["CN"]
    own = qn in (frame.header.get("QN"), frame.fields.get("QN"))
    return own and (cn in ("9012", "9013") or (cn == "9011" and frame.fields["QnRtn"] != "1"))


class Clock:
    """A clock that a test sets; it runs on by itself."""

    def __init__(self, start: datetime = NOW) -> None:
        self._start, self._loop = start, asyncio.get_running_loop()
        self._from = self._loop.time()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=self._loop.time() - self._from)


@contextlib.asynccontextmanager
async def a_station(platform: Platform, identity: Identity | None = None, **more: Any) -> AsyncIterator[Station]:
    """A virtual station that is connected to the platform."""
    server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    settings: dict[str, Any] = {"now": Clock(), "rng": random.Random(1), "pauses": (0.02,)} | more
    station = Station(identity or Identity(MN), Values(STACK), **settings)
    task = asyncio.create_task(station.run(host, port))
    try:
        await until(lambda: platform.frames or task.done())
        yield station
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        server.close()


async def until(told: Callable[[], object], seconds: float = 10) -> None:
    """Waits until something holds."""
    end = asyncio.get_running_loop().time() + seconds
    while not told():
        assert asyncio.get_running_loop().time() < end, "waited in vain"
        await asyncio.sleep(0.005)


__all__ = ["MN", "NOW", "STACK", "Clock", "Intervals", "Platform", "a_station", "until"]
