"""Minutes → hours: how many count and what they add up to, for every device, factor and hour in one pass."""

from __future__ import annotations

from typing import Final

import polars as pl

from lantian.stack.validity import COUNTS, OVER_RANGE, FlagRules

HOUR_KEY: Final = ("mn", "code", "hour")


def hour_sums(minutes: pl.DataFrame, rules: FlagRules, cut: pl.DataFrame | None = None) -> pl.DataFrame:
    """Sums of the minutes that count, by device, factor and hour.

    Shape   minutes: mn, code, start, value (whole number or null), flag; cut: mn, code (null: all), start (whole minute)
            where marks say that nothing was measured
            → mn, code, hour, received, counted, total (null without any), flags (those sent, in order)
    Rule    a minute counts once, where its flag counts, its value is a number and no mark cuts it
    """
    rows = _one_a_minute(minutes)
    flag = pl.col("flag").str.strip_chars().str.to_uppercase()
    counting = [flag for flag, effect in rules.flags.items() if effect in (COUNTS, OVER_RANGE)]
    absent = pl.lit(rules.absent in (COUNTS, OVER_RANGE))
    counts = pl.when(flag.is_null() | (flag == "")).then(absent).otherwise(flag.is_in(counting))
    rows = rows.with_columns(counts.alias("counts"), flag.alias("flag"))
    if cut is not None and cut.height:
        rows = _uncut(rows, cut)
    counted = pl.col("counts") & pl.col("value").is_not_null()
    return (
        rows.group_by("mn", "code", pl.col("start").dt.truncate("1h").alias("hour"))
        .agg(
            pl.len().alias("received"),
            counted.sum().alias("counted"),
            pl.col("value").filter(counted).sum().alias("total"),
            pl.col("flag").drop_nulls().unique().sort().alias("flags"),
        )
        .with_columns(pl.when(pl.col("counted") > 0).then(pl.col("total")).alias("total"))
    )


def _one_a_minute(minutes: pl.DataFrame) -> pl.DataFrame:
    """Rows at whole minutes, the last of each: a device that stamps seconds cannot make an hour longer."""
    start = pl.col("start")
    if not minutes.select(((start.dt.second() != 0) | (start.dt.microsecond() != 0)).any()).item():
        return minutes
    return (
        minutes.sort("start")
        .with_columns(start.dt.truncate("1m"))
        .unique(subset=["mn", "code", "start"], keep="last", maintain_order=True)
    )


def _uncut(rows: pl.DataFrame, cut: pl.DataFrame) -> pl.DataFrame:
    """Rows whose minute is cut no longer count."""
    everything = cut.filter(pl.col("code").is_null()).select("mn", "start", cut_all=pl.lit(True)).unique()
    one = cut.filter(pl.col("code").is_not_null()).select("mn", "code", "start", cut_one=pl.lit(True)).unique()
    for part, keys, name in ((everything, ["mn", "start"], "cut_all"), (one, ["mn", "code", "start"], "cut_one")):
        if part.height:
            rows = rows.join(part, on=keys, how="left", maintain_order="left").with_columns(
                (pl.col("counts") & pl.col(name).is_null()).alias("counts")
            )
    return rows
