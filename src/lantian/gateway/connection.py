"""One connection of a device: bytes in, rows and answers into the group, answers out after its commit."""

from __future__ import annotations

import asyncio
import time
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from lantian.gateway.answers import Reply, odd_reply
from lantian.gateway.refused import Run, arrival_row, is_refused, refused_row
from lantian.stack.hj212 import Arrival, ArrivalDecoder, Head, Note, Passed
from lantian.stack.hj212 import finding as told
from lantian.stack.hj212.values import moment

if TYPE_CHECKING:
    from lantian.gateway.addresses import Address
    from lantian.gateway.devices import Seen
    from lantian.gateway.gateway import Gateway

_HEADS = 64  # a device uses a handful
_DATA = "2"  # first digit of the commands that carry data of a time
GROUP_FULL, ANSWERS_UNREAD, SLOWED, STOPPING = 1, 2, 4, 8  # why nothing is read at present


class Route:
    """What follows from a head: the device, the command of the answer and its form, and whether more is to be looked at."""

    __slots__ = ("answer_cn", "forged", "reply", "seen", "watched")

    def __init__(self, seen: Seen, answer_cn: str | None, reply: Reply | None, *, forged: bool, watched: bool) -> None:
        self.seen, self.answer_cn, self.reply, self.forged, self.watched = seen, answer_cn, reply, forged, watched


class Connection(asyncio.BufferedProtocol):
    """The protocol object of one connection; reads into the gateway's one buffer."""

    __slots__ = (
        "_address", "_decoder", "_gateway", "_generation", "_held", "_routes", "_run", "_slow_until", "_transport", "devices", "last",
        "peer", "since",
    )  # fmt: skip

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._decoder = ArrivalDecoder(gateway.devices.settings)
        self._routes: dict[Head, Route] = {}
        self._generation = gateway.devices.generation
        self._run: Run | None = None
        self._address: Address | None = None
        self._transport: asyncio.Transport | None = None
        self._held = 0
        self._slow_until = 0.0
        self.devices: set[Seen] = set()
        self.peer = ""
        self.last = gateway.tick
        self.since = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        name = transport.get_extra_info("peername") or ("", 0)
        self.peer = f"{name[0]}:{name[1]}"
        self._address = self._gateway.joined(self, str(name[0]))
        if self._address is None:
            self._transport.abort()
            return
        self._transport.set_write_buffer_limits(high=self._gateway.limits.unread_answers)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._address is None:
            return
        now = time.time_ns() // 1000
        self._take(self._decoder.close(), now)
        self.end_run(now)
        self._gateway.left(self, self._address)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._gateway.buffer

    def buffer_updated(self, nbytes: int) -> None:
        gateway = self._gateway
        self.last = gateway.tick
        self._take(self._decoder.feed(bytes(gateway.buffer[:nbytes])), time.time_ns() // 1000)
        gateway.received(nbytes)

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        self.hold(ANSWERS_UNREAD)

    def resume_writing(self) -> None:
        self.release(ANSWERS_UNREAD)

    def hold(self, why: int) -> None:
        """Reads nothing until every reason has gone."""
        if not self._held and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
        self._held |= why

    def release(self, why: int) -> None:
        """One reason less."""
        before, self._held = self._held, self._held & ~why
        if before and not self._held and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def answer(self, data: bytes) -> None:
        """Sends answers; later where the address is slowed down."""
        if self._slow_until and self._slow_until > time.monotonic():
            asyncio.get_running_loop().call_later(self._slow_until - time.monotonic(), self.send, data)
        else:
            self.send(data)

    def _slow_down(self, seconds: float) -> None:
        self._slow_until = time.monotonic() + seconds
        self.hold(SLOWED)
        asyncio.get_running_loop().call_later(seconds + 0.01, self._end_slowness)

    def _end_slowness(self) -> None:
        if time.monotonic() >= self._slow_until:
            self.release(SLOWED)

    def send(self, data: bytes) -> None:
        """Sends bytes where the connection is still there."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Closes after what is to be sent has gone."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Closes at once."""
        if self._transport is not None:
            self._transport.abort()

    def end_run(self, now: int) -> None:
        """Enters what was gathered of a flood."""
        if self._run is not None:
            run, self._run = self._run, None
            self._gateway.refuse(run.row(self.peer, now))

    def end_old_run(self, now: int, tick: float) -> None:
        """The same where it was begun long enough ago."""
        if self._run is not None and tick - self._run.begun >= self._gateway.limits.refused_run_seconds:
            self.end_run(now)

    def _take(self, events: list[Arrival | Passed], now: int) -> None:
        if not events:
            return
        gateway = self._gateway
        answers = self._answers()
        earliest, latest = gateway.clock_window
        routes, keep, reply_to = self._routes, gateway.group.batch.frames.append, answers.append
        for event in events:
            if type(event) is not Arrival:
                self._passed(cast(Passed, event), now)
                continue
            head, qn, data_time, digest, raw = event
            route = routes.get(head) or self._route(head)
            if route.forged:
                self._forged(event, route.answer_cn, answers, now)
                continue
            seen = route.seen
            if seen.owner is not self or not seen.frames:
                gateway.sends(seen, self, event, now)
            if route.watched:
                gateway.look_at(seen, event)
            keep((head.mn, head.cn, data_time, head.part, qn, now, digest, raw))
            seen.frames += 1
            if seen.data_time < data_time <= latest:
                seen.data_time = data_time
            if not (earliest < qn < latest and data_time <= latest and _is_time(data_time)):
                self._odd_time(seen, event, now)
            reply = route.reply
            if reply is not None and len(qn) == 17 and qn.isdecimal():
                reply_to(reply.to(qn))
            elif route.answer_cn is not None:
                self._odd_answer(event, route.answer_cn, answers, now)
        if self._run is not None and type(events[-1]) is Arrival:
            self.end_run(now)

    def _answers(self) -> list[bytes]:
        """The answers of this connection in the group that gathers."""
        gateway = self._gateway
        if self._generation != gateway.devices.generation:
            self._routes.clear()
            self._generation = gateway.devices.generation
        answers = gateway.group.answers.get(self)
        if answers is None:
            answers = gateway.group.answers[self] = []
        return answers

    def _route(self, head: Head) -> Route:
        route = self._gateway.route(head)
        if len(self._routes) >= _HEADS:
            self._routes.clear()
        self._routes[head] = route
        return route

    def _forged(self, arrival: Arrival, cn: str | None, answers: list[bytes], now: int) -> None:
        """A frame with another password than the registered one: kept aside, answered, and more slowly from time to time."""
        gateway = self._gateway
        assert self._address is not None
        if not self._address.may_keep(len(arrival.raw), gateway.limits):
            self.hold(STOPPING)  # not answered, so not lost: whoever sent it has it still
            gateway.durable().add_done_callback(lambda _: self.close())
            return
        met = gateway.devices.note(gateway.devices.meet(arrival.head.mn), "GATEWAY-PASSWORD-WRONG", self.peer, now)
        gateway.refuse(arrival_row(arrival, self.peer, now, met))
        delay = self._address.wrong_password(gateway.limits)
        if delay:
            self._slow_down(delay)
        if cn is not None:
            self._odd_answer(arrival, cn, answers, now)

    def _odd_time(self, seen: Seen, arrival: Arrival, now: int) -> None:
        """A clock far off; or data whose time is none, so that no record can be made of them: told in the quarantine too."""
        head, _, data_time, _, raw = arrival
        self._gateway.odd_clock(seen, arrival.qn, data_time)
        if head.cn[0] != _DATA or _is_time(data_time):
            return
        assert self._address is not None
        if self._address.may_keep(len(raw), self._gateway.limits):
            code = "HJ212-TIME-FORM" if data_time else "HJ212-TIME-ABSENT"
            self._gateway.refuse(arrival_row(arrival, self.peer, now, told(Note(code, data_time))))

    def _odd_answer(self, arrival: Arrival, cn: str, answers: list[bytes], now: int) -> None:
        answer = odd_reply(arrival.head, arrival.qn, cn)
        if answer is None:
            self._gateway.devices.note(self._gateway.devices.meet(arrival.head.mn), "GATEWAY-UNANSWERABLE", "", now)
        else:
            answers.append(answer)

    def _passed(self, event: Passed, now: int) -> None:
        if not is_refused(event):
            return
        gateway = self._gateway
        assert self._address is not None
        gateway.refused_bytes += len(event.raw)
        if self._address.may_keep(len(event.raw), gateway.limits):
            self.end_run(now)
            gateway.refuse(refused_row(event, self.peer, now))
        elif self._run is None:
            self._run = Run(event, gateway.limits.refused_start, gateway.tick)
        else:
            self._run.add(event.raw)


@lru_cache(maxsize=8192)  # all devices send the same few times
def _is_time(data_time: str) -> bool:
    """Whether records can be made of data of this time; some devices add milliseconds."""
    return moment(data_time[:14]) is not None
