"""Data quality of station hours from files, month by month: what is worth a look, and the capture of each station."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np
import polars as pl

from lantian.air.hour_grid import HOUR_ITEMS, HOURS, MISSING, HourGrid, stamps_of
from lantian.air.item import SCALE
from lantian.air.quality_capture import Capture
from lantian.basis.exact import rounded_text
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import Days
from lantian.store.hour_columns import Stations
from lantian.store.hour_files import hour_files, months_touched
from lantian.work.air_hour_sums import HourRun
from lantian.work.air_hours import batches_of
from lantian.work.air_quality import Checking
from lantian.work.air_tables import findings_table

Progress = Callable[[int, int, str], None]
CAPTURE_COLUMNS = ("city", "station", "month", "item", "present", "possible", "percent")
_RATE_PLACES = 1


@dataclass(frozen=True, slots=True)
class HourQuality:
    """Printed tables: a finding a line, the capture of each station, month and item a line; what to know of the files."""

    findings: pl.DataFrame
    captures: pl.DataFrame
    notes: tuple[Finding, ...]


def hour_quality(paths: Sequence[Path], progress: Progress, *, days: Days | None = None) -> HourQuality:
    """Findings on files or folders of station hours, inside a period (their first to their last day if none is given).

    Shape   findings as in ``air_tables.QUALITY_COLUMNS``, captures as CAPTURE_COLUMNS, all text, by city and station
    Rule    nothing is removed or changed; a station that occurs in one month counts in all of them
    Errors  Refusal naming what is wrong and where, no hour inside the period
    """
    run, checking, seen = HourRun(), Checking(), list[Days]()
    for month in _months(paths, run, progress):
        grid = month if days is None else _inside(month, days)
        if grid is not None:
            checking.take(hours_of(grid, run.stations), grid.days.last)
            seen += _with_values(grid)
    if not seen:
        text = Text("这个时段内没有小时值。请核对时段和文件", "no hours in this period")
        raise Refusal(Finding("AIR-QUALITY-NO-HOURS", Severity.REFUSED, text))
    progress(0, 1, "汇总")
    asked = days or Days(seen[0].first, seen[-1].last)
    captures = [_capture_row(one) for one in checking.counts.captures(asked)]
    table = pl.DataFrame(captures, schema=dict.fromkeys(CAPTURE_COLUMNS, pl.String), orient="row")
    return HourQuality(findings_table(checking.doubts(asked)), table, tuple(run.notes))


def _months(paths: Sequence[Path], run: HourRun, progress: Progress) -> Iterator[HourGrid]:
    """Months of the files in the order of time, each as soon as nothing to come can touch it or a month before it."""
    files = hour_files(paths)
    touched = [months_touched(file) for file in files]
    for at, batch in batches_of(files, run, progress):
        if batch is not None:
            run.take(batch)
            continue
        run.refuse_conflicts(files[at].name)
        still = touched[at + 1 :]
        if any(one is None for one in still):
            continue
        first = min((one.start for one in still if one is not None), default=None)
        for number in sorted(number for number in run.open if first is None or number < first):
            yield run.open.pop(number).grid()


def _inside(grid: HourGrid, days: Days) -> HourGrid | None:
    part = Days(max(grid.days.first, days.first), min(grid.days.last, days.last))
    return grid.part(part) if part.first <= part.last else None


def _with_values(grid: HourGrid) -> list[Days]:
    """From the first to the last day with a value; nothing where there is none."""
    hours = np.logical_or.reduce([(cube != MISSING).any(axis=0) for cube in grid.values.values()])
    there: list[bool] = hours.reshape(-1, HOURS).any(axis=1).tolist()
    found = list(compress(grid.days, there))
    return [Days(found[0], found[-1])] if found else []


def hours_of(grid: HourGrid, stations: Stations) -> pl.DataFrame:
    """All hours of the stations of a grid as a table of ``air.quality``, missing ones null."""
    names, width = list(stations.numbers), len(grid.days) * HOURS
    own = pl.DataFrame([names[at] for at in grid.stations.tolist()], schema=["city", "station"], orient="row")
    rows = own[np.repeat(np.arange(own.height), width)]
    stamps = pl.Series(np.tile(stamps_of(grid.days), own.height)).cast(pl.Datetime("ms"))
    values = {item: pl.Series(cube.reshape(-1)).cast(pl.Int64) for item, cube in grid.values.items()}
    return rows.with_columns(
        stamps.alias("time"),
        *(
            pl.when(values[item] != MISSING).then(values[item] * 10 ** (SCALE - grid.scales[item])).alias(item)
            for item in HOUR_ITEMS
        ),
    )


def _capture_row(one: Capture) -> tuple[str | None, ...]:
    return (
        one.city, one.station, f"{one.days.first:%Y-%m}", one.item, str(one.present), str(one.possible),
        rounded_text(one.rate, _RATE_PLACES),
    )  # fmt: skip
