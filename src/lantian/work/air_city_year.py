"""A table of station hours to city days, AQI and annual figures in process; late hours recompute only their days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from lantian.air.city_hours import days_of_hours
from lantian.air.year import YearFigures, years_figures
from lantian.basis.period import Days
from lantian.work.air_hour_sums import all_parts
from lantian.work.air_rules import day_rules, evaluated_days, statistics_rule


def city_days_of(
    hours: pl.DataFrame, period: Days, scales: Mapping[str, int], stations: Mapping[str, int] | None = None
) -> pl.DataFrame:
    """City days of a period with their AQI, by the editions of their dates.

    Shape   as ``air.city_day`` with ``aqi``, by city and date; ``hours``, ``scales``, ``stations`` as in
            ``air.city_hours``
    Errors  ConflictError; rulebook.NoRuleError before 2012
    """
    parts = all_parts()
    if stations is None:
        stations = dict(
            hours.group_by("city").agg(pl.col("station").n_unique()).iter_rows()  # of all hours, also outside
        )
    tables = [days_of_hours(hours, span, scales, rule, parts, stations) for span, rule in day_rules(period)]
    days = tables[0] if len(tables) == 1 else pl.concat(tables).sort("city", "date")
    return days.with_columns(evaluated_days(days, parts)["aqi"])


def with_late_hours(
    days: pl.DataFrame, hours: pl.DataFrame, late: Days, scales: Mapping[str, int], stations: Mapping[str, int]
) -> pl.DataFrame:
    """City days with those of ``late`` computed anew for the cities in ``hours``, all others untouched.

    ``hours`` holds every hour of those cities and days, the late ones among them.
    """
    again = city_days_of(hours, late, scales, stations)
    return pl.concat([days.join(again.select("city", "date"), on=["city", "date"], how="anti"), again]).sort(
        "city", "date"
    )


def city_years(days: pl.DataFrame) -> list[YearFigures]:
    """Annual figures of the calendar years of city days; a year is judged by the edition of its last day."""
    found = []
    for number in days["date"].dt.year().unique().sort().to_list():
        table = days.filter(pl.col("date").is_between(date(number, 1, 1), date(number, 12, 31)))
        found += years_figures(table, all_parts(), statistics_rule(date(number, 12, 31)))
    return found
