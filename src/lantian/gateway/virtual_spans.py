"""How a virtual data logger makes minutes, hours and days: means, converted values, amounts, flags (模拟数据).

Rule    own practice of the simulated loggers, which do what well-kept ones do; no determination of the platform rests on it
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from lantian.work.simulated_stack import CONVERTED_TO, MINUTE, PLACES, SCALE
from lantian.work.simulated_stack_kinds import FACTORS, FLOW, NOX, O2, PM, POLLUTANTS, SO2

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
NORMAL: Final = "N"
LOST: Final = "B"  # HJ 212-2017 table 8: instrument to logger
TOTALS: Final = {FLOW: 1, PM: 5, SO2: 5, NOX: 5}  # places of Cou: m³, kg
_OF_MINUTES, _OF_HOURS = Fraction(3, 4), Fraction(5, 6)  # so much must be normal for a normal hour or day
_WHOLE: Final = 10**SCALE
_AIR: Final = 21
_KG: Final = 1_000_000  # mg


class Span(NamedTuple):
    """One factor over a minute or more: numbers × 10⁻⁴; ``zs`` (converted) of pollutants, ``total`` (Cou) where it is summed."""

    low: int
    mean: Decimal | int
    high: int
    zs: Decimal | int | None
    flag: str
    total: Decimal | None


Spans = Mapping[str, Span]


def of_minute(row: Mapping[str, int | str]) -> dict[str, Span]:
    """A minute as the stack has it."""
    return {
        code: Span(
            int(row[f"{code}_min"]),
            int(row[code]),
            int(row[f"{code}_max"]),
            int(row[f"{code}_zs"]) if code in POLLUTANTS else None,
            str(row[f"{code}_flag"]),
            _total(code, int(row[code]), int(row[FLOW]), 60),
        )
        for code in FACTORS
    }


def of_minutes(minutes: Sequence[Spans], wanted: int, reference_o2: Decimal | None) -> dict[str, Span]:
    """An hour (or some minutes) of those of its ``wanted`` minutes that are there.

    Converted values are made of the means of pollutant and oxygen, amounts of the means of pollutant and flow.
    """
    parts = {code: _joined([one[code] for one in minutes], _OF_MINUTES * wanted) for code in FACTORS}
    o2, flow = parts[O2].mean, parts[FLOW].mean
    return {
        code: one._replace(
            zs=_converted(one, o2, reference_o2) if code in POLLUTANTS else None,
            total=_total(code, one.mean, flow, 60 * wanted),
        )
        for code, one in parts.items()
    }


def of_day(hours: Sequence[Spans]) -> dict[str, Span]:
    """A day of its hours; amounts are their sums."""
    if not hours:
        return {}
    found = {}
    for code in FACTORS:
        parts = [one[code] for one in hours]
        totals = [one.total for one in parts if one.total is not None]
        found[code] = _joined(parts, _OF_HOURS * 24)._replace(total=sum(totals, Decimal(0)) if totals else None)
    return found


def text(value: Decimal | int, code: str) -> str:
    """A number × 10⁻⁴ with the places its factor is printed with."""
    places = PLACES[code]
    whole = round(Decimal(value).scaleb(places - SCALE))
    before, behind = divmod(abs(whole), 10**places)
    return f"{'-' if whole < 0 else ''}{before}.{behind:0{places}d}"


def _joined(parts: Sequence[Span], enough: Fraction) -> Span:
    """The parts that have the flag of the whole; ``total`` is left to who knows how it is made."""
    flags = Counter(one.flag for one in parts)
    if flags[NORMAL] >= enough:
        flag = NORMAL
    else:
        del flags[NORMAL]
        flag = flags.most_common(1)[0][0] if flags else LOST
    chosen = [one for one in parts if one.flag == flag] or parts
    zs = [one.zs for one in chosen if one.zs is not None]
    return Span(
        min(one.low for one in chosen),
        _mean([one.mean for one in chosen]),
        max(one.high for one in chosen),
        _mean(zs) if zs else None,
        flag,
        None,
    )


def _mean(values: Sequence[Decimal | int]) -> Decimal:
    return Decimal(sum(values)) / len(values)


def _converted(one: Span, o2: Decimal | int, reference: Decimal | None) -> Decimal | int | None:
    """Mean of a pollutant at reference oxygen, as the stack's own minutes are converted; their mean where none is known."""
    if reference is None or one.zs is None:
        return one.zs
    if o2 > Decimal(str(CONVERTED_TO)) * _WHOLE:
        return one.mean
    return one.mean * (_AIR - reference) / (_AIR - Decimal(o2) / _WHOLE)


def _total(code: str, mean: Decimal | int, flow: Decimal | int, seconds: int) -> Decimal | None:
    """Cou: volume of the gas (m³), mass of a pollutant (kg)."""
    if code == FLOW:
        return Decimal(flow * seconds) / _WHOLE
    if code in POLLUTANTS:
        return Decimal(mean * flow * seconds) / (_WHOLE * _WHOLE * _KG)
    return None


__all__ = ["DAY", "HOUR", "MINUTE", "TOTALS", "Span", "of_day", "of_minute", "of_minutes", "text"]
