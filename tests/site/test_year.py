"""The year: rows entered, corrected, withdrawn; tables imported with reasons; tasks through their states; the pages."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from openpyxl import load_workbook

from lantian import rulebook
from lantian.basis.finding import Refusal
from lantian.render.tables import template
from lantian.site import tabular
from lantian.site.journal.models import Entry
from lantian.site.year import importing, overview, selectors, services, task_states
from lantian.site.year.checking import check, day_of
from lantian.site.year.columns import COLUMNS, lists
from lantian.site.year.models import Share, TaskState, YearTarget, YearTask

pytestmark = pytest.mark.django_db
PLAN = "jixi-2024"


@pytest.fixture
def plan():
    return rulebook.plan(PLAN)


def _target(plan, **cells):
    given = {"target": "T03-1", "value": "27", "document_number": "试环函〔2025〕1号", **cells}
    checked = check("target", plan, given)
    assert not checked.reasons
    return checked.values


def _task(plan, **cells):
    given = {"number": "1", "text": "排查炉窑", "article": "12", "lead": "市生态环境局", "bodies": "市工信局、市发改委",
             "deadline": "2025-11", **cells}  # fmt: skip
    checked = check("task", plan, given)
    assert not checked.reasons
    return checked.values


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
    values = _target(plan, target="t03-1 细颗粒物")
    assert (values["comparator"], values["unit"], values["county"], values["value"]) == ("<=", "ug/m3", "", Decimal(27))
    assert _target(plan, comparator="不超过", unit="微克/立方米")["unit"] == "ug/m3"


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
    services.enter("target", plan, 2025, _target(plan), by=administrator, now=now)
    services.enter("target", plan, 2025, _target(plan, county="虎林市", value="25"), by=administrator, now=now)
    services.enter("task", plan, 2025, _task(plan), by=administrator, now=now)
    services.enter("task", plan, 2025, _task(plan, number="2", item="D12-1"), by=administrator, now=now)
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
    services.enter("target", plan, 2025, _target(plan), by=administrator, now=now)
    with pytest.raises(services.YearError, match="替代"):
        services.enter("target", plan, 2025, _target(plan, value="26"), by=administrator, now=now)
    services.enter("target", plan, 2025, _target(plan, value="26"), by=administrator, now=now, replace=True)
    assert [one.value for one in selectors.year_targets(PLAN, 2025)] == [26]
    assert YearTarget.objects.filter(superseded=True).count() == 1
    assert Entry.objects.filter(action="year.superseded").count() == 1


def test_a_correction_keeps_what_stood_there_and_the_slower_one_is_told(plan, administrator, now):
    row = services.enter("target", plan, 2025, _target(plan), by=administrator, now=now)
    services.change("target", row, _target(plan, value="26.5"), version=1, by=administrator, now=now)
    entry = Entry.objects.get(action="year.changed")
    assert (entry.before["value"], entry.after["value"]) == ("27.000000", "26.5")
    with pytest.raises(services.YearError, match="别人"):
        services.change("target", row, _target(plan, value="20"), version=1, by=administrator, now=now)
    assert [one.value for one in selectors.year_targets(PLAN, 2025)] == [Decimal("26.5")]


def test_a_withdrawn_row_stays_readable_and_counts_no_longer(plan, administrator, now):
    row = services.enter("share", plan, 2025, _share(plan), by=administrator, now=now)
    with pytest.raises(services.YearError, match="原因"):
        services.withdraw("share", row, " ", version=1, by=administrator, now=now)
    services.withdraw("share", row, "文件作废", version=1, by=administrator, now=now)
    assert selectors.shares(PLAN, 2025) == []
    assert Share.objects.get().withdrawn_reason == "文件作废"
    with pytest.raises(services.YearError):
        services.change("share", row, _share(plan), version=2, by=administrator, now=now)
    services.enter("share", plan, 2025, _share(plan), by=administrator, now=now)  # the place is free again


def _share(plan, **cells):
    checked = check(
        "share", plan, {"target": "T03-4", "county": "虎林市", "value": "100", "document_number": "甲", **cells}
    )
    assert not checked.reasons
    return checked.values


def test_shares_are_added_up_where_the_unit_allows_it(plan, administrator, now):
    for county, value, unit in (("虎林市", "487.43", "吨"), ("密山市", "0.1", "万吨")):
        services.enter(
            "share", plan, 2025, _share(plan, county=county, value=value, unit=unit), by=administrator, now=now
        )
    (table,) = overview.share_tables(plan, 2025)
    assert table.fits is True  # 487.43 t and 0.1 × 10^4 t are the plan's 1487.43 t
    services.enter("target", plan, 2025, _target(plan, target="T03-4", value="1500"), by=administrator, now=now)
    (table,) = overview.share_tables(plan, 2025)
    assert table.fits is False
    assert "少 12.57" in table.check
    services.enter("share", plan, 2025, _share(plan, target="T03-1", value="27"), by=administrator, now=now)
    assert [one.fits for one in overview.share_tables(plan, 2025)] == [None, False]


def _staged(plan, rows, administrator, now, kind="target", columns=("target", "county", "value", "document_number")):
    heads = {column.key: column.head for column in COLUMNS[kind]}
    text = "\n".join("\t".join(row) for row in [[heads[key] for key in columns], *rows])
    found = tabular.from_text(text, COLUMNS[kind])
    return importing.stage(kind, plan, 2025, found, "粘贴", by=administrator, now=now)


def test_a_pasted_table_is_previewed_and_only_good_rows_are_written(plan, administrator, now):
    services.enter("target", plan, 2025, _target(plan), by=administrator, now=now)
    rows = [["T03-1", "", "26", "乙"], ["T03-2", "全市", "2", "乙"], ["T03-2", "", "3", "乙"], ["T99-1", "", "x", ""]]
    staged = _staged(plan, rows, administrator, now)
    assert staged.counts == {"new": 1, "changed": 1, "same": 0, "bad": 2}
    assert YearTarget.objects.count() == 1  # nothing is written by a preview
    assert staged.rows[2]["reasons"] == {"重复": "与第 3 行重复。请只留一行。"}
    assert set(staged.rows[3]["reasons"]) == {"目标编号", "数值", "文号"}
    counts = importing.apply(staged, plan, by=administrator, now=now)
    assert counts == {"new": 1, "changed": 1, "same": 0, "bad": 2}
    assert {(one.target, one.value) for one in selectors.year_targets(PLAN, 2025)} == {("T03-1", 26), ("T03-2", 2)}
    with pytest.raises(services.YearError, match="已经写入"):
        importing.apply(staged, plan, by=administrator, now=now)
    again = _staged(plan, rows[:2], administrator, now)
    assert again.counts == {"new": 0, "changed": 0, "same": 2, "bad": 0}


def test_bad_rows_come_back_with_their_reasons(plan, administrator, now):
    staged = _staged(plan, [["T03-1", "", "26", "乙"], ["T99-1", "", "x", "丙"]], administrator, now)
    sheet = load_workbook(io.BytesIO(importing.with_reasons(staged, plan))).worksheets[0]
    assert sheet["A2"].value is None
    assert "没有编号“T99-1”" in sheet["A3"].value
    assert sheet["B3"].value == "T99-1"


def test_the_returned_workbook_can_be_corrected_and_sent_in_again(plan, administrator, now):
    staged = _staged(plan, [["T99-1", "", "26", "乙"]], administrator, now)
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
    staged = _staged(plan, rows, administrator, now, "task", ("number", "text", "article", "lead"))
    counts = importing.apply(staged, plan, by=administrator, now=now)
    assert counts == {"new": 4950, "changed": 0, "same": 0, "bad": 50}
    assert YearTask.objects.count() == 4950


def test_the_export_can_be_imported_again_without_a_change(plan, administrator, now, client_of):
    services.enter("task", plan, 2025, _task(plan, counties="虎林市"), by=administrator, now=now)
    content = client_of("leader").get(f"/year/{PLAN}/2025/task/export.xlsx").content
    rows = tabular.from_workbook(content, COLUMNS["task"])
    assert importing.stage("task", plan, 2025, rows, "导出", by=administrator, now=now).counts["same"] == 1


def test_an_import_does_not_set_a_running_task_back(plan, administrator, now):
    task = services.enter("task", plan, 2025, _task(plan), by=administrator, now=now)
    task_states.make_step(task, "on_schedule", version=1, by=administrator, now=now)
    staged = _staged(
        plan, [["1", "新的内容", "12", "未启动"]], administrator, now, "task", ("number", "text", "article", "state")
    )
    importing.apply(staged, plan, by=administrator, now=now)
    task.refresh_from_db()
    assert (task.text, task.state) == ("新的内容", "on_schedule")


def _user(client_of, role, **place):
    from lantian.site.people.models import User

    client_of(role, **place)
    return User.objects.get(role=role, **place)


def test_a_task_goes_through_its_states_by_who_may(plan, administrator, now, client_of):
    task = services.enter("task", plan, 2025, _task(plan), by=administrator, now=now)
    industry = _user(client_of, "body_officer", body="industry")
    other = _user(client_of, "body_officer", body="housing")
    county = _user(client_of, "county_officer", county="230381")
    assert [state for state, _ in task_states.open_steps(task, industry)] == ["on_schedule", "behind", "reported"]
    assert task_states.open_steps(task, other) == []
    assert task_states.open_steps(task, county) == []  # one county cannot say of the whole city that it is done
    named = services.enter("task", plan, 2025, _task(plan, number="2", counties="虎林市"), by=administrator, now=now)
    assert task_states.open_steps(named, county) != []
    district = _user(client_of, "county_officer", county="230306")
    own = services.enter("task", plan, 2025, _task(plan, number="3", bodies="城子河区"), by=administrator, now=now)
    assert task_states.open_steps(own, district) != []
    assert task_states.open_steps(own, county) == []
    with pytest.raises(services.YearError, match="原因"):
        task_states.make_step(task, "behind", version=1, by=industry, now=now)
    task_states.make_step(
        task, "reported", version=1, by=industry, now=now, note="已完成", entered_for="张三，周一，电话"
    )
    with pytest.raises(services.YearError):
        task_states.make_step(task, "done_pending", version=2, by=industry, now=now)
    with pytest.raises(services.YearError, match="别人"):
        task_states.make_step(task, "done_pending", version=1, by=administrator, now=now)
    task_states.make_step(task, "done_pending", version=2, by=administrator, now=now)
    task_states.make_step(task, "closed_off", version=3, by=administrator, now=now)
    assert [fact.state for fact in selectors.task_facts(PLAN, 2025)][:1] == ["closed_off"]
    assert [step.after for step in task.steps.order_by("pk")] == ["reported", "done_pending", "closed_off"]
    assert Entry.objects.filter(action="year.task_step").count() == 3


def test_a_long_list_is_turned_page_by_page(client_of, plan, administrator, now):
    rows = [
        services.new_row("task", plan, 2025, _task(plan, number=str(n)), by=administrator, now=now) for n in range(450)
    ]
    YearTask.objects.bulk_create(rows)
    client = client_of("leader")
    page = client.get(f"/year/{PLAN}/2025/task/?body=ecology").content.decode()
    assert "450 项，共 450 项" in page
    assert "第 1 页，共 3 页" in page
    assert len(page) < 300_000
    assert "body=ecology&amp;page=2" in page
    tray = client.get("/facts/?body=ecology").content.decode()
    assert len(tray) < 300_000


def test_every_state_is_reached_and_left_or_final():
    reached = {after for _, after in task_states.TRANSITIONS}
    assert reached == set(TaskState) - {TaskState.NOT_STARTED}
    assert {before for before, _ in task_states.TRANSITIONS} == set(TaskState)


def test_only_who_may_edit_changes_a_year(client_of, client, plan):
    post = {"target": "T03-1", "value": "27", "document_number": "甲"}
    assert client.get(f"/year/{PLAN}/2025/").status_code == 302
    leader = client_of("leader")
    assert leader.get(f"/year/{PLAN}/2025/").status_code == 200
    assert leader.post(f"/year/{PLAN}/2025/target/add/", post).status_code == 403
    assert leader.get(f"/year/{PLAN}/2025/target/template.xlsx").status_code == 403
    assert client_of("coordinator").post(f"/year/{PLAN}/2025/target/add/", post).status_code == 302
    row = YearTarget.objects.get()
    assert leader.get(f"/year/row/target/{row.pk}/").status_code == 200
    assert leader.post(f"/year/row/target/{row.pk}/", {**post, "version": 1}).status_code == 403
    assert leader.post(f"/year/row/target/{row.pk}/withdraw/", {"reason": "x", "version": 1}).status_code == 403


def test_the_journey_of_a_target_on_the_pages(client_of, settings, tmp_path):
    settings.DATA = tmp_path
    desk = client_of("coordinator")
    assert "还没有录入" in desk.get(f"/year/{PLAN}/2025/").content.decode()
    wrong = desk.post(f"/year/{PLAN}/2025/target/add/", {"target": "T03-1", "value": "约27", "document_number": "甲"})
    assert "只写数字" in wrong.content.decode()
    scan = SimpleUploadedFile("下达.pdf", b"%PDF-1.7")
    post = {"target": "T03-1", "value": "27", "document_number": "试函〔2025〕3号", "file": scan}
    assert desk.post(f"/year/{PLAN}/2025/target/add/", post).status_code == 302
    row = YearTarget.objects.get()
    page = desk.get(f"/year/{PLAN}/2025/").content.decode()
    assert "≤ 27 µg/m³" in page
    assert "试函〔2025〕3号" in page
    assert f"/p/{PLAN}/article/3/" in page
    assert f"/intake/file/{row.file_id}/" in page
    change = {"target": "T03-1", "value": "26", "document_number": "试函〔2025〕3号", "version": 1}
    assert desk.post(f"/year/row/target/{row.pk}/", change).status_code == 302
    stale = desk.post(f"/year/row/target/{row.pk}/", {**change, "value": "20"}, follow=True).content.decode()
    assert "刚刚被别人改过" in stale
    assert YearTarget.objects.get().value == 26
    assert "27.000000" in desk.get(f"/year/row/target/{row.pk}/").content.decode()  # its history
    desk.post(f"/year/row/target/{row.pk}/withdraw/", {"reason": "重发", "version": 2})
    assert "还没有录入" in desk.get(f"/year/{PLAN}/2025/").content.decode()
    assert "重发" in desk.get(f"/year/row/target/{row.pk}/").content.decode()


def test_the_journey_of_an_import_on_the_pages(client_of, plan, settings, tmp_path):
    settings.DATA = tmp_path
    desk = client_of("coordinator")
    address = f"/year/{PLAN}/2025/task/import/"
    assert "请选择文件" in desk.post(address, {}).content.decode()
    assert "扩展名" in desk.post(address, {"file": SimpleUploadedFile("a.xlsx", b"x,y")}).content.decode()
    book = load_workbook(io.BytesIO(desk.get(f"/year/{PLAN}/2025/task/template.xlsx").content))
    sheet = book.worksheets[0]
    for at, value in enumerate((1, "淘汰小锅炉", 11, "", "市住建局"), start=1):
        sheet.cell(2, at).value = value
    sheet["A3"], sheet["B3"], sheet["C3"] = 2, "没有这一条", 77
    out = io.BytesIO()
    book.save(out)
    answer = desk.post(address, {"file": SimpleUploadedFile("任务.xlsx", out.getvalue())})
    preview = desk.get(answer["Location"]).content.decode()
    assert "写入 1 行" in preview
    assert "没有第“77”条" in preview
    returned = load_workbook(io.BytesIO(desk.get(f"{answer['Location']}reasons.xlsx").content)).worksheets[0]
    assert "77" in returned["A3"].value
    done = desk.post(answer["Location"], follow=True).content.decode()
    assert "新增 1 行" in done
    assert "淘汰小锅炉" in done
    task = YearTask.objects.get()
    assert "市住建局" in desk.get(f"/year/task/{task.pk}/").content.decode()
    step = {"after": "on_schedule", "version": 1, "files": SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\n")}
    assert "序时进行" in desk.post(f"/year/task/{task.pk}/step/", step, follow=True).content.decode()
    assert task.steps.get().files.get().name == "照片.png"
    assert "没有符合条件" in desk.get(f"/year/{PLAN}/2025/task/?state=closed_off").content.decode()


def test_an_unknown_plan_or_kind_is_not_found(client_of):
    desk = client_of("coordinator")
    assert desk.get("/year/nowhere-2024/2025/").status_code == 404
    assert desk.get(f"/year/{PLAN}/2025/other/").status_code == 404
    assert desk.get(f"/year/{PLAN}/2025/other/export.xlsx").status_code == 404
    assert desk.get("/year/row/other/1/").status_code == 404
