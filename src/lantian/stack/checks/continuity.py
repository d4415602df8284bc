"""Checks of continuity: values that stand still, jump, or change their unit or their places."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import EVERY, WHOLE, Check, Expected, Family, Level, offences
from lantian.stack.checks.evidence import (
    FLOW,
    HOUR,
    MINUTE,
    MOISTURE,
    O2,
    PARAMETERS,
    POLLUTANTS,
    PRESSURE,
    TEMPERATURE,
    VELOCITY,
    Evidence,
    spread,
)
from lantian.stack.checks.grid import burning
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import at_most, told

_AVG: Final = pl.col("avg")
_BY: Final = ["cn", "code"]


def _standing(rows: pl.DataFrame, least: timedelta) -> pl.DataFrame:
    """Rows in runs of one value, without a gap, that last at least so long."""
    rows = rows.sort("code", "start")
    same = (_AVG.shift(1).over("code") == _AVG) & (pl.col("start") <= pl.col("end").shift(1).over("code"))
    runs = rows.with_columns((~same.fill_null(False)).cum_sum().over("code").alias("run"))
    length = pl.col("end").max().over("code", "run") - pl.col("start").min().over("code", "run")
    return runs.with_columns(length.alias("length")).filter(pl.col("length") >= least)


def _still(e: Evidence, codes: tuple[str, ...], minutes: int) -> pl.DataFrame:
    rows = e.normal(MINUTE).filter(spread(codes) & (_AVG != 0))
    return offences(
        _standing(rows, timedelta(minutes=minutes)), pl.lit(True), pl.format("恒为 {}", "avg"), f"不变 < {minutes} 分钟"
    )


def _pollutant_still(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _still(e, POLLUTANTS, p.practice.still_pollutant_min)


def _oxygen_still(e: Evidence, p: Parameters) -> pl.DataFrame:
    lit = e.normal(MINUTE).filter((pl.col("code") == O2) & (float(p.practice.running_o2) > _AVG))
    minutes = p.practice.still_oxygen_min
    return offences(
        _standing(lit, timedelta(minutes=minutes)), pl.lit(True), pl.format("恒为 {}", "avg"), f"不变 < {minutes} 分钟"
    )


def _gas_still(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _still(e, (TEMPERATURE, VELOCITY, FLOW, PRESSURE), p.practice.still_parameter_min)


def _moisture_still(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _still(e, (MOISTURE,), p.practice.still_moisture_min)


def _hours_still(e: Evidence, p: Parameters) -> pl.DataFrame:
    rows = e.normal(HOUR).filter(spread((*POLLUTANTS, O2, FLOW)) & (_AVG != 0))
    hours = p.practice.still_hours
    return offences(
        _standing(rows, timedelta(hours=hours)), pl.lit(True), pl.format("恒为 {}", "avg"), f"不变 < {hours} 小时"
    )


def _all_still(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Minutes in which every factor has its value of the minute before, for a while: the logger holds old values."""
    rows = e.normal(MINUTE).sort("code", "start")
    same = (_AVG.shift(1).over("code") == _AVG) & (pl.col("start") == pl.col("end").shift(1).over("code"))
    minutes = (
        rows.with_columns(same.fill_null(False).alias("same"))
        .group_by("start", "end")
        .agg(pl.col("same").all(), pl.len().alias("n"), (_AVG == 0).all().alias("zero"))
    )
    held = minutes.filter(pl.col("same") & (pl.col("n") >= p.practice.held_factors) & ~pl.col("zero")).sort("start")
    held = held.with_columns(
        (pl.col("start") != pl.col("end").shift(1)).fill_null(True).cum_sum().alias("run"), pl.lit(WHOLE).alias("code")
    )
    least = max(1, p.practice.held_minutes // e.outlet.interval_minutes)
    return offences(
        held, pl.len().over("run") >= least, pl.lit("各因子均不变"), f"不变 < {p.practice.held_minutes} 分钟"
    )


def _no_spread(e: Evidence, p: Parameters) -> pl.DataFrame:
    equal = (pl.col("min") == _AVG) & (pl.col("max") == _AVG) & (_AVG != 0)
    return offences(e.normal(HOUR), spread(POLLUTANTS) & equal, pl.format("均为 {}", "avg"), "最小 < 最大")


def _hour_copied(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours whose factors all have exactly the values of the hour before."""
    rows = e.normal(HOUR).sort("code", "start")
    same = (_AVG.shift(1).over("code") == _AVG) & (pl.col("start") == pl.col("end").shift(1).over("code"))
    hours = (
        rows.with_columns(same.fill_null(False).alias("same"))
        .group_by("start", "end")
        .agg(pl.col("same").all(), pl.len().alias("n"), (_AVG == 0).all().alias("zero"))
        .with_columns(pl.lit(WHOLE).alias("code"))
    )
    copied = pl.col("same") & ~pl.col("zero") & (pl.col("n") >= p.practice.held_factors)
    return offences(hours, copied, pl.lit("与上一小时全部相同"), "各小时有变化")


def _day_copied(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Days whose hours are those of the day before, value for value."""
    rows = e.normal(HOUR).filter(spread(POLLUTANTS))
    before = rows.select("code", pl.col("start") + timedelta(days=1), _AVG.alias("before"))
    days = (
        rows.join(before, on=["code", "start"])
        .group_by("code", pl.col("start").dt.truncate("1d").alias("start"))
        .agg((pl.col("before") == _AVG).sum().alias("same"), pl.len().alias("n"), _AVG.n_unique().alias("kinds"))
        .with_columns((pl.col("start") + timedelta(days=1)).alias("end"))
    )
    copied = (pl.col("n") >= p.cems.validity.day_hours) & (pl.col("same") == pl.col("n")) & (pl.col("kinds") > 3)
    return offences(days, copied, pl.format("{} 个小时相同", "same"), "各日不同")


def _jump(rows: pl.DataFrame, most: pl.Expr) -> pl.DataFrame:
    """Periods that differ from the one just before by more than allowed."""
    rows = rows.sort("cn", "code", "start")
    before = _AVG.shift(1).over(_BY)
    next_to = pl.col("start") == pl.col("end").shift(1).over(_BY)
    rows = rows.with_columns(before.alias("before"), most.alias("most"), next_to.alias("next"))
    return offences(
        rows,
        pl.col("next") & ((_AVG - pl.col("before")).abs() > pl.col("most")),
        pl.format("{} → {}", "before", "avg"),
        pl.format("变化 {}", at_most(pl.col("most"))),
    )


def _pollutant_jump(e: Evidence, p: Parameters) -> pl.DataFrame:
    full = pl.col("code").replace_strict(dict(e.outlet.ranges), default=None, return_dtype=pl.Float64)
    return _jump(e.normal(MINUTE).filter(spread(POLLUTANTS)), full * float(p.practice.jump_range_percent) / 100)


def _oxygen_jump(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _jump(e.normal(MINUTE).filter(pl.col("code") == O2), pl.lit(float(p.practice.jump_o2)))


def _temperature_jump(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _jump(e.normal(MINUTE).filter(pl.col("code") == TEMPERATURE), pl.lit(float(p.practice.jump_temperature)))


def _flow_jump(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours whose flow doubled or halved against the one before while oxygen and temperature stayed."""
    rows = e.wide(HOUR)
    ratio = pl.col(FLOW) / pl.col(FLOW).shift(1)
    times = float(p.practice.jump_flow_times)
    calm = ((pl.col(O2) - pl.col(O2).shift(1)).abs() < 1) & (
        (pl.col(TEMPERATURE) - pl.col(TEMPERATURE).shift(1)).abs() < 5
    )
    jumped = ((ratio > times) | (ratio < 1 / times)) & burning(p)
    next_to = pl.col("start") == pl.col("end").shift(1)
    rows = rows.with_columns(
        (jumped & calm & next_to).alias("off"), pl.col(FLOW).shift(1).alias("before"), pl.lit(FLOW).alias("code")
    )
    return offences(rows, pl.col("off"), pl.format("{} → {}", "before", FLOW), f"变化 ≤ {times:g} 倍")


def _unit_step(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours a thousand or 3600 times larger or smaller than the one before: another unit from then on."""
    rows = e.normal(HOUR).filter(spread((*POLLUTANTS, *PARAMETERS)) & (_AVG != 0)).sort("code", "start")
    rows = rows.with_columns(
        (_AVG / _AVG.shift(1).over("code")).abs().alias("ratio"), _AVG.shift(1).over("code").alias("before")
    )
    share = float(p.practice.unit_step_percent) / 100
    near = pl.any_horizontal(
        (pl.col("ratio") / factor - 1).abs() <= share
        for one in p.practice.unit_factors
        for factor in (float(one), 1 / float(one))
    )
    return offences(rows, near, pl.format("{} → {}", "before", "avg"), "单位不变")


def _places(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours from which the minutes of a factor come with fewer or more decimal places than in the hour before."""
    hours = (
        e.normal(MINUTE)
        .group_by("code", pl.col("start").dt.truncate("1h").alias("start"))
        .agg(pl.col("places").max().alias("places"), pl.len().alias("n"))
        .filter(pl.col("n") * e.outlet.interval_minutes >= p.practice.places_minutes)
        .sort("code", "start")
    )
    before = pl.col("places").shift(1).over("code")
    hours = hours.with_columns(before.alias("before"), (pl.col("start") + timedelta(hours=1)).alias("end"))
    return offences(
        hours, pl.col("places") != pl.col("before"), pl.format("{} 位", "places"), pl.format("{} 位", "before")
    )


def _drop_to_zero(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Minutes in which a pollutant falls to exactly 0 from well above while oxygen stays."""
    o2 = e.wide(MINUTE).select("start", (pl.col(O2) - pl.col(O2).shift(1)).abs().alias("moved"))
    rows = e.normal(MINUTE).filter(spread(POLLUTANTS)).sort("code", "start")
    rows = rows.with_columns(
        _AVG.shift(1).over("code").alias("before"),
        (pl.col("start") == pl.col("end").shift(1).over("code")).alias("next"),
    )
    rows = rows.join(o2, on="start").filter(pl.col("moved") < 0.5)
    fell = (_AVG == 0) & (pl.col("before") > float(p.practice.drop_from_mg)) & pl.col("next")
    return offences(rows, fell, pl.format("{} → 0", "before"), "逐渐变化")


CONTINUITY: Final = (
    Check(
        "CHK-CONT-POLLUTANT-STILL", Family.CONTINUITY, Level.ORDINARY, Text("污染物恒值", "pollutant stands still"),
        (MINUTE,), POLLUTANTS, clauses.OWN, told("浓度长时间不变，疑似仪表或采集故障", "concentration does not change"), _pollutant_still,
        "minute 08:00~09:59 SO2 avg=30.1,30.2",
        "minute 08:00~08:09 SO2 avg=30.1,30.2\nminute 08:10~09:39 SO2 avg=31.5",
        Expected("SO2", "08:10", "09:39"), ("practice.still_pollutant_min",),
    ),
    Check(
        "CHK-CONT-OXYGEN-STILL", Family.CONTINUITY, Level.ORDINARY, Text("含氧量恒值", "oxygen stands still"),
        (MINUTE,), (O2,), clauses.OWN, told("在燃时含氧量长时间不变", "oxygen does not change while burning"), _oxygen_still,
        "minute 08:00~09:59 O2 avg=20.9",
        "minute 08:00~09:39 O2 avg=6.5",
        Expected("O2", "08:00", "09:39"), ("practice.still_oxygen_min", "practice.running_o2"),
    ),
    Check(
        "CHK-CONT-GAS-STILL", Family.CONTINUITY, Level.ORDINARY, Text("温度、流速、流量或压力恒值", "temperature, velocity, flow or pressure stands still"),
        (MINUTE,), (TEMPERATURE, VELOCITY, FLOW, PRESSURE), clauses.OWN, told("烟气参数长时间不变", "a parameter does not change"), _gas_still,
        "minute 08:00~10:59 T avg=60.1,60.2",
        "minute 08:00~10:59 T avg=60.1",
        Expected("T", "08:00", "10:59"), ("practice.still_parameter_min",),
    ),
    Check(
        "CHK-CONT-MOISTURE-STILL", Family.CONTINUITY, Level.HINT, Text("湿度恒值", "moisture stands still"),
        (MINUTE,), (MOISTURE,), clauses.OWN, told("湿度长时间不变，疑似人工置数", "moisture does not change: set by hand?"), _moisture_still,
        "minute 08:00~13:59 H avg=9.1,9.2",
        "minute 08:00~15:59 H avg=9.1",
        Expected("H", "08:00", "15:59"), ("practice.still_moisture_min",),
    ),
    Check(
        "CHK-CONT-HOURS-STILL", Family.CONTINUITY, Level.ORDINARY, Text("小时均值连续相同", "hours all alike"),
        (HOUR,), (*POLLUTANTS, O2, FLOW), clauses.OWN, told("小时均值连续多小时相同", "hour means all alike for hours"), _hours_still,
        "hour 08:00~12:00 NOX avg=80.1,80.2",
        "hour 08:00~12:00 NOX avg=80.1",
        Expected("NOX", "08:00", "12:00"), ("practice.still_hours",),
    ),
    Check(
        "CHK-CONT-HELD", Family.CONTINUITY, Level.ORDINARY, Text("各因子同时保持不变", "all factors held"),
        (MINUTE,), EVERY, clauses.OWN, told("各因子同时保持不变，疑似数采仪重复发送旧值", "all factors held: the logger repeats old values"), _all_still,
        "minute 08:00~08:30 SO2 avg=30\nminute 08:00~08:30 O2 avg=8.1,8.2\nminute 08:00~08:30 T avg=60",
        "minute 08:00~08:30 SO2 avg=30\nminute 08:00~08:30 O2 avg=8.1\nminute 08:00~08:30 T avg=60",
        Expected(WHOLE, "08:01", "08:30"), ("practice.held_minutes", "practice.held_factors"),
    ),
    Check(
        "CHK-CONT-NO-SPREAD", Family.CONTINUITY, Level.ORDINARY, Text("小时内最小等于最大", "no spread within an hour"),
        (HOUR,), POLLUTANTS, clauses.OWN, told("小时内最小、平均、最大相同", "min, mean and max of an hour alike"), _no_spread,
        "hour 08:00 NOX min=70 avg=80 max=90",
        "hour 08:00 NOX min=80 avg=80 max=80",
        Expected("NOX", "08:00", "08:00"),
    ),
    Check(
        "CHK-CONT-HOUR-COPIED", Family.CONTINUITY, Level.SERIOUS, Text("小时记录与上一小时全部相同", "an hour copied"),
        (HOUR,), EVERY, clauses.OWN, told("小时记录各因子与上一小时全部相同", "all factors of an hour equal those of the one before"), _hour_copied,
        "hour 08:00~09:00 SO2 avg=30,31\nhour 08:00~09:00 O2 avg=8\nhour 08:00~09:00 T avg=60",
        "hour 08:00~09:00 SO2 avg=30\nhour 08:00~09:00 O2 avg=8\nhour 08:00~09:00 T avg=60",
        Expected(WHOLE, "09:00", "09:00"), ("practice.held_factors",),
    ),
    Check(
        "CHK-CONT-DAY-COPIED", Family.CONTINUITY, Level.SERIOUS, Text("全日小时值与前一日相同", "a day copied"),
        (HOUR,), POLLUTANTS, clauses.OWN, told("全日小时值与前一日逐时相同，疑似重放", "each hour equals that of the day before: replayed?"), _day_copied,
        "span 00:00~2d00:00\nhour 0d00:00~0d23:00 SO2 avg=30,31,32,33\nhour 1d00:00~1d23:00 SO2 avg=31,31,32,33",
        "span 00:00~2d00:00\nhour 0d00:00~1d23:00 SO2 avg=30,31,32,33",
        Expected("SO2", "1d00:00", "1d00:00"), ("cems.validity.day_hours",), days=2,
    ),
    Check(
        "CHK-CONT-POLLUTANT-JUMP", Family.CONTINUITY, Level.HINT, Text("污染物突变", "pollutant jumps"),
        (MINUTE,), POLLUTANTS, clauses.OWN, told("一分钟内浓度变化过大", "concentration jumps within a minute"), _pollutant_jump,
        "minute 08:00~08:01 SO2 avg=30,120",
        "minute 08:00 SO2 avg=30\nminute 08:01~08:02 SO2 avg=380",
        Expected("SO2", "08:01", "08:01"), ("practice.jump_range_percent",), needs=("ranges",),
    ),
    Check(
        "CHK-CONT-OXYGEN-JUMP", Family.CONTINUITY, Level.HINT, Text("含氧量突变", "oxygen jumps"),
        (MINUTE,), (O2,), clauses.OWN, told("一分钟内含氧量变化过大", "oxygen jumps within a minute"), _oxygen_jump,
        "minute 08:00~08:01 O2 avg=8,10",
        "minute 08:00 O2 avg=8\nminute 08:01~08:02 O2 avg=17.5",
        Expected("O2", "08:01", "08:01"), ("practice.jump_o2",),
    ),
    Check(
        "CHK-CONT-TEMPERATURE-JUMP", Family.CONTINUITY, Level.HINT, Text("烟温突变", "temperature jumps"),
        (MINUTE,), (TEMPERATURE,), clauses.OWN, told("一分钟内烟温变化过大", "temperature jumps within a minute"), _temperature_jump,
        "minute 08:00~08:01 T avg=60,70",
        "minute 08:00 T avg=60\nminute 08:01~08:02 T avg=140",
        Expected("T", "08:01", "08:01"), ("practice.jump_temperature",),
    ),
    Check(
        "CHK-CONT-FLOW-JUMP", Family.CONTINUITY, Level.ORDINARY, Text("流量骤变而工况未变", "flow jumps while the plant does not"),
        (HOUR,), (FLOW,), clauses.OWN,
        told("流量骤变而含氧量、烟温未变，疑似改了流速系数或截面积",
             "flow jumps while oxygen and temperature stay"), _flow_jump,
        "hour 08:00~09:00 O2 avg=8\nhour 08:00~09:00 T avg=60\nhour 08:00~09:00 Q avg=30,36",
        "hour 08:00~09:00 O2 avg=8\nhour 08:00~09:00 T avg=60\nhour 08:00~09:00 Q avg=30,12",
        Expected("Q", "09:00", "09:00"), ("practice.jump_flow_times",),
    ),
    Check(
        "CHK-CONT-UNIT-STEP", Family.CONTINUITY, Level.SERIOUS, Text("数值突变为单位换算倍数", "a step of a unit's factor"),
        (HOUR,), (*POLLUTANTS, *PARAMETERS), clauses.FACTORS,
        told("数值突变约为单位换算的倍数，疑似改了单位",
             "a step by the factor between two units"), _unit_step,
        "hour 08:00~09:00 Q avg=30,36",
        "hour 08:00 Q avg=30\nhour 09:00~10:00 Q avg=107500",
        Expected("Q", "09:00", "09:00"), ("practice.unit_factors", "practice.unit_step_percent"),
    ),
    Check(
        "CHK-CONT-PLACES", Family.CONTINUITY, Level.HINT, Text("小数位数改变", "decimal places changed"),
        (MINUTE,), EVERY, clauses.OWN, told("小数位数改变，仪表或数采仪设置可能动过", "decimal places changed: settings touched?"), _places,
        "minute 08:00~09:59 SO2 avg=30.12,30.1",
        "minute 08:00~08:59 SO2 avg=30.12,30.35\nminute 09:00~09:59 SO2 avg=30.1,30.4",
        Expected("SO2", "09:00", "09:00"), ("practice.places_minutes",),
    ),
    Check(
        "CHK-CONT-DROP-TO-ZERO", Family.CONTINUITY, Level.ORDINARY, Text("浓度骤降为零而含氧量未变", "drops to zero while oxygen stays"),
        (MINUTE,), POLLUTANTS, clauses.OWN, told("浓度一分钟内降为 0 而含氧量未变", "falls to 0 within a minute while oxygen stays"), _drop_to_zero,
        "minute 08:00~08:02 O2 avg=8\nminute 08:00~08:02 SO2 avg=30,28,25",
        "minute 08:00~08:02 O2 avg=8\nminute 08:00~08:02 SO2 avg=30,0,0",
        Expected("SO2", "08:01", "08:01"), ("practice.drop_from_mg",),
    ),
)  # fmt: skip
