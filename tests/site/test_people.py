"""One-time links, signing in, and what an administrator may change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lantian.site.access import Role
from lantian.site.journal.models import Entry
from lantian.site.people import services
from lantian.site.people.models import User

pytestmark = pytest.mark.django_db
FORM = {"username": "wang", "name": "王一", "password": "blue sky 2025", "again": "blue sky 2025"}


def test_a_one_time_link_makes_the_administrator_and_works_once(now, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("lantian.site.clock.now", lambda: now)
    token = services.invite(role=Role.ADMINISTRATOR, now=now)
    client = Client()
    assert client.get(f"/account/first/{token}/").status_code == 200
    assert client.post(f"/account/first/{token}/", FORM).status_code == 302
    assert User.objects.get(username="wang").role == Role.ADMINISTRATOR
    again = Client().get(f"/account/first/{token}/")
    assert again.status_code == 410
    assert "已使用过" in again.content.decode()


def test_an_expired_or_invented_link_is_refused_with_what_to_do(now) -> None:  # type: ignore[no-untyped-def]
    token = services.invite(role=Role.LEADER, now=now)
    with pytest.raises(services.LinkError, match="已过期"):
        services.invitation(token, now=now + services.LINK_LIFE + timedelta(seconds=1))
    with pytest.raises(services.LinkError, match="无效"):
        services.invitation("made-up", now=now)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"again": "something else"}, "不一致"),
        ({"password": "1234567890", "again": "1234567890"}, "数字"),
        ({"username": "taken"}, "已有人使用"),
    ],
)
def test_wrong_first_use_is_explained_and_uses_nothing_up(now, monkeypatch, change, words) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("lantian.site.clock.now", lambda: now)
    services.create_user(username="taken", name="甲", role=Role.LEADER, password="blue sky 2025", now=now)
    token = services.invite(role=Role.ADMINISTRATOR, now=now)
    answer = Client().post(f"/account/first/{token}/", FORM | change)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert services.invitation(token, now=now).used_at is None


def test_the_last_administrator_stays(administrator, now) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="至少要保留一名"):
        services.change_user(administrator, {"role": Role.LEADER.value}, by=administrator, now=now)
    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR


def test_a_user_signed_off_cannot_sign_in(administrator, now) -> None:  # type: ignore[no-untyped-def]
    who = services.create_user(username="li", name="李", role=Role.LEADER, password="blue sky 2025", now=now)
    services.change_user(who, {"is_active": False}, by=administrator, now=now)
    assert not Client().login(username="li", password="blue sky 2025")


def test_the_administrator_invites_and_resets_on_the_pages(client_of) -> None:  # type: ignore[no-untyped-def]
    client = client_of("administrator")
    page = client.post("/account/users/", {"role": "body_officer"}).content.decode()
    assert "要选所属单位" in page
    page = client.post("/account/users/", {"role": "leader"}).content.decode()
    assert "/account/first/" in page
    who = User.objects.get(username="administrator-")
    page = client.post(f"/account/users/{who.pk}/", {"reset": "1"}).content.decode()
    assert "/account/first/" in page


def test_the_journal_cannot_be_edited_or_emptied(administrator) -> None:  # type: ignore[no-untyped-def]
    entry = Entry.objects.get(action="people.created")
    entry.note = "changed"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(note="changed")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.get(pk=entry.pk).note == ""


def test_the_journal_page_filters(client_of) -> None:  # type: ignore[no-untyped-def]
    page = client_of("administrator").get("/journal/?action=people.created").content.decode()
    assert "建立用户" in page
    assert "还没有记录" in client_of("administrator").get("/journal/?q=nothing-like-this").content.decode()


def test_people_of_a_company_name_it_and_carry_it(now, administrator, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("lantian.site.clock.now", lambda: now)
    client = Client()
    client.force_login(administrator)
    refused = client.post("/account/users/", {"role": "company_officer"})
    assert "请填写所属企业或运维单位的名称" in refused.content.decode()
    assert (
        "一次性链接"
        in client.post("/account/users/", {"role": "monitor_operator", "company": "模拟运维一"}).content.decode()
    )
    token = services.invite(role=Role.COMPANY_OFFICER, company="模拟热电一", now=now)
    user = services.accept(token, username="chen", name="陈一", password="blue sky 2025", now=now)
    assert user.company == "模拟热电一"
    listed = client.get("/account/users/").content.decode()
    assert "模拟热电一" in listed
    assert "模拟运维一" in listed


def test_people_of_companies_see_of_the_plan_what_anyone_sees(client_of) -> None:  # type: ignore[no-untyped-def]
    from lantian.site.access import reads_released_only
    from lantian.site.people.models import User as Person

    client_of("company_officer", company="模拟热电一")
    client_of("leader")
    assert reads_released_only(Person.objects.get(role="company_officer"))
    assert not reads_released_only(Person.objects.get(role="leader"))
    assert reads_released_only(None)
