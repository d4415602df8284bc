"""What all connections share: the group that gathers, devices, addresses, clock, and the work of each second."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from lantian.basis.period import BEIJING
from lantian.gateway.addresses import Address, Addresses
from lantian.gateway.answers import INTERACTIONS, NOTICE, answer_cn, reply
from lantian.gateway.connection import GROUP_FULL, STOPPING, Connection, Route
from lantian.gateway.devices import Devices, Seen
from lantian.gateway.exchange import Exchange
from lantian.gateway.findings import finding
from lantian.gateway.group import Group
from lantian.gateway.law import Law
from lantian.gateway.limits import Limits
from lantian.gateway.refused import note_row
from lantian.gateway.transmissions import Transmissions
from lantian.gateway.writer import Writer
from lantian.stack.hj212 import Arrival, Frame, Head, decoded, deviations
from lantian.stack.hj212 import finding as told
from lantian.store.stack.inbox import Inbox, RefusedRow
from lantian.store.stack.inbox import devices as known_devices

_FAULTS_TOLD = 20  # faults of the program told with all particulars; more are only counted
_JUMP = 2.0  # seconds by which the wall clock may leave the steady one within a second


class Gateway:
    """The state of one server; everything happens in its event loop."""

    def __init__(
        self,
        data: Path,
        law: Law,
        *,
        accept: bool = False,
        limits: Limits | None = None,
        tell: Callable[[str], None] = print,
    ) -> None:
        self.data, self.law, self.tell = data, law, tell
        self.limits = limits or Limits()
        self.buffer = memoryview(bytearray(self.limits.read_bytes))
        self.devices = Devices(data, accept=accept)
        self.addresses = Addresses(self.limits)
        self.connections: set[Connection] = set()
        self.transmissions = Transmissions(self.limits)
        self.group = Group()
        inbox = Inbox(data)
        self.exchange = Exchange(self)
        self.devices.remember(known_devices(data))
        self.group.batch.changes.append(("UPDATE device SET connected = 0 WHERE connected", ()))
        self.writer = Writer(inbox, self._taken, self.limits, tell)
        self.tick = time.monotonic()
        self.clock_window = ("", "")
        self.faults = 0
        self.bytes = self.refused_bytes = self.accepted_connections = self.odd_clocks = 0
        self._drift = time.time() - time.monotonic()
        self._flushed = 0.0
        self._full = self.stopping = False
        self._set_clock()

    # ---- what connections tell

    def joined(self, connection: Connection, name: str) -> Address | None:
        """Enters a new connection; None where its address has too many, or the server is stopping."""
        if self.stopping:
            return None
        address = self.addresses.join(name, self.tick)
        if address is not None:
            self.connections.add(connection)
            self.accepted_connections += 1
            if self._full:
                connection.hold(GROUP_FULL)
        return address

    def left(self, connection: Connection, address: Address) -> None:
        """A connection has ended."""
        self.connections.discard(connection)
        self.addresses.leave(address)
        self.devices.leave(connection)

    def received(self, size: int) -> None:
        """So many bytes were taken from a connection and are in the group, as far as they are kept."""
        self.bytes += size
        self.group.size += size
        self.writer.wake()
        if self.group.size > self.limits.group_bytes and not self._full:
            self._full = True
            for connection in self.connections:
                connection.hold(GROUP_FULL)

    def refuse(self, row: RefusedRow) -> None:
        """Enters a row of the quarantine."""
        self.group.batch.refused.append(row)
        self.writer.wake()

    def route(self, head: Head) -> Route:
        """What follows from a head, by register and table of commands."""
        seen = self.devices.meet(head.mn)
        cn = answer_cn(head, self.law.tables.commands)
        given = seen.password in (None, head.pw) or self.exchange.is_new_password(head.mn, head.pw)
        command = self.law.tables.commands.get(head.cn)
        notice = command is not None and command.kind == NOTICE
        watched = bool(head.parts) or head.cn in INTERACTIONS or notice
        return Route(seen, cn, reply(head, cn) if cn and given else None, forged=not given, watched=watched)

    def sends(self, seen: Seen, connection: Connection, arrival: Arrival, now: int) -> None:
        """A device sends for the first time since it was last written, or on another connection than before."""
        seen.at, seen.head, seen.sample, seen.peer = now, arrival.head, arrival.raw, connection.peer
        self.devices.touch(seen)
        owner = seen.owner
        if owner is connection:
            return
        if owner is not None and owner.since > connection.since:  # the older of two goes on sending
            self.devices.note(seen, "GATEWAY-MN-TWICE", f"{connection.peer}、{owner.peer}", now)
        self.devices.join(seen, connection)
        if owner is None:
            self.exchange.connected(seen)

    def look_at(self, seen: Seen, arrival: Arrival) -> None:
        """A part of a transmission, an answer to a command, or a notice."""
        if arrival.head.parts:
            self.transmissions.add(arrival, self.tick)
        else:
            self.exchange.heard(seen, arrival)

    def odd_clock(self, seen: Seen, qn: str, data_time: str) -> None:
        """Notes that QN or the time of data lie far from the clock; told once a second (``second``)."""
        earliest, latest = self.clock_window
        if len(qn) == 17 and qn.isdecimal() and not earliest < qn < latest:
            seen.clock_off += 1
            seen.last_qn = qn
        if data_time > latest and data_time.isdecimal():
            seen.future = data_time

    # ---- the work of each second

    async def seconds(self) -> None:
        """Does the work of each second until cancelled."""
        while True:
            await asyncio.sleep(1)
            try:
                self.second()
            except Exception:  # receiving goes on, whatever is wrong with the housekeeping
                self.faults += 1
                if self.faults <= _FAULTS_TOLD:
                    self.tell(traceback.format_exc())

    def second(self) -> None:
        """Clock, register, time-outs, devices: what is done once a second."""
        self._set_clock()
        now = time.time_ns() // 1000
        self._watch_own_clock(now)
        self._read_register()
        for address in self.addresses.sweep(self.tick):
            met = finding("GATEWAY-ADDRESS-FULL", f"{address.name}：{address.turned_away}")
            address.turned_away = 0
            self.refuse(note_row(now, met, peer=address.name))
        held = self._full and self.writer.trouble  # nothing is read, so that nobody's hanging up is noticed
        idle = self.limits.held_seconds if held else self.limits.idle_seconds
        for connection in list(self.connections):
            connection.end_old_run(now, self.tick)
            if self.tick - connection.last > idle:
                connection.close()
        self._tell_missing_parts(now)
        self.exchange.second(now)
        if self.tick - self._flushed >= self.limits.flush_seconds and not self.writer.trouble:
            self.flush(now)

    def flush(self, now: int) -> None:
        """Puts what is new about devices into the group."""
        self._flushed = self.tick
        for seen in self.devices.changed():
            self._tell_clock(seen, now)
            self._tell_form(seen, now)
        self.group.batch.devices += self.devices.rows()
        self.writer.wake()

    def _read_register(self) -> None:
        before = self.devices.trouble
        if self.devices.reload():
            self.tell(f"登记表已更新：{self.devices.registered} 台数采仪。")
        elif self.devices.trouble and self.devices.trouble != before:
            self.tell(f"登记表读不出（{self.devices.trouble}），仍按上一份登记。请在网站上重新保存排放口登记")

    def _set_clock(self) -> None:
        self.tick = time.monotonic()
        present = datetime.now(BEIJING)
        off = timedelta(seconds=self.law.practice.clock_off_s)
        self.clock_window = tuple(f"{one:%Y%m%d%H%M%S}000" for one in (present - off, present + off))  # type: ignore[assignment]

    def _watch_own_clock(self, now: int) -> None:
        drift = time.time() - time.monotonic()
        if abs(drift - self._drift) > _JUMP:
            met = finding("GATEWAY-SERVER-CLOCK", f"{drift - self._drift:+.1f} s")
            self.refuse(note_row(now, met))
            self.tell(met.text.zh)
        self._drift = drift

    def _tell_clock(self, seen: Seen, now: int) -> None:
        if seen.clock_off:
            self.odd_clocks += seen.clock_off
            self.devices.note(seen, "GATEWAY-CLOCK-OFF", f"QN={seen.last_qn}", now, seen.clock_off)
            self.exchange.clock_is_off(seen, now)
            seen.clock_off = 0
        if seen.future:
            self.devices.note(seen, "GATEWAY-TIME-FUTURE", f"DataTime={seen.future}", now)
            seen.future = ""

    def _tell_form(self, seen: Seen, now: int) -> None:
        """Looks at one frame of a device an hour for what deviates from the standard; none of it is a reason to refuse."""
        if not seen.sample or (seen.sampled_at and self.tick - seen.sampled_at < self.limits.sample_seconds):
            return
        seen.sampled_at = self.tick
        for frame in decoded(seen.sample + b"\r\n", self.devices.settings):
            if isinstance(frame, Frame):
                for note in dict.fromkeys([*frame.notes, *deviations(frame, self.law.tables)]):
                    self.devices.enter(seen, told(note), now)

    def _tell_missing_parts(self, now: int) -> None:
        for key, numbers in self.transmissions.overdue(self.tick):
            met = f"DataTime={key.time}：{len(numbers)} / {key.total}"
            found = self.devices.note(self.devices.meet(key.mn), "GATEWAY-PARTS-MISSING", met, now)
            self.refuse(note_row(now, found, mn=key.mn, cn=key.cn))

    # ---- groups

    def _taken(self) -> Group:
        """The group that has gathered; a new one takes its place, and reading goes on where it was held."""
        group, self.group = self.group, Group()
        if self._full:
            self._full = False
            for connection in self.connections:
                connection.release(GROUP_FULL)
        return group

    def durable(self) -> asyncio.Future[None]:
        """Done when what has been entered so far is on the disk."""
        future = asyncio.get_running_loop().create_future()
        self.group.kept.append(future)
        self.writer.wake()
        return future

    def group_of_end(self, now: int) -> None:
        """Enters what is to be kept when the server ends: open runs, devices as no longer connected."""
        for connection in self.connections:
            connection.end_run(now)
            self.devices.leave(connection)
        self.flush(now)

    def stop_reading(self) -> None:
        """Takes no further bytes and no further connections."""
        self.stopping = True
        for connection in self.connections:
            connection.hold(STOPPING)
