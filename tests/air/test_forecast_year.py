"""Year-end outlook: laws of form, known ends, calibration on a made-up country, pooled parameters found again."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import exp, isclose

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.air.forecast_year import DaysBlock, DaysEnd, MeanBlock, MeanEnd, forecast_days, forecast_mean
from lantian.air.item import ITEMS
from lantian.air.month_blocks import city_blocks, coming_blocks
from lantian.air.month_field import FieldTable, month_number, prior_covariance, prior_mean
from lantian.air.month_fit import MeanMonths, ShareMonths, day_clustering, fitted

SEASON = (0.5, 0.3, 0.1, 0.0, -0.1, -0.3, -0.3, -0.4, -0.3, 0.0, 0.1, 0.4)
MEANS = FieldTable(3.9, 0.4, SEASON, 0.12, 2.5, 0.15, 0.2, 0.1, 0.4, day_sd_cold=0.9, day_sd_warm=0.7)
SHARES = FieldTable(-0.8, 0.8, SEASON, 0.3, 2.5, 0.3, 0.4, 0.3, 0.4, clustering=2.0)
PLACES = 0


def seen_until(last: date, value: float = 40.0, first_year: int = 2014) -> list[MeanBlock]:
    """Blocks of constant value from the start of a year to a day."""
    found = []
    for year in range(first_year, last.year + 1):
        for number in range(1, 13):
            start = date(year, number, 1)
            end = min((start + timedelta(days=31)).replace(day=1) - timedelta(days=1), last)
            days = (end - start).days + 1
            if days > 0:
                found.append(MeanBlock(month_number(year, number), days, days * value))
    return found


def mean_end(last: date, value: float = 40.0) -> MeanEnd:
    return forecast_mean(seen_until(last, value), coming_blocks(last), last.year, MEANS)


def days_end(last: date, share: float = 0.3) -> DaysEnd:
    seen = [DaysBlock(one.month, one.days, round(one.days * share)) for one in seen_until(last)]
    coming = [DaysBlock(one.month, one.days, 0) for one in coming_blocks(last)]
    return forecast_days(seen, coming, last.year, SHARES)


def test_blocks_to_come_cover_the_rest_of_the_year() -> None:
    assert [(one.month % 12 + 1, one.days) for one in coming_blocks(date(2015, 10, 15))] == [
        (10, 16),
        (11, 30),
        (12, 31),
    ]
    assert coming_blocks(date(2015, 12, 31)) == []
    assert sum(one.days for one in coming_blocks(date(2015, 12, 30))) == 1


@pytest.mark.parametrize("make", [mean_end, days_end])
def test_interval_narrows_to_the_value(make) -> None:  # type: ignore[no-untyped-def]
    dates = [date(2015, month, 28) for month in range(1, 13)]
    widths = [make(day).quantile(0.9) - make(day).quantile(0.1) for day in dates]
    assert all(later < earlier for earlier, later in pairwise(widths))
    end = make(date(2015, 12, 31))
    assert end.quantile(0.1) == end.quantile(0.9) == end.mean


def test_at_year_end_the_figure_is_that_of_the_year() -> None:
    end = mean_end(date(2015, 12, 31), value=28.4)
    assert isclose(end.mean, 28.4)
    assert end.meeting(Fraction(28), PLACES) == 1.0
    assert end.meeting(Fraction(27), PLACES) == 0.0
    days = days_end(date(2015, 12, 31))
    assert days.mean == sum(round(one.days * 0.3) for one in seen_until(date(2015, 12, 31), first_year=2015))


def test_the_standard_rounding_decides_at_the_limit() -> None:
    known = MeanEnd(total=28.5 * 2, count=2, remaining=0)
    assert known.meeting(Fraction(28), 0) == 1.0  # 28.5 rounds to the even 28
    assert MeanEnd(29.5 * 2, 2, 0).meeting(Fraction(29), 0) == 0.0  # 29.5 rounds to 30


@given(st.floats(5, 200), st.integers(1, 12), st.integers(2, 200))
def test_probability_rises_with_the_limit(value: float, month: int, limit: int) -> None:
    end = mean_end(date(2015, month, 15), value)
    chances = [end.meeting(Fraction(limit + more), PLACES) for more in range(4)]
    assert chances == sorted(chances)
    assert all(0 <= chance <= 1 for chance in chances)


@given(st.floats(0, 1), st.integers(1, 12))
def test_days_have_a_whole_distribution(share: float, month: int) -> None:
    end = days_end(date(2015, month, 15), share)
    assert isclose(sum(end.chances), 1)
    assert all(chance >= 0 for chance in end.chances)
    assert end.so_far <= end.quantile(0.1) <= end.quantile(0.5) <= end.quantile(0.9) <= end.so_far + end.remaining
    ratios = [end.meeting_ratio(Fraction(limit), 1) for limit in (20, 50, 80, 95)]
    assert ratios == sorted(ratios, reverse=True)
    heavy = [end.meeting(Fraction(limit)) for limit in (0, 50, 100, 366)]
    assert heavy == sorted(heavy)
    assert isclose(heavy[-1], 1)


@given(st.floats(5, 200), st.integers(1, 12))
def test_ends_of_the_interval_lie_on_both_sides(value: float, month: int) -> None:
    end = mean_end(date(2015, month, 15), value)
    low, middle, high = end.quantile(0.1), end.quantile(0.5), end.quantile(0.9)
    assert low < middle <= end.mean * (1 + 1e-9)
    assert middle < high
    edge = Fraction(high).limit_denominator(10**6)
    rest = (float(edge) * (end.count + end.remaining) - end.total) / end.remaining
    assert isclose(rest, exp(end.mu + 1.2815515655446004 * end.sigma), rel_tol=1e-4)


def test_a_higher_year_so_far_raises_the_end() -> None:
    history = seen_until(date(2014, 12, 31))
    day = date(2015, 7, 31)

    def end(value: float) -> MeanEnd:
        now = [one for one in seen_until(day, value) if one.month // 12 == 2015]
        return forecast_mean([*history, *now], coming_blocks(day), 2015, MEANS)

    assert end(30).mu < end(40).mu < end(55).mu
    assert end(55).mu - end(40).mu < np.log(55 / 40)  # carried forward, but shrunk towards the earlier year


def test_more_history_does_not_widen() -> None:
    day = date(2015, 6, 30)
    one = forecast_mean(seen_until(day), coming_blocks(day), 2015, MEANS)
    three = forecast_mean(seen_until(day, first_year=2012), coming_blocks(day), 2015, MEANS)
    none = forecast_mean(seen_until(day, first_year=2015), coming_blocks(day), 2015, MEANS)
    assert three.sigma < one.sigma < none.sigma


def test_a_city_without_the_kind_keeps_a_small_chance() -> None:
    end = days_end(date(2015, 6, 30), share=0.0)
    assert 0 < end.mean < 40
    assert end.at_most(0) > 0.05


def test_nothing_seen_and_nothing_to_come_is_an_error() -> None:
    with pytest.raises(ValueError, match="no mean"):
        forecast_mean([], [], 2015, MEANS)


def _country(table: FieldTable, cities: int, months: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    numbers = np.arange(month_number(2014, 1), month_number(2014, 1) + months, dtype=float)
    root = np.linalg.cholesky(prior_covariance(numbers, table) + 1e-9 * np.eye(months))
    return numbers, prior_mean(numbers, table) + chance.standard_normal((cities, months)) @ root.T


def test_eighty_percent_of_a_made_up_country_lie_inside() -> None:
    numbers, field = _country(MEANS, 300, 24, seed=7)
    chance = np.random.default_rng(8)
    spread = np.where(np.isin(numbers % 12 + 1, (1, 2, 10, 11, 12)), MEANS.day_sd_cold, MEANS.day_sd_warm)
    values = np.exp(field + chance.standard_normal(field.shape) * spread / np.sqrt(30))
    inside = 0
    for row in values:
        blocks = [MeanBlock(int(number), 30, 30 * value) for number, value in zip(numbers, row, strict=True)]
        coming = [MeanBlock(one.month, 30, 0.0) for one in blocks[18:]]
        end = forecast_mean(blocks[:18], coming, 2015, MEANS)
        inside += end.quantile(0.1) <= row[12:].mean() <= end.quantile(0.9)
    assert 0.74 <= inside / 300 <= 0.86  # binomial: 0.8 ± 2.6 standard deviations


def test_eighty_percent_of_made_up_days_lie_inside() -> None:
    numbers, field = _country(SHARES, 300, 24, seed=9)
    chance = np.random.default_rng(10)
    share = 1 / (1 + np.exp(-field))
    spell = 1 / (SHARES.clustering - 1)  # beta-binomial of 30 days with this overdispersion
    size = 30 * spell
    counts = chance.binomial(30, chance.beta(share * size, (1 - share) * size))
    inside = 0
    for row in counts:
        blocks = [DaysBlock(int(number), 30, int(count)) for number, count in zip(numbers, row, strict=True)]
        end = forecast_days(blocks[:18], [DaysBlock(one.month, 30, 0) for one in blocks[18:]], 2015, SHARES)
        inside += end.quantile(0.1) <= row[12:].sum() <= end.quantile(0.9)
    assert 0.73 <= inside / 300 <= 0.88


@pytest.mark.slow
def test_pooled_parameters_are_found_again() -> None:
    numbers, field = _country(MEANS, 200, 24, seed=11)
    days = np.full(field.shape, 30.0)
    chance = np.random.default_rng(12)
    spread = np.where(np.isin(numbers % 12 + 1, (1, 2, 10, 11, 12)), MEANS.day_sd_cold, MEANS.day_sd_warm)
    logs = field + chance.standard_normal(field.shape) * spread / np.sqrt(30)
    start = FieldTable(0, 1, (0.0,) * 12, 0.3, 2, 0.3, 0.3, 0.3, 0.3, day_sd_cold=0.9, day_sd_warm=0.7)
    found = fitted(MeanMonths(numbers, logs, days), start, rounds=2)
    assert found.level == pytest.approx(MEANS.level, abs=0.1)
    assert found.season == pytest.approx(SEASON, abs=0.06)
    assert found.cold_sd == pytest.approx(MEANS.cold_sd, abs=0.06)
    assert found.step == pytest.approx(MEANS.step, abs=0.08)
    before = MeanMonths(numbers, logs, days).posterior(start).evidence.sum()
    assert MeanMonths(numbers, logs, days).posterior(found).evidence.sum() > before


def test_the_field_of_shares_follows_what_was_seen() -> None:
    numbers = np.arange(month_number(2014, 1), month_number(2014, 1) + 12, dtype=float)
    many, none = np.full((1, 12), 20.0), np.zeros((1, 12))
    days = np.full((1, 12), 30.0)
    high = ShareMonths(numbers, many, days).posterior(SHARES).mean
    low = ShareMonths(numbers, none, days).posterior(SHARES).mean
    prior = prior_mean(numbers, SHARES)
    assert (high > prior).all()
    assert (low < prior).all()


def test_clustering_of_independent_days_is_one_and_of_whole_spells_more() -> None:
    chance = np.random.default_rng(3)
    days = np.full((400, 6, 3), 10.0)
    assert day_clustering(chance.binomial(10, 0.3, days.shape).astype(float), days) == pytest.approx(1, abs=0.08)
    assert day_clustering(10.0 * chance.binomial(1, 0.3, days.shape), days) > 5


def test_a_month_without_an_item_has_no_counted_day_and_later_days_are_not_seen() -> None:
    days = [date(2015, 1, 1) + timedelta(days=at) for at in range(90)]
    table = pl.DataFrame(
        {"city": ["甲"] * 90, "date": days, **{item: [10_000] * 90 for item in ITEMS}, "aqi": [120] * 90},
        schema_overrides={"date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64), "aqi": pl.Int64},
    ).with_columns(o3_8h=pl.when(pl.col("date").dt.month() != 2).then(pl.col("o3_8h")))
    blocks = city_blocks(table, date(2015, 3, 10), 100, 200)
    assert [(one.month % 12 + 1, one.days) for one in blocks.means] == [(1, 31), (2, 28), (3, 10)]
    assert [(one.month % 12 + 1, one.days, one.kind) for one in blocks.kinds["bad"]] == [(1, 31, 31), (3, 10, 10)]
    assert [one.kind for one in blocks.kinds["heavy"]] == [0, 0]
    assert blocks.coming[0].days == 21
