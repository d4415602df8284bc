"""The runs of the back-test: which year, which history, which parameters, which limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl

from benchmarks import outlook_days as source
from benchmarks.outlook_score import Forecast, Line, line
from lantian.air.forecast_year import DaysEnd, forecast_days, forecast_mean
from lantian.air.month_blocks import city_blocks, pool_of
from lantian.air.month_field import FieldTable
from lantian.store.forecast_table import forecast_tables

STARTS = (2, 4, 6, 7, 8, 9, 10, 11, 12)  # the outlook is made on the 1st of these months, up to the day before
REQUIRED_FROM = 7
REQUIRED_RUNS = 5
GUIDE = 35  # µg/m³, the annual limit of the trial years
LADDER = range(25, 81, 5)  # limits of every height, for information: one limit alone is decided by a few cities
Tables = Callable[[str], FieldTable]


@dataclass(frozen=True, slots=True)
class Run:
    """Forecasts of one figure and year by the month they were made in."""

    title: str
    note: str
    forecasts: Mapping[int, Sequence[Forecast]]

    def lines(self) -> list[Line]:
        """One line a month."""
        return [line(f"{month:02d}-01", found) for month, found in self.forecasts.items() if found]

    @property
    def label(self) -> str:
        """Short title."""
        return self.title.split(" (")[0][:25]

    def since(self, start: int = REQUIRED_FROM) -> list[Forecast]:
        """Forecasts made from a month on."""
        return [one for month, found in self.forecasts.items() if month >= start for one in found]

    def pooled(self) -> Line:
        """All months from July on; the binomial interval counts each city once, as its months hang together."""
        late = self.since()
        return line(self.label, late, len({one.city for one in late}))


def folds(cities: Sequence[str], province: Mapping[str, str], groups: int) -> dict[str, list[str]]:
    """Cities by the group whose turn it is to be judged: a province each, or provinces dealt onto some groups."""
    names = sorted({province[city] for city in cities})
    group = {name: str(at % groups) if groups else name for at, name in enumerate(names)}
    found: dict[str, list[str]] = {}
    for city in cities:
        found.setdefault(group[province[city]], []).append(city)
    return found


def _left_out(
    days: pl.DataFrame, judged: Sequence[str], province: Mapping[str, str], groups: int, kind: str | None
) -> Tables:
    """Parameters for each judged city, from the days of cities of other provinces."""
    pool = pool_of(source.counted(days))
    start = pool.kind_table(kind) if kind else pool.mean_table()
    by_city: dict[str, FieldTable] = {}
    for group in folds(judged, province, groups).values():
        provinces = {province[city] for city in group}
        others = pool.without([city for city in pool.cities if province[city] in provinces])
        table = others.kind_table(kind, start, near=True) if kind else others.mean_table(start, near=True)
        by_city |= dict.fromkeys(group, table)
    return by_city.__getitem__


def runs(shared: Path, groups: int) -> Iterator[Run]:
    """The required runs: 2015 (PM2.5, good days, heavy days) and 2017."""
    early, late, province = source.early(shared), source.late(shared), source.provinces(shared)
    cities = sorted(set(source.whole_year(early, 2014)) & set(source.whole_year(early, 2015)))
    taught = source.whole_year(early, 2014)  # cities of two years: only they tell how years differ
    old = early.filter(pl.col("city").is_in(taught))
    pool = pl.concat([old.filter(pl.col("date") < date(2015, 1, 1)), late.filter(pl.col("city").is_in(taught))])
    tables = _left_out(pool, cities, province, groups, None)
    yield _mean_run(
        "PM2.5 2015 (history 2014)", "parameters: other provinces, 2013-12 … 2014 and 2017, no day of 2015",
        early, cities, 2015, tables,
    )  # fmt: skip
    known = old.filter(pl.col("date") < date(2015, 7, 1))
    for kind, name in (("bad", "good days 2015 (history 2014)"), ("heavy", "heavy days 2015 (history 2014)")):
        tables = _left_out(known, cities, province, groups, kind)
        note = "parameters: other provinces, days up to 2015-06-30 only (earlier lines: for information)"
        yield _kind_run(name, note, early, cities, 2015, kind, tables)
    cities = [city for city in source.whole_year(late, 2017) if city in province]
    tables = _left_out(old, cities, province, groups, None)
    note = "parameters: other provinces, 2013-12 … 2015"
    yield _mean_run("PM2.5 2017 (no earlier year)", f"{note}; level from 2017 so far, season of the pool",
                    late, cities, 2017, tables)  # fmt: skip
    both = pl.concat([early, late])
    yield _mean_run("PM2.5 2017 on 2014–15 (other source)", f"{note}; 2014–2015 of another source, 2016 absent",
                    both, cities, 2017, tables)  # fmt: skip


def other_runs(shared: Path) -> Iterator[Run]:
    """Further checks with the shipped parameters: Tianjin 2016–2021, Beijing (twelve stations) 2014 and 2015."""
    shipped = forecast_tables()
    days = source.tianjin(shared)
    for title, table, kind in (
        ("Tianjin PM2.5", shipped.pm25, None), ("Tianjin good days", shipped.bad, "bad"),
        ("Tianjin heavy days", shipped.heavy, "heavy"),
    ):  # fmt: skip
        yield _years_run(f"{title} 2016–2021", days, "天津", range(2016, 2022), table, kind)
    yield _years_run("Beijing PM2.5 2014–2015", source.beijing(shared), "北京", range(2014, 2016), shipped.pm25, None)


def required(done: Sequence[Run]) -> list[Line]:
    """Pooled lines that are required: the first five runs; those of Tianjin and Beijing are too few to require."""
    return [run.pooled() for run in done[:REQUIRED_RUNS]]


def _years_run(
    title: str, days: pl.DataFrame, city: str, years: Sequence[int], table: FieldTable, kind: str | None
) -> Run:
    found: dict[int, list[Forecast]] = {month: [] for month in STARTS}
    for year in years:
        run = (
            _kind_run(title, "", days, [city], year, kind, lambda _: table)
            if kind
            else _mean_run(title, "", days, [city], year, lambda _: table)
        )
        for month, forecasts in run.forecasts.items():
            found[month] += forecasts
    return Run(title, "shipped parameters; few years: a check, not a measure", found)


def _mean_run(title: str, note: str, days: pl.DataFrame, cities: Sequence[str], year: int, tables: Tables) -> Run:
    found: dict[int, list[Forecast]] = {month: [] for month in STARTS}
    for city, own in _by_city(days, cities):
        outcome = _mean_of(source.of_year(own, year))
        last = source.of_year(own, year - 1)
        limits = {"≤35": GUIDE} | ({"≤last year": round(_mean_of(last))} if last["pm25"].count() >= 324 else {})
        for month in STARTS:
            as_of = date(year, month, 1) - timedelta(days=1)
            blocks = city_blocks(own, as_of, source.GOOD, source.HEAVY)
            end = forecast_mean(blocks.means, blocks.coming, year, tables(city))
            so_far = _mean_of(source.of_year(own, year).filter(pl.col("date") <= as_of))
            low, high = end.quantile(0.1), end.quantile(0.9)
            held = tuple(
                (key, end.meeting(Fraction(limit), 0), round(outcome) <= limit, round(so_far) <= limit)
                for key, limit in (*limits.items(), *(("(25…80)", step) for step in LADDER))
            )
            inside = low <= outcome <= high
            found[month].append(Forecast(city, end.mean, low, high, outcome, float(inside), held))
    return Run(title, note, found)


def _kind_run(
    title: str, note: str, days: pl.DataFrame, cities: Sequence[str], year: int, kind: str, tables: Tables
) -> Run:
    """Days of a kind; the limit is last year's count.

    “This year so far” is the ratio so far for good days and the count so far for heavy days, as a board shows them;
    for heavy days also a stronger one, the share so far kept to the end of the year.
    """
    found: dict[int, list[Forecast]] = {month: [] for month in STARTS}
    for city, own in _by_city(days, cities):
        outcome, _ = _days_of(source.of_year(own, year), kind)
        last, last_valid = _days_of(source.of_year(own, year - 1), kind)
        for month in STARTS:
            as_of = date(year, month, 1) - timedelta(days=1)
            blocks = city_blocks(own, as_of, source.GOOD, source.HEAVY)
            end = forecast_days(blocks.kinds[kind], blocks.coming_days(), year, tables(city))
            so_far, valid = _days_of(source.of_year(own, year).filter(pl.col("date") <= as_of), kind)
            by_share = so_far * 365 <= last * valid
            held = [("≤last year", end.at_most(last), outcome <= last, so_far <= last if kind == "heavy" else by_share)]
            if kind == "heavy":
                held.append(("(naive by share)", end.at_most(last), outcome <= last, by_share))
            low, high = end.quantile(0.1), end.quantile(0.9)
            mass = _held_mass(end, outcome)
            found[month].append(
                Forecast(city, end.mean, low, high, outcome, mass, tuple(held) if last_valid >= 324 else ())
            )
    return Run(title, note, found)


def _held_mass(end: DaysEnd, outcome: int) -> float:
    """Part of the outcome's own chance that lies between the 10th and the 90th percent."""
    below, upto = end.at_most(outcome - 1), end.at_most(outcome)
    if upto <= below:
        return float(0.1 <= upto <= 0.9)
    return max(0.0, min(upto, 0.9) - max(below, 0.1)) / (upto - below)


def _by_city(days: pl.DataFrame, cities: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    wanted = days.filter(pl.col("city").is_in(list(cities)))
    for (city,), own in wanted.partition_by("city", as_dict=True).items():
        yield str(city), own


def _mean_of(days: pl.DataFrame) -> float:
    value = days["pm25"].mean()
    return float(value) / 10_000 if isinstance(value, int | float) else float("nan")


def _days_of(days: pl.DataFrame, kind: str) -> tuple[int, int]:
    above = source.GOOD if kind == "bad" else source.HEAVY
    aqi = days["aqi"]
    return int((aqi > above).sum()), aqi.count()
