"""A virtual station: a real client of HJ 212 that sends what a simulated stack emits (模拟数据).

It sends by its own clock, waits for 9014 and repeats, answers requests, keeps what was not acknowledged for the next
connection, and connects again after ever longer pauses.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from lantian.gateway.virtual_requests import respond
from lantian.gateway.virtual_times import DAYS, HOURS, MINUTES, REALTIME, RUNNING, STATES, Due, Intervals
from lantian.gateway.virtual_values import Values
from lantian.stack.hj212 import Decoder, Frame, encoded, parted
from lantian.stack.hj212.flag import Edition, FlagBits

PAUSES: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds between two attempts to connect
WINDOW: Final = 16  # late frames under way at a time: live ones go between them
REMEMBERED: Final = 2000  # frames kept for the next connection
USUAL: Final = Intervals(30, 1)
_ANSWERS: Final = ("9011", "9012", "9013", "9014")
_READ: Final = 1 << 14
_MS: Final = timedelta(milliseconds=1)


class LinkLostError(Exception):
    """No answer after the last repetition: the link counts as unusable (HJ 212-2017 6.2)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a station is; ``encrypt`` enciphers its data areas (2025)."""

    mn: str
    edition: Edition = Edition.HJ_2017
    password: str = "123456"
    system: str = "31"
    encrypt: Callable[[bytes], bytes] | None = None


@dataclass(slots=True)
class Counts:
    """What stations did so far."""

    connected: int = 0
    sent: int = 0
    acknowledged: int = 0
    repeated: int = 0
    requests: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a station is not heard; ``until`` None: to this day."""

    first: datetime
    until: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.first <= moment and (self.until is None or moment < self.until)


class Station:
    """One station; ``now`` is the true Beijing time, its own clock may be off by ``clock_off``."""

    def __init__(
        self,
        identity: Identity,
        values: Values,
        *,
        now: Callable[[], datetime],
        rng: random.Random,
        intervals: Intervals = USUAL,
        over_time: float = 10,
        repetitions: int = 3,
        late_from: datetime | None = None,
        outage: Outage | None = None,
        clock_off: timedelta = timedelta(0),
        counts: Counts | None = None,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self.identity, self.intervals, self.outage = identity, intervals, outage
        self.over_time, self.repetitions = over_time, repetitions
        self.counts = counts or Counts()
        self.uploads = {REALTIME: True, STATES: True}
        self._values, self._now, self._rng, self._pauses = values, now, rng, pauses
        self._clock_off = clock_off
        self._late: Iterator[Due] = intervals.late(late_from, self.clock()) if late_from else iter(())
        self._late_done = late_from is None
        self._live_until: datetime | None = None
        self._heard = False  # the platform has answered on this connection
        self._kept: dict[Due, bool] = {}  # not acknowledged yet; whether it was late
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._last_qn = self.clock()
        self._window = asyncio.Semaphore(WINDOW)
        self._turned = asyncio.Event()  # clock or intervals were set

    # ---- clock and settings

    def clock(self) -> datetime:
        """The station's own time, Beijing."""
        return self._now() + self._clock_off

    def set_clock(self, time: datetime) -> None:
        """Sets the station's clock (1012)."""
        self._clock_off = time - self._now()
        self._turned.set()

    def set_intervals(self, intervals: Intervals) -> None:
        """Sets how often it sends (1062, 1064)."""
        self.intervals = intervals
        self._turned.set()

    def change_password(self, password: str) -> None:
        """Sets the password (1072); the next frame has it."""
        self.identity = replace(self.identity, password=password)

    # ---- life

    async def run(self, host: str, port: int) -> None:
        """Connects, sends and answers until cancelled."""
        failures = 0
        while True:
            if self._silent() and self._late_done:
                await asyncio.sleep(1)
                continue
            try:
                reader, writer = await asyncio.open_connection(host, port)
            except OSError:
                pass
            else:
                await self._connected(reader, writer)
                failures = 0 if self._heard else failures
            pause = self._pauses[min(failures, len(self._pauses) - 1)]
            failures += 1
            await asyncio.sleep(pause * self._rng.uniform(0.8, 1.2))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from its beginning to its end."""
        self._writer, self._heard = writer, False
        self.counts.connected += 1
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(reader, group))
                group.create_task(self._send_late())
                group.create_task(self._live(group))
        except* (OSError, LinkLostError):
            self.counts.lost += 1
        finally:
            self.counts.connected -= 1
            self._writer = None
            self._waiting.clear()
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    def _silent(self) -> bool:
        return self.outage is not None and self.outage.covers(self._now())

    async def _read(self, reader: asyncio.StreamReader, group: asyncio.TaskGroup) -> None:
        decoder = Decoder()
        requests: asyncio.Queue[Frame] = asyncio.Queue()
        group.create_task(self._respond(requests))
        while data := await reader.read(_READ):
            for event in decoder.feed(data):
                if not isinstance(event, Frame):
                    continue
                if event.header["CN"] in _ANSWERS:
                    self._answered(event)
                else:
                    requests.put_nowait(event)
        raise ConnectionResetError

    async def _respond(self, requests: asyncio.Queue[Frame]) -> None:
        """Requests one after the other; one that is repeated meanwhile is carried out once."""
        last = ""
        while True:
            frame = await requests.get()
            qn = frame.header.get("QN", frame.fields.get("QN", ""))
            if not qn or qn != last:
                self.counts.requests += 1
                await respond(self, frame)
            last = qn

    def _answered(self, frame: Frame) -> None:
        self._heard = True
        waiting = self._waiting.pop(frame.header.get("QN", frame.fields.get("QN", "")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def _live(self, group: asyncio.TaskGroup) -> None:
        """Sends what becomes due while the connection lasts; real-time data and states at once."""
        if not self._silent():
            for cn in (REALTIME, STATES):
                group.create_task(self.send(Due(cn, self.clock().replace(microsecond=0))))
        last = self.clock()
        while True:
            if self._silent() and self._late_done:
                raise ConnectionAbortedError
            moment = self.intervals.next(last)
            if await self._set_anew((moment - self.clock()).total_seconds()):
                last = self.clock()
                continue
            last = self._live_until = moment
            for due in self.intervals.due(moment) if not self._silent() else ():
                if self.uploads.get(due.cn, True):
                    group.create_task(self.send(due))

    async def _set_anew(self, seconds: float) -> bool:
        """Waits; True as soon as clock or intervals were set: the next moment is another then."""
        self._turned.clear()
        try:
            await asyncio.wait_for(self._turned.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _send_late(self) -> None:
        """What the last connection left, and the periods before this one where they are to be sent.

        Rule    HJ 212-2025 8.1.2 (one source): late data are sent without being asked for, live data go first. 2017 knows no
                late data: there the platform asks
        """
        if self.identity.edition is Edition.HJ_2025 and self._live_until:
            self._late = chain(self._late, self.intervals.late(self._live_until, self.clock()))
        async with asyncio.TaskGroup() as group:
            for due, late in list(self._kept.items()):
                if due.cn in (REALTIME, STATES):
                    del self._kept[due]
                else:
                    await self._in_window(group, due, late)
            for due in self._late:
                if not (self.outage and self.outage.covers(due.time)):
                    await self._in_window(group, due, True)
        self._late_done = True

    async def _in_window(self, group: asyncio.TaskGroup, due: Due, late: bool) -> None:
        self._keep(due, late)
        await self._window.acquire()
        group.create_task(self.send(due, late=late)).add_done_callback(lambda _: self._window.release())

    # ---- frames

    async def send(self, due: Due, *, late: bool = False) -> bool:
        """Sends the data of a command and waits for the answer to each part; False where there are none for the time.

        Errors  LinkLostError where no answer came
        """
        fields = self._fields(due)
        if not fields:
            return False
        self._keep(due, late)
        for header, area in parted(self._header(due.cn, "", late=late), fields):
            await self._deliver(header, area)
        self._kept.pop(due, None)
        return True

    async def _deliver(self, header: dict[str, str], area: dict[str, str]) -> None:
        qn = header["QN"] = self._new_qn()
        frame = encoded(header, area, self.identity.encrypt)
        waiting = self._waiting[qn] = asyncio.get_running_loop().create_future()
        for attempt in range(self.repetitions + 1):
            self.counts.repeated += attempt > 0
            await self.write(frame)
            done, _ = await asyncio.wait([waiting], timeout=self.over_time)
            if done:
                self.counts.acknowledged += 1
                return
        raise LinkLostError

    async def write(self, data: bytes) -> None:
        """Sends bytes.

        Errors  ConnectionError where the connection is gone
        """
        if self._writer is None:
            raise ConnectionResetError
        self.counts.sent += 1
        self._writer.write(data)
        await self._writer.drain()

    def framed(self, cn: str, fields: dict[str, str], *, qn: str, need_ack: bool) -> bytes:
        """One frame of this station."""
        return encoded(self._header(cn, qn, need_ack=need_ack), fields, self.identity.encrypt)

    def _header(self, cn: str, qn: str, *, late: bool = False, need_ack: bool = True) -> dict[str, str]:
        one = self.identity
        flag = FlagBits(one.edition, False, need_ack).value
        header = {"QN": qn or "0" * 17, "ST": one.system, "CN": cn, "PW": one.password, "MN": one.mn, "Flag": str(flag)}
        return header | {"RF": "1"} if late and one.edition is Edition.HJ_2025 else header

    def _fields(self, due: Due) -> dict[str, str]:
        if due.cn == REALTIME:
            return self._values.realtime(due.time)
        if due.cn == STATES:
            return self._values.states(due.time)
        if due.cn == RUNNING:
            return self._values.running_time(due.time)
        assert due.cn in (MINUTES, HOURS, DAYS)
        return self._values.period(due.time, self.intervals.length(due.cn))

    def _keep(self, due: Due, late: bool) -> None:
        self._kept[due] = late
        if len(self._kept) > REMEMBERED:
            del self._kept[next(iter(self._kept))]

    def _new_qn(self) -> str:
        """The station's time to the millisecond; later than any given before."""
        self._last_qn = max(self._last_qn + _MS, self.clock())
        return f"{self._last_qn:%Y%m%d%H%M%S%f}"[:17]
