"""Checks of completeness: what was due and did not come, and means made of too few parts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import EVERY, NOTHING, WHOLE, Check, Expected, Family, Level, offences
from lantian.stack.checks.evidence import (
    AUXILIARY,
    DAY,
    FLOW,
    HOUR,
    MINUTE,
    MOMENT,
    POLLUTANTS,
    Evidence,
    spread,
)
from lantian.stack.checks.grid import covered, due, life, long_runs, missing
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import told

_FEBRUARY: Final = 2


def _gap(rows: pl.DataFrame) -> pl.DataFrame:
    return offences(rows, pl.lit(True), pl.lit("无数据"), "有数据")


def _hour_gap(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _gap(missing(e, HOUR, p.practice.late_hour_min))


def _day_gap(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _gap(missing(e, DAY, p.practice.late_day_min))


def _minute_gap(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Runs of missing minutes; an outlet that sends none at all is told by the hours alone."""
    if e.of(MINUTE).is_empty():
        return NOTHING
    lost = missing(e, MINUTE, p.practice.late_minute_min)
    return _gap(long_runs(lost, timedelta(minutes=p.practice.minute_gap)))


def _moment_gap(e: Evidence, p: Parameters) -> pl.DataFrame:
    times = e.of(MOMENT).select("start").unique().sort("start")
    if times.is_empty():
        return NOTHING
    begin, until = life(e)
    until = min(until, e.now)
    ends = pl.DataFrame({"start": [begin, until]}, schema={"start": pl.Datetime("us")})
    gaps = (
        pl.concat([times, ends])
        .sort("start")
        .select(pl.col("start").shift(1).alias("start"), pl.col("start").alias("end"), pl.lit(WHOLE).alias("code"))
        .drop_nulls()
    )
    length = (pl.col("end") - pl.col("start")).dt.total_minutes()
    least = p.practice.moment_gap
    return offences(gaps, length > least, pl.format("{} 分钟", length), f"≤ {least} 分钟")


def _silent(e: Evidence, p: Parameters) -> pl.DataFrame:
    """The outlet sent nothing in the whole span."""
    begin, until = life(e)
    if e.rows.height or begin >= min(until, e.now - timedelta(minutes=p.practice.late_hour_min + 60)):
        return NOTHING
    row = NOTHING.clear(1).with_columns(
        pl.lit(begin).cast(pl.Datetime("us")).alias("start"),
        pl.lit(until).cast(pl.Datetime("us")).alias("end"),
        pl.lit(WHOLE).alias("code"),
    )
    return offences(row, pl.lit(True), pl.lit("无任何数据"), "有数据")


def _lacking(e: Evidence, codes: tuple[str, ...]) -> pl.DataFrame:
    """Hours with some record in which one of these factors has none."""
    hours = e.of(HOUR).select("start", "end").unique()
    grid = hours.join(pl.DataFrame({"code": codes}, schema={"code": pl.String}), how="cross")
    return _gap(grid.join(e.of(HOUR), on=["start", "code"], how="anti"))


def _factor_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _lacking(e, e.outlet.factors)


def _auxiliary_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Parameters a pollutant of a combustion outlet needs, where the register names no factors and never one came."""
    if e.outlet.factors or e.outlet.reference_o2 is None:
        return NOTHING
    with_pollutant = e.of(HOUR).filter(spread(POLLUTANTS)).select("start", "end").unique()
    grid = with_pollutant.join(pl.DataFrame({"code": [*AUXILIARY, FLOW]}), how="cross")
    return _gap(grid.join(e.of(HOUR), on=["start", "code"], how="anti"))


def _valid_minutes(e: Evidence) -> pl.DataFrame:
    return (
        e.normal(MINUTE)
        .group_by("code", pl.col("start").dt.truncate("1h").alias("start"))
        .agg((pl.len() * e.outlet.interval_minutes).alias("minutes"))
    )


def _hour_thin(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours flagged normal though fewer minutes than the standard asks for are valid."""
    rows = e.normal(HOUR).join(_valid_minutes(e), on=["code", "start"])
    least = p.cems.validity.hour_minutes
    return offences(rows, pl.col("minutes") < least, pl.format("{} 分钟", "minutes"), f"≥ {least} 分钟")


def _day_thin(e: Evidence, p: Parameters) -> pl.DataFrame:
    hours = (
        e.normal(HOUR).group_by("code", pl.col("start").dt.truncate("1d").alias("start")).agg(pl.len().alias("hours"))
    )
    rows = e.normal(DAY).join(hours, on=["code", "start"])
    least = p.cems.validity.day_hours
    return offences(rows, pl.col("hours") < least, pl.format("{} 小时", "hours"), f"≥ {least} 小时")


def _month_thin(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Whole months of the span with fewer valid days than a monthly mean needs."""
    days = (
        e.normal(HOUR)
        .filter(spread(POLLUTANTS))
        .group_by("code", pl.col("start").dt.truncate("1d").alias("day"))
        .agg(pl.len().alias("n"))
    )
    days = days.filter(pl.col("n") >= p.cems.validity.day_hours)
    months = days.group_by("code", pl.col("day").dt.truncate("1mo").alias("start")).agg(pl.len().alias("days"))
    months = months.with_columns(pl.col("start").dt.offset_by("1mo").alias("end")).filter(
        (pl.col("start") >= e.first) & (pl.col("end") <= e.until)
    )
    february = pl.col("start").dt.month() == _FEBRUARY
    least = pl.when(february).then(p.cems.month_validity.february_days).otherwise(p.cems.month_validity.days)
    return offences(months, pl.col("days") < least, pl.format("{} 天", "days"), pl.format("≥ {} 天", least))


def _share(e: Evidence, code: str, met: float, least: float) -> pl.DataFrame:
    if met >= least:
        return NOTHING
    begin, until = life(e)
    row = NOTHING.clear(1).with_columns(
        pl.lit(begin).cast(pl.Datetime("us")).alias("start"),
        pl.lit(until).cast(pl.Datetime("us")).alias("end"),
        pl.lit(code).alias("code"),
    )
    return offences(row, pl.lit(True), pl.lit(f"{met:.1f}%"), pl.lit(f"≥ {least:g}%"))


def _transmission(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Received over due times valid over due, of hour values."""
    expected = due(e, HOUR, p.practice.late_hour_min)
    if expected.is_empty():
        return NOTHING
    got = expected.join(e.of(HOUR).select("start").unique(), on="start", how="semi").height
    valid = expected.join(
        e.normal(HOUR).filter(spread(POLLUTANTS)).select("start").unique(), on="start", how="semi"
    ).height
    rate = got / expected.height * valid / expected.height * 100
    return _share(e, WHOLE, rate, float(p.cems.transmission.least))


def _capture(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Valid hours over hours in which the unit was not marked stopped."""
    expected = due(e, HOUR, p.practice.late_hour_min).filter(~covered(e, labels=p.stopped))
    parts = [NOTHING]
    for code in sorted(set(e.of(HOUR)["code"]) & set(POLLUTANTS)):
        valid = expected.join(e.normal(HOUR).filter(pl.col("code") == code), on="start", how="semi").height
        if expected.height:
            parts.append(_share(e, code, valid / expected.height * 100, float(p.cems.capture.least)))
    return pl.concat(parts)


def _minutes_without_hour(e: Evidence, p: Parameters) -> pl.DataFrame:
    rows = _valid_minutes(e).filter(pl.col("minutes") >= p.cems.validity.hour_minutes)
    hours = due(e, HOUR, p.practice.late_hour_min).join(rows, on="start")
    return offences(
        hours.join(e.of(HOUR), on=["code", "start"], how="anti"), pl.lit(True), pl.lit("有分钟、无小时"), "有小时数据"
    )


def _hours_without_day(e: Evidence, p: Parameters) -> pl.DataFrame:
    rows = (
        e.normal(HOUR).group_by("code", pl.col("start").dt.truncate("1d").alias("start")).agg(pl.len().alias("hours"))
    )
    rows = rows.filter(pl.col("hours") >= p.cems.validity.day_hours)
    days = due(e, DAY, p.practice.late_day_min).join(rows, on="start")
    return offences(
        days.join(e.of(DAY), on=["code", "start"], how="anti"), pl.lit(True), pl.lit("有小时、无日"), "有日数据"
    )


def _hour_without_minutes(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Normal hours of a factor that sends minutes elsewhere in the span, without one minute of their own."""
    minutes = e.of(MINUTE)
    rows = e.normal(HOUR).join(minutes.select("code").unique(), on="code", how="semi")
    own = minutes.select("code", pl.col("start").dt.truncate("1h").alias("start")).unique()
    return offences(rows.join(own, on=["code", "start"], how="anti"), pl.lit(True), pl.lit("无分钟数据"), "有分钟数据")


def _factor_thin(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which one factor has far fewer minutes than the factor with most."""
    counts = e.of(MINUTE).group_by("code", pl.col("start").dt.truncate("1h").alias("start")).agg(pl.len().alias("n"))
    counts = counts.with_columns(
        pl.col("n").max().over("start").alias("most"), (pl.col("start") + pl.duration(hours=1)).alias("end")
    )
    least = (pl.col("most") * float(p.practice.factor_share_percent) / 100).floor().cast(pl.Int64)
    return offences(counts, pl.col("n") < least, pl.format("{} 条", "n"), pl.format("≥ {} 条", least))


_LATE_HOUR: Final = ("practice.late_hour_min",)

COMPLETENESS: Final = (
    Check(
        "CHK-COMP-HOUR-GAP", Family.COMPLETENESS, Level.SERIOUS, Text("缺小时数据", "hours missing"),
        (HOUR,), EVERY, clauses.PULL, told("应到的小时数据没有收到", "hours due did not come"), _hour_gap,
        "span 08:00~12:00\nhour 08:00~11:00 SO2 avg=30",
        "span 08:00~14:00\nhour 08:00~09:00 SO2 avg=30\nhour 12:00~13:00 SO2 avg=30",
        Expected(WHOLE, "10:00", "11:00"), _LATE_HOUR,
    ),
    Check(
        "CHK-COMP-MINUTE-GAP", Family.COMPLETENESS, Level.ORDINARY, Text("缺分钟数据", "minutes missing"),
        (MINUTE,), EVERY, clauses.HJ76, told("连续多分钟没有收到数据", "no minutes for a while"), _minute_gap,
        "span 08:00~10:00\nminute 08:00~08:40 SO2 avg=30\nminute 08:44~09:59 SO2 avg=30",
        "span 08:00~10:00\nminute 08:00~08:19 SO2 avg=30\nminute 08:40~09:59 SO2 avg=30",
        Expected(WHOLE, "08:20", "08:39"), ("practice.minute_gap", "practice.late_minute_min"),
    ),
    Check(
        "CHK-COMP-DAY-GAP", Family.COMPLETENESS, Level.ORDINARY, Text("缺日数据", "days missing"),
        (DAY,), EVERY, clauses.PULL, told("应到的日数据没有收到", "days due did not come"), _day_gap,
        "span 00:00~2d00:00\nday 00:00~1d00:00 SO2 avg=30",
        "span 00:00~3d00:00\nday 00:00 SO2 avg=30\nday 2d00:00 SO2 avg=30",
        Expected(WHOLE, "1d00:00", "1d00:00"), ("practice.late_day_min",), needs=("mn",),
    ),
    Check(
        "CHK-COMP-MOMENT-GAP", Family.COMPLETENESS, Level.ORDINARY, Text("实时数据中断", "real-time data interrupted"),
        (MOMENT,), EVERY, clauses.OWN, told("实时数据中断", "no real-time data for a while"), _moment_gap,
        "span 08:00~09:00\nmoment 08:00~08:59 SO2 avg=30",
        "span 08:00~12:00\nmoment 08:00~08:59 SO2 avg=30\nmoment 11:00~11:59 SO2 avg=30",
        Expected(WHOLE, "08:59", "08:59"), ("practice.moment_gap",),
    ),
    Check(
        "CHK-COMP-SILENT", Family.COMPLETENESS, Level.SERIOUS, Text("全时段没有任何数据", "nothing at all"),
        (MOMENT, MINUTE, HOUR, DAY), EVERY, clauses.OWN, told("所查时段没有收到任何数据", "nothing came in the whole span"), _silent,
        "hour 08:00 SO2 avg=30",
        "span 00:00~1d00:00",
        Expected(WHOLE, "00:00", "00:00"), _LATE_HOUR,
    ),
    Check(
        "CHK-COMP-FACTOR-MISSING", Family.COMPLETENESS, Level.SERIOUS, Text("缺应测因子", "a required factor is missing"),
        (HOUR,), EVERY, clauses.OWN, told("登记应测的因子没有数据", "a factor the outlet must report has no data"), _factor_missing,
        "set factors=SO2,NOX\nhour 08:00~09:00 SO2 avg=30\nhour 08:00~09:00 NOX avg=60",
        "set factors=SO2,NOX\nhour 08:00~09:00 SO2 avg=30\nhour 08:00 NOX avg=60",
        Expected("NOX", "09:00", "09:00"), needs=("factors",),
    ),
    Check(
        "CHK-COMP-AUXILIARY", Family.COMPLETENESS, Level.ORDINARY, Text("缺烟气参数", "a flue-gas parameter is missing"),
        (HOUR,), (*AUXILIARY, FLOW), clauses.HJ76,
        told("有污染物数据而缺烟气参数，无法折算或核算",
             "pollutants without a parameter they need"), _auxiliary_missing,
        "hour 08:00 SO2 avg=30\nhour 08:00 O2 avg=8\nhour 08:00 V avg=8\n"
        "hour 08:00 T avg=60\nhour 08:00 P avg=0\nhour 08:00 H avg=9\nhour 08:00 Q avg=30",
        "hour 08:00 SO2 avg=30\nhour 08:00 V avg=8\nhour 08:00 T avg=60\nhour 08:00 P avg=0\nhour 08:00 H avg=9\nhour 08:00 Q avg=30",
        Expected("O2", "08:00", "08:00"), needs=("reference_o2",),
    ),
    Check(
        "CHK-COMP-HOUR-THIN", Family.COMPLETENESS, Level.ORDINARY, Text("有效分钟不足仍标正常", "too few minutes in a normal hour"),
        (MINUTE, HOUR), EVERY, clauses.HOUR_MEAN, told("有效分钟不足，小时数据仍标记正常", "a normal hour of too few valid minutes"), _hour_thin,
        "minute 08:00~08:44 SO2 avg=30\nhour 08:00 SO2 avg=30",
        "minute 08:00~08:43 SO2 avg=30\nhour 08:00 SO2 avg=30",
        Expected("SO2", "08:00", "08:00"), ("cems.validity.hour_minutes",),
    ),
    Check(
        "CHK-COMP-DAY-THIN", Family.COMPLETENESS, Level.ORDINARY, Text("有效小时不足仍报日均值", "too few hours in a day"),
        (HOUR, DAY), EVERY, clauses.DAY_MEAN, told("有效小时不足，日数据仍标记正常", "a normal day of too few valid hours"), _day_thin,
        "hour 00:00~19:00 SO2 avg=30\nday 00:00 SO2 avg=30",
        "hour 00:00~18:00 SO2 avg=30\nday 00:00 SO2 avg=30",
        Expected("SO2", "00:00", "00:00"), ("cems.validity.day_hours",),
    ),
    Check(
        "CHK-COMP-MONTH-THIN", Family.COMPLETENESS, Level.ORDINARY, Text("当月有效日数不足", "too few valid days in a month"),
        (HOUR,), POLLUTANTS, clauses.MONTH, told("当月有效日数不足，月均值无效", "too few valid days for a monthly mean"), _month_thin,
        "span -1d00:00~30d00:00\nhour 0d00:00~24d23:00 SO2 avg=30",
        "span -1d00:00~30d00:00\nhour 0d00:00~20d23:00 SO2 avg=30",
        Expected("SO2", "-1d00:00", "-1d00:00"), ("cems.month_validity.days", "cems.month_validity.february_days"), days=28,
    ),
    Check(
        "CHK-COMP-TRANSMISSION", Family.COMPLETENESS, Level.ORDINARY, Text("传输有效率低", "low transmission rate"),
        (HOUR,), POLLUTANTS, clauses.TRANSMISSION,
        told("小时数据传输有效率（传输率×有效率）低",
             "transmission rate × validity rate is low"), _transmission,
        "span 00:00~7d00:00\nhour 0d00:00~6d20:00 SO2 avg=30",
        "span 00:00~7d00:00\nhour 0d00:00~5d20:00 SO2 avg=30",
        Expected(WHOLE, "00:00", "00:00"), ("cems.transmission.least", *_LATE_HOUR), days=7,
    ),
    Check(
        "CHK-COMP-CAPTURE", Family.COMPLETENESS, Level.ORDINARY, Text("有效数据捕集率低", "low capture rate"),
        (HOUR,), POLLUTANTS, clauses.CAPTURE,
        told("运行期有效小时所占比例低（按所查时段，季度考核）",
             "too few valid hours of those in operation"), _capture,
        "span 00:00~28d00:00\nmark 20d00:00~28d00:00 condition 停运\nhour 0d00:00~19d23:00 SO2 avg=30",
        "span 00:00~28d00:00\nhour 0d00:00~19d23:00 SO2 avg=30",
        Expected("SO2", "00:00", "00:00"), ("cems.capture.least", "labels.condition"), days=28,
    ),
    Check(
        "CHK-COMP-NO-HOUR", Family.COMPLETENESS, Level.ORDINARY, Text("有分钟而无小时数据", "minutes but no hour"),
        (MINUTE, HOUR), EVERY, clauses.PULL, told("分钟数据足够，却没有小时数据", "enough minutes, but no hour came"), _minutes_without_hour,
        "minute 08:00~08:59 SO2 avg=30\nhour 08:00 SO2 avg=30",
        "minute 08:00~09:59 SO2 avg=30\nhour 08:00 SO2 avg=30",
        Expected("SO2", "09:00", "09:00"), ("cems.validity.hour_minutes", *_LATE_HOUR),
    ),
    Check(
        "CHK-COMP-NO-DAY", Family.COMPLETENESS, Level.HINT, Text("有小时而无日数据", "hours but no day"),
        (HOUR, DAY), EVERY, clauses.PULL, told("小时数据足够，却没有日数据", "enough hours, but no day came"), _hours_without_day,
        "hour 00:00~23:00 SO2 avg=30\nday 00:00 SO2 avg=30",
        "hour 00:00~23:00 SO2 avg=30",
        Expected("SO2", "00:00", "00:00"), ("cems.validity.day_hours", "practice.late_day_min"), needs=("mn",),
    ),
    Check(
        "CHK-COMP-NO-MINUTES", Family.COMPLETENESS, Level.ORDINARY, Text("有小时而无分钟数据", "an hour without minutes"),
        (MINUTE, HOUR), EVERY, clauses.HOUR_MEAN, told("小时数据没有分钟数据支持", "an hour with no minutes behind it"), _hour_without_minutes,
        "minute 08:00~08:59 SO2 avg=30\nhour 08:00 SO2 avg=30\nhour 08:00~09:00 O2 avg=8",
        "minute 08:00~08:59 SO2 avg=30\nhour 08:00~09:00 SO2 avg=30",
        Expected("SO2", "09:00", "09:00"),
    ),
    Check(
        "CHK-COMP-FACTOR-THIN", Family.COMPLETENESS, Level.HINT, Text("个别因子分钟数据偏少", "one factor has fewer minutes"),
        (MINUTE,), EVERY, clauses.OWN, told("个别因子的分钟数据明显少于其他因子", "far fewer minutes of one factor than of others"), _factor_thin,
        "minute 08:00~08:59 O2 avg=8\nminute 08:00~08:55 SO2 avg=30",
        "minute 08:00~08:59 O2 avg=8\nminute 08:00~08:29 SO2 avg=30",
        Expected("SO2", "08:00", "08:00"), ("practice.factor_share_percent",),
    ),
)  # fmt: skip
