"""City days in the store: reading, revisions, the writer's lock, versions, transactions."""

from __future__ import annotations

import multiprocessing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import Days, year
from lantian.store.air import AirReader, plain_city
from lantian.store.air_file import LOCK_FILE, writing
from lantian.work.air_import import import_city_days

HEAD = "日期\t城市\t区划代码\tSO2\tNO2\tCO\tO3-8h\tPM10\tPM2.5\n"
ROW = "2025-01-0{day}\t鸡西市\t230300\t12\t25.4\t0.85\t60\t80\t{pm25}\n"


def test_an_absent_file_gives_nothing(data: Path) -> None:
    reader = AirReader(data / "none")
    assert reader.days("鸡西", year(2025)) == []
    assert (reader.cities(), reader.latest("鸡西"), reader.earliest("鸡西"), reader.simulated("鸡西")) == (
        [],
        None,
        None,
        False,
    )
    assert (reader.version(), reader.imports(), reader.quarantine(1)) == (0, [], [])
    assert reader.table("鸡西", year(2025)).is_empty()


def test_a_day_as_other_rooms_read_it(data: Path, now: datetime) -> None:
    import_city_days(data, HEAD + ROW.format(day=1, pm25="76.5"), now=now, user="tester")
    (day,) = AirReader(data).days("鸡西市", year(2025))
    assert (day.city, day.region, day.date, day.simulated) == ("鸡西", "230300", date(2025, 1, 1), False)
    assert day.values == {"so2": 120000, "no2": 254000, "co": 8500, "o3_8h": 600000, "pm10": 800000, "pm25": 765000}
    assert day.printed == {"so2": "12", "no2": "25", "co": "0.8", "o3_8h": "60", "pm10": "80", "pm25": "76"}
    # PM2.5 76: 100 + 50 / 40 = 101.25 -> 102
    assert (day.iaqi["pm25"], day.aqi, day.primary, day.category) == (102, 102, ("PM2.5",), "轻度污染")
    assert day.edition == "HJ 633-2012"
    table = AirReader(data).table("鸡西", year(2025))
    assert table.row(0)[-2:] == (102, "HJ 633-2012")


def test_a_revision_replaces_the_row_and_keeps_the_old_one(data: Path, now: datetime) -> None:
    import_city_days(data, HEAD + ROW.format(day=1, pm25="30"), now=now, user="a")
    first = AirReader(data).version()
    later = now + timedelta(days=1)
    report = import_city_days(data, HEAD + ROW.format(day=1, pm25="31"), now=later, user="b")
    reader = AirReader(data)
    assert (report.rows_changed, report.rows_new, report.days_recomputed) == (1, 0, 1)
    assert [(at, values["pm25"]) for at, values in reader.revisions("鸡西", date(2025, 1, 1))] == [
        (now, 300000),
        (later, 310000),
    ]
    assert [day.printed["pm25"] for day in reader.days("鸡西", year(2025))] == ["31"]
    assert reader.version() > first


def test_only_touched_days_are_computed_again(data: Path, now: datetime) -> None:
    import_city_days(data, HEAD + "".join(ROW.format(day=day, pm25="30") for day in range(1, 6)), now=now, user="a")
    more = HEAD + ROW.format(day=5, pm25="30") + ROW.format(day=6, pm25="40")
    report = import_city_days(data, more, now=now, user="a")
    assert (report.rows_same, report.rows_new, report.days_recomputed) == (1, 1, 1)


def test_a_failure_inside_leaves_nothing(data: Path, now: datetime) -> None:
    def fail_inside() -> None:
        with writing(data, job="x", now=now) as database:
            database.execute("INSERT INTO import VALUES (1, '', '', '', '[]', '', 0, 0, 0, 0, 0, '[]')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    reader = AirReader(data)
    assert reader.imports() == []
    assert reader.version() == 0
    with writing(data, job="x", now=now) as database:
        database.execute("SELECT 1")
    assert reader.version() == 0  # nothing was written


def _hold(data: Path, now: datetime, held, release) -> None:  # type: ignore[no-untyped-def]
    with writing(data, job="long import", now=now):
        held.set()
        release.wait(20)


def test_a_second_writer_hears_who_is_busy(data: Path, now: datetime) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(data, now, held, release))
    other.start()
    try:
        assert held.wait(20)
        with pytest.raises(Refusal, match=rf"pid {other.pid}, long import"), writing(data, job="x", now=now):
            pass
        assert AirReader(data).days("鸡西", year(2025)) == []  # readers do not wait
    finally:
        release.set()
        other.join(20)
    with writing(data, job="x", now=now, wait_seconds=5):
        assert "x" in (data / LOCK_FILE).read_text()
    assert (data / LOCK_FILE).read_text() == ""


def test_city_names_are_kept_plain() -> None:
    assert [plain_city(name) for name in (" 鸡西市", "鸡西", "大兴安岭地区", "沙市")] == [
        "鸡西",
        "鸡西",
        "大兴安岭地区",
        "沙市",
    ]


def test_days_outside_are_not_given(data: Path, now: datetime) -> None:
    import_city_days(data, HEAD + "".join(ROW.format(day=day, pm25="30") for day in range(1, 6)), now=now, user="a")
    days = AirReader(data).days("鸡西", Days(date(2025, 1, 2), date(2025, 1, 3)))
    assert [day.date.day for day in days] == [2, 3]
