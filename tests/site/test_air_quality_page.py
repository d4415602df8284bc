"""Data quality as a page: findings with evidence, notes kept and withdrawn, report of doubt, check, files, rights."""

from __future__ import annotations

import io
import re
import shutil
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from station_city import AS_OF, HEAD, NOW, make_city, put_hours

from lantian.site import clock
from lantian.site.ambient.models import FindingNote
from lantian.site.ambient.quality_words import KINDS, NATIONAL_RULE
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.running import perform
from lantian.site.journal.models import Entry
from lantian.store.quality import quality_month
from lantian.work.station_quality import check_months

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("quality-page") / "data"
    make_city(data)
    check_months(data, ["2025-10"], now=NOW)
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


def stuck_key(data: Path) -> str:
    kept = quality_month(data, "realtime", "2025-10")
    assert kept is not None
    return next(one.key for one in kept.findings if one.code == "AIR-QUALITY-STUCK")


def test_a_finding_is_shown_with_place_hours_values_and_what_to_look_at(officer) -> None:  # type: ignore[no-untyped-def]
    text = page(officer, "/air/quality/")
    assert "疑似恒值 · PM10" in text
    assert "2025-10-09 03:00 至 2025-10-09 12:00" in text
    assert "<dt>10-09 03:00</dt><dd>70</dd>" in text
    assert "看什么" in text
    assert "提示不改动任何数据" in text
    assert "未核实" in text
    assert 'style="' not in text
    assert "<script" not in text


def test_a_national_station_s_finding_leads_to_the_report_of_doubt_with_its_fields(officer) -> None:  # type: ignore[no-untyped-def]
    text = page(officer, "/air/quality/?code=AIR-QUALITY-STUCK")
    assert NATIONAL_RULE in text
    report = unescape(re.search(r'href="(/board/doubts/\?[^"]+)"', text)[1])  # type: ignore[index]
    form = page(officer, report)
    assert 'value="乙号站（8241A）"' in form
    assert 'value="2025-10-09"' in form
    assert "连续 10 小时都是 70" in form
    assert "<details open>" in form


def test_only_national_stations_are_sent_there(officer, settings) -> None:  # type: ignore[no-untyped-def]
    rows = [f"9001,鸡西,2025-10-12 {h:02}:00,5,6,0.7,40,88,30,," for h in range(1, 9)]
    put_hours(settings.DATA, [HEAD, *rows], NOW + timedelta(hours=1))
    check_months(settings.DATA, ["2025-10"], now=NOW)
    text = page(officer, "/air/quality/?station=9001")
    assert "疑似恒值" in text
    assert "/board/doubts/" not in text.split("<h2>")[1]


def test_a_note_is_kept_with_its_finding_and_withdrawn_with_a_reason(officer, settings) -> None:  # type: ignore[no-untyped-def]
    key = stuck_key(settings.DATA)
    where = f"/air/quality/realtime/2025-10/{key}/note/"
    sent = {"verdict": "fault", "note": "采样泵停转", "back": "/air/quality/?code=AIR-QUALITY-STUCK"}
    answer = officer.post(where, sent)
    assert (answer.status_code, answer["Location"]) == (302, "/air/quality/?code=AIR-QUALITY-STUCK")
    officer.post(where, sent)  # sent twice
    note = FindingNote.objects.get()
    assert (note.station, note.month, note.entered_by.username) == ("8241A", "2025-10", "duty_officer-")
    assert "连续 10 小时" in note.finding
    text = page(officer, "/air/quality/?noted=yes")
    assert "采样泵停转" in text
    assert "疑似恒值 ·" not in page(officer, "/air/quality/?noted=no")
    assert "采样泵停转" in page(officer, "/air/stations/8241A/?day=2025-10-09")
    officer.post(f"/air/quality/notes/{note.pk}/withdraw/", {"reason": ""})
    assert FindingNote.objects.get().withdrawn_at is None
    officer.post(f"/air/quality/notes/{note.pk}/withdraw/", {"reason": "看错了站"})
    assert FindingNote.objects.get().withdrawn_reason == "看错了站"
    assert "疑似恒值 ·" in page(officer, "/air/quality/?noted=no")
    told = Entry.objects.filter(action__startswith="ambient.").order_by("pk").values_list("action", "note")
    assert [action for action, _ in told] == ["ambient.finding_noted", "ambient.note_withdrawn"]
    assert "采样泵停转" not in page(officer, "/air/stations/8241A/?day=2025-10-09")


def test_a_wrong_note_is_told_and_not_kept(officer, settings) -> None:  # type: ignore[no-untyped-def]
    where = f"/air/quality/realtime/2025-10/{stuck_key(settings.DATA)}/note/"
    answer = officer.post(where, {"verdict": "x", "back": "https://elsewhere.example/"}, follow=True)
    assert answer.redirect_chain == [("/air/quality/", 302)]
    assert "请选择核实结果" in answer.content.decode()
    assert FindingNote.objects.count() == 0
    assert officer.post("/air/quality/realtime/2025-10/none/note/", {"verdict": "fault"}).status_code == 404
    assert officer.post("/air/quality/other/2025-10/none/note/", {"verdict": "fault"}).status_code == 404


def test_the_note_stays_when_the_month_is_checked_again(officer, settings) -> None:  # type: ignore[no-untyped-def]
    key = stuck_key(settings.DATA)
    officer.post(f"/air/quality/realtime/2025-10/{key}/note/", {"verdict": "fault", "note": "采样泵停转"})
    put_hours(settings.DATA, [HEAD, "9001,鸡西,2025-10-12 05:00,5,6,0.7,40,60,30,,"], NOW + timedelta(hours=1))
    assert "今夜重新检查" in page(officer, "/air/quality/")
    answer = officer.post("/air/quality/check/", {"month": "2025-10"})
    job = Job.objects.get(name="ambient.quality")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == State.DONE, job.error
    text = page(officer, "/air/quality/?noted=yes")
    assert "采样泵停转" in text
    assert "今夜重新检查" not in text


def test_the_nightly_job_checks_what_changed_and_only_that(officer, settings) -> None:  # type: ignore[no-untyped-def]
    from lantian.site.jobs.services import start

    for said in ("检查了 1 个月。", "没有月份的数据有变化。"):
        if said.startswith("检查"):
            put_hours(settings.DATA, [HEAD, "9001,鸡西,2025-10-12 05:00,5,6,0.7,40,60,31,,"], NOW + timedelta(hours=1))
        job = start("ambient.quality", {}, by=None, now=NOW)
        perform(job.pk)
        job.refresh_from_db()
        assert job.result["summary"] == said


@pytest.mark.parametrize(
    ("asked", "said"),
    [("month=2025-13", "不是月份"), ("month=2031-01", "没有站点小时值"), ("code=x", "请从列表中选"), ("city=x", "请从列表中选")],
)  # fmt: skip
def test_what_cannot_be_read_is_told_beside_its_field(officer, asked: str, said: str) -> None:  # type: ignore[no-untyped-def]
    assert said in page(officer, f"/air/quality/?{asked}", 400)
    assert officer.get(f"/air/quality.xlsx?{asked}").status_code == 404


def test_capture_counts_stand_below_and_in_the_workbook(officer) -> None:  # type: ignore[no-untyped-def]
    assert "15/15 天" in page(officer, "/air/quality/")
    book = load_workbook(io.BytesIO(officer.get("/air/quality.xlsx").content))
    assert book.sheetnames == ["提示", "捕获率"]
    found = list(book["提示"].iter_rows(values_only=True))
    stuck = next(row for row in found if row[3] == "疑似恒值")
    assert stuck[0] == "8241A"
    assert any("不改动任何数据" in str(row[0]) for row in found)
    assert list(book["捕获率"].iter_rows(values_only=True))[1][:3] == ("8240A", "甲号站", 100)


def test_months_without_hours_or_check_say_what_will_stand_there(officer, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    shutil.rmtree(settings.DATA / "quality")
    assert "还没有检查" in page(officer, "/air/quality/")
    assert officer.get("/air/quality.xlsx").status_code == 404
    settings.DATA = tmp_path / "empty"
    settings.DATA.mkdir()
    assert "还没有实况的站点小时值" in page(officer, "/air/quality/")
    assert officer.post("/air/quality/check/", {"month": "2025-10"}).status_code == 404


def test_who_reads_sees_findings_and_writes_nothing(client_of, client, settings) -> None:  # type: ignore[no-untyped-def]
    leader = client_of("leader")
    assert "核实结果…" not in page(leader, "/air/quality/")
    where = f"/air/quality/realtime/2025-10/{stuck_key(settings.DATA)}/note/"
    assert leader.post(where, {"verdict": "fault"}).status_code == 403
    assert leader.post("/air/quality/check/", {"month": "2025-10"}).status_code == 403
    assert leader.post("/air/quality/notes/1/withdraw/", {"reason": "x"}).status_code == 403
    assert client.get("/air/quality/").status_code == 302
    assert FindingNote.objects.count() == 0


def test_every_kind_of_finding_has_its_words() -> None:
    import lantian.air.neighbours
    import lantian.air.quality_capture
    import lantian.air.quality_runs
    import lantian.air.quality_values

    modules = (
        lantian.air.neighbours,
        lantian.air.quality_capture,
        lantian.air.quality_runs,
        lantian.air.quality_values,
    )
    source = "".join(Path(str(one.__file__)).read_text("utf-8") for one in modules)
    assert set(re.findall(r"AIR-QUALITY-[A-Z-]+", source)) == set(KINDS)
