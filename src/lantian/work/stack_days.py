"""Verdicts of days and months from those of hours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Final

from lantian.basis.exact import rounded
from lantian.basis.period import DAY, month
from lantian.stack import reasons
from lantian.stack.exceedance import exceeds
from lantian.stack.limits import FoundLimit
from lantian.store.stack import verdicts
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.verdict_rows import DayVerdict, HourVerdict
from lantian.work.stack_day_records import Of, Reported, reported
from lantian.work.stack_limits import limit_of
from lantian.work.stack_referee_law import RefereeLaw, referee_law

_NONE: Final[Of] = {}
_UNCONVERTED: Final = (reasons.NO_OXYGEN, reasons.NEAR_AIR)


@dataclass(frozen=True, slots=True)
class MonthVerdict:
    """One factor of one outlet in a month: ``days`` are the valid ones; means in mg/m³ of valid days, mass in kg."""

    outlet: str
    factor: str
    month: date
    days: int
    valid: bool
    measured: Decimal | None
    converted: Decimal | None
    mass_kg: Decimal | None
    exceeded_days: int
    exceeded_hours: int


def day_verdicts(
    outlet: Outlet, hours: Iterable[HourVerdict], *, now: datetime, records: Of = _NONE
) -> list[DayVerdict]:
    """Verdicts of the days of one outlet from all its hours, by day and factor.

    Rule    a day of which no hour arrived stands as its day record reports it, where there is one
    """
    ordered = sorted(hours, key=lambda one: (one.start.date(), one.factor, one.start))
    made = []
    for (day, factor), group in groupby(ordered, key=lambda one: (one.start.date(), one.factor)):
        law, limit, record = referee_law(day), limit_of(outlet, factor, day), records.get((day, factor))
        rows = tuple(group)
        if record is not None and silent(rows):
            said = reported(record, outlet, factor, law)
            made.append(_day_as_reported(rows, day, law, limit, said, now))
        else:
            made.append(_day(rows, day, law, limit, now))
    return made


def silent(hours: Iterable[HourVerdict]) -> bool:
    """Whether nothing arrived of any of the hours, and the unit did not stand in any."""
    return all(reasons.NO_DATA in one.reasons for one in hours)


def month_verdicts(
    data: Path, first: date, last: date, *, outlet: str | None = None, factor: str | None = None
) -> list[MonthVerdict]:
    """Verdicts of whole months that touch a period, by outlet, month and factor, from the days as they stand.

    Rule    HJ 76: valid with so many valid days; the mean of a month that is not valid is None, its mass is what is there
    """
    until = month(last.year, last.month).last + DAY
    found = verdicts.days(data, first.replace(day=1), until, outlet=outlet, factor=factor)
    found.sort(key=lambda one: (one.outlet, one.day.replace(day=1), one.factor, one.day))
    return [
        _month(tuple(group), begun)
        for (_, begun, _), group in groupby(found, key=lambda one: (one.outlet, one.day.replace(day=1), one.factor))
    ]


def _day(
    hours: Sequence[HourVerdict], day: date, law: RefereeLaw, limit: FoundLimit | None, now: datetime
) -> DayVerdict:
    valid = [one for one in hours if one.valid]
    why: list[str] = []
    enough = law.validity.day(len(valid))
    if not enough:
        rested = all(reasons.STOPPED in one.reasons for one in hours)
        why.append(reasons.STOPPED if rested else reasons.HOURS_SHORT)
    places = law.values.concentration_places
    measured = _mean([one.measured for one in valid], places) if enough else None
    converted = _at_day_reference(valid, limit, law) if enough else None
    if enough and converted is None:
        why += [code for code in _UNCONVERTED if any(code in one.reasons for one in valid)]
    masses = [one.mass_kg for one in hours if one.mass_kg is not None]
    if any(one.mass_kg is None and reasons.STOPPED not in one.reasons for one in hours):
        why.append(reasons.MASS_INCOMPLETE)
    exceeded = _exceeded(valid, limit, law, why)
    told = (
        len(valid), enough, measured, converted, sum(masses, Decimal(0)) if masses else None,
        limit.day if limit else None, exceeded, sum(one.exceeded is True for one in hours), law.window.state(day, now),
        tuple(dict.fromkeys(why)),
    )  # fmt: skip
    whole = repr((*((one.inputs, one.mass_kg, one.reasons) for one in hours), told))
    inputs = hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()
    return DayVerdict(hours[0].outlet, hours[0].factor, day, *told, inputs, now)


def _day_as_reported(
    hours: Sequence[HourVerdict], day: date, law: RefereeLaw, limit: FoundLimit | None, said: Reported, now: datetime
) -> DayVerdict:
    why = list(said.reasons)
    exceeded = None
    if limit is None or limit.day is None:
        why.append(reasons.NO_LIMIT if limit is None else reasons.NO_DAY_LIMIT)
    elif said.converted is not None:
        exceeded = exceeds(said.converted, limit.day)
    told = (
        0, said.measured is not None, said.measured, said.converted, said.mass_kg, limit.day if limit else None, exceeded, 0,
        law.window.state(day, now), tuple(dict.fromkeys(why)),
    )  # fmt: skip
    inputs = hashlib.blake2b(repr((*(one.inputs for one in hours), told)).encode(), digest_size=8).hexdigest()
    return DayVerdict(hours[0].outlet, hours[0].factor, day, *told, inputs, now)


def _exceeded(valid: Sequence[HourVerdict], limit: FoundLimit | None, law: RefereeLaw, why: list[str]) -> bool | None:
    """Whether the mean of the hours that count is above the day limit; None where that is not judged."""
    if limit is None or limit.day is None:
        why.append(reasons.NO_LIMIT if limit is None else reasons.NO_DAY_LIMIT)
        return None
    counting = [one for one in valid if reasons.EXEMPT not in one.reasons]
    if len(counting) < len(valid):
        why.append(reasons.EXEMPT)
    mean = _at_day_reference(counting, limit, law)
    return None if mean is None else exceeds(mean, limit.day)


def _at_day_reference(hours: Sequence[HourVerdict], limit: FoundLimit | None, law: RefereeLaw) -> Decimal | None:
    """Mean of the converted hours as the day limit wants it; None where too few hours could be converted."""
    as_measured = limit is not None and limit.day is not None and limit.day_reference_o2 is None
    given = [value for one in hours if (value := one.measured if as_measured else one.converted) is not None]
    if not law.validity.day(len(given)):
        return None
    mean: Fraction | None = sum(map(Fraction, given), Fraction(0)) / len(given)
    if limit is not None and limit.day is not None and not as_measured and mean is not None:
        mean = limit.restated(mean)
    return None if mean is None else _printed(mean, law.values.concentration_places)


def _month(days: Sequence[DayVerdict], begun: date) -> MonthVerdict:
    law = referee_law(begun)
    valid = [one for one in days if one.valid]
    enough = law.month.month(len(valid), begun)
    masses = [one.mass_kg for one in days if one.mass_kg is not None]
    places = law.values.concentration_places
    return MonthVerdict(
        days[0].outlet, days[0].factor, begun, len(valid), enough,
        _mean([one.measured for one in valid], places) if enough else None,
        _mean([one.converted for one in valid], places) if enough else None,
        sum(masses, Decimal(0)) if masses else None,
        sum(one.exceeded is True for one in days), sum(one.exceeded_hours for one in days),
    )  # fmt: skip


def _mean(values: Iterable[Decimal | None], places: int) -> Decimal | None:
    """Arithmetic mean of those there are, rounded once."""
    given = [Fraction(value) for value in values if value is not None]
    return _printed(sum(given, Fraction(0)) / len(given), places) if given else None


def _printed(value: Fraction, places: int) -> Decimal:
    return Decimal(rounded(value, places)).scaleb(-places)
