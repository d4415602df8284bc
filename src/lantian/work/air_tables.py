"""Tables of many cities: rankings with change against last year, trends over years, findings on data quality."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl

from lantian.air.attainment import Verdict, attainment
from lantian.air.basis_choice import BY_DATE, Material, OnBasis, figures_on
from lantian.air.excluded import Exclusion
from lantian.air.item import ITEMS, PRINTED
from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, printed_value
from lantian.air.quality import STATION, Doubt, clock
from lantian.air.ranking import Unit, change_rankings, change_rate, largest_single, primary_days, ranked
from lantian.air.trend import WORDS, rolling_means, trend
from lantian.air.windows import window, year_before
from lantian.basis.determination import Basis
from lantian.basis.exact import rounded_text
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import Days, year
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air_write import RawDay
from lantian.work import air_law
from lantian.work.air_evaluate import city_rows
from lantian.work.air_quality import checked
from lantian.work.air_rules import MEAN_ITEMS, statistics_rule, table_of

Progress = Callable[[int, int, str], None]

_FIGURES = (
    *(f"{item}_mean" for item in MEAN_ITEMS), "co_p95", "o3_8h_p90", "good_ratio", "good_days", "heavy_days", "valid_days",
)  # fmt: skip
RANK_COLUMNS = (
    "place", "city", "composite_index", "largest_item", "largest_index", *_FIGURES, "primary_days",
    "last_year_index", "change_rate", "improvement_place", "worsening_place", "attains", "note",
)  # fmt: skip
TREND_COLUMNS = (
    "city", "statistic", "years", "values", "three_year_means", "coefficient", "critical", "trend", "left_out",
)  # fmt: skip
QUALITY_COLUMNS = ("code", "severity", "city", "station", "item", "first", "last", "count", "text", "clause")
_VERDICTS = {Verdict.ATTAINS: "达标", Verdict.EXCEEDS: "超标", Verdict.NOT_JUDGED: None}
_COEFFICIENT_PLACES = 3  # as the table of critical values is printed


def window_of(text: str) -> Days:
    """The period a text names, seasons of the rulebook included.

    Errors  Refusal for a text that names none
    """
    return window(text, air_law.seasons(TOTAL_FROM))


@dataclass(frozen=True, slots=True)
class _City:
    """What one city has this period and in the same days a year before, both on one basis."""

    name: str
    now: OnBasis
    before: PeriodFigures


def rank_table(
    files: Sequence[Path],
    days: Days,
    progress: Progress,
    *,
    cities: Sequence[str] = (),
    province: str = "",
    exclusions: Sequence[Exclusion] = (),
    validity: str = "hj_663",
) -> pl.DataFrame:
    """Ranking by composite index of the cities of daily files; with ``exclusions`` those days are taken out.

    ``validity`` "none" takes the days that are there, however few.

    Shape   RANK_COLUMNS as text: by place, then the cities apart with a note; last year on this year's basis
    Errors  Refusal
    """
    rows = _chosen(city_rows(files, progress), cities, province)
    progress(0, 1, "计算")
    rule, law = statistics_rule(days.last), air_law.law()
    dust = "excluded" if exclusions else "included"
    basis = Basis(BY_DATE, dust=dust, decimals=rule.index_places, validity=validity)
    found = []
    for (name,), own in table_of(rows).partition_by("city", as_dict=True, maintain_order=True).items():
        material = Material({("realtime", "city"): own}, tuple(exclusions))
        now = figures_on(material, days, basis, law)
        before = figures_on(material, year_before(days), basis, law, judged=days)
        if now is not None and before is not None:
            found.append(_City(str(name), now, before.figures))
    return _ranked(found, days, rule)


def _chosen(rows: Sequence[RawDay], cities: Sequence[str], province: str) -> list[RawDay]:
    wanted = {city.removesuffix("市") for city in cities}
    chosen = [
        row
        for row in rows
        if (not wanted or row.city.removesuffix("市") in wanted) and (row.region or "").startswith(province)
    ]
    if not chosen:
        text = Text(
            "没有符合所选城市或省份的行。按省份选时，表中要有行政区划代码列",
            "no rows of these cities or this province; a province needs a column of region codes",
        )
        raise Refusal(Finding("AIR-TABLE-NONE-CHOSEN", Severity.REFUSED, text))
    return chosen


def _ranked(found: Sequence[_City], days: Days, rule: StatisticsRule) -> pl.DataFrame:
    indices = [Unit(one.name, one.now.figures.composite_index) for one in found]
    rates = [Unit(one.name, change_rate(one.now.figures.composite_index, one.before.composite_index)) for one in found]
    limits = air_law.limits(days)[-1]
    verdicts = {one.name: attainment(one.now.figures, limits, rule).verdict for one in found}
    attaining = {name for name, verdict in verdicts.items() if verdict is Verdict.ATTAINS}
    rate_places = air_law.rate_places(days.last)
    changes = change_rankings(rates, attaining, rate_places)
    places = {"improvement": changes.improvement, "worsening": changes.worsening}
    by_change = {kind: {one.name: str(one.place) for one in own.placed} for kind, own in places.items()}
    by_name = {one.name: one for one in found}
    shown_rates = {one.name: one.text for one in changes.improvement.placed}
    ranking = ranked(indices, rule.index_places)

    def row(name: str, place: str | None, index: str | None, note: str | None) -> tuple[str | None, ...]:
        own = by_name[name]
        return (
            place, name, index, *_largest(own.now.figures, rule), *_figures(own.now.figures, rule),
            primary_days(own.now.table, days, rule).text() or None,
            printed_value(own.before.composite_index, rule.index_places), shown_rates.get(name),
            by_change["improvement"].get(name), by_change["worsening"].get(name), _VERDICTS[verdicts[name]], note,
        )  # fmt: skip

    rows = [row(one.name, str(one.place), one.text, None) for one in ranking.placed]
    rows += [row(one.name, None, None, one.reason.zh) for one in ranking.apart]
    return pl.DataFrame(rows, schema=dict.fromkeys(RANK_COLUMNS, pl.String), orient="row")


def _largest(figures: PeriodFigures, rule: StatisticsRule) -> tuple[str | None, str | None]:
    largest = largest_single(figures, rule)
    if largest is None:
        return None, None
    items, value = largest
    return ",".join(PRINTED[item] for item in items), rounded_text(value, rule.index_places)


def _figures(figures: PeriodFigures, rule: StatisticsRule) -> tuple[str | None, ...]:
    return (
        *(printed_value(figures.means[item], rule.places[item]) for item in MEAN_ITEMS),
        *(printed_value(figures.percentiles[item], rule.places[item]) for item in ("co", "o3_8h")),
        *_days(figures, rule),
        str(figures.valid_days),
    )


def _days(figures: PeriodFigures, rule: StatisticsRule) -> tuple[str | None, str | None, str | None]:
    """Ratio of good days, good days, heavy days; none where an item is missing throughout."""
    if not figures.countable:
        return None, None, None
    return printed_value(figures.good_ratio, rule.ratio_places), str(figures.good_days), str(figures.heavy_days)


def trend_table(files: Sequence[Path], progress: Progress, *, cities: Sequence[str] = ()) -> pl.DataFrame:
    """Trend of every yearly figure of the cities of daily files over the calendar years they cover.

    Shape   TREND_COLUMNS as text; ``values`` and ``three_year_means`` as year:value, those without validity left out
    Rule    all years on one basis: the statistics in force on the last day of the last year
    Errors  Refusal
    """
    rows = _chosen(city_rows(files, progress), cities, "")
    progress(0, 1, "计算")
    last = date(max(row.date.year for row in rows), 12, 31)
    rule, law = statistics_rule(last), air_law.law()
    basis = Basis(BY_DATE)
    table = []
    for (name,), own in table_of(rows).partition_by("city", as_dict=True, maintain_order=True).items():
        material = Material({("realtime", "city"): own})
        numbers = own["date"].dt.year()
        first = int(numbers.min())  # type: ignore[arg-type]
        found = {
            number: figures_on(material, year(number), basis, law, judged=year(last.year))
            for number in range(first, int(numbers.max()) + 1)  # type: ignore[arg-type]
        }
        figures = {number: one.figures for number, one in found.items() if one is not None}
        table += [_trend_row(str(name), statistic, values, rule) for statistic, values in _by_year(figures, rule)]
    return pl.DataFrame(table, schema=dict.fromkeys(TREND_COLUMNS, pl.String), orient="row")


def _by_year(
    figures: Mapping[int, PeriodFigures], rule: StatisticsRule
) -> list[tuple[str, dict[int, Fraction | None]]]:
    found = [(f"{item}_mean", {number: one.means[item] for number, one in figures.items()}) for item in MEAN_ITEMS]
    for item in ITEMS:
        by_year = {number: one.percentiles[item] for number, one in figures.items()}
        found.append((f"{item}_p{rule.percentiles[item]}", by_year))
    return [*found, ("composite_index", {number: one.composite_index for number, one in figures.items()})]


def _trend_row(
    city: str, statistic: str, values: dict[int, Fraction | None], rule: StatisticsRule
) -> tuple[str | None, ...]:
    law = air_law.trend_rule(date(max(values), 12, 31))
    found = trend(values, law)
    item = statistic.rpartition("_")[0]
    places = rule.places.get(item, rule.index_places)
    means = rolling_means(values, law.rolling_years) if statistic.endswith("_mean") else {}
    return (
        city, statistic, str(len(found.years)), _listed(values, places), _listed(means, places),
        printed_value(found.coefficient, _COEFFICIENT_PLACES), printed_value(found.critical, _COEFFICIENT_PLACES),
        WORDS[found.direction].zh, " ".join(map(str, found.left_out)) or None,
    )  # fmt: skip


def _listed(values: Mapping[int, Fraction | None], places: int) -> str | None:
    shown = (
        f"{number}:{printed_value(value, places)}" for number, value in sorted(values.items()) if value is not None
    )
    return " ".join(shown) or None


def quality_table(files: Sequence[Path], progress: Progress, *, days: Days | None = None) -> pl.DataFrame:
    """Findings on the quality of daily files of cities, inside a period (from each city's first day to its last if none is given).

    Shape   QUALITY_COLUMNS as text, by city and time; nothing is removed or changed
    Errors  Refusal
    """
    rows = city_rows(files, progress)
    progress(0, 1, "检查")
    table = table_of(rows).rename({"date": "time"}).with_columns(station=pl.lit(None, dtype=pl.String))
    found = []
    for own in table.select(*STATION, "time", *ITEMS).sort("city", "time").partition_by("city", maintain_order=True):
        whole = days or Days(own["time"][0], own["time"][-1])
        found += checked(own.filter(pl.col("time").is_between(whole.first, whole.last)), whole)
    return findings_table(found)


def findings_table(found: Sequence[Doubt]) -> pl.DataFrame:
    """Findings as text, one a row: QUALITY_COLUMNS."""
    rows = [_quality_row(one) for one in found]
    return pl.DataFrame(rows, schema=dict.fromkeys(QUALITY_COLUMNS, pl.String), orient="row")


def _quality_row(one: Doubt) -> tuple[str | None, ...]:
    return (
        one.code, one.severity.value, one.city, one.station, one.item, clock(one.first), clock(one.last), str(one.count),
        one.text.zh, one.clause,
    )  # fmt: skip
