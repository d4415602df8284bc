"""Checks of values by themselves, month by month: PM2.5 above PM10, negative values, values near the detection limit."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from lantian.air.quality import NAMES, STATION, Doubt, QualityRule, clock, items_of, plain, subject, with_month
from lantian.basis.finding import Severity, Text

Time = datetime | date


def fine_above_coarse(table: pl.DataFrame, rule: QualityRule) -> list[Doubt]:
    """Months of a station in which PM2.5 lies above PM10 in more values than may be (PM2.5 与 PM10 倒挂).

    Rule    PM2.5 is a part of PM10; how much instruments may differ is our own practice
    """
    if not {"pm10", "pm25"} <= set(table.columns):
        return []
    above = pl.col("pm25") > pl.col("pm10")
    months = (
        with_month(table)
        .filter(above.is_not_null())
        .group_by(*STATION, "month", maintain_order=True)
        .agg(
            compared=pl.len().cast(pl.Int64),
            count=above.sum().cast(pl.Int64),
            first=pl.col("time").filter(above).min(),
            last=pl.col("time").filter(above).max(),
            most=(pl.col("pm25") - pl.col("pm10")).max(),
        )
        .filter(
            (pl.col("count") >= rule.fine_above_least)
            & (100 * pl.col("count") > rule.fine_above_percent * pl.col("compared"))
        )
    )
    return [_fine(*row) for row in months.drop("month").iter_rows()]


def _fine(city: str, station: str | None, compared: int, count: int, first: Time, last: Time, most: int) -> Doubt:
    who = subject(city, station)
    text = Text(
        f"{who}：{clock(first)} 至 {clock(last)} 有 {count} 个值 PM2.5 高于 PM10（当月可比 {compared} 个，最多高"
        f" {plain(most)} µg/m³）。请核查两台颗粒物仪器",
        f"{who}: PM2.5 above PM10 in {count} of {compared} values of the month, by up to {plain(most)}",
    )
    code, clause = "AIR-QUALITY-FINE-ABOVE-COARSE", "ambient.quality.fine_above"
    return Doubt(code, Severity.WARNING, city, station, "pm25", first, last, count, text, clause)


def negative_values(table: pl.DataFrame) -> list[Doubt]:
    """Months of a station and item with negative values.

    Rule    the values count as they came; whether negative ones are replaced is decided by who reviews the data
    """
    found = []
    for item in items_of(table):
        below = with_month(table).filter(pl.col(item) < 0)
        months = below.group_by(*STATION, "month", maintain_order=True).agg(
            first=pl.col("time").min(), last=pl.col("time").max(), count=pl.len(), least=pl.col(item).min()
        )
        found += [_negative(item, *row) for row in months.drop("month").iter_rows()]
    return found


def _negative(item: str, city: str, station: str | None, first: Time, last: Time, count: int, least: int) -> Doubt:
    who = subject(city, station)
    text = Text(
        f"{who}：{clock(first)} 至 {clock(last)} {NAMES[item]} 有 {count} 个负值（最低 {plain(least)}）。请核查零点",
        f"{who}: {count} negative values of {NAMES[item]}, lowest {plain(least)}: check the zero of the instrument",
    )
    code, clause = "AIR-QUALITY-NEGATIVE", "ambient.quality"
    return Doubt(code, Severity.WARNING, city, station, item, first, last, count, text, clause)


def low_values(table: pl.DataFrame, rule: QualityRule) -> list[Doubt]:
    """Months of a station and item with most values at or below the detection limit."""
    found = []
    for item in items_of(table):
        months = (
            with_month(table)
            .filter(pl.col(item).is_not_null())
            .group_by(*STATION, "month", maintain_order=True)
            .agg(
                first=pl.col("time").min(),
                last=pl.col("time").max(),
                all=pl.len().cast(pl.Int64),
                low=(pl.col(item) <= rule.detection[item]).sum().cast(pl.Int64),
            )
            .filter(100 * pl.col("low") > rule.detection_percent * pl.col("all"))
        )
        found += [_low(item, rule.detection[item], *row) for row in months.drop("month").iter_rows()]
    return found


def _low(item: str, edge: int, city: str, station: str | None, first: Time, last: Time, every: int, low: int) -> Doubt:
    who = subject(city, station)
    text = Text(
        f"{who}：{clock(first)} 至 {clock(last)} {NAMES[item]} 的 {every} 个值中有 {low} 个不高于检出限（按 {plain(edge)} 计）",
        f"{who}: {low} of {every} values of {NAMES[item]} at or below the detection limit (taken as {plain(edge)})",
    )
    code, clause = "AIR-QUALITY-DETECTION", "ambient.quality.detection"
    return Doubt(code, Severity.NOTE, city, station, item, first, last, low, text, clause)
