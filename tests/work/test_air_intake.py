"""The door for air tables: what is refused says which file is what; cities wanted, codes, stations in two cities."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.store.hours import HourReader
from lantian.store.station_code import plain_code
from lantian.store.stations import Station
from lantian.work.air_import import ImportReport
from lantian.work.air_intake import import_air
from lantian.work.station_register import import_stations, keep_stations

NOW = datetime.fromisoformat("2026-03-10T00:00:00+00:00")
HOURS = "时间,站点,城市,SO2,NO2,CO,O3,PM10,PM2.5\n2025-03-01 01:00,1001A,甲城,7,20,0.5,60,80,30\n"
OTHER = "2025-03-01 01:00,2001A,乙城,7,20,0.5,60,80,30\n"
CITY = "日期,城市,SO2,NO2,CO,O3-8h,PM10,PM2.5\n2025-03-01,甲城,7,20,0.5,60,80,30\n"
REGISTER = "站点编码,站点名称,城市,类型\n1001A,一号,甲城,国控\n"
DAY = Days(date(2025, 3, 1), date(2025, 3, 1))


def file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def bring(data: Path, source: Path | str | list[Path], *cities: str) -> ImportReport:
    return import_air(data, source, now=NOW, user="a", cities=cities)


def codes(data: Path) -> list[str]:
    return HourReader(data).hours(DAY)["station"].to_list()


def station(code: str, city: str) -> Station:
    return Station(code, "站", city, None, None, "national", None, None, date(2013, 1, 1))


def test_files_of_several_kinds_are_each_named(tmp_path: Path) -> None:
    files = [file(tmp_path, "h.csv", HOURS), file(tmp_path, "c.csv", CITY), file(tmp_path, "r.csv", REGISTER)]
    with pytest.raises(Refusal, match=r"h.csv 是站点小时值（实况）；c.csv 是城市日均值；r.csv 是站点登记。没有写入"):
        bring(tmp_path / "d", files)
    assert codes(tmp_path / "d") == []


def test_a_register_is_recognised_and_its_way_in_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="这是站点登记表"):
        bring(tmp_path / "d", file(tmp_path, "r.csv", REGISTER))


def test_a_table_of_headings_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="没有一行数据"):
        bring(tmp_path / "d", HOURS.split("\n")[0] + "\n")


def test_a_table_nobody_knows_hears_of_the_layouts_of_stations_too(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="plain_hours（通用站点小时值表）"):
        bring(tmp_path / "d", HOURS.replace("站点,城市", "地块,楼号"))


def test_only_the_cities_wanted_come_in_and_the_others_are_counted(tmp_path: Path) -> None:
    report = bring(tmp_path / "d", HOURS + OTHER, "乙城市")
    assert codes(tmp_path / "d") == ["2001A"]
    assert [note.text.zh for note in report.notes if note.code == "AIR-CITY-ONLY"] == [
        "只导入乙城：1 行；其余 1 行没有导入"
    ]


def test_stations_of_a_table_without_cities_are_those_of_the_register(tmp_path: Path) -> None:
    keep_stations(tmp_path / "d", [station("1001A", "甲城"), station("2001A", "乙城")], now=NOW, user="a")
    wide = "date,hour,type,1001A,2001A,3001A\n20250301,1,PM10,60,60,60\n20250301,1,PM2.5,30,30,30\n"
    bring(tmp_path / "d", wide, "乙城")
    assert codes(tmp_path / "d") == ["2001A"]
    with pytest.raises(Refusal, match="没有一行属于丙城"):
        bring(tmp_path / "d", wide, "丙城")


def test_a_station_under_two_cities_is_told(tmp_path: Path) -> None:
    report = bring(tmp_path / "d", HOURS + HOURS.split("\n")[1].replace("甲城", "乙城").replace("01:00", "02:00"))
    assert [note.text.zh.split("。")[0] for note in report.notes if note.code == "AIR-STATION-CITIES"] == [
        "1 个站点编码在表中属于不止一个城市：1001A（乙城、甲城）"
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1001a", "1001A"),
        ("１００１Ａ ", "1001A"),
        ("1001.0", "1001"),
        ("Aotizhongxin", "Aotizhongxin"),
        ("12a4", "12a4"),
    ],
)
def test_a_code_is_kept_in_one_way(written: str, kept: str) -> None:
    assert plain_code(written) == kept


def test_a_code_in_small_letters_is_the_registered_station(tmp_path: Path) -> None:
    import_stations(tmp_path / "d", REGISTER.replace("1001A", "1001a"), now=NOW, user="a")
    report = bring(tmp_path / "d", HOURS.replace("1001A", "１００１ａ"))
    assert codes(tmp_path / "d") == ["1001A"]
    assert report.days_recomputed == 1


def test_numbers_as_databases_write_them(tmp_path: Path) -> None:
    bring(tmp_path / "d", HOURS.replace("0.5", ".5"))
    assert HourReader(tmp_path / "d").hours(DAY)["co"].to_list() == [5000]


def test_a_city_day_with_a_cell_too_many_is_kept_aside(tmp_path: Path) -> None:
    lines = CITY + "2025-03-02,甲城,1,200,20,0.5,60,80,30\n"
    report = bring(tmp_path / "d", file(tmp_path, "c.csv", lines))
    assert [(one.code, one.place.row) for one in report.quarantined] == [("AIR-ROW-LONGER", 3)]
    assert report.rows_new == 1
    habit = CITY.replace("30\n", "30,\n").replace("03-01", "03-03")
    assert bring(tmp_path / "d", file(tmp_path, "h.csv", habit)).rows_new == 1
