"""What is counted by address: open connections, bytes sent in vain, wrong passwords."""

from __future__ import annotations

from lantian.gateway.limits import Limits

_HOUR = 3600.0
_MOST = 65536  # addresses kept in mind that have no open connection


class Address:
    """One address; the counts of bytes and passwords begin anew each hour."""

    __slots__ = ("connections", "name", "refused_bytes", "since", "turned_away", "wrong_passwords")

    def __init__(self, name: str, now: float) -> None:
        self.name = name
        self.connections = self.refused_bytes = self.wrong_passwords = self.turned_away = 0
        self.since = now

    def wrong_password(self, limits: Limits) -> float:
        """Counts one, and returns the seconds by which answers are delayed: none at first, then twice as long each time."""
        self.wrong_passwords += 1
        beyond = self.wrong_passwords - limits.tries
        return 0.0 if beyond <= 0 else min(limits.longest_delay, 2.0 ** min(beyond - 1, 10))

    def may_keep(self, size: int, limits: Limits) -> bool:
        """Whether so many refused bytes may be kept whole; counts them then."""
        if self.refused_bytes + size > limits.refused_bytes:
            return False
        self.refused_bytes += size
        return True


class Addresses:
    """All addresses that are connected or were within the hour."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[str, Address] = {}

    def join(self, name: str, now: float) -> Address | None:
        """The address with one connection more; None where it has too many."""
        address = self._known.get(name)
        if address is None:
            address = self._known[name] = Address(name, now)
        if address.connections >= self._limits.address_connections:
            address.turned_away += 1
            return None
        address.connections += 1
        return address

    def leave(self, address: Address) -> None:
        """One connection less."""
        address.connections -= 1

    def sweep(self, now: float) -> list[Address]:
        """Begins the counts of past hours anew, forgets who is gone; returns those that turned connections away meanwhile."""
        full = []
        for name, address in list(self._known.items()):
            if address.turned_away:
                full.append(address)
            old = now - address.since >= _HOUR
            if old:
                address.refused_bytes = address.wrong_passwords = 0
                address.since = now
            if not address.connections and (old or len(self._known) > _MOST):
                del self._known[name]
        return full

    def noticeable(self) -> list[dict[str, object]]:
        """Addresses with something in vain, for the state shown."""
        return [
            {
                "address": one.name,
                "connections": one.connections,
                "refused_bytes": one.refused_bytes,
                "wrong_passwords": one.wrong_passwords,
            }
            for one in self._known.values()
            if one.refused_bytes or one.wrong_passwords
        ]
