"""What cannot be done is told in the house's words: far dates, stale forms, too much at once, damaged workbooks."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from lantian.basis.finding import Refusal
from lantian.render.columns import Column
from lantian.site import tabular
from lantian.site.settings import looked_back_to

pytestmark = pytest.mark.django_db
COLUMNS = (Column("a", "甲", needed=True), Column("b", "乙", needed=True))


def workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, part: str, text: bytes) -> bytes:
    """The same zip with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    "path",
    ["/desk/report/0001-01-01/", "/desk/why/0001-01-01/", "/desk/roster/?week=9999-12-31", "/desk/roster/?week=0001-01-01",
     "/desk/roster/?day=x", "/desk/report/?day=//evil.example", "/desk/report/?day=9999-12-31",
     "/p/jixi-2024/why/good_days/?from=x"],
)  # fmt: skip
def test_a_day_that_is_none_is_no_page(client_of, path) -> None:  # type: ignore[no-untyped-def]
    answer = client_of("duty_officer").get(path)
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_a_far_day_is_not_put_on_the_roster(client_of) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    page = officer.post("/desk/roster/day/", {"day": "0001-01-01", "officer": "甲"}).content.decode()
    assert "请核对年份" in page
    page = officer.post("/desk/roster/paste/", {"text": "9999-12-31,甲,乙,1"}, follow=True).content.decode()
    assert "不是日期" in page


def test_a_stale_form_is_told_in_plain_words(client_of) -> None:  # type: ignore[no-untyped-def]
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/account/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "这一页已过期" in answer.content.decode()


def test_an_error_is_told_without_what_is_inside(client_of, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_: object) -> None:
        raise ValueError("the inside of the house")

    monkeypatch.setattr("lantian.site.desk.views.screen", broken)
    client = client_of("leader")
    client.raise_request_exception = False
    answer = client.get("/desk/")
    assert answer.status_code == 500
    assert "页面出错" in answer.content.decode()
    assert "inside" not in answer.content.decode()
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_more_than_the_largest_file_is_refused_unread(settings) -> None:  # type: ignore[no-untyped-def]
    settings.MAX_UPLOAD = 1000
    answer = Client().post("/account/login/", {"username": "a" * 2**21})
    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()


def test_a_host_of_another_name_is_refused_in_plain_words() -> None:
    answer = Client(SERVER_NAME="evil.example").get("/account/login/")
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()
    assert "请求不能处理" in answer.content.decode()


def test_a_workbook_damaged_inside_is_refused() -> None:
    good = workbook(["甲", "乙"], [1, 2])
    assert [row.cells for row in tabular.from_workbook(good, COLUMNS)] == [{"a": "1", "b": "2"}]
    for bad in (b"<worksheet><sheetData><row><c", b""):
        with pytest.raises(Refusal, match="打不开"):
            tabular.from_workbook(with_part(good, "xl/worksheets/sheet1.xml", bad), COLUMNS, "表.xlsx")


def test_a_workbook_formatted_to_its_last_cell_is_read_quickly() -> None:
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(["甲", "乙"])
    sheet.append([1, 2])
    sheet.cell(1_048_576, 16_384).value = "x"
    book.save(out)
    assert len(tabular.from_workbook(out.getvalue(), COLUMNS)) == 1


def test_a_quote_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(Refusal, match="引号"):
        tabular.from_text('甲,乙\n1,"' + "x\n" * 100_000, COLUMNS)


def test_the_provinces_workbook_is_looked_at_before_it_is_read(client_of) -> None:  # type: ignore[no-untyped-def]
    form = {"first": "2025-01-01", "last": "2025-10-15", "source": "群", "text": ""}
    good = workbook(["城市", "排名"], ["鸡西", 1])
    bomb = with_part(good, "xl/worksheets/sheet1.xml", b" " * (60 * 2**20))
    damaged = with_part(good, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c")
    officer = client_of("duty_officer")
    for content, words in ((bomb, "不是正常的办公文件"), (damaged, "不是可读的"), (b"junk", "内容却是")):
        file = SimpleUploadedFile("表.xlsx", content)
        assert words in officer.post("/desk/province/keep/", {**form, "file": file}).content.decode()
    assert (
        officer.post("/desk/province/keep/", {**form, "file": SimpleUploadedFile("表.xlsx", good)}).status_code == 302
    )


def test_a_date_to_look_back_to_is_checked_at_the_start() -> None:
    assert looked_back_to("") is None
    assert looked_back_to("2015-12-31") == date(2015, 12, 31)
    with pytest.raises(ImproperlyConfigured, match="LANTIAN_AS_OF=abc 不是日期"):
        looked_back_to("abc")


def test_pages_look_back_to_the_date_that_is_set(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("LANTIAN_AS_OF", "2015-12-31")
    assert "2015-12-31" in Client().get("/").content.decode()
