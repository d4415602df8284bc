"""A table of outlets: good rows are entered together, bad ones come back with a reason each; columns left out change nothing."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from lantian.site.stack import services
from lantian.site.stack.models import Outlet
from lantian.store.stack import outlets as published

pytestmark = pytest.mark.django_db
HEAD = "排放口编号\t排放口名称\t企业名称\t县（市）区\tMN\t执行标准\t已完成超低排放改造\t许可和地方限值\n"


@pytest.fixture
def officer(data: Path, settings, monkeypatch: pytest.MonkeyPatch, client_of) -> Client:  # type: ignore[no-untyped-def]
    settings.DATA = data
    monkeypatch.setattr(services.transaction, "on_commit", lambda done: done())
    return client_of("coordinator")


def take(officer: Client, table: str) -> str:
    answer = officer.post("/stack/outlets-import/", {"pasted": table})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_good_rows_are_entered_and_bad_ones_come_back_with_reasons(officer: Client, data: Path) -> None:
    rows = (
        f"M1-DA001\t锅炉\t模拟热电一\t鸡冠区\t{'A' * 24}\t\t是\ta21026，35，，模拟许可，2024-01-01，；a34013，10，，模拟许可，2024-01-01，\n"
        "M2-DA001\t窑尾\t模拟水泥二\t天上区\t\t\t\t\n"
        f"M3-DA001\t窑头\t模拟水泥二\t鸡冠区\t{'A' * 24}\t\t\t\n"
        "M4-DA001\t\t模拟水泥二\t鸡冠区\tXYZ\t不存在的标准\t\t\n"
    )
    address = take(officer, HEAD + rows)
    page = officer.get(address).content.decode()
    assert "可写入 1 行，有问题 3 行" in page
    assert "与第 2 行重复" in page
    assert "MN 应为 24 位" in page
    book = load_workbook(io.BytesIO(officer.get(address + "reasons.xlsx").content))
    told = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert "问题" in told[0]
    assert sum(bool(row[told[0].index("问题")]) for row in told[1:5]) == 3
    assert officer.post(address).status_code == 302
    (one,) = published.outlets(data)
    assert (one.code, one.ultra_low, [limit.hour for limit in one.limits]) == (
        "M1-DA001",
        True,
        [Decimal("35"), Decimal("10")],
    )


def test_a_column_left_out_keeps_what_stands(officer: Client, data: Path) -> None:
    officer.post(
        take(
            officer,
            HEAD + f"M1-DA001\t锅炉\t模拟热电一\t鸡冠区\t{'A' * 24}\t\t是\ta21026，35，，模拟许可，2024-01-01，\n",
        )
    )
    address = take(
        officer,
        "排放口编号\t排放口名称\t企业名称\t县（市）区\t运维单位\nM1-DA001\t锅炉\t模拟热电一\t鸡冠区\t模拟运维一\n",
    )
    assert "更改" in officer.get(address).content.decode()
    officer.post(address)
    (one,) = published.outlets(data)
    assert (one.operator, one.mn, one.ultra_low, len(one.limits)) == ("模拟运维一", "A" * 24, True, 1)
    assert "可写入 0 行" in officer.get(address).content.decode()  # the same again changes nothing


def test_the_template_filled_in_comes_back_as_it_is(officer: Client) -> None:
    book = load_workbook(io.BytesIO(officer.get("/stack/outlets-template.xlsx").content))
    sheet = book.worksheets[0]
    heads = [cell.value.rstrip("*＊ ") if cell.value else "" for cell in sheet[1]]
    for head, value in (
        ("排放口编号", "M1-DA001"),
        ("排放口名称", "锅炉"),
        ("企业名称", "模拟热电一"),
        ("县（市）区", "鸡冠区"),
    ):
        sheet.cell(2, heads.index(head) + 1, value)
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("登记.xlsx", out.getvalue())
    answer = officer.post("/stack/outlets-import/", {"file": file})
    officer.post(answer["Location"])
    assert list(Outlet.objects.values_list("code", "region")) == [("M1-DA001", "230302")]


def test_what_is_no_register_is_refused_and_says_which_heads_are_needed(officer: Client) -> None:
    page = officer.get(take(officer, "城市\t日期\n鸡西\t2026-01-01\n"))
    assert page.status_code == 400
    assert "排放口编号" in page.content.decode()
