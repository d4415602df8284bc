"""How many of the due hours and minutes of an outlet arrived, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path

import polars as pl

from lantian.basis.exact import rounded_text
from lantian.basis.period import DAY, Days
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import records
from lantian.work.stack_live import mn_of

HOURS, MINUTES = 24, 60


@dataclass(frozen=True, slots=True)
class Arrived:
    """Counts of one outlet: hours (and minutes, where asked for) received on each day, due until now."""

    outlet: Outlet
    hours: dict[date, int]
    minutes: dict[date, int] | None
    due: dict[date, int]

    @property
    def rate(self) -> str | None:
        """Share of the due hours that arrived, in % with one decimal; None where none were due."""
        due = sum(self.due.values())
        got = sum(min(count, self.due.get(day, 0)) for day, count in self.hours.items())
        return rounded_text(Fraction(100 * got, due), 1) if due else None

    def due_minutes(self, day: date) -> int:
        """Minute records due in the hours of a day that are over, at the interval the outlet is registered with."""
        return self.due.get(day, 0) * (MINUTES // self.outlet.interval_minutes)


def completeness(
    data: Path, outlets: Sequence[Outlet], days: Days, *, present: datetime, minutes: bool = False
) -> list[Arrived]:
    """What arrived of each outlet over days; ``present`` is the Beijing time up to which periods are due.

    Rule    an hour arrived where any factor's hour record is there, from a device or a table; one not yet over is not due
    """
    hours = _counts(data, outlets, days, "2061")
    single = _counts(data, outlets, days, "2051") if minutes else {}
    made = []
    for one in outlets:
        mn = mn_of(one)
        due = {day: _due(one, day, present) for day in days}
        made.append(Arrived(one, hours.get(mn, {}), single.get(mn, {}) if minutes else None, due))
    return made


def _counts(data: Path, outlets: Sequence[Outlet], days: Days, cn: str) -> dict[str, dict[date, int]]:
    first, until = datetime.combine(days.first, time()), datetime.combine(days.last, time()) + DAY
    found = records(data, first, until, mns=[mn_of(one) for one in outlets], cns=[cn], devices=device_settings(outlets))
    counted = found.group_by("mn", pl.col("start").dt.date().alias("day")).agg(pl.col("start").n_unique().alias("n"))
    made: dict[str, dict[date, int]] = {}
    for mn, day, count in counted.iter_rows():
        made.setdefault(mn, {})[day] = count
    return made


def _due(outlet: Outlet, day: date, present: datetime) -> int:
    """Hours of a day that are over and in which the outlet ran by the register."""
    if (outlet.running_from and day < outlet.running_from) or (outlet.closed_on and day > outlet.closed_on):
        return 0
    start = datetime.combine(day, time())
    return max(0, min(HOURS, int((present - start).total_seconds() // 3600)))
