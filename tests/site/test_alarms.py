"""Alarms as people meet them: one per outlet and cause, dealt with, dropped by marks, by role, frozen for transfer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alarm_city import (
    CITY,
    COUNTY,
    EVENING,
    FIRST,
    NOW,
    OPERATOR,
    OTHER_COUNTY,
    SECOND,
    SO2,
    days_above,
    exceeding,
    hour,
    prepared,
    run,
    suspecting,
    watched,
)
from django.urls import reverse

from lantian.site import clock, uploads
from lantian.site.alarms import acting, freezing, marking, selectors
from lantian.site.alarms.merging import merge
from lantian.site.alarms.models import Alarm, FrozenCase, Mark
from lantian.site.alarms.times import instant
from lantian.site.journal.models import Entry
from lantian.site.people.models import User
from lantian.site.stack.places import edition_word
from lantian.store.stack.outlets import outlets, publish
from lantian.store.stack.verdicts import write_hours
from lantian.work import stack_watch


@pytest.fixture(autouse=True)
def city(data: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Path:  # type: ignore[no-untyped-def]
    settings.DATA = data
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepared(data)
    return data


def user(client) -> User:  # type: ignore[no-untyped-def]
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_one_alarm_for_an_outlet_and_cause_that_grows_and_closes(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    assert watched(city)["raised"] == 1
    exceeding(city, [1, 2])
    assert dict(watched(city)) == {"grown": 1, "closed": 0}
    alarm = Alarm.objects.get()
    assert (alarm.tier, alarm.hours, alarm.marking, alarm.state) == ("branch", 3, 3, "ended")
    assert [one["step"] for one in alarm.history] == ["raised", "grown"]
    assert (alarm.first, alarm.last) == (instant(EVENING), instant(EVENING + timedelta(hours=3)))
    assert watched(city)["same"] == 1
    acting.settle(alarm, "已到现场核实。", by=user(client_of("duty_officer")), now=NOW)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.closed_at) == ("closed", NOW)
    assert sum(watched(city).values()) == 0, "what was dealt with is not raised again"
    exceeding(city, [8])
    assert watched(city)["raised"] == 1
    assert Alarm.objects.count() == 2
    assert Entry.objects.filter(action="alarms.settled").count() == 1


def test_an_alarm_of_two_nights_keeps_its_earlier_hours_and_marks_only_the_open_ones(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    watched(city)
    write_hours(city, [hour(EVENING, value="61.5", state="closed")], run())
    watched(city)
    exceeding(city, [4])
    found = outlets(city)
    seen = stack_watch.watch(city, found, (), now=NOW, since=NOW.date())
    merge(seen, found, stack_watch.tiers(NOW.date()), now=NOW)
    alarm = Alarm.objects.get()
    assert [row[0] for row in alarm.evidence["hours"]] == ["2025-10-15T22:00", "2025-10-16T02:00"]
    assert (alarm.evidence["highest"], "最高 61.5" in alarm.summary) == ("61.5", True)
    page = client_of("company_officer", company=FIRST).get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    assert "start=2025-10-16T02:00&amp;end=2025-10-16T03:00#enter" in page, (
        "hours whose marking has closed are left out"
    )


def test_simulated_alarms_go_with_the_simulated_outlets(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    watched(city)
    officer = client_of("duty_officer")
    assert Alarm.objects.get().simulated
    assert "1号排放口" in officer.get("/alarms/").content.decode()
    publish(city, [replace(CITY[0], code="R-DA001", simulated=False)])
    assert selectors.alarms(user(officer)).count() == 0
    assert officer.get(f"/alarms/{Alarm.objects.get().pk}/").status_code == 404


def test_two_alarms_of_one_cause_cannot_stand_at_once(city: Path) -> None:
    exceeding(city, [0])
    watched(city)
    kept = Alarm.objects.get()
    kept.pk = None
    with pytest.raises(Exception, match="UNIQUE"):
        kept.save()


def test_a_valid_mark_drops_the_alarm_and_keeps_it_as_a_record(city: Path) -> None:
    exceeding(city, [0, 1])
    watched(city)
    exceeding(city, [0, 1], above=None)  # the referee with a mark that exempts them
    assert watched(city)["dropped"] == 1
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.hours, alarm.history[-1]["step"]) == ("dropped", 2, "dropped")


def test_an_answer_settles_a_prompt_but_not_what_went_higher(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    exceeding(city, [0, 1, 2], outlet="A-DA002")
    watched(city)
    by = user(client_of("company_officer", company=FIRST))
    low, high = Alarm.objects.get(outlet="A-DA001"), Alarm.objects.get(outlet="A-DA002")
    for alarm in (low, high):
        acting.answer(alarm, "除尘器检修。", {}, by=by, now=NOW)
        alarm.refresh_from_db()
    assert (low.state, high.state) == ("closed", "ended")
    assert high.answered_at == NOW


def test_dealt_with_is_taken_back_and_new_hours_need_it_anew(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0, 1, 2])
    watched(city)
    by = user(client_of("duty_officer"))
    acting.settle(Alarm.objects.get(), "已核实。", by=by, now=NOW)
    acting.resume(Alarm.objects.get(), "企业又反映异常。", by=by, now=NOW)
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.settled_at, alarm.closed_at) == ("ended", None, None)
    with pytest.raises(acting.AlarmError, match="不需要恢复"):
        acting.resume(alarm, "再来一次", by=by, now=NOW)


def test_staff_who_answer_for_a_company_say_whose_word_it_is(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    watched(city)
    by = user(client_of("duty_officer"))
    with pytest.raises(acting.AlarmError, match="本人姓名"):
        acting.answer(Alarm.objects.get(), "检修", {"for_name": "李工"}, by=by, now=NOW)
    acting.answer(
        Alarm.objects.get(), "检修", {"for_name": "李工", "for_time": "7:50", "for_means": "电话"}, by=by, now=NOW
    )
    assert Alarm.objects.get().events.get().entered_for == "李工，7:50，电话"


def test_marks_reach_the_referee_until_they_are_rejected(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    values = {"factor": SO2, "family": "condition", "label": "启炉", "start": instant(EVENING),
              "end": instant(EVENING + timedelta(hours=2)), "reason": "点火"}  # fmt: skip
    company, office = user(client_of("company_officer", company=FIRST)), user(client_of("duty_officer"))
    made = marking.mark(CITY[0], values, by=company, now=NOW)
    found = selectors.marks(EVENING.date(), EVENING.date())
    assert [(one.outlet, one.factor, one.label, one.start, one.kind) for one in found] == [
        ("A-DA001", SO2, "启炉", EVENING, "manual")
    ]
    with pytest.raises(acting.AlarmError, match="没有重复写入"):
        marking.mark(CITY[0], values, by=company, now=NOW)
    with pytest.raises(acting.AlarmError, match="不属于"):
        marking.mark(CITY[2], values, by=company, now=NOW)
    with pytest.raises(acting.AlarmError, match="生态环境部门"):
        marking.judge(made, True, "", by=company, now=NOW)
    marking.judge(made, False, "运行记录显示未点火。", by=office, now=NOW)
    assert selectors.marks(EVENING.date(), EVENING.date()) == ()
    marking.judge(made, True, "", by=office, now=NOW)
    assert len(selectors.marks(EVENING.date(), EVENING.date())) == 1
    assert Mark.objects.get().state == "accepted"


def test_a_mark_after_the_window_counts_only_once_it_is_accepted(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    start = EVENING - timedelta(days=8)
    company, office = client_of("company_officer", company=FIRST), client_of("duty_officer")
    given = {"outlet": "A-DA001", "factor": SO2, "label": "condition:启炉", "start": f"{start:%Y-%m-%dT%H:%M}",
             "end": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}", "reason": "点火"}  # fmt: skip
    told = company.post("/alarms/marks/", given, follow=True).content.decode()
    assert "标记期已过，审核认可后才计入" in told
    assert "标记期过后录入" in told
    assert selectors.marks(start.date(), start.date()) == (), (
        "what is already decided is not undone by the company alone"
    )
    marking.judge(Mark.objects.get(), True, "", by=user(office), now=NOW)
    assert len(selectors.marks(start.date(), start.date())) == 1
    assert 'id="enter" open' in company.get("/alarms/marks/?enter=1").content.decode()


def test_an_outage_told_beforehand_is_only_a_prompt(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    from lantian.store.stack import stack_file

    heard = int((NOW - timedelta(hours=9)).timestamp() * 1e6)
    with stack_file.writing(city) as database:
        for one in CITY[:2]:
            database.execute(
                "INSERT INTO device (mn, accepted, first_at, last_at) VALUES (?, 1, ?, ?)", (one.mn, heard, heard)
            )
    values = {
        "kind": "outage",
        "start": NOW - timedelta(hours=12),
        "end": NOW + timedelta(hours=12),
        "reason": "更换采样泵",
    }
    marking.notice(CITY[1], values, by=user(client_of("monitor_operator", company=OPERATOR)), now=NOW)
    watched(city)
    assert {one.outlet: (one.cause, one.tier) for one in Alarm.objects.all()} == {
        "A-DA001": ("lost", "press"),
        "A-DA002": ("lost", "prompt"),
    }


@pytest.mark.parametrize(
    ("role", "place", "outlets"),
    [
        ("duty_officer", {}, {"A-DA001", "A-DA002", "B-DA001"}),
        ("coordinator", {}, {"A-DA001", "A-DA002", "B-DA001"}),
        ("leader", {}, {"A-DA001", "A-DA002", "B-DA001"}),
        ("county_officer", {"county": COUNTY}, {"A-DA001", "A-DA002"}),
        ("county_officer", {"county": OTHER_COUNTY}, {"B-DA001"}),
        (
            "company_officer",
            {"company": FIRST},
            {"A-DA001"},
        ),  # of its two the second is a suspicion, for the office alone
        ("company_officer", {"company": SECOND}, {"B-DA001"}),
        ("monitor_operator", {"company": OPERATOR}, {"A-DA001"}),
        ("company_officer", {"company": "模拟企业丙"}, set()),
    ],
)
def test_who_sees_which_alarms(city: Path, client_of, role: str, place: dict[str, str], outlets: set[str]) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    exceeding(city, [0], outlet="B-DA001")
    suspecting(city)
    watched(city)
    client = client_of(role, **place)
    assert {one.outlet for one in selectors.alarms(user(client))} == outlets
    for one in Alarm.objects.all():
        assert client.get(f"/alarms/{one.pk}/").status_code == (200 if one.outlet in outlets else 404)
    listed = client.get("/alarms/?state=all").content.decode()
    assert ("模拟企业乙" in listed) == ("B-DA001" in outlets)


@pytest.mark.parametrize("address", ["", "orders/", "marks/", "notices/", "operators/", "xlsx/", "orders/xlsx/", "marks/xlsx/",
                                     "notices/xlsx/", "operators/xlsx/"])  # fmt: skip
def test_pages_and_workbooks_of_every_role(city: Path, client_of, address: str) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    days_above(city)
    watched(city)
    for role, place in (("duty_officer", {}), ("leader", {}), ("county_officer", {"county": COUNTY}), ("body_officer", {"body": "ecology"}),
                        ("company_officer", {"company": FIRST}), ("monitor_operator", {"company": OPERATOR})):  # fmt: skip
        answer = client_of(role, **place).get(f"/alarms/{address}")
        assert answer.status_code == 200, (role, address)
    from django.test import Client

    assert Client().get(f"/alarms/{address}").status_code == 302


def test_empty_pages_say_what_will_stand_here(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    publish(city, ())
    staff = client_of("duty_officer")
    for address, words in (("", "这里按级别列出"), ("orders/", "这里列出督办单"), ("marks/", "这里列出企业"), ("notices/", "这里列出监测设备"),
                           ("operators/", "这里列出各运维单位")):  # fmt: skip
        assert words in staff.get(f"/alarms/{address}").content.decode()
    mine = client_of("company_officer", company="模拟企业丙").get("/").headers["Location"]
    assert mine == "/alarms/"
    assert (
        "没有以“模拟企业丙”登记的排放口"
        in client_of("company_officer", company="模拟企业丙").get(mine).content.decode()
    )


def test_evidence_is_frozen_verified_and_compared(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0, 1, 2])
    watched(city)
    client = client_of("duty_officer")
    alarm = Alarm.objects.get()
    client.post(f"/alarms/{alarm.pk}/transfer/", {"recipient": "市公安局", "note": "疑似"})
    case = FrozenCase.objects.get()
    raw = uploads.path_of(case.file).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == case.file.digest
    kept = json.loads(raw)
    assert [one["converted"] for one in kept["state"]["hours"]] == ["48.2"] * 3
    assert kept["alarm"]["summary"] == alarm.summary
    assert kept["state"]["editions"] == ["许可证（模拟）"]
    assert freezing.differences(case) == []
    page = client.get(f"/alarms/case/{case.pk}/").content.decode()
    assert all(words in page for words in ("与固定时的摘要一致", "许可证（模拟）", "模拟数据"))
    assert edition_word("stack.marking.window 2012-01-01") == "标记期限（2012-01-01 起）"
    exceeding(city, [1], above=None)
    assert ("小时 exceeded", f"{SO2} 2025-10-15T23:00:00", "True", "None") in freezing.differences(case)
    uploads.path_of(case.file).write_bytes(raw.replace(b"48.2", b"28.2"))
    assert "不一致" in client.get(f"/alarms/case/{case.pk}/").content.decode()
    outside = client_of("company_officer", company=FIRST)
    assert outside.get(f"/alarms/case/{case.pk}/").status_code == 404
    assert outside.post(f"/alarms/{alarm.pk}/transfer/", {"recipient": "别处"}).status_code == 302
    assert FrozenCase.objects.count() == 1


def test_forms_of_marks_and_notices_in_the_browsers_words(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    company = client_of("company_officer", company=FIRST)
    answer = company.post("/alarms/marks/", {"outlet": "A-DA001", "label": "monitor:校准", "factor": "", "start": "2025-10-15T22:00",
                                             "end": "2025-10-15T21:00", "reason": "校准"})  # fmt: skip
    assert "结束时间应晚于开始时间" in answer.content.decode()
    answer = company.post("/alarms/marks/", {"outlet": "A-DA001", "label": "monitor:校准", "factor": "", "start": "2025-10-15T22:00",
                                             "end": "2025-10-15T22:30", "reason": "校准"})  # fmt: skip
    assert answer.status_code == 302
    assert Mark.objects.get().start == instant(EVENING)
    answer = company.post("/alarms/marks/", {"outlet": "B-DA001", "label": "monitor:校准", "start": "2025-10-15T22:00",
                                             "end": "2025-10-15T22:30", "reason": "校准"})  # fmt: skip
    assert answer.status_code == 200
    assert Mark.objects.count() == 1
    leader = client_of("leader")
    assert "录入标记</summary>" not in leader.get("/alarms/marks/").content.decode()
    assert leader.post(f"/alarms/marks/{Mark.objects.get().pk}/judge/", {"what": "accept"}).status_code == 403
