"""Many virtual stations at once: who they are, how they follow the register, and their end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from lantian import rulebook
from lantian.basis.period import BEIJING
from lantian.gateway.law import Timeouts
from lantian.gateway.virtual_spans import HOUR
from lantian.gateway.virtual_station import Counts, Identity, Outage, Station
from lantian.gateway.virtual_times import Intervals
from lantian.gateway.virtual_values import Values
from lantian.stack.hj212.flag import Edition
from lantian.stack.hj212.sm4 import encrypting
from lantian.stack.hj212.values import moment
from lantian.store.stack.inbox import devices
from lantian.store.stack.outlets import Outlet, outlets
from lantian.work.simulated_outlets import PASSWORD, stack_of
from lantian.work.simulated_stack_night import Night
from lantian.work.stack_law import hj212_tables

LOCK_FILE: Final = "virtual.lock"
_REALTIME: Final = 30  # seconds: the least the standard admits
_LOOK: Final = 2.0  # seconds between two looks at the register
_APART: Final = 0.02  # seconds between the first connections of two stations
_MN_2005: Final = 14


def present() -> datetime:
    """Beijing civil time."""
    return datetime.now(BEIJING).replace(tzinfo=None)


@dataclass(slots=True)
class Fleet:
    """Virtual stations of simulated outlets, sending to one address.

    ``seed`` decides all values; ``backfill_hours`` are sent late at the start; ``seen`` (MN → DataTime) tells what the platform
    has already; ``most`` bounds the number of stations that follow a register;
    where the platform knows no keys (not ``registered``) nothing is enciphered.
    """

    host: str
    port: int
    seed: int
    backfill_hours: float = 0
    night: Night | None = None
    seen: Mapping[str, datetime] = field(default_factory=dict)
    most: int = 1000
    registered: bool = True
    counts: Counts = field(default_factory=Counts)
    _running: dict[str, tuple[Outlet, asyncio.Task[None]]] = field(default_factory=dict)

    async def run(self, found: Iterable[Outlet], tell: Callable[[], None]) -> None:
        """The stations of these outlets, until cancelled."""
        try:
            self._follow({one.mn: one for one in found if one.mn})
            await self._watch(None, tell)
        finally:
            await self._end(list(self._running))

    async def follow(self, data: Path, tell: Callable[[], None]) -> None:
        """The stations of the simulated outlets in the register; ends when there are none left."""
        try:
            await self._watch(data, tell)
        finally:
            await self._end(list(self._running))

    async def _watch(self, data: Path | None, tell: Callable[[], None]) -> None:
        while True:
            if data is not None:
                wanted = dict(islice(simulated(data).items(), self.most))
                if not wanted:
                    return
                await self._end([mn for mn in self._running if self._running[mn][0] != wanted.get(mn)])
                self._follow(wanted)
            for _, task in self._running.values():
                if task.done():
                    task.result()  # a station ends by an error only
            tell()
            await asyncio.sleep(_LOOK)

    def _follow(self, wanted: Mapping[str, Outlet]) -> None:
        for mn, outlet in wanted.items():
            if mn not in self._running:
                wait = _APART * len(self._running)
                self._running[mn] = (outlet, asyncio.create_task(self._live(self.station(outlet), wait)))

    async def _live(self, station: Station, wait: float) -> None:
        await asyncio.sleep(wait)
        await station.run(self.host, self.port)

    async def _end(self, gone: list[str]) -> None:
        tasks = [self._running.pop(mn)[1] for mn in gone]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def station(self, outlet: Outlet) -> Station:
        """The station of an outlet."""
        now = present()
        who = identity(outlet, sealed=self.registered)
        law = rulebook.fill(Timeouts, now.date())
        stack = stack_of(outlet, self.seed)
        source = self.night.source(outlet, stack) if self.night else stack
        silent = self.night.silence(outlet) if self.night else None
        return Station(
            who,
            Values(source, codes(who.edition, now.date()), outlet.reference_o2),
            now=present,
            rng=random.Random(zlib.crc32(who.mn.encode())),  # spreads the times of connecting
            intervals=Intervals(_REALTIME, outlet.interval_minutes),
            over_time=law.over_time_s,
            repetitions=law.repetitions,
            late_from=self._late_from(outlet, now),
            outage=Outage(silent) if silent else None,
            counts=self.counts,
        )

    def _late_from(self, outlet: Outlet, now: datetime) -> datetime | None:
        """From when on late data are sent: not before the outlet runs, nothing the platform has; None: no late data."""
        if not self.backfill_hours:
            return None
        begin = outlet.running_from or date.min
        bounds = (now - self.backfill_hours * HOUR, datetime(begin.year, begin.month, begin.day))  # noqa: DTZ001
        return min(now, max(*bounds, self.seen.get(outlet.mn or "", bounds[0])))


def identity(outlet: Outlet, *, sealed: bool = True) -> Identity:
    """Who the station of an outlet is: of 2005 by its short MN, of 2025 where it has a key, else of 2017."""
    edition = Edition.HJ_2025 if outlet.key else Edition.HJ_2017
    if outlet.mn and len(outlet.mn) == _MN_2005:
        edition = Edition.HJT_2005
    encrypt = encrypting(bytes.fromhex(outlet.key)) if outlet.key and sealed else None
    return Identity(outlet.mn or "", edition, outlet.password or PASSWORD, outlet.system, encrypt)


def codes(edition: Edition, day: date) -> dict[str, str]:
    """The codes of factors where they are not those of 2017."""
    if edition is not Edition.HJT_2005:
        return {}
    return {one.code: one.code_2005 for one in hj212_tables(day).factors.values() if one.code_2005}


def simulated(data: Path) -> dict[str, Outlet]:
    """The simulated outlets of a register by MN."""
    return {one.mn: one for one in outlets(data) if one.simulated and one.mn}


@contextlib.contextmanager
def only(data: Path) -> Iterator[bool]:
    """Whether no other process runs stations for the register of this folder; none can while the context lasts."""
    with (data / LOCK_FILE).open("a", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def last_seen(data: Path) -> dict[str, datetime]:
    """DataTime of what a platform had last from each device."""
    found = {one.mn: moment(one.last_data_time) for one in devices(data)}
    return {mn: time for mn, time in found.items() if time is not None}
