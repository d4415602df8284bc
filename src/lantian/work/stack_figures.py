"""Records of stacks → what arrived about each factor in each hour, in one pass over the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from lantian.stack.hour_figure import Figure
from lantian.stack.hour_means import HOUR_KEY, hour_sums
from lantian.stack.marks import Mark
from lantian.stack.validity import MINUTES, FlagRules
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import OUTLET_PREFIX, scaled

SCALE: Final = 6  # decimal places of the whole numbers of figures
_MINUTE_RECORD: Final = "2051"
_HOUR_RECORD: Final = "2061"
RECORDS_OF_HOURS: Final = (_MINUTE_RECORD, _HOUR_RECORD)
_IMPORT: Final = "import:"
_ONE: Final = timedelta(minutes=1)
Figures = dict[tuple[str, datetime], dict[str, Figure]]


def series_of(outlet: Outlet) -> str:
    """The MN under which an outlet's records stand."""
    return outlet.mn or f"{OUTLET_PREFIX}{outlet.code}"


def figures(
    found: pl.DataFrame,
    outlets: Sequence[Outlet],
    cutting: Sequence[Mark],
    rules: FlagRules,
    span: tuple[datetime, datetime],
) -> Figures:
    """Figures by series and hour, then by factor.

    ``found`` holds records (``record_rows.RECORDS``) of minutes and hours, ``cutting`` the marks under which nothing counts.
    """
    hour = pl.col("start").dt.truncate("1h").alias("hour")
    minutes = found.filter(pl.col("cn") == _MINUTE_RECORD).select(
        "mn", "code", "start", pl.coalesce(scaled("avg", SCALE), scaled("rtd", SCALE)).alias("value"), "flag"
    )
    sums = hour_sums(minutes, rules, _minutes_of(cutting, outlets, span))
    hours = (
        found.filter(pl.col("cn") == _HOUR_RECORD)
        .select(
            "mn",
            "code",
            hour,
            pl.coalesce(scaled("avg", SCALE), scaled("rtd", SCALE)).alias("hour_value"),
            pl.coalesce(scaled("zs_avg", SCALE), scaled("zs_rtd", SCALE)).alias("hour_converted"),
            pl.col("flag").alias("hour_flag"),
            pl.lit(True).alias("has_hour"),
            pl.col("source").str.starts_with(_IMPORT).alias("imported"),
        )
        .unique(subset=list(HOUR_KEY), keep="last", maintain_order=True)
    )
    both = sums.join(hours, on=list(HOUR_KEY), how="full", coalesce=True)
    each = {series_of(one): one.interval_minutes for one in outlets}
    return _grouped(both, each)


def _grouped(rows: pl.DataFrame, interval: Mapping[str, int]) -> Figures:
    made: Figures = {}
    names = ("mn", "hour", "code", "received", "counted", "total", "flags")
    behind = ("hour_value", "hour_converted", "hour_flag", "has_hour", "imported")
    for mn, hour, code, received, counted, total, flags, *of_hour in rows.select(*names, *behind).iter_rows():
        each = interval.get(mn, 1)
        value, converted, flag, has_hour, imported = of_hour
        made.setdefault((mn, hour), {})[code] = Figure(
            min((received or 0) * each, MINUTES),
            min((counted or 0) * each, MINUTES),
            counted or 0,
            total,
            tuple(flags or ()),
            value,
            converted,
            flag,
            bool(has_hour),
            bool(imported),
        )
    return made


def _minutes_of(
    cutting: Sequence[Mark], outlets: Sequence[Outlet], span: tuple[datetime, datetime]
) -> pl.DataFrame | None:
    """The minutes of marks as rows of series, factor (null: all) and start."""
    series = {one.code: series_of(one) for one in outlets}
    parts = [
        pl.DataFrame(
            {"start": pl.datetime_range(first, until, "1m", closed="left", time_unit="us", eager=True)}
        ).with_columns(pl.lit(series[one.outlet]).alias("mn"), pl.lit(one.factor, pl.String).alias("code"))
        for one in cutting
        if one.outlet in series and (first := _whole(max(one.start, span[0]))) < (until := min(one.end, span[1]))
    ]
    return pl.concat(parts).select("mn", "code", "start") if parts else None


def _whole(moment: datetime) -> datetime:
    """The first whole minute at or after a moment."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute == moment else minute + _ONE
