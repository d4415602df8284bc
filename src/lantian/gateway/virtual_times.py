"""What a data logger sends by itself, by its clock: which command is due for which moment or period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

REALTIME, STATES, MINUTES, HOURS, DAYS, RUNNING = "2011", "2021", "2051", "2061", "2031", "2041"
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


class Due(NamedTuple):
    """A command and the DataTime it is sent with: the moment of 2011 and 2021, the start of the period of all others."""

    cn: str
    time: datetime


class Intervals(NamedTuple):
    """How often real-time (seconds) and minute data (minutes) are sent."""

    realtime: int
    minutes: int

    def length(self, cn: str) -> timedelta:
        """The period a command is about."""
        return {HOURS: _HOUR, DAYS: _DAY, RUNNING: _DAY}.get(cn, timedelta(minutes=self.minutes))

    def start(self, cn: str, time: datetime) -> datetime:
        """The start of the period a moment lies in."""
        midnight = time.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + (time - midnight) // self.length(cn) * self.length(cn)

    def next(self, after: datetime) -> datetime:
        """The first moment after this one at which something is due."""
        midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
        return min(
            midnight + ((after - midnight) // step + 1) * step for step in (self._realtime, self._minutes, _HOUR)
        )

    def due(self, moment: datetime) -> list[Due]:
        """What is due at a moment that ``next`` gave, the shortest first."""
        found = []
        since = moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)
        if not since % self._realtime:
            found.append(Due(REALTIME, moment))
        if not since % self._minutes:
            found.append(Due(MINUTES, moment - self._minutes))
        if not since % _HOUR:
            found += [Due(HOURS, moment - _HOUR), Due(STATES, moment)]
        if not since:
            found += [Due(DAYS, moment - _DAY), Due(RUNNING, moment - _DAY)]
        return found

    def late(self, after: datetime, until: datetime) -> Iterator[Due]:
        """Minute, hour and day data that were due in (after, until], in order."""
        at = self.next(after)
        while at <= until:
            yield from (one for one in self.due(at) if one.cn not in (REALTIME, STATES))
            at = self.next(at)

    @property
    def _realtime(self) -> timedelta:
        return timedelta(seconds=self.realtime)

    @property
    def _minutes(self) -> timedelta:
        return timedelta(minutes=self.minutes)
