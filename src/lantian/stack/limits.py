"""Limits of a day: national sets as the rulebook has them, permits and local rules, and the strictest of those in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from lantian.basis.finding import Text
from lantian.stack.conversion import AIR_O2, reference_oxygen

Confidence = Literal["verified", "one-source", "unverified"]
Kind = Literal["permit", "national", "ultra_low"]
_DOUBT: tuple[Confidence, ...] = ("verified", "one-source", "unverified")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another hour limit in some regions, by the beginning of their code."""

    regions: tuple[str, ...]
    hour: Decimal


@dataclass(frozen=True, slots=True)
class FactorLimit:
    """Limits of one factor in a set, mg/m³; ``confidence`` where it is weaker than that of the set."""

    hour: Decimal | None = None
    day: Decimal | None = None
    elsewhere: tuple[Elsewhere, ...] = ()
    confidence: Confidence | None = None

    def hour_in(self, region: str) -> Decimal | None:
        """The hour limit in a region."""
        for one in self.elsewhere:
            if region.startswith(one.regions):
                return one.hour
        return self.hour


@dataclass(frozen=True, slots=True)
class LimitSet:
    """A national set on a day (``stack.limits.<set>``), without PATH: there are many.

    ``reference_o2_also`` are other references of the same set, taken where the outlet's register names one of them;
    ``ultra_low`` is the set an outlet must keep that was recognised as retrofitted.
    """

    kind: Literal["national", "ultra_low"]
    limits: dict[str, FactorLimit]
    source: str
    confidence: Confidence
    reference_o2: Decimal | None = None
    reference_excess_air: Decimal | None = None
    reference_o2_also: tuple[Decimal, ...] = ()
    reference_confidence: Confidence | None = None
    ultra_low: str | None = None
    note: Text | None = None

    def reference(self, registered: Decimal | None) -> Fraction | None:
        """Reference oxygen in %, for an outlet whose register may name one; None: judged as measured."""
        if registered is not None and registered in self.reference_o2_also:
            return Fraction(registered)
        if self.reference_o2 is not None:
            return Fraction(self.reference_o2)
        return reference_oxygen(self.reference_excess_air) if self.reference_excess_air else None

    def found(self, factor: str, region: str, registered_o2: Decimal | None) -> FoundLimit | None:
        """The set's limit of a factor for an outlet; None where it has none."""
        limit = self.limits.get(factor)
        if limit is None:
            return None
        doubts = [limit.confidence or self.confidence, self.reference_confidence or "verified"]
        weakest = max(doubts, key=_DOUBT.index)
        return FoundLimit(
            limit.hour_in(region), limit.day, self.reference(registered_o2), self.source, weakest, self.kind, self.note
        )


@dataclass(frozen=True, slots=True)
class FoundLimit:
    """The limit that holds for a factor of an outlet on a day.

    Unit    ``hour`` and ``day`` mg/m³ (None: not limited), ``reference_o2`` % (None: judged as measured)
    Rule    ``others`` are the sources of the limits in force that are less strict; the day limit may be another's, with a
            reference of its own
    """

    hour: Decimal | None
    day: Decimal | None
    reference_o2: Fraction | None
    source: str
    confidence: Confidence
    kind: Kind
    note: Text | None = None
    others: tuple[str, ...] = ()
    day_reference_o2: Fraction | None = None
    day_source: str = ""

    def restated(self, mean: Fraction) -> Fraction | None:
        """A mean at ``reference_o2`` as the day limit wants it; None where that needs the oxygen of each hour.

        Rule    D.2 eq. 28: between two references the factor is the same for every hour
        """
        if self.day_reference_o2 == self.reference_o2:
            return mean
        if self.day_reference_o2 is None or self.reference_o2 is None:
            return None
        return mean * (AIR_O2 - self.day_reference_o2) / (AIR_O2 - self.reference_o2)


def strictest(candidates: Iterable[FoundLimit]) -> FoundLimit | None:
    """The strictest limit of hours, with the strictest of days; the others are named in it. None where there is none.

    Rule    limits at different reference oxygen are compared by what they allow at the same oxygen of the gas:
            limit / (21 − O2s)
    """
    given = sorted(candidates, key=lambda one: one.source)
    by_hour = [(_strictness(one.hour, one), one) for one in given if one.hour is not None]
    by_day = [(_strictness(one.day, one), one) for one in given if one.day is not None]
    if not by_hour and not by_day:
        return None
    first = min(by_hour or by_day, key=lambda pair: pair[0])[1]
    day = min(by_day, key=lambda pair: pair[0])[1] if by_day else None
    return replace(
        first,
        day=day.day if day else None,
        day_reference_o2=day.reference_o2 if day else first.reference_o2,
        day_source=day.source if day else "",
        others=tuple(dict.fromkeys(one.source for one in given if one.source != first.source)),
    )


def _strictness(value: Decimal, one: FoundLimit) -> Fraction:
    return Fraction(value) / (AIR_O2 - (one.reference_o2 or 0))
