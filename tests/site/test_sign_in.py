"""Signing in: the brake on guessing, own password, links that end, names instead of ids."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from django.test import Client

from lantian.site.access import Role
from lantian.site.journal.models import Entry
from lantian.site.people import brake, services
from lantian.site.people.models import Invitation, SignInFailure, User
from lantian.site.start import first_administrator_link, prepare_data

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def clock(monkeypatch, now):  # type: ignore[no-untyped-def]
    """A clock of the test's own: a list with the present instant."""
    present = [now]
    monkeypatch.setattr("lantian.site.clock.now", lambda: present[0])
    return present


def tried(password: str, *, username: str = "admin", address: str = "10.0.0.1"):  # type: ignore[no-untyped-def]
    return Client(REMOTE_ADDR=address).post("/account/login/", {"username": username, "password": password})


def test_who_guesses_has_to_wait_longer_each_time(administrator, clock) -> None:  # type: ignore[no-untyped-def]
    for _ in range(brake.FREE_FROM_ONE_ADDRESS):
        assert "登录名或密码不对" in tried("wrong").content.decode()
    assert "请在 15 秒后再试" in tried(PASSWORD).content.decode()  # even the right one is not looked at
    clock[0] += timedelta(seconds=15)
    assert "登录名或密码不对" in tried("wrong").content.decode()
    assert "请在 30 秒后再试" in tried(PASSWORD).content.decode()
    assert tried(PASSWORD, address="10.0.0.2").status_code == 302  # the person is not locked out elsewhere
    clock[0] += timedelta(seconds=30)
    assert tried(PASSWORD).status_code == 302
    assert not SignInFailure.objects.filter(address="10.0.0.1").exists()
    assert Entry.objects.filter(action="people.sign_in_braked").count() == 1


def test_guesses_from_many_addresses_are_braked_too(administrator, clock) -> None:  # type: ignore[no-untyped-def]
    for number in range(brake.FREE_FROM_ANYWHERE):
        assert "登录名或密码不对" in tried("wrong", address=f"10.0.1.{number}").content.decode()
    assert "再试" in tried("wrong", address="10.0.2.1").content.decode()


def test_the_longest_wait_is_a_quarter_of_an_hour_and_then_all_is_forgotten(administrator, clock) -> None:  # type: ignore[no-untyped-def]
    for _ in range(40):
        brake.failed("admin", "10.0.0.1", now=clock[0])
    assert brake.wait("admin", "10.0.0.1", now=clock[0]) == timedelta(minutes=15)
    clock[0] += timedelta(minutes=15)
    assert brake.wait("admin", "10.0.0.1", now=clock[0]) == timedelta()


@pytest.mark.parametrize(
    ("behind", "nearest", "address"),
    [(True, "127.0.0.1", "10.0.0.9"), (True, "10.0.0.3", "10.0.0.3"), (False, "127.0.0.1", "127.0.0.1")],
)
def test_the_address_is_taken_from_a_web_server_in_front_only(rf, settings, behind, nearest, address) -> None:  # type: ignore[no-untyped-def]
    settings.BEHIND_HTTPS = behind
    request = rf.get("/", REMOTE_ADDR=nearest, HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.9")
    assert brake.address_of(request) == address


def test_what_was_typed_as_a_name_is_not_kept(administrator, clock) -> None:  # type: ignore[no-untyped-def]
    tried("x", username="my secret password")
    row = SignInFailure.objects.get()
    assert "secret" not in str(row.__dict__)
    clock[0] += timedelta(days=2)
    tried("x", username="other")
    assert SignInFailure.objects.count() == 1  # and what is kept goes after a day


def test_the_present_password_is_asked_for_before_a_new_one(client_of) -> None:  # type: ignore[no-untyped-def]
    client = client_of("leader")
    new = {"password": "a new sky 2026", "again": "a new sky 2026"}
    assert "现在的密码不对" in client.post("/account/password/", {**new, "present": "wrong"}).content.decode()
    assert client.post("/account/password/", {**new, "present": PASSWORD}).status_code == 302
    assert User.objects.get(role="leader").check_password("a new sky 2026")


def test_a_password_may_not_be_like_the_name(now, clock) -> None:  # type: ignore[no-untyped-def]
    token = services.invite(role=Role.LEADER, now=now)
    form = {"username": "wangxiaoming", "name": "王一", "password": "wangxiaoming1", "again": "wangxiaoming1"}
    answer = Client().post(f"/account/first/{token}/", form)
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_the_first_administrator_ends_all_links_printed_before(clock) -> None:  # type: ignore[no-untyped-def]
    first = first_administrator_link(now=clock[0])
    second = first_administrator_link(now=clock[0])
    assert first
    assert second
    assert Client().get(first).status_code == 410
    spare = services.invite(role=Role.ADMINISTRATOR, now=clock[0])
    form = {"username": "wang", "name": "王一", "password": "blue sky 2025", "again": "blue sky 2025"}
    assert Client().post(second, form).status_code == 302
    assert Client().get(f"/account/first/{spare}/").status_code == 410
    assert first_administrator_link(now=clock[0]) is None


def test_an_unused_link_is_listed_and_can_be_voided(client_of, clock) -> None:  # type: ignore[no-untyped-def]
    client = client_of("administrator")
    client.post("/account/users/", {"role": "body_officer", "body": "ecology"})
    page = client.get("/account/users/").content.decode()
    assert "还没有使用的链接" in page
    assert "<td>市生态环境局</td>" in page  # the name, not the id
    client.post("/account/users/", {"void": Invitation.objects.get().pk})
    assert "还没有使用的链接" not in client.get("/account/users/").content.decode()
    assert Entry.objects.filter(action="people.link_voided").count() == 1


def test_a_link_used_twice_at_the_same_moment_says_so(client_of, clock, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    token = services.invite(role=Role.LEADER, now=clock[0])

    def taken(*_: object, **__: object) -> None:
        raise services.LinkError("此链接已使用过。")

    monkeypatch.setattr(services, "accept", taken)
    form = {"username": "wang", "name": "王一", "password": "blue sky 2025", "again": "blue sky 2025"}
    assert Client().post(f"/account/first/{token}/", form).status_code == 410


def test_the_people_file_is_for_its_owner_alone(settings, tmp_path, now) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = tmp_path / "fresh"
    (tmp_path / "fresh").mkdir()
    (tmp_path / "fresh" / "people.sqlite").touch(mode=0o644)
    prepare_data(now=now, progress=lambda *_: None)
    assert stat.S_IMODE((tmp_path / "fresh" / "people.sqlite").stat().st_mode) == 0o600
