"""The register of stations: list and filters, entry, correction, withdrawal, import with reasons, who may do what."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from station_city import AS_OF, NOW, make_city

from lantian.basis.period import Days
from lantian.site import clock
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.running import perform
from lantian.site.journal.models import Entry
from lantian.store.air import AirReader
from lantian.store.stations import StationReader

pytestmark = pytest.mark.django_db
OCTOBER = Days(date(2025, 10, 1), date(2025, 10, 15))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("register") / "data"
    make_city(data)
    return data


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch, city):  # type: ignore[no-untyped-def]
    settings.DATA = shutil.copytree(city, tmp_path / "data")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("LANTIAN_AS_OF", AS_OF)


@pytest.fixture
def officer(client_of) -> Client:  # type: ignore[no-untyped-def]
    return client_of("duty_officer")


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def done(answer) -> Job:  # type: ignore[no-untyped-def]
    """The job a post started, run to its end."""
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].startswith("/jobs/")
    perform(Job.objects.get(name__startswith="ambient").pk)
    job = Job.objects.get(name__startswith="ambient")
    assert job.state == State.DONE, job.error + job.detail
    return job


def filled(**more: str) -> dict[str, str]:
    return {"code": "9009", "name": "新站", "role": "county", "city": "鸡西", "county": "密山市", "region": "230382", "lon": "131.87",
            "lat": "45.55", "valid_from": "2025-10-01", "valid_until": "", "note": "新建", **more}  # fmt: skip


def test_the_list_shows_the_city_s_stations_with_last_hour_and_capture(officer) -> None:  # type: ignore[no-untyped-def]
    text = page(officer, "/air/stations/")
    assert "甲号站" in text
    assert "丙号站" not in text
    assert "2025-10-15 24:00" in text
    assert "50.0" in text  # 15 of 30 days
    assert "无本地站点" in text
    assert "虎林市" in text
    assert "登记 9009" in text


def test_filters_live_in_the_address(officer) -> None:  # type: ignore[no-untyped-def]
    assert "丙号站" in page(officer, "/air/stations/?city=all")
    text = page(officer, "/air/stations/?role=county")
    assert "丁号站" in text
    assert "甲号站" not in text
    assert "甲号站" in page(officer, "/air/stations/?q=8240a")
    assert "没有符合条件的站点" in page(officer, "/air/stations/?held=ended")


@pytest.mark.parametrize("asked", ["city=nowhere", "role=x", "county=x", "held=x"])
def test_what_cannot_be_read_is_told_beside_its_field(officer, asked: str) -> None:  # type: ignore[no-untyped-def]
    assert "请从列表中选" in page(officer, f"/air/stations/?{asked}", 400)
    assert officer.get(f"/air/stations.xlsx?{asked}").status_code == 404


def test_the_workbook_has_the_register_with_capture(officer) -> None:  # type: ignore[no-untyped-def]
    sheet = load_workbook(io.BytesIO(officer.get("/air/stations.xlsx").content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "站点编码"
    assert rows[1][0] == "8240A"
    assert rows[1][-1] == 50.0


def test_an_unregistered_station_is_registered_and_its_days_are_computed(officer, settings) -> None:  # type: ignore[no-untyped-def]
    assert AirReader(settings.DATA).days("密山", OCTOBER) == []
    form = page(officer, "/air/stations-add/?code=9009")
    assert 'value="9009"' in form
    assert 'value="2025-10-01"' in form  # the day it was first heard
    job = done(officer.post("/air/stations-add/", filled()))
    assert len(AirReader(settings.DATA).days("密山", OCTOBER)) == 15
    assert job.result["rows"][2][1] == 15
    assert StationReader(settings.DATA).unregistered() == []
    entry = Entry.objects.get(action="ambient.station_kept")
    assert (entry.subject, entry.note, entry.by.username) == ("站点 9009 新站", "新建", "duty_officer-")
    assert entry.after["county"] == "密山市"
    assert "密山市" not in page(officer, "/air/stations/").split("无本地站点")[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "8240A"}, "已经登记"),
        ({"lon": "45.55", "lat": "131.87"}, "写反了"),
        ({"lat": ""}, "缺纬度"),
        ({"lon": "abc"}, "不是十进制度"),
        ({"region": "12"}, "不是六位数字"),
        ({"valid_until": "2025-09-30"}, "早于启用日期"),
        ({"valid_from": "昨天"}, "昨天"),
        ({"role": "x"}, "选"),
        ({"name": " "}, "必填"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_written(officer, settings, wrong: dict[str, str], said: str) -> None:  # type: ignore[no-untyped-def]
    before = StationReader(settings.DATA).stations()
    answer = officer.post("/air/stations-add/", filled(**wrong))
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert Job.objects.count() == 0
    assert StationReader(settings.DATA).stations() == before


def test_a_change_is_a_further_row_and_the_row_before_ends(officer, settings) -> None:  # type: ignore[no-untyped-def]
    moved = filled(code="9001", name="鸡东新站", county="鸡东县", region="230321", valid_from="2025-10-10")
    done(officer.post("/air/stations/9001/change/", moved))
    rows = [one for one in StationReader(settings.DATA).stations() if one.code == "9001"]
    assert [(one.name, f"{one.valid_from}", str(one.valid_until)) for one in rows] == [
        ("丁号站", "2024-01-01", "2025-10-09"),
        ("鸡东新站", "2025-10-10", "None"),
    ]
    history = page(officer, "/air/stations/9001/")
    assert "已被替换或撤回" in history  # the first row as it was before it ended
    assert "登记或更改站点：新建" in history


def test_a_correction_replaces_the_row_and_a_row_in_between_is_refused(officer, settings) -> None:  # type: ignore[no-untyped-def]
    same_day = filled(code="9001", name="丁号站（正）", valid_from="2024-01-01")
    done(officer.post("/air/stations/9001/change/", same_day))
    rows = [one for one in StationReader(settings.DATA).stations() if one.code == "9001"]
    assert [one.name for one in rows] == ["丁号站（正）"]
    answer = officer.post("/air/stations/9001/change/", filled(code="9001", valid_from="2023-01-01"))
    assert answer.status_code == 400
    assert "重叠" in answer.content.decode()


def test_the_code_of_a_station_cannot_be_changed_by_its_form(officer, settings) -> None:  # type: ignore[no-untyped-def]
    done(officer.post("/air/stations/9001/change/", filled(code="8240A", valid_from="2025-10-10")))
    own = [one for one in StationReader(settings.DATA).stations() if one.code == "8240A"]
    assert [one.name for one in own] == ["甲号站"]


def test_a_row_entered_by_mistake_is_withdrawn_with_a_reason(officer, settings) -> None:  # type: ignore[no-untyped-def]
    assert AirReader(settings.DATA).days("鸡东县", OCTOBER)
    refused = officer.post("/air/stations/9001/withdraw/", {"row": "2024-01-01", "reason": " "})
    assert refused.status_code == 302
    assert Job.objects.count() == 0
    done(officer.post("/air/stations/9001/withdraw/", {"row": "2024-01-01", "reason": "重复登记"}))
    assert not [one for one in StationReader(settings.DATA).stations() if one.code == "9001"]
    assert AirReader(settings.DATA).days("鸡东县", OCTOBER) == []
    entry = Entry.objects.get(action="ambient.station_withdrawn")
    assert (entry.before["name"], entry.note) == ("丁号站", "重复登记")
    assert officer.post("/air/stations/9001/withdraw/", {"row": "2024-01-01", "reason": "x"}).status_code == 404


TABLE = """站点编码\t站点名称\t城市\t县区\t类型\t经度\t纬度\t启用日期
9009\t密山站\t鸡西\t密山市\t县级\t131.87\t45.55\t2025-10-01
9010\t坏行\t鸡西\t虎林市\t什么\t132.9\t45.7\t2025-10-01
8240A\t甲号站\t鸡西\t鸡冠区\t国控\t130.962\t45.2924\t2025-01-01"""


def test_a_table_goes_through_a_preview_with_a_reason_beside_each_bad_row(officer, settings) -> None:  # type: ignore[no-untyped-def]
    answer = officer.post("/air/stations-import/", {"pasted": TABLE})
    assert answer.status_code == 302
    preview = page(officer, answer["Location"])
    assert "可写入 1 行" in preview
    assert "不写入 2 行" in preview
    assert "类型“什么”不认识" in preview
    assert "重叠" in preview
    back = load_workbook(io.BytesIO(officer.get(f"{answer['Location']}reasons.xlsx").content)).worksheets[0]
    rows = list(back.iter_rows(values_only=True, max_row=3))
    assert rows[0][0] == "问题"
    assert {rows[1][1], rows[2][1]} == {"9010", "8240A"}
    job = done(officer.post(answer["Location"]))
    assert "新增 1 行" in job.result["summary"]
    assert len(AirReader(settings.DATA).days("密山", OCTOBER)) == 15
    assert Entry.objects.get(action="ambient.stations_imported").after["未写入（行）"] == 2


def test_the_template_comes_back_as_it_went(officer) -> None:  # type: ignore[no-untyped-def]
    template = officer.get("/air/stations-template.xlsx").content
    answer = officer.post("/air/stations-import/", {"file": SimpleUploadedFile("站点.xlsx", template)})
    preview = page(officer, answer["Location"])
    assert preview.count("未变") == 4
    assert "有问题" not in preview


@pytest.mark.parametrize("pasted", ["", "a\tb\n1\t2"])
def test_what_is_no_register_is_refused(officer, pasted: str) -> None:  # type: ignore[no-untyped-def]
    answer = officer.post("/air/stations-import/", {"pasted": pasted})
    if answer.status_code == 302:
        answer = officer.get(answer["Location"])
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_an_empty_register_says_how_it_is_filled(officer, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = tmp_path / "empty"
    settings.DATA.mkdir()
    assert "还没有登记站点" in page(officer, "/air/stations/")
    assert officer.get("/air/stations/8240A/").status_code == 404


def test_who_reads_sees_the_list_and_changes_nothing(client_of, client, settings) -> None:  # type: ignore[no-untyped-def]
    leader = client_of("leader")
    text = page(leader, "/air/stations/")
    assert "stations-add" not in text
    assert "9009" in text
    for address in (
        "/air/stations-add/",
        "/air/stations-import/",
        "/air/stations-template.xlsx",
        "/air/stations/9001/change/",
    ):
        assert leader.get(address).status_code == 403
    assert leader.post("/air/stations/9001/withdraw/", {"row": "2024-01-01", "reason": "x"}).status_code == 403
    assert client.get("/air/stations/").status_code == 302
    assert len(StationReader(settings.DATA).stations()) == 4
