"""The year: rows entered, corrected, withdrawn; tables imported with reasons."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from openpyxl import load_workbook
from year_rows import share_of, staged_rows, target_of, task_of

from lantian import rulebook
from lantian.basis.finding import Refusal
from lantian.render.tables import template
from lantian.site import tabular
from lantian.site.journal.models import Entry
from lantian.site.year import importing, overview, selectors, services, task_states
from lantian.site.year.checking import check, day_of
from lantian.site.year.columns import COLUMNS, lists
from lantian.site.year.models import Share, YearTarget, YearTask

pytestmark = pytest.mark.django_db
PLAN = "jixi-2024"


@pytest.fixture
def plan():
    return rulebook.plan(PLAN)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025-12-31", date(2025, 12, 31)), ("2025/3/1", date(2025, 3, 1)), ("2025年3月1日", date(2025, 3, 1)),
     ("2025-02", date(2025, 2, 28)), ("2024年2月底", date(2024, 2, 29)), ("2025", date(2025, 12, 31)),
     ("2025年底前", date(2025, 12, 31)), ("2025-13", None), ("三月", None), ("", None), ("2025-02-30", None)],
)  # fmt: skip
def test_days_as_people_write_them(text, day):
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("cells", "key", "says"),
    [
        ({"target": "T03-9"}, "target", "T03-9"),
        ({"target": ""}, "target", "请填"),
        ({"value": "28微克"}, "value", "只写数字"),
        ({"value": ""}, "value", "请填"),
        ({"value": "-1"}, "value", "不能为负"),
        ({"value": "nan"}, "value", "不是能用的数字"),
        ({"value": "1.1234567"}, "value", "6 位"),
        ({"value": "1e99"}, "value", "不是能用的数字"),
        ({"county": "鸡西县"}, "county", "不是本方案的县"),
        ({"county": "虎林"}, None, ""),
        ({"comparator": "大约"}, "comparator", "不是比较方式"),
        ({"unit": "吨"}, "unit", "不是同一类"),
        ({"unit": "某单位"}, "unit", "认不出"),
        ({"document_number": ""}, "document_number", "请填"),
        ({"document_date": "去年"}, "document_date", "不是日期"),
        ({"target": "T11-1"}, "comparator", "没有数值比较"),
    ],
)
def test_each_wrong_cell_of_a_target_has_its_reason(plan, cells, key, says):
    given = {"target": "T03-1", "value": "27", "document_number": "试环函〔2025〕1号", **cells}
    reasons = check("target", plan, given).reasons
    assert set(reasons) == ({key} if key else set())
    if key:
        assert says in reasons[key]


def test_what_is_left_empty_comes_from_the_plan(plan):
    values = target_of(plan, target="t03-1 细颗粒物")
    assert (values["comparator"], values["unit"], values["county"], values["value"]) == ("<=", "ug/m3", "", Decimal(27))
    assert target_of(plan, comparator="不超过", unit="微克/立方米")["unit"] == "ug/m3"


@pytest.mark.parametrize(
    ("cells", "key"),
    [({"article": "99"}, "article"), ({"item": "T03-1"}, "item"), ({"item": "X"}, "item"), ({"lead": "市某局"}, "lead"),
     ({"bodies": "市工信局、市某局"}, "bodies"), ({"counties": "某县"}, "counties"), ({"state": "快了"}, "state"),
     ({"text": ""}, "text"), ({"deadline": "年内"}, "deadline")],
)  # fmt: skip
def test_each_wrong_cell_of_a_task_has_its_reason(plan, cells, key):
    given = {"number": "1", "text": "排查", "article": "第十二条", "lead": "ecology", **cells}
    assert set(check("task", plan, given).reasons) == {key}


def test_rows_are_entered_and_the_states_read_them(plan, administrator, now):
    before = selectors.version()
    services.enter("target", plan, 2025, target_of(plan), by=administrator, now=now)
    services.enter("target", plan, 2025, target_of(plan, county="虎林市", value="25"), by=administrator, now=now)
    services.enter("task", plan, 2025, task_of(plan), by=administrator, now=now)
    services.enter("task", plan, 2025, task_of(plan, number="2", item="D12-1"), by=administrator, now=now)
    (limit,) = selectors.limits(PLAN)["T03-1"]
    assert (limit.year, limit.comparator, limit.value, limit.document) == (
        2025,
        "<=",
        Fraction(27),
        "试环函〔2025〕1号",
    )
    first, second = selectors.task_facts(PLAN, 2025)
    assert (first.items, first.state, first.due) == (("article-12",), "not_started", date(2025, 11, 30))
    assert second.items == ("D12-1",)
    assert {one.county for one in selectors.year_targets(PLAN, 2025)} == {"", "230381"}
    assert selectors.year_targets(PLAN, 2024) == []
    assert selectors.years(PLAN) == [2025]
    assert selectors.version() == before + 4


def test_a_second_target_in_force_is_refused_unless_it_supersedes(plan, administrator, now):
    services.enter("target", plan, 2025, target_of(plan), by=administrator, now=now)
    with pytest.raises(services.YearError, match="替代"):
        services.enter("target", plan, 2025, target_of(plan, value="26"), by=administrator, now=now)
    services.enter("target", plan, 2025, target_of(plan, value="26"), by=administrator, now=now, replace=True)
    assert [one.value for one in selectors.year_targets(PLAN, 2025)] == [26]
    assert YearTarget.objects.filter(superseded=True).count() == 1
    assert Entry.objects.filter(action="year.superseded").count() == 1


def test_a_correction_keeps_what_stood_there_and_the_slower_one_is_told(plan, administrator, now):
    row = services.enter("target", plan, 2025, target_of(plan), by=administrator, now=now)
    services.change("target", row, target_of(plan, value="26.5"), version=1, by=administrator, now=now)
    entry = Entry.objects.get(action="year.changed")
    assert (entry.before["value"], entry.after["value"]) == ("27.000000", "26.5")
    with pytest.raises(services.YearError, match="别人"):
        services.change("target", row, target_of(plan, value="20"), version=1, by=administrator, now=now)
    assert [one.value for one in selectors.year_targets(PLAN, 2025)] == [Decimal("26.5")]


def test_a_withdrawn_row_stays_readable_and_counts_no_longer(plan, administrator, now):
    row = services.enter("share", plan, 2025, share_of(plan), by=administrator, now=now)
    with pytest.raises(services.YearError, match="原因"):
        services.withdraw("share", row, " ", version=1, by=administrator, now=now)
    services.withdraw("share", row, "文件作废", version=1, by=administrator, now=now)
    assert selectors.shares(PLAN, 2025) == []
    assert Share.objects.get().withdrawn_reason == "文件作废"
    with pytest.raises(services.YearError):
        services.change("share", row, share_of(plan), version=2, by=administrator, now=now)
    services.enter("share", plan, 2025, share_of(plan), by=administrator, now=now)  # the place is free again


def test_shares_are_added_up_where_the_unit_allows_it(plan, administrator, now):
    for county, value, unit in (("虎林市", "487.43", "吨"), ("密山市", "0.1", "万吨")):
        services.enter(
            "share", plan, 2025, share_of(plan, county=county, value=value, unit=unit), by=administrator, now=now
        )
    (table,) = overview.share_tables(plan, 2025)
    assert table.fits is True  # 487.43 t and 0.1 × 10^4 t are the plan's 1487.43 t
    services.enter("target", plan, 2025, target_of(plan, target="T03-4", value="1500"), by=administrator, now=now)
    (table,) = overview.share_tables(plan, 2025)
    assert table.fits is False
    assert "少 12.57" in table.check
    services.enter("share", plan, 2025, share_of(plan, target="T03-1", value="27"), by=administrator, now=now)
    assert [one.fits for one in overview.share_tables(plan, 2025)] == [None, False]


def test_a_pasted_table_is_previewed_and_only_good_rows_are_written(plan, administrator, now):
    services.enter("target", plan, 2025, target_of(plan), by=administrator, now=now)
    rows = [["T03-1", "", "26", "乙"], ["T03-2", "全市", "2", "乙"], ["T03-2", "", "3", "乙"], ["T99-1", "", "x", ""]]
    staged = staged_rows(plan, rows, administrator, now)
    assert staged.counts == {"new": 1, "changed": 1, "same": 0, "bad": 2}
    assert YearTarget.objects.count() == 1  # nothing is written by a preview
    assert staged.rows[2]["reasons"] == {"重复": "与第 3 行重复。请只留一行。"}
    assert set(staged.rows[3]["reasons"]) == {"目标编号", "数值", "文号"}
    counts = importing.apply(staged, plan, by=administrator, now=now)
    assert counts == {"new": 1, "changed": 1, "same": 0, "bad": 2}
    assert {(one.target, one.value) for one in selectors.year_targets(PLAN, 2025)} == {("T03-1", 26), ("T03-2", 2)}
    with pytest.raises(services.YearError, match="已经写入"):
        importing.apply(staged, plan, by=administrator, now=now)
    again = staged_rows(plan, rows[:2], administrator, now)
    assert again.counts == {"new": 0, "changed": 0, "same": 2, "bad": 0}


def test_bad_rows_come_back_with_their_reasons(plan, administrator, now):
    staged = staged_rows(plan, [["T03-1", "", "26", "乙"], ["T99-1", "", "x", "丙"]], administrator, now)
    sheet = load_workbook(io.BytesIO(importing.with_reasons(staged, plan))).worksheets[0]
    assert sheet["A2"].value is None
    assert "没有编号“T99-1”" in sheet["A3"].value
    assert sheet["B3"].value == "T99-1"


def test_the_returned_workbook_can_be_corrected_and_sent_in_again(plan, administrator, now):
    staged = staged_rows(plan, [["T99-1", "", "26", "乙"]], administrator, now)
    book = load_workbook(io.BytesIO(importing.with_reasons(staged, plan)))
    book.worksheets[0]["B2"] = "T03-1"
    out = io.BytesIO()
    book.save(out)
    rows = tabular.from_workbook(out.getvalue(), COLUMNS["target"])
    assert importing.stage("target", plan, 2025, rows, "改正", by=administrator, now=now).counts["new"] == 1


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf"]), min_size=1, max_size=20)


@settings_of(max_examples=30, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=5))
def test_what_goes_into_a_workbook_comes_out_again(rows):
    cells = [dict(zip(("target", "value", "document_number"), row, strict=True)) for row in rows]
    content = template("表", COLUMNS["target"], {}, rows=cells, reasons={0: "一个问题"})
    assert [row.cells for row in tabular.from_workbook(content, COLUMNS["target"])] == cells


@pytest.mark.parametrize("kind", ["target", "share", "task"])
def test_an_empty_template_is_refused_with_a_reason(plan, kind):
    with pytest.raises(Refusal) as refused:
        tabular.from_workbook(template("表", COLUMNS[kind], lists(plan, kind)), COLUMNS[kind], "空.xlsx")
    assert refused.value.findings[0].code == "TABLE-EMPTY"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "TABLE-NO-HEAD"), ("甲\t乙\n1\t2", "TABLE-NO-HEAD"), ("目标编号\t数值\nT03-1\t1", "TABLE-MISSING-COLUMN"),
     ("目标编号\t数值\t文号\t文号\nT03-1\t1\t甲\t乙", "TABLE-COLUMN-TWICE")],
)  # fmt: skip
def test_tables_without_the_right_heads_are_refused(text, code):
    with pytest.raises(Refusal) as refused:
        tabular.from_text(text, COLUMNS["target"])
    assert refused.value.findings[0].code == code


def test_a_file_in_gbk_and_garbage_as_xlsx():
    rows = tabular.from_bytes("目标编号,数值,文号\nT03-1,26,甲".encode("gbk"), "csv", COLUMNS["target"], "表.csv")
    assert rows[0].cells == {"target": "T03-1", "value": "26", "document_number": "甲"}
    with pytest.raises(Refusal):
        tabular.from_bytes(b"PK\x03\x04garbage", "xlsx", COLUMNS["target"], "表.xlsx")


def test_five_thousand_tasks_are_taken_in(plan, administrator, now):
    rows = [[str(n), f"任务{n}", "12", "市生态环境局" if n % 100 else "市某局"] for n in range(1, 5001)]
    staged = staged_rows(plan, rows, administrator, now, "task", ("number", "text", "article", "lead"))
    counts = importing.apply(staged, plan, by=administrator, now=now)
    assert counts == {"new": 4950, "changed": 0, "same": 0, "bad": 50}
    assert YearTask.objects.count() == 4950


def test_the_export_can_be_imported_again_without_a_change(plan, administrator, now, client_of):
    services.enter("task", plan, 2025, task_of(plan, counties="虎林市"), by=administrator, now=now)
    content = client_of("leader").get(f"/year/{PLAN}/2025/task/export.xlsx").content
    rows = tabular.from_workbook(content, COLUMNS["task"])
    assert importing.stage("task", plan, 2025, rows, "导出", by=administrator, now=now).counts["same"] == 1


def test_an_import_does_not_set_a_running_task_back(plan, administrator, now):
    task = services.enter("task", plan, 2025, task_of(plan), by=administrator, now=now)
    task_states.make_step(task, "on_schedule", version=1, by=administrator, now=now)
    staged = staged_rows(
        plan, [["1", "新的内容", "12", "未启动"]], administrator, now, "task", ("number", "text", "article", "state")
    )
    importing.apply(staged, plan, by=administrator, now=now)
    task.refresh_from_db()
    assert (task.text, task.state) == ("新的内容", "on_schedule")
