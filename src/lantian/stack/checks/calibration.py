"""Checks of calibration, maintenance and fault flags: too long, at the wrong time, without effect, or never."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import EVERY, NOTHING, WHOLE, Check, Expected, Family, Level, offences
from lantian.stack.checks.evidence import HOUR, MINUTE, NOX, O2, POLLUTANTS, SO2, Evidence, spread
from lantian.stack.checks.grid import covered, life, long_runs, moving
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import told

_AVG: Final = pl.col("avg")
_FLAG: Final = pl.col("flag")


def _share(e: Evidence, flag: str, percent: object) -> pl.DataFrame:
    """Days on which a flag takes more than a share of a factor's minutes."""
    days = (
        e.of(MINUTE)
        .group_by("code", pl.col("start").dt.truncate("1d").alias("start"))
        .agg((_FLAG.eq(flag).sum() * 100 / (24 * 60 / e.outlet.interval_minutes)).alias("share"))
        .with_columns((pl.col("start") + timedelta(days=1)).alias("end"))
    )
    most = float(str(percent))
    return offences(days, pl.col("share") > most, pl.format("{}%", pl.col("share").round(1)), f"≤ {most:g}%")


def _calibration_share(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _share(e, "C", p.practice.calibration_day_percent)


def _maintenance_share(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _share(e, "M", p.practice.maintenance_day_percent)


def _communication_share(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _share(e, "B", p.practice.communication_day_percent)


def _long(e: Evidence, flag: str, minutes: int) -> pl.DataFrame:
    rows = e.of(MINUTE).filter(flag == _FLAG)
    return offences(
        long_runs(rows, timedelta(minutes=minutes + 1)),
        pl.lit(True),
        pl.format("标记 {}", "flag"),
        f"连续 ≤ {minutes} 分钟",
    )


def _calibration_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _long(e, "C", p.practice.calibration_minutes)


def _maintenance_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _long(e, "M", p.practice.maintenance_minutes)


def _fault_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _long(e, "D", p.practice.fault_minutes)


def _set_by_hand(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.of(MINUTE, HOUR), spread(POLLUTANTS) & (_FLAG == "S"), pl.lit("标记 S"), "仪表测值")


def _never(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Factors with minutes throughout the span and not one flagged C, nor a mark of calibration."""
    gases = e.of(MINUTE).filter(pl.col("code").is_in([SO2, NOX]))
    counted = gases.group_by("code").agg((_FLAG == "C").any().fill_null(False).alias("calibrated"), pl.len().alias("n"))
    begin, until = life(e)
    days = (until - begin).days
    if any("校准" in one.label for one in e.marks):
        return NOTHING
    span = counted.filter(~pl.col("calibrated") & (pl.col("n") > days)).with_columns(
        pl.lit(begin).cast(pl.Datetime("us")).alias("start"), pl.lit(until).cast(pl.Datetime("us")).alias("end")
    )
    return offences(
        span,
        pl.lit(days >= p.practice.calibration_every_days),
        pl.lit(f"{days} 天无校准"),
        f"每 {p.practice.calibration_every_days} 天内有校准",
    )


def _at_exceedance(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Minutes at which a flag begins right after converted minutes above the limit."""
    limit = pl.col("code").replace_strict(dict(e.outlet.limits), default=None, return_dtype=pl.Float64)
    rows = e.of(MINUTE).filter(spread(POLLUTANTS)).sort("code", "start")
    before = max(1, p.practice.exceedance_minutes // e.outlet.interval_minutes)
    normal = _FLAG.fill_null("N") == "N"
    above = (normal & (pl.col("zs") > limit)).fill_null(False).cast(pl.Int64)
    rows = rows.with_columns(
        above.rolling_sum(before, min_samples=1).shift(1).over("code").alias("above"), limit.alias("limit")
    )
    begins = _FLAG.is_in(["C", "M", "D"]) & (_FLAG.shift(1).over("code").fill_null("N") == "N")
    rows = rows.with_columns(begins.alias("begins"))
    return offences(
        rows,
        pl.col("begins") & (pl.col("above") >= before),
        pl.format("超标 {} 分钟后标记 {}", pl.col("above") * e.outlet.interval_minutes, "flag"),
        pl.format("限值 {}，标记有依据", "limit"),
    )


def _no_response(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Runs flagged C in which the value stays where it was: neither zero nor span gas was given."""
    full = pl.col("code").replace_strict(dict(e.outlet.ranges), default=None, return_dtype=pl.Float64)
    rows = e.of(MINUTE).filter(spread((SO2, NOX))).sort("code", "start")
    run = (_FLAG.shift(1).over("code") != _FLAG).fill_null(True).cum_sum().over("code").alias("run")
    rows = rows.with_columns(run, _AVG.shift(1).over("code").alias("before"), full.alias("full"))
    runs = (
        rows.filter(_FLAG == "C")
        .group_by("code", "run")
        .agg(
            pl.col("start").min(),
            pl.col("end").max(),
            pl.col("before").first(),
            pl.col("full").first(),
            pl.len().alias("n"),
            _AVG.min().alias("low"),
            _AVG.max().alias("high"),
        )
    )
    moved = pl.max_horizontal((pl.col("high") - pl.col("before")).abs(), (pl.col("before") - pl.col("low")).abs())
    most = pl.col("full") * float(p.practice.response_range_percent) / 100
    least = max(1, p.practice.response_minutes // e.outlet.interval_minutes)
    away = pl.col("before") > most * 2  # a plant near zero cannot show a zero
    return offences(
        runs, (pl.col("n") >= least) & (moved < most) & away, pl.format("{} 至 {}", "low", "high"), "出现零点或量程响应"
    )


def _unflagged(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Minutes flagged normal in which SO2 and NOx are near 0 and oxygen is that of air or nitrogen while gas moves."""
    rows = e.wide(MINUTE)
    low = float(p.practice.zero_gas_mg)
    gas = (pl.col(O2) >= float(p.practice.air_o2)) | (pl.col(O2) <= float(p.practice.nitrogen_o2))
    zero = (pl.col(SO2) <= low) & (pl.col(NOX) <= low) & gas & moving(p)
    found = rows.filter(zero).with_columns(pl.lit(WHOLE).alias("code"))
    found = long_runs(found, timedelta(minutes=p.practice.zero_gas_minutes))
    met = pl.format("O2 {}，SO2 {}，NOx {}", O2, SO2, NOX)
    return offences(found, pl.lit(True), met, "标记 C 或实际烟气")


def _drift(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Ends of runs flagged C after which the value differs from that before by more than a share of the range.

    Rule    the means of so many normal minutes before and after are compared while oxygen stays
    """
    full = pl.col("code").replace_strict(dict(e.outlet.ranges), default=None, return_dtype=pl.Float64)
    near = max(1, p.practice.drift_minutes // e.outlet.interval_minutes)
    rows = e.of(MINUTE).filter(spread(POLLUTANTS)).sort("code", "start")
    value = pl.when(_FLAG.fill_null("N") == "N").then(_AVG)
    run = (_FLAG.shift(1).over("code") != _FLAG).fill_null(True).cum_sum().over("code").alias("run")
    rows = rows.with_columns(run, full.alias("full"), value.alias("value"))
    runs = (
        rows.group_by("code", "run", maintain_order=True)
        .agg(
            pl.col("start").min(),
            pl.col("end").max(),
            pl.col("flag").first(),
            pl.col("full").first(),
            pl.col("value").head(near).mean().alias("head"),
            pl.col("value").tail(near).mean().alias("tail"),
        )
        .sort("code", "start")
    )
    before, after = pl.col("tail").shift(1).over("code"), pl.col("head").shift(-1).over("code")
    runs = runs.with_columns(before.alias("before"), after.alias("after"))
    off = (pl.col("after") - pl.col("before")).abs() > pl.col("full") * float(p.practice.drift_range_percent) / 100
    return offences(runs.filter(_FLAG == "C"), off, pl.format("{} → {}", pl.col("before").round(2), pl.col("after").round(2)),
                    pl.format("变化 ≤ 量程的 {}%", pl.lit(float(p.practice.drift_range_percent))))  # fmt: skip


def _mark_without_flag(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours inside a mark about the monitor in which every minute of a pollutant is flagged normal."""
    rows = e.of(MINUTE).filter(spread(POLLUTANTS)).filter(covered(e, family="monitor"))
    hours = (
        rows.group_by("code", pl.col("start").dt.truncate("1h").alias("start"))
        .agg((_FLAG.fill_null("N") == "N").all().alias("normal"), pl.len().alias("n"))
        .with_columns((pl.col("start") + timedelta(hours=1)).alias("end"))
    )
    return offences(hours, pl.col("normal"), pl.lit("标记 N"), "与平台标记一致")


def _flag_without_mark(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours flagged as fault or maintenance that no mark of the platform covers."""
    rows = e.of(HOUR).filter(spread(POLLUTANTS) & _FLAG.is_in(["D", "M"])).filter(~covered(e, family="monitor"))
    closed = rows.filter(pl.col("end") + timedelta(hours=p.practice.mark_within_h) <= e.now)
    return offences(closed, pl.lit(True), pl.format("标记 {}", "flag"), "平台有相应标记")


def _night(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Nights with maintenance flags for long, when nobody is at the station as a rule."""
    hour = pl.col("start").dt.hour()
    rows = e.of(MINUTE).filter(spread(POLLUTANTS) & (_FLAG == "M") & (hour < p.practice.night_until))
    nights = rows.group_by("code", pl.col("start").dt.truncate("1d").alias("day")).agg(
        pl.col("start").min(), pl.col("end").max(), (pl.len() * e.outlet.interval_minutes).alias("minutes")
    )
    least = p.practice.night_minutes
    return offences(nights, pl.col("minutes") >= least, pl.format("{} 分钟", "minutes"), f"< {least} 分钟")


CALIBRATION: Final = (
    Check(
        "CHK-CAL-LONG", Family.CALIBRATION, Level.ORDINARY, Text("一次校准过长", "a calibration too long"),
        (MINUTE,), EVERY, clauses.HJ75, told("校准标记 C 连续过长", "flag C for too long"), _calibration_long,
        "minute 08:00~08:39 SO2 avg=0 flag=C\nminute 08:40~08:50 SO2 avg=30",
        "minute 08:00~10:29 SO2 avg=0 flag=C\nminute 10:30~10:40 SO2 avg=30",
        Expected("SO2", "08:00", "10:29"), ("practice.calibration_minutes",),
    ),
    Check(
        "CHK-CAL-SHARE", Family.CALIBRATION, Level.ORDINARY, Text("一日校准占比过高", "calibration takes too much of a day"),
        (MINUTE,), EVERY, clauses.OWN, told("一日内校准标记占比过高", "flag C takes too much of a day"), _calibration_share,
        "minute 08:00~08:59 SO2 avg=0 flag=C",
        "minute 08:00~11:59 SO2 avg=0 flag=C",
        Expected("SO2", "00:00", "00:00"), ("practice.calibration_day_percent",),
    ),
    Check(
        "CHK-CAL-MAINTENANCE-LONG", Family.CALIBRATION, Level.ORDINARY, Text("一次维护过长", "a maintenance too long"),
        (MINUTE,), EVERY, clauses.HJ75, told("维护标记 M 连续过长", "flag M for too long"), _maintenance_long,
        "minute 08:00~09:59 SO2 avg=0 flag=M",
        "minute 08:00~14:59 SO2 avg=0 flag=M",
        Expected("SO2", "08:00", "14:59"), ("practice.maintenance_minutes",),
    ),
    Check(
        "CHK-CAL-MAINTENANCE-SHARE", Family.CALIBRATION, Level.ORDINARY, Text("一日维护占比过高", "maintenance takes too much of a day"),
        (MINUTE,), EVERY, clauses.OWN, told("一日内维护标记占比过高", "flag M takes too much of a day"), _maintenance_share,
        "minute 08:00~09:59 SO2 avg=0 flag=M",
        "minute 08:00~15:59 SO2 avg=0 flag=M",
        Expected("SO2", "00:00", "00:00"), ("practice.maintenance_day_percent",),
    ),
    Check(
        "CHK-CAL-COMMUNICATION-SHARE", Family.CALIBRATION, Level.ORDINARY, Text("一日通讯故障占比过高", "communication faults take too much of a day"),
        (MINUTE,), EVERY, clauses.FLAGS, told("一日内仪表与数采仪通讯故障标记 B 占比过高", "flag B takes too much of a day"), _communication_share,
        "minute 08:00~08:29 SO2 avg=0 flag=B",
        "minute 08:00~11:59 SO2 avg=0 flag=B",
        Expected("SO2", "00:00", "00:00"), ("practice.communication_day_percent",),
    ),
    Check(
        "CHK-CAL-FAULT-LONG", Family.CALIBRATION, Level.SERIOUS, Text("故障长时间未恢复", "a fault not mended for long"),
        (MINUTE,), EVERY, clauses.HJ75, told("故障标记 D 连续过长，应修复或采用备用仪器", "flag D for too long"), _fault_long,
        "span 00:00~2d00:00\nminute 0d08:00~0d20:00 SO2 avg=0 flag=D",
        "span 00:00~2d00:00\nminute 0d08:00~1d12:00 SO2 avg=0 flag=D",
        Expected("SO2", "08:00", "1d12:00"), ("practice.fault_minutes",),
    ),
    Check(
        "CHK-CAL-SET-BY-HAND", Family.CALIBRATION, Level.SERIOUS, Text("人工设定值", "values set by hand"),
        (MINUTE, HOUR), POLLUTANTS, clauses.FLAGS, told("数据标记 S：值为人工设定", "flag S: set by hand"), _set_by_hand,
        "hour 08:00~09:00 SO2 avg=30",
        "hour 08:00~09:00 SO2 avg=30 flag=N,S",
        Expected("SO2", "09:00", "09:00"),
    ),
    Check(
        "CHK-CAL-NEVER", Family.CALIBRATION, Level.ORDINARY, Text("多日没有校准", "no calibration for days"),
        (MINUTE,), (SO2, NOX), clauses.HJ75, told("多日没有校准标记，也没有校准登记", "no flag C and no mark of calibration for days"), _never,
        "span 00:00~8d00:00\nminute 08:00~08:20 SO2 avg=0 flag=C\nminute 09:00~09:20 SO2 avg=30",
        "span 00:00~8d00:00\nminute 09:00~09:20 SO2 avg=30",
        Expected("SO2", "00:00", "00:00"), ("practice.calibration_every_days",), days=7,
    ),
    Check(
        "CHK-CAL-AT-EXCEEDANCE", Family.CALIBRATION, Level.SERIOUS, Text("超标后随即标记异常", "flagged right after an exceedance"),
        (MINUTE,), POLLUTANTS, clauses.MARKING,
        told("分钟折算值超标后随即标记校准、维护或故障",
             "flagged C, M or D right after values above the limit"), _at_exceedance,
        "minute 08:00~08:09 SO2 avg=60 zs=80\nminute 08:10~08:20 SO2 avg=0 flag=C",
        "minute 08:00~08:09 SO2 avg=90 zs=130\nminute 08:10~08:20 SO2 avg=0 flag=C",
        Expected("SO2", "08:10", "08:10"), ("practice.exceedance_minutes",), needs=("limits",),
    ),
    Check(
        "CHK-CAL-NO-RESPONSE", Family.CALIBRATION, Level.ORDINARY, Text("标记校准而测值未动", "calibration without response"),
        (MINUTE,), (SO2, NOX), clauses.OWN, told("标记校准而测值未出现零点或量程响应", "flag C, but neither zero nor span is seen"), _no_response,
        "minute 08:00~08:09 SO2 avg=60\nminute 08:10~08:20 SO2 avg=60,0,0 flag=C",
        "minute 08:00~08:09 SO2 avg=60\nminute 08:10~08:20 SO2 avg=60,61 flag=C",
        Expected("SO2", "08:10", "08:10"), ("practice.response_range_percent", "practice.response_minutes"), needs=("ranges",),
    ),
    Check(
        "CHK-CAL-UNFLAGGED", Family.CALIBRATION, Level.SERIOUS, Text("疑似通零气或空气未标记", "zero gas or air without a flag"),
        (MINUTE,), (SO2, NOX, O2), clauses.FLAGS,
        told("烟气在流动而各气态污染物接近 0、含氧量如空气或氮气，标记却为 N",
             "gas moves, yet SO2 and NOx near 0 and oxygen of air or nitrogen, flag N"), _unflagged,
        "minute 08:00~08:09 V avg=8\nminute 08:00~08:09 O2 avg=20.9 flag=C\nminute 08:00~08:09 SO2 avg=0 flag=C\nminute 08:00~08:09 NOX avg=0 flag=C",
        "minute 08:00~08:09 V avg=8\nminute 08:00~08:09 O2 avg=20.9\nminute 08:00~08:09 SO2 avg=0.2\nminute 08:00~08:09 NOX avg=0.3",
        Expected(WHOLE, "08:00", "08:09"), ("practice.zero_gas_mg", "practice.air_o2", "practice.nitrogen_o2", "practice.zero_gas_minutes"),
    ),
    Check(
        "CHK-CAL-DRIFT", Family.CALIBRATION, Level.ORDINARY, Text("校准前后测值突变", "values step over a calibration"),
        (MINUTE,), POLLUTANTS, clauses.HJ75,
        told("校准前后测值突变，疑似漂移超限，校准前数据宜核查",
             "values step over a calibration: drift beyond limits?"), _drift,
        "minute 08:00~08:19 SO2 avg=60\nminute 08:20~08:39 SO2 avg=0 flag=C\nminute 08:40~08:59 SO2 avg=62",
        "minute 08:00~08:19 SO2 avg=60\nminute 08:20~08:39 SO2 avg=0 flag=C\nminute 08:40~08:59 SO2 avg=110",
        Expected("SO2", "08:20", "08:20"), ("practice.drift_minutes", "practice.drift_range_percent"), needs=("ranges",),
    ),
    Check(
        "CHK-CAL-MARK-NO-FLAG", Family.CALIBRATION, Level.ORDINARY, Text("平台标记与数据标记不一致", "marked on the platform, flagged normal"),
        (MINUTE,), POLLUTANTS, clauses.MARKING,
        told("平台标记仪器异常，分钟数据标记全为 N",
             "a mark about the monitor, all minutes flagged N"), _mark_without_flag,
        "mark 08:00~09:00 monitor 校准\nminute 08:00~08:59 SO2 avg=0 flag=C",
        "mark 08:00~09:00 monitor 校准\nminute 08:00~08:59 SO2 avg=30",
        Expected("SO2", "08:00", "08:00"),
    ),
    Check(
        "CHK-CAL-FLAG-NO-MARK", Family.CALIBRATION, Level.HINT, Text("故障、维护未在平台标记", "fault or maintenance not marked"),
        (HOUR,), POLLUTANTS, clauses.MARKING, told("小时数据标记故障或维护，平台没有相应标记", "hours flagged D or M without a mark"), _flag_without_mark,
        "mark 08:00~10:00 monitor 故障\nhour 08:00~09:00 SO2 avg=0 flag=D",
        "hour 08:00~09:00 SO2 avg=0 flag=D",
        Expected("SO2", "08:00", "09:00"), ("practice.mark_within_h",),
    ),
    Check(
        "CHK-CAL-NIGHT", Family.CALIBRATION, Level.HINT, Text("夜间长时间维护", "maintenance at night"),
        (MINUTE,), POLLUTANTS, clauses.OWN,
        told("夜间长时间标记维护，宜核对运维记录和进站记录",
             "long maintenance at night: look at the log of visits"), _night,
        "minute 02:00~02:09 SO2 avg=0 flag=M\nminute 10:00~11:00 SO2 avg=0 flag=M",
        "minute 02:00~03:19 SO2 avg=0 flag=M",
        Expected("SO2", "02:00", "02:00"), ("practice.night_until", "practice.night_minutes"),
    ),
)  # fmt: skip
