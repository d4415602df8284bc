"""Every address tried as every role: what the table forbids is refused, and who may only read changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lantian import rulebook
from lantian.site import uploads
from lantian.site.access import TABLE, Role
from lantian.site.alarms.models import Alarm, Mark, PressOrder
from lantian.site.desk.models import Forecast, HandOver, LogEntry, ProvinceTable
from lantian.site.facts import services as facts_services
from lantian.site.facts.models import Entry
from lantian.site.jobs.models import Job, State
from lantian.site.people.models import User
from lantian.site.year.models import Share, Staging, YearTarget, YearTask
from lantian.work.simulate import simulate_city

pytestmark = pytest.mark.django_db
PLAN = "jixi-2024"
PLACES = {Role.BODY_OFFICER: {"body": "housing"}, Role.COUNTY_OFFICER: {"county": "230381"}}


def named(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}", pattern.callback, tuple(pattern.pattern.converters)


VIEWS = {name: (view, arguments) for name, view, arguments in named(get_resolver().url_patterns)}
# What a person who may only read can still do: to oneself, or nothing that is not derived from the data anyway.
HARMLESS = {"people:login", "people:logout", "people:first_use", "people:password", "set_language", "desk:make_picture",
            "bulletin:make_chart"}  # fmt: skip


@pytest.fixture
def rows(settings, tmp_path, administrator: User, now: datetime) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    """One of each thing an address can name, none of it this test's viewers' own."""
    settings.DATA = tmp_path
    plan = rulebook.plan(PLAN)
    simulate_city(
        tmp_path, plan.cities[0], plan.region, seed=3, first=date(2025, 9, 1), last=date(2025, 10, 15), now=now
    )
    kept = uploads.keep(SimpleUploadedFile("台账.csv", b"a,b\n1,2\n"), uploads.EVIDENCE, by=administrator, now=now)
    entered = {"on": date(2025, 9, 30), "value": None, "unit": "", "state": "on_track", "share": None, "note": "未发布",
               "source": "台账", "entered_for": ""}  # fmt: skip
    entry = facts_services.enter(plan, "D12-1", entered, by=administrator, now=now, files=[kept])
    row = {"plan": PLAN, "region": plan.region, "year": 2025, "entered_at": now, "changed_at": now}
    of_desk = {"region": plan.region, "by": administrator}
    target = YearTarget.objects.create(**row, target="T03-1", comparator="<=", value=27, unit="ug/m3",
                                       document_number="试环函〔2025〕1号")  # fmt: skip
    Share.objects.create(**row, target="T03-4", county="230382", value=1, unit="t", document_number="甲")
    task = YearTask.objects.create(**row, number="1", text="排查炉窑", article=12, lead="ecology", bodies=["industry"])
    staging = Staging.objects.create(kind="target", plan=PLAN, year=2025, name="表", by=administrator, at=now)
    note = LogEntry.objects.create(**of_desk, at=now, text="设备检修", is_matter=True)
    given = HandOver.objects.create(region=plan.region, at=now, giver=administrator, taker=administrator)
    issue = Forecast.objects.create(**of_desk, issued_on=date(2025, 10, 16), issuer="甲", changed_at=now)
    table = ProvinceTable.objects.create(
        **of_desk, first=date(2025, 1, 1), last=date(2025, 10, 15), source="甲", at=now
    )
    job = Job.objects.create(name="intake.air", label="导入", arguments={"upload": kept.pk, "cities": []}, due_at=now,
                             state=State.QUEUED, region=plan.region, created_at=now, handed_over=True)  # fmt: skip
    mark, alarm, order = alarm_rows(administrator, now)
    by_name = {
        "alarms:alarm": alarm, "alarms:act": alarm, "alarms:order": order, "alarms:step": order, "alarms:take_back": order,
        "alarms:document": order, "alarms:judge_mark": mark, "alarms:withdraw_mark": mark,
        "desk:strike": note, "desk:close": note, "desk:reopen": note, "desk:accept": given, "desk:withdraw": given,
        "desk:remove_forecast": issue, "desk:province_table": table, "desk:withdraw_province": table, "facts:entry": entry,
        "facts:judge": entry, "facts:withdraw": entry, "year:task": task, "year:step": task, "year:row": target,
        "year:withdraw": target, "year:staged": staging, "year:reasons": staging, "jobs:job": job, "jobs:cancel": job,
        "jobs:repeat": job, "intake:file": kept, "intake:air_preview": kept, "people:user": administrator,
    }  # fmt: skip
    return {name: thing.pk for name, thing in by_name.items()}


def alarm_rows(by: User, now: datetime) -> tuple[Mark, Alarm, PressOrder]:
    """A mark, an alarm and a press order of an outlet nobody here answers for."""
    of = {"region": "230302", "outlet": "DA001"}
    mark = Mark.objects.create(
        **of, family="monitor", label="校准", start=now, end=now, reason="试", entered_by=by, entered_at=now
    )
    alarm = Alarm.objects.create(
        **of, cause="hour", tier="prompt", first=now, last=now, hours=1, raised_at=now, changed_at=now
    )
    order = PressOrder.objects.create(region="230302", company="模拟企业甲", outlets=["DA001"], title="试", facts="试", demands="试",
                                      answer_by=date(2025, 10, 20), state="sent", number="试", drafted_by=by, drafted_at=now)  # fmt: skip
    return mark, alarm, order


def address(name: str, rows: dict[str, Any]) -> str:
    known = {"plan_id": PLAN, "item_id": "D12-1", "number": 2025, "kind": "target", "day": "2025-10-15", "n": 3,
             "target_id": "T03-1", "subject": "T03-1", "digest": "0" * 64, "token": "none", "name": "days",
             "code": "2240A", "values": "realtime", "month": "2025-10", "key": "0" * 16, "text": "2025-09", "item": "pm25",
             "what": "settle", "batch": 1, "factor": "a21026", "file": 1, "hour": 8}  # fmt: skip
    arguments = {key: rows.get(name, 1) if key == "pk" else known[key] for key in VIEWS[name][1]}
    if name == "living:target_file":
        arguments["kind"] = "csv"
    arguments |= OF_ALARMS.get(name, {})
    return reverse(name, kwargs=arguments)


OF_ALARMS = {
    "alarms:act": {"what": "settle"}, "alarms:step": {"name": "receive"}, "alarms:document": {"kind": "txt"},
    "alarms:evidence": {"kind": "mark"},
}  # fmt: skip
# Everything the forms of the site ask for, so that a post is not refused for being empty.
FILLED = {
    "reason": "试", "text": "2025-10-17\t甲\t乙\t丙", "number": "文号", "what": "release", "version": "1", "after": "on_schedule",
    "role": "leader", "name": "改名", "on": "2025-09-30", "state": "met", "source": "台账", "day": "2025-10-17", "officer": "乙",
    "week": "2025-10-20", "issuer": "甲", "first": "2025-01-01", "last": "2025-10-15", "value": "26", "comparator": "<=",
    "unit": "ug/m3", "document_number": "文", "target": "T03-1", "pasted": "目标编号\t数值\t文号\nT03-1\t26\t文", "choice": "data",
    "difference": "x@", "taker": "1", "note": "试", "city": "鸡西", "for_name": "甲", "for_time": "今日", "for_means": "电话", "recipient": "乙",
    "outlet": "DA001", "label": "monitor:校准", "start": "2025-10-15T08:00", "end": "2025-10-15T09:00",
    **{f"2025-10-{day}-category_low": "良" for day in (16, 17, 18)},
    **{f"2025-10-{day}-day": f"2025-10-{day}" for day in (16, 17, 18)},
}  # fmt: skip


def state_of_the_office() -> str:
    """Digest of everything kept, sessions apart."""
    kept = {
        model._meta.label: [[str(cell) for cell in row] for row in model.objects.order_by("pk").values_list()]
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }
    return sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def signed_in(client_of: Callable[..., Client], role: Role) -> Client:
    return Client() if role is Role.PUBLIC else client_of(role.value, **PLACES.get(role, {}))


@pytest.mark.parametrize("role", list(Role))
def test_what_the_table_forbids_is_refused_by_either_method(client_of, rows, role) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(client_of, role)
    before = state_of_the_office()
    for name, (view, _) in VIEWS.items():
        if view.action in TABLE[role]:
            continue
        for answer in (client.get(address(name, rows)), client.post(address(name, rows), FILLED)):
            if role is Role.PUBLIC:
                assert answer.status_code == 302, name
                assert answer["Location"].startswith("/account/login/"), name
            else:
                assert answer.status_code == 403, name
    assert state_of_the_office() == before


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.LEADER])
def test_who_may_only_read_changes_nothing_by_any_post(client_of, rows, role) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(client_of, role)
    before = state_of_the_office()
    for name in VIEWS.keys() - HARMLESS:
        answer = client.post(address(name, rows), FILLED)
        assert answer.status_code < 500, name
        assert state_of_the_office() == before, name


@pytest.mark.parametrize("role", [Role.BODY_OFFICER, Role.COUNTY_OFFICER])
def test_an_officer_changes_nothing_of_what_others_answer_for(client_of, rows, role) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(client_of, role)
    before = state_of_the_office()
    for name in VIEWS.keys() - HARMLESS:
        for county in ("", "230382"):
            answer = client.post(address(name, rows), {**FILLED, "county": county})
            assert answer.status_code < 500, name
            assert state_of_the_office() == before, (name, county)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COUNTY_OFFICER])
def test_reading_changes_nothing(client_of, rows, role) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(client_of, role)
    before = state_of_the_office()
    for name in VIEWS:
        answer = client.get(address(name, rows))
        assert answer.status_code < 500, name
        assert state_of_the_office() == before, name


def test_a_post_from_another_site_is_refused_everywhere(client_of, rows, administrator) -> None:  # type: ignore[no-untyped-def]
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    for name in VIEWS:
        assert client.post(address(name, rows), FILLED).status_code == 403, name


def test_what_is_not_released_is_nowhere_public(rows, administrator, now) -> None:  # type: ignore[no-untyped-def]
    client = Client()
    plan = rulebook.plan(PLAN)
    secret = {"on": date(2025, 9, 30), "value": 1499, "unit": "t", "state": "", "share": None, "note": "未发布的说明",
              "source": "内部台账", "entered_for": ""}  # fmt: skip
    entry = facts_services.enter(plan, "T03-4", secret, by=administrator, now=now)
    pages = ["/", "/plan.json", f"/p/{PLAN}/", *(f"/p/{PLAN}/article/{n}/" for n in (3, 12)), f"/p/{PLAN}/target/T03-4/",
             f"/p/{PLAN}/why/T03-4/"]  # fmt: skip
    for page in pages:
        text = client.get(page).content.decode()
        for words in ("1499", "未发布的说明", "内部台账", "台账.csv"):
            assert words not in text, (page, words)
    facts_services.release(entry, version=1, by=administrator, now=now)
    assert "1499" in client.get(f"/p/{PLAN}/target/T03-4/").content.decode()
    facts_services.withdraw(Entry.objects.get(pk=entry.pk), "误填", version=2, by=administrator, now=now)
    for page in pages:
        assert "1499" not in client.get(page).content.decode(), page


def test_files_are_given_only_to_who_works_here_and_only_as_attachments(client_of, rows) -> None:  # type: ignore[no-untyped-def]
    where = address("intake:file", rows)
    assert Client().get(where).status_code == 302
    answer = client_of("leader").get(where)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
