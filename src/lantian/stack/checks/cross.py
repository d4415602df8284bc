"""Checks between factors of one period: conversion, flow, moisture, sums of parts."""

from __future__ import annotations

from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import Check, Expected, Family, Level, of_outlet, offences
from lantian.stack.checks.evidence import (
    FLOW,
    HOUR,
    MINUTE,
    MOISTURE,
    NO,
    NO2,
    NOX,
    O2,
    POLLUTANTS,
    PRESSURE,
    TEMPERATURE,
    VELOCITY,
    Evidence,
    spread,
)
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import about, at_least, at_most, told
from lantian.stack.conversion import AIR_O2, ATMOSPHERE_PA, NO2_G_MOL, NO_G_MOL, ZERO_C_K

_TSP, _PM10, _PM25 = "a34001", "a34002", "a34004"
_METHANE, _THC, _NMHC = "a05002", "a24087", "a24088"
_AROMATICS: Final = ("a25002", "a25003", "a25005")  # benzene, toluene, xylene
_KPA: Final = ATMOSPHERE_PA / 1000


def converted_at(avg: pl.Expr, o2: pl.Expr, reference: float) -> pl.Expr:
    """``stack.conversion.converted`` for columns (D.2 eq. 28)."""
    return avg * (AIR_O2 - reference) / (AIR_O2 - o2)


def standard_flow(area: float) -> pl.Expr:
    """Dry flow at standard state in m³/s from the columns of velocity, temperature, gauge pressure (kPa) and moisture.

    Rule    D.2 eq. 30 and 31, with one atmosphere around the duct
    """
    heat = ZERO_C_K / (ZERO_C_K + pl.col(TEMPERATURE))
    pressure = (_KPA + pl.col(PRESSURE)) / _KPA
    return pl.col(VELOCITY) * area * heat * pressure * (1 - pl.col(MOISTURE) / 100)


def _with_o2(e: Evidence, cn: str, p: Parameters) -> pl.DataFrame:
    """Normal pollutant rows with a converted value and the oxygen of their period, where conversion is meaningful."""
    o2 = e.wide(cn).select("start", pl.col(O2).alias("o2")).filter(pl.col("o2") <= float(p.practice.conversion_o2_most))
    rows = e.normal(cn).filter(spread(POLLUTANTS) & pl.col("zs").is_not_null() & (pl.col("avg") > 0))
    return rows.join(o2, on="start")


def _conversion(cn: str):  # type: ignore[no-untyped-def]
    def found(e: Evidence, p: Parameters) -> pl.DataFrame:
        wanted = converted_at(pl.col("avg"), pl.col("o2"), float(e.outlet.reference_o2 or 0))
        share = float(p.practice.conversion_percent) / 100
        off = (pl.col("zs") - wanted).abs() > pl.max_horizontal(
            wanted * share, pl.lit(float(p.practice.conversion_least))
        )
        return offences(_with_o2(e, cn, p), off, pl.col("zs"), about(wanted))

    return found


def _reference(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Days on which the reference oxygen that the values imply is steady, but another than the registered one."""
    implied = AIR_O2 - (AIR_O2 - pl.col("o2")) * pl.col("zs") / pl.col("avg")
    rows = _with_o2(e, HOUR, p).filter(pl.col("avg") >= float(p.practice.implied_from_mg))
    days = (
        rows.group_by(pl.col("start").dt.truncate("1d"), "code")
        .agg(
            implied.median().alias("implied"),
            (implied - implied.median()).abs().median().alias("spread"),
            pl.len().alias("n"),
        )
        .with_columns((pl.col("start") + pl.duration(days=1)).alias("end"))
    )
    off = (pl.col("implied") - float(e.outlet.reference_o2 or 0)).abs() > float(p.practice.reference_o2_off)
    steady = (pl.col("spread") <= float(p.practice.reference_o2_off)) & (pl.col("n") >= p.practice.reference_hours)
    return offences(
        days, off & steady, pl.format("按 {}% 折算", pl.col("implied").round(2)), f"{e.outlet.reference_o2}%"
    )


def _not_converted(e: Evidence, p: Parameters) -> pl.DataFrame:
    away = (pl.col("o2") - float(e.outlet.reference_o2 or 0)).abs() > float(p.practice.reference_o2_off)
    same = pl.col("zs") == pl.col("avg")
    wanted = converted_at(pl.col("avg"), pl.col("o2"), float(e.outlet.reference_o2 or 0))
    return offences(_with_o2(e, HOUR, p), same & away, pl.col("zs"), about(wanted))


def _flow_rows(e: Evidence) -> pl.DataFrame:
    return e.wide(HOUR).with_columns(standard_flow(e.outlet.duct_area or 0).alias("wanted"), pl.col(FLOW).alias("flow"))


def _flow(e: Evidence, p: Parameters) -> pl.DataFrame:
    ratio = pl.col("flow") / pl.col("wanted")
    share = float(p.practice.flow_percent) / 100
    moving = (pl.col(VELOCITY) >= float(p.practice.running_velocity)) & (pl.col("flow") > 0)
    off = ((ratio - 1).abs() > share) & (ratio < float(p.practice.unit_ratio_least))
    return of_outlet(_flow_rows(e), moving & off, pl.col("flow"), about(pl.col("wanted")), FLOW)


def _flow_unit(e: Evidence, p: Parameters) -> pl.DataFrame:
    ratio = pl.col("flow") / pl.col("wanted")
    moving = pl.col(VELOCITY) >= float(p.practice.running_velocity)
    return of_outlet(
        _flow_rows(e),
        moving & (ratio >= float(p.practice.unit_ratio_least)),
        pl.col("flow"),
        about(pl.col("wanted")),
        FLOW,
    )


def _still_but_flowing(e: Evidence, p: Parameters) -> pl.DataFrame:
    wrong = (pl.col(VELOCITY) == 0) & (pl.col(FLOW) > 0)
    return of_outlet(e.wide(HOUR), wrong, pl.col(FLOW), "0", FLOW)


def _moving_no_flow(e: Evidence, p: Parameters) -> pl.DataFrame:
    wrong = (pl.col(VELOCITY) >= float(p.practice.running_velocity)) & (pl.col(FLOW) == 0)
    return of_outlet(e.wide(HOUR), wrong, pl.col(FLOW), "> 0", FLOW)


def _dew_point(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Gas holding more steam than it can at its temperature (Magnus formula over water)."""
    celsius = pl.col(TEMPERATURE)
    most = 0.61094 * (17.625 * celsius / (celsius + 243.04)).exp() / _KPA * 100 + float(p.practice.saturation_points)
    wrong = celsius.is_between(0, 100) & (pl.col(MOISTURE) > most) & (pl.col(MOISTURE) < 100)
    return of_outlet(e.wide(HOUR), wrong, pl.col(MOISTURE), at_most(most), MOISTURE)


def _nox_sum(e: Evidence, p: Parameters) -> pl.DataFrame:
    wanted = pl.col(NO) * NO2_G_MOL / NO_G_MOL + pl.col(NO2)
    slack = pl.max_horizontal(wanted * float(p.practice.sum_percent) / 100, pl.lit(float(p.practice.sum_least)))
    return of_outlet(e.wide(HOUR), (pl.col(NOX) - wanted).abs() > slack, pl.col(NOX), about(wanted), NOX)


def _part_above(whole: str, parts: tuple[str, ...]):  # type: ignore[no-untyped-def]
    def found(e: Evidence, p: Parameters) -> pl.DataFrame:
        rows = e.wide(HOUR)
        if whole not in rows.columns or not set(parts) <= set(rows.columns):
            return rows.clear().select(
                "start", "end", pl.lit(whole).alias("code"), pl.lit("").alias("met"), pl.lit("").alias("wanted")
            )
        total = pl.sum_horizontal(parts)
        most = pl.col(whole) * (1 + float(p.practice.sum_percent) / 100) + float(p.practice.sum_least)
        return of_outlet(rows, total > most, total, at_most(pl.col(whole)), parts[0])

    return found


def _air_in_gas(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Oxygen of plain air while gas flows warm: a leak, a probe pulled out, or dilution."""
    moving = pl.col(VELOCITY) >= float(p.practice.running_velocity)
    warm = pl.col(TEMPERATURE) >= float(p.practice.running_temperature)
    air = pl.col(O2) >= float(p.practice.air_o2)
    return of_outlet(e.wide(HOUR), moving & warm & air, pl.col(O2), at_most(float(p.practice.air_o2)), O2)


def _mass_zero(e: Evidence, p: Parameters) -> pl.DataFrame:
    flowing = e.wide(HOUR).filter(pl.col(FLOW) > 0).select("start")
    rows = e.normal(HOUR).filter(spread(POLLUTANTS)).join(flowing, on="start", how="semi")
    return offences(rows, (pl.col("avg") > 1) & (pl.col("cou") == 0), pl.col("cou"), "> 0")


def _all_down(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Hours in which oxygen rises and all pollutants and the temperature fall together against the hour before."""
    rows = e.wide(HOUR)
    before = {code: pl.col(code).shift(1) for code in (*POLLUTANTS, O2, TEMPERATURE)}
    next_hour = pl.col("start").diff() == pl.duration(hours=1)
    share = 1 - float(p.practice.dilution_percent) / 100
    down = pl.all_horizontal(pl.col(code) < before[code] * share for code in POLLUTANTS)
    up = pl.col(O2) - before[O2] >= float(p.practice.dilution_o2)
    moving = pl.col(VELOCITY) >= float(p.practice.running_velocity)
    cool = pl.col(TEMPERATURE) < before[TEMPERATURE]
    rows = rows.with_columns((next_hour & down & up & cool & moving).alias("off"), before[O2].alias("before"))
    return of_outlet(rows, pl.col("off"), pl.format("{} → {}", "before", O2), "同步下降有工况原因", O2)


def _cold_gas(e: Evidence, p: Parameters) -> pl.DataFrame:
    burning = (pl.col(O2) < float(p.practice.running_o2)) & (pl.col(VELOCITY) >= float(p.practice.running_velocity))
    cold = pl.col(TEMPERATURE) < float(p.practice.burning_temperature_least)
    return of_outlet(
        e.wide(HOUR),
        burning & cold,
        pl.col(TEMPERATURE),
        at_least(float(p.practice.burning_temperature_least)),
        TEMPERATURE,
    )


def _dry_gas(e: Evidence, p: Parameters) -> pl.DataFrame:
    burning = (pl.col(O2) < float(p.practice.running_o2)) & (
        pl.col(TEMPERATURE) >= float(p.practice.running_temperature)
    )
    dry = pl.col(MOISTURE) < float(p.practice.burning_moisture_least)
    return of_outlet(
        e.wide(HOUR), burning & dry, pl.col(MOISTURE), at_least(float(p.practice.burning_moisture_least)), MOISTURE
    )


CROSS: Final = (
    Check(
        "CHK-CROSS-CONVERSION-HOUR", Family.CROSS, Level.SERIOUS, Text("小时折算值与公式不符", "hour not converted by the formula"),
        (HOUR,), POLLUTANTS, clauses.CONVERSION,
        told("小时折算值与按登记基准含氧量计算的不符",
             "a converted hour differs from the formula"), _conversion(HOUR),
        "hour 08:00~09:00 O2 avg=11\nhour 08:00~09:00 NOX avg=100 zs=120",
        "hour 08:00~09:00 O2 avg=11\nhour 08:00~09:00 NOX avg=100 zs=120,100",
        Expected("NOX", "09:00", "09:00"),
        ("practice.conversion_percent", "practice.conversion_least", "practice.conversion_o2_most"), needs=("reference_o2",),
    ),
    Check(
        "CHK-CROSS-CONVERSION-MINUTE", Family.CROSS, Level.ORDINARY, Text("分钟折算值与公式不符", "minute not converted by the formula"),
        (MINUTE,), POLLUTANTS, clauses.CONVERSION,
        told("分钟折算值与按登记基准含氧量计算的不符",
             "a converted minute differs from the formula"), _conversion(MINUTE),
        "minute 08:00~08:03 O2 avg=13\nminute 08:00~08:03 SO2 avg=40 zs=60",
        "minute 08:00~08:03 O2 avg=13\nminute 08:00~08:03 SO2 avg=40 zs=60,50,50,60",
        Expected("SO2", "08:01", "08:02"),
        ("practice.conversion_percent", "practice.conversion_least", "practice.conversion_o2_most"), needs=("reference_o2",),
    ),
    Check(
        "CHK-CROSS-REFERENCE-O2", Family.CROSS, Level.SERIOUS, Text("折算用的基准含氧量与登记不同", "another reference oxygen than registered"),
        (HOUR,), POLLUTANTS, clauses.CONVERSION, told("由实测值和折算值反算的基准含氧量与登记不同", "the implied reference oxygen is another"), _reference,
        "hour 00:00~11:00 O2 avg=11\nhour 00:00~11:00 NOX avg=100 zs=120",
        "hour 00:00~11:00 O2 avg=11\nhour 00:00~11:00 NOX avg=100 zs=90",
        Expected("NOX", "00:00", "00:00"),
        ("practice.implied_from_mg", "practice.reference_o2_off", "practice.reference_hours"), needs=("reference_o2",),
    ),
    Check(
        "CHK-CROSS-NOT-CONVERTED", Family.CROSS, Level.SERIOUS, Text("折算值等于实测值", "converted equals measured"),
        (HOUR,), POLLUTANTS, clauses.CONVERSION, told("含氧量与基准不同，折算值却等于实测值", "not converted although oxygen differs"), _not_converted,
        "hour 08:00 O2 avg=9\nhour 08:00 NOX avg=100 zs=100\nhour 09:00 O2 avg=12\nhour 09:00 NOX avg=90 zs=120",
        "hour 08:00~09:00 O2 avg=12\nhour 08:00~09:00 NOX avg=90 zs=90",
        Expected("NOX", "08:00", "09:00"), ("practice.reference_o2_off",), needs=("reference_o2",),
    ),
    Check(
        "CHK-CROSS-FLOW", Family.CROSS, Level.ORDINARY, Text("流量与流速、截面积不符", "flow does not follow from velocity and area"),
        (HOUR,), (FLOW,), clauses.STANDARD_FLOW,
        told("标干流量与流速、截面积、温度、压力、湿度计算的不符",
             "flow differs from velocity × area at standard state"), _flow,
        "hour 08:00 V avg=10\nhour 08:00 T avg=60\nhour 08:00 P avg=0\nhour 08:00 H avg=10\nhour 08:00 Q avg=29.5",
        "hour 08:00 V avg=10\nhour 08:00 T avg=60\nhour 08:00 P avg=0\nhour 08:00 H avg=10\nhour 08:00 Q avg=20",
        Expected("Q", "08:00", "08:00"), ("practice.flow_percent", "practice.running_velocity"), needs=("duct_area",),
    ),
    Check(
        "CHK-CROSS-FLOW-UNIT", Family.CROSS, Level.ORDINARY, Text("流量疑似用了 m³/h", "flow seems to be in m³/h"),
        (HOUR,), (FLOW,), clauses.FACTORS, told("流量大到疑似单位为 m³/h（规范为 m³/s）", "flow so large that it may be in m³/h"), _flow_unit,
        "hour 08:00 V avg=10\nhour 08:00 T avg=60\nhour 08:00 P avg=0\nhour 08:00 H avg=10\nhour 08:00 Q avg=29.5",
        "hour 08:00 V avg=10\nhour 08:00 T avg=60\nhour 08:00 P avg=0\nhour 08:00 H avg=10\nhour 08:00 Q avg=106200",
        Expected("Q", "08:00", "08:00"), ("practice.unit_ratio_least",), needs=("duct_area",),
    ),
    Check(
        "CHK-CROSS-STILL-FLOW", Family.CROSS, Level.ORDINARY, Text("流速为零而有流量", "flow at no velocity"),
        (HOUR,), (FLOW,), clauses.STANDARD_FLOW, told("流速为 0 而流量大于 0", "flow although velocity is 0"), _still_but_flowing,
        "hour 08:00 V avg=0\nhour 08:00 Q avg=0",
        "hour 08:00 V avg=0\nhour 08:00 Q avg=20",
        Expected("Q", "08:00", "08:00"),
    ),
    Check(
        "CHK-CROSS-MOVING-NO-FLOW", Family.CROSS, Level.SERIOUS, Text("有流速而流量为零", "no flow at velocity"),
        (HOUR,), (FLOW,), clauses.STANDARD_FLOW, told("流速正常而流量为 0，排放量会少计", "no flow although gas moves: mass is lost"), _moving_no_flow,
        "hour 08:00 V avg=8\nhour 08:00 Q avg=20",
        "hour 08:00 V avg=8\nhour 08:00 Q avg=0",
        Expected("Q", "08:00", "08:00"), ("practice.running_velocity",),
    ),
    Check(
        "CHK-CROSS-DEW-POINT", Family.CROSS, Level.ORDINARY, Text("湿度高于该烟温的饱和湿度", "moisture above saturation"),
        (HOUR,), (MOISTURE,), clauses.PHYSICS,
        told("烟气湿度高于该温度下可能的最大值（烟温低于露点）",
             "more steam than gas of this temperature can hold"), _dew_point,
        "hour 08:00 T avg=55\nhour 08:00 H avg=15",
        "hour 08:00 T avg=40\nhour 08:00 H avg=15",
        Expected("H", "08:00", "08:00"), ("practice.saturation_points",),
    ),
    Check(
        "CHK-CROSS-NOX-SUM", Family.CROSS, Level.ORDINARY, Text("氮氧化物与一氧化氮、二氧化氮不符", "NOx is not the sum of NO and NO2"),
        (HOUR,), (NOX, NO, NO2), clauses.NOX_SUM, told("氮氧化物与 NO×46/30＋NO2 不符", "NOx differs from NO × 46/30 + NO2"), _nox_sum,
        "hour 08:00 NO avg=60\nhour 08:00 NO2 avg=5\nhour 08:00 NOX avg=97",
        "hour 08:00 NO avg=60\nhour 08:00 NO2 avg=5\nhour 08:00 NOX avg=65",
        Expected("NOX", "08:00", "08:00"), ("practice.sum_percent", "practice.sum_least"),
    ),
    Check(
        "CHK-CROSS-NO2-ABOVE-NOX", Family.CROSS, Level.ORDINARY, Text("二氧化氮大于氮氧化物", "NO2 above NOx"),
        (HOUR,), (NO2, NOX), clauses.NOX_SUM, told("二氧化氮大于氮氧化物", "NO2 above NOx"), _part_above(NOX, (NO2,)),
        "hour 08:00 NO2 avg=5\nhour 08:00 NOX avg=97",
        "hour 08:00 NO2 avg=110\nhour 08:00 NOX avg=97",
        Expected("NO2", "08:00", "08:00"), ("practice.sum_percent", "practice.sum_least"),
    ),
    Check(
        "CHK-CROSS-PM25-ABOVE-PM10", Family.CROSS, Level.ORDINARY, Text("PM2.5 大于 PM10", "PM2.5 above PM10"),
        (HOUR,), (_PM25, _PM10), clauses.PHYSICS, told("PM2.5 大于 PM10", "PM2.5 above PM10"), _part_above(_PM10, (_PM25,)),
        "hour 08:00 a34004 avg=5\nhour 08:00 a34002 avg=9",
        "hour 08:00 a34004 avg=15\nhour 08:00 a34002 avg=9",
        Expected(_PM25, "08:00", "08:00"), ("practice.sum_percent", "practice.sum_least"),
    ),
    Check(
        "CHK-CROSS-PM10-ABOVE-TSP", Family.CROSS, Level.ORDINARY, Text("PM10 大于总悬浮颗粒物", "PM10 above TSP"),
        (HOUR,), (_PM10, _TSP), clauses.PHYSICS, told("PM10 大于总悬浮颗粒物", "PM10 above TSP"), _part_above(_TSP, (_PM10,)),
        "hour 08:00 a34002 avg=9\nhour 08:00 a34001 avg=12",
        "hour 08:00 a34002 avg=19\nhour 08:00 a34001 avg=12",
        Expected(_PM10, "08:00", "08:00"), ("practice.sum_percent", "practice.sum_least"),
    ),
    Check(
        "CHK-CROSS-NMHC-ABOVE-THC", Family.CROSS, Level.ORDINARY, Text("非甲烷总烃大于总烃", "NMHC above total hydrocarbons"),
        (HOUR,), (_NMHC, _THC), clauses.PHYSICS, told("非甲烷总烃大于总烃", "NMHC above total hydrocarbons"), _part_above(_THC, (_NMHC,)),
        "hour 08:00 a24088 avg=20\nhour 08:00 a24087 avg=24",
        "hour 08:00 a24088 avg=30\nhour 08:00 a24087 avg=24",
        Expected(_NMHC, "08:00", "08:00"), ("practice.sum_percent", "practice.sum_least"),
    ),
    Check(
        "CHK-CROSS-AROMATICS", Family.CROSS, Level.HINT, Text("苯系物之和大于非甲烷总烃", "aromatics above NMHC"),
        (HOUR,), (*_AROMATICS, _NMHC), clauses.PHYSICS,
        told("苯、甲苯、二甲苯之和大于非甲烷总烃（口径不同时可略大）",
             "benzene, toluene and xylene above NMHC"), _part_above(_NMHC, _AROMATICS),
        "hour 08:00 a25002 avg=1\nhour 08:00 a25003 avg=3\nhour 08:00 a25005 avg=4\nhour 08:00 a24088 avg=20",
        "hour 08:00 a25002 avg=10\nhour 08:00 a25003 avg=13\nhour 08:00 a25005 avg=14\nhour 08:00 a24088 avg=20",
        Expected("a25002", "08:00", "08:00"), ("practice.sum_percent", "practice.sum_least"),
    ),
    Check(
        "CHK-CROSS-AIR-IN-GAS", Family.CROSS, Level.SERIOUS, Text("运行中含氧量接近空气", "oxygen of air while running"),
        (HOUR,), (O2,), clauses.OWN,
        told("流速、烟温表明在运行，含氧量却接近空气，疑似漏气、探头脱出或稀释",
             "oxygen of air in warm moving gas"), _air_in_gas,
        "hour 08:00~09:00 V avg=8,0.2\nhour 08:00~09:00 T avg=60,20\nhour 08:00~09:00 O2 avg=9,20.9",
        "hour 08:00~09:00 V avg=8\nhour 08:00~09:00 T avg=60\nhour 08:00~09:00 O2 avg=9,20.8",
        Expected("O2", "09:00", "09:00"), ("practice.running_velocity", "practice.running_temperature", "practice.air_o2"),
    ),
    Check(
        "CHK-CROSS-MASS-ZERO", Family.CROSS, Level.SERIOUS, Text("有浓度有流量而排放量为零", "no mass at concentration and flow"),
        (HOUR,), POLLUTANTS, clauses.MASS_HOUR, told("浓度、流量正常而排放量为 0", "concentration and flow, but no mass"), _mass_zero,
        "hour 08:00 Q avg=30\nhour 08:00 SO2 avg=30 cou=3.24",
        "hour 08:00 Q avg=30\nhour 08:00 SO2 avg=30 cou=0",
        Expected("SO2", "08:00", "08:00"),
    ),
    Check(
        "CHK-CROSS-DILUTION", Family.CROSS, Level.ORDINARY, Text("含氧量升而污染物齐降", "oxygen up, all pollutants down"),
        (HOUR,), POLLUTANTS, clauses.OWN,
        told("含氧量上升、各污染物和烟温同时下降，疑似稀释或漏气",
             "oxygen up, all pollutants and temperature down: dilution?"), _all_down,
        "hour 08:00~09:00 V avg=8\nhour 08:00~09:00 T avg=60,58\nhour 08:00~09:00 O2 avg=8,13\n"
        "hour 08:00~09:00 PM avg=10,9\nhour 08:00~09:00 SO2 avg=50,45\nhour 08:00~09:00 NOX avg=90,80",
        "hour 08:00~09:00 V avg=8\nhour 08:00~09:00 T avg=60,40\nhour 08:00~09:00 O2 avg=8,16\n"
        "hour 08:00~09:00 PM avg=10,3\nhour 08:00~09:00 SO2 avg=50,18\nhour 08:00~09:00 NOX avg=90,30",
        Expected("O2", "09:00", "09:00"), ("practice.dilution_percent", "practice.dilution_o2"),
    ),
    Check(
        "CHK-CROSS-COLD-GAS", Family.CROSS, Level.ORDINARY, Text("在燃而烟温接近室外", "cold gas while burning"),
        (HOUR,), (TEMPERATURE,), clauses.OWN, told("含氧量、流速表明在燃，烟温却过低", "gas too cold for a burning plant"), _cold_gas,
        "hour 08:00 O2 avg=9\nhour 08:00 V avg=8\nhour 08:00 T avg=48",
        "hour 08:00 O2 avg=9\nhour 08:00 V avg=8\nhour 08:00 T avg=3",
        Expected("T", "08:00", "08:00"), ("practice.running_o2", "practice.burning_temperature_least"),
    ),
    Check(
        "CHK-CROSS-DRY-GAS", Family.CROSS, Level.HINT, Text("在燃而湿度接近零", "dry gas while burning"),
        (HOUR,), (MOISTURE,), clauses.OWN, told("含氧量、烟温表明在燃，湿度却接近 0，流量折干偏大", "hardly any moisture in burning gas"), _dry_gas,
        "hour 08:00 O2 avg=9\nhour 08:00 T avg=80\nhour 08:00 H avg=7",
        "hour 08:00 O2 avg=9\nhour 08:00 T avg=80\nhour 08:00 H avg=0.1",
        Expected("H", "08:00", "08:00"), ("practice.running_o2", "practice.burning_moisture_least"),
    ),
)  # fmt: skip
