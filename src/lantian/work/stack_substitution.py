"""Missing masses of a quarter are substituted by the table of HJ 75: again after each run, as the quarter stands then."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from lantian.basis.period import DAY, Days, quarter
from lantian.stack import reasons
from lantian.stack.substitution import Gap, Substitution, gaps
from lantian.store.stack import verdict_update
from lantian.store.stack.verdict_update import MassMissing

_OWN: Final = frozenset({reasons.CAPTURE_LOW, reasons.NO_HISTORY, reasons.SHORT_HISTORY})
_ROUND: Final = timedelta(hours=25)  # beyond the quarter's edges: enough to tell a gap of more than 24 h


def quarters(first: date, last: date) -> list[Days]:
    """The quarters that a period touches, in order."""
    found = []
    day = first
    while day <= last:
        found.append(quarter(day.year, (day.month + 2) // 3))
        day = found[-1].last + DAY
    return found


def substitute(database: sqlite3.Connection, outlet: str, days: Days, table: Substitution, run: int) -> set[date]:
    """Days of a quarter on which a mass of an outlet changed: each gap gets the table's maximum, or the reason why none.

    Rule    HJ 75-2017 tables 5 and 6: by capture rate of the quarter so far and length of the whole gap; looked back from
            the last measured hour before the gap, and where the analyser was out of control from its last calibration
    """
    first, until = datetime.combine(days.first, time()), datetime.combine(days.last + DAY, time())
    changed: set[date] = set()
    for factor, tally in verdict_update.tallies(database, outlet, first, until).items():
        if factor in table.factors:
            missing = verdict_update.without_mass(database, outlet, factor, first - _ROUND, until + _ROUND)
            new = _filled(database, outlet, factor, missing, (first, until), table, tally.capture)
            verdict_update.set_masses(database, outlet, factor, new, run)
            changed |= {one.start.date() for one in new}
    return changed


def _filled(
    database: sqlite3.Connection,
    outlet: str,
    factor: str,
    missing: Sequence[MassMissing],
    span: tuple[datetime, datetime],
    table: Substitution,
    capture: Fraction | None,
) -> list[MassMissing]:
    """The hours of the span whose mass or reasons are other than what stands."""
    by_start = {one.start: one for one in missing}
    changed: list[MassMissing] = []
    for gap in gaps(by_start):
        inside = [by_start[start] for start in gap.starts if span[0] <= start < span[1]]
        if inside:
            mass, why = _value(database, outlet, factor, gap, by_start, table.hours(capture, len(gap)))
            new = [replace(one, mass_kg=mass, reasons=_told(one.reasons, why)) for one in inside]
            changed += [after for before, after in zip(inside, new, strict=True) if after != before]
    return changed


def _value(
    database: sqlite3.Connection,
    outlet: str,
    factor: str,
    gap: Gap,
    by_start: Mapping[datetime, MassMissing],
    count: int | None,
) -> tuple[Decimal | None, str | None]:
    """What stands for each hour of a gap, and what is to be told of it."""
    if count is None:
        return None, reasons.CAPTURE_LOW
    before = gap.first
    if any(reasons.OUT_OF_CONTROL in by_start[start].reasons for start in gap.starts):
        before = verdict_update.last_calibration(database, outlet, factor, before) or before
    masses = verdict_update.last_masses(database, outlet, factor, before, count)
    if not masses:
        return None, reasons.NO_HISTORY
    return max(masses), None if len(masses) == count else reasons.SHORT_HISTORY


def _told(stood: tuple[str, ...], why: str | None) -> tuple[str, ...]:
    return (*(one for one in stood if one not in _OWN), *((why,) if why else ()))
