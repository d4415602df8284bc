"""Checks of what is said about the plant against what the gas says: flags, marks, equipment states."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import NOTHING, WHOLE, Check, Expected, Family, Level, of_outlet, offences
from lantian.stack.checks.evidence import (
    HOUR,
    MINUTE,
    O2,
    POLLUTANTS,
    RUN_DAY,
    STATE,
    TEMPERATURE,
    VELOCITY,
    Evidence,
    spread,
)
from lantian.stack.checks.grid import burning, covered, long_runs, moving, running, warm
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import at_most, told

_GAS: Final = (VELOCITY, TEMPERATURE, O2)
_EQUIPMENT: Final = r"^SB\d+"


def _gas() -> pl.Expr:
    return pl.format("流速 {}，烟温 {}，含氧量 {}", *(pl.col(one).cast(pl.String).fill_null("—") for one in _GAS))


def _out_of_service(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours with a pollutant flagged F while flow, temperature and oxygen say that the plant runs."""
    rows = e.of(HOUR).filter(spread(POLLUTANTS) & (pl.col("flag") == "F"))
    gas = e.wide(HOUR).filter(running(p)).select("start", *_GAS)
    return offences(rows.join(gas, on="start"), pl.lit(True), _gas(), "标记 F 时停运")


def _stopped(e: Evidence, p: Parameters, sign: pl.Expr, met: pl.Expr, wanted: str, code: str) -> pl.DataFrame:
    """Hours inside a mark that says stopped in which a sign of running shows."""
    rows = e.wide(HOUR, every=True).filter(covered(e, family="condition", labels=p.stopped))
    return of_outlet(rows, sign, met, wanted, code)


def _stopped_moving(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _stopped(e, p, moving(p) & warm(p), _gas(), "停运时无热烟气流动", VELOCITY)


def _stopped_burning(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _stopped(e, p, burning(p), pl.col(O2), f"≥ {p.practice.running_o2}", O2)


def _stopped_emitting(e: Evidence, p: Parameters) -> pl.DataFrame:
    limit = pl.col("code").replace_strict(dict(e.outlet.limits), default=None, return_dtype=pl.Float64)
    rows = e.of(HOUR).filter(spread(POLLUTANTS) & covered(e, family="condition", labels=p.stopped))
    least = limit * float(p.practice.emitting_percent) / 100
    return offences(rows, pl.col("avg") > least, pl.col("avg"), at_most(least))


def _idle(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which nothing moves and oxygen is that of air, without a mark or flag F, for long."""
    flagged = e.of(HOUR).filter(pl.col("flag") == "F").select("start").unique()
    rows = e.wide(HOUR).join(flagged, on="start", how="anti").filter(~covered(e, family="condition"))
    still = (pl.col(VELOCITY) < float(p.practice.still_velocity)) & (pl.col(O2) >= float(p.practice.air_o2))
    found = long_runs(
        rows.filter(still).with_columns(pl.lit(WHOLE).alias("code")), timedelta(hours=p.practice.idle_hours)
    )
    return offences(found, pl.lit(True), _gas(), "有停运标记")


def _equipment(e: Evidence, p: Parameters, state: str) -> pl.DataFrame:
    """Minutes of treatment equipment in a state while the minute's gas says that the plant runs."""
    gas = e.wide(MINUTE).filter(running(p)).select("start", *_GAS)
    rows = e.of(STATE).filter(pl.col("rs") == state).with_columns(pl.col("start").dt.truncate("1m").alias("minute"))
    return rows.join(gas, left_on="minute", right_on="start").with_columns(
        (pl.col("start") + timedelta(minutes=1)).alias("end")
    )


def _treatment_off(e: Evidence, p: Parameters) -> pl.DataFrame:
    found = long_runs(_equipment(e, p, "0"), timedelta(minutes=p.practice.treatment_off_minutes))
    return offences(found, pl.lit(True), pl.format("RS=0；{}", _gas()), "生产时治理设施运行")


def _treatment_alarm(e: Evidence, p: Parameters) -> pl.DataFrame:
    found = long_runs(_equipment(e, p, "4"), timedelta(minutes=p.practice.treatment_off_minutes))
    return offences(found, pl.lit(True), pl.lit("RS=4"), "报警及时排除")


def _run_time(e: Evidence, p: Parameters) -> pl.DataFrame:
    hours = pl.col("rt")
    return offences(e.of(RUN_DAY), (hours < 0) | (hours > 24), hours, "0 至 24")


def _treatment_short(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Days on which treatment equipment ran clearly shorter than the gas says the plant did."""
    plant = (
        e.wide(HOUR)
        .filter(running(p))
        .group_by(pl.col("start").dt.truncate("1d").alias("start"))
        .agg(pl.len().alias("hours"))
    )
    rows = e.of(RUN_DAY).filter(pl.col("code").str.contains(_EQUIPMENT)).join(plant, on="start")
    least = pl.col("hours") - float(p.practice.treatment_short_h)
    return offences(rows, pl.col("rt") < least, pl.format("{} 小时", "rt"), pl.format("约 {} 小时", "hours"))


def _marks(e: Evidence, length_h: int, labels: tuple[str, ...]) -> pl.DataFrame:
    """Marks of some labels that last longer than so many hours."""
    rows = [
        (
            max(one.start, e.first),
            one.end,
            WHOLE,
            f"{(one.end - one.start).total_seconds() / 3600:g} 小时",
            f"≤ {length_h} 小时",
        )
        for one in e.marks
        if one.family == "condition" and one.label in labels and one.end - one.start > timedelta(hours=length_h)
    ]
    return pl.DataFrame(rows, schema=NOTHING.schema, orient="row")


def _start_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _marks(e, p.practice.start_mark_h, p.practice.start_labels)


def _fault_mark_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _marks(e, p.practice.fault_mark_h, p.practice.fault_labels)


def _mark_at_exceedance(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Marks about the plant that cover hours above the limit and hardly anything else."""
    limit = pl.col("code").replace_strict(dict(e.outlet.limits), default=None, return_dtype=pl.Float64)
    above = (
        e.of(HOUR)
        .filter(spread(POLLUTANTS) & (pl.col("zs") > limit))
        .select("start", "end", "code", "zs", limit.alias("limit"))
    )
    parts = [NOTHING]
    for one in e.marks:
        hours = (one.end - one.start) / timedelta(hours=1)
        if one.family != "condition" or hours > p.practice.short_mark_h:
            continue
        inside = above.filter((pl.col("start") >= one.start) & (pl.col("start") < one.end))
        full = inside.filter(pl.len().over("code") >= hours)
        parts.append(offences(full, pl.lit(True), pl.format(one.label + "：{}", "zs"), pl.format("限值 {}", "limit")))
    return pl.concat(parts)


def _contradicting(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Two marks about the plant with different words at one time."""
    condition = [one for one in e.marks if one.family == "condition"]
    rows = [
        (max(a.start, b.start), min(a.end, b.end), WHOLE, f"{a.label}／{b.label}", "同一时间一种工况")
        for at, a in enumerate(condition)
        for b in condition[at + 1 :]
        if a.label != b.label and a.start < b.end and b.start < a.end
    ]
    return pl.DataFrame(rows, schema=NOTHING.schema, orient="row")


def _restart_unmarked(e: Evidence, p: Parameters) -> pl.DataFrame:
    """The first hours burning after long stillness, with no mark of start-up: their converted values are judged."""
    rows = e.wide(HOUR, every=True)
    next_to = pl.col("start") == pl.col("end").shift(1)
    still = (pl.col(O2).shift(1) >= float(p.practice.air_o2)) & (pl.col(O2).shift(2) >= float(p.practice.air_o2))
    stood = pl.col(VELOCITY).shift(1) < float(p.practice.still_velocity)  # else the probe was out in a running duct
    begins = (burning(p) & moving(p) & still & stood & next_to).alias("begins")
    rows = rows.with_columns(begins, pl.col(O2).shift(1).alias("before")).filter(~covered(e, family="condition"))
    return of_outlet(rows, pl.col("begins"), pl.format("含氧量 {} → {}", "before", O2), "有启炉标记")


OPERATION: Final = (
    Check(
        "CHK-OPS-F-RUNNING", Family.OPERATION, Level.SERIOUS, Text("标记停运而烟气表明在运行", "flag F while the gas says running"),
        (HOUR,), POLLUTANTS, clauses.FLAGS,
        told("标记 F（停运）而流速、烟温、含氧量表明在运行",
             "flag F although velocity, temperature and oxygen say running"), _out_of_service,
        "hour 08:00 SO2 avg=0 flag=F\nhour 08:00 V avg=0.2\nhour 08:00 T avg=15\nhour 08:00 O2 avg=20.9",
        "hour 08:00 SO2 avg=0 flag=F\nhour 08:00 V avg=9\nhour 08:00 T avg=62\nhour 08:00 O2 avg=8.5",
        Expected("SO2", "08:00", "08:00"), ("practice.running_velocity", "practice.running_temperature", "practice.running_o2"),
    ),
    Check(
        "CHK-OPS-STOPPED-MOVING", Family.OPERATION, Level.SERIOUS, Text("停运标记期间有热烟气流动", "marked stopped, warm gas moves"),
        (HOUR,), (VELOCITY, TEMPERATURE), clauses.MARKING, told("停运标记期间有热烟气流动", "marked stopped, but warm gas moves"), _stopped_moving,
        "mark 08:00~10:00 condition 停运\nhour 08:00~09:00 V avg=0.1\nhour 08:00~09:00 T avg=12",
        "mark 08:00~10:00 condition 停运\nhour 08:00~09:00 V avg=0.1,9\nhour 08:00~09:00 T avg=12,60",
        Expected("V", "09:00", "09:00"), ("labels.condition", "practice.running_velocity", "practice.running_temperature"),
    ),
    Check(
        "CHK-OPS-STOPPED-BURNING", Family.OPERATION, Level.SERIOUS, Text("停运标记期间含氧量表明在燃", "marked stopped, oxygen says burning"),
        (HOUR,), (O2,), clauses.MARKING, told("停运标记期间含氧量表明在燃", "marked stopped, but oxygen says burning"), _stopped_burning,
        "mark 08:00~10:00 condition 停运\nhour 08:00~09:00 O2 avg=20.9",
        "mark 08:00~10:00 condition 停运\nhour 08:00~09:00 O2 avg=20.9,9.2",
        Expected("O2", "09:00", "09:00"), ("labels.condition", "practice.running_o2"),
    ),
    Check(
        "CHK-OPS-STOPPED-EMITTING", Family.OPERATION, Level.SERIOUS, Text("停运标记期间有明显排放浓度", "marked stopped, concentrations remain"),
        (HOUR,), POLLUTANTS, clauses.MARKING, told("停运标记期间污染物浓度明显", "marked stopped, but concentrations remain"), _stopped_emitting,
        "mark 08:00~10:00 condition 停运\nhour 08:00~09:00 SO2 avg=2",
        "mark 08:00~10:00 condition 停运\nhour 08:00~09:00 SO2 avg=2,75",
        Expected("SO2", "09:00", "09:00"), ("labels.condition", "practice.emitting_percent"), needs=("limits",),
    ),
    Check(
        "CHK-OPS-IDLE", Family.OPERATION, Level.HINT, Text("疑似停运而无标记", "idle without a mark"),
        (HOUR,), (VELOCITY, O2), clauses.MARKING, told("流速近 0、含氧量如空气，没有停运标记", "still air in the duct, but no mark"), _idle,
        "mark 08:00~14:00 condition 停运\nhour 08:00~13:00 V avg=0.1\nhour 08:00~13:00 O2 avg=20.9",
        "hour 08:00~13:00 V avg=0.1\nhour 08:00~13:00 O2 avg=20.9",
        Expected(WHOLE, "08:00", "13:00"), ("practice.still_velocity", "practice.air_o2", "practice.idle_hours"),
    ),
    Check(
        "CHK-OPS-TREATMENT-OFF", Family.OPERATION, Level.SERIOUS, Text("生产时治理设施关闭", "treatment off while running"),
        (STATE, MINUTE), (), clauses.STATES, told("烟气表明在生产，治理设施状态为关闭", "treatment off while the gas says running"), _treatment_off,
        "state 08:00~08:59 SB1 rs=1\nminute 08:00~08:59 V avg=9\nminute 08:00~08:59 T avg=60\nminute 08:00~08:59 O2 avg=8",
        "state 08:00~08:59 SB1 rs=0\nminute 08:00~08:59 V avg=9\nminute 08:00~08:59 T avg=60\nminute 08:00~08:59 O2 avg=8",
        Expected("SB1", "08:00", "08:59"), ("practice.treatment_off_minutes", "practice.running_velocity"),
    ),
    Check(
        "CHK-OPS-TREATMENT-ALARM", Family.OPERATION, Level.ORDINARY, Text("治理设施持续报警", "treatment in alarm for long"),
        (STATE, MINUTE), (), clauses.STATES, told("生产时治理设施持续报警", "treatment in alarm while running"), _treatment_alarm,
        "state 08:00~08:09 SB1 rs=4\nminute 08:00~08:59 V avg=9\nminute 08:00~08:59 T avg=60\nminute 08:00~08:59 O2 avg=8",
        "state 08:00~08:49 SB1 rs=4\nminute 08:00~08:59 V avg=9\nminute 08:00~08:59 T avg=60\nminute 08:00~08:59 O2 avg=8",
        Expected("SB1", "08:00", "08:49"), ("practice.treatment_off_minutes",),
    ),
    Check(
        "CHK-OPS-RUN-TIME", Family.OPERATION, Level.ORDINARY, Text("设施日运行时间不可能", "impossible running hours"),
        (RUN_DAY,), (), clauses.FIELDS, told("设施日运行时间 RT 不在 0 至 24 小时", "RT is not within 0 to 24 hours"), _run_time,
        "runday 00:00 SB1 rt=23.5",
        "runday 00:00 SB1 rt=26",
        Expected("SB1", "00:00", "00:00"),
    ),
    Check(
        "CHK-OPS-TREATMENT-SHORT", Family.OPERATION, Level.ORDINARY, Text("治理设施运行时间短于生产", "treatment ran shorter than the plant"),
        (RUN_DAY, HOUR), (), clauses.OWN, told("治理设施日运行时间明显短于生产时间", "treatment ran clearly shorter than the plant"), _treatment_short,
        "runday 00:00 SB1 rt=23.6\nhour 00:00~23:00 V avg=9\nhour 00:00~23:00 T avg=60\nhour 00:00~23:00 O2 avg=8",
        "runday 00:00 SB1 rt=15\nhour 00:00~23:00 V avg=9\nhour 00:00~23:00 T avg=60\nhour 00:00~23:00 O2 avg=8",
        Expected("SB1", "00:00", "00:00"), ("practice.treatment_short_h",),
    ),
    Check(
        "CHK-OPS-START-LONG", Family.OPERATION, Level.ORDINARY, Text("启停标记过长", "start-up or shut-down marked for long"),
        (HOUR,), (), clauses.MARKING, told("启炉、停炉标记时间过长", "start-up or shut-down marked for too long"), _start_long,
        "mark 08:00~12:00 condition 启炉\nhour 08:00 SO2 avg=30",
        "mark 08:00~1d08:00 condition 启炉\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "08:00", "08:00"), ("practice.start_labels", "practice.start_mark_h"),
    ),
    Check(
        "CHK-OPS-FAULT-MARK-LONG", Family.OPERATION, Level.ORDINARY, Text("工况故障标记过长", "a fault of the plant marked for long"),
        (HOUR,), (), clauses.MARKING, told("工况故障、事故标记时间过长", "fault or accident marked for too long"), _fault_mark_long,
        "mark 08:00~10:00 condition 故障\nhour 08:00 SO2 avg=30",
        "mark 08:00~20:00 condition 故障\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "08:00", "08:00"), ("practice.fault_labels", "practice.fault_mark_h"),
    ),
    Check(
        "CHK-OPS-MARK-AT-EXCEEDANCE", Family.OPERATION, Level.SERIOUS, Text("工况标记恰好只盖住超标小时", "a mark that covers just the exceedance"),
        (HOUR,), POLLUTANTS, clauses.MARKING, told("工况标记恰好只盖住超标小时", "a mark covers just the hours above the limit"), _mark_at_exceedance,
        "mark 07:00~10:00 condition 启炉\nhour 07:00~10:00 SO2 avg=40 zs=50,130,60,50",
        "mark 08:00~09:00 condition 启炉\nhour 07:00~10:00 SO2 avg=40 zs=50,130,60,50",
        Expected("SO2", "08:00", "08:00"), ("practice.short_mark_h",), needs=("limits",),
    ),
    Check(
        "CHK-OPS-CONTRADICTING", Family.OPERATION, Level.ORDINARY, Text("工况标记互相矛盾", "contradicting marks"),
        (HOUR,), (), clauses.MARKING, told("同一时间有两种工况标记", "two different marks about the plant at one time"), _contradicting,
        "mark 08:00~10:00 condition 停运\nmark 10:00~12:00 condition 启炉\nhour 08:00 SO2 avg=30",
        "mark 08:00~10:00 condition 停运\nmark 09:00~12:00 condition 启炉\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "09:00", "09:00"),
    ),
    Check(
        "CHK-OPS-RESTART", Family.OPERATION, Level.HINT, Text("疑似启炉而无标记", "a start-up without a mark"),
        (HOUR,), (O2,), clauses.MARKING,
        told("含氧量由空气水平降到在燃水平，没有启炉标记",
             "oxygen fell from air to burning, no mark of start-up"), _restart_unmarked,
        "mark 10:00~12:00 condition 启炉\nhour 08:00~11:00 O2 avg=20.9,20.9,12,9\nhour 08:00~11:00 V avg=0,0,8,9",
        "hour 08:00~11:00 O2 avg=20.9,20.9,12,9\nhour 08:00~11:00 V avg=0,0,8,9",
        Expected(WHOLE, "10:00", "10:00"), ("practice.air_o2", "practice.running_o2", "practice.still_velocity"),
    ),
)  # fmt: skip
