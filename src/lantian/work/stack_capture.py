"""Capture rate of a quarter and valid transmission rate of any period, from the verdicts as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path

from lantian import rulebook
from lantian.basis.period import DAY, Days
from lantian.stack.capture import CaptureRule, Tally, TransmissionRule
from lantian.store.stack import verdict_update
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.verdict_file import reading


@dataclass(frozen=True, slots=True)
class Captured:
    """Hours of one outlet and factor in a period, their rates in % (exact), and whether the least ones are reached.

    None where the unit never ran.
    """

    outlet: str
    factor: str
    days: Days
    tally: Tally
    capture: Fraction | None
    capture_reached: bool | None
    transmission: Fraction | None
    transmission_reached: bool | None


def captured(data: Path, outlets: Sequence[Outlet], first: date, last: date) -> list[Captured]:
    """Rates of each outlet and factor that were judged in a period, by outlet and factor.

    Rule    HJ 75-2017 assesses the capture rate by quarter: hand a quarter in (``basis.period.quarter``)
    Errors  NoRuleError before 2012-01-01
    """
    least, wanted = rulebook.fill(CaptureRule, last).least, rulebook.fill(TransmissionRule, last).least
    first_hour, until = datetime.combine(first, time()), datetime.combine(last + DAY, time())
    made: list[Captured] = []
    with reading(data) as database:
        if database is None:
            return made
        for outlet in sorted(outlets, key=lambda one: one.code):
            for factor, tally in verdict_update.tallies(database, outlet.code, first_hour, until).items():
                made.append(_captured(outlet.code, factor, Days(first, last), tally, least, wanted))
    return made


def _captured(outlet: str, factor: str, days: Days, tally: Tally, least: int, wanted: int) -> Captured:
    capture, transmission = tally.capture, tally.transmission
    return Captured(
        outlet, factor, days, tally,
        capture, None if capture is None else capture >= least,
        transmission, None if transmission is None else transmission >= wanted,
    )  # fmt: skip
