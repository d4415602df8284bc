"""What every answer bears, and where none leads."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "", "x"],
)
def test_the_choice_of_language_leads_to_no_other_host(back) -> None:  # type: ignore[no-untyped-def]
    assert Client().post("/language/", {"next": back, "language": "en"})["Location"] == "/"


def test_the_choice_of_language_leads_back() -> None:
    answer = Client().post("/language/", {"next": "/p/jixi-2024/?q=x#y", "language": "en"})
    assert answer["Location"] == "/p/jixi-2024/?q=x#y"
    assert answer.cookies["lantian_language"].value == "en"


def test_signing_in_leads_to_no_other_host(client_of) -> None:  # type: ignore[no-untyped-def]
    client_of("leader")
    form = {"username": "leader-", "password": "correct horse battery", "next": "https://evil.example/"}
    answer = Client().post("/account/login/", form)
    assert answer["Location"] == "/"
    assert answer.cookies["lantian_session"]["httponly"]
    assert answer.cookies["lantian_session"]["samesite"] == "Lax"


def test_pages_of_who_is_signed_in_are_kept_by_nobody_else(client_of) -> None:  # type: ignore[no-untyped-def]
    client = client_of("leader")
    assert client.get("/year/", follow=True)["Cache-Control"] == "private, no-cache"
    assert (
        "Cache-Control" not in Client().get("/account/login/")
        or "no-cache" in Client().get("/account/login/")["Cache-Control"]
    )
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache"'


def test_every_answer_says_what_a_browser_may_do() -> None:
    for path in ("/account/login/", "/nope", "/plan.json"):
        answer = Client().get(path)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
