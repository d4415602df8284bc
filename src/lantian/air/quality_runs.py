"""Checks along time: equal values in a row, zeros in a row or throughout, sudden rises. A gap ends a run.

A table may come whole or in parts (a month of hours at a time): what goes on from one part to the next is found alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl

from lantian.air.quality import (
    NAMES,
    STATION,
    Doubt,
    StepRule,
    clock,
    items_of,
    plain,
    step_of,
    subject,
    unit_of,
)
from lantian.basis.finding import Severity, Text
from lantian.basis.period import HOUR

Time = datetime | date


def stuck_and_zeros(table: pl.DataFrame, rule: StepRule) -> list[Doubt]:
    """Runs of equal values and of zeros, and items of a station that are zero throughout.

    Rule    thresholds of our own practice; repetition at low values is natural and passed over
    """
    runs = Runs()
    runs.take(table, rule)
    return runs.doubts()


@dataclass(slots=True)
class Runs:
    """Equal values in a row over tables that come in the order of time: a run goes on from one table to the next.

    Kept are the runs long enough to be told, the last run of each station, and first, last and number of all values.
    """

    _told: dict[str, pl.DataFrame] = field(default_factory=dict)
    _last: dict[str, pl.DataFrame] = field(default_factory=dict)
    _whole: dict[str, pl.DataFrame] = field(default_factory=dict)
    _step: timedelta = HOUR
    _rule: StepRule | None = None

    def take(self, table: pl.DataFrame, rule: StepRule) -> None:
        """Takes a table; its rows are later than those of the tables before."""
        self._rule, self._step = rule, step_of(table)
        for item in items_of(table):
            ones = _values(table, item).select(
                *STATION, first="time", last="time", count=pl.lit(1, dtype=pl.Int64), value="value"
            )
            before = [self._last[item]] if item in self._last else []
            runs = _joined(pl.concat([*before, _joined(ones, self._step)]), self._step)
            ended = pl.struct(STATION).eq_missing(pl.struct(STATION).shift(-1)).fill_null(False)
            self._last[item] = runs.filter(~ended)
            told = runs.filter(ended & _long(item, rule))
            self._told[item] = pl.concat([self._told[item], told]) if item in self._told else told
            self._whole[item] = _summed(ones, self._whole.get(item))

    def doubts(self) -> list[Doubt]:
        """All that is worth a look, by item."""
        rule, hours = self._rule, self._step == HOUR
        found: list[Doubt] = []
        if rule is None:
            return found
        for item, whole in self._whole.items():
            zero = whole.filter(pl.col("zero") & (pl.col("count") >= rule.zeros)).drop("zero")
            found += [_throughout(item, *row) for row in zero.iter_rows()]
            runs = pl.concat([self._told[item], self._last[item].filter(_long(item, rule))])
            others = runs.sort(*STATION, "first").join(zero, on=STATION, how="anti", nulls_equal=True)
            zeros = others.filter(pl.col("value") == 0).drop("value")
            found += [_zeros(item, hours, *row) for row in zeros.iter_rows()]
            found += [_stuck(item, hours, *row) for row in others.filter(pl.col("value") != 0).iter_rows()]
        return found


def _long(item: str, rule: StepRule) -> pl.Expr:
    """Whether a run is long enough to be told."""
    stuck = (pl.col("value") > rule.stuck_above[item]) & (pl.col("count") >= rule.stuck[item])
    return stuck | ((pl.col("value") == 0) & (pl.col("count") >= rule.zeros))


def _values(table: pl.DataFrame, item: str) -> pl.DataFrame:
    """Values of an item by station and time."""
    there = table.filter(pl.col(item).is_not_null())
    return there.select(*STATION, "time", value=pl.col(item)).sort(*STATION, "time")


def _joined(runs: pl.DataFrame, step: timedelta) -> pl.DataFrame:
    """Runs with those made one that follow each other without a gap and have the same value."""
    ordered = runs.sort(*STATION, "first")
    same = pl.struct(*STATION, "value").eq_missing(pl.struct(*STATION, "value").shift(1))
    goes_on = same & (pl.col("first") - pl.col("last").shift(1) == step)
    return ordered.group_by(*STATION, run=(~goes_on.fill_null(False)).cum_sum(), maintain_order=True).agg(
        pl.col("first").first(), pl.col("last").last(), pl.col("count").sum(), pl.col("value").first()
    ).drop("run")  # fmt: skip


def _summed(ones: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """First and last time and number of all values of each station, and whether all are zero."""
    own = ones.with_columns(zero=pl.col("value") == 0).drop("value")
    every = own if before is None else pl.concat([before, own])
    return every.group_by(*STATION, maintain_order=True).agg(
        pl.col("first").min(), pl.col("last").max(), pl.col("count").sum(), pl.col("zero").all()
    )


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
    rises = Rises()
    rises.take(table, rule)
    return rises.doubts()


@dataclass(slots=True)
class Rises:
    """Sudden rises over tables that come in the order of time; the last two values of each station are kept."""

    _found: list[Doubt] = field(default_factory=list)
    _ends: dict[str, pl.DataFrame] = field(default_factory=dict)
    _step: timedelta = HOUR
    _rule: StepRule | None = None

    def take(self, table: pl.DataFrame, rule: StepRule) -> None:
        """Takes a table; its rows are later than those of the tables before."""
        self._rule, self._step = rule, step_of(table)
        for item in items_of(table):
            new = _values(table, item)
            values = pl.concat([self._ends[item], new]).sort(*STATION, "time") if item in self._ends else new
            known = _rises(values, item, rule, self._step).filter(~pl.col("ends"))
            self._found += [_jump(item, *row) for row in known.drop("ends").iter_rows()]
            self._ends[item] = values.group_by(STATION, maintain_order=True).tail(2)

    def doubts(self) -> list[Doubt]:
        """All rises; of a station's last value it is not known whether the next fell back."""
        found = list(self._found)
        if self._rule is not None:
            for item, values in self._ends.items():
                last = _rises(values, item, self._rule, self._step).filter("ends").drop("ends")
                found += [_jump(item, *row) for row in last.iter_rows()]
        return found


def _rises(values: pl.DataFrame, item: str, rule: StepRule, step: timedelta) -> pl.DataFrame:
    """Rises among values: city, station, time, before, value, back (null: unknown), ends (the station's last value)."""
    times, over = rule.jump_times.as_integer_ratio()
    value, before = pl.col("value"), pl.col("value").shift(1)
    same = pl.struct(STATION).eq_missing(pl.struct(STATION).shift(1)).fill_null(False)
    follows = (same & (pl.col("time") - pl.col("time").shift(1) == step)).fill_null(False)
    after = pl.when(pl.col("follows").shift(-1)).then(value.shift(-1))
    rise = value - before
    return (
        values.with_columns(follows=follows, ends=~same.shift(-1).fill_null(False))
        .with_columns(rise=rise, before=before, back=2 * (value - after) >= rise)
        .filter(
            pl.col("follows") & (pl.col("rise") > rule.jump_least[item]) & (over * value > times * pl.col("before"))
        )
        .select(*STATION, "time", "before", "value", "back", "ends")
    )


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
