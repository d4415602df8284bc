"""Data quality of station hours and of daily tables: thresholds from the rulebook, all checks, findings in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import polars as pl

from lantian import rulebook
from lantian.air.item import SCALE
from lantian.air.quality import STATION, Doubt, NeighbourRule, QualityRule, StepRule, hourly
from lantian.air.quality_capture import Counts, low_capture
from lantian.air.quality_runs import Rises, Runs
from lantian.air.quality_values import fine_above_coarse, low_values, negative_values
from lantian.basis.period import Days
from lantian.work.air_rules import statistics_rule


@dataclass(frozen=True, slots=True)
class _Step:
    stuck: dict[str, int]
    stuck_above: dict[str, Decimal]
    zeros: int
    jump_times: Decimal
    jump_least: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class _Fine:
    percent: int
    least: int


@dataclass(frozen=True, slots=True)
class _Neighbours:
    others: int
    times: int
    floor_percent: int
    floor: dict[str, Decimal]
    share_percent: int
    least: int


@dataclass(frozen=True, slots=True)
class _Quality:
    PATH: ClassVar[str] = "ambient.quality"
    hours: _Step
    days: _Step
    fine_above: _Fine
    detection: dict[str, Decimal]
    detection_percent: int
    neighbours: _Neighbours
    capture_percent: int


def quality_rule(day: date) -> QualityRule:
    """The thresholds that hold on a day; all of them are marked unverified in the rulebook."""
    law = rulebook.fill(_Quality, day)
    near = law.neighbours
    return QualityRule(
        hours=_step(law.hours),
        days=_step(law.days),
        fine_above_percent=law.fine_above.percent,
        fine_above_least=law.fine_above.least,
        detection=_scaled(law.detection),
        detection_percent=law.detection_percent,
        neighbours=NeighbourRule(
            near.others, near.times, near.floor_percent, _scaled(near.floor), near.share_percent, near.least
        ),
        capture_percent=law.capture_percent,
    )


def _step(law: _Step) -> StepRule:
    return StepRule(law.stuck, _scaled(law.stuck_above), law.zeros, Fraction(law.jump_times), _scaled(law.jump_least))


def _scaled(numbers: dict[str, Decimal]) -> dict[str, int]:
    return {item: int(number * 10**SCALE) for item, number in numbers.items()}


@dataclass(slots=True)
class Checking:
    """All checks on tables of hours or days (their shape: ``air.quality``) that come whole, or month by month.

    Nothing is kept of a table but what it found, the ends of its series and its counts.
    """

    counts: Counts = field(default_factory=Counts)
    _runs: Runs = field(default_factory=Runs)
    _rises: Rises = field(default_factory=Rises)
    _found: list[Doubt] = field(default_factory=list)

    def take(self, table: pl.DataFrame, last: date) -> None:
        """Checks a table under the thresholds of a day; whole months, later than those taken before.

        Errors  ValueError where a station has two rows of one time (readers refuse or merge those)
        """
        from lantian.air.neighbours import out_of_line  # numpy: web processes know the findings, not the checks

        if table.select(*STATION, "time").is_duplicated().any():
            raise ValueError("a station has two rows of one time")
        rule = quality_rule(last)
        step = rule.hours if hourly(table) else rule.days
        self._runs.take(table, step)
        self._rises.take(table, step)
        self.counts.take(table)
        self._found += [
            *fine_above_coarse(table, rule),
            *negative_values(table),
            *low_values(table, rule),
            *out_of_line(table, rule.neighbours),
        ]

    def doubts(self, days: Days) -> list[Doubt]:
        """Everything worth a look, by city, station and time.

        ``days`` is what was asked for: values missing inside it count against the capture rate.
        """
        low = low_capture(self.counts, days, quality_rule(days.last), statistics_rule(days.last).validity)
        return sorted([*self._runs.doubts(), *self._rises.doubts(), *self._found, *low], key=_order)


def checked(table: pl.DataFrame, days: Days) -> list[Doubt]:
    """Everything worth a look in one table of hours or days, by city, station and time; see ``Checking``."""
    checking = Checking()
    checking.take(table, days.last)
    return checking.doubts(days)


def _order(doubt: Doubt) -> tuple[str, str, datetime, str, str]:
    first = doubt.first if isinstance(doubt.first, datetime) else datetime.combine(doubt.first, time())
    return doubt.city, doubt.station or "", first, doubt.code, doubt.item or ""
