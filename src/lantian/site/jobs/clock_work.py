"""Work that the clock asks for: a table of jobs with their time of day, and what is made up after a machine was off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from django.db import transaction

from lantian.basis.period import BEIJING, DAY, beijing_date
from lantian.site.jobs.models import ClockRun
from lantian.site.jobs.services import start

_MOST_MISSED = 400


@dataclass(frozen=True, slots=True)
class ClockWork:
    """A job at a time of day (Beijing); after a gap the latest missed run is made up, or every one.

    With ``interval`` it comes again each so long from ``at`` on through the day; then only the latest run is ever made up,
    and a run that still waits or works stands for those that come meanwhile.
    """

    name: str
    at: time
    catch_up: Literal["latest", "every"] = "latest"
    interval: timedelta | None = None

    @property
    def minutes(self) -> int:
        """The interval in whole minutes."""
        return int((self.interval or DAY).total_seconds()) // 60


_TABLE: dict[str, ClockWork] = {}


def declare(work: ClockWork) -> None:
    """Adds a row to the table; a desk calls it beside its ``@job``."""
    _TABLE[work.name] = work


def table() -> list[ClockWork]:
    """All clock work by time of day."""
    return sorted(_TABLE.values(), key=lambda work: (work.at, work.name))


@transaction.atomic
def enqueue_due(now: datetime) -> int:
    """Number of runs put into the queue because their time has come by ``now``."""
    made = 0
    for work in table():
        last = ClockRun.objects.filter(name=work.name).first()
        due = missed(work, last.last_due if last else None, now)
        for instant in due:
            unique = work.name if work.interval else f"{work.name}@{instant:%Y-%m-%dT%H:%M}"
            start(work.name, {}, by=None, now=now, unique=unique, due_at=instant)
        if due:
            ClockRun.objects.update_or_create(name=work.name, defaults={"last_due": due[-1]})
        made += len(due)
    return made


def missed(work: ClockWork, last: datetime | None, now: datetime) -> list[datetime]:
    """Due instants after ``last`` up to ``now`` that are to be run, oldest first; at the very first only the latest."""
    if work.interval:
        due = _latest(work.at, work.interval, now)
        return [due] if last is None or due > last else []
    instants: list[datetime] = []
    day = beijing_date(now)
    while len(instants) < _MOST_MISSED:
        due = datetime.combine(day, work.at, tzinfo=BEIJING).astimezone(UTC)
        if last is not None and due <= last:
            break
        if due <= now:
            instants.append(due)
            if last is None or work.catch_up == "latest":
                break
        day -= DAY
    return instants[::-1]


def _latest(at: time, interval: timedelta, now: datetime) -> datetime:
    """The last instant up to ``now`` that lies a whole number of intervals behind a day's ``at``."""
    first = datetime.combine(beijing_date(now), at, tzinfo=BEIJING).astimezone(UTC)
    if first > now:
        first -= DAY
    return first + (now - first) // interval * interval
