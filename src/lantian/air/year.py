"""Annual figures of many cities at once, from their unrounded city days and the AQI of each day.

A table of city days is that of ``air.city_day`` with the column ``aqi``. City days that came as values are taken as
days of one station with the denominator 1 (``single``), so that both ways share every definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final

import polars as pl

from lantian.air.city_day import points_name
from lantian.air.item import ITEMS, SCALE
from lantian.air.parameters import StatisticsRule
from lantian.air.period import ItemValidity, composite_index, percentile_place, year_validity

SINGLE: Final = dict.fromkeys(ITEMS, 1)  # denominators of city days that came as values
_KEY: Final = ("city", "year")
_INT64: Final = 2**63 - 1

Key = tuple[str, int]
Fractions = Mapping[Key, Fraction]


@dataclass(frozen=True, slots=True)
class YearFigures:
    """Exact figures of one city and year; None where the year has no valid value."""

    city: str
    year: int
    means: Mapping[str, Fraction | None]
    percentiles: Mapping[str, Fraction | None]
    valid_days: int
    good_days: int
    heavy_days: int
    composite_index: Fraction | None

    @property
    def good_ratio(self) -> Fraction | None:
        """Share of good days among valid days in percent; None without a valid day."""
        return Fraction(100 * self.good_days, self.valid_days) if self.valid_days else None


def single(days: pl.DataFrame) -> pl.DataFrame:
    """City days that came as values, as days of one station each."""
    return days.with_columns(pl.col(item).is_not_null().cast(pl.Int64).alias(points_name(item)) for item in ITEMS)


def years_figures(days: pl.DataFrame, parts: Mapping[str, int], rule: StatisticsRule) -> list[YearFigures]:
    """Figures of every city and calendar year that has rows, in the order of the rows.

    Rule    HJ 663: from unrounded city days; a year that is not valid for an item has no figure of it
    """
    dated = days.with_columns(year=pl.col("date").dt.year(), month=pl.col("date").dt.month())
    validity = _validity(dated, rule)
    means = {item: _means(dated, item, parts[item]) for item in rule.means}
    percentiles = {item: _percentiles(dated, item, parts[item], p) for item, p in rule.percentiles.items()}
    found = []
    for city, year, valid_days, good_days, heavy_days in _counts(dated, rule).iter_rows():
        valid = validity[city, year]
        own_means = {item: of.get((city, year)) if valid[item].mean else None for item, of in means.items()}
        own_percentiles = {
            item: of.get((city, year)) if valid[item].percentile else None for item, of in percentiles.items()
        }
        index = composite_index(own_means, own_percentiles, rule)
        found.append(
            YearFigures(
                city, year, own_means, own_percentiles, valid_days, good_days, heavy_days, composite_index=index
            )
        )
    return found


def _counts(days: pl.DataFrame, rule: StatisticsRule) -> pl.DataFrame:
    """Days with an AQI, good and heavy days of each city and year."""
    return days.group_by(_KEY, maintain_order=True).agg(
        valid=pl.col("aqi").count(),
        good=(pl.col("aqi") <= rule.good_at_most).sum(),
        heavy=(pl.col("aqi") > rule.heavy_above).sum(),
    )


def _validity(days: pl.DataFrame, rule: StatisticsRule) -> dict[Key, dict[str, ItemValidity]]:
    """Validity of the year of each item."""
    by_month: dict[Key, dict[str, dict[int, int]]] = {}
    for city, year, month, *counts in (
        days.group_by(*_KEY, "month").agg(pl.col(item).count() for item in ITEMS).iter_rows()
    ):
        items = by_month.setdefault((city, year), {item: dict.fromkeys(range(1, 13), 0) for item in ITEMS})
        for item, count in zip(ITEMS, counts, strict=True):
            items[item][month] = count
    return {
        key: {item: year_validity(months, rule.validity) for item, months in items.items()}
        for key, items in by_month.items()
    }


def _means(days: pl.DataFrame, item: str, parts: int) -> Fractions:
    """Mean of the valid days: the sums of days with the same number of stations, each over that number."""
    points = points_name(item)
    sums = (
        days.filter(pl.col(item).is_not_null())
        .group_by(*_KEY, points)
        .agg(total=pl.col(item).sum(), count=pl.len())
        .rows()
    )
    totals: dict[Key, Fraction] = {}
    counts: dict[Key, int] = {}
    for city, year, stations, total, count in sums:
        key = city, year
        totals[key] = totals.get(key, Fraction(0)) + Fraction(total, stations)
        counts[key] = counts.get(key, 0) + count
    return {key: total / (counts[key] * parts * 10**SCALE) for key, total in totals.items()}


def _percentiles(days: pl.DataFrame, item: str, parts: int, percent: int) -> Fractions:
    """Percentile of the valid days, from the two neighbours alone."""
    points = points_name(item)
    valid = days.lazy().filter(pl.col(item).is_not_null()).select(*_KEY, value=pl.col(item), points=pl.col(points))
    index = (pl.len() - 1) * percent // 100
    neighbours = (
        _ascending(valid.collect())
        .group_by(_KEY, maintain_order=True)
        .agg(
            pl.len(),
            pl.col("value").get(index),
            pl.col("points").get(index),
            above=pl.col("value").get(pl.min_horizontal(index + 1, pl.len() - 1)),
            points_above=pl.col("points").get(pl.min_horizontal(index + 1, pl.len() - 1)),
        )
    )
    found = {}
    for city, year, count, value, stations, above, stations_above in neighbours.iter_rows():
        _, rest = percentile_place(count, percent)
        between = (100 - rest) * Fraction(value, stations) + rest * Fraction(above, stations_above)
        found[city, year] = between / (100 * parts * 10**SCALE)
    return found


def _ascending(valid: pl.DataFrame) -> pl.DataFrame:
    """Days by their exact value (``value / points``), within city and year.

    Numbers over a common multiple order them; where these would leave 64 bits, whole part and rest do; where even the
    multiple would (more than 42 stations), fractions.
    """
    common = lcm(*valid["points"].unique().to_list())
    if common * int(valid["value"].max() or 0) <= _INT64:  # type: ignore[arg-type]
        return valid.sort(pl.col("value") * (common // pl.col("points")))
    if common > _INT64:
        values = [Fraction(value, points) for value, points in valid.select("value", "points").iter_rows()]
        return valid[sorted(range(len(values)), key=values.__getitem__)]
    whole, rest = pl.col("value") // pl.col("points"), pl.col("value") % pl.col("points")
    return valid.sort(whole, rest * (common // pl.col("points")))
