"""Days of cities and counties out of station hours, or of station days, kept in the store; only those that were touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import polars as pl

from lantian.air.city_rounding import held_days, points_name
from lantian.air.item import HOUR_ITEMS, ITEMS, SCALE
from lantian.basis.period import Days, month
from lantian.store.air_write import (
    RawDay,
    Series,
    compared,
    remove_days,
    remove_simulated,
    stored_days,
    write_changes,
    write_derived,
)
from lantian.store.hours import ends, latest
from lantian.store.station_days import given_days
from lantian.work.air_rules import day_rules, evaluated_days, table_of
from lantian.work.station_places import StationPlace, member_table, same_stations

_SCALES = dict.fromkeys(HOUR_ITEMS, SCALE)
_KEY = ["city", "date"]
_NONE = pl.DataFrame(
    schema={"city": pl.String, "date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64), "records": pl.List(pl.Int64)}
)


def touched_days(stations: pl.DataFrame, found: Mapping[str, StationPlace]) -> pl.DataFrame:
    """Places and days (city, date) that the days of some stations (station, date) belong to."""
    members = member_table(found)
    joined = stations.unique().join(members, on="station").filter(pl.col("date").is_between("first", "last"))
    return joined.select(city="place", date="date").unique().sort("city", "date")


def recompute(
    database: sqlite3.Connection,
    data: Path,
    touched: pl.DataFrame,
    found: Mapping[str, StationPlace],
    series: Series,
    *,
    batch: int,
    now: datetime,
    hours: pl.DataFrame | None = None,
    simulated: bool = False,
) -> int:
    """Computes these days (city, date) anew and writes what changed; how many days were looked at.

    ``hours`` are all latest hours of those places and days, where the caller has them at hand; real days remove the
    simulated ones of their places, ``simulated`` ones do not.
    A day none of whose items is valid is not kept; one that was kept and no longer can be computed goes (as replaced).
    """
    for number in touched.select(pl.col("date").dt.truncate("1mo")).to_series().unique().sort().to_list():
        whole = month(number.year, number.month)
        part = touched.filter(pl.col("date").is_between(whole.first, whole.last))
        known = {name: found[name] for name in part["city"].unique().to_list() if name in found}
        first, last = part.select(first=pl.col("date").min(), last=pl.col("date").max()).row(0)
        days = _computed(database, data, Days(first, last), known, series, hours)
        _write(database, days.join(part, on=_KEY, how="semi"), part, known, series, batch, now, simulated)
    return touched.height


def _computed(
    database: sqlite3.Connection,
    data: Path,
    period: Days,
    found: Mapping[str, StationPlace],
    series: Series,
    hours: pl.DataFrame | None,
) -> pl.DataFrame:
    members = member_table(found)
    if members.is_empty():
        return _NONE
    stations = members["station"].unique().to_list()
    if series.source == "hours":
        if hours is None:
            hours = latest(database, data, period, series.values, stations)
        return days_of_station_hours(hours.filter(pl.col("time").is_between(*ends(period))), period, members)
    return days_of_station_days(given_days(database, period, series.values, stations), period, members)


def days_of_station_hours(hours: pl.DataFrame, period: Days, members: pl.DataFrame) -> pl.DataFrame:
    """City and county days of a period that have a valid item, held at four places, with the batches behind them.

    Shape   city, date, the six items, records; ``members`` as in ``station_places.member_table``
    Rule    HJ 663 by date; the stations of a place are those the register has on the day
    """
    from lantian.air.city_hours import days_of_hours
    from lantian.work.air_hour_sums import all_parts

    tables = []
    for same in same_stations(members, period):
        own = _valid(members, same)
        counts = dict(own.group_by("city").len().iter_rows())
        rows = hours.join(own, on="station")
        if rows.is_empty():
            continue
        for span, rule in day_rules(same):
            tables.append(days_of_hours(rows, span, _SCALES, rule, all_parts(), counts))
    if not tables:
        return _NONE
    days = held_days(pl.concat(tables), all_parts())
    return _with_records(days, hours, members)


def _valid(members: pl.DataFrame, days: Days) -> pl.DataFrame:
    inside = (pl.col("first") <= days.first) & (pl.col("last") >= days.last)
    return members.filter(inside).select("station", city="place").unique()


def _with_records(days: pl.DataFrame, rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Days with a valid item, each with the batches its rows came in."""
    day = pl.col("date") if "date" in rows.columns else (pl.col("time") - pl.duration(milliseconds=1)).dt.date()
    batches = (
        rows.select("station", "batch", date=day)
        .unique()
        .join(members.select("station", city="place").unique(), on="station")
        .group_by(_KEY)
        .agg(records=pl.col("batch").cast(pl.Int64).unique().sort())
    )
    valid = days.filter(pl.any_horizontal(pl.col(item).is_not_null() for item in ITEMS))
    return valid.select(*_KEY, *ITEMS).join(batches, on=_KEY, how="left", maintain_order="left")


def days_of_station_days(given: pl.DataFrame, period: Days, members: pl.DataFrame) -> pl.DataFrame:
    """City and county days of a period from station days as they were given.

    Shape   as ``days_of_station_hours``
    Rule    HJ 663: the share of the place's stations must have a value, each item by itself
    """
    tables = []
    for same in same_stations(members, period):
        own = _valid(members, same)
        counts = own.group_by("city").agg(stations=pl.len().cast(pl.Int64))
        inside = given.filter(pl.col("date").is_between(same.first, same.last)).join(own, on="station")
        for span, rule in day_rules(same):
            least, of = rule.points_share
            sums = (
                inside.filter(pl.col("date").is_between(span.first, span.last))
                .group_by(_KEY)
                .agg(
                    *(pl.col(item).sum() for item in ITEMS),
                    *(pl.col(item).count().cast(pl.Int64).alias(points_name(item)) for item in ITEMS),
                )
            )
            enough = [
                pl.when(
                    (of * pl.col(points_name(item)) >= least * pl.col("stations")) & (pl.col(points_name(item)) > 0)
                )
                .then(pl.col(item))
                .alias(item)
                for item in ITEMS
            ]
            tables.append(sums.join(counts, on="city").with_columns(enough).drop("stations"))
    days = held_days(pl.concat(tables), dict.fromkeys(ITEMS, 1)).sort(_KEY)
    return _with_records(days, given, members)


def _write(
    database: sqlite3.Connection,
    days: pl.DataFrame,
    asked: pl.DataFrame,
    found: Mapping[str, StationPlace],
    series: Series,
    batch: int,
    now: datetime,
    simulated: bool,
) -> None:
    regions = {name: place.region for name, place in found.items()}
    rows = [RawDay(city, day, regions.get(city), values) for city, day, values in _rows(days)]
    if not simulated:
        remove_simulated(database, {row.city for row in rows})
    changes = compared(database, rows, series)
    write_changes(database, changes, batch=batch, known_at=now, simulated=simulated, series=series)
    if changes.touched:
        table = table_of(changes.touched).join(
            days.select(*_KEY, "records"), on=_KEY, how="left", maintain_order="left"
        )
        write_derived(database, evaluated_days(table), computed_at=now, series=series)
    kept = {(row.city, row.date) for row in rows}
    gone = [key for key in asked.select(_KEY).iter_rows() if key not in kept]
    remove_days(database, _present(database, gone, series), batch=batch, at=now, series=series)


def _rows(days: pl.DataFrame) -> list[tuple[str, date, tuple[int | None, ...]]]:
    return [(row[0], row[1], row[2:]) for row in days.select(*_KEY, *ITEMS).iter_rows()]


def _present(database: sqlite3.Connection, days: list[tuple[str, date]], series: Series) -> list[tuple[str, date]]:
    """Those of the days the file has a row of."""
    spans: dict[str, list[date]] = {}
    for city, day in days:
        spans.setdefault(city, []).append(day)
    have = {city: stored_days(database, city, min(own), max(own), series) for city, own in spans.items()}
    return [(city, day) for city, day in days if day in have[city]]
