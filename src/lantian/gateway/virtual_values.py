"""What a virtual station sends of its stack: the fields of each command for a moment or a period (模拟数据).

The values come minute by minute from a simulated stack and are the same whenever they are asked for, so that what is sent
again is what was sent at first. How a data logger makes hours and days of minutes: ``virtual_spans``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from lantian.gateway.virtual_spans import DAY, HOUR, MINUTE, TOTALS, Span, of_day, of_minute, of_minutes, text

if TYPE_CHECKING:
    import polars as pl

STOPPED: Final = "停运"
EQUIPMENT: Final = ("SB1", "SB2")  # HJ 212-2017 C.15: dust collector and desulphurisation, say
_KEPT: Final = 3  # hours in mind
Row = Mapping[str, int | str]


class Source(Protocol):
    """A simulated stack, as ``work.simulated_stack.Stack`` or what was planted into one."""

    def minutes(self, first: datetime, count: int) -> pl.DataFrame:
        """Its minutes in the shape of ``Stack.minutes``; lost ones left out."""
        ...


class Values:
    """The fields of one stack; keeps the last few hours it was asked for."""

    def __init__(
        self, source: Source, codes: Mapping[str, str] | None = None, reference_o2: Decimal | None = None
    ) -> None:
        """``codes``: other codes of the factors (those of 2005); ``reference_o2`` in %: what means are converted to."""
        self._source = source
        self._codes = codes or {}
        self._reference = reference_o2
        self._hours: dict[datetime, dict[datetime, Row]] = {}

    def realtime(self, moment: datetime) -> dict[str, str]:
        """Fields of 2011; empty where the minute is lost."""
        rows = self._rows(moment.replace(second=0, microsecond=0), MINUTE)
        if not rows:
            return {}
        fields = {"DataTime": f"{moment:%Y%m%d%H%M%S}"}
        for code, one in of_minute(rows[0]).items():
            name = self._codes.get(code, code)
            fields[f"{name}-Rtd"] = text(one.mean, code)
            if one.zs is not None:
                fields[f"{name}-ZsRtd"] = text(one.zs, code)
            fields[f"{name}-Flag"] = one.flag
        return fields

    def period(self, start: datetime, length: timedelta) -> dict[str, str]:
        """Fields of 2051, 2061 and 2031; empty where all of its minutes are lost."""
        spans = self._day(start) if length == DAY else self._spans(start, length)
        if not spans:
            return {}
        fields = {"DataTime": f"{start:%Y%m%d%H%M%S}"}
        for code, one in spans.items():
            name = self._codes.get(code, code)
            if one.total is not None:
                fields[f"{name}-Cou"] = f"{one.total:.{TOTALS[code]}f}"
            for field, value in (("Min", one.low), ("Avg", one.mean), ("Max", one.high)):
                fields[f"{name}-{field}"] = text(value, code)
            if one.zs is not None:
                fields[f"{name}-ZsAvg"] = text(one.zs, code)
            fields[f"{name}-Flag"] = one.flag
        return fields

    def states(self, moment: datetime) -> dict[str, str]:
        """Fields of 2021: the treatment runs while the plant does."""
        rows = self._rows(moment.replace(second=0, microsecond=0), MINUTE)
        runs = "0" if rows and rows[0]["condition"] == STOPPED else "1"
        return {"DataTime": f"{moment:%Y%m%d%H%M%S}"} | {f"{one}-RS": runs for one in EQUIPMENT}

    def running_time(self, day: datetime) -> dict[str, str]:
        """Fields of 2041: hours the treatment ran on a day."""
        hours = Decimal(sum(row["condition"] != STOPPED for row in self._rows(day, DAY))) / 60
        return {"DataTime": f"{day:%Y%m%d%H%M%S}"} | {f"{one}-RT": f"{hours:.1f}" for one in EQUIPMENT}

    def _spans(self, start: datetime, length: timedelta) -> dict[str, Span]:
        rows = self._rows(start, length)
        if length == MINUTE or not rows:
            return of_minute(rows[0]) if rows else {}
        return of_minutes([of_minute(row) for row in rows], length // MINUTE, self._reference)

    def _day(self, start: datetime) -> dict[str, Span]:
        hours = [self._spans(start + number * HOUR, HOUR) for number in range(24)]
        return of_day([one for one in hours if one])

    def _rows(self, first: datetime, length: timedelta) -> list[Row]:
        until = first + length
        hour = first.replace(minute=0)
        found: list[Row] = []
        while hour < until:
            rows = self._hour(hour)
            if length == MINUTE:
                return [rows[first]] if first in rows else []
            found += [row for start, row in rows.items() if first <= start < until]
            hour += HOUR
        return found

    def _hour(self, hour: datetime) -> dict[datetime, Row]:
        rows = self._hours.get(hour)
        if rows is None:
            table = self._source.minutes(hour, 60)
            rows = self._hours[hour] = {row["start"]: row for row in table.iter_rows(named=True)}
            for old in list(islice(self._hours, max(0, len(self._hours) - _KEPT))):
                del self._hours[old]
        return rows
