"""Pages of the air: figures, filters in the address, what is said of wrong ones, empty states, files, who may read."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from openpyxl import load_workbook

from lantian.air.item import SCALE
from lantian.basis.period import Days
from lantian.rulebook import plan
from lantian.site.access import Role
from lantian.store.air import AirReader
from lantian.store.air_file import writing
from lantian.store.folder import prepare
from lantian.store.hours import MEASURED, SCHEMA, write_hours
from lantian.store.stations import Station, write_stations
from lantian.work.air_import import import_city_days
from lantian.work.simulate import simulate_city

NOW = datetime(2025, 10, 16, tzinfo=UTC)
PAGES = (
    "/air/",
    "/air/calendar/",
    "/air/day/2025-10-15/",
    "/air/trend/",
    "/air/ranking/",
    "/air/ranking/?group=counties",
)
FILES = ("/air/calendar/calendar.xlsx", "/air/trend/trend.xlsx", "/air/trend/trend.csv", "/air/trend/trend.svg", "/air/ranking/ranking.xlsx")  # fmt: skip


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two simulated years of the plan's city."""
    data = tmp_path_factory.mktemp("ambient")
    found = plan("jixi-2024", data)
    simulate_city(data, found.cities[0], found.region, seed=7, first=date(2024, 1, 1), last=date(2025, 10, 15), now=NOW)
    return data


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January 2025 of three cities of the province, one beyond it and one county; 2 January came twice for 鸡西."""
    data = tmp_path_factory.mktemp("ambient-real")
    prepare(data, now=NOW)
    places = {
        "鸡西": ("230300", 30),
        "鹤岗": ("230400", 30),
        "黑河": ("231100", 20),
        "长春": ("220100", 10),
        "密山": ("230382", 25),
    }
    days = [(city, day, region, level) for city, (region, level) in places.items() for day in range(1, 32)]
    _imported(data, days, NOW)
    _imported(data, [("鸡西", 2, "230300", 80)], NOW.replace(hour=3))
    with writing(data, job="stations", now=NOW) as database:
        own = Station("2240A", "环保局", "鸡西", "鸡东县", "230321", "county", 131.1, 45.2, date(2020, 1, 1))
        write_stations(database, [own], batch=1, known_at=NOW)
    return data


def _imported(data: Path, days: list[tuple[str, int, str, int]], now: datetime) -> None:
    """Imports a table in which every item has the level of its row (co a hundredth)."""
    file = data / f"days-{now:%H}.csv"
    lines = [f"2025-01-{day:02},{city},{region},{v},{v},{v / 100},{v},{v},{v}" for city, day, region, v in days]
    file.write_text("\n".join(["date,city,region,so2,no2,co,o3_8h,pm10,pm25", *lines]), "utf-8")
    import_city_days(data, file, now=now, user="甲", progress=lambda *_: None)


@pytest.fixture
def officer(client_of: Callable[..., Client]) -> Client:
    return client_of("duty_officer")


@pytest.fixture
def on(officer: Client, settings):  # type: ignore[no-untyped-def]
    """A function: the text of a page on a data folder, with its status."""

    def page(data: Path, address: str, status: int = 200) -> str:
        settings.DATA = data
        answer = officer.get(address)
        assert answer.status_code == status, address
        return answer.content.decode()

    return page


@pytest.fixture
def looked_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTIAN_AS_OF", "2025-01-31")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_that_its_days_are_simulated_and_bears_no_style_or_script(
    on, simulated: Path, address: str
) -> None:  # type: ignore[no-untyped-def]
    page = on(simulated, address)
    if "counties" not in address:  # no county has days here
        assert "模拟数据" in page
    assert 'style="' not in page
    assert "<script" not in page


@pytest.mark.parametrize("address", FILES)
def test_every_file_says_that_its_days_are_simulated(officer: Client, settings, simulated: Path, address: str) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = simulated
    answer = officer.get(address)
    assert answer.status_code == 200
    if address.endswith("xlsx"):
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert any("模拟数据" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    elif address.endswith("csv"):
        assert "模拟数据" in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("address", [*PAGES, *FILES])
@pytest.mark.parametrize("role", [Role.LEADER, Role.COUNTY_OFFICER])
def test_staff_may_read_and_the_public_is_asked_to_sign_in(
    client_of, settings, simulated: Path, address: str, role: Role
) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = simulated
    assert client_of(role.value).get(address).status_code == 200
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"][:15]) == (302, "/account/login/")


@pytest.mark.parametrize("address", [*PAGES[:2], *PAGES[3:]])
def test_an_installation_without_days_says_what_will_stand_here(on, tmp_path: Path, address: str) -> None:  # type: ignore[no-untyped-def]
    page = on(tmp_path, address)
    assert "没有" in page
    assert "导入" in page


def test_the_calendar_counts_what_the_days_say_and_links_each(on, simulated: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(simulated, "/air/calendar/?year=2024")
    rows = AirReader(simulated).days("鸡西", Days(date(2024, 1, 1), date(2024, 12, 31)))
    good = sum(row.aqi is not None and row.aqi <= 100 for row in rows)
    valid = sum(row.aqi is not None for row in rows)
    assert f"有效天数 <b>{valid}</b>" in page
    assert f"优良 <b>{good}</b> 天" in page
    assert len(re.findall(r'href="/air/day/2024-', page)) == 366
    row = next(one for one in rows if one.aqi is not None)
    assert f'aria-label="{row.date} AQI {row.aqi} {row.category}"' in page


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/air/calendar/?year=1999", "没有“1999”这一年的数据。可选 2024 至 2025 年"),
        ("/air/calendar/?year=%C2%B2%C2%B2", "这一年的数据"),
        ("/air/calendar/?place=%3Cb%3E", "没有“&lt;b&gt;”这个地方的数据"),
        ("/air/trend/?item=pb", "没有“pb”这一项"),
        ("/air/trend/?step=week", "没有“week”这一项"),
        ("/air/trend/?period=2025-13", "看不懂时段“2025-13”"),
        ("/air/trend/?period=2027", "还没有开始"),
        ("/air/ranking/?by=luck&group=world", "没有“luck”这一项"),
    ],
)
def test_a_wrong_parameter_is_told_beside_its_field_and_the_page_still_stands(
    on, simulated: Path, address: str, told: str
) -> None:  # type: ignore[no-untyped-def]
    page = on(simulated, address, status=400)
    assert told in page
    assert 'class="field wrong"' in page
    assert "<h2>" in page


@pytest.mark.parametrize(
    "address",
    ["/air/day/2025-02-30/", "/air/day/2025-10-16/", "/air/day/2025-10-15/?place=x", "/air/trend/trend.pdf",
     "/air/trend/trend.csv?item=pb", "/air/ranking/ranking.xlsx?by=luck", "/air/calendar/calendar.xlsx?year=1999",
     "/air/day/2011-12-31/"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(on, simulated: Path, address: str) -> None:  # type: ignore[no-untyped-def]
    on(simulated, address, status=404)


@pytest.mark.usefixtures("looked_back")
def test_a_day_shows_its_items_index_source_and_what_changed(on, real: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(real, "/air/day/2025-01-02/")
    assert "导入的城市日均值表" in page
    assert "HJ 633-2012" in page
    assert "第 2 次导入（days-03.csv，甲）：" in page
    assert "PM2.5 30 → 80" in page
    assert page.index("第 2 次导入") < page.index("第 1 次导入")
    assert "儿童、老年人及心脏病、呼吸系统疾病患者" in page  # PM2.5 80 is 轻度污染
    assert "未核实依据" in page
    assert 'href="/air/day/2025-01-01/"' in page
    county = on(real, "/air/day/2025-01-31/?place=密山")
    assert "密山市 2025-01-31" in county
    assert "2025-01-30" in county
    assert "01-31 →" not in county


@pytest.mark.usefixtures("looked_back")
def test_the_cities_ranked_are_those_of_the_province(on, real: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(real, "/air/ranking/?period=2025-01&by=pm25")
    places = re.findall(r"<b>(\d+)</b></td><td>([^<]+)</td>", page)
    assert places == [("1", "黑河市"), ("2", "鹤岗市"), ("3", "鸡西市")]  # 鸡西: 31.6 after the correction of 2 January
    assert "长春" not in page
    assert "2024年1月" in page


@pytest.mark.usefixtures("looked_back")
def test_counties_without_a_station_are_named_apart(on, real: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(real, "/air/ranking/?group=counties&period=2025-01")
    assert re.findall(r"<b>(\d+)</b></td><td>([^<]+)</td>", page) == [("1", "密山市")]
    apart = dict(re.findall(r"<tr><td>([^<]+)</td><td>([^<]+)</td></tr>", page))
    assert apart["虎林市"] == "无本地站点，不参加排名"
    assert apart["鸡东县"] == "这一时段没有数据，不参加排名"  # it has a station, but no days
    assert len(apart) == 8


@pytest.mark.usefixtures("looked_back")
def test_the_trend_and_its_files_say_the_same(on, officer: Client, settings, real: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(real, "/air/trend/?place=%E9%B8%A1%E8%A5%BF%E5%B8%82&item=pm25&period=2025-01")
    assert "75 µg/m³（GB 3095-2012）" in page
    assert re.search(r"平均浓度</td><td class=\"number\">32</td>", page)
    settings.DATA = real
    text = officer.get("/air/trend/trend.csv?item=pm25&period=2025-01").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[2][:4] == ["2025-01-02", "2025-01-02", "80", ""]
    assert rows[2][4:] == ["75", "GB 3095-2012", "是"]
    assert len([row for row in rows if row and row[0].startswith("2025-01")]) == 31
    sheet = load_workbook(io.BytesIO(officer.get("/air/trend/trend.xlsx?period=2025-01").content)).worksheets[0]
    assert sheet["C3"].value == 80
    svg = officer.get("/air/trend/trend.svg?period=2025-01")
    assert svg["Content-Type"] == "image/svg+xml"
    assert b"75 GB 3095-2012" in svg.content


@pytest.mark.usefixtures("looked_back")
def test_the_filters_stay_in_the_fields_and_in_the_addresses_of_the_files(on, real: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(real, "/air/trend/?place=%E9%BB%91%E6%B2%B3&item=so2&period=2025-01-%E4%B8%8A%E6%97%AC&step=day")
    assert 'value="2025-01-上旬"' in page
    assert '<option value="so2" selected>' in page
    assert '<option value="黑河" selected>' in page
    assert re.search(r'href="/air/trend/trend\.csv\?[^"]*item=so2', page)
    assert "2025年1月上旬" in page


HOUR = datetime(2025, 1, 31, 14)  # its end


@pytest.fixture(scope="module")
def with_hours(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same days, four national stations of which one is silent, and an hour of the others."""
    data = tmp_path_factory.mktemp("ambient-hours") / "data"
    shutil.copytree(real, data)
    names = {"2240A": "环保局", "2241A": "自来水公司", "2242A": "白酒厂", "2243A": "气象局"}
    register = [
        Station(code, name, "鸡西", "鸡冠区", "230302", "national", 131 + at / 50, 45.3, date(2020, 1, 1))
        for at, (code, name) in enumerate(names.items())
    ]
    rows = [
        {
            "station": code,
            "time": HOUR,
            **dict.fromkeys(MEASURED, 10**SCALE),
            "pm25": 80 * 10**SCALE,
            "known_at": NOW,
            "batch": 1,
        }
        for code in ("2240A", "2241A", "2243A")
    ]
    with writing(data, job="hours", now=NOW) as database:
        write_stations(database, register, batch=1, known_at=NOW)
        write_hours(database, data, pl.DataFrame(rows, schema=SCHEMA), "realtime", now=NOW)
    return data


@pytest.mark.usefixtures("looked_back")
def test_today_lists_the_last_hour_the_silent_and_how_long_ago_it_was(on, with_hours: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(with_hours, "/air/")
    assert "2025-01-31 14:00（整点为小时之末）· HJ 633-2012 实时报" in page
    assert "本小时有值 3 个（至少 3 个）" in page
    assert "本小时没有值：" in page
    assert "白酒厂（无数据）" in page
    assert "最近的小时数据已过去" not in page  # who looks back is not told how late it is
    assert page.count('<svg class="map"') == 1
    assert "没有边界文件" in page
    assert "儿童、老年人及心脏病、呼吸系统疾病患者" in page  # PM2.5 80: AQI 107


def test_an_hour_long_over_is_told(on, with_hours: Path) -> None:  # type: ignore[no-untyped-def]
    assert "最近的小时数据已过去" in on(with_hours, "/air/")


def test_who_looks_back_sees_no_later_hour(on, with_hours: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("LANTIAN_AS_OF", "2025-01-29")
    for address in ("/air/", "/desk/"):
        page = on(with_hours, address)
        assert "31 14:00" not in page
        assert re.search("没有站点小时值|导入站点小时值后", page)


@pytest.mark.usefixtures("looked_back")
def test_the_desk_shows_the_last_hour_and_leads_to_its_stations(on, with_hours: Path) -> None:  # type: ignore[no-untyped-def]
    page = on(with_hours, "/desk/")
    line = page[page.index("最近一小时") :].split("</p>")[0]
    assert "01-31 14:00" in line
    assert "全市 AQI <b>107</b> 轻度污染" in line  # PM2.5 80
    assert "环保局 107" in line
    assert 'href="/air/stations/2240A/"' in on(with_hours, "/air/")
    assert "白酒厂 无数据" in line
    assert 'href="/air/"' in line


@pytest.mark.usefixtures("looked_back")
def test_the_last_hour_goes_out_as_a_workbook(officer: Client, settings, with_hours: Path, simulated: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = with_hours
    sheet = load_workbook(io.BytesIO(officer.get("/air/now.xlsx").content)).worksheets[0]
    found = {row[0].value: (row[4].value, row[6].value) for row in sheet.iter_rows(min_row=2, max_row=5)}
    assert found["2240A"] == (107, "PM2.5")
    assert found["2242A"] == (None, None)
    settings.DATA = simulated
    assert officer.get("/air/now.xlsx").status_code == 404


@pytest.mark.usefixtures("looked_back")
def test_what_the_hours_say_otherwise_stands_beside_the_table(on, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    (row,) = AirReader(real).days("鸡西", Days(date(2025, 1, 3), date(2025, 1, 3)))
    other = replace(row, source="hours", printed=row.printed | {"pm25": "31", "co": None})
    monkeypatch.setattr(AirReader, "of_source", lambda self, city, days, source: [other] if source == "hours" else [])
    page = on(real, "/air/day/2025-01-03/")
    assert "与本页不同：由站点小时值计算：CO 无（此处 0.3），PM2.5 31（此处 30）。" in page
