"""Devices as the gateway knows them: what the register says of them, and what is new about them since the last writing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lantian.basis.finding import Finding
from lantian.gateway.findings import finding
from lantian.stack.hj212 import Device
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.inbox import DeviceFinding, DeviceRow, DeviceSeen, device_findings_text
from lantian.store.stack.outlets import Outlet, by_mn, outlets

if TYPE_CHECKING:
    from lantian.gateway.connection import Connection
    from lantian.stack.hj212 import Head

_FOUND = 20_000  # devices whose findings are kept in mind; the file keeps all


class Seen:
    """One device that sends; ``owner`` is the connection it last sent on (of ``links`` it uses), ``head`` its last head."""

    __slots__ = (
        "at", "clock_off", "data_time", "findings", "frames", "future", "head", "last_qn", "links", "mn", "outlet", "owner", "peer", "sample", "sampled_at",
    )  # fmt: skip

    def __init__(self, mn: str, outlet: Outlet | None, findings: dict[str, DeviceFinding]) -> None:
        self.mn = mn
        self.outlet = outlet
        self.owner: Connection | None = None
        self.head: Head | None = None
        self.peer = self.data_time = self.last_qn = ""
        self.frames = self.at = self.clock_off = self.links = 0
        self.future = ""  # a data time ahead of the clock
        self.sample = b""  # a frame to be looked at for deviations
        self.sampled_at = 0.0
        self.findings = findings

    @property
    def password(self) -> str | None:
        """The registered password; None where none is (any is taken then)."""
        return self.outlet.password if self.outlet else None


class Devices:
    """All devices that are connected or were since the last writing; ``settings`` is read by every decoder."""

    def __init__(self, data: Path, *, accept: bool) -> None:
        self._data = data
        self._accept = accept
        self._published: tuple[Outlet, ...] = ()
        self._outlets: dict[str, Outlet] = {}
        self._live: dict[str, Seen] = {}
        self._found: dict[str, dict[str, DeviceFinding]] = {}
        self._changed: dict[str, Seen] = {}
        self.settings: dict[str, Device] = {}
        self.trouble = ""  # why the register cannot be read; the last one holds then
        self.generation = 0  # raised with the register: what was derived from it is looked up anew
        self.reload()

    def remember(self, known: list[DeviceSeen]) -> None:
        """Takes over the findings kept of devices."""
        self._found = {one.mn: {found.code: found for found in one.findings} for one in known if one.findings}

    def reload(self) -> bool:
        """Reads the register where it has changed; says whether it has. A file that cannot be read leaves the last one."""
        try:
            published = outlets(self._data)
            if published is self._published or (not published and not self._published):
                return False
            settings = device_settings(published)
        except (OSError, ValueError, KeyError, TypeError) as error:
            self.trouble = str(error)
            return False
        self.trouble = ""
        self._published = published
        self._outlets = by_mn(published)
        self.settings.clear()
        self.settings.update(settings)
        for seen in self._live.values():
            seen.outlet = self._outlets.get(seen.mn)
        self.generation += 1
        return True

    def meet(self, mn: str) -> Seen:
        """The device of an MN."""
        seen = self._live.get(mn)
        if seen is None:
            seen = self._live[mn] = Seen(mn, self._outlets.get(mn), self._found.get(mn, {}))
        return seen

    def find(self, mn: str) -> Seen | None:
        """The device of an MN where it is connected."""
        seen = self._live.get(mn)
        return seen if seen and seen.owner else None

    def connected(self) -> list[Seen]:
        """The devices that are connected."""
        return [one for one in self._live.values() if one.owner]

    @property
    def registered(self) -> int:
        """Number of devices in the register."""
        return len(self._outlets)

    def touch(self, seen: Seen) -> None:
        """Marks a device for the next writing."""
        self._changed[seen.mn] = seen

    def changed(self) -> list[Seen]:
        """The devices that ``rows`` will tell of."""
        return list(self._changed.values())

    def note(self, seen: Seen, code: str, met: str, now: int, times: int = 1) -> Finding:
        """Enters a finding of the gateway about a device; returns it."""
        return self.enter(seen, finding(code, met), now, times)

    def enter(self, seen: Seen, found: Finding, now: int, times: int = 1) -> Finding:
        """Enters a finding about a device: the last of its kind stands, with how many there were."""
        code = found.code
        before = seen.findings.get(code)
        count = times + (before.times if before else 0)
        seen.findings = {**seen.findings, code: DeviceFinding(code, found.text.zh, found.text.en, count, now)}
        self._found.pop(seen.mn, None)
        self._found[seen.mn] = seen.findings
        if len(self._found) > _FOUND:
            del self._found[next(iter(self._found))]
        self.touch(seen)
        return found

    def join(self, seen: Seen, connection: Connection) -> None:
        """A device sends on a connection: it is the device's from now on."""
        if seen not in connection.devices:
            connection.devices.add(seen)
            seen.links += 1
            self._live[seen.mn] = seen
        seen.owner = connection

    def leave(self, connection: Connection) -> None:
        """The connection is gone: its devices are connected no more."""
        for seen in connection.devices:
            seen.links -= 1
            if seen.owner is connection:
                seen.owner = None
                self.touch(seen)
        connection.devices.clear()

    def rows(self) -> list[DeviceRow]:
        """What is new about devices since the last call; who is gone is forgotten."""
        changed, self._changed = self._changed, {}
        rows = []
        for seen in changed.values():
            rows.append(
                DeviceRow(
                    seen.mn, self._accept, seen.at, seen.data_time, seen.frames, seen.peer, seen.owner is not None,
                    device_findings_text(seen.findings),
                )
            )  # fmt: skip
            seen.frames = 0
            if not seen.links:
                self._live.pop(seen.mn, None)
        return rows
