"""Full grids of periods, runs, and when a plant runs: what several families of checks share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from lantian.stack.checks.check import NOTHING, WHOLE
from lantian.stack.checks.evidence import DAY, HOUR, MINUTE, O2, TEMPERATURE, VELOCITY, Evidence
from lantian.stack.checks.parameters import Parameters


def step_of(e: Evidence, cn: str) -> timedelta:
    """The length of a period."""
    return {HOUR: timedelta(hours=1), DAY: timedelta(days=1), MINUTE: timedelta(minutes=e.outlet.interval_minutes)}[cn]


def due(e: Evidence, cn: str, late_minutes: int) -> pl.DataFrame:
    """Periods of the span that should have arrived by now.

    Shape   start, end
    """
    step = step_of(e, cn)
    begin, until = life(e)
    last = min(until, e.now - timedelta(minutes=late_minutes))
    first = _up(begin, step, e.first)
    if first + step > last:
        return NOTHING.select("start", "end")
    starts = pl.datetime_range(first, last - step, step, time_unit="us", eager=True).alias("start")
    return starts.to_frame().with_columns((pl.col("start") + step).alias("end"))


def life(e: Evidence) -> tuple[datetime, datetime]:
    """The part of the span in which data were due: registered as running, and the device heard of."""
    begin = max(e.first, e.outlet.running_from or e.first, e.outlet.due_from or e.first)
    return begin, min(e.until, e.outlet.closed_on or e.until)


def _up(begin: datetime, step: timedelta, first: datetime) -> datetime:
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -(-(begin - midnight) // step) * step


def missing(e: Evidence, cn: str, late_minutes: int) -> pl.DataFrame:
    """Periods due with no record of any factor, about the whole outlet."""
    have = e.of(cn).select("start").unique()
    return due(e, cn, late_minutes).join(have, on="start", how="anti").with_columns(pl.lit(WHOLE).alias("code"))


def long_runs(rows: pl.DataFrame, least: timedelta, by: Sequence[str] = ("code",)) -> pl.DataFrame:
    """Only rows in runs without a gap that last at least so long; rows need start, end and the columns ``by``.

    Rule    a row belongs to the run before it where it starts no later than that one ends
    """
    rows = rows.sort(*by, "start")
    fresh = (pl.col("start") > pl.col("end").shift(1).over(by)).fill_null(True)
    runs = rows.with_columns(fresh.cum_sum().over(by).alias("run"))
    length = pl.col("end").max().over(*by, "run") - pl.col("start").min().over(*by, "run")
    return runs.filter(length >= least).drop("run")


def moving(p: Parameters) -> pl.Expr:
    """Gas moves in the duct (wide table)."""
    return pl.col(VELOCITY) >= float(p.practice.running_velocity)


def warm(p: Parameters) -> pl.Expr:
    """Gas is warm (wide table)."""
    return pl.col(TEMPERATURE) >= float(p.practice.running_temperature)


def burning(p: Parameters) -> pl.Expr:
    """Oxygen says that something burns (wide table)."""
    return pl.col(O2) < float(p.practice.running_o2)


def running(p: Parameters) -> pl.Expr:
    """Gas moves, is warm and holds less oxygen than air: the plant runs."""
    return moving(p) & warm(p) & burning(p)


def covered(e: Evidence, *, family: str | None = None, labels: Sequence[str] = ()) -> pl.Expr:
    """Whether a row's start lies in a mark of a family and with one of some labels (none given: any)."""
    found = pl.lit(False)
    for one in e.marks:
        if (family is None or one.family == family) and (not labels or one.label in labels):
            found = found | ((pl.col("start") >= one.start) & (pl.col("start") < one.end))
    return found
