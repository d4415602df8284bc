"""What a virtual station sends of its stack: the fields of each command for a moment or a period (模拟数据).

The values come minute by minute from a simulated stack and are the same whenever they are asked for, so that what is sent
again is what was sent at first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from lantian.work.simulated_stack import MINUTE, PLACES, SCALE
from lantian.work.simulated_stack_kinds import (
    FACTORS,
    FLOW,
    NOX,
    PM,
    POLLUTANTS,
    SO2,
)

if TYPE_CHECKING:
    import polars as pl

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
STOPPED: Final = "停运"
EQUIPMENT: Final = ("SB1", "SB2")  # HJ 212-2017 C.15: dust collector and desulphurisation, say
_TOTALS: Final = {FLOW: 1, PM: 5, SO2: 5, NOX: 5}  # places of Cou: m³, kg
_KG: Final = Decimal(1_000_000)  # mg
_KEPT: Final = 3  # hours in mind


class Source(Protocol):
    """A simulated stack, as ``work.simulated_stack.Stack`` or what was planted into one."""

    def minutes(self, first: datetime, count: int) -> pl.DataFrame:
        """Its minutes in the shape of ``Stack.minutes``; lost ones left out."""
        ...


class Span(NamedTuple):
    """One factor over a minute or more: whole numbers × 10⁻⁴; ``zs`` only of pollutants, ``total`` only where it is summed."""

    low: int
    mean: Decimal
    high: int
    zs: Decimal | None
    flag: str
    total: Decimal | None


class Values:
    """The fields of one stack; keeps the last few hours it was asked for."""

    def __init__(self, source: Source, codes: Mapping[str, str] | None = None) -> None:
        """``codes``: other codes of the factors (those of 2005)."""
        self._source = source
        self._codes = codes or {}
        self._hours: dict[datetime, dict[datetime, Mapping[str, int | str]]] = {}

    def realtime(self, moment: datetime) -> dict[str, str]:
        """Fields of 2011; empty where the minute is lost."""
        rows = self._rows(moment.replace(second=0, microsecond=0), 1)
        if not rows:
            return {}
        fields = {"DataTime": f"{moment:%Y%m%d%H%M%S}"}
        for code, one in _spans(rows).items():
            name = self._codes.get(code, code)
            fields[f"{name}-Rtd"] = _text(one.mean, code)
            if one.zs is not None:
                fields[f"{name}-ZsRtd"] = _text(one.zs, code)
            fields[f"{name}-Flag"] = one.flag
        return fields

    def period(self, start: datetime, length: timedelta) -> dict[str, str]:
        """Fields of 2051, 2061 and 2031; empty where all of its minutes are lost."""
        rows = self._rows(start, length // MINUTE)
        if not rows:
            return {}
        fields = {"DataTime": f"{start:%Y%m%d%H%M%S}"}
        for code, one in _spans(rows).items():
            name = self._codes.get(code, code)
            if one.total is not None:
                fields[f"{name}-Cou"] = f"{one.total:.{_TOTALS[code]}f}"
            for field, value in (("Min", one.low), ("Avg", one.mean), ("Max", one.high)):
                fields[f"{name}-{field}"] = _text(Decimal(value), code)
            if one.zs is not None:
                fields[f"{name}-ZsAvg"] = _text(one.zs, code)
            fields[f"{name}-Flag"] = one.flag
        return fields

    def states(self, moment: datetime) -> dict[str, str]:
        """Fields of 2021: the treatment runs while the plant does."""
        rows = self._rows(moment.replace(second=0, microsecond=0), 1)
        runs = "0" if rows and rows[0]["condition"] == STOPPED else "1"
        return {"DataTime": f"{moment:%Y%m%d%H%M%S}"} | {f"{one}-RS": runs for one in EQUIPMENT}

    def running_time(self, day: datetime) -> dict[str, str]:
        """Fields of 2041: hours the treatment ran on a day."""
        rows = self._rows(day, DAY // MINUTE)
        hours = Decimal(sum(row["condition"] != STOPPED for row in rows)) / 60
        return {"DataTime": f"{day:%Y%m%d%H%M%S}"} | {f"{one}-RT": f"{hours:.1f}" for one in EQUIPMENT}

    def _rows(self, first: datetime, count: int) -> list[Mapping[str, int | str]]:
        until = first + count * MINUTE
        hour = first.replace(minute=0)
        found: list[Mapping[str, int | str]] = []
        while hour < until:
            found += [row for start, row in self._hour(hour).items() if first <= start < until]
            hour += HOUR
        return found

    def _hour(self, hour: datetime) -> dict[datetime, Mapping[str, int | str]]:
        rows = self._hours.get(hour)
        if rows is None:
            table = self._source.minutes(hour, 60)
            rows = self._hours[hour] = {row["start"]: row for row in table.iter_rows(named=True)}
            for old in list(islice(self._hours, max(0, len(self._hours) - _KEPT))):
                del self._hours[old]
        return rows


def _spans(rows: Sequence[Mapping[str, int | str]]) -> dict[str, Span]:
    """Each factor over the minutes: the flag most of them have, and the values of the minutes that have it.

    Rule    own practice of the simulated data loggers; none of a standard's rules of validity
    """
    found = {}
    flow = {row["start"]: int(row[FLOW]) for row in rows}
    for code in FACTORS:
        flag = str(Counter(row[f"{code}_flag"] for row in rows).most_common(1)[0][0])
        chosen = [row for row in rows if row[f"{code}_flag"] == flag]
        count = len(chosen)
        mean = Decimal(sum(int(row[code]) for row in chosen)) / count
        zs = Decimal(sum(int(row[f"{code}_zs"]) for row in chosen)) / count if code in POLLUTANTS else None
        low = min(int(row[f"{code}_min"]) for row in chosen)
        high = max(int(row[f"{code}_max"]) for row in chosen)
        found[code] = Span(low, mean, high, zs, flag, _total(code, chosen, flow))
    return found


def _total(code: str, rows: Sequence[Mapping[str, int | str]], flow: Mapping[object, int]) -> Decimal | None:
    """Cou: volume of the gas (m³), mass of a pollutant (kg)."""
    if code == FLOW:
        return Decimal(sum(int(row[FLOW]) for row in rows)).scaleb(-SCALE) * 60
    if code in POLLUTANTS:
        return Decimal(sum(int(row[code]) * flow[row["start"]] for row in rows)).scaleb(-2 * SCALE) * 60 / _KG
    return None


def _text(value: Decimal, code: str) -> str:
    return f"{value.scaleb(-SCALE):.{PLACES[code]}f}"
