"""City days or station hours into the two tables of an evaluation: every day with its AQI, every year's statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl

from lantian.air.item import ITEMS, PRINTED
from lantian.air.parameters import StatisticsRule
from lantian.air.period import printed_value
from lantian.air.year import SINGLE, YearFigures, single, years_figures
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store import cells
from lantian.store.air_write import RawDay
from lantian.store.city_rows import Reading
from lantian.store.layout import layouts
from lantian.work.air_hour_sums import HourDays
from lantian.work.air_hours import days_of_files
from lantian.work.air_import import read_tables, without_conflicts
from lantian.work.air_rules import evaluated_days, statistics_rule, table_of

DAY_COLUMNS = ("city", "date", *ITEMS, "aqi", "primary", "category", "edition")
YEAR_COLUMNS = (
    "city", "year", "so2_mean", "no2_mean", "pm10_mean", "pm25_mean", "so2_p98", "no2_p98", "co_p95", "o3_8h_p90",
    "pm10_p95", "pm25_p95", "valid_days", "good_days", "good_ratio", "heavy_days", "composite_index",
)  # fmt: skip
_SHOWN = 20
_MEANS = ("so2", "no2", "pm10", "pm25")

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Printed tables of days and of years (null is “no valid value”), and what a reader should know."""

    days: pl.DataFrame
    years: pl.DataFrame
    notes: tuple[Finding, ...] = ()


def evaluated_hours(paths: Sequence[Path], progress: Progress) -> Evaluation:
    """Evaluation of files or folders of station hours.

    Rule    HJ 663 and HJ 633 by date; conventions of the evaluation: docs/air.md
    Errors  Refusal naming what is wrong and where
    """
    hours = days_of_files(paths, progress)
    progress(0, 1, "计算")
    return evaluation(hours)


def evaluation(hours: HourDays) -> Evaluation:
    """Evaluation of city days of station hours."""
    judged = evaluated_days(hours.days, hours.parts)
    return Evaluation(
        day_table(judged), year_table(hours.days.with_columns(judged["aqi"]), hours.parts), tuple(hours.notes)
    )


def evaluated_files(files: Sequence[Path], progress: Progress) -> Evaluation:
    """Evaluation of city-daily files.

    Rule    conventions of the evaluation: docs/air.md; a row with a fault refuses the whole, nothing is kept aside here
    Errors  Refusal
    """
    rows = city_rows(files, progress)
    progress(0, 1, "计算")
    days = evaluated_days(full_years(rows))
    return Evaluation(day_table(days), year_table(single(days), SINGLE))


def city_rows(files: Sequence[Path], progress: Progress) -> list[RawDay]:
    """Rows of city-daily files, all of them without fault.

    Errors  Refusal naming the rows with a fault; a file without rows
    """
    sources = []
    for done, file in enumerate(files):
        progress(done, len(files), f"读取 {file.name}")
        sources.append(cells.read_file(file))
    reading = Reading(first=TOTAL_FROM, keep=str.strip)
    rows, aside = without_conflicts(read_tables(sources, layouts(), reading, None, progress))
    if aside:
        raise Refusal(*(one.finding for one in aside[:_SHOWN]), *_more(len(aside)))
    if not rows:
        place = Place(file=sources[0].name)
        text = Text("表头认得，但没有一行数据。请检查是否导出完整", "headings, but no rows")
        raise Refusal(Finding("AIR-TABLE-NO-ROWS", Severity.REFUSED, text, place))
    return rows


def _more(count: int) -> list[Finding]:
    if count <= _SHOWN:
        return []
    text = Text(f"另有 {count - _SHOWN} 行有问题，未列出", f"{count - _SHOWN} more rows with faults")
    return [Finding("AIR-ROWS-MORE", Severity.NOTE, text)]


def full_years(rows: Sequence[RawDay]) -> pl.DataFrame:
    """Table with one row per city and calendar day of each year in which the city has a row; absent days are null."""
    table = table_of(list(rows))
    years = table.select("city", year=pl.col("date").dt.year()).unique().sort("city", "year")
    grid = years.select(
        "city", date=pl.date_ranges(pl.date(pl.col("year"), 1, 1), pl.date(pl.col("year"), 12, 31))
    ).explode("date")
    return grid.join(table, on=["city", "date"], how="left", maintain_order="left")


def day_table(days: pl.DataFrame) -> pl.DataFrame:
    """Evaluated days as they are printed."""
    names = pl.col("primary").list.eval(pl.element().replace_strict(PRINTED, return_dtype=pl.String)).list.join(",")
    return days.select(
        "city",
        pl.col("date").cast(pl.String),
        *(pl.col(f"{item}_text").alias(item) for item in ITEMS),
        pl.col("aqi").cast(pl.String),
        pl.when(pl.col("primary").list.len() > 0).then(names).alias("primary"),
        "category",
        "edition",
    )


def year_table(days: pl.DataFrame, parts: Mapping[str, int]) -> pl.DataFrame:
    """Printed figures of each city and calendar year; those without validity are left empty.

    Rule    a year is judged by the edition of its last day
    """
    rows = []
    for number in days["date"].dt.year().unique().sort().to_list():
        table = days.filter(pl.col("date").is_between(date(number, 1, 1), date(number, 12, 31)))
        rule = statistics_rule(date(number, 12, 31))
        rows += [_year_row(one, rule) for one in years_figures(table, parts, rule)]
    columns = dict(zip(YEAR_COLUMNS, zip(*rows, strict=True), strict=True))
    return pl.DataFrame({name: pl.Series(name, list(cells), dtype=pl.String) for name, cells in columns.items()}).sort(
        "city", "year"
    )


def _year_row(one: YearFigures, rule: StatisticsRule) -> tuple[str | None, ...]:
    def printed(values: Mapping[str, Fraction | None], items: Sequence[str]) -> list[str | None]:
        return [printed_value(values[item], rule.places[item]) for item in items]

    ratio = printed_value(one.good_ratio, rule.ratio_places)
    counts = (str(one.valid_days), str(one.good_days), ratio, str(one.heavy_days))
    index = printed_value(one.composite_index, rule.index_places)
    return one.city, str(one.year), *printed(one.means, _MEANS), *printed(one.percentiles, ITEMS), *counts, index
