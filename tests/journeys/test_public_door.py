"""What anyone sees without signing in: the plan with its states, at desk and phone width, on paper, for programs."""

from __future__ import annotations

import json
from urllib.request import urlopen

import pytest

from conftest import PHONE  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser
STATES = {"no_data", "on_track", "at_risk", "missed", "met", "not_computed"}


def test_the_home_page_shows_39_articles_with_their_states(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    states = page.eval_on_selector_all(
        "[id^='article-'][data-state]", "all => all.map(one => [one.id, one.dataset.state])"
    )
    assert [name for name, _ in states if name.removeprefix("article-").isdigit()] == [
        f"article-{n}" for n in range(1, 40)
    ]
    assert {state for _, state in states} <= STATES
    target = page.locator("#target-T03-1")
    assert target.get_attribute("data-state") in STATES - {"no_data", "not_computed"}
    assert "28" in target.inner_text()
    assert "模拟数据" in page.inner_text("body")
    assert "2025-10-15" in page.inner_text("body")


def test_programs_get_the_same_states(page, server) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    shown = dict(
        page.eval_on_selector_all("[id^='target-'][data-state]", "all => all.map(one => [one.id, one.dataset.state])")
    )
    with urlopen(f"{server.address}/plan.json") as answer:
        told = json.load(answer)
    assert told["schema"] == "lantian-states/1"
    assert told["as_of"] == "2025-10-15"
    given = {f"target-{one['id']}": one["state"] for article in told["articles"] for one in article["targets"]}
    assert len(given) == 25
    assert given == shown


def test_every_number_leads_to_its_why(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    page.locator("#target-T26-1").get_by_role("link", name="为什么").first.click()
    text = page.inner_text("main")
    for words in ("94.3", "口径", "HJ 633"):
        assert words in text


def test_filters_live_in_the_address(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    page.get_by_label("搜索").fill("秸秆")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("#article-21").is_visible()
    assert page.locator("#article-12").count() == 0 or not page.locator("#article-12").is_visible()
    page.goto("/?q=没有这样的词")
    assert page.locator("[id^='article-']").count() == 0


def test_the_phone_has_no_sideways_scroll_and_opens_notes_in_place(page) -> None:  # type: ignore[no-untyped-def]
    page.set_viewport_size(PHONE)
    for path in ("/", "/p/jixi-2024/target/T03-1/", "/p/jixi-2024/why/T03-1/", "/account/login/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_on_paper_the_marks_keep_their_shapes(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert page.locator("#target-T03-1").is_visible()
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")


def test_english_readers_get_english(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.get_attribute("html", "lang") == "en"
    assert "simulated data" in page.inner_text("#target-T03-1")
    assert "PM2.5" in page.inner_text("#article-3")


def test_the_page_is_light(server) -> None:  # type: ignore[no-untyped-def]
    with urlopen(f"{server.address}/") as answer:
        assert len(answer.read()) < 300_000


def test_an_unknown_address_is_answered_in_plain_words(server) -> None:  # type: ignore[no-untyped-def]
    from urllib.error import HTTPError

    with pytest.raises(HTTPError) as refused:
        urlopen(f"{server.address}/p/no-such-plan/")
    assert refused.value.code == 404
    assert "没有这一页" in refused.value.read().decode()
