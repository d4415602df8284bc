"""Commands to devices: asked, sent, repeated, answered, ended; one at a time for each device.

Rule    HJ 212-2017 6.2 (time-outs and repetitions) and 6.5 (9011: taken up or not; data; 9012: how it ended; 9013: notices)
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import BEIJING
from lantian.gateway.answers import NOTICE
from lantian.stack.hj212 import Arrival, Frame, decoded, encoded
from lantian.stack.hj212.flag import Edition, FlagBits
from lantian.store.stack.commands import (
    ACCEPTED,
    DONE,
    FAILED,
    OVERDUE,
    REFUSED,
    SENT,
    UNANSWERED,
    WITHDRAWN,
    DeviceCommand,
    kept,
    last_done,
    number_of_last,
    open_commands,
)

if TYPE_CHECKING:
    from lantian.gateway.devices import Seen
    from lantian.gateway.gateway import Gateway

BY_ITSELF = "gateway"
_SECOND = 1_000_000  # µs
_TIME_SYNC, _SET_TIMEOUTS, _SET_PASSWORD, _ASKS_FOR_TIME = "1012", "1000", "1072", "1013"
_GOOD = "1"  # QnRtn and ExeRtn: HJ 212-2017 tables 6 and 7
_QUEUED = 64  # commands that may wait for one device


class _Current:
    """The command under way for a device: when it was last sent, and until when something is awaited (µs)."""

    __slots__ = ("command", "due", "last_frames_at")

    def __init__(self, command: DeviceCommand, due: int) -> None:
        self.command, self.due, self.last_frames_at = command, due, 0


class Exchange:
    """All commands that are open; each change goes into the group and is kept with it."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._next = number_of_last(gateway.data) + 1
        self._queues: dict[str, deque[DeviceCommand]] = {}
        self._current: dict[str, _Current] = {}
        self._timeouts = last_done(gateway.data, _SET_TIMEOUTS)
        self._passwords = {mn: fields.get("NewPW", "") for mn, fields in last_done(gateway.data, _SET_PASSWORD).items()}
        self._clock_set: dict[str, int] = {}
        self._last_qn = ""
        self.asked = self.sent = self.done = self.failed = 0
        for command in open_commands(gateway.data):  # left by a gateway that was ended
            command.state, command.ended_at = WITHDRAWN, time.time_ns() // 1000
            gateway.group.batch.changes.append(kept(command))

    def ask(self, mn: str, cn: str, fields: Mapping[str, str], by: str, now: int) -> DeviceCommand:
        """A new command; it is sent at once where the device is connected and free.

        Errors  Refusal: unknown command, fields that cannot be written, too many that wait
        """
        self._check(mn, cn, fields)
        queue = self._queues.setdefault(mn, deque())
        if len(queue) >= _QUEUED:
            raise _refused(
                "GATEWAY-COMMANDS-MANY", f"{mn} 已有 {_QUEUED} 条命令在等待", f"{_QUEUED} commands wait for {mn}"
            )
        command = DeviceCommand(self._next, mn, cn, dict(fields), by, now)
        self._next += 1
        self.asked += 1
        queue.append(command)
        self._keep(command)
        self._send_next(mn, now)
        return command

    def busy_with(self, mn: str) -> bool:
        """Whether commands for a device are open."""
        return mn in self._current or bool(self._queues.get(mn))

    def connected(self, seen: Seen) -> None:
        """A device is connected: what waits for it is sent."""
        self._send_next(seen.mn, seen.at)

    def clock_is_off(self, seen: Seen, now: int) -> None:
        """A device's clock is far off: it is set, at most once in the time of the rule."""
        again = self._gateway.law.practice.clock_set_again_h * 3600 * _SECOND
        if seen.outlet is not None and now - self._clock_set.get(seen.mn, -again) >= again:
            self._set_time(seen, now)

    def _set_time(self, seen: Seen, now: int) -> None:
        self._clock_set[seen.mn] = now
        with contextlib.suppress(Refusal):  # too many wait for this device
            self.ask(seen.mn, _TIME_SYNC, {}, BY_ITSELF, now)

    def heard(self, seen: Seen, arrival: Arrival) -> None:
        """An answer (9011, 9012, 9013) or a notice of a device."""
        if arrival.head.cn == _ASKS_FOR_TIME:
            if seen.outlet is not None and not self.busy_with(seen.mn):
                self._set_time(seen, seen.at)
            return
        current = self._current.get(seen.mn)
        if current is None:
            return
        frame = next(
            (one for one in decoded(arrival.raw, self._gateway.devices.settings) if isinstance(one, Frame)), None
        )
        if frame is None or current.command.qn not in (arrival.qn, frame.fields.get("QN")):
            return
        self._answered(current, frame, time.time_ns() // 1000)

    def _answered(self, current: _Current, frame: Frame, now: int) -> None:
        command, cn = current.command, frame.header["CN"]
        if cn == "9011" and command.state == SENT:
            code = frame.fields.get("QnRtn", "")
            command.answered_at = now
            command.result = self._named("request_return", "QnRtn", code)
            if code == _GOOD:
                command.state = ACCEPTED
                current.due = now + self._gateway.law.practice.result_s * _SECOND
                self._keep(command)
            else:
                self._end(current, REFUSED, now)
        elif cn == "9012":
            code = frame.fields.get("ExeRtn", "")
            command.answered_at = command.answered_at or now
            command.result = self._named("execution_result", "ExeRtn", code)
            self._end(current, DONE if code == _GOOD else FAILED, now)
        elif cn == "9013":
            command.answered_at = now
            self._end(current, DONE, now)

    def second(self, now: int) -> None:
        """Repeats what was not answered in time, ends what is overdue, withdraws what waited too long for its device."""
        for current in [one for one in self._current.values() if now >= one.due]:
            self._overdue(current, now)
        waits = self._gateway.law.practice.waits_for_station_h * 3600 * _SECOND
        for mn, queue in list(self._queues.items()):
            while queue and now - queue[0].asked_at > waits:
                command = queue.popleft()
                command.state, command.ended_at = WITHDRAWN, now
                self._keep(command)
            if not queue:
                del self._queues[mn]

    def _overdue(self, current: _Current, now: int) -> None:
        command = current.command
        seen = self._gateway.devices.find(command.mn)
        over_time, repetitions = self.patience(command.mn)
        if command.state == ACCEPTED:
            if (
                seen is not None
                and seen.at > current.last_frames_at
                and now - (command.answered_at or now) < 10 * (self._gateway.law.practice.result_s * _SECOND)
            ):
                current.last_frames_at = seen.at  # it goes on sending: the result may still come
                current.due = now + self._gateway.law.practice.result_s * _SECOND
                return
            self._end(current, OVERDUE, now)
        elif command.tries > repetitions:
            if seen is not None:
                self._gateway.devices.note(seen, "GATEWAY-NO-ANSWER", f"CN={command.cn}", now)
            self._end(current, UNANSWERED, now)
        elif seen is None:
            current.due = now + over_time * _SECOND
            command.tries += 1
        else:
            self._transmit(current, seen, now)

    def _send_next(self, mn: str, now: int) -> None:
        queue, seen = self._queues.get(mn), self._gateway.devices.find(mn)
        if not queue or seen is None or mn in self._current:
            return
        command = queue.popleft()
        command.qn = self._new_qn()
        if command.cn == _TIME_SYNC and "SystemTime" not in command.fields:
            command.fields = {"SystemTime": f"{datetime.now(BEIJING):%Y%m%d%H%M%S}"}
        current = self._current[mn] = _Current(command, now)
        self._transmit(current, seen, now)

    def _transmit(self, current: _Current, seen: Seen, now: int) -> None:
        command = current.command
        try:
            frame = self._frame(command, seen)
        except Refusal as refusal:  # the device's own head holds what no frame can repeat
            command.result = str(refusal)
            self._end(current, FAILED, now)
            return
        command.state, command.tries = SENT, command.tries + 1
        current.due = now + self.patience(command.mn)[0] * _SECOND
        self._keep(command)
        self.sent += 1
        assert seen.owner is not None
        self._gateway.group.orders.append((seen.owner, frame))

    def _frame(self, command: DeviceCommand, seen: Seen) -> bytes:
        head, outlet = seen.head, seen.outlet
        edition = Edition.HJT_2005 if head is None or head.flag is None else head.flag.edition or Edition.HJ_2017
        password = (
            head.pw if head else outlet.password if outlet else None
        )  # its own of late: the registered one, or a new one
        header = {
            "QN": command.qn,
            "ST": outlet.system if outlet else head.st if head else "31",
            "CN": command.cn,
            "PW": password or "",
            "MN": command.mn,
            "Flag": str(FlagBits(edition, False, True).value),
        }
        return encoded(header, command.fields)

    def _end(self, current: _Current, state: str, now: int) -> None:
        command = current.command
        command.state, command.ended_at = state, now
        self._keep(command)
        if state == DONE:
            self.done += 1
            if command.cn == _SET_TIMEOUTS:
                self._timeouts[command.mn] = dict(command.fields)
            elif command.cn == _SET_PASSWORD:
                self._passwords[command.mn] = command.fields.get("NewPW", "")
                self._gateway.devices.generation += 1
        else:
            self.failed += 1
        del self._current[command.mn]
        self._send_next(command.mn, now)

    def is_new_password(self, mn: str, password: str) -> bool:
        """Whether a device was set to this password (1072): it holds beside the registered one."""
        return bool(password) and self._passwords.get(mn) == password

    def patience(self, mn: str) -> tuple[int, int]:
        """Seconds and repetitions of a device: the rule's, or what it was set to."""
        rule, own = self._gateway.law.timeouts, self._timeouts.get(mn, {})
        over, count = own.get("OverTime", ""), own.get("ReCount", "")
        return (
            int(over) if over.isdecimal() else rule.over_time_s,
            int(count) if count.isdecimal() else rule.repetitions,
        )

    def _check(self, mn: str, cn: str, fields: Mapping[str, str]) -> None:
        tables = self._gateway.law.tables
        known = tables.commands.get(cn)
        if known is None or known.direction == "up" or not ("request" in known.kind or known.kind == NOTICE):
            raise _refused(
                "GATEWAY-COMMAND-UNKNOWN", f"{cn} 不是平台可以下达的命令", f"{cn} is no command of a platform"
            )
        encoded({"CN": cn, "MN": mn, "QN": "0" * 17, "ST": "31", "PW": "0" * 6, "Flag": "5"}, fields)
        for name, value in fields.items():
            setting = tables.settings.get(name)
            if setting is not None and not (value.isdecimal() and setting.admits(int(value))):  # type: ignore[arg-type]
                raise _refused(
                    "GATEWAY-SETTING-RANGE", f"{name}={value} 超出规范范围", f"{name}={value} is outside its range"
                )

    def _named(self, kind: str, field: str, code: str) -> str:
        name = self._gateway.law.tables.codes[kind].get(code)
        return f"{field}={code} {name.zh}" if name else f"{field}={code}"

    def _new_qn(self) -> str:
        """The present time to the millisecond; later than any given before."""
        qn = f"{datetime.now(BEIJING):%Y%m%d%H%M%S%f}"[:17]
        if qn <= self._last_qn:
            last = datetime.strptime(self._last_qn + "000", "%Y%m%d%H%M%S%f")  # noqa: DTZ007
            qn = f"{last + timedelta(milliseconds=1):%Y%m%d%H%M%S%f}"[:17]
        self._last_qn = qn
        return qn

    def _keep(self, command: DeviceCommand) -> None:
        self._gateway.group.batch.changes.append(kept(command))
        self._gateway.writer.wake()

    @property
    def open(self) -> int:
        """Number of commands that are not ended."""
        return len(self._current) + sum(len(queue) for queue in self._queues.values())


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en)))
