"""Days taken out for dust or other exceptional events: figures with and without them, side by side, never silently.

What is taken out is a decision received from above (for dust the national monitoring centre), kept as a record with its
document. Nothing here finds such days by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

import polars as pl

from lantian.air.item import ITEMS
from lantian.air.parameters import StatisticsRule, YearValidity
from lantian.air.period import PeriodFigures, composite_index, period_figures
from lantian.air.windows import WindowValidity, window_validity
from lantian.basis.finding import Finding, Severity, Text
from lantian.basis.period import Days

EventKind = Literal["dust", "exceptional"]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Days of a city on which items are taken out, decided by whom, by which document and when.

    Errors  ValueError without items, days, decider or document, or for an unknown item
    """

    city: str
    days: Days
    items: tuple[str, ...]
    kind: EventKind
    decided_by: str
    document: str
    decided_on: date

    def __post_init__(self) -> None:
        if not self.items or set(self.items) - set(ITEMS) or not len(self.days):
            raise ValueError(f"{self.city}: an exclusion needs days and known items")
        if not self.decided_by.strip() or not self.document.strip():
            raise ValueError(f"{self.city}: an exclusion needs who decided it and the document")


@dataclass(frozen=True, slots=True)
class ExclusionRule:
    """What taking out changes: items that may be, whether AQI and validity stay those of the days as measured."""

    items: tuple[str, ...]
    keeps_aqi: bool
    keeps_validity: bool


def without(table: pl.DataFrame, exclusions: Sequence[Exclusion]) -> pl.DataFrame:
    """City days with the items of the exclusions emptied; every other column stays, ``aqi`` too.

    Shape   the rows of ``table`` in their order
    """
    for one in exclusions:
        taken = (pl.col("city") == one.city) & pl.col("date").is_between(one.days.first, one.days.last)
        table = table.with_columns(pl.when(~taken).then(pl.col(item)).alias(item) for item in one.items)
    return table


@dataclass(frozen=True, slots=True)
class WithAndWithout:
    """Figures of a period with every day and without those taken out; ``taken`` days by item; the decisions behind it."""

    included: PeriodFigures
    excluded: PeriodFigures
    taken: dict[str, int]
    exclusions: tuple[Exclusion, ...]
    rule: ExclusionRule

    def differences(self) -> dict[str, Fraction]:
        """Mean without minus mean with, exact, for each item that changes."""
        found = {}
        for item, mean in self.included.means.items():
            other = self.excluded.means[item]
            if mean is not None and other is not None and mean != other:
                found[item] = other - mean
        return found


def with_and_without(
    table: pl.DataFrame,
    days: Days,
    exclusions: Sequence[Exclusion],
    statistics: StatisticsRule,
    rule: ExclusionRule,
) -> WithAndWithout:
    """Figures of one city and period on both sides, whatever the number of valid days (``validity`` asks for that).

    Rule    环办监测〔2016〕120号: means, percentiles and index leave the items out; with ``rule.keeps_aqi`` good and
            heavy days stay as measured, otherwise days with an item taken out have no AQI
    Errors  ValueError where an exclusion takes out an item the rule does not name
    """
    own = _inside(table, days, exclusions)
    for one in own:
        if set(one.items) - set(rule.items):
            raise ValueError(f"{one.city}: the rule takes out {', '.join(rule.items)} only")
    emptied = without(table, own)
    if not rule.keeps_aqi:
        touched = pl.any_horizontal(table[item].is_not_null() & emptied[item].is_null() for item in ITEMS)
        emptied = emptied.with_columns(aqi=pl.when(~touched).then(pl.col("aqi")))
    included = period_figures(table, days, statistics)
    excluded = period_figures(emptied, days, statistics)
    taken = {item: included.counts[item] - excluded.counts[item] for item in ITEMS}
    return WithAndWithout(included, excluded, {item: n for item, n in taken.items() if n}, own, rule)


def validity(
    table: pl.DataFrame, days: Days, item: str, exclusions: Sequence[Exclusion], rule: ExclusionRule, year: YearValidity
) -> WindowValidity:
    """Validity of an item without the days taken out; with ``rule.keeps_validity`` they count as the days they were."""
    counted = table if rule.keeps_validity else without(table, _inside(table, days, exclusions))
    return window_validity(counted, days, item, year)


def valid_only(figures: PeriodFigures, valid: dict[str, WindowValidity], rule: StatisticsRule) -> PeriodFigures:
    """Figures with those left out whose window is not valid; where no rule says, the figure stands."""
    means = {item: None if valid[item].mean is False else value for item, value in figures.means.items()}
    percentiles = {
        item: None if valid[item].percentile is False else value for item, value in figures.percentiles.items()
    }
    index = composite_index(means, percentiles, rule)
    return replace(figures, means=means, percentiles=percentiles, composite_index=index)


def notice(found: WithAndWithout) -> Finding | None:
    """The sentence that must stand beside a figure without those days; None where nothing was taken out."""
    if not found.taken:
        return None
    most = max(found.taken.values())
    zh, en = ("按实测统计", "as measured") if found.rule.keeps_aqi else ("不含这些天", "without those days")
    documents = "、".join(dict.fromkeys(f"{one.document}（{one.decided_by}）" for one in found.exclusions))
    return Finding(
        "AIR-DAYS-TAKEN-OUT",
        Severity.NOTE,
        Text(
            f"本时段按{documents}扣除 {most} 天受沙尘等影响的数据；优良天数和重污染天数{zh}。",
            f"{most} days taken out of the means by decision: {documents}; good and heavy days {en}.",
        ),
        clause="环办监测〔2016〕120号",
    )


def _inside(table: pl.DataFrame, days: Days, exclusions: Sequence[Exclusion]) -> tuple[Exclusion, ...]:
    """The exclusions of the cities of a table that touch a period."""
    cities = set(table["city"].unique().to_list())
    return tuple(
        one for one in exclusions if one.city in cities and one.days.first <= days.last and days.first <= one.days.last
    )
