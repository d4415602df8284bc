"""Facts of a city's year for its plan: so far, the same days last year on one basis, full years, what may come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from lantian.air import outlook
from lantian.air.day import evaluated
from lantian.air.item import ITEMS, PRINTED
from lantian.air.outlook import ControlValue, GoodDayBudget, Pool
from lantian.air.parameters import StatisticsRule
from lantian.air.period import (
    ItemValidity,
    PeriodFigures,
    period_figures,
    printed_value,
    reachable_validity,
    valid_by_month,
    year_validity,
)
from lantian.basis.determination import digest
from lantian.basis.finding import Text
from lantian.basis.period import Days, same_days_of, year
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air import AirReader, plain_city
from lantian.work.air_basis import AS_PUBLISHED, YearBasis

EARLIER_YEARS = 3  # from which the rest of a year is expected, and which are shown beside it
POOL_SHARE = Fraction(1, 2)  # of the remaining days an earlier year must have, or nothing is expected from it


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """What a run of days says; None where it cannot be said.

    ``valid_days`` days with an AQI. ``good_days``, ``heavy_days`` and ``good_ratio`` are None where an item is missing
    throughout (``note`` says which): then only polluted days have an AQI and counting would mislead.
    ``pm25_valid`` whether the period is a valid year of PM2.5; None where it is no whole year.
    """

    days: Days
    figures: PeriodFigures
    pm25_mean: Fraction | None
    pm25_text: str | None
    pm25_days: int
    pm25_valid: bool | None
    valid_days: int
    good_days: int | None
    heavy_days: int | None
    good_ratio: Fraction | None
    good_ratio_text: str | None
    editions: tuple[str, ...]
    note: Text | None


@dataclass(frozen=True, slots=True)
class YearFacts:
    """Facts of a city's year up to the end of ``as_of``.

    ``last_year`` same days, each judged under the edition of its calendar day this year; ``full_years`` latest first,
    under their own editions; ``remaining`` calendar days still to come, ``missing`` days of the year so far without
    PM2.5; ``validity`` of PM2.5 as it stands and ``reachable`` if every day to come is valid.
    """

    city: str
    as_of: date
    simulated: bool
    so_far: PeriodFacts
    last_year: PeriodFacts | None
    full_years: tuple[PeriodFacts, ...]
    remaining: int
    missing: int
    pool: Pool
    validity: ItemValidity
    reachable: ItemValidity
    expected_mean: Fraction | None
    best_mean: Fraction | None
    expected_good_ratio: Fraction | None
    best_good_ratio: Fraction | None
    expected_heavy_days: Fraction | None
    statistics_edition: str
    editions: tuple[str, ...]
    mean_places: int
    ratio_places: int
    inputs: str

    @property
    def has_data(self) -> bool:
        """Whether the year has any valid PM2.5 day or AQI."""
        return self.so_far.pm25_days > 0 or self.so_far.valid_days > 0

    def control_value(self, limit: Fraction, comparator: str = "<=", places: int | None = None) -> ControlValue | None:
        """Remaining-day control value of the PM2.5 mean for a limit; None at year end."""
        figures = self.so_far.figures
        printed = self.mean_places if places is None else places
        return outlook.control_value(
            figures.sums["pm25"], figures.counts["pm25"], self.remaining, limit, printed, comparator
        )

    def good_day_budget(
        self, limit: Fraction, comparator: str = ">=", places: int | None = None
    ) -> GoodDayBudget | None:
        """Good days still needed, bad days still allowed for a ratio in percent; None where days cannot be counted."""
        if self.so_far.good_days is None:
            return None
        return outlook.good_day_budget(
            self.so_far.good_days,
            self.so_far.valid_days,
            self.remaining,
            limit,
            self.ratio_places if places is None else places,
            comparator,
        )

    def heavy_days_allowed(self, limit: Fraction, comparator: str = "<=") -> int | None:
        """Heavy days still allowed; negative: exceeded; None where days cannot be counted."""
        if self.so_far.heavy_days is None:
            return None
        return outlook.days_allowed(self.so_far.heavy_days, limit, comparator)


def city_year_facts(reader: AirReader, city: str, as_of: date, basis: YearBasis = AS_PUBLISHED) -> YearFacts:
    """Facts of the year of ``as_of`` for a city on a basis; an unknown city has a year without data.

    Rule    HJ 633 by date unless the basis fixes an edition, HJ 663 for the statistics (see docs/air.md)
    """
    first = max(TOTAL_FROM, date(as_of.year - EARLIER_YEARS, 1, 1))
    measured = basis.measured(reader, city, Days(first, as_of))
    table = _Table(basis.counted(measured), basis.present(measured))
    rule = basis.statistics(date(as_of.year, 12, 31))
    whole = year(as_of.year)
    months = valid_by_month(table.present, whole.until(as_of), "pm25")
    so_far = _facts(table, whole.until(as_of), rule)
    then = _aligned(measured, as_of.year, basis)
    aligned = _Table(basis.counted(then), basis.present(then))
    rest = whole.after(as_of)
    pool = _pool(aligned, rest, rule)
    sums, counts = so_far.figures.sums["pm25"], so_far.figures.counts["pm25"]
    good, heavy = so_far.good_days, so_far.heavy_days
    valid, remaining = so_far.valid_days, len(rest)
    return YearFacts(
        city=plain_city(city),
        as_of=as_of,
        simulated=reader.simulated(city),
        so_far=so_far,
        last_year=_there(_facts(aligned, same_days_of(whole.until(as_of), as_of.year - 1), rule)),
        full_years=tuple(_full_years(table, as_of.year, basis)),
        remaining=remaining,
        missing=len(whole.until(as_of)) - sum(months.values()),
        pool=pool,
        validity=year_validity(months, rule.validity),
        reachable=reachable_validity(months, as_of, rule.validity),
        expected_mean=outlook.expected_mean(sums, counts, remaining, pool),
        best_mean=outlook.best_mean(sums, counts, remaining),
        expected_good_ratio=None if good is None else outlook.expected_ratio(good, valid, remaining, pool),
        best_good_ratio=None if good is None else outlook.best_ratio(good, valid, remaining),
        expected_heavy_days=None if heavy is None else outlook.expected_days(heavy, remaining, pool.heavy_days, pool),
        statistics_edition=rule.edition,
        editions=so_far.editions,
        mean_places=rule.places["pm25"],
        ratio_places=rule.ratio_places,
        inputs=_digest(table.counted),
    )


def _digest(table: pl.DataFrame) -> str:
    """Digest of every row the facts were computed from, column by column."""
    columns = [table["date"].dt.to_string().to_list(), *(table[name].to_list() for name in (*ITEMS, "aqi", "edition"))]
    return digest([table["city"].head(1).to_list(), *columns])


@dataclass(frozen=True, slots=True)
class _Table:
    """City days as they count in figures, and as they count for validity; the same but for days taken out."""

    counted: pl.DataFrame
    present: pl.DataFrame


def _facts(table: _Table, days: Days, rule: StatisticsRule) -> PeriodFacts:
    figures = period_figures(table.counted, days, rule)
    absent = [item for item in ITEMS if figures.counts[item] == 0]
    ratio = figures.good_ratio if figures.countable else None
    inside = table.counted.filter(pl.col("date").is_between(days.first, days.last))
    return PeriodFacts(
        days=days,
        figures=figures,
        pm25_mean=figures.means["pm25"],
        pm25_text=printed_value(figures.means["pm25"], rule.places["pm25"]),
        pm25_days=figures.counts["pm25"],
        pm25_valid=year_validity(valid_by_month(table.present, days, "pm25"), rule.validity).mean
        if _whole(days)
        else None,
        valid_days=figures.valid_days,
        good_days=figures.good_days if figures.countable else None,
        heavy_days=figures.heavy_days if figures.countable else None,
        good_ratio=ratio,
        good_ratio_text=printed_value(ratio, rule.ratio_places),
        editions=tuple(inside["edition"].unique().sort().to_list()),
        note=_incomplete(absent) if absent and len(absent) < len(ITEMS) else None,
    )


def _whole(days: Days) -> bool:
    return days == year(days.first.year)


def _incomplete(absent: list[str]) -> Text:
    names = "、".join(PRINTED[item] for item in absent)
    return Text(
        f"这一时段没有 {names} 数据，只有污染日才有 AQI，不统计优良天数和重污染天数",
        f"no {', '.join(PRINTED[item] for item in absent)} in this period: only polluted days have an AQI, so good and"
        " heavy days are not counted",
    )


def _there(facts: PeriodFacts) -> PeriodFacts | None:
    """The facts where there is anything in them."""
    return facts if facts.pm25_days or facts.valid_days else None


def _full_years(table: _Table, number: int, basis: YearBasis) -> Iterator[PeriodFacts]:
    for earlier in range(number - 1, number - 1 - EARLIER_YEARS, -1):
        if earlier < TOTAL_FROM.year:
            return
        facts = _there(_facts(table, year(earlier), basis.statistics(date(earlier, 12, 31))))
        if facts is not None:
            yield facts


def _aligned(table: pl.DataFrame, number: int, basis: YearBasis) -> pl.DataFrame:
    """Days of earlier years with the AQI they have under the editions of the same calendar days in year ``number``."""
    parts = []
    for span, rule in basis.index(year(number)):
        for earlier in range(number - EARLIER_YEARS, number):
            then = same_days_of(span, earlier)
            if span.last.month == 2:
                then = Days(then.first, date(earlier, 3, 1)).until(_february_end(earlier))
            part = table.filter(pl.col("date").is_between(then.first, then.last))
            if part.height and part["edition"].unique().to_list() != [rule.edition]:
                part = evaluated(part.drop("aqi", "edition"), rule).select(table.columns)
            parts.append(part)
    return pl.concat(parts) if parts else table.clear()


def _february_end(number: int) -> date:
    return date.fromordinal(date(number, 3, 1).toordinal() - 1)


def _pool(aligned: _Table, rest: Days, rule: StatisticsRule) -> Pool:
    """The same remaining days of earlier years, those of years with too few of them left out.

    Years whose days cannot be counted (an item missing throughout) give PM2.5 but no good and heavy days.
    """
    years, count, total, valid, good, heavy = [], 0, 0, 0, 0, 0
    for number in range(rest.first.year - EARLIER_YEARS, rest.first.year) if len(rest) else ():
        facts = _there(_facts(aligned, same_days_of(rest, number), rule))
        if facts is None or facts.pm25_days < POOL_SHARE * len(rest):
            continue
        years.append(number)
        count += facts.figures.counts["pm25"]
        total += facts.figures.sums["pm25"]
        if facts.good_days is not None and facts.heavy_days is not None:
            valid += facts.valid_days
            good += facts.good_days
            heavy += facts.heavy_days
    return Pool(tuple(years), count, total, valid, good, heavy)
