"""Every address declares its action; the table decides who may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lantian.site.access import TABLE, Action, Role, Scope


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


ALL_VIEWS = dict(views(get_resolver().url_patterns))


@pytest.mark.parametrize("path", sorted(ALL_VIEWS))
def test_every_address_declares_its_action(path: str) -> None:
    assert isinstance(getattr(ALL_VIEWS[path], "action", None), Action), f"{path} declares no action"


def test_the_public_may_only_read_what_is_released() -> None:
    assert TABLE[Role.PUBLIC] == {Action.READ_PLAN: Scope.RELEASED, Action.SIGN_IN: Scope.RELEASED}


def test_every_role_stands_in_the_table_and_only_administrators_manage_users() -> None:
    assert set(TABLE) == set(Role)
    assert [role for role in Role if Action.MANAGE_USERS in TABLE[role]] == [Role.ADMINISTRATOR]


@pytest.mark.django_db
def test_who_is_not_signed_in_is_asked_to_and_comes_back() -> None:
    answer = Client().get("/journal/?q=x")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/journal/%3Fq%3Dx"


@pytest.mark.django_db
def test_who_may_not_is_told_in_plain_words(client_of) -> None:  # type: ignore[no-untyped-def]
    answer = client_of("duty_officer").get("/account/users/")
    assert answer.status_code == 403
    assert "您的角色是“值班人员”" in answer.content.decode()


@pytest.mark.django_db
def test_no_page_lets_anything_in_from_another_host() -> None:
    policy = Client().get("/account/login/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
