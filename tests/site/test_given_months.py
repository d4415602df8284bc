"""Monthly tables on the ranking page: as they came, by their own ranks, never mixed with what is computed here."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from lantian.work.air_intake import import_air

CITIES = """2025年9月全省环境空气质量
城市\tPM2.5\tCO\t综合指数\t优良天数比例\t排名
鸡西市\t21\t0.7\t2.85\t100\t2
望川市\t18\t—\t2.60\t96.7\t1
"""
COUNTIES = """2025年9月各县环境空气质量
城市\t县区\tPM2.5\t综合指数\t排名
鸡西市\t鸡东县\t19\t2.50\t1
鸡西市\t密山市\t22\t2.70\t2
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def tables(data: Path, now: datetime, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = data
    for text in (CITIES, COUNTIES):
        report = import_air(data, text, now=now, user="tester")
        assert report.kind == "city_months"
        assert report.quarantined == []


def cells(page: str) -> list[list[str]]:
    table = page[page.index("导入的月表") :]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table[: table.index("</table>")])
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_cities_stand_in_the_order_of_the_table(client_of, tables: None) -> None:  # type: ignore[no-untyped-def]
    page = client_of("leader").get("/air/ranking/?group=cities&period=2025-09").content.decode()
    assert cells(page) == [
        ["原表名次", "地区", "CO", "PM2.5", "优良率 %", "综合指数"],
        ["1", "望川", "—", "18", "96.7", "2.6"],
        ["2", "鸡西", "0.7", "21", "100", "2.85"],
    ]
    assert "未由日值重算" in page


def test_counties_have_their_own_table(client_of, tables: None) -> None:  # type: ignore[no-untyped-def]
    page = client_of("leader").get("/air/ranking/?group=counties&period=2025-09").content.decode()
    assert [row[:2] for row in cells(page)[1:]] == [["1", "鸡东县"], ["2", "密山"]]


def test_another_period_names_the_months_there_are(client_of, tables: None) -> None:  # type: ignore[no-untyped-def]
    page = client_of("leader").get("/air/ranking/?group=cities&period=2025").content.decode()
    assert "原表名次" not in page
    assert 'period=2025-09">2025-09</a>' in page


def test_without_monthly_tables_nothing_is_said(client_of) -> None:  # type: ignore[no-untyped-def]
    assert (
        "月表" not in client_of("leader").get("/air/ranking/").content.decode().split("排名", 1)[1].split("<footer")[0]
    )
