"""The whole answer to “why?” of one hour: its verdict, every minute that arrived, what was revised, the formula with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

import polars as pl

from lantian.basis.exact import rounded_text
from lantian.stack.conversion import AIR_O2
from lantian.stack.hour_figure import Figure, measured
from lantian.stack.limits import FoundLimit
from lantian.stack.marks import Mark, during, marked_minutes
from lantian.stack.validity import COUNTS, MINUTES, OVER_RANGE
from lantian.store.stack import verdicts
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import records
from lantian.work.stack_figures import RECORDS_OF_HOURS, SCALE, figures, series_of
from lantian.work.stack_hours import O2
from lantian.work.stack_limits import limit_of
from lantian.work.stack_referee_law import RefereeLaw, referee_law

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = "2051"
_OXYGEN_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record as it arrived: ``effect`` is what its flag makes of it (``counts``, ``over_range`` or why it does not count).

    ``marked``: a mark says that nothing was measured then. ``replaced``: a later record stands in its place. ``after``: it
    arrived after the verdict was computed. ``received_at`` is UTC.
    """

    cn: str
    start: datetime
    value: str | None
    converted: str | None
    flag: str | None
    received_at: datetime
    source: str
    effect: str
    marked: bool
    replaced: bool
    after: bool

    @property
    def counts(self) -> bool:
        """Whether it stands and its value goes into the hour."""
        return self.effect in (COUNTS, OVER_RANGE) and not self.marked and not self.replaced and self.value is not None


@dataclass(frozen=True, slots=True)
class HourWhy:
    """One hour of a factor; ``oxygen`` in %, as text, None where there was none; ``formula`` with its numbers or None."""

    verdict: verdicts.HourVerdict
    arrivals: tuple[Arrival, ...]
    limit: FoundLimit | None
    oxygen: str | None
    formula: str | None
    least_minutes: int
    editions: tuple[str, ...]

    @property
    def revised(self) -> int:
        """Records that a later one replaced."""
        return sum(one.replaced for one in self.arrivals)


def hour_why(data: Path, outlet: Outlet, factor: str, start: datetime, marks: Sequence[Mark]) -> HourWhy | None:
    """What the verdict of an hour rests on; None where the hour was not judged.

    Rule    nothing is judged here: the verdict is the kept one, the records are those of today, and what arrived after the
            verdict is told
    """
    verdict = next(iter(verdicts.hours(data, start, start + _HOUR, outlet=outlet.code, factor=factor)), None)
    if verdict is None:
        return None
    law = referee_law(start.date())
    found = records(
        data,
        start,
        start + _HOUR,
        mns=[series_of(outlet)],
        cns=list(RECORDS_OF_HOURS),
        codes=[factor, O2],
        devices=device_settings([outlet]),
        every_revision=True,
    )
    known = found.filter(pl.col("received_at") <= verdict.computed_at)
    near = [one for one in during(marks, start, start + _HOUR) if one.outlet == outlet.code]
    limit = limit_of(outlet, factor, start.date())
    oxygen = _oxygen(known, outlet, near, start, law)
    return HourWhy(
        verdict,
        tuple(_arrivals(found.filter(pl.col("code") == factor), verdict, near, law)),
        limit,
        None if oxygen is None else rounded_text(oxygen, _OXYGEN_PLACES),
        _formula(verdict, oxygen, _reference(outlet, limit)),
        law.validity.hour_minutes,
        tuple(verdicts.editions(data, start, start + _HOUR, outlet=outlet.code)),
    )


def _arrivals(
    found: pl.DataFrame, verdict: verdicts.HourVerdict, marks: Sequence[Mark], law: RefereeLaw
) -> list[Arrival]:
    """Minutes and hour records in order of time and arrival."""
    rows = list(found.sort("cn", "start", "received_at", maintain_order=True).iter_rows(named=True))
    last = {(row["cn"], row["start"]): number for number, row in enumerate(rows)}
    cutting = [one for one in marks if one.about(verdict.factor) and law.marks.cuts(one)]
    return [
        Arrival(
            row["cn"],
            row["start"],
            row["avg"] if row["avg"] is not None else row["rtd"],
            row["zs_avg"] if row["zs_avg"] is not None else row["zs_rtd"],
            row["flag"],
            row["received_at"],
            row["source"],
            law.flags.effect(row["flag"]),
            row["cn"] == _MINUTE and any(one.start <= row["start"] < one.end for one in cutting),
            last[row["cn"], row["start"]] != number,
            row["received_at"] > verdict.computed_at,
        )
        for number, row in enumerate(rows)
    ]


def _oxygen(
    known: pl.DataFrame, outlet: Outlet, marks: Sequence[Mark], start: datetime, law: RefereeLaw
) -> Fraction | None:
    """Oxygen of the hour as the referee takes it, from what had arrived by the verdict."""
    newest = known.unique(subset=["cn", "start", "code"], keep="last", maintain_order=True)
    cutting = [one for one in marks if one.about(O2) and law.marks.cuts(one)]
    given = figures(newest, [outlet], cutting, law.flags, (start, start + _HOUR))
    figure = given.get((series_of(outlet), start), {}).get(O2, Figure())
    cut = marked_minutes(cutting, start, start + _HOUR)
    assert cut <= MINUTES
    return measured(figure, law.validity, law.flags, cut, SCALE, law.values.differs_percent).value


def _reference(outlet: Outlet, limit: FoundLimit | None) -> Fraction | None:
    if limit is not None:
        return limit.reference_o2
    return None if outlet.reference_o2 is None else Fraction(outlet.reference_o2)


def _formula(verdict: verdicts.HourVerdict, oxygen: Fraction | None, reference: Fraction | None) -> str | None:
    """HJ 212-2017 D.2 eq. 28 with the numbers of the hour; None where it was not used."""
    if verdict.measured is None or verdict.converted is None or oxygen is None or reference is None:
        return None
    top = _plain(verdict.measured)
    shown = rounded_text(oxygen, _OXYGEN_PLACES)
    return f"{top} × ({AIR_O2} − {_plain(reference)}) ÷ ({AIR_O2} − {shown}) = {_plain(verdict.converted)}"


def _plain(value: Decimal | Fraction) -> str:
    if isinstance(value, Fraction):
        value = Decimal(rounded_text(value, _OXYGEN_PLACES))
    return f"{value.normalize():f}"
