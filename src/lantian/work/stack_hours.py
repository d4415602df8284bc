"""Verdicts of hours: from what arrived, under the law, the marks and the limit of the day; values are never altered."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

import polars as pl

from lantian.basis.exact import rounded
from lantian.basis.period import BEIJING, Days
from lantian.stack import conversion, mass, reasons
from lantian.stack.exceedance import exceeds
from lantian.stack.hour_figure import Figure, Measured, measured
from lantian.stack.limits import FoundLimit
from lantian.stack.marks import Mark, during, marked_minutes
from lantian.stack.validity import EXEMPT, MINUTES, STOPPED
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.verdict_rows import HourVerdict
from lantian.work.stack_figures import SCALE, Figures, figures, series_of
from lantian.work.stack_limits import limit_of, limited_factors
from lantian.work.stack_referee_law import RefereeLaw, referee_law

O2: Final = "a19001"
NOX, NO, NO2 = "a21002", "a21003", "a21004"
FLOW, VELOCITY, TEMPERATURE, STATIC, MOISTURE, AMBIENT = "a00000", "a01011", "a01012", "a01013", "a01014", "a01006"
BESIDE: Final = (O2, FLOW, VELOCITY, TEMPERATURE, STATIC, MOISTURE, AMBIENT, NO, NO2)
_HOUR: Final = timedelta(hours=1)
_NOTHING: Final = Figure()


def hour_verdicts(
    found: pl.DataFrame, outlets: Sequence[Outlet], marks: Sequence[Mark], days: Days, law: RefereeLaw, *, now: datetime
) -> list[HourVerdict]:
    """Verdicts of every hour of days under one law for all factors due, before any substitution of mass.

    Shape   by outlet, start, factor; hours without data have a row too, hours that have not ended by ``now`` have none
    """
    span = datetime.combine(days.first, time()), datetime.combine(days.last, time()) + timedelta(days=1)
    near = during(marks, *span)
    given = figures(found, outlets, [one for one in near if law.marks.cuts(one)], law.flags, span)
    own: dict[str, list[Mark]] = defaultdict(list)
    for one in near:
        own[one.outlet].append(one)
    made: list[HourVerdict] = []
    for outlet in sorted(outlets, key=lambda one: one.code):
        for day in days:
            if (outlet.running_from or day) <= day <= (outlet.closed_on or day):
                made.extend(_OutletDay(outlet, day, given, own[outlet.code], law, now).verdicts())
    return made


def wanted_codes(outlet: Outlet, first: date, last: date) -> frozenset[str]:
    """Codes of the records that verdicts about an outlet may rest on."""
    limited = limited_factors(outlet, first) | limited_factors(outlet, last)
    return frozenset((*BESIDE, NOX, *outlet.factors, *limited, *referee_law(last).substitution.factors))


class _OutletDay:
    """One outlet on one day: what holds for all its hours."""

    def __init__(
        self, outlet: Outlet, day: date, given: Figures, marks: Sequence[Mark], law: RefereeLaw, now: datetime
    ) -> None:
        self.outlet, self.day, self.law, self.now = outlet, day, law, now
        first = datetime.combine(day, time())
        ended = now.astimezone(BEIJING).replace(tzinfo=None) - _HOUR
        self.hours = [
            (start, given.get((series_of(outlet), start), {}))
            for start in (first + n * _HOUR for n in range(24))
            if start <= ended
        ]
        self.marks = during(marks, first, first + 24 * _HOUR)
        self.state = law.window.state(day, now)

    def verdicts(self) -> Iterator[HourVerdict]:
        limits = {factor: limit_of(self.outlet, factor, self.day) for factor in self._factors()}
        for start, given in self.hours:
            hour = _Hour(self, start, given)
            for factor, limit in limits.items():
                yield hour.verdict(factor, limit)

    def _factors(self) -> list[str]:
        """Factors to be judged: those the outlet must report or sent that day, as far as limited or their mass is wanted."""
        limited, wanted = limited_factors(self.outlet, self.day), frozenset(self.law.substitution.factors)
        seen = {code for _, given in self.hours for code in given}
        if NO in seen and NO2 in seen:
            seen.add(NOX)
        due = frozenset(self.outlet.factors) or limited & wanted
        return sorted((due | seen) & (limited | wanted))


class _Hour:
    """One hour of an outlet: its oxygen and flow, worked out once for all factors."""

    def __init__(self, of: _OutletDay, start: datetime, given: Mapping[str, Figure]) -> None:
        self.of, self.start, self.given = of, start, given
        self.marks = during(of.marks, start, start + _HOUR) if of.marks else ()
        self._known: dict[str, Measured] = {}
        self._flow: tuple[Fraction | None, tuple[str, ...]] | None = None
        self._beside = repr([given.get(code) for code in BESIDE])

    def verdict(self, factor: str, limit: FoundLimit | None) -> HourVerdict:
        law = self.of.law
        marks = tuple(one for one in self.marks if one.about(factor))
        one, why = self._measured(factor, marks)
        value = None if one.value is None else mass.in_mg(one.value, self.of.outlet.units.get(factor), factor)
        if one.value is not None and value is None:
            why.append(reasons.UNKNOWN_UNIT)
        converted = kilograms = exceeded = None
        if value is not None:
            converted = self._converted(one, value, limit, why)
            kilograms = self._mass(value, why)
        printed = _printed(converted, law.values.concentration_places)
        exempt = self._exempt(marks)
        if value is not None:
            exceeded = _exceeded(printed, limit, exempt, why)
        shown = (
            one.minutes, value is not None, _printed(value, law.values.concentration_places), printed,
            _printed(kilograms, law.values.mass_places), False, limit.hour if limit else None, exceeded,
        )  # fmt: skip
        labels = tuple(dict.fromkeys(mark.label for mark in marks))
        told = tuple(dict.fromkeys(why))
        source = limit.source if limit else ""
        inputs = self._digest(factor, limit, marks, (*shown, labels, told))
        outlet = self.of.outlet.code
        return HourVerdict(outlet, factor, self.start, *shown, self.of.state, labels, told, source, inputs, self.of.now)

    def _measured(self, factor: str, marks: Sequence[Mark]) -> tuple[Measured, list[str]]:
        """The value, and the reasons so far; no value while the unit stands."""
        law = self.of.law
        why = [reasons.UNKNOWN_MARK] if any(law.marks.effect(one) is None for one in marks) else []
        if not law.validity.hour(
            MINUTES - marked_minutes(law.marks.of(marks, STOPPED), self.start, self.start + _HOUR)
        ):
            return Measured(None, self._value(factor).minutes, ()), [*why, reasons.STOPPED]
        one = self._value(factor)
        if factor == NOX and NOX not in self.given and NO in self.given and NO2 in self.given:
            one = self._nox()
        why += [effect for mark in marks if law.marks.cuts(mark) and (effect := law.marks.effect(mark))]
        return one, [*why, *one.reasons]

    def _value(self, code: str) -> Measured:
        if code not in self._known:
            law = self.of.law
            cutting = [one for one in self.marks if one.about(code) and law.marks.cuts(one)]
            cut = marked_minutes(cutting, self.start, self.start + _HOUR)
            given = self.given.get(code, _NOTHING)
            self._known[code] = measured(given, law.validity, law.flags, cut, SCALE, law.values.differs_percent)
        return self._known[code]

    def _nox(self) -> Measured:
        no, no2 = self._value(NO), self._value(NO2)
        units = self.of.outlet.units
        parts = [
            None if one.value is None else mass.in_mg(one.value, units.get(code), code)
            for one, code in ((no, NO), (no2, NO2))
        ]
        why = tuple(dict.fromkeys((*no.reasons, *no2.reasons, reasons.FROM_NO)))
        minutes = None if no.minutes is None or no2.minutes is None else min(no.minutes, no2.minutes)
        if parts[0] is None or parts[1] is None:
            return Measured(None, minutes, why)
        return Measured(conversion.nox_as_no2(parts[0], parts[1]), minutes, why)

    def _converted(self, one: Measured, value: Fraction, limit: FoundLimit | None, why: list[str]) -> Fraction | None:
        """The value at reference oxygen; withheld, with the reason, where oxygen gives none."""
        registered = self.of.outlet.reference_o2
        reference = limit.reference_o2 if limit else (None if registered is None else Fraction(registered))
        if reference is None:
            why.append(reasons.NO_REFERENCE)
            return value
        oxygen = self._value(O2).value
        if oxygen is None:
            why.append(reasons.NO_OXYGEN if one.converted is None else reasons.AS_REPORTED)
            return one.converted
        if oxygen >= self.of.law.values.withheld_from_o2:
            why.append(reasons.NEAR_AIR)
            return None
        return conversion.converted(value, oxygen, reference)

    def _mass(self, value: Fraction, why: list[str]) -> Fraction | None:
        if self._flow is None:
            self._flow = self._worked_out_flow()
        flow, told = self._flow
        why.extend(told)
        return None if flow is None else mass.mass_of_hour(value, flow)

    def _worked_out_flow(self) -> tuple[Fraction | None, tuple[str, ...]]:
        """Dry flow at standard state, m³/h: as sent, else from velocity and duct area."""
        outlet = self.of.outlet
        sent = self._value(FLOW).value
        if sent is not None:
            flow = mass.per_hour(sent, outlet.units.get(FLOW))
            return flow, () if flow is not None else (reasons.UNKNOWN_UNIT,)
        parts = [self._value(code).value for code in (VELOCITY, TEMPERATURE, STATIC, MOISTURE)]
        velocity, celsius, static, moisture = parts
        if outlet.duct_area is None or velocity is None or celsius is None or static is None or moisture is None:
            return None, (reasons.NO_FLOW,)
        gauge = mass.in_pa(static, outlet.units.get(STATIC))
        sent_ambient = self._value(AMBIENT).value
        ambient = mass.in_pa(
            self.of.law.values.ambient_kpa if sent_ambient is None else sent_ambient,
            None if sent_ambient is None else outlet.units.get(AMBIENT),
        )
        if gauge is None or ambient is None or celsius <= -conversion.ZERO_C_K:
            return None, (reasons.NO_FLOW,)
        working = mass.working_flow(velocity, outlet.duct_area)
        told = (reasons.FROM_VELOCITY, *((reasons.ASSUMED_PRESSURE,) if sent_ambient is None else ()))
        return mass.dry_standard_flow(working, celsius, gauge, ambient, moisture), told

    def _exempt(self, marks: Sequence[Mark]) -> bool:
        """Whether marks exempt the hour: they leave fewer minutes than an hour needs, and some of them exempt."""
        law = self.of.law
        exempting = law.marks.of(marks, EXEMPT)
        if not exempting:
            return False
        spent = marked_minutes([*exempting, *law.marks.of(marks, STOPPED)], self.start, self.start + _HOUR)
        return not law.validity.hour(MINUTES - spent)

    def _digest(self, factor: str, limit: FoundLimit | None, marks: Sequence[Mark], shown: tuple[object, ...]) -> str:
        """What the verdict rests on and says, as one digest."""
        whole = repr((self.given.get(factor), self._beside, limit, marks, self.of.law.digest, shown))
        return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()


def _exceeded(converted: Decimal | None, limit: FoundLimit | None, exempt: bool, why: list[str]) -> bool | None:
    if exempt:
        why.append(reasons.EXEMPT)
    if limit is None or limit.hour is None:
        why.append(reasons.NO_LIMIT if limit is None else reasons.NO_HOUR_LIMIT)
        return None
    if converted is None:
        return None
    return exceeds(converted, limit.hour) and not exempt


def _printed(value: Fraction | None, places: int) -> Decimal | None:
    """The value as it is kept: rounded once (GB/T 8170)."""
    return None if value is None else Decimal(rounded(value, places)).scaleb(-places)
