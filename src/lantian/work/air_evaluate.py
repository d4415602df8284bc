"""Tables of city days into the two tables of an evaluation: every day with its AQI, every year with its statistics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from lantian.air.day import primary_names
from lantian.air.item import ITEMS
from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, printed_value, year_figures
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import year
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store import cells
from lantian.store.air_write import RawDay
from lantian.store.city_rows import Reading
from lantian.store.layout import layouts
from lantian.work.air_import import read_tables, without_conflicts
from lantian.work.air_rules import evaluated_days, statistics_rule, table_of

DAY_COLUMNS = ("city", "date", *ITEMS, "aqi", "primary", "category", "edition")
YEAR_COLUMNS = (
    "city", "year", "so2_mean", "no2_mean", "pm10_mean", "pm25_mean", "so2_p98", "no2_p98", "co_p95", "o3_8h_p90",
    "pm10_p95", "pm25_p95", "valid_days", "good_days", "good_ratio", "heavy_days", "composite_index",
)  # fmt: skip
_SHOWN = 20

Row = tuple[str, ...]
Progress = Callable[[int, int, str], None]


def evaluated_files(files: Sequence[Path], progress: Progress) -> tuple[list[Row], list[Row]]:
    """Rows of the day table and of the year table of city-daily files; an empty text is “no valid value”.

    Rule    conventions of the evaluation: docs/air.md; a row with a fault refuses the whole, nothing is kept aside here
    Errors  Refusal
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
    progress(0, 1, "计算")
    days = evaluated_days(full_years(rows))
    return day_rows(days), year_rows(days, progress)


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


def day_rows(days: pl.DataFrame) -> list[Row]:
    """Printed rows of the day table."""
    columns = ["city", "date", *(f"{item}_text" for item in ITEMS), "aqi", "primary", "category", "edition"]
    return [
        (
            *(_cell(value) for value in row[:-3]),
            ",".join(primary_names(row[-3])),
            *(_cell(value) for value in row[-2:]),
        )
        for row in days.select(columns).iter_rows()
    ]


def year_rows(days: pl.DataFrame, progress: Progress) -> list[Row]:
    """Printed rows of the year table: statistics of each city and calendar year, those without validity left empty."""
    groups = days.with_columns(year=pl.col("date").dt.year()).partition_by(
        "city", "year", as_dict=True, maintain_order=True
    )
    rows = []
    for done, ((city, number), table) in enumerate(groups.items()):
        if done % 50 == 0:
            progress(done, len(groups), "年统计")
        rule = statistics_rule(date(int(number), 12, 31))
        rows.append((str(city), str(number), *_year_cells(year_figures(table, year(int(number)), rule), rule)))
    return rows


def _year_cells(figures: PeriodFigures, rule: StatisticsRule) -> Row:
    means = [printed_value(figures.means[item], rule.places[item]) for item in ("so2", "no2", "pm10", "pm25")]
    percentiles = [printed_value(figures.percentiles[item], rule.places[item]) for item in ITEMS]
    counts = [figures.valid_days, figures.good_days, printed_value(figures.good_ratio, rule.ratio_places)]
    index = printed_value(figures.composite_index, rule.index_places)
    return tuple(_cell(value) for value in [*means, *percentiles, *counts, figures.heavy_days, index])


def _cell(value: object) -> str:
    return "" if value is None else str(value)
