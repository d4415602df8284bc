"""What the referee reads and writes within one transaction: new hours, missing masses, what they are substituted by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lantian.stack import reasons
from lantian.stack.capture import Tally
from lantian.store.stack.verdict_rows import HourVerdict, hour_of, hour_row
from lantian.store.stack.verdict_write import COLUMNS, put

_STOPPED = f'%"{reasons.STOPPED}"%'
_CALIBRATION = f'%"{reasons.CALIBRATION}"%'
_AS_REPORTED = f'%"{reasons.DAY_RECORD}"%'
_NO_DATA = f'%"{reasons.NO_DATA}"%'


@dataclass(frozen=True, slots=True)
class MassMissing:
    """An hour in which the unit ran and no mass was measured, with what stands in its place so far."""

    start: datetime
    mass_kg: Decimal | None
    reasons: tuple[str, ...]


def put_hours(database: sqlite3.Connection, rows: Iterable[HourVerdict], run: int) -> int:
    """Number of hours that rest on other inputs than what stood, or whose marking has closed since.

    Rule    the digest of the inputs covers all that is measured and judged: a substituted mass beside it stays
    """
    return put(database, "hour", map(hour_row, rows), run, differing=("inputs", "state"))


def tallies(database: sqlite3.Connection, outlet: str, first: datetime, until: datetime) -> dict[str, Tally]:
    """Hours judged of an outlet by factor, and how many of them were stopped, valid, received."""
    rows = database.execute(
        """SELECT factor, count(*), sum(reasons LIKE ?), sum(valid), sum(reasons NOT LIKE ? AND reasons NOT LIKE ?)
        FROM hour WHERE outlet = ? AND start >= ? AND start < ? GROUP BY factor ORDER BY factor""",
        (_STOPPED, _NO_DATA, _STOPPED, outlet, first.isoformat(), until.isoformat()),
    )
    return {factor: Tally(*counts) for factor, *counts in rows}


def without_mass(
    database: sqlite3.Connection, outlet: str, factor: str, first: datetime, until: datetime
) -> list[MassMissing]:
    """Hours without measured mass in which the unit ran, in order."""
    rows = database.execute(
        """SELECT start, mass_kg, reasons FROM hour WHERE outlet = ? AND start >= ? AND start < ? AND factor = ?
        AND (mass_kg IS NULL OR mass_substituted) AND reasons NOT LIKE ? ORDER BY start""",
        (outlet, first.isoformat(), until.isoformat(), factor, _STOPPED),
    )
    return [
        MassMissing(datetime.fromisoformat(start), None if kg is None else Decimal(kg), tuple(json.loads(why)))
        for start, kg, why in rows
    ]


def last_masses(database: sqlite3.Connection, outlet: str, factor: str, before: datetime, count: int) -> list[Decimal]:
    """The last measured masses (kg) before an hour, newest first."""
    rows = database.execute(
        """SELECT mass_kg FROM hour WHERE outlet = ? AND start < ? AND factor = ? AND mass_kg IS NOT NULL
        AND NOT mass_substituted ORDER BY start DESC LIMIT ?""",
        (outlet, before.isoformat(), factor, count),
    )
    return [Decimal(text) for (text,) in rows]


def last_calibration(database: sqlite3.Connection, outlet: str, factor: str, before: datetime) -> datetime | None:
    """The last hour before another in which the factor's analyser was calibrated; None where none is known."""
    row = database.execute(
        "SELECT max(start) FROM hour WHERE outlet = ? AND start < ? AND factor = ? AND reasons LIKE ?",
        (outlet, before.isoformat(), factor, _CALIBRATION),
    ).fetchone()
    return datetime.fromisoformat(row[0]) if row[0] else None


def set_masses(database: sqlite3.Connection, outlet: str, factor: str, rows: Sequence[MassMissing], run: int) -> int:
    """Number of hours that got the mass and reasons of their row."""
    before = database.total_changes
    database.executemany(
        """UPDATE hour SET mass_kg = ?, mass_substituted = ?, reasons = ?, run = ?
        WHERE outlet = ? AND start = ? AND factor = ?""",
        [
            (
                None if one.mass_kg is None else format(one.mass_kg, "f"),
                one.mass_kg is not None,
                json.dumps(one.reasons, ensure_ascii=False),
                run,
                outlet,
                one.start.isoformat(),
                factor,
            )
            for one in rows
        ],
    )
    return database.total_changes - before


def stray_hours(
    database: sqlite3.Connection, outlet: str, first: datetime, until: datetime, kept: set[tuple[str, str]]
) -> int:
    """Number of hours (start, factor) taken away that no longer stand: a factor that is judged no more."""
    stood = database.execute(
        "SELECT start, factor FROM hour WHERE outlet = ? AND start >= ? AND start < ?",
        (outlet, first.isoformat(), until.isoformat()),
    ).fetchall()
    gone = [key for key in stood if key not in kept]
    database.executemany(
        "DELETE FROM hour WHERE outlet = ? AND start = ? AND factor = ?", [(outlet, *key) for key in gone]
    )
    day_keys = {(start[:10], factor) for start, factor in gone}
    database.executemany(
        "DELETE FROM day WHERE outlet = ? AND day = ? AND factor = ?", [(outlet, *key) for key in day_keys]
    )
    return len(gone)


def hours_of_outlet(database: sqlite3.Connection, outlet: str, first: datetime, until: datetime) -> list[HourVerdict]:
    """Verdicts of hours of an outlet as they stand within the transaction, by start and factor."""
    names = ", ".join(f"hour.{name}" for name in COLUMNS["hour"])
    rows = database.execute(
        f"""SELECT {names}, run.computed_at FROM hour JOIN run ON run.id = hour.run
        WHERE outlet = ? AND start >= ? AND start < ? ORDER BY start, factor""",  # noqa: S608
        (outlet, first.isoformat(), until.isoformat()),
    )
    return [hour_of(row) for row in rows]


def factors_as_reported(database: sqlite3.Connection, outlet: str, day: date) -> frozenset[str]:
    """Factors whose day stands as its day record reported it."""
    rows = database.execute(
        "SELECT factor FROM day WHERE outlet = ? AND day = ? AND reasons LIKE ?",
        (outlet, day.isoformat(), _AS_REPORTED),
    )
    return frozenset(factor for (factor,) in rows)
