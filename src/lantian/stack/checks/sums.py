"""Checks between levels of one series: hours against minutes, days against hours, amounts against both."""

from __future__ import annotations

from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import EVERY, Check, Expected, Family, Level, offences
from lantian.stack.checks.evidence import DAY, FLOW, HOUR, MINUTE, MOMENT, POLLUTANTS, Evidence, spread
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import about, told

_AVG: Final = pl.col("avg")


def _parts(rows: pl.DataFrame, every: str) -> pl.DataFrame:
    """Mean, least, largest, sum of amounts and number of the parts of each longer period."""
    return rows.group_by("code", pl.col("start").dt.truncate(every).alias("start")).agg(
        _AVG.mean().alias("mean"),
        pl.coalesce("min", "avg").min().alias("least"),
        pl.coalesce("max", "avg").max().alias("most"),
        _AVG.min().alias("low"),
        _AVG.max().alias("high"),
        pl.col("cou").sum().alias("amount"),
        pl.col("cou").count().alias("amounts"),
        pl.len().alias("n"),
    )


def _slack(wanted: pl.Expr, percent: object, least: object) -> pl.Expr:
    return pl.max_horizontal(wanted.abs() * float(str(percent)) / 100, pl.lit(float(str(least))))


def _hours(e: Evidence, p: Parameters) -> pl.DataFrame:
    enough = max(1, p.cems.validity.hour_minutes // e.outlet.interval_minutes)
    parts = _parts(e.normal(MINUTE), "1h").filter(pl.col("n") >= enough)
    return e.normal(HOUR).join(parts, on=["code", "start"])


def _days(e: Evidence, p: Parameters) -> pl.DataFrame:
    parts = _parts(e.normal(HOUR), "1d").filter(pl.col("n") >= p.cems.validity.day_hours)
    return e.normal(DAY).join(parts, on=["code", "start"])


def _mean_off(rows: pl.DataFrame, p: Parameters) -> pl.DataFrame:
    wanted = pl.col("mean")
    off = (_AVG - wanted).abs() > _slack(wanted, p.practice.mean_percent, p.practice.mean_least)
    return offences(rows, off, _AVG, about(wanted))


def _hour_mean(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _mean_off(_hours(e, p), p)


def _day_mean(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _mean_off(_days(e, p), p)


def _outside(rows: pl.DataFrame) -> pl.DataFrame:
    """Longer periods whose mean lies outside all of their parts."""
    out = (pl.col("most") < _AVG) | (pl.col("least") > _AVG)
    return offences(rows, out, _AVG, pl.format("{} 至 {}", "least", "most"))


def _hour_outside(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _outside(_hours(e, p))


def _day_outside(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _outside(_days(e, p))


def _hour_extremes(e: Evidence, p: Parameters) -> pl.DataFrame:
    rows = _hours(e, p)
    low = (pl.col("max") < pl.col("high")) | (pl.col("min") > pl.col("low"))
    return offences(rows, low, pl.format("{} 至 {}", "min", "max"), pl.format("包含 {} 至 {}", "low", "high"))


def _minute_outside(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Minutes whose mean lies outside the real-time values of the same minute and its neighbours."""
    rtd = (
        e.normal(MOMENT)
        .group_by("code", pl.col("start").dt.truncate("1m").alias("start"))
        .agg(_AVG.min().alias("low"), _AVG.max().alias("high"), pl.len().alias("n"))
    )
    slack = (pl.col("high") - pl.col("low")) + pl.col("high").abs() * float(p.practice.moment_percent) / 100
    out = (pl.col("high") + slack < _AVG) | (pl.col("low") - slack > _AVG)
    enough = pl.col("n") >= p.practice.moment_count
    return offences(
        e.normal(MINUTE).join(rtd, on=["code", "start"]), out & enough, _AVG, pl.format("{} 至 {}", "low", "high")
    )


def _amount_off(rows: pl.DataFrame, wanted: pl.Expr, p: Parameters) -> pl.DataFrame:
    off = (pl.col("cou") - wanted).abs() > _slack(wanted, p.practice.amount_percent, p.practice.amount_least)
    return offences(rows, off, pl.col("cou"), about(wanted))


def _mass_hour(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours whose amount (kg) is not concentration (mg/m³) × flow (m³/s) × 3600 s × 10⁻⁶."""
    flow = e.wide(HOUR).select("start", pl.col(FLOW).alias("flow"))
    rows = e.normal(HOUR).filter(spread(POLLUTANTS)).join(flow, on="start")
    return _amount_off(rows, _AVG * pl.col("flow") * 3600 / 1_000_000, p)


def _flow_hour(e: Evidence, p: Parameters) -> pl.DataFrame:
    rows = e.normal(HOUR).filter(pl.col("code") == FLOW)
    return _amount_off(rows, _AVG * 3600, p)


def _amount_hours(e: Evidence, p: Parameters) -> pl.DataFrame:
    minutes = _hours(e, p).filter(pl.col("amounts") * e.outlet.interval_minutes == 60)
    return _amount_off(minutes, pl.col("amount"), p)


def _amount_days(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Days all of whose hours are normal: whether a device adds up the others is not written."""
    every = e.of(HOUR).group_by("code", pl.col("start").dt.truncate("1d").alias("start")).agg(pl.len().alias("every"))
    days = _days(e, p).join(every, on=["code", "start"])
    whole = (pl.col("amounts") == pl.col("n")) & (pl.col("n") == pl.col("every"))
    return _amount_off(days.filter(whole), pl.col("amount"), p)


def _mass_by_converted(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours whose amount fits the converted concentration and not the measured one."""
    flow = e.wide(HOUR).select("start", pl.col(FLOW).alias("flow"))
    rows = e.normal(HOUR).filter(spread(POLLUTANTS) & (pl.col("zs") > 0)).join(flow, on="start")
    right, wrong = (pl.col(name) * pl.col("flow") * 3600 / 1_000_000 for name in ("avg", "zs"))
    share = float(p.practice.amount_percent) / 100
    fits = (pl.col("cou") - wrong).abs() <= wrong * share
    off = (pl.col("cou") - right).abs() > right * share * 2
    return offences(rows, fits & off, pl.col("cou"), about(right))


def _converted_hours(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours whose converted mean lies outside the converted minutes."""
    parts = (
        e.normal(MINUTE)
        .filter(pl.col("zs").is_not_null())
        .group_by("code", pl.col("start").dt.truncate("1h").alias("start"))
        .agg(pl.col("zs").min().alias("low"), pl.col("zs").max().alias("high"), pl.len().alias("n"))
    )
    enough = pl.col("n") * e.outlet.interval_minutes >= p.cems.validity.hour_minutes
    out = (pl.col("zs") > pl.col("high")) | (pl.col("zs") < pl.col("low"))
    rows = e.normal(HOUR).join(parts, on=["code", "start"])
    return offences(rows, enough & out, pl.col("zs"), pl.format("{} 至 {}", "low", "high"))


_HOUR_LAW: Final = ("practice.mean_percent", "practice.mean_least", "cems.validity.hour_minutes")
_DAY_LAW: Final = ("practice.mean_percent", "practice.mean_least", "cems.validity.day_hours")
_AMOUNT_LAW: Final = ("practice.amount_percent", "practice.amount_least")

SUMS: Final = (
    Check(
        "CHK-SUM-HOUR-MEAN", Family.CROSS, Level.SERIOUS, Text("小时均值与分钟均值不符", "hour is not the mean of its minutes"),
        (MINUTE, HOUR), EVERY, clauses.HOUR_MEAN, told("小时均值与有效分钟的平均不符", "the hour differs from the mean of its valid minutes"), _hour_mean,
        "minute 08:00~08:59 SO2 avg=30,40\nhour 08:00 SO2 avg=35",
        "minute 08:00~09:59 SO2 avg=30,40\nhour 08:00~09:00 SO2 avg=35,28",
        Expected("SO2", "09:00", "09:00"), _HOUR_LAW,
    ),
    Check(
        "CHK-SUM-DAY-MEAN", Family.CROSS, Level.SERIOUS, Text("日均值与小时均值不符", "day is not the mean of its hours"),
        (HOUR, DAY), EVERY, clauses.DAY_MEAN, told("日均值与有效小时的平均不符", "the day differs from the mean of its valid hours"), _day_mean,
        "hour 00:00~23:00 SO2 avg=30,40\nday 00:00 SO2 avg=35",
        "hour 00:00~23:00 SO2 avg=30,40\nday 00:00 SO2 avg=31",
        Expected("SO2", "00:00", "00:00"), _DAY_LAW,
    ),
    Check(
        "CHK-SUM-HOUR-OUTSIDE", Family.CROSS, Level.SERIOUS, Text("小时均值在其分钟值之外", "hour outside its minutes"),
        (MINUTE, HOUR), EVERY, clauses.HOUR_MEAN, told("小时均值在全部分钟的最小、最大值之外", "the hour lies outside all of its minutes"), _hour_outside,
        "minute 08:00~08:59 SO2 avg=30,40\nhour 08:00 SO2 avg=39",
        "minute 08:00~08:59 SO2 avg=30,40\nhour 08:00 SO2 avg=22",
        Expected("SO2", "08:00", "08:00"), ("cems.validity.hour_minutes",),
    ),
    Check(
        "CHK-SUM-DAY-OUTSIDE", Family.CROSS, Level.SERIOUS, Text("日均值在其小时值之外", "day outside its hours"),
        (HOUR, DAY), EVERY, clauses.DAY_MEAN, told("日均值在全部小时的最小、最大值之外", "the day lies outside all of its hours"), _day_outside,
        "hour 00:00~23:00 SO2 avg=30,40\nday 00:00 SO2 avg=39",
        "hour 00:00~23:00 SO2 avg=30,40\nday 00:00 SO2 avg=12",
        Expected("SO2", "00:00", "00:00"), ("cems.validity.day_hours",),
    ),
    Check(
        "CHK-SUM-HOUR-EXTREMES", Family.CROSS, Level.ORDINARY, Text("小时最小最大值未包含分钟值", "hour's extremes leave minutes out"),
        (MINUTE, HOUR), EVERY, clauses.FIELDS, told("小时 Min、Max 未包含全部分钟均值", "Min and Max of the hour leave minutes out"), _hour_extremes,
        "minute 08:00~08:59 SO2 avg=30,40\nhour 08:00 SO2 min=28 avg=35 max=42",
        "minute 08:00~08:59 SO2 avg=30,40\nhour 08:00 SO2 min=28 avg=35 max=37",
        Expected("SO2", "08:00", "08:00"), ("cems.validity.hour_minutes",),
    ),
    Check(
        "CHK-SUM-MINUTE-OUTSIDE", Family.CROSS, Level.ORDINARY, Text("分钟均值与实时值不符", "minute does not fit its real-time values"),
        (MOMENT, MINUTE), EVERY, clauses.MINUTE_MEAN,
        told("分钟均值与同一分钟的实时值相差过大",
             "the minute is far from its real-time values"), _minute_outside,
        "moment 08:00:00 SO2 avg=30\nmoment 08:00:30 SO2 avg=34\nminute 08:00 SO2 avg=33",
        "moment 08:00:00 SO2 avg=60\nmoment 08:00:30 SO2 avg=64\nminute 08:00 SO2 avg=33",
        Expected("SO2", "08:00", "08:00"), ("practice.moment_percent", "practice.moment_count"),
    ),
    Check(
        "CHK-SUM-CONVERTED-HOUR", Family.CROSS, Level.SERIOUS, Text("小时折算值在分钟折算值之外", "converted hour outside its minutes"),
        (MINUTE, HOUR), POLLUTANTS, clauses.HOUR_MEAN,
        told("小时折算值在全部分钟折算值之外",
             "the converted hour lies outside its converted minutes"), _converted_hours,
        "minute 08:00~08:59 SO2 avg=30 zs=36,44\nhour 08:00 SO2 avg=30 zs=40",
        "minute 08:00~08:59 SO2 avg=30 zs=36,44\nhour 08:00 SO2 avg=30 zs=30",
        Expected("SO2", "08:00", "08:00"), ("cems.validity.hour_minutes",),
    ),
    Check(
        "CHK-SUM-MASS-HOUR", Family.CROSS, Level.SERIOUS, Text("小时排放量与浓度、流量不符", "hour's mass is not concentration × flow"),
        (HOUR,), POLLUTANTS, clauses.MASS_HOUR, told("小时排放量与实测浓度×标干流量不符", "mass differs from measured concentration × flow"), _mass_hour,
        "hour 08:00 Q avg=30\nhour 08:00 SO2 avg=50 cou=5.4",
        "hour 08:00 Q avg=30\nhour 08:00 SO2 avg=50 cou=2.7",
        Expected("SO2", "08:00", "08:00"), _AMOUNT_LAW,
    ),
    Check(
        "CHK-SUM-MASS-CONVERTED", Family.CROSS, Level.ORDINARY, Text("排放量用折算值计算", "mass from the converted value"),
        (HOUR,), POLLUTANTS, clauses.MASS_HOUR,
        told("小时排放量与折算浓度×流量相符，应用实测浓度",
             "mass fits the converted concentration; it is to be the measured"), _mass_by_converted,
        "hour 08:00 Q avg=30\nhour 08:00 SO2 avg=50 zs=75 cou=5.4",
        "hour 08:00 Q avg=30\nhour 08:00 SO2 avg=50 zs=75 cou=8.1",
        Expected("SO2", "08:00", "08:00"), ("practice.amount_percent",),
    ),
    Check(
        "CHK-SUM-FLOW-HOUR", Family.CROSS, Level.ORDINARY, Text("小时累计流量与平均流量不符", "hour's volume is not flow × 3600 s"),
        (HOUR,), (FLOW,), clauses.STANDARD_FLOW, told("小时累计流量与平均流量×3600 秒不符", "volume differs from mean flow × 3600 s"), _flow_hour,
        "hour 08:00 Q avg=30 cou=108000",
        "hour 08:00 Q avg=30 cou=1800",
        Expected("Q", "08:00", "08:00"), _AMOUNT_LAW,
    ),
    Check(
        "CHK-SUM-AMOUNT-HOUR", Family.CROSS, Level.ORDINARY, Text("小时排放量不等于分钟之和", "hour's amount is not the sum of its minutes"),
        (MINUTE, HOUR), (*POLLUTANTS, FLOW), clauses.MASS_HOUR,
        told("小时排放量与 60 分钟之和不符",
             "the hour's amount differs from the sum of its minutes"), _amount_hours,
        "minute 08:00~08:59 SO2 avg=50 cou=0.09\nhour 08:00 SO2 avg=50 cou=5.4",
        "minute 08:00~08:59 SO2 avg=50 cou=0.09\nhour 08:00 SO2 avg=50 cou=3.1",
        Expected("SO2", "08:00", "08:00"), _AMOUNT_LAW,
    ),
    Check(
        "CHK-SUM-AMOUNT-DAY", Family.CROSS, Level.SERIOUS, Text("日排放量不等于小时之和", "day's amount is not the sum of its hours"),
        (HOUR, DAY), (*POLLUTANTS, FLOW), clauses.MASS_DAY,
        told("日排放量与各小时之和不符",
             "the day's amount differs from the sum of its hours"), _amount_days,
        "hour 00:00~23:00 SO2 avg=50 cou=5\nday 00:00 SO2 avg=50 cou=120",
        "hour 00:00~23:00 SO2 avg=50 cou=5\nday 00:00 SO2 avg=50 cou=80",
        Expected("SO2", "00:00", "00:00"), (*_AMOUNT_LAW, "cems.validity.day_hours"),
    ),
)  # fmt: skip
