"""The parameters of the air room filled from the rulebook, and city days cut at changes of law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

import polars as pl

from lantian import rulebook
from lantian.air.city_rounding import rounded_days
from lantian.air.day import evaluated
from lantian.air.item import ITEMS
from lantian.air.parameters import DayValidity, IndexRule, StatisticsRule, YearValidity
from lantian.basis.period import Days
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air_write import RawDay
from lantian.work.air_index_law import Categories, Daily, Rules, daily_breakpoints


@dataclass(frozen=True, slots=True)
class _Index:
    """Everything an edition of HJ 633 says about a day; each field is a file of the folder."""

    PATH: ClassVar[str] = "ambient.aqi"
    breakpoints: Daily
    rules: Rules
    categories: Categories


@dataclass(frozen=True, slots=True)
class _Percentiles:
    PATH: ClassVar[str] = "ambient.percentiles"
    edition: str
    so2: int
    no2: int
    co: int
    o3_8h: int
    pm10: int
    pm25: int


@dataclass(frozen=True, slots=True)
class _Places:
    PATH: ClassVar[str] = "ambient.places"
    statistic: dict[str, int]
    rate: int
    composite_index: int


@dataclass(frozen=True, slots=True)
class _CompositeIndex:
    PATH: ClassVar[str] = "ambient.composite_index"
    so2: Decimal
    no2: Decimal
    co: Decimal
    o3_8h: Decimal
    pm10: Decimal
    pm25: Decimal


@dataclass(frozen=True, slots=True)
class _Month:
    days: int
    february_days: int


@dataclass(frozen=True, slots=True)
class _Year:
    days: int


@dataclass(frozen=True, slots=True)
class _Validity:
    PATH: ClassVar[str] = "ambient.validity"
    month: _Month
    year: _Year


@dataclass(frozen=True, slots=True)
class _Share:
    of: int
    least: int


@dataclass(frozen=True, slots=True)
class _Day:
    PATH: ClassVar[str] = "ambient.validity.day"
    hours: int
    window_hours: int
    windows: int
    windows_unless_above: int
    points_share: _Share


@dataclass(frozen=True, slots=True)
class _DayKinds:
    PATH: ClassVar[str] = "ambient.aqi.days"
    good_to: int
    heavy_above: int


# Which statistics an edition makes of each item is its table of items, not a number: CO and O3 have no annual mean.
MEAN_ITEMS = ("so2", "no2", "pm10", "pm25")


def index_rules(days: Days) -> list[tuple[Days, IndexRule]]:
    """The editions of HJ 633 that hold in a period, each with its part.

    Errors  rulebook.NoRuleError before 2012
    """
    return [(span, index_rule(span.first)) for span in _index_spans(days)]


@lru_cache(maxsize=256)  # the package's law does not change while a process runs
def _index_spans(days: Days) -> tuple[Days, ...]:
    return tuple(span for span, _ in rulebook.spans(_Index, days.first, days.last))


@lru_cache(maxsize=64)  # likewise
def index_rule(day: date) -> IndexRule:
    """The edition of HJ 633 that holds on a day."""
    law = rulebook.fill(_Index, day)
    return IndexRule(
        edition=law.breakpoints.edition,
        places=dict(law.rules.input_places),
        breakpoints={item: daily_breakpoints(law.breakpoints, law.rules, item) for item in ITEMS},
        primary_above=law.rules.primary_above,
        missing_above=law.rules.incomplete_above,
        categories=law.categories.made(),
    )


@lru_cache(maxsize=64)  # the package's law does not change while a process runs
def statistics_rule(day: date) -> StatisticsRule:
    """The edition of HJ 663 that holds on a day: a year is judged by that of its last day."""
    percentiles = rulebook.fill(_Percentiles, day)
    places = rulebook.fill(_Places, day)
    index = rulebook.fill(_CompositeIndex, day)
    validity = rulebook.fill(_Validity, day)
    kinds = rulebook.fill(_DayKinds, day)
    return StatisticsRule(
        edition=percentiles.edition,
        means=MEAN_ITEMS,
        percentiles={item: getattr(percentiles, item) for item in ITEMS},
        places=dict(places.statistic),
        ratio_places=places.rate,
        index_places=places.composite_index,
        index_limits={item: Fraction(getattr(index, item)) for item in ITEMS},
        index_means=MEAN_ITEMS,
        validity=YearValidity(validity.year.days, validity.month.days, validity.month.february_days),
        good_at_most=kinds.good_to,
        heavy_above=kinds.heavy_above,
    )


def day_rules(days: Days) -> list[tuple[Days, DayValidity]]:
    """What a day needs, by the editions of HJ 663 that hold in a period; editions that say the same are one part.

    Errors  rulebook.NoRuleError before 2012
    """
    found: list[tuple[Days, DayValidity]] = []
    for span, law in rulebook.spans(_Day, days.first, days.last):
        share = law.points_share
        rule = DayValidity(law.hours, law.window_hours, law.windows, law.windows_unless_above, (share.least, share.of))
        if found and found[-1][1] == rule:
            span = Days(found.pop()[0].first, span.last)
        found.append((span, rule))
    return found


def load_rules() -> None:
    """Reads the files of the law, so that nothing waits for them later."""
    day_rules(Days(TOTAL_FROM, TOTAL_FROM))
    index_rule(TOTAL_FROM)
    statistics_rule(TOTAL_FROM)


def table_of(rows: Sequence[RawDay]) -> pl.DataFrame:
    """Rows as a table for the air room: city, date, the six items scaled."""
    columns = {item: [row.values[at] for row in rows] for at, item in enumerate(ITEMS)}
    return pl.DataFrame(
        {"city": [row.city for row in rows], "date": [row.date for row in rows], **columns},
        schema={"city": pl.String, "date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64)},
    )


def evaluated_days(days: pl.DataFrame, parts: Mapping[str, int] | None = None) -> pl.DataFrame:
    """City days evaluated, each under the edition of its date, in the order they came.

    With ``parts`` the days are sums as in ``air.city_day`` and are rounded first.
    Shape   as ``air.day.evaluated``
    Errors  rulebook.NoRuleError for a day before 2012
    """
    if days.is_empty():
        return days
    numbered = days.with_row_index("_order")
    first, last = numbered.select(first=pl.col("date").min(), last=pl.col("date").max()).row(0)
    done = []
    for span, rule in index_rules(Days(first, last)):
        part = numbered.filter(pl.col("date").is_between(span.first, span.last))
        done.append(evaluated(rounded_days(part, parts, rule.places) if parts else part, rule))
    return pl.concat(done).sort("_order").drop("_order")
