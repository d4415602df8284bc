"""A gateway in this process and a device that talks to it, for tests; frames carry invented values."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from lantian.basis.period import BEIJING
from lantian.gateway.gateway import Gateway
from lantian.gateway.law import law
from lantian.gateway.limits import Limits
from lantian.gateway.server import running
from lantian.stack.hj212 import Frame, decoded, encoded
from lantian.store.stack.outlets import Outlet, publish

MN = "A110000FEED0000000000001"
LAW = law(date(2026, 11, 28))
STARTED = datetime.now(BEIJING).replace(tzinfo=None, microsecond=0)


def frame(
    minute: int = 0,
    *,
    mn: str = MN,
    cn: str = "2011",
    pw: str = "123456",
    flag: int = 5,
    value: str = "10.5",
    number: int = 0,
    **more: str,
) -> bytes:
    """A frame of so many minutes ago, with CR LF."""
    at = STARTED - timedelta(minutes=minute)
    qn = f"{STARTED:%Y%m%d%H%M%S}{(minute * 7 + number) % 1000:03d}"
    header = {"QN": qn, "ST": "31", "CN": cn, "PW": pw, "MN": mn, "Flag": str(flag)}
    fields = {"DataTime": more.pop("DataTime", f"{at:%Y%m%d%H%M}00"), "a21026-Rtd": value, "a21026-Flag": "N"}
    return encoded({**header, **more}, fields)


def outlet(mn: str = MN, **more: object) -> Outlet:
    """An invented outlet (模拟)."""
    return Outlet("MN-DA001", "一号排放口", "模拟企业甲", "230300", mn=mn, simulated=True, **more)  # type: ignore[arg-type]


class Client:
    """One connection of a device."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))
        await self.writer.drain()

    async def answer(self, seconds: float = 20) -> Frame:
        """The next frame of the platform."""
        line = await asyncio.wait_for(self.reader.readuntil(b"\r\n"), seconds)
        (event,) = decoded(line)
        assert isinstance(event, Frame)
        assert event.notes == ()
        return event

    async def answers(self, count: int) -> list[Frame]:
        return [await self.answer() for _ in range(count)]

    async def count(self, text: bytes, wanted: int, seconds: float = 30) -> bool:
        """Whether a text comes so many times."""
        found, rest = 0, b""
        end = asyncio.get_running_loop().time() + seconds
        while found < wanted and asyncio.get_running_loop().time() < end:
            rest += await asyncio.wait_for(self.reader.read(1 << 16), seconds)
            found += rest.count(text)
            rest = rest[max(rest.rfind(text) + 1, len(rest) - len(text) + 1) :]
        return found == wanted

    async def silent(self, seconds: float = 0.2) -> bool:
        """Whether nothing comes for a while."""
        try:
            return await asyncio.wait_for(self.reader.read(1), seconds) == b""
        except TimeoutError:
            return True

    async def closed(self, seconds: float = 20) -> bool:
        """Whether the platform hangs up."""
        try:
            return await asyncio.wait_for(self.reader.read(), seconds) == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        self.writer.close()


@contextlib.asynccontextmanager
async def a_gateway(
    data: Path, *, accept: bool = True, limits: Limits | None = None
) -> AsyncIterator[tuple[Gateway, Callable[[], object]]]:
    """A gateway on any free port, and the function that opens a connection to it."""
    told: list[str] = []
    gateway = Gateway(data, LAW, accept=accept, limits=limits, tell=told.append)
    async with running(gateway, "127.0.0.1", 0) as server:

        async def connect() -> Client:
            return Client(*await asyncio.open_connection(server.host, server.port))

        yield gateway, connect


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    """Rows as another process sees them."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/stack.sqlite?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


async def until(told: Callable[[], object], seconds: float = 20) -> None:
    """Waits until something holds."""
    end = asyncio.get_running_loop().time() + seconds
    while not told():
        assert asyncio.get_running_loop().time() < end, "waited in vain"
        await asyncio.sleep(0.01)


def register(data: Path, *outlets: Outlet) -> None:
    """Publishes the register as the site does."""
    publish(data, outlets)
