"""One station's page: hours, days with limits, presence, what was known when, real-time beside reviewed, files."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from station_city import AS_OF, HEAD, NOW, make_city, pm25, put_hours

from lantian.basis.period import Days
from lantian.render.presence_svg import presence_svg
from lantian.site import clock
from lantian.site.ambient.station_asked import days_of
from lantian.site.ambient.station_data import beside, changes, station_hours
from lantian.site.ambient.station_figure import hour_figure
from lantian.store.hours import MEASURED

pytestmark = pytest.mark.django_db
PM25 = MEASURED.index("pm25")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city with one hour told anew, and 19 reviewed hours of one day."""
    data = tmp_path_factory.mktemp("station") / "data"
    make_city(data)
    put_hours(data, [HEAD, "8240A,鸡西,2025-10-13 08:00,9,20,0.5,60,200,151,100,2"], NOW + timedelta(hours=1))
    reviewed = [f"8240A,鸡西,2025-10-14 {h:02}:00,9,20,0.5,60,{2 * pm25(datetime(2025, 10, 14, h))},"
                f"{pm25(datetime(2025, 10, 14, h)) + (h == 7)},," for h in range(1, 20)]  # fmt: skip
    put_hours(data, [HEAD, *reviewed], NOW, "reviewed")
    return data


@pytest.fixture(autouse=True)
def own_folder(settings, monkeypatch, city):  # type: ignore[no-untyped-def]
    settings.DATA = city
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("LANTIAN_AS_OF", AS_OF)


@pytest.fixture
def reader(client_of) -> Client:  # type: ignore[no-untyped-def]
    return client_of("leader")


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_the_page_shows_the_last_week_with_its_figures(reader) -> None:  # type: ignore[no-untyped-def]
    text = page(reader, "/air/stations/8240A/")
    assert "2025-10-13 至 2025-10-19" in text
    assert text.count('<svg class="figure"') == 6
    assert "75 日限值" in text
    assert 'style="' not in text
    assert "<script" not in text
    assert "这个站点有风向、风速" in text
    assert "没有风向、风速" in page(reader, "/air/stations/9001/")


def test_hours_stand_on_the_full_grid_and_days_are_the_mean_of_their_hours(city) -> None:  # type: ignore[no-untyped-def]
    found = station_hours(city, 0, "8241A", Days(date(2025, 10, 6), date(2025, 10, 12)), "realtime")
    assert len(found.hours) == 7 * 24
    values = [hour.values[PM25] for hour in found.hours[:24]]
    assert values == [pm25(hour.time) * 10_000 for hour in found.hours[:24]]
    day = dict(found.exact_days["pm25"])[date(2025, 10, 6)]
    assert day == pytest.approx(sum(values) / 24 / 10_000, abs=2e-4)
    assert found.by_day[0].hours == 24
    assert [one.value for one in found.limits if one.item == "pm25"] == [75]


def test_a_day_above_its_limit_is_marked(city, tmp_path) -> None:  # type: ignore[no-untyped-def]
    rows = [
        f"8240A,鸡西,2026-03-0{day} {h:02}:00,9,20,0.5,60,90,{v},,"
        for day, v in ((2, 61), (3, 60))
        for h in range(1, 24)
    ]
    data = shutil.copytree(city, tmp_path / "data")
    put_hours(data, [HEAD, *rows], datetime.fromisoformat("2026-03-05T00:00+00:00"))
    found = station_hours(data, 1, "8240A", Days(date(2026, 3, 2), date(2026, 3, 3)), "realtime")
    assert [one.values[-1] for one in found.by_day] == [("61", True), ("60", False)]  # 60 from March 2026 on


def test_a_day_with_too_few_hours_has_no_value(city, tmp_path) -> None:  # type: ignore[no-untyped-def]
    data = shutil.copytree(city, tmp_path / "data")
    rows = [f"8240A,鸡西,2025-09-08 {h:02}:00,9,20,0.5,60,90,50,," for h in range(1, 20)]
    put_hours(data, [HEAD, *rows], NOW)
    found = station_hours(data, 1, "8240A", Days(date(2025, 9, 8), date(2025, 9, 8)), "realtime")
    assert (found.by_day[0].hours, found.by_day[0].values[-1]) == (19, (None, False))


def test_what_was_known_before_a_revision_can_be_seen_again(reader, city) -> None:  # type: ignore[no-untyped-def]
    days = Days(date(2025, 10, 13), date(2025, 10, 13))
    before = station_hours(city, 0, "8240A", days, "realtime", NOW + timedelta(minutes=30))
    now = station_hours(city, 0, "8240A", days, "realtime")
    at = datetime(2025, 10, 13, 8)
    assert next(one for one in before.hours if one.time == at).values[PM25] == pm25(at) * 10_000
    assert next(one for one in now.hours if one.time == at).values[PM25] == 1_510_000
    found = [one for one in changes(city, 0, "8240A", days, "realtime") if one.item == "PM2.5"]
    assert [(one.time, one.before, one.after) for one in found] == [(at, str(pm25(at)), "151")]
    text = page(reader, "/air/stations/8240A/?known=2025-10-16T08:30")
    assert "当时已知的数据" in text
    assert "改动" in text


def test_reviewed_values_stand_beside_with_their_differences(reader, city) -> None:  # type: ignore[no-untyped-def]
    found = beside(city, 0, "8240A", Days(date(2025, 10, 14), date(2025, 10, 14)))
    assert found is not None
    assert found.both == 19 * 6
    own = [one for one in found.differences if one.item == "PM2.5"]
    seven = pm25(datetime(2025, 10, 14, 7))
    assert [(one.realtime, one.reviewed) for one in own] == [(str(seven), str(seven + 1))]
    assert beside(city, 0, "9001", Days(date(2025, 10, 14), date(2025, 10, 14))) is None
    assert "实况与审核后" in page(reader, "/air/stations/8240A/")
    assert "审核后" in page(reader, "/air/stations/8240A/?values=reviewed&day=2025-10-14")


def test_a_station_with_wind_leads_to_its_own_rose(reader) -> None:  # type: ignore[no-untyped-def]
    assert "/bulletin/wind/?station=8240A&amp;period=2025-10" in page(reader, "/air/stations/8240A/")
    text = page(reader, "/bulletin/wind/?station=8240A&period=2025-10")
    assert "甲号站 8240A" in text
    assert "1 个测风站点" in text
    assert "没有同时测了风和浓度的小时" in page(reader, "/bulletin/wind/?station=9001&period=2025-10")
    assert "没有登记“nobody”" in page(reader, "/bulletin/wind/?station=nobody&period=2025-10", 400)


def test_the_month_and_its_neighbours_are_links(reader) -> None:  # type: ignore[no-untyped-def]
    text = page(reader, "/air/stations/8240A/?span=month&day=2025-10-15")
    assert "2025-10-01 至 2025-10-31" in text
    assert "day=2025-09-30" in text
    assert "day=2025-11-01" in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [("day=gestern", "不是日期"), ("day=9999-12-31", "之间的日期"), ("day=2011-12-31", "之间的日期"),
     ("span=year", "请选一周或一月"), ("values=x", "请选实况或审核后"),
     ("known=neulich", "不是时间")],
)  # fmt: skip
def test_what_cannot_be_read_is_told_beside_its_field(reader, asked: str, said: str) -> None:  # type: ignore[no-untyped-def]
    assert said in page(reader, f"/air/stations/8240A/?{asked}", 400)
    assert reader.get(f"/air/stations/8240A/hours.csv?{asked}").status_code == 404


def test_days_long_ago_or_to_come_are_empty_pages(reader) -> None:  # type: ignore[no-untyped-def]
    for day in ("2012-01-01", "2031-02-03"):
        assert "没有实况小时值" in page(reader, f"/air/stations/8240A/?day={day}")


def test_an_unregistered_station_has_a_page_and_an_unknown_one_has_none(reader) -> None:  # type: ignore[no-untyped-def]
    assert "未登记站点" in page(reader, "/air/stations/9009/")
    page(reader, "/air/stations/nobody/", 404)
    page(reader, "/air/stations/8240A/hours.pdf", 404)


def test_files_hold_the_hours_of_the_page(reader) -> None:  # type: ignore[no-untyped-def]
    text = reader.get("/air/stations/8240A/hours.csv?day=2025-10-13").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == "2025-10-13 01:00"
    assert rows[24][0] == "2025-10-13 24:00"
    assert rows[8][6] == "151"
    book = load_workbook(io.BytesIO(reader.get("/air/stations/8240A/hours.xlsx?day=2025-10-13").content))
    assert book.sheetnames == ["小时值", "日值", "改动", "实况与审核后"]
    assert book["小时值"]["G9"].value == 151


def test_a_day_is_drawn_over_its_whole_length(city) -> None:  # type: ignore[no-untyped-def]
    found = station_hours(city, 0, "8241A", Days(date(2025, 10, 13), date(2025, 10, 19)), "realtime")
    line = re.search(r'<path class="now"[^>]* d="([^"]+)"', hour_figure(found, "pm25"))
    assert line is not None
    assert line[1].count("M") == 3  # three days with a value, one piece each


def test_each_figure_is_a_drawing_of_its_own(reader) -> None:  # type: ignore[no-untyped-def]
    answer = reader.get("/air/stations/8240A/pm25.svg?day=2025-10-13")
    assert answer["Content-Type"].startswith("image/svg")
    assert b"xmlns" in answer.content
    page(reader, "/air/stations/8240A/benzene.svg", 404)


def test_a_week_begins_on_monday() -> None:
    assert days_of(date(2025, 10, 15), "week") == Days(date(2025, 10, 13), date(2025, 10, 19))
    assert days_of(date(2024, 2, 29), "month") == Days(date(2024, 2, 1), date(2024, 2, 29))


def test_the_calendar_of_presence_has_every_day_and_links_those_with_data() -> None:
    days = Days(date(2025, 10, 1), date(2025, 10, 31))
    svg = presence_svg(days, {date(2025, 10, 1): 24, date(2025, 10, 2): 0}, {}, lambda day: f"/x?a=1&day={day}")
    assert svg.count("<rect") == 31
    assert svg.count("<a ") == 2
    assert "a=1&amp;day=2025-10-02" in svg
    assert "尚无数据" in svg


def test_who_is_not_signed_in_is_asked_to(client) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/air/stations/8240A/").status_code == 302
