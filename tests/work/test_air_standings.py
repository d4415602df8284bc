"""Rankings of pages: ties, places apart with their reason, both years on one basis."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from lantian.air.item import ITEMS, SCALE
from lantian.basis.period import Days, month, year
from lantian.work.air_standings import Candidate, Measure, standings

DAY = timedelta(days=1)
Levels = dict[str, dict[int, int]]


class Given:
    """City days in which every item has the level of its city and year (co a hundredth); ``gaps`` days without any."""

    def __init__(self, levels: Levels, gaps: dict[str, set[date]] | None = None, absent: dict[str, str] | None = None):
        self.levels, self.gaps, self.absent = levels, gaps or {}, absent or {}

    def __call__(self, city: str, span: Days) -> pl.DataFrame:
        rows = []
        for day in span:
            level = self.levels.get(city, {}).get(day.year)
            if level is None:
                continue
            gone = day in self.gaps.get(city, set())
            values = {
                item: None
                if gone or self.absent.get(city) == item
                else level * 10**SCALE // (100 if item == "co" else 1)
                for item in ITEMS
            }
            rows.append({"city": city, "date": day, **values, "aqi": None, "edition": ""})
        schema = {
            "city": pl.String,
            "date": pl.Date,
            **dict.fromkeys(ITEMS, pl.Int64),
            "aqi": pl.Int64,
            "edition": pl.String,
        }
        return pl.DataFrame(rows, schema=schema)


def ranked(given: Given, days: Days, measure: Measure, *, own: dict[str, bool] | None = None):  # type: ignore[no-untyped-def]
    names = list(given.levels) + [name for name in (own or {}) if name not in given.levels]
    candidates = [Candidate(name, f"{name}市", (own or {}).get(name, True)) for name in names]
    return standings(candidates, given, days, measure)


def test_equal_printed_values_share_a_place_and_the_next_is_left_out() -> None:
    given = Given({"甲": {2025: 30}, "乙": {2025: 20}, "丙": {2025: 20}, "丁": {2025: 40}})
    found = ranked(given, year(2025), Measure.PM25)
    assert [(row.place, row.name, row.pm25) for row in found.placed] == [
        (1, "乙", "20"), (1, "丙", "20"), (3, "甲", "30"), (4, "丁", "40"),
    ]  # fmt: skip
    assert found.apart == ()


def test_good_days_rank_from_the_highest_and_improvement_from_the_greatest_fall() -> None:
    given = Given({"甲": {2024: 40, 2025: 30}, "乙": {2024: 20, 2025: 110}})
    assert [row.name for row in ranked(given, year(2025), Measure.GOOD).placed] == ["甲", "乙"]
    improved = ranked(given, year(2025), Measure.IMPROVEMENT)
    assert [(row.name, row.index_change) for row in improved.placed] == [("甲", "−25.0"), ("乙", "+450.0")]


def test_a_county_without_a_station_and_a_place_without_data_stand_apart_with_their_reason() -> None:
    given = Given({"甲": {2025: 30}, "乙": {}})
    found = ranked(given, year(2025), Measure.INDEX, own={"丙": False})
    assert [row.name for row in found.placed] == ["甲"]
    assert [(row.name, row.reason) for row in found.apart] == [
        ("乙", "这一时段没有数据，不参加排名"),
        ("丙", "无本地站点，不参加排名"),
    ]


@pytest.mark.parametrize(("gone", "placed"), [(4, True), (5, False)])
def test_a_month_needs_its_days(gone: int, placed: bool) -> None:
    gaps = {"甲": {date(2025, 3, 1) + DAY * n for n in range(gone)}}
    found = ranked(Given({"甲": {2025: 30}}, gaps), month(2025, 3), Measure.INDEX)
    assert bool(found.placed) is placed
    if not placed:
        assert found.apart[0].reason == "有效天数 26 天，少于所需的 27 天，不参加排名"


def test_other_periods_need_days_in_proportion_to_the_year() -> None:
    span = Days(date(2025, 1, 1), date(2025, 4, 10))  # 100 days: 88.8 of 324 in 365
    gaps = {
        "甲": {date(2025, 1, 1) + DAY * n for n in range(11)},
        "乙": {date(2025, 1, 1) + DAY * n for n in range(12)},
    }
    found = ranked(Given({"甲": {2025: 30}, "乙": {2025: 30}}, gaps), span, Measure.INDEX)
    assert [row.name for row in found.placed] == ["甲"]
    assert "88 天，少于所需的 89 天" in found.apart[0].reason


def test_an_item_missing_throughout_is_named() -> None:
    given = Given({"甲": {2025: 30}}, absent={"甲": "o3_8h"})
    assert ranked(given, year(2025), Measure.GOOD).apart[0].reason == "没有 O3 数据，不参加排名"
    assert [row.pm25 for row in ranked(given, year(2025), Measure.PM25).placed] == ["30"]


def test_last_year_is_judged_under_the_editions_of_this_year() -> None:
    """PM2.5 70 is 良 under HJ 633-2012 and 轻度污染 from 1 March 2026 on: last year's days follow this year's law."""
    found = ranked(Given({"甲": {2025: 70, 2026: 70}}), Days(date(2026, 1, 1), date(2026, 3, 31)), Measure.GOOD)
    row = found.placed[0]
    assert row.good_ratio == row.last_good_ratio == "65.6"  # 59 of 90 days
    assert row.good_change == "0.0"
