"""Checks of single values: negative, out of order, out of range, in another unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import EVERY, Check, Expected, Family, Level, offences
from lantian.stack.checks.evidence import (
    DAY,
    FLOW,
    HOUR,
    MINUTE,
    MOISTURE,
    MOMENT,
    O2,
    POLLUTANTS,
    PRESSURE,
    TEMPERATURE,
    VELOCITY,
    Evidence,
    spread,
)
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import at_least, at_most, told

_AVG: Final = pl.col("avg")
_MEANS: Final = (MINUTE, HOUR, DAY)


def _negative(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.normal(MOMENT, *_MEANS), spread(POLLUTANTS) & (_AVG < 0), _AVG, at_least(0))


def _order(e: Evidence, p: Parameters) -> pl.DataFrame:
    wrong = (pl.col("min") > _AVG) | (pl.col("max") < _AVG) | (pl.col("min") > pl.col("max"))
    return offences(e.of(*_MEANS), wrong, pl.format("{}/{}/{}", "min", "avg", "max"), "最小 ≤ 平均 ≤ 最大")


def _converted_order(e: Evidence, p: Parameters) -> pl.DataFrame:
    zs = pl.col("zs")
    wrong = (pl.col("zs_min") > zs) | (zs > pl.col("zs_max"))
    return offences(e.of(*_MEANS), wrong, pl.format("{}/{}/{}", "zs_min", "zs", "zs_max"), "最小 ≤ 平均 ≤ 最大")


def _range(e: Evidence) -> pl.Expr:
    return pl.col("code").replace_strict(dict(e.outlet.ranges), default=None, return_dtype=pl.Float64)


def _limit(e: Evidence) -> pl.Expr:
    return pl.col("code").replace_strict(dict(e.outlet.limits), default=None, return_dtype=pl.Float64)


def _over_range(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.normal(MOMENT, MINUTE, HOUR), _range(e) < _AVG, _AVG, pl.format("≤ {} 或标记 T", _range(e)))


def _flag_t_below(e: Evidence, p: Parameters) -> pl.DataFrame:
    below = (pl.col("flag") == "T") & (_range(e) * p.practice.near_range_percent / 100 > _AVG)
    return offences(e.of(MOMENT, MINUTE), below, _AVG, pl.format("≥ {}", _range(e)))


def _saturated(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Runs of minutes within a hair of the upper end of the range without flag T."""
    near = (_range(e) - _AVG).abs() <= _range(e) * p.practice.saturated_within_percent / 100
    return _lasting(
        offences(e.normal(MINUTE), near, _AVG, pl.format("< {}", _range(e))), p.practice.saturated_minutes, e
    )


def _lasting(found: pl.DataFrame, minutes: int, e: Evidence) -> pl.DataFrame:
    """Only those of at least so many periods in the same hour."""
    least = max(1, minutes // e.outlet.interval_minutes)
    return found.filter(pl.len().over("code", pl.col("start").dt.truncate("1h")) >= least)


def _between(e: Evidence, code: str, low: Decimal | int, high: Decimal | int) -> pl.DataFrame:
    outside = _AVG.lt(low) | _AVG.gt(high)
    return offences(e.normal(MINUTE, HOUR), (pl.col("code") == code) & outside, _AVG, f"{low} 至 {high}")


def _oxygen(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _between(e, O2, 0, p.standard.o2_formula)


def _moisture(e: Evidence, p: Parameters) -> pl.DataFrame:
    outside = (_AVG < 0) | (_AVG >= 100)
    return offences(e.normal(MINUTE, HOUR), (pl.col("code") == MOISTURE) & outside, _AVG, "0 至 100 之间")


def _moisture_high(e: Evidence, p: Parameters) -> pl.DataFrame:
    most = p.practice.moisture_high_percent
    high = (pl.col("code") == MOISTURE) & (most < _AVG) & (_AVG < 100)
    return offences(e.normal(HOUR), high, _AVG, at_most(most))


def _temperature(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _between(e, TEMPERATURE, p.practice.temperature_least, p.practice.temperature_most)


def _pressure_unit(e: Evidence, p: Parameters) -> pl.DataFrame:
    most = p.practice.gauge_pressure_kpa
    absolute = _AVG.is_between(float(p.practice.absolute_kpa_least), float(p.practice.absolute_kpa_most))
    unit = (pl.col("code") == PRESSURE) & (_AVG.abs() > most) & ~absolute
    return offences(e.normal(MINUTE, HOUR), unit, _AVG, pl.format("绝对值 ≤ {} kPa", pl.lit(float(most))))


def _pressure_absolute(e: Evidence, p: Parameters) -> pl.DataFrame:
    absolute = _AVG.is_between(float(p.practice.absolute_kpa_least), float(p.practice.absolute_kpa_most))
    return offences(e.normal(MINUTE, HOUR), (pl.col("code") == PRESSURE) & absolute, _AVG, "烟气静压（表压）")


def _velocity(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _between(e, VELOCITY, 0, p.practice.velocity_most)


def _flow_negative(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.normal(MINUTE, HOUR), (pl.col("code") == FLOW) & (_AVG < 0), _AVG, at_least(0))


def _amount_negative(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.of(*_MEANS), pl.col("cou") < 0, pl.col("cou"), at_least(0))


def _converted_negative(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.normal(*_MEANS), (pl.col("zs") < 0) & (_AVG >= 0), pl.col("zs"), at_least(0))


def _converted_huge(e: Evidence, p: Parameters) -> pl.DataFrame:
    most = _AVG * p.practice.converted_times
    huge = spread(POLLUTANTS) & (_AVG > 0) & (pl.col("zs") > most)
    return offences(e.normal(HOUR), huge, pl.col("zs"), at_most(most))


def _sentinel(e: Evidence, p: Parameters) -> pl.DataFrame:
    known = [float(one) for one in p.practice.sentinels]
    return offences(e.normal(MOMENT, *_MEANS), _AVG.is_in(known), _AVG, "实际测量值")


def _zero_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Runs of hours exactly 0 for one pollutant while oxygen says that something burns."""
    burning = e.wide(HOUR).filter(pl.col(O2) < p.practice.running_o2).select("start")
    zero = (
        e.normal(HOUR)
        .filter(spread(POLLUTANTS) & (_AVG == 0))
        .join(burning, on="start", how="semi")
        .sort("code", "start")
    )
    zero = zero.with_columns(
        ((pl.col("start").diff() != pl.duration(hours=1)).fill_null(True)).cum_sum().over("code").alias("run")
    )
    long = zero.filter(pl.len().over("code", "run") >= p.practice.zero_hours)
    return offences(long, pl.lit(True), _AVG, "> 0")


def _range_below_limit(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Outlets whose instrument could not show an exceedance."""
    return _settings(e, _range(e) <= _limit(e), at_least(_limit(e)))


def _range_wide(e: Evidence, p: Parameters) -> pl.DataFrame:
    most = _limit(e) * p.practice.range_times_limit
    return _settings(e, _range(e) > most, at_most(most))


def _settings(e: Evidence, where: pl.Expr, wanted: pl.Expr) -> pl.DataFrame:
    codes = sorted(set(e.outlet.ranges) & set(e.outlet.limits))
    rows = pl.DataFrame({"code": codes}, schema={"code": pl.String}).with_columns(
        pl.lit(e.first).cast(pl.Datetime("us")).alias("start"), pl.lit(e.until).cast(pl.Datetime("us")).alias("end")
    )
    return offences(rows, where, _range(e), wanted)


def _below_range(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Days on which no hour reached a small share of the range: the range is set too wide to measure."""
    share = _range(e) * p.practice.range_used_percent / 100
    days = (
        e.normal(HOUR)
        .filter(spread(POLLUTANTS))
        .group_by(pl.col("start").dt.truncate("1d"), "code")
        .agg(_AVG.max(), pl.len().alias("n"))
        .with_columns((pl.col("start") + pl.duration(days=1)).alias("end"))
    )
    return offences(days, (pl.col("n") >= p.cems.validity.day_hours) & (share > _AVG), _AVG, at_least(share))


PLAUSIBILITY: Final = (
    Check(
        "CHK-VAL-NEGATIVE", Family.PLAUSIBILITY, Level.ORDINARY, Text("浓度为负", "negative concentration"),
        (MOMENT, *_MEANS), POLLUTANTS, clauses.PHYSICS, told("标记正常的浓度为负", "a normal concentration below zero"), _negative,
        "hour 08:00~10:00 SO2 avg=12,0,3\nhour 11:00 SO2 avg=-2 flag=C",
        "hour 08:00~11:00 SO2 avg=12,-1.5,-0.8,3",
        Expected("SO2", "09:00", "10:00"),
    ),
    Check(
        "CHK-VAL-ORDER", Family.PLAUSIBILITY, Level.ORDINARY, Text("最小、平均、最大次序不对", "min, mean, max out of order"),
        _MEANS, EVERY, clauses.FIELDS, told("最小、平均、最大值次序不对", "min, mean and max out of order"), _order,
        "hour 08:00~09:00 NOX min=50 avg=80 max=95",
        "hour 08:00~09:00 NOX min=50,90 avg=80 max=95",
        Expected("NOX", "09:00", "09:00"),
    ),
    Check(
        "CHK-VAL-CONVERTED-ORDER", Family.PLAUSIBILITY, Level.ORDINARY, Text("折算值次序不对", "converted values out of order"),
        _MEANS, POLLUTANTS, clauses.FIELDS, told("折算最小、平均、最大值次序不对", "converted min, mean and max out of order"), _converted_order,
        "hour 08:00~09:00 NOX avg=80 zs_min=60 zs=88 zs_max=99",
        "hour 08:00~09:00 NOX avg=80 zs_min=60 zs=88,120 zs_max=99",
        Expected("NOX", "09:00", "09:00"),
    ),
    Check(
        "CHK-VAL-OVER-RANGE", Family.PLAUSIBILITY, Level.SERIOUS, Text("超量程未标记", "above range without flag T"),
        (MOMENT, MINUTE, HOUR), EVERY, clauses.FLAGS, told("测值超过登记的量程上限，标记不是 T", "above the registered range, flag not T"), _over_range,
        "hour 08:00 SO2 avg=480\nhour 09:00 SO2 avg=510 flag=T",
        "hour 08:00~10:00 SO2 avg=480,510,520",
        Expected("SO2", "09:00", "10:00"), needs=("ranges",),
    ),
    Check(
        "CHK-VAL-FLAG-T-BELOW", Family.PLAUSIBILITY, Level.ORDINARY, Text("未超量程却标记 T", "flag T below the range"),
        (MOMENT, MINUTE), EVERY, clauses.FLAGS, told("标记超上限 T，测值远低于量程", "flag T far below the range"), _flag_t_below,
        "minute 08:00~08:02 SO2 avg=505 flag=T",
        "minute 08:00~08:02 SO2 avg=60 flag=T",
        Expected("SO2", "08:00", "08:02"), ("practice.near_range_percent",), needs=("ranges",),
    ),
    Check(
        "CHK-VAL-SATURATED", Family.PLAUSIBILITY, Level.SERIOUS, Text("测值停在量程上限", "held at the upper end of the range"),
        (MINUTE,), EVERY, clauses.FLAGS, told("测值停在量程上限，疑似量程设小", "values held at the end of the range"), _saturated,
        "minute 08:00~08:09 SO2 avg=300,499.9\nminute 08:10~08:20 SO2 avg=400",
        "minute 08:00~08:14 SO2 avg=500\nminute 08:15~08:20 SO2 avg=400",
        Expected("SO2", "08:00", "08:14"), ("practice.saturated_within_percent", "practice.saturated_minutes"), needs=("ranges",),
    ),
    Check(
        "CHK-VAL-O2", Family.PLAUSIBILITY, Level.ORDINARY, Text("含氧量超出可能范围", "oxygen out of bounds"),
        (MINUTE, HOUR), (O2,), clauses.CONVERSION, told("含氧量小于 0 或大于 21%", "oxygen below 0 or above 21 %"), _oxygen,
        "hour 08:00~10:00 O2 avg=8.2,20.9,21",
        "hour 08:00~10:00 O2 avg=8.2,21.6,23",
        Expected("O2", "09:00", "10:00"), ("standard.o2_formula",),
    ),
    Check(
        "CHK-VAL-MOISTURE", Family.PLAUSIBILITY, Level.ORDINARY, Text("湿度超出可能范围", "moisture out of bounds"),
        (MINUTE, HOUR), (MOISTURE,), clauses.PHYSICS, told("烟气湿度小于 0 或不小于 100%", "moisture below 0 or from 100 % on"), _moisture,
        "hour 08:00~09:00 H avg=0,12",
        "hour 08:00~09:00 H avg=12,100",
        Expected("H", "09:00", "09:00"),
    ),
    Check(
        "CHK-VAL-MOISTURE-HIGH", Family.PLAUSIBILITY, Level.HINT, Text("湿度偏高", "high moisture"),
        (HOUR,), (MOISTURE,), clauses.OWN, told("烟气湿度高于常见范围，折干后浓度、流量受影响", "moisture above what is usual"), _moisture_high,
        "hour 08:00~09:00 H avg=12,30",
        "hour 08:00~09:00 H avg=12,55",
        Expected("H", "09:00", "09:00"), ("practice.moisture_high_percent",),
    ),
    Check(
        "CHK-VAL-TEMPERATURE", Family.PLAUSIBILITY, Level.ORDINARY, Text("烟温超出可能范围", "temperature out of bounds"),
        (MINUTE, HOUR), (TEMPERATURE,), clauses.OWN, told("烟气温度超出可能范围", "gas temperature out of bounds"), _temperature,
        "hour 08:00~09:00 T avg=-30,180",
        "hour 08:00~09:00 T avg=-80,180",
        Expected("T", "08:00", "08:00"), ("practice.temperature_least", "practice.temperature_most"),
    ),
    Check(
        "CHK-VAL-PRESSURE-UNIT", Family.PLAUSIBILITY, Level.ORDINARY, Text("烟气压力疑似用了 Pa", "pressure seems to be in Pa"),
        (MINUTE, HOUR), (PRESSURE,), clauses.FACTORS,
        told("烟气压力过大，疑似单位为 Pa（规范为 kPa）",
             "pressure so large that it may be in Pa"), _pressure_unit,
        "hour 08:00~09:00 P avg=-0.131,101.2",
        "hour 08:00~09:00 P avg=-130.7116",
        Expected("P", "08:00", "09:00"), ("practice.gauge_pressure_kpa",),
    ),
    Check(
        "CHK-VAL-PRESSURE-ABSOLUTE", Family.PLAUSIBILITY, Level.HINT, Text("烟气压力疑似为绝对压力", "pressure seems absolute"),
        (MINUTE, HOUR), (PRESSURE,), clauses.OWN,
        told("烟气压力接近大气压，疑似上传了绝对压力",
             "pressure near that of the air: absolute?"), _pressure_absolute,
        "hour 08:00~09:00 P avg=-0.131",
        "hour 08:00~09:00 P avg=100.8",
        Expected("P", "08:00", "09:00"), ("practice.absolute_kpa_least", "practice.absolute_kpa_most"),
    ),
    Check(
        "CHK-VAL-VELOCITY", Family.PLAUSIBILITY, Level.ORDINARY, Text("流速超出可能范围", "velocity out of bounds"),
        (MINUTE, HOUR), (VELOCITY,), clauses.OWN, told("烟气流速为负或过大", "velocity negative or too large"), _velocity,
        "hour 08:00~09:00 V avg=0,12",
        "hour 08:00~09:00 V avg=12,88",
        Expected("V", "09:00", "09:00"), ("practice.velocity_most",),
    ),
    Check(
        "CHK-VAL-FLOW-NEGATIVE", Family.PLAUSIBILITY, Level.ORDINARY, Text("流量为负", "negative flow"),
        (MINUTE, HOUR), (FLOW,), clauses.PHYSICS, told("烟气流量为负", "flow below zero"), _flow_negative,
        "hour 08:00~09:00 Q avg=0,30",
        "hour 08:00~09:00 Q avg=-3,30",
        Expected("Q", "08:00", "08:00"),
    ),
    Check(
        "CHK-VAL-AMOUNT-NEGATIVE", Family.PLAUSIBILITY, Level.ORDINARY, Text("排放量为负", "negative amount"),
        _MEANS, EVERY, clauses.PHYSICS, told("排放量 Cou 为负", "amount below zero"), _amount_negative,
        "hour 08:00~09:00 SO2 avg=10 cou=0,1.2",
        "hour 08:00~09:00 SO2 avg=10 cou=-0.5,1.2",
        Expected("SO2", "08:00", "08:00"),
    ),
    Check(
        "CHK-VAL-CONVERTED-NEGATIVE", Family.PLAUSIBILITY, Level.SERIOUS, Text("折算值为负而实测值不为负", "negative converted value"),
        _MEANS, POLLUTANTS, clauses.CONVERSION, told("折算值为负，疑似含氧量超过 21% 仍按公式折算", "a converted value below zero"), _converted_negative,
        "hour 08:00~09:00 NOX avg=80 zs=92",
        "hour 08:00~09:00 NOX avg=80 zs=92,-400",
        Expected("NOX", "09:00", "09:00"),
    ),
    Check(
        "CHK-VAL-CONVERTED-HUGE", Family.PLAUSIBILITY, Level.ORDINARY, Text("折算倍数过大", "very large conversion"),
        (HOUR,), POLLUTANTS, clauses.CONVERSION,
        told("折算值是实测值的许多倍，含氧量接近 21%，宜核对工况标记",
             "converted far above measured: oxygen near 21 %"), _converted_huge,
        "hour 08:00~09:00 NOX avg=20 zs=30",
        "hour 08:00~09:00 NOX avg=20 zs=30,900",
        Expected("NOX", "09:00", "09:00"), ("practice.converted_times",),
    ),
    Check(
        "CHK-VAL-SENTINEL", Family.PLAUSIBILITY, Level.ORDINARY, Text("疑似故障代码当作测值", "a fault code as a value"),
        (MOMENT, *_MEANS), EVERY, clauses.OWN, told("测值疑似仪表的故障代码", "a value that looks like a fault code"), _sentinel,
        "hour 08:00~09:00 SO2 avg=99.8",
        "hour 08:00~09:00 SO2 avg=30,9999",
        Expected("SO2", "09:00", "09:00"), ("practice.sentinels",),
    ),
    Check(
        "CHK-VAL-ZERO-LONG", Family.PLAUSIBILITY, Level.ORDINARY, Text("在燃时浓度长时间为零", "zero for long while burning"),
        (HOUR,), POLLUTANTS, clauses.OWN, told("含氧量表明在燃，浓度长时间为 0", "zero for long while oxygen says it burns"), _zero_long,
        "hour 08:00~15:00 O2 avg=8\nhour 08:00~15:00 SO2 avg=0,0,5,0\nhour 16:00~23:00 O2 avg=20.9\nhour 16:00~23:00 SO2 avg=0",
        "hour 08:00~15:00 O2 avg=8\nhour 08:00~13:00 SO2 avg=0\nhour 14:00~15:00 SO2 avg=6",
        Expected("SO2", "08:00", "13:00"), ("practice.zero_hours", "practice.running_o2"),
    ),
    Check(
        "CHK-VAL-RANGE-BELOW-LIMIT", Family.PLAUSIBILITY, Level.SERIOUS, Text("量程不高于限值", "range not above the limit"),
        (HOUR,), POLLUTANTS, clauses.HJ76,
        told("登记的量程上限不高于排放限值，测不出超标",
             "the registered range cannot show an exceedance"), _range_below_limit,
        "set ranges=SO2:300 limits=SO2:100\nhour 08:00 SO2 avg=30",
        "set ranges=SO2:100 limits=SO2:100\nhour 08:00 SO2 avg=30",
        Expected("SO2", "00:00", "00:00"), needs=("ranges", "limits"),
    ),
    Check(
        "CHK-VAL-RANGE-WIDE", Family.PLAUSIBILITY, Level.HINT, Text("量程远大于限值", "range far above the limit"),
        (HOUR,), POLLUTANTS, clauses.HJ76, told("登记的量程上限是限值的许多倍，低浓度测不准", "the range is many times the limit"), _range_wide,
        "set ranges=PM:100 limits=PM:20\nhour 08:00 PM avg=8",
        "set ranges=PM:1000 limits=PM:20\nhour 08:00 PM avg=8",
        Expected("PM", "00:00", "00:00"), ("practice.range_times_limit",), needs=("ranges", "limits"),
    ),
    Check(
        "CHK-VAL-RANGE-UNUSED", Family.PLAUSIBILITY, Level.HINT, Text("全天测值只在量程底部", "a day at the bottom of the range"),
        (HOUR,), POLLUTANTS, clauses.OWN, told("全天最大小时值只占量程极小部分", "the day's largest hour is a tiny share of the range"), _below_range,
        "hour 00:00~23:00 NOX avg=40",
        "hour 00:00~23:00 NOX avg=0.9",
        Expected("NOX", "00:00", "00:00"), ("practice.range_used_percent", "cems.validity.day_hours"), needs=("ranges",),
    ),
)  # fmt: skip
