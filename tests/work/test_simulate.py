"""The simulated city: the same for a seed, marked, alive at its last day, never over real days."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lantian.basis.determination import digest
from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.store.air import AirReader
from lantian.work.air_import import import_city_days
from lantian.work.simulate import _Day, simulate_city, simulated_days

FIRST, LAST, SEED = date(2021, 1, 1), date(2025, 10, 15), 230300
PINNED = [45.9, 40.8, 40.0]  # what every fresh installation shows; the same on CPython 3.11, 3.12 and 3.13
FINGERPRINT = "e609714a2aedbf2bc4e7749346d96f8a9083efc67f096eedb1eeb4236c5138bd"


def fingerprint(days: list[_Day]) -> str:
    return digest([day.date, {item: v and round(v, 1) for item, v in day.values.items()}] for day in days)


def test_a_seed_gives_the_same_days_on_every_version() -> None:
    january = simulated_days(SEED, date(2025, 1, 1), date(2025, 1, 3))
    assert [round(day.values["pm25"] or 0, 1) for day in january] == PINNED
    assert fingerprint(simulated_days(SEED, FIRST, LAST)) == FINGERPRINT
    assert simulated_days(SEED + 1, date(2025, 1, 1), date(2025, 1, 3)) != january


def test_cutting_the_period_changes_no_day() -> None:
    whole = simulated_days(SEED, date(2024, 1, 1), LAST)
    part = simulated_days(SEED, date(2025, 3, 1), date(2025, 4, 30))
    assert part == [day for day in whole if date(2025, 3, 1) <= day.date <= date(2025, 4, 30)]


def test_simulated_days_are_marked_and_alive(data: Path, now: datetime) -> None:
    count = simulate_city(data, "鸡西市", "230300", seed=SEED, first=FIRST, last=LAST, now=now)
    reader = AirReader(data)
    days = reader.days("鸡西", Days(FIRST, LAST))
    assert count == len(days) == (LAST - FIRST).days + 1
    assert all(day.simulated for day in days)
    assert reader.simulated("鸡西市")
    assert reader.latest("鸡西") == LAST
    this_year = [day for day in days if day.date.year == 2025 and day.aqi is not None]
    assert sum(day.aqi > 200 for day in this_year if day.aqi) == 1
    share = 100 * sum(day.aqi <= 100 for day in this_year if day.aqi) / len(this_year)
    assert 93 < share < 97
    summer = [day.values["pm25"] for day in this_year if day.date.month == 7 and day.values["pm25"]]
    winter = [day.values["pm25"] for day in this_year if day.date.month == 1 and day.values["pm25"]]
    assert sum(winter) / len(winter) > 2 * sum(summer) / len(summer)
    assert any(value is None for day in days for value in day.values.values())


def test_simulating_again_replaces_the_simulated_days(data: Path, now: datetime) -> None:
    simulate_city(data, "鸡西", "230300", seed=1, first=FIRST, last=date(2021, 2, 1), now=now)
    simulate_city(data, "鸡西", "230300", seed=2, first=FIRST, last=date(2021, 1, 10), now=now)
    reader = AirReader(data)
    assert len(reader.days("鸡西", Days(FIRST, LAST))) == 10
    assert len(reader.revisions("鸡西", FIRST)) == 1


def test_a_city_with_real_days_is_not_simulated(data: Path, now: datetime) -> None:
    text = "日期\t城市\tPM2.5\n2025-01-01\t鸡西市\t30\n"
    import_city_days(data, text, now=now, user="tester")
    with pytest.raises(Refusal, match="真实数据"):
        simulate_city(data, "鸡西", "230300", seed=1, first=FIRST, last=LAST, now=now)


def test_an_empty_period_is_refused(data: Path, now: datetime) -> None:
    with pytest.raises(Refusal, match="颠倒"):
        simulate_city(data, "鸡西", None, seed=1, first=LAST, last=FIRST, now=now)
