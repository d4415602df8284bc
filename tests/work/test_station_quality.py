"""Data quality of the stored hours: what is found, what is passed over, what is told across months, and when anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lantian.basis.period import Days
from lantian.store.hours import HourReader
from lantian.store.quality import QualityMonth, checked_months, keep_quality_month, quality_month
from lantian.store.stations import Station
from lantian.work.station_import import import_station_hours
from lantian.work.station_quality import changed_months, check_month, check_months, inputs_of, station_days
from lantian.work.station_register import keep_stations

NOW = datetime(2025, 10, 16, tzinfo=UTC)
FIRST, LAST = datetime(2025, 9, 29, 1), datetime(2025, 10, 16, 0)
HEAD = "station,city,time,so2,no2,co,o3,pm10,pm25"


def station(code: str, role: str = "national", first: date = date(2024, 1, 1), **more: object) -> Station:
    return Station(code, f"名{code}", "鸡西", None, "230300", role, None, None, first, **more)  # type: ignore[arg-type]


STATIONS = [station("A1"), station("A2"), station("A3"), station("A4"), station("A5", first=date(2025, 10, 11)),
            station("M1", "micro"), station("N1"), station("E1", valid_until=date(2025, 9, 30))]  # fmt: skip


def pm25(code: str, time: datetime) -> int:
    """Never twice the same in a row, and alike at all stations but the micro one."""
    return (20 + (time.day * 24 + time.hour) * 7 % 11) * (6 if code == "M1" else 1)


def lines() -> Iterator[str]:
    time = FIRST
    while time <= LAST:
        day = (time - timedelta(hours=1)).date()
        for code in ("A1", "A2", "A3", "A4", "A5", "M1", "E1", "U1"):
            if code == "A5" and day < date(2025, 10, 11):
                continue
            if code == "A4" and date(2025, 10, 1) <= day <= date(2025, 10, 10):
                continue
            if code == "E1" and day > date(2025, 9, 30):
                continue
            fine = pm25(code, time)
            coarse = 2 * fine
            if code == "A1" and datetime(2025, 9, 30, 22) <= time <= datetime(2025, 10, 1, 6):
                coarse = 70
            if code == "A2" and time == datetime(2025, 10, 5, 9):
                fine, coarse = 420, 900
            small = 5 + (time.hour * 5 + time.day) % 7
            yield f"{code},鸡西,{time:%Y-%m-%d %H:%M},{small},{small + 9},{small / 10},{small + 30},{coarse},{fine}"
        time += timedelta(hours=1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quality") / "data"
    folder.mkdir()
    keep_stations(folder, STATIONS, now=NOW, user="甲")
    import_station_hours(folder, "\n".join([HEAD.replace(",", "\t"), *(line.replace(",", "\t") for line in lines())]),
                         now=NOW, user="甲")  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def october(data: Path) -> QualityMonth:
    return check_month(data, "2025-10", now=NOW)


def of(found: QualityMonth, code: str) -> list[tuple[str, str | None, str, str]]:
    return [(one.station, one.item, one.first, one.last) for one in found.findings if one.code == f"AIR-QUALITY-{code}"]


def test_a_run_over_midnight_of_the_month_is_told_whole(october: QualityMonth) -> None:
    assert of(october, "STUCK") == [("A1", "pm10", "2025-09-30T22:00:00", "2025-10-01T06:00:00")]
    found = next(one for one in october.findings if one.code == "AIR-QUALITY-STUCK")
    assert found.count == 9
    assert "名A1" in found.zh
    assert [value for _, value in found.evidence[2:]] == ["70"] * 8  # from its beginning in September on


def test_the_month_before_tells_its_own_part_only(data: Path) -> None:
    assert of(check_month(data, "2025-09", now=NOW), "STUCK") == []  # three hours of it lie in September: too few


def test_a_rise_comes_with_the_values_around_it(october: QualityMonth) -> None:
    found = [one for one in october.findings if one.code == "AIR-QUALITY-JUMP" and one.item == "pm25"]
    assert [(one.station, one.first) for one in found] == [("A2", "2025-10-05T09:00:00")]
    before = datetime(2025, 10, 5, 8)
    assert found[0].evidence[1:3] == (("10-05 08:00", str(pm25("A2", before))), ("10-05 09:00", "420"))


def test_micro_stations_are_not_held_against_the_city_s_stations(october: QualityMonth) -> None:
    assert of(october, "NEIGHBOUR") == []


def test_capture_counts_only_days_registered_and_heard(data: Path, october: QualityMonth) -> None:
    assert [own[0] for own in of(october, "CAPTURE")] == ["A4"]  # A5 is whole since it stands, N1 was never heard
    counted = {(one.station, one.item): one for one in october.captures}
    assert {code for code, _ in counted} == {"A1", "A2", "A3", "A4", "A5", "M1"}
    assert (counted["A4", "pm25"].present, counted["A4", "pm25"].possible) == (5 * 24, 15 * 24)
    assert (counted["A5", "o3_8h"].present, counted["A5", "o3_8h"].possible) == (5 * 24, 5 * 24)
    assert (counted["A4", "no2"].valid_days, counted["A4", "no2"].days) == (5, 15)


def test_captures_equal_a_plain_count_of_the_hours(data: Path, october: QualityMonth) -> None:
    hours = HourReader(data).hours(Days(date(2025, 10, 1), date(2025, 10, 15)))
    for one in october.captures:
        column = "o3" if one.item == "o3_8h" else one.item
        plain = [row[column] for row in hours.iter_rows(named=True) if row["station"] == one.station]
        assert one.present == len([value for value in plain if value is not None])


def test_a_day_of_a_station_is_the_mean_of_its_hours(data: Path) -> None:
    days = Days(date(2025, 10, 3), date(2025, 10, 3))
    hours = HourReader(data).hours(days, stations=["A3"])
    table = station_days(hours, ["A3"], days)
    values = hours["pm25"].to_list()
    assert len(values) == 24
    exact = sum(values) * 10 // 24  # one digit more than is held
    assert abs(table["pm25"][0] * 10 - exact) <= 10


def test_unregistered_and_ended_stations_are_passed_over(october: QualityMonth) -> None:
    assert not {"U1", "E1", "N1"} & {one.station for one in october.findings}


def test_months_are_checked_anew_when_something_changed_and_only_then(tmp_path: Path) -> None:
    keep_stations(tmp_path, STATIONS[:4], now=NOW, user="甲")
    own = [line for line in lines() if line.startswith(("A1", "A2"))]
    file = tmp_path / "hours.csv"
    file.write_text("\n".join([HEAD, *own]), "utf-8")
    import_station_hours(tmp_path, file, now=NOW, user="甲")
    assert changed_months(tmp_path) == ["2025-09", "2025-10"]
    first = check_months(tmp_path, changed_months(tmp_path), now=NOW)
    assert changed_months(tmp_path) == []
    assert checked_months(tmp_path, "realtime") == ["2025-10", "2025-09"]
    assert quality_month(tmp_path, "realtime", "2025-10") == first[1]
    file.write_text("\n".join([HEAD, "A1,鸡西,2025-10-12 05:00,5,6,0.7,40,60,30"]), "utf-8")
    import_station_hours(tmp_path, file, now=NOW + timedelta(hours=1), user="甲")
    assert changed_months(tmp_path) == ["2025-10"]
    again = check_month(tmp_path, "2025-10", now=NOW)
    assert {one.key for one in first[1].findings} <= {
        one.key for one in again.findings
    }  # notes stay with their finding
    check_months(tmp_path, ["2025-10"], now=NOW)
    keep_stations(tmp_path, [station("A2", "reference")], now=NOW + timedelta(hours=2), user="甲")
    assert changed_months(tmp_path) == ["2025-09", "2025-10"]


def test_reviewed_hours_are_checked_by_themselves(data: Path) -> None:
    assert changed_months(data, "reviewed") == []
    assert inputs_of(data, "reviewed", "2025-10") != inputs_of(data, "realtime", "2025-10")


def test_nothing_is_there_of_an_empty_folder(tmp_path: Path) -> None:
    assert changed_months(tmp_path) == []
    assert checked_months(tmp_path, "realtime") == []
    assert quality_month(tmp_path, "realtime", "2025-10") is None


def test_a_damaged_file_is_as_none(tmp_path: Path, october: QualityMonth) -> None:
    keep_quality_month(tmp_path, october)
    assert quality_month(tmp_path, "realtime", "2025-10") == october
    (tmp_path / "quality" / "realtime" / "2025-10.json").write_text('{"inputs": 1', "utf-8")
    assert quality_month(tmp_path, "realtime", "2025-10") is None


def test_every_row_an_hour_has_had_is_found(tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    for at, value in enumerate((30, 31, 31, 32)):
        file.write_text("\n".join([HEAD, f"A1,鸡西,2025-10-12 05:00,5,6,0.7,40,60,{value}"]), "utf-8")
        import_station_hours(tmp_path, file, now=NOW + timedelta(hours=at), user="甲")
    found = HourReader(tmp_path).versions(Days(date(2025, 10, 12), date(2025, 10, 12)), stations=["A1"])
    assert found["pm25"].to_list() == [300000, 310000, 320000]  # the same again is no revision
    assert HourReader(tmp_path).versions(Days(date(2025, 10, 13), date(2025, 10, 13))).is_empty()
