"""One factor of one outlet over a span as points to draw: every hour, or minutes thinned so that no peak is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from lantian.basis.period import DAY, Days, month
from lantian.stack.limits import FoundLimit
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import records
from lantian.work.stack_limits import limit_of
from lantian.work.stack_live import mn_of

COLUMNS: Final = 720  # of the picture: so many stretches, each with its lowest and its highest value
_PERIODS: Final = {"2051": timedelta(minutes=1), "2061": timedelta(hours=1), "2031": DAY}
_OF_GAS: Final = "C"  # a reading of calibration gas is no concentration of the stack: it is no point of a line
_GAP: Final = 1.5  # a gap is where the next value begins later than so many periods after the one before

Points = tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class FlagSpan:
    """A run of values with one flag that is not N; x in days since the first day of the span."""

    first: float
    last: float
    flag: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Measured and converted values of a factor; x in days since the first day of the span, gaps as None."""

    factor: str
    measured: Points
    converted: Points
    flags: tuple[FlagSpan, ...]
    count: int


@dataclass(frozen=True, slots=True)
class LimitSpan:
    """The hour limit that holds over a run of days."""

    days: Days
    limit: FoundLimit


def span_records(data: Path, outlet: Outlet, days: Days, cn: str) -> pl.DataFrame:
    """All records of an outlet over days, of one length of period.

    Shape   ``RECORDS``
    """
    first = datetime.combine(days.first, time())
    until = datetime.combine(days.last, time()) + DAY
    return records(data, first, until, mns=[mn_of(outlet)], cns=[cn], devices=device_settings([outlet]))


def curves(found: pl.DataFrame, days: Days, cn: str) -> dict[str, Curve]:
    """A curve for each factor of the records, values thinned to what a picture can show."""
    first, period = datetime.combine(days.first, time()), _PERIODS[cn]
    width = len(days) / COLUMNS
    numbers = found.select(
        "code",
        x=(pl.col("start") - pl.lit(first)).dt.total_microseconds() / (DAY / timedelta(microseconds=1)),
        measured=pl.col("avg").cast(pl.Float64, strict=False),
        converted=pl.col("zs_avg").cast(pl.Float64, strict=False),
        flag=pl.col("flag").fill_null("N"),
    )
    made = {}
    for (code,), rows in numbers.partition_by("code", as_dict=True, maintain_order=True).items():
        measured, converted = (_points(rows, name, width, period) for name in ("measured", "converted"))
        made[str(code)] = Curve(str(code), measured, converted, _flags(rows, period), rows.height)
    return made


def limits(outlet: Outlet, factor: str, days: Days) -> list[LimitSpan]:
    """The hour limits of a factor over days, a row for each run of days under one limit."""
    made: list[LimitSpan] = []
    for day in days:
        found = limit_of(outlet, factor, day)
        if found is None or found.hour is None:
            continue
        if made and made[-1].limit == found and made[-1].days.last == day - DAY:
            made[-1] = LimitSpan(Days(made[-1].days.first, day), found)
        else:
            made.append(LimitSpan(Days(day, day), found))
    return made


def _points(rows: pl.DataFrame, name: str, width: float, period: timedelta) -> Points:
    """Points in the order of time; of each stretch its lowest and its highest value, a None where values are missing."""
    held = rows.filter(pl.col(name).is_not_null() & (pl.col("flag") != _OF_GAS)).select("x", y=name)
    if not held.height:
        return ()
    step = period / DAY
    if held.height > 2 * COLUMNS:
        stretch = (pl.col("x") / width).floor()
        low = (
            held.sort("y", maintain_order=True)
            .group_by(stretch.alias("at"), maintain_order=True)
            .agg(
                pl.col("x").first().alias("x0"),
                pl.col("y").first().alias("y0"),
                pl.col("x").last().alias("x1"),
                pl.col("y").last().alias("y1"),
            )
        )
        held = pl.concat([low.select(x="x0", y="y0"), low.select(x="x1", y="y1")]).unique().sort("x")
        step = max(step, width)
    made: list[tuple[float, float | None]] = []
    last: float | None = None
    for x, y in held.iter_rows():
        if last is not None and x - last > _GAP * step:
            made.append((last, None))
        made.append((x, y))
        last = x
    return tuple(made)


def _flags(rows: pl.DataFrame, period: timedelta) -> tuple[FlagSpan, ...]:
    step = period / DAY
    made: list[FlagSpan] = []
    for x, flag in rows.filter(pl.col("flag") != "N").select("x", "flag").iter_rows():
        if made and made[-1].flag == flag and x - made[-1].last <= step / 2:
            made[-1] = FlagSpan(made[-1].first, x + step, flag)
        else:
            made.append(FlagSpan(x, x + step, flag))
    return tuple(made)


def days_of(day: date, span: str) -> Days:
    """The days a page shows: the day, the seven days that end with it, or its month."""
    if span == "week":
        return Days(day - 6 * DAY, day)
    if span == "month":
        return month(day.year, day.month)
    return Days(day, day)
