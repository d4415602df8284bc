"""Pressed twice stands once; what is taken back gives back what stood before; words stay words in a spreadsheet."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from lantian import rulebook
from lantian.render.columns import Column
from lantian.render.tables import workbook
from lantian.site.desk.models import LogEntry, ProvinceTable
from lantian.site.desk.province import read_text
from lantian.site.desk.services import log, province
from lantian.site.facts import services as facts
from lantian.site.facts.models import Entry
from lantian.site.journal.models import Entry as JournalEntry
from lantian.site.living.numbers import csv_of
from lantian.site.year import selectors, services
from lantian.site.year.checking import check

pytestmark = pytest.mark.django_db
PLAN = "jixi-2024"
VALUES = {"on": date(2025, 9, 30), "value": Decimal("1200.5"), "unit": "t", "state": "", "share": None, "note": "",
          "source": "台账", "entered_for": ""}  # fmt: skip


@pytest.fixture
def plan():  # type: ignore[no-untyped-def]
    return rulebook.plan(PLAN)


def issued(plan, administrator, now, value: str, number: str):  # type: ignore[no-untyped-def]
    values = check("target", plan, {"target": "T03-1", "value": value, "document_number": number}).values
    return services.enter("target", plan, 2025, values, by=administrator, now=now, replace=True)


def in_force() -> list[Decimal]:
    return [one.value for one in selectors.limits(PLAN)["T03-1"]] if selectors.limits(PLAN) else []


def test_taking_a_replacement_back_brings_back_what_it_replaced(plan, administrator, now) -> None:  # type: ignore[no-untyped-def]
    first = issued(plan, administrator, now, "27", "甲〔2025〕1号")
    second = issued(plan, administrator, now, "20", "甲〔2025〕2号")
    third = issued(plan, administrator, now, "21", "甲〔2025〕3号")
    assert in_force() == [21]
    services.withdraw("target", third, "误录", version=1, by=administrator, now=now)
    assert in_force() == [20]
    second.refresh_from_db()
    services.withdraw("target", second, "误录", version=second.version, by=administrator, now=now)
    assert in_force() == [27]
    first.refresh_from_db()
    services.withdraw("target", first, "误录", version=first.version, by=administrator, now=now)
    assert in_force() == []
    assert JournalEntry.objects.filter(action="year.revived").count() == 2


def test_taking_back_what_is_superseded_brings_nothing_back(plan, administrator, now) -> None:  # type: ignore[no-untyped-def]
    first = issued(plan, administrator, now, "27", "甲〔2025〕1号")
    second = issued(plan, administrator, now, "20", "甲〔2025〕2号")
    issued(plan, administrator, now, "21", "甲〔2025〕3号")
    second.refresh_from_db()
    services.withdraw("target", second, "误录", version=second.version, by=administrator, now=now)
    first.refresh_from_db()
    assert first.superseded
    assert in_force() == [21]


def test_the_same_entry_twice_is_refused_and_another_is_not(plan, administrator, now) -> None:  # type: ignore[no-untyped-def]
    facts.enter(plan, "T03-4", VALUES, by=administrator, now=now)
    with pytest.raises(facts.FactsError, match="没有重复写入"):
        facts.enter(plan, "T03-4", VALUES, by=administrator, now=now)
    facts.enter(plan, "T03-4", {**VALUES, "value": Decimal(1201)}, by=administrator, now=now)
    assert Entry.objects.count() == 2


def test_a_note_sent_twice_stands_once(administrator, now) -> None:  # type: ignore[no-untyped-def]
    first = log.write_entry("甲站停电", is_matter=True, by=administrator, now=now)
    assert log.write_entry("甲站停电", is_matter=True, by=administrator, now=now + timedelta(seconds=2)) == first
    log.write_entry("甲站停电", is_matter=True, by=administrator, now=now + timedelta(hours=1))
    assert LogEntry.objects.count() == 2


def test_the_provinces_table_sent_twice_stands_once(administrator, now) -> None:  # type: ignore[no-untyped-def]
    read = read_text("城市\t排名\n鸡西\t1\n大庆\tx")
    period = (date(2025, 1, 1), date(2025, 10, 15))
    first = province.keep_table(*period, "群", read, by=administrator, now=now)
    assert province.keep_table(*period, "群", read, by=administrator, now=now) == first
    province.keep_table(*period, "文件", read, by=administrator, now=now)
    assert ProvinceTable.objects.count() == 2


def test_pressing_enter_beside_the_reason_returns_and_does_not_release(client_of, plan, administrator, now) -> None:  # type: ignore[no-untyped-def]
    entry = facts.enter(plan, "T03-4", VALUES, by=administrator, now=now)
    page = client_of("coordinator").get(f"/facts/entry/{entry.pk}/").content.decode()
    form = next(part for part in page.split("<form") if 'id="text"' in part)
    assert 'value="return"' in form
    assert 'value="release"' not in form


@pytest.mark.parametrize("words", ["=1+1", "+甲", "-乙", "@SUM(A1)", "\t=1"])
def test_words_that_look_like_a_formula_stay_words(words) -> None:  # type: ignore[no-untyped-def]
    book = load_workbook(io.BytesIO(workbook("表", [Column("a", "甲")], [{"a": words}])))
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    text = csv_of([Column("a", "甲")], [{"a": words}], []).decode("utf-8-sig")
    assert f"'{words}" in text


def test_numbers_stay_numbers_in_csv() -> None:
    text = csv_of([Column("a", "甲")], [{"a": "-5.2"}, {"a": -3}, {"a": None}], []).decode("utf-8-sig")
    assert text.split() == ["甲", "-5.2", "-3", '""']
