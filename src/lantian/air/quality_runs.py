"""Checks along time: equal values in a row, zeros in a row or throughout, sudden rises. A gap ends a run."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from lantian.air.quality import (
    NAMES,
    STATION,
    Doubt,
    StepRule,
    clock,
    hourly,
    items_of,
    plain,
    step_of,
    subject,
    unit_of,
)
from lantian.basis.finding import Severity, Text

Time = datetime | date


def stuck_and_zeros(table: pl.DataFrame, rule: StepRule) -> list[Doubt]:
    """Runs of equal values and of zeros, and items of a station that are zero throughout.

    Rule    thresholds of our own practice; repetition at low values is natural and passed over
    """
    found = []
    for item in items_of(table):
        runs = _runs(table, item)
        whole = runs.group_by(*STATION, maintain_order=True).agg(
            pl.col("first").min(),
            pl.col("last").max(),
            pl.col("count").sum(),
            zero=(pl.col("value") == 0).all(),
        )
        zero = whole.filter(pl.col("zero") & (pl.col("count") >= rule.zeros)).drop("zero")
        found += [_throughout(item, *row) for row in zero.iter_rows()]
        others = runs.join(zero, on=STATION, how="anti", nulls_equal=True)
        zeros = others.filter((pl.col("value") == 0) & (pl.col("count") >= rule.zeros))
        found += [_zeros(item, hourly(table), *row) for row in zeros.drop("value").iter_rows()]
        stuck = others.filter((pl.col("value") > rule.stuck_above[item]) & (pl.col("count") >= rule.stuck[item]))
        found += [_stuck(item, hourly(table), *row) for row in stuck.iter_rows()]
    return found


def _series(table: pl.DataFrame, item: str) -> pl.DataFrame:
    """Values of an item by station and time, with whether the row before belongs to the same unbroken series."""
    there = table.filter(pl.col(item).is_not_null()).select(*STATION, "time", value=pl.col(item))
    same = pl.all_horizontal(pl.col(key).eq_missing(pl.col(key).shift(1)) for key in STATION)
    follows = same & (pl.col("time") - pl.col("time").shift(1) == step_of(table))
    return there.sort(*STATION, "time").with_columns(follows=follows.fill_null(False))


def _runs(table: pl.DataFrame, item: str) -> pl.DataFrame:
    series = _series(table, item)
    run = (~(pl.col("follows") & (pl.col("value") == pl.col("value").shift(1)))).fill_null(True).cum_sum()
    return series.group_by(*STATION, run=run, maintain_order=True).agg(
        first=pl.col("time").first(), last=pl.col("time").last(), count=pl.len(), value=pl.col("value").first()
    ).drop("run")  # fmt: skip


def _unit(hours: bool) -> Text:
    return Text("小时", "hours") if hours else Text("天", "days")


def _throughout(item: str, city: str, station: str | None, first: Time, last: Time, count: int) -> Doubt:
    who, name = subject(city, station), NAMES[item]
    text = Text(
        f"{who}：{clock(first)} 至 {clock(last)} {name} 的 {count} 个值全部为 0，像是缺测写成了 0。请核对",
        f"{who}: all {count} values of {name} are 0: missing values written as 0?",
    )
    code, clause = "AIR-QUALITY-ZERO-THROUGHOUT", "ambient.quality.zeros"
    return Doubt(code, Severity.WARNING, city, station, item, first, last, count, text, clause)


def _zeros(item: str, hours: bool, city: str, station: str | None, first: Time, last: Time, count: int) -> Doubt:
    who, name, unit = subject(city, station), NAMES[item], _unit(hours)
    text = Text(
        f"{who}：{clock(first)} 至 {clock(last)} {name} 连续 {count} {unit.zh}为 0。请核查",
        f"{who}: {name} is 0 for {count} {unit.en} in a row from {clock(first)}",
    )
    code, clause = "AIR-QUALITY-ZEROS", "ambient.quality.zeros"
    return Doubt(code, Severity.WARNING, city, station, item, first, last, count, text, clause)


def _stuck(
    item: str, hours: bool, city: str, station: str | None, first: Time, last: Time, count: int, value: int
) -> Doubt:
    who, name, unit = subject(city, station), NAMES[item], _unit(hours)
    text = Text(
        f"{who}：{clock(first)} 至 {clock(last)} {name} 连续 {count} {unit.zh}都是 {plain(value)}。请核查是否恒值",
        f"{who}: {name} stays at {plain(value)} for {count} {unit.en} from {clock(first)}",
    )
    code, clause = "AIR-QUALITY-STUCK", "ambient.quality.stuck"
    return Doubt(code, Severity.WARNING, city, station, item, first, last, count, text, clause)


def jumps(table: pl.DataFrame, rule: StepRule) -> list[Doubt]:
    """Sudden rises against the value before, and whether the next value fell back by half of it or more."""
    found = []
    times, over = rule.jump_times.as_integer_ratio()
    for item in items_of(table):
        value, before = pl.col("value"), pl.col("value").shift(1)
        rise = value - before
        after = pl.when(pl.col("follows").shift(-1)).then(value.shift(-1))
        rises = (
            _series(table, item)
            .with_columns(rise=rise, before=before, back=2 * (value - after) >= rise)
            .filter(
                pl.col("follows") & (pl.col("rise") > rule.jump_least[item]) & (over * value > times * pl.col("before"))
            )
        )
        columns = (*STATION, "time", "before", "value", "back")
        found += [_jump(item, *row) for row in rises.select(columns).iter_rows()]
    return found


def _jump(item: str, city: str, station: str | None, time: Time, before: int, value: int, back: bool | None) -> Doubt:
    who, name = subject(city, station), NAMES[item]
    after = {True: Text("，随即回落", ", then fell back"), False: Text("，之后未回落", ", and stayed")}
    told = after[back] if back is not None else Text("", "")
    text = Text(
        f"{who}：{clock(time)} {name} 由 {plain(before)} 突升到 {plain(value)} {unit_of(item)}{told.zh}。请核查",
        f"{who}: {name} rose from {plain(before)} to {plain(value)} at {clock(time)}{told.en}",
    )
    code, clause = "AIR-QUALITY-JUMP", "ambient.quality.jump"
    return Doubt(code, Severity.NOTE, city, station, item, time, time, 1, text, clause)
