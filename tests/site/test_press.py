"""Press orders from draft to the second look: the table of steps, who may take which, clocks, documents, taking back."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from alarm_city import CITY, COUNTY, FIRST, NOW, OPERATOR, OTHER_COUNTY, SECOND, exceeding, prepared, watched
from django.core.files.uploadedfile import SimpleUploadedFile

from lantian.site import clock
from lantian.site.access import OUTSIDE, TABLE, Action, Role
from lantian.site.alarms import pressing
from lantian.site.alarms.acting import AlarmError
from lantian.site.alarms.models import Alarm, FrozenCase, OrderState, PressOrder
from lantian.site.alarms.transitions import STEPS, due_after, steps_from
from lantian.site.journal.models import Entry
from lantian.site.people.models import User

FOR = {"for_name": "李工", "for_time": "9:00", "for_means": "电话"}
ISSUED = {"number": "模拟督〔2025〕1号", "signer": "张三", "issued_on": "2025-10-16"}


@pytest.fixture(autouse=True)
def city(data: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Path:  # type: ignore[no-untyped-def]
    settings.DATA = data
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepared(data)
    exceeding(data, [0, 1, 2])
    watched(data)
    return data


@pytest.fixture
def drafted(client_of) -> PressOrder:  # type: ignore[no-untyped-def]
    """A draft made on the page from the alarm."""
    officer, alarm = client_of("duty_officer"), Alarm.objects.get()
    page = officer.get(f"/alarms/orders/draft/?alarm={alarm.pk}")
    assert alarm.summary in page.content.decode()
    form = page.context["form"].initial
    officer.post(f"/alarms/orders/draft/?alarm={alarm.pk}", {**form, "answer_by": form["answer_by"].isoformat()})
    return PressOrder.objects.get()


def user(client) -> User:  # type: ignore[no-untyped-def]
    return User.objects.get(pk=client.session["_auth_user_id"])


def post(client, order: PressOrder, step: str, **values: object):  # type: ignore[no-untyped-def]
    order.refresh_from_db()
    answer = client.post(f"/alarms/orders/{order.pk}/step/{step}/", {"version": order.version, **values})
    order.refresh_from_db()
    return answer


def test_the_whole_way_on_the_pages(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    officer, company, order = client_of("duty_officer"), client_of("company_officer", company=FIRST), drafted
    assert company.get(f"/alarms/orders/{order.pk}/").status_code == 404, "a draft is nobody else's"
    post(officer, order, "send", **ISSUED)
    assert (order.state, order.number, order.due_on) == ("sent", ISSUED["number"], date(2025, 10, 17))
    assert FrozenCase.objects.get().order == order
    assert "去签收" in company.get("/alarms/").content.decode()
    post(company, order, "receive")
    assert (order.state, order.due_on) == ("received", order.answer_by)
    file = SimpleUploadedFile("说明.txt", "运行记录".encode())
    post(company, order, "explain", note="引风机故障，已修复。", evidence=file)
    assert (order.state, order.due_on) == ("explained", date(2025, 10, 19))
    kept = order.events.get(step="explain").files.get()
    assert b"".join(officer.get(f"/alarms/orders/{order.pk}/file/{kept.pk}/")) == "运行记录".encode()
    post(officer, order, "return", note="缺维修单。")
    assert "去补正" in company.get("/alarms/").content.decode()
    post(company, order, "mend", note="已补维修单。")
    post(officer, order, "check", note="现场核查属实。")
    post(officer, order, "close", note="同意销号。")
    assert (order.state, order.due_on) == ("closed_off", date(2025, 11, 15))
    assert Alarm.objects.get().state == "closed"
    post(officer, order, "revisit", note="运行稳定。")
    assert (order.state, order.due_on) == ("revisited", None)
    steps = list(order.events.values_list("step", flat=True))
    assert steps == ["send", "receive", "explain", "return", "mend", "check", "close", "revisit"]
    assert Entry.objects.filter(action="alarms.order_step").count() == len(steps)
    page = officer.get(f"/alarms/orders/{order.pk}/").content.decode()
    assert all(STEPS[step].words in page for step in steps)


def test_what_was_written_stays_where_a_step_is_refused(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    officer, company, order = client_of("duty_officer"), client_of("company_officer", company=FIRST), drafted
    answer = post(officer, order, "send", **{**ISSUED, "signer": ""})
    assert ISSUED["number"] in answer.content.decode(), "a field is missing"
    post(officer, order, "send", **ISSUED)
    post(company, order, "receive")
    answer = post(
        company, order, "explain", note="引风机故障，已修复。", evidence=SimpleUploadedFile("说明.exe", b"MZ")
    )
    page = answer.content.decode()
    assert order.state == "received"
    assert "引风机故障，已修复。</textarea>" in page
    assert not order.events.filter(step="explain").exists()


def test_every_state_but_the_last_has_a_step_and_every_step_a_state() -> None:
    last = {OrderState.WITHDRAWN}
    assert {state for state in OrderState if not steps_from(state)} == last
    reached = {step.after for step in STEPS.values()} | {OrderState.DRAFTED}
    assert reached == set(OrderState)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", list(STEPS))
def test_who_may_take_which_step(client_of, drafted: PressOrder, role: Role, name: str) -> None:  # type: ignore[no-untyped-def]
    """The table of rights and the table of steps decide, nothing else: here for the order's own county and company."""
    if role is Role.PUBLIC:
        return
    step = STEPS[name]
    by = user(client_of(role.value, county=COUNTY, company=FIRST, body="ecology"))
    expected = step.needs in TABLE[role] and (role not in OUTSIDE or step.outside)
    assert pressing.may_step(by, step, drafted) is expected
    other = user(client_of(role.value, county=OTHER_COUNTY, company=SECOND, body="ecology"))
    everywhere = role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.DUTY_OFFICER)
    assert pressing.may_step(other, step, drafted) is (expected and everywhere)


def test_another_company_another_county_and_readers_get_nothing(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    post(client_of("duty_officer"), drafted, "send", **ISSUED)
    for role, place in (("company_officer", {"company": SECOND}), ("monitor_operator", {"company": "模拟运维单位二"}),
                        ("county_officer", {"county": OTHER_COUNTY}), ("company_officer", {})):  # fmt: skip
        client = client_of(role, **place)
        for address in ("", "as/docx/", "as/txt/"):
            assert client.get(f"/alarms/orders/{drafted.pk}/{address}").status_code == 404, role
        assert post(client, drafted, "receive", **FOR).status_code == 404
        assert FIRST not in client.get("/alarms/orders/?state=all").content.decode()
    assert client_of("county_officer", county=COUNTY).get(f"/alarms/orders/{drafted.pk}/").status_code == 200
    assert client_of("monitor_operator", company=OPERATOR).get(f"/alarms/orders/{drafted.pk}/").status_code == 200
    leader = client_of("leader")
    assert leader.get(f"/alarms/orders/{drafted.pk}/").status_code == 200
    post(leader, drafted, "receive", **FOR)
    assert drafted.state == "sent"
    assert leader.get("/alarms/orders/draft/?outlet=A-DA001").status_code == 403
    assert (
        client_of("county_officer", county=OTHER_COUNTY).get("/alarms/orders/draft/?outlet=A-DA001").status_code == 404
    )


def test_staff_receive_for_a_company_with_name_time_and_means(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    post(officer, drafted, "send", **ISSUED)
    post(officer, drafted, "receive")
    assert drafted.state == "sent"
    post(officer, drafted, "receive", **FOR)
    assert drafted.state == "received"
    assert drafted.events.get(step="receive").entered_for == "李工，9:00，电话"


def test_sending_needs_the_document_outside_and_a_number_of_its_own(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    post(officer, drafted, "send", number="", signer="", issued_on="2025-10-16")
    post(officer, drafted, "send", **{**ISSUED, "issued_on": "2025-10-17"})
    assert drafted.state == "drafted"
    assert not FrozenCase.objects.exists()
    post(officer, drafted, "send", **ISSUED)
    twin = PressOrder.objects.get()
    twin.pk, twin.state, twin.number = None, "drafted", ""
    twin.save()
    post(officer, twin, "send", **ISSUED)
    assert (twin.state, twin.number) == ("drafted", "")


def test_a_step_is_taken_once_and_taken_back_by_who_took_it(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    officer, company = client_of("duty_officer"), client_of("company_officer", company=FIRST)
    post(officer, drafted, "send", **ISSUED)
    version = drafted.version
    post(company, drafted, "receive")
    company.post(f"/alarms/orders/{drafted.pk}/step/receive/", {"version": version})
    assert drafted.events.filter(step="receive").count() == 1
    officer.post(f"/alarms/orders/{drafted.pk}/back/", {"version": drafted.version})
    drafted.refresh_from_db()
    assert drafted.state == "received", "only who took the step takes it back"
    company.post(f"/alarms/orders/{drafted.pk}/back/", {"version": drafted.version})
    drafted.refresh_from_db()
    assert (drafted.state, drafted.due_on) == ("sent", date(2025, 10, 17))
    officer.post(f"/alarms/orders/{drafted.pk}/back/", {"version": drafted.version})
    drafted.refresh_from_db()
    assert drafted.state == "sent", "what was sent is not taken back"
    assert drafted.events.filter(taken_back_at=None).count() == 1
    assert Entry.objects.filter(action="alarms.order_taken_back").count() == 1


def test_taking_a_closing_back_opens_its_alarms_again(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    post(officer, drafted, "send", **ISSUED)
    for step, values in (
        ("receive", FOR),
        ("explain", {**FOR, "note": "检修"}),
        ("check", {"note": "属实"}),
        ("close", {"note": "销号"}),
    ):
        post(officer, drafted, step, **values)
    assert (drafted.state, Alarm.objects.get().state) == ("closed_off", "closed")
    officer.post(f"/alarms/orders/{drafted.pk}/back/", {"version": drafted.version})
    drafted.refresh_from_db()
    assert (drafted.state, Alarm.objects.get().state) == ("checked", "ended")
    post(officer, drafted, "close", note="再次销号")
    post(officer, drafted, "reopen", note="又发现问题")
    assert drafted.state == "received"


def test_an_alarm_still_going_is_closed_only_when_its_cause_has_ended(
    city: Path, client_of, drafted: PressOrder
) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [9])
    watched(city)
    assert Alarm.objects.get().state == "open"
    officer = client_of("duty_officer")
    post(officer, drafted, "send", **ISSUED)
    for step, values in (
        ("receive", FOR),
        ("explain", {**FOR, "note": "检修"}),
        ("check", {"note": "属实"}),
        ("close", {"note": "销号"}),
    ):
        post(officer, drafted, step, **values)
    assert (Alarm.objects.get().state, drafted.state) == ("open", "closed_off")
    watched(city, NOW + timedelta(hours=4))
    assert Alarm.objects.get().state == "closed"


def test_what_is_late_is_shown(client_of, drafted: PressOrder, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    post(officer, drafted, "send", **ISSUED)
    assert 'class="late">已超期' not in officer.get("/alarms/orders/").content.decode()
    assert not pressing.is_overdue(drafted, date(2025, 10, 17)), "a date ends at 24:00"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=2))
    assert 'class="late">已超期' in officer.get("/alarms/orders/?state=overdue").content.decode()
    assert "已超期" in client_of("company_officer", company=FIRST).get("/alarms/").content.decode()


def test_clocks_of_the_rulebook() -> None:
    today, answer_by = date(2025, 10, 16), date(2025, 10, 20)
    due = {name: due_after(step, today, answer_by) for name, step in STEPS.items()}
    assert due == {
        "send": date(2025, 10, 17), "receive": answer_by, "explain": date(2025, 10, 19), "mend": date(2025, 10, 19),
        "return": date(2025, 10, 18), "check": date(2025, 10, 31), "close": date(2025, 11, 15), "revisit": None,
        "reopen": date(2025, 10, 19), "withdraw": None,
    }  # fmt: skip


def test_a_draft_is_changed_and_withdrawn_with_a_reason(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    values = {
        "title": "督办单（模拟）",
        "facts": "情况",
        "demands": "要求",
        "answer_by": "2025-10-20",
        "contact": "李四 0000",
    }
    officer.post(f"/alarms/orders/{drafted.pk}/", {**values, "version": drafted.version})
    drafted.refresh_from_db()
    assert drafted.title == "督办单（模拟）"
    with pytest.raises(AlarmError, match="刚刚"):
        pressing.change(drafted, {**values, "answer_by": date(2025, 10, 20)}, version=1, by=user(officer), now=NOW)
    post(officer, drafted, "withdraw", note="")
    assert drafted.state == "drafted"
    post(officer, drafted, "withdraw", note="重复")
    assert drafted.state == "withdrawn"
    company = client_of("company_officer", company=FIRST)
    assert company.get(f"/alarms/orders/{drafted.pk}/").status_code == 404, "it was never sent"


def test_the_order_as_word_and_text(client_of, drafted: PressOrder) -> None:  # type: ignore[no-untyped-def]
    from docx import Document

    officer = client_of("duty_officer")
    text = officer.get(f"/alarms/orders/{drafted.pk}/as/txt/").content.decode()
    assert "（拟稿，未经核稿和签发）" in text
    assert "模拟数据" in text
    raw = officer.get(f"/alarms/orders/{drafted.pk}/as/docx/").content
    document = Document(io.BytesIO(raw))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert f"{FIRST}：" in words
    assert [cell.text for cell in document.tables[0].rows[1].cells] == [
        "1号排放口",
        "小时均值超标",
        "10-15 22:00",
        "10-16 01:00",
        "3 小时",
    ]
    post(officer, drafted, "send", **ISSUED)
    issued = officer.get(f"/alarms/orders/{drafted.pk}/as/txt/").content.decode()
    assert "拟稿" not in issued
    assert ISSUED["number"] in issued
    assert "签发人：张三" in issued


def test_by_hand_about_an_outlet_without_alarms(client_of) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("county_officer", county=COUNTY)
    values = {"title": "督办", "facts": "现场发现", "demands": "整改", "answer_by": "2025-10-20"}
    answer = officer.post("/alarms/orders/draft/?outlet=A-DA002", values)
    made = PressOrder.objects.get()
    assert answer["Location"] == f"/alarms/orders/{made.pk}/"
    assert (made.company, made.operator, made.region, made.outlets) == (FIRST, OPERATOR, COUNTY, [CITY[1].code])
    assert officer.get("/alarms/orders/draft/?outlet=B-DA001").status_code == 404


def test_the_actions_of_companies_are_their_own_alone() -> None:
    for role in OUTSIDE:
        assert Action.PRESS not in TABLE[role]
        assert Action.READ_DESK not in TABLE[role]
