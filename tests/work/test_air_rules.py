"""The rulebook's numbers as the air room takes them, and the trial vectors."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from lantian.air.day import primary_names
from lantian.air.item import ITEMS, SCALE
from lantian.basis.exact import scaled
from lantian.basis.period import Days
from lantian.rulebook import NoRuleError
from lantian.store.air_write import RawDay
from lantian.work.air_rules import evaluated_days, index_rule, index_rules, statistics_rule, table_of


def test_editions_change_on_the_first_of_march_2026() -> None:
    spans = index_rules(Days(date(2025, 12, 1), date(2026, 12, 31)))
    assert [(days.first, days.last, rule.edition) for days, rule in spans] == [
        (date(2025, 12, 1), date(2026, 2, 28), "HJ 633-2012"),
        (date(2026, 3, 1), date(2026, 12, 31), "HJ 633-2026"),
    ]


def test_breakpoints_are_scaled_and_end_where_the_table_ends() -> None:
    old, new = index_rule(date(2015, 6, 1)), index_rule(date(2026, 3, 1))
    assert old.breakpoints["pm25"].concentration[2] == 750_000
    assert new.breakpoints["pm25"].concentration[2] == 600_000
    assert (old.breakpoints["o3_8h"].above, new.breakpoints["o3_8h"].above) == (None, 300)
    assert (old.breakpoints["so2"].above, len(old.breakpoints["o3_8h"].iaqi)) == (500, 6)
    assert [category.zh for category in new.categories][:2] == ["优", "良"]
    assert new.categories[0].colour == "#00e400"


def test_statistics_of_a_year() -> None:
    rule = statistics_rule(date(2025, 12, 31))
    assert (rule.edition, rule.validity.year_days, rule.validity.needed(2)) == ("HJ 663-2013", 324, 25)
    assert rule.index_limits["co"] == Fraction(4)


def test_there_is_no_law_before_2012() -> None:
    with pytest.raises(NoRuleError):
        index_rules(Days(date(2011, 12, 31), date(2012, 1, 2)))


def test_the_mixed_year_2026_from_printed_values(shared: Path) -> None:
    """The AQI of both editions follows from the printed values of the expected table."""
    with (shared / "accept/air/small-2026/city_daily.csv").open(encoding="utf-8") as lines:
        expected = list(csv.DictReader(lines))
    rows = [
        RawDay(
            row["city"],
            date.fromisoformat(row["date"]),
            None,
            tuple(scaled(row[item], SCALE) if row[item] else None for item in ITEMS),
        )
        for row in expected
    ]
    found = evaluated_days(table_of(rows))
    assert {row["edition"] for row in expected} == {"HJ 633-2012", "HJ 633-2026"}
    for row, day in zip(expected, found.iter_rows(named=True), strict=True):
        shown = (
            "" if day["aqi"] is None else str(day["aqi"]),
            ",".join(primary_names(day["primary"])),
            day["category"] or "",
            day["edition"],
        )
        assert shown == (row["aqi"], row["primary"], row["category"], row["edition"]), row
        assert [day[f"{item}_text"] or "" for item in ITEMS] == [row[item] for item in ITEMS]


def test_days_keep_their_order_over_a_change_of_edition() -> None:
    dates = [date(2026, 3, 2), date(2026, 2, 27), date(2026, 3, 1), date(2026, 2, 28)]
    rows = [RawDay("甲", day, None, (100_000,) * len(ITEMS)) for day in dates]
    assert evaluated_days(table_of(rows))["date"].to_list() == dates
