"""Checks of time: late, ahead, off the boundary of periods, told anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import EVERY, WHOLE, Check, Expected, Family, Level, offences
from lantian.stack.checks.evidence import DAY, HOUR, MINUTE, MOMENT, POLLUTANTS, Evidence, spread
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import told

_ALL: Final = (MOMENT, MINUTE, HOUR, DAY)


def _by_period(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each period, about the whole outlet: when it came first, what its QN says."""
    return (
        rows.group_by("cn", "start", "end")
        .agg(pl.col("arrived").min(), pl.col("qn_at").min())
        .with_columns(pl.lit(WHOLE).alias("code"))
    )


def _minutes(span: pl.Expr) -> pl.Expr:
    return span.dt.total_seconds() / 60


def _future(e: Evidence, p: Parameters) -> pl.DataFrame:
    ahead = pl.col("start") - pl.col("arrived")
    rows = _by_period(e.of(*_ALL))
    off = ahead > timedelta(seconds=int(p.practice.clock_off_s))
    return offences(rows, off, pl.format("早到 {} 分钟", _minutes(ahead).round(1)), "不晚于到达时间")


def _late(e: Evidence, cn: str, minutes: int) -> pl.DataFrame:
    delay = pl.col("arrived") - pl.col("end")
    rows = _by_period(e.of(cn))
    return offences(
        rows,
        delay > timedelta(minutes=minutes),
        pl.format("{} 分钟", _minutes(delay).round(0).cast(pl.Int64)),
        f"≤ {minutes} 分钟",
    )


def _late_moment(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _late(e, MOMENT, p.practice.late_moment_min)


def _late_minute(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _late(e, MINUTE, p.practice.late_minute_min)


def _late_hour(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _late(e, HOUR, p.practice.late_hour_min)


def _late_day(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _late(e, DAY, p.practice.late_day_min)


def _drift(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which the station's clock (QN of real-time data) is off the platform's by the median."""
    away = (pl.col("arrived") - pl.col("qn_at")).dt.total_seconds()
    hours = (
        _by_period(e.of(MOMENT))
        .drop_nulls("qn_at")
        .group_by(pl.col("start").dt.truncate("1h"))
        .agg(away.median().alias("away"), pl.len().alias("n"))
        .with_columns((pl.col("start") + timedelta(hours=1)).alias("end"), pl.lit(WHOLE).alias("code"))
    )
    off = (pl.col("away").abs() > int(p.practice.clock_off_s)) & (pl.col("n") >= 3)
    return offences(
        hours, off, pl.format("{} 秒", pl.col("away").round(0).cast(pl.Int64)), f"≤ {p.practice.clock_off_s} 秒"
    )


def _sent_early(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Periods whose frame says (QN) that it was made before the period ended."""
    rows = _by_period(e.of(MINUTE, HOUR, DAY)).filter(pl.col("qn_at") + timedelta(seconds=1) < pl.col("end"))
    return offences(rows, pl.lit(True), pl.format("QN {}", pl.col("qn_at").dt.strftime("%H:%M:%S")), "时段结束之后")


def _off_minute(e: Evidence, p: Parameters) -> pl.DataFrame:
    start = pl.col("start")
    off = (start.dt.second() != 0) | (start.dt.minute() % e.outlet.interval_minutes != 0)
    return offences(
        _by_period(e.of(MINUTE)), off, start.dt.strftime("%H:%M:%S"), f"{e.outlet.interval_minutes} 分钟整点"
    )


def _off_hour(e: Evidence, p: Parameters) -> pl.DataFrame:
    start = pl.col("start")
    off = start != start.dt.truncate("1h")
    return offences(_by_period(e.of(HOUR)), off, start.dt.strftime("%H:%M:%S"), "整点")


def _off_day(e: Evidence, p: Parameters) -> pl.DataFrame:
    start = pl.col("start")
    off = start != start.dt.truncate("1d")
    return offences(_by_period(e.of(DAY)), off, start.dt.strftime("%H:%M:%S"), "00:00:00")


def _label_end(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours equal to the mean of the minutes before them, and not to that of their own."""
    minutes = (
        e.normal(MINUTE)
        .group_by("code", pl.col("start").dt.truncate("1h").alias("start"))
        .agg(pl.col("avg").mean().alias("own"), pl.len().alias("n"))
        .filter(pl.col("n") >= p.cems.validity.hour_minutes)
    )
    before = minutes.select("code", pl.col("start") + timedelta(hours=1), pl.col("own").alias("before"))
    near = float(p.practice.mean_percent) / 100
    rows = e.normal(HOUR).join(minutes, on=["code", "start"]).join(before, on=["code", "start"])
    avg = pl.col("avg")
    like_before = (avg - pl.col("before")).abs() <= avg.abs() * near
    unlike_own = (avg - pl.col("own")).abs() > avg.abs() * near * 2
    return offences(rows, like_before & unlike_own, avg, pl.col("own"))


def _lived(e: Evidence, p: Parameters) -> pl.DataFrame:
    start, none = pl.col("start"), pl.lit(False)
    before = start < e.outlet.running_from if e.outlet.running_from else none
    after = start >= e.outlet.closed_on if e.outlet.closed_on else none
    return offences(_by_period(e.of(HOUR, DAY)), before | after, start.dt.strftime("%Y-%m-%d"), "在登记的运行期内")


def _revised(e: Evidence, p: Parameters) -> pl.DataFrame:
    met = pl.format("{} 改为 {}", "avg_before", "avg")
    return offences(
        e.revisions.filter(pl.col("avg").is_not_null() & pl.col("avg_before").is_not_null()),
        pl.col("avg") != pl.col("avg_before"),
        met,
        "内容不变",
    )


def _revised_late(e: Evidence, p: Parameters) -> pl.DataFrame:
    delay = pl.col("arrived") - pl.col("end")
    hours = int(p.practice.revised_late_h)
    return offences(
        e.revisions, delay > timedelta(hours=hours), pl.format("{} 小时后", delay.dt.total_hours()), f"≤ {hours} 小时"
    )


def _revised_below(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours above the limit that a second content brought below it."""
    limit = pl.col("code").replace_strict(dict(e.outlet.limits), default=None, return_dtype=pl.Float64)
    hours = e.revisions.filter(pl.col("cn") == HOUR)
    below = (pl.col("zs_before") > limit) & (pl.col("zs") <= limit)
    return offences(
        hours,
        spread(POLLUTANTS) & below,
        pl.format("{} 改为 {}", "zs_before", "zs"),
        pl.format("限值 {}，改动有依据", limit),
    )


def _flag_revised(e: Evidence, p: Parameters) -> pl.DataFrame:
    now, before = pl.col("flag").fill_null("N"), pl.col("flag_before").fill_null("N")
    return offences(e.revisions, (before == "N") & (now != "N"), pl.format("{} 改为 {}", before, now), "标记不变")


def _interval(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which real-time data came at longer intervals than a station may be set to."""
    most = int(p.practice.moment_interval_s)
    times = e.of(MOMENT).select("start").unique().sort("start")
    gaps = times.with_columns(
        pl.col("start").diff().dt.total_seconds().alias("gap"),
        pl.col("start").alias("end"),
        pl.lit(WHOLE).alias("code"),
    )
    return offences(gaps, pl.col("gap") > most, pl.format("{} 秒", "gap"), f"≤ {most} 秒")


def _jumps_back(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Real-time data whose clock runs backwards in the order of arrival: the station's clock was set back."""
    back_s = int(p.practice.clock_off_s)
    rows = _by_period(e.of(MOMENT)).sort("arrived", "start")
    step = rows.with_columns((pl.col("start").cum_max().shift(1) - pl.col("start")).dt.total_seconds().alias("back"))
    fresh = (pl.col("arrived") - pl.col("qn_at")).dt.total_seconds().abs() > back_s
    return offences(step, (pl.col("back") > back_s) & fresh, pl.format("倒退 {} 秒", "back"), "时间递增")


TIMING: Final = (
    Check(
        "CHK-TIME-FUTURE", Family.TIMING, Level.SERIOUS, Text("数据时间在未来", "data from the future"),
        _ALL, EVERY, clauses.LABEL, told("数据时间晚于平台收到的时间", "a time of data after its arrival"), _future,
        "moment 08:00~08:02 SO2 avg=30",
        "moment 08:00 SO2 avg=30\nmoment 09:00 SO2 avg=30 arrived=08:01",
        Expected(WHOLE, "09:00", "09:00"), ("practice.clock_off_s",),
    ),
    Check(
        "CHK-TIME-LATE-MOMENT", Family.TIMING, Level.HINT, Text("实时数据迟到", "real-time data late"),
        (MOMENT,), EVERY, clauses.OWN, told("实时数据到达过迟", "real-time data came late"), _late_moment,
        "moment 08:00~08:02 SO2 avg=30",
        "moment 08:00 SO2 avg=30 arrived=08:40\nmoment 08:01~08:02 SO2 avg=30",
        Expected(WHOLE, "08:00", "08:00"), ("practice.late_moment_min",),
    ),
    Check(
        "CHK-TIME-LATE-MINUTE", Family.TIMING, Level.HINT, Text("分钟数据迟到", "minute data late"),
        (MINUTE,), EVERY, clauses.OWN, told("分钟数据到达过迟", "minute data came late"), _late_minute,
        "minute 08:00~08:02 SO2 avg=30",
        "minute 08:00~08:02 SO2 avg=30 arrived=09:30",
        Expected(WHOLE, "08:00", "08:02"), ("practice.late_minute_min",),
    ),
    Check(
        "CHK-TIME-LATE-HOUR", Family.TIMING, Level.ORDINARY, Text("小时数据迟到", "hour data late"),
        (HOUR,), EVERY, clauses.OWN, told("小时数据到达过迟", "hour data came late"), _late_hour,
        "hour 08:00 SO2 avg=30 arrived=09:20",
        "hour 08:00 SO2 avg=30 arrived=13:00\nhour 09:00 SO2 avg=30",
        Expected(WHOLE, "08:00", "08:00"), ("practice.late_hour_min",),
    ),
    Check(
        "CHK-TIME-LATE-DAY", Family.TIMING, Level.ORDINARY, Text("日数据迟到", "day data late"),
        (DAY,), EVERY, clauses.OWN, told("日数据到达过迟", "day data came late"), _late_day,
        "day 00:00 SO2 avg=30 arrived=1d01:00",
        "day 00:00 SO2 avg=30 arrived=2d10:00",
        Expected(WHOLE, "00:00", "00:00"), ("practice.late_day_min",),
    ),
    Check(
        "CHK-TIME-CLOCK", Family.TIMING, Level.ORDINARY, Text("数采仪时钟偏差", "clock of the station off"),
        (MOMENT,), EVERY, clauses.OWN, told("数采仪时钟与平台相差过大", "the station's clock is off"), _drift,
        "moment 08:00~08:05 SO2 avg=30",
        "moment 08:00~08:05 SO2 avg=30 arrived=08:20 qn=08:02",
        Expected(WHOLE, "08:00", "08:00"), ("practice.clock_off_s",),
    ),
    Check(
        "CHK-TIME-CLOCK-BACK", Family.TIMING, Level.SERIOUS, Text("数采仪时钟倒退", "clock of the station set back"),
        (MOMENT,), EVERY, clauses.OWN, told("实时数据的时间倒退，疑似改过时钟", "times of real-time data run backwards"), _jumps_back,
        "moment 08:00~08:05 SO2 avg=30",
        "moment 08:00~08:05 SO2 avg=30\nmoment 07:30 SO2 avg=31 arrived=08:06 qn=07:30",
        Expected(WHOLE, "07:30", "07:30"), ("practice.clock_off_s",),
    ),
    Check(
        "CHK-TIME-SENT-EARLY", Family.TIMING, Level.SERIOUS, Text("时段未结束已上传", "sent before the period ended"),
        (MINUTE, HOUR, DAY), EVERY, clauses.LABEL, told("请求编码 QN 早于时段结束，均值不可能已算出", "QN lies before the end of the period"), _sent_early,
        "hour 08:00~09:00 SO2 avg=30",
        "hour 08:00 SO2 avg=30\nhour 09:00 SO2 avg=30 qn=09:30",
        Expected(WHOLE, "09:00", "09:00"),
    ),
    Check(
        "CHK-TIME-OFF-MINUTE", Family.TIMING, Level.ORDINARY, Text("分钟数据时间不在间隔上", "minute off its interval"),
        (MINUTE,), EVERY, clauses.LABEL, told("分钟数据时间不在设定间隔的起点", "the time of minute data is no start of an interval"), _off_minute,
        "minute 08:00 SO2 avg=30\nminute 08:01 SO2 avg=30",
        "minute 08:00 SO2 avg=30\nminute 08:01:17 SO2 avg=30",
        Expected(WHOLE, "08:01:17", "08:01:17"),
    ),
    Check(
        "CHK-TIME-OFF-HOUR", Family.TIMING, Level.ORDINARY, Text("小时数据时间不在整点", "hour off the full hour"),
        (HOUR,), EVERY, clauses.LABEL, told("小时数据时间不在整点", "the time of hour data is no full hour"), _off_hour,
        "hour 08:00 SO2 avg=30",
        "hour 08:05 SO2 avg=30",
        Expected(WHOLE, "08:05", "08:05"),
    ),
    Check(
        "CHK-TIME-OFF-DAY", Family.TIMING, Level.ORDINARY, Text("日数据时间不在零点", "day off midnight"),
        (DAY,), EVERY, clauses.LABEL, told("日数据时间不在零点", "the time of day data is not midnight"), _off_day,
        "day 00:00 SO2 avg=30",
        "day 08:00 SO2 avg=30",
        Expected(WHOLE, "08:00", "08:00"),
    ),
    Check(
        "CHK-TIME-LABEL-END", Family.TIMING, Level.ORDINARY, Text("小时数据疑似按结束时间标注", "hours seem labelled by their end"),
        (MINUTE, HOUR), EVERY, clauses.LABEL, told("小时均值与前一小时的分钟相符，疑似按结束时间标注", "an hour fits the minutes before it"), _label_end,
        "minute 08:00~08:59 SO2 avg=30\nminute 09:00~09:59 SO2 avg=50\nhour 08:00~09:00 SO2 avg=30,50",
        "minute 08:00~08:59 SO2 avg=30\nminute 09:00~09:59 SO2 avg=50\nhour 09:00 SO2 avg=30",
        Expected("SO2", "09:00", "09:00"), ("practice.mean_percent", "cems.validity.hour_minutes"),
    ),
    Check(
        "CHK-TIME-OUT-OF-LIFE", Family.TIMING, Level.ORDINARY, Text("登记运行期以外的数据", "data outside the registered life"),
        (HOUR, DAY), EVERY, clauses.OWN, told("数据在排放口登记的运行期以外", "data outside the registered life of the outlet"), _lived,
        "set running_from=00:00\nhour 08:00 SO2 avg=30",
        "set running_from=09:00\nhour 08:00~09:00 SO2 avg=30",
        Expected(WHOLE, "08:00", "08:00"),
    ),
    Check(
        "CHK-TIME-REVISED", Family.TIMING, Level.ORDINARY, Text("同一时段先后内容不同", "a period told anew"),
        _ALL, EVERY, clauses.PULL, told("同一时段先后上传了不同的值", "two contents of one period"), _revised,
        "hour 08:00 SO2 avg=30\nrevised hour 08:00 SO2 avg=30",
        "hour 08:00~09:00 SO2 avg=30\nrevised hour 09:00 SO2 avg=25",
        Expected("SO2", "09:00", "09:00"),
    ),
    Check(
        "CHK-TIME-REVISED-LATE", Family.TIMING, Level.ORDINARY, Text("事后很久改动数据", "changed long afterwards"),
        _ALL, EVERY, clauses.OWN, told("时段结束很久以后改动了数据", "data changed long after the period"), _revised_late,
        "hour 08:00 SO2 avg=30\nrevised hour 08:00 SO2 avg=31 arrived=11:00",
        "hour 08:00 SO2 avg=30\nrevised hour 08:00 SO2 avg=31 arrived=3d08:00",
        Expected("SO2", "08:00", "08:00"), ("practice.revised_late_h",),
    ),
    Check(
        "CHK-TIME-REVISED-BELOW", Family.TIMING, Level.SERIOUS, Text("改动后由超标变为达标", "changed from above the limit to below"),
        (HOUR,), POLLUTANTS, clauses.OWN, told("小时折算值改动后由超标变为达标", "a change brought an hour below the limit"), _revised_below,
        "hour 08:00 SO2 avg=90 zs=108\nrevised hour 08:00 SO2 avg=89 zs=106",
        "hour 08:00 SO2 avg=90 zs=108\nrevised hour 08:00 SO2 avg=70 zs=84",
        Expected("SO2", "08:00", "08:00"), needs=("limits",),
    ),
    Check(
        "CHK-TIME-FLAG-REVISED", Family.TIMING, Level.ORDINARY, Text("事后把正常改为异常标记", "flag changed afterwards"),
        _ALL, EVERY, clauses.OWN, told("重传时把标记 N 改成了其他标记", "a second content took away the flag N"), _flag_revised,
        "hour 08:00 SO2 avg=90\nrevised hour 08:00 SO2 avg=91",
        "hour 08:00 SO2 avg=90\nrevised hour 08:00 SO2 avg=90 flag=M",
        Expected("SO2", "08:00", "08:00"),
    ),
    Check(
        "CHK-TIME-INTERVAL", Family.TIMING, Level.HINT, Text("实时数据间隔过长", "real-time interval too long"),
        (MOMENT,), EVERY, clauses.OWN, told("两次实时数据相隔过长", "too long between real-time data"), _interval,
        "moment 08:00~08:05 SO2 avg=30",
        "moment 08:00 SO2 avg=30\nmoment 08:45 SO2 avg=30\nmoment 08:46 SO2 avg=30",
        Expected(WHOLE, "08:45", "08:45"), ("practice.moment_interval_s",),
    ),
)  # fmt: skip
