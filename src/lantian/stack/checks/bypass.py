"""Checks of bypasses: gas that leaves past the treatment or past the monitor."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import NOTHING, WHOLE, Check, Expected, Family, Level, of_outlet, offences
from lantian.stack.checks.evidence import (
    FLOW,
    HOUR,
    O2,
    POLLUTANTS,
    TEMPERATURE,
    VELOCITY,
    Evidence,
    spread,
    widened,
)
from lantian.stack.checks.grid import burning, covered, moving, running
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import at_most, told


def _main_hours(e: Evidence) -> pl.DataFrame:
    """Hours of the outlet this one bypasses, a column for each factor."""
    main = e.main if e.main is not None else e.rows.clear()
    return widened(main.filter(pl.col("cn") == HOUR))


def _both(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours of the bypass in which the main outlet runs."""
    return e.wide(HOUR, every=True).join(_main_hours(e).filter(running(p)).select("start"), on="start", how="semi")


def _flowing(e: Evidence, p: Parameters) -> pl.DataFrame:
    most = float(p.practice.bypass_velocity)
    return of_outlet(_both(e, p), pl.col(VELOCITY) > most, pl.col(VELOCITY), at_most(most), VELOCITY)


def _volume(e: Evidence, p: Parameters) -> pl.DataFrame:
    main = _main_hours(e).select("start", pl.col(FLOW).alias("main"))
    rows = e.wide(HOUR, every=True).join(main, on="start")
    share = pl.col(FLOW) / (pl.col(FLOW) + pl.col("main")) * 100
    most = float(p.practice.bypass_flow_percent)
    return of_outlet(rows, share > most, pl.format("{}%", share.round(1)), f"≤ {most:g}%", FLOW)


def _warm(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which the bypass is about as warm as the main outlet: its valve leaks."""
    main = _main_hours(e).filter(running(p)).select("start", pl.col(TEMPERATURE).alias("main"))
    rows = e.wide(HOUR, every=True).join(main, on="start")
    most = pl.col("main") - float(p.practice.bypass_cooler)
    near = (pl.col(TEMPERATURE) > most) & (pl.col(TEMPERATURE) >= float(p.practice.running_temperature))
    return of_outlet(rows, near, pl.col(TEMPERATURE), at_most(most), TEMPERATURE)


def _burning(e: Evidence, p: Parameters) -> pl.DataFrame:
    most = float(p.practice.bypass_o2)
    return of_outlet(_both(e, p), pl.col(O2) < most, pl.col(O2), f"≥ {most:g}", O2)


def _emitting(e: Evidence, p: Parameters) -> pl.DataFrame:
    limit = pl.col("code").replace_strict(dict(e.outlet.limits), default=None, return_dtype=pl.Float64)
    return offences(e.normal(HOUR), spread(POLLUTANTS) & (pl.col("avg") > limit), pl.col("avg"), at_most(limit))


def _silent(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which the main outlet reports and the bypass does not."""
    rows = _main_hours(e).join(e.of(HOUR), on="start", how="anti")
    return of_outlet(rows, pl.lit(True), pl.lit("无数据"), "有数据")


def _main_stopped(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which gas moves warm in the bypass while nothing moves in the main outlet."""
    still = _main_hours(e).filter(pl.col(VELOCITY) < float(p.practice.still_velocity)).select("start")
    rows = e.wide(HOUR, every=True).join(still, on="start", how="semi")
    warm = pl.col(TEMPERATURE) >= float(p.practice.running_temperature)
    return of_outlet(rows, moving(p) & warm, pl.col(VELOCITY), "0", VELOCITY)


def _open_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Spans in which the bypass was open for more hours than it should be altogether."""
    rows = e.wide(HOUR, every=True).filter(pl.col(VELOCITY) > float(p.practice.bypass_velocity))
    most = p.practice.bypass_hours
    span = rows.select(pl.col("start").min(), pl.col("end").max(), pl.len().alias("n"), pl.lit(WHOLE).alias("code"))
    return offences(span, pl.col("n") > most, pl.format("{} 小时", "n"), f"≤ {most} 小时")


def _unmarked(e: Evidence, p: Parameters) -> pl.DataFrame:
    rows = e.wide(HOUR, every=True).filter(pl.col(VELOCITY) > float(p.practice.bypass_velocity))
    rows = rows.filter(
        ~covered(e, family="condition") & (pl.col("end") + timedelta(hours=p.practice.mark_within_h) <= e.now)
    )
    return of_outlet(rows, pl.lit(True), pl.col(VELOCITY), "有开启标记或报备")


def _main_drops(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which flow and all masses drop while oxygen and temperature stay: gas may leave another way.

    Rule    compared with the median of the same day's hours in operation; outlets that are bypasses themselves are left out
    """
    if e.outlet.bypass_of:
        return NOTHING
    rows = e.wide(HOUR).filter(burning(p) & moving(p))
    day = pl.col("start").dt.truncate("1d")
    middle = {code: pl.col(code).median().over(day) for code in (FLOW, O2, TEMPERATURE)}
    calm = ((pl.col(O2) - middle[O2]).abs() < 1) & ((pl.col(TEMPERATURE) - middle[TEMPERATURE]).abs() < 5)
    least = middle[FLOW] * (1 - float(p.practice.bypass_drop_percent) / 100)
    rows = rows.with_columns(least.alias("least"), calm.alias("calm"), pl.len().over(day).alias("n"))
    off = (pl.col(FLOW) < pl.col("least")) & pl.col("calm") & (pl.col("n") >= 6)
    return of_outlet(rows, off, pl.col(FLOW), pl.format("≥ {}", pl.col("least").round(2)), FLOW)


_MAIN: Final = "main hour 08:00~09:00 V avg=9\nmain hour 08:00~09:00 T avg=60\nmain hour 08:00~09:00 O2 avg=8\nmain hour 08:00~09:00 Q avg=30\n"
_BYPASS: Final = "set bypass_of=DA001\n" + _MAIN

BYPASS: Final = (
    Check(
        "CHK-BYP-FLOWING", Family.BYPASS, Level.SERIOUS, Text("主排口运行时旁路有烟气", "gas in the bypass while the main outlet runs"),
        (HOUR,), (VELOCITY,), clauses.BYPASS,
        told("主排口运行时旁路有烟气流动，疑似经旁路排放",
             "gas moves in the bypass while the main outlet runs"), _flowing,
        _BYPASS + "hour 08:00~09:00 V avg=0.1",
        _BYPASS + "hour 08:00~09:00 V avg=0.1,6",
        Expected("V", "09:00", "09:00"), ("practice.bypass_velocity",), needs=("bypass_of", "main"),
    ),
    Check(
        "CHK-BYP-VOLUME", Family.BYPASS, Level.SERIOUS, Text("旁路烟气量占比过高", "the bypass carries too much"),
        (HOUR,), (FLOW,), clauses.BYPASS, told("旁路流量占主、旁总流量的比例过高", "the bypass carries too large a share of the flow"), _volume,
        _BYPASS + "hour 08:00~09:00 Q avg=0.1",
        _BYPASS + "hour 08:00~09:00 Q avg=0.1,12",
        Expected("Q", "09:00", "09:00"), ("practice.bypass_flow_percent",), needs=("bypass_of", "main"),
    ),
    Check(
        "CHK-BYP-WARM", Family.BYPASS, Level.ORDINARY, Text("旁路烟温接近主排口", "the bypass is as warm as the main outlet"),
        (HOUR,), (TEMPERATURE,), clauses.BYPASS,
        told("旁路烟温接近主排口，疑似挡板未关严",
             "the bypass is about as warm as the main outlet: leaking?"), _warm,
        _BYPASS + "hour 08:00~09:00 T avg=18",
        _BYPASS + "hour 08:00~09:00 T avg=18,58",
        Expected("T", "09:00", "09:00"), ("practice.bypass_cooler",), needs=("bypass_of", "main"),
    ),
    Check(
        "CHK-BYP-BURNING", Family.BYPASS, Level.ORDINARY, Text("旁路含氧量低于空气", "oxygen in the bypass below that of air"),
        (HOUR,), (O2,), clauses.BYPASS,
        told("主排口运行时旁路含氧量明显低于空气，旁路内有烟气",
             "oxygen in the bypass below that of air: flue gas in it"), _burning,
        _BYPASS + "hour 08:00~09:00 O2 avg=20.9",
        _BYPASS + "hour 08:00~09:00 O2 avg=20.9,11",
        Expected("O2", "09:00", "09:00"), ("practice.bypass_o2",), needs=("bypass_of", "main"),
    ),
    Check(
        "CHK-BYP-EMITTING", Family.BYPASS, Level.SERIOUS, Text("旁路污染物浓度高于限值", "concentrations in the bypass above the limit"),
        (HOUR,), POLLUTANTS, clauses.BYPASS, told("旁路污染物浓度高于排放限值", "concentrations in the bypass above the limit"), _emitting,
        _BYPASS + "hour 08:00~09:00 SO2 avg=5",
        _BYPASS + "hour 08:00~09:00 SO2 avg=5,420",
        Expected("SO2", "09:00", "09:00"), needs=("bypass_of", "limits"),
    ),
    Check(
        "CHK-BYP-SILENT", Family.BYPASS, Level.ORDINARY, Text("主排口有数据而旁路没有", "the bypass is silent"),
        (HOUR,), (), clauses.BYPASS, told("主排口有数据而旁路没有数据", "the main outlet reports, the bypass does not"), _silent,
        _BYPASS + "hour 08:00~09:00 V avg=0.1",
        _BYPASS + "hour 08:00 V avg=0.1",
        Expected(WHOLE, "09:00", "09:00"), needs=("bypass_of", "main"),
    ),
    Check(
        "CHK-BYP-MAIN-STILL", Family.BYPASS, Level.SERIOUS, Text("主排口静止而旁路排放", "main outlet still, bypass flows"),
        (HOUR,), (VELOCITY,), clauses.BYPASS, told("主排口无烟气而旁路有热烟气", "nothing in the main outlet, warm gas in the bypass"), _main_stopped,
        "set bypass_of=DA001\nmain hour 08:00~09:00 V avg=9\nhour 08:00~09:00 V avg=0.1\nhour 08:00~09:00 T avg=18",
        "set bypass_of=DA001\nmain hour 08:00~09:00 V avg=9,0\nhour 08:00~09:00 V avg=0.1,8\nhour 08:00~09:00 T avg=18,70",
        Expected("V", "09:00", "09:00"), ("practice.still_velocity", "practice.running_velocity"), needs=("bypass_of", "main"),
    ),
    Check(
        "CHK-BYP-OPEN-LONG", Family.BYPASS, Level.ORDINARY, Text("旁路开启累计过长", "the bypass was open for long"),
        (HOUR,), (), clauses.BYPASS, told("所查时段旁路开启累计过长", "the bypass was open for too many hours"), _open_long,
        "set bypass_of=DA001\nhour 08:00~09:00 V avg=6",
        "set bypass_of=DA001\nhour 08:00~13:00 V avg=6",
        Expected(WHOLE, "08:00", "08:00"), ("practice.bypass_hours", "practice.bypass_velocity"), needs=("bypass_of",),
    ),
    Check(
        "CHK-BYP-UNMARKED", Family.BYPASS, Level.SERIOUS, Text("旁路开启而无标记、报备", "bypass open without a mark"),
        (HOUR,), (), clauses.BYPASS, told("旁路有烟气而没有标记或报备", "gas in the bypass without mark or notice"), _unmarked,
        "set bypass_of=DA001\nmark 08:00~10:00 condition 旁路开启\nhour 08:00~09:00 V avg=6",
        "set bypass_of=DA001\nhour 08:00~09:00 V avg=6",
        Expected(WHOLE, "08:00", "09:00"), ("practice.bypass_velocity", "practice.mark_within_h"), needs=("bypass_of",),
    ),
    Check(
        "CHK-BYP-MAIN-DROPS", Family.BYPASS, Level.ORDINARY, Text("主排口流量下降而工况未变", "flow drops while the plant does not"),
        (HOUR,), (FLOW,), clauses.BYPASS,
        told("流量明显下降而含氧量、烟温未变，疑似部分烟气另有去处",
             "flow drops, oxygen and temperature stay: does gas leave another way?"), _main_drops,
        "hour 08:00~15:00 V avg=8\nhour 08:00~15:00 T avg=60\nhour 08:00~15:00 O2 avg=8\nhour 08:00~15:00 Q avg=30,29,31,25",
        "hour 08:00~15:00 V avg=8\nhour 08:00~15:00 T avg=60\nhour 08:00~15:00 O2 avg=8\nhour 08:00~14:00 Q avg=30\nhour 15:00 Q avg=12",
        Expected("Q", "15:00", "15:00"), ("practice.bypass_drop_percent",),
    ),
)  # fmt: skip
