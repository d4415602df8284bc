"""The value of one factor in one hour: from its minutes where they serve, else from the hour record, else none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from lantian.stack import reasons
from lantian.stack.validity import COUNTS, MINUTES, OVER_RANGE, FlagRules, Validity


class Figure(NamedTuple):
    """What arrived about one factor in one hour; values are whole numbers at the scale of the table.

    ``received`` and ``counted`` are minutes, ``total`` the sum of records that count, ``records`` their number; ``hour_…`` is
    the device's hour record or the row of a table (``imported``).
    """

    received: int = 0
    counted: int = 0
    records: int = 0
    total: int | None = None
    flags: tuple[str, ...] = ()
    hour_value: int | None = None
    hour_converted: int | None = None
    hour_flag: str | None = None
    has_hour: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of an hour (None: not valid), its valid minutes (None: not told by minutes), and why it is as it is."""

    value: Fraction | None
    minutes: int | None
    reasons: tuple[str, ...]
    converted: Fraction | None = None


def measured(
    figure: Figure, validity: Validity, rules: FlagRules, cut: int, scale: int, differs_percent: int
) -> Measured:
    """The value of an hour of which marks cut so many minutes.

    Rule    D.2 eq. 24: the mean of the valid minutes, with at least so many. Where so many did not arrive, the hour record
            stands if its flag counts and the marks leave as many
    """
    why = _causes(figure, rules)
    if validity.hour(figure.counted) and figure.total is not None:
        value = Fraction(figure.total, figure.records * 10**scale)
        if figure.hour_value is not None and _differs(value, Fraction(figure.hour_value, 10**scale), differs_percent):
            why = (*why, reasons.DIFFERS)
        return Measured(value, figure.counted, tuple(one for one in why if one != COUNTS))
    if figure.has_hour and not validity.hour(figure.received):
        return _of_hour_record(figure, validity, rules, cut, scale)
    if not figure.received:
        return Measured(None, 0, (reasons.NO_DATA,))
    return Measured(None, figure.counted, (reasons.MINUTES_SHORT, *why))


def _of_hour_record(figure: Figure, validity: Validity, rules: FlagRules, cut: int, scale: int) -> Measured:
    source = reasons.TABLE if figure.imported else reasons.HOUR_RECORD
    why: tuple[str, ...] = (source, reasons.MINUTES_NOT_RECEIVED) if figure.received else (source,)
    effect = rules.effect(figure.hour_flag)
    if effect == OVER_RANGE:
        why = (*why, OVER_RANGE)
    elif effect != COUNTS:
        return Measured(None, None, (*why, reasons.FLAGGED, effect))
    if not validity.hour(MINUTES - cut):
        return Measured(None, None, (*why, reasons.MINUTES_SHORT))
    if figure.hour_value is None:
        return Measured(None, None, (*why, reasons.NO_DATA))
    converted = None if figure.hour_converted is None else Fraction(figure.hour_converted, 10**scale)
    return Measured(Fraction(figure.hour_value, 10**scale), None, why, converted)


def _causes(figure: Figure, rules: FlagRules) -> tuple[str, ...]:
    """What the flags of the minutes say, but that they count."""
    return tuple(dict.fromkeys(effect for flag in figure.flags if (effect := rules.effect(flag)) != COUNTS))


def _differs(one: Fraction, other: Fraction, percent: int) -> bool:
    return abs(one - other) * 100 > percent * max(abs(one), abs(other))
