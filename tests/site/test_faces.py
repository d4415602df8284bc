"""What a page owes to eyes, keyboards and voices: one head of the first rank, a name for each field, no inline style."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from lantian.site.living.words import KINDS

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/p/jixi-2024/article/3/", "/p/jixi-2024/target/T03-1/", "/p/jixi-2024/why/T03-1/", "/account/login/"]
STAFF = ["/desk/", "/desk/log/", "/desk/roster/", "/desk/forecast/", "/desk/province/", "/year/", "/facts/", "/intake/",
         "/year/jixi-2024/2025/target/add/", "/jobs/", "/journal/", "/account/users/", "/account/password/"]  # fmt: skip


class Page(HTMLParser):
    """Heads, fields without a name, inline styles and handlers, ids that occur twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.heads, self.fields, self.labels, self.inline, self.ids = 0, {}, set(), [], []  # type: ignore[var-annotated]
        self._inside = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.heads += tag == "h1"
        self._inside += tag == "label"
        self.labels |= {given["for"]} if tag == "label" and given.get("for") else set()
        self.ids += [given["id"]] if given.get("id") else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        named = self._inside or "aria-label" in given or given.get("aria-hidden") == "true"
        if tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden", "submit"} and not named:
            self.fields[given.get("id")] = given.get("name")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "label"

    @property
    def nameless(self) -> list[str]:
        return [name for key, name in self.fields.items() if key not in self.labels]


@pytest.mark.parametrize("path", PUBLIC + STAFF)
def test_a_page_is_plain_to_eyes_keyboards_and_voices(client_of, path) -> None:  # type: ignore[no-untyped-def]
    client = client_of("administrator") if path in STAFF else Client()
    text = client.get(path, follow=True).content.decode()
    page = Page(text)
    assert page.heads == 1
    assert page.nameless == []
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    assert re.search(r'<html lang="zh-hans">', text)


def test_a_room_is_marked_where_one_is(client_of) -> None:  # type: ignore[no-untyped-def]
    page = client_of("leader").get("/year/", follow=True).content.decode()
    rooms = page.split('<nav class="rooms"')[1].split("</nav>")[0]
    assert re.findall(r'<a href="([^"]*)" aria-current="true">', rooms) == ["/year/"]


def test_labels_of_the_filters_are_of_one_kind_in_english() -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    labels = re.findall(r"<label>([^<]+?) <(?:select|input)", client.get("/").content.decode())
    assert len(labels) == len(KINDS)
    assert all(label[0].isupper() for label in labels)
