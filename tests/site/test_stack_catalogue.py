"""The catalogue's pages: every check with its clause, parameters and both cases, for those who read stacks."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from lantian.stack.checks.catalogue import CATALOGUE

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_the_list_has_every_check_and_its_filters_narrow_it(reader: Client) -> None:
    text = page(reader, "/stack/checks/")
    assert all(code in text for code in CATALOGUE)
    assert "未核实依据" in text
    narrow = page(reader, "/stack/checks/?family=bypass&level=serious")
    assert "CHK-BYP-FLOWING" in narrow
    assert "CHK-VAL-NEGATIVE" not in narrow
    assert "CHK-BYP-SILENT" not in narrow
    assert "CHK-CROSS-DEW-POINT" in page(reader, "/stack/checks/?q=露点") + page(reader, "/stack/checks/?q=饱和")
    assert "没有符合条件的检查" in page(reader, "/stack/checks/?q=没有这一项")


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_each_check_shows_both_cases_and_what_it_says(reader: Client, code: str) -> None:
    text = page(reader, f"/stack/checks/{code}/")
    one = CATALOGUE[code]
    assert one.title.zh in text
    assert one.clause.text.zh in text
    assert "通过的例子" in text
    assert "不通过的例子" in text
    assert text.count("请核实") == 2  # the message with its slots, and the one hit of the failing case
    for name in one.parameters:
        assert name.rsplit(".", 1)[-1] in text


def test_an_unknown_check_is_not_found(reader: Client) -> None:
    page(reader, "/stack/checks/CHK-NONE/", 404)


def test_the_workbook_has_the_rows_of_the_filters(reader: Client) -> None:
    answer = reader.get("/stack/checks.xlsx?family=timing")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    codes = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True) if str(row[0]).startswith("CHK-")}
    assert codes == {one.code for one in CATALOGUE.values() if one.family == "timing"}


def test_the_public_does_not_read_it(client: Client) -> None:
    assert client.get("/stack/checks/").status_code in (302, 403)
