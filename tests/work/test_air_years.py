"""Facts of a city's year, by hand and on the simulated city."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from lantian.basis.period import Days, year
from lantian.store.air import AirReader
from lantian.work.air_import import import_city_days
from lantian.work.air_years import city_year_facts
from lantian.work.simulate import simulate_city

HEAD = "日期\t城市\tSO2\tNO2\tCO\tO3-8h\tPM10\tPM2.5\n"


def fill(data: Path, now: datetime, days: Days, pm25: float, o3: str = "60", pm10: str = "40") -> None:
    rows = [f"{day}\t甲城市\t10\t20\t0.5\t{o3}\t{pm10}\t{pm25}\n" for day in days]
    import_city_days(data, HEAD + "".join(rows), now=now, user="a")


def test_a_year_by_hand(data: Path, now: datetime) -> None:
    fill(data, now, year(2024), 40)
    fill(data, now, Days(date(2025, 1, 1), date(2025, 7, 1)), 20)
    facts = city_year_facts(AirReader(data), "甲城市", date(2025, 7, 1))
    assert facts.so_far.pm25_mean == Fraction(20)
    assert (facts.so_far.valid_days, facts.so_far.good_days, facts.so_far.heavy_days) == (182, 182, 0)
    assert facts.so_far.good_ratio_text == "100.0"
    assert facts.last_year is not None
    assert facts.last_year.days == Days(date(2024, 1, 1), date(2024, 7, 1))
    assert (facts.last_year.pm25_text, facts.last_year.valid_days) == ("40", 183)
    assert [(one.days.label(), one.pm25_text, one.pm25_valid) for one in facts.full_years] == [("2024", "40", True)]
    assert facts.remaining == 183
    assert facts.expected_mean == Fraction(182 * 20 + 183 * 40, 365)
    assert facts.best_mean == Fraction(182 * 20, 365)
    assert facts.expected_good_ratio == facts.best_good_ratio == 100
    assert facts.expected_heavy_days == 0
    control = facts.control_value(Fraction(28))
    assert control is not None
    assert control.bound == (Fraction(57, 2) * 365 - 182 * 20) / 183
    budget = facts.good_day_budget(Fraction("94.3"))
    assert budget is not None
    assert (budget.needed, budget.still_needed, budget.bad_days_allowed) == (345, 163, 20)
    assert facts.heavy_days_allowed(Fraction(2)) == 2
    assert (facts.validity.mean, facts.reachable.mean, facts.missing) == (False, True, 0)
    assert facts.editions == ("HJ 633-2012",)
    assert not facts.simulated


def test_years_are_compared_on_one_edition(data: Path) -> None:
    now = datetime.fromisoformat("2026-06-01T00:00:00+00:00")
    # PM2.5 70: good under HJ 633-2012 (to 75), not under HJ 633-2026 (to 60)
    for first in (date(2025, 2, 1), date(2026, 2, 1)):
        fill(data, now, Days(first, first.replace(month=4, day=30)), 70, pm10="80")
    reader = AirReader(data)
    facts = city_year_facts(reader, "甲城", date(2026, 4, 30))
    assert facts.editions == ("HJ 633-2012", "HJ 633-2026")
    assert (facts.so_far.good_days, facts.so_far.valid_days) == (28, 89)
    assert facts.last_year is not None
    assert (facts.last_year.good_days, facts.last_year.valid_days) == (28, 89)
    assert facts.last_year.editions == ("HJ 633-2012", "HJ 633-2026")
    # the year as it was stays as it was
    assert facts.full_years[0].good_days == 89
    assert facts.full_years[0].editions == ("HJ 633-2012",)


def test_without_ozone_days_are_not_counted(data: Path, now: datetime) -> None:
    fill(data, now, Days(date(2025, 1, 1), date(2025, 1, 10)), 200, o3="")
    facts = city_year_facts(AirReader(data), "甲城", date(2025, 1, 10))
    assert facts.so_far.valid_days == 10  # polluted beyond 100: the rule for missing items gives an AQI
    assert (facts.so_far.good_days, facts.so_far.heavy_days, facts.so_far.good_ratio) == (None, None, None)
    assert facts.so_far.note is not None
    assert "O3" in facts.so_far.note.zh
    assert facts.so_far.pm25_text == "200"
    assert (facts.good_day_budget(Fraction(90)), facts.heavy_days_allowed(Fraction(2))) == (None, None)
    assert (facts.expected_good_ratio, facts.expected_heavy_days) == (None, None)


def test_a_city_without_data(data: Path) -> None:
    facts = city_year_facts(AirReader(data), "甲城", date(2025, 5, 1))
    assert not facts.has_data
    assert (facts.so_far.pm25_mean, facts.so_far.good_days, facts.last_year, facts.full_years) == (None, None, None, ())
    assert (facts.expected_mean, facts.best_good_ratio) == (None, None)


def test_a_year_that_can_no_longer_be_valid(data: Path, now: datetime) -> None:
    fill(data, now, Days(date(2025, 3, 11), date(2025, 10, 15)), 20)
    facts = city_year_facts(AirReader(data), "甲城", date(2025, 10, 15))
    assert not facts.reachable.mean
    assert facts.reachable.short_months == (1, 2, 3)


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2025, 12, 31), date(2025, 1, 1)])
def test_edges_of_the_calendar(data: Path, now: datetime, as_of: date) -> None:
    fill(data, datetime.fromisoformat("2026-01-02T00:00:00+00:00"), Days(date(2023, 1, 1), date(2025, 12, 31)), 20)
    facts = city_year_facts(AirReader(data), "甲城", as_of)
    assert facts.so_far.pm25_days == (as_of - date(as_of.year, 1, 1)).days + 1
    assert facts.remaining == (date(as_of.year, 12, 31) - as_of).days
    assert facts.last_year is not None
    assert facts.last_year.days.last == (date(2023, 2, 28) if as_of.month == 2 else as_of.replace(year=as_of.year - 1))
    assert facts.expected_mean == 20


def test_the_digest_follows_the_rows(data: Path, now: datetime) -> None:
    fill(data, now, Days(date(2025, 1, 1), date(2025, 1, 10)), 20)
    reader, day = AirReader(data), date(2025, 1, 10)
    before = city_year_facts(reader, "甲城", day).inputs
    assert before == city_year_facts(reader, "甲城", day).inputs
    fill(data, now + timedelta(days=1), Days(date(2025, 1, 5), date(2025, 1, 5)), 21)
    assert city_year_facts(reader, "甲城", day).inputs != before


def test_the_simulated_city_is_alive_and_quick(data: Path, now: datetime) -> None:
    last = date(2025, 10, 15)
    simulate_city(data, "鸡西", "230300", seed=230300, first=date(2016, 1, 1), last=last, now=now)
    reader = AirReader(data)
    facts = city_year_facts(reader, "鸡西", last)
    assert facts.simulated
    assert facts.so_far.heavy_days == 1
    assert facts.expected_mean is not None
    assert 26 < facts.expected_mean < 30
    control = facts.control_value(Fraction(28))
    assert control is not None
    assert control.reachable
    budget = facts.good_day_budget(Fraction("94.3"))
    assert budget is not None
    assert budget.reachable
