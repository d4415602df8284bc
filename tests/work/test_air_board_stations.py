"""A station lost, and reviewed beside real-time values: from station hours, against a second simple computation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from lantian.basis.period import Days
from lantian.rulebook import plan as plan_by_id
from lantian.store.air import AirReader
from lantian.store.stations import Station
from lantian.work.air_basis import DecidedBasis, YearBasis
from lantian.work.air_board import board
from lantian.work.air_board_stations import without_each
from lantian.work.air_import import import_city_days, silent
from lantian.work.station_import import import_station_hours
from lantian.work.station_register import keep_stations

NOW = datetime.fromisoformat("2025-06-01T00:00:00+00:00")
CODES = ("1001A", "1002A", "1003A", "1004A")
DAYS = Days(date(2025, 1, 1), date(2025, 1, 3))
PM25 = {"1001A": 21, "1002A": 30, "1003A": 40, "1004A": 50}


def station(code: str, role: str = "national", city: str = "鸡西") -> Station:
    return Station(code, f"站{code}", city, None, "230300", role, None, None, date(2020, 1, 1))


def hours(more: int = 0, codes: tuple[str, ...] = CODES) -> str:
    lines = ["站点\t时间\tSO2\tNO2\tCO\tO3\tPM10\tPM2.5"]
    for code in codes:
        for day in DAYS:
            start = datetime(day.year, day.month, day.day)
            for n in range(1, 25):
                at = start + timedelta(hours=n)
                value = PM25.get(code, 99) + more + day.day
                lines.append(f"{code}\t{at:%Y-%m-%d %H:%M}\t10\t20\t0.5\t60\t{value + 40}\t{value}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def stations(data: Path) -> Path:
    keep_stations(data, [*(station(code) for code in CODES), station("1005A", "micro")], now=NOW, user="a")
    import_station_hours(data, hours(codes=(*CODES, "1005A")), now=NOW, user="a")
    return data


def test_the_mean_without_each_station(stations: Path) -> None:
    found = without_each(AirReader(stations), "鸡西市", DAYS)
    assert [one.station.code if one.station else None for one in found] == [None, *CODES]  # a micro station counts not
    for one in found:
        rest = [value for code, value in PM25.items() if one.station is None or code != one.station.code]
        days = [Fraction(sum(rest), len(rest)) + day.day for day in DAYS]
        assert (one.days, one.total, one.mean) == (3, sum(days), sum(days) / 3)


def test_where_three_of_four_are_no_longer_valid_the_days_are_lost(data: Path) -> None:
    keep_stations(data, [station(code) for code in CODES], now=NOW, user="a")
    import_station_hours(data, hours(codes=CODES[:3]), now=NOW, user="a")
    found = without_each(AirReader(data), "鸡西", DAYS)
    # three of four stations report: enough; with one of them lost two of four are not
    assert [one.days for one in found] == [3, 0, 0, 0, 3]
    assert found[1].mean is None


def test_the_board_lists_the_lost_stations(stations: Path) -> None:
    found = board(plan_by_id("jixi-2024"), AirReader(stations), DAYS.last, issued={}, decided={})
    lost = {one.key: one for one in found.scenarios if one.key.startswith("lost-")}
    assert set(lost) == {f"lost-{code}" for code in CODES}
    # all 35.25 + 2 = 37.25; without the lowest 40 + 2 = 42 (one decimal more than reported)
    assert "全部站 37.2，缺该站 42.0" in lost["lost-1001A"].lines[0].zh
    assert lost["lost-1001A"].lines[0].zh.startswith("有站点小时值的 3 个有效日")
    # (28.5 · 365 − 3 · 42) / 362 = 28.388…
    assert lost["lost-1001A"].lines[1].zh.startswith("剩余日控制值 28.3")


def test_days_without_station_hours_stay_in_the_control_value(stations: Path) -> None:
    rows = [f"2025-01-0{day}\t鸡西\t10\t20\t0.5\t60\t90\t60" for day in (4, 5, 6)]
    table = "\n".join(["日期\t城市\tSO2\tNO2\tCO\tO3_8h\tPM10\tPM2.5", *rows])
    import_city_days(stations, table, now=NOW, user="a", progress=silent)
    found = board(plan_by_id("jixi-2024"), AirReader(stations), date(2025, 1, 6), issued={}, decided={})
    lines = [one.zh for one in next(one for one in found.scenarios if one.key == "lost-1001A").lines]
    assert lines[1] == "其余 3 天没有小时值，按已有日均值不变"
    # (28.5 · 365 − 3 · 42 − 3 · 60) / 359 = 28.123…
    assert lines[2].startswith("剩余日控制值 28.1")


def test_no_register_or_no_hours_is_quietly_nothing(data: Path) -> None:
    assert without_each(AirReader(data), "鸡西", DAYS) == ()
    keep_stations(data, [station(code) for code in CODES], now=NOW, user="a")
    assert without_each(AirReader(data), "鸡西", DAYS) == ()


def test_reviewed_values_stand_beside_real_time_ones(stations: Path) -> None:
    import_station_hours(stations, hours(more=-8), now=NOW, user="a", values="reviewed")
    plan, reader = plan_by_id("jixi-2024"), AirReader(stations)
    plain = board(plan, reader, DAYS.last, issued={}, decided={})
    pair = next(one for one in plain.pairs if one.key == "values")
    mean = dict(pair.rows)["pm25_mean"]
    # 37.25 and 29.25, each rounded once
    assert (mean.first.text, mean.second.text, mean.text) == ("37", "29", "-8")
    reviewed = DecidedBasis(
        "T03-1", YearBasis(values="reviewed", decimals=1), "省厅", "9号", "甲", date(2025, 1, 1), "试"
    )
    found = board(plan, reader, DAYS.last, issued={}, decided={"T03-1": reviewed})
    assert (plain.budgets[0].so_far, found.budgets[0].so_far) == ("37", "29.2")
