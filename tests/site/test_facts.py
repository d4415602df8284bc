"""Entries: who may enter what, review, recognition, withdrawal, the tray, simulated entries and their end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from lantian import rulebook
from lantian.plan.state.model import State
from lantian.site.facts import answering, selectors, services, simulated
from lantian.site.facts.models import Entry, Standing
from lantian.site.facts.tray import tray
from lantian.site.journal.models import Entry as JournalEntry
from lantian.site.people.models import User
from lantian.site.year.models import Share
from lantian.work.simulate import simulate_city

pytestmark = pytest.mark.django_db
PLAN = "jixi-2024"
ON = date(2025, 9, 30)
VALUES = {"on": ON, "value": Decimal("1200.5"), "unit": "t", "state": "", "share": None, "note": "", "source": "台账",
          "entered_for": ""}  # fmt: skip
POST = {"on": "2025-09-30", "value": "1200.5", "unit": "t", "source": "减排台账"}


@pytest.fixture
def plan():
    return rulebook.plan(PLAN)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def _user(client_of, role, **place) -> User:
    client_of(role, **place)
    return User.objects.get(role=role, **place)


def test_who_answers_may_enter(plan, client_of):
    article, item = answering.located(plan, "D12-1")
    assert answering.bodies_of(plan, article, item) == (
        "ecology",
        "industry",
        "development_reform",
        "county_governments",
    )
    cases = [
        ("coordinator", {}, "", True),
        ("body_officer", {"body": "ecology"}, "", True),
        ("body_officer", {"body": "housing"}, "", False),
        ("county_officer", {"county": "230381"}, "230381", True),
        ("county_officer", {"county": "230381"}, "230382", False),
        ("county_officer", {"county": "230381"}, "", False),
        ("leader", {}, "", False),
    ]
    for role, place, county, may in cases:
        reach = answering.reach_of(_user(client_of, role, **place))
        assert answering.may_enter(plan, article, item, county, reach) is may, (role, place, county)


def test_a_county_enters_what_a_share_was_given_for(plan, client_of, administrator, now):
    article, item = answering.located(plan, "T03-4")  # before the article from which counties answer for everything
    reach = answering.reach_of(_user(client_of, "county_officer", county="230381"))
    assert not answering.may_enter(plan, article, item, "230381", reach)
    Share.objects.create(plan=PLAN, region="230300", year=2025, target="T03-4", county="230381", value=1, unit="t",
                         document_number="甲", entered_at=now, changed_at=now)  # fmt: skip
    assert answering.may_enter(plan, article, item, "230381", reach)


def test_a_body_named_after_a_county_is_that_county(plan):
    assert answering.county_bodies(plan, "230306") >= {"county_governments", "chengzihe"}
    assert "chengzihe" not in answering.county_bodies(plan, "230381")


def test_an_entry_waits_is_released_and_recognised(plan, administrator, now):
    before = selectors.version()
    entry = services.enter(plan, "T03-4", VALUES, by=administrator, now=now)
    assert selectors.entries(PLAN, None) == []  # the public sees nothing yet
    (said,) = selectors.entries(PLAN, administrator)
    assert (said.item, said.value, said.on, said.reviewed, said.recognised) == (
        "T03-4",
        Fraction("1200.5"),
        ON,
        False,
        False,
    )
    with pytest.raises(services.FactsError, match="先审核"):
        services.recognise(entry, "省环函〔2025〕9号", version=1, by=administrator, now=now)
    services.release(entry, version=1, by=administrator, now=now)
    (said,) = selectors.entries(PLAN, None)
    assert (said.reviewed, said.recognised, said.value_text) == (True, False, "1200.5")
    with pytest.raises(services.FactsError, match="文号"):
        services.recognise(entry, " ", version=2, by=administrator, now=now)
    services.recognise(entry, "省环函〔2025〕9号", version=2, by=administrator, now=now)
    assert selectors.entries(PLAN, None)[0].recognised
    assert selectors.version() == before + 3
    assert set(JournalEntry.objects.values_list("action", flat=True)) >= {
        "facts.entered",
        "facts.released",
        "facts.recognised",
    }


def test_a_returned_entry_counts_no_longer_until_it_is_corrected(plan, administrator, client_of, now):
    officer = _user(client_of, "body_officer", body="ecology")
    entry = services.enter(plan, "D12-1", {**VALUES, "value": None, "state": "on_track"}, by=officer, now=now)
    with pytest.raises(services.FactsError, match="审核由"):
        services.release(entry, version=1, by=officer, now=now)
    with pytest.raises(services.FactsError, match="原因"):
        services.send_back(entry, "", version=1, by=administrator, now=now)
    services.send_back(entry, "缺佐证", version=1, by=administrator, now=now)
    assert selectors.entries(PLAN, administrator) == []
    with pytest.raises(services.FactsError, match="本单位"):
        services.change(entry, VALUES, version=2, by=_user(client_of, "body_officer", body="housing"), now=now)
    services.change(entry, {**VALUES, "value": None, "state": "met"}, version=2, by=officer, now=now)
    assert [said.state for said in selectors.entries(PLAN, administrator)] == [State.MET]
    entry.refresh_from_db()
    assert entry.standing == Standing.ENTERED


def test_a_released_entry_is_not_changed_and_the_slower_one_is_told(plan, administrator, now):
    entry = services.enter(plan, "T03-4", VALUES, by=administrator, now=now)
    services.release(entry, version=1, by=administrator, now=now)
    with pytest.raises(services.FactsError, match="别人"):
        services.withdraw(entry, "x", version=1, by=administrator, now=now)
    with pytest.raises(services.FactsError, match="另填一条"):
        services.change(entry, VALUES, version=2, by=administrator, now=now)
    services.withdraw(entry, "台账有误", version=2, by=administrator, now=now)
    assert selectors.entries(PLAN, administrator) == []
    assert Entry.objects.get().reason == "台账有误"


def test_an_officer_takes_back_only_what_is_not_released(plan, administrator, client_of, now):
    officer = _user(client_of, "body_officer", body="ecology")
    entry = services.enter(plan, "D12-1", {**VALUES, "value": None, "state": "on_track"}, by=officer, now=now)
    services.release(entry, version=1, by=administrator, now=now)
    with pytest.raises(services.FactsError, match="统筹"):
        services.withdraw(entry, "错了", version=2, by=officer, now=now)


def test_city_and_county_entries_are_kept_apart(plan, administrator, now):
    services.enter(plan, "D12-1", {**VALUES, "value": None, "state": "met"}, county="230381", by=administrator, now=now)
    assert selectors.entries(PLAN, administrator) == []
    assert [said.item for said in selectors.entries(PLAN, administrator, county="230381")] == ["D12-1"]


def test_the_tray_lists_what_a_body_answers_for(plan, administrator, now):
    reach = answering.reach_of(administrator)
    services.enter(plan, "T16-1", {**VALUES, "value": Decimal(41), "unit": "%"}, by=administrator, now=now)
    found = tray(plan, body="transport", county="", viewer=administrator, reach=reach, today=date(2025, 10, 16))
    ids = {line.item.id: line for part in found.parts for line in part.lines}
    assert {"T15-1", "T16-1"} <= ids.keys()
    assert "T10-1" not in ids
    assert (ids["T16-1"].newest_words, ids["T16-1"].limit, ids["T16-1"].days_left) == ("41%", "≥ 50%", 76)
    assert found.waiting == 1
    only = tray(plan, body="transport", county="", viewer=administrator, reach=reach, today=ON, kind="目标")
    assert {line.kind for part in only.parts for line in part.lines} == {"目标"}


def test_the_county_tray_begins_where_the_plan_says_counties_answer(plan, administrator):
    reach = answering.reach_of(administrator)
    found = tray(plan, body="", county="230381", viewer=administrator, reach=reach, today=ON)
    assert min(part.article.n for part in found.parts) == plan.inherited.from_article


def test_the_journey_of_an_entry_on_the_pages(client_of, client, plan):
    officer, desk = client_of("body_officer", body="transport"), client_of("coordinator")
    assert "市交通运输局" in officer.get("/facts/").content.decode()
    address = f"/facts/{PLAN}/T16-1/"
    wrong = officer.post(address, {"on": "2099-01-01", "value": "abc", "unit": "%", "source": ""}).content.decode()
    for says in ("不能晚于今天", "请只写数字", "请填数据来源"):
        assert says in wrong
    half = officer.post(address, {"on": "2025-09-30", "value": "41", "unit": "%", "source": "甲", "for_name": "张三"})
    assert "代填要同时写明" in half.content.decode()
    post = {"on": "2025-09-30", "value": "41", "unit": "%", "source": "甲", "for_name": "张三", "for_time": "周一",
            "for_means": "电话", "evidence": SimpleUploadedFile("证.pdf", b"%PDF-1.7")}  # fmt: skip
    assert officer.post(address, post).status_code == 302
    entry = Entry.objects.get()
    assert (entry.body, entry.entered_for, entry.files.count()) == ("transport", "张三，周一，电话", 1)
    assert officer.post(f"/facts/entry/{entry.pk}/judge/", {"what": "release", "version": 1}).status_code == 403
    assert officer.get("/facts/review/").status_code == 403
    assert (
        officer.post(f"/facts/{PLAN}/D12-1/", {"on": "2025-09-30", "state": "met", "source": "甲"}).status_code == 403
    )
    assert "T16-1" in desk.get("/facts/review/").content.decode()
    sent = desk.post(f"/facts/entry/{entry.pk}/judge/", {"what": "return", "text": "缺证", "version": 1}, follow=True)
    assert "缺证" in sent.content.decode()
    assert "缺证" in officer.get("/facts/").content.decode()
    again = {**POST, "value": "42", "unit": "%", "version": 2}
    assert "已更正" in officer.post(f"/facts/entry/{entry.pk}/", again, follow=True).content.decode()
    stale = desk.post(f"/facts/entry/{entry.pk}/judge/", {"what": "release", "version": 2}, follow=True)
    assert "刚刚被别人改过" in stale.content.decode()
    desk.post(f"/facts/entry/{entry.pk}/judge/", {"what": "release", "version": 3})
    assert "已审核发布" in officer.get(address).content.decode()
    assert client.get(address).status_code == 302
    assert desk.get(f"/facts/{PLAN}/T99-9/").status_code == 404


def test_a_completion_needs_a_share_or_a_state(client_of):
    desk = client_of("coordinator")
    bare = desk.post(f"/facts/{PLAN}/T11-1/", {"on": "2025-09-30", "source": "甲"}).content.decode()
    assert "请填完成比例" in bare
    assert (
        "不能超过 100"
        in desk.post(f"/facts/{PLAN}/T11-1/", {"on": "2025-09-30", "source": "甲", "share": "120"}).content.decode()
    )
    desk.post(f"/facts/{PLAN}/T11-1/", {"on": "2025-09-30", "source": "甲", "share": "60"})
    assert Entry.objects.get().share == 60
    assert "请选择填报状态" in desk.post(f"/facts/{PLAN}/R11-1/", {"on": "2025-09-30", "source": "甲"}).content.decode()


def test_a_county_officer_enters_only_for_the_own_county(client_of):
    officer = client_of("county_officer", county="230381")
    assert "虎林市" in officer.get("/facts/").content.decode()
    post = {"on": "2025-09-30", "state": "met", "source": "甲", "county": "230382"}
    assert "county" in officer.post(f"/facts/{PLAN}/D12-1/", post).context["form"].errors
    assert officer.post(f"/facts/{PLAN}/D12-1/", {**post, "county": "230381"}).status_code == 302
    assert Entry.objects.get().county == "230381"


def test_the_export_names_item_and_standing(client_of, plan, administrator, now):
    services.enter(plan, "T03-4", VALUES, by=administrator, now=now)
    services.enter(plan, "T16-1", {**VALUES, "unit": "%"}, by=administrator, now=now)
    import io

    content = client_of("leader").get("/facts/export.xlsx?body=transport").content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [sheet["A2"].value, sheet["C2"].value, sheet["F2"].value, sheet["G2"].value] == [
        "T16-1", "高速公路服务区快充站覆盖率", 1200.5, "%",
    ]  # fmt: skip
    assert "审核" in [cell.value for cell in sheet[1]]
    assert sheet["A3"].value is None


def test_simulated_entries_come_with_simulated_air_and_go_with_real(settings, now):
    assert simulated.seed(now) == 0  # no simulated city, no simulated entry
    simulate_city(settings.DATA, "鸡西", "230300", seed=7, first=date(2025, 1, 1), last=date(2025, 10, 15), now=now)
    made = simulated.seed(now)
    assert made > 5
    assert simulated.seed(now) == 0
    rows = selectors.entries(PLAN, None)
    assert len(rows) == made
    assert all(row.simulated and row.on == ON for row in rows)
    assert set(Entry.objects.values_list("source", flat=True)) == {"模拟数据"}
    assert not {"T03-1", "T26-1"} & {row.item for row in rows}  # what the air answers is not entered
    assert len({row.item for row in rows}) < sum(t.answered_by.kind != "metric" for t in rulebook.plan(PLAN).targets)
    assert simulated.clear_where_real() == 0
    from lantian.work.air_import import import_city_days

    table = "城市,日期,SO2(μg/m3),NO2(μg/m3),CO(mg/m3),O3_8h(μg/m3),PM10(μg/m3),PM2.5(μg/m3)\n鸡西,2025-01-01,9,20,0.8,50,60,40\n"
    import_city_days(settings.DATA, table, now=datetime(2025, 11, 1, tzinfo=UTC), user="试")
    assert simulated.clear_where_real() == made
    assert selectors.entries(PLAN, None) == []


def test_a_person_cannot_change_a_simulated_entry(settings, now, administrator):
    simulate_city(settings.DATA, "鸡西", "230300", seed=7, first=date(2025, 1, 1), last=date(2025, 10, 15), now=now)
    simulated.seed(now)
    assert not services.owns(Entry.objects.first(), administrator)


def test_real_data_by_another_door_silence_simulated_entries_at_once_and_the_night_removes_them(settings, now):
    from lantian.site.jobs.worker import run_due
    from lantian.work.air_import import import_city_days

    simulate_city(settings.DATA, "鸡西", "230300", seed=7, first=date(2025, 1, 1), last=date(2025, 10, 15), now=now)
    made = simulated.seed(now)
    head = "城市,日期,SO2(μg/m3),NO2(μg/m3),CO(mg/m3),O3_8h(μg/m3),PM10(μg/m3),PM2.5(μg/m3)"
    import_city_days(settings.DATA, f"{head}\n鸡西,2025-01-01,9,20,0.8,50,60,40\n", now=now, user="")
    assert Entry.objects.count() == made
    assert selectors.entries(PLAN, None) == []
    run_due(now)
    assert Entry.objects.count() == 0
