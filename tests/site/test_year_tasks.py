"""The year: tasks through their states, and the pages by whoever may use them."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from year_rows import task_of

from lantian import rulebook
from lantian.site.journal.models import Entry
from lantian.site.year import selectors, services, task_states
from lantian.site.year.models import TaskState, YearTarget, YearTask

pytestmark = pytest.mark.django_db
PLAN = "jixi-2024"


@pytest.fixture
def plan():
    return rulebook.plan(PLAN)


def _user(client_of, role, **place):
    from lantian.site.people.models import User

    client_of(role, **place)
    return User.objects.get(role=role, **place)


def test_a_task_goes_through_its_states_by_who_may(plan, administrator, now, client_of):
    task = services.enter("task", plan, 2025, task_of(plan), by=administrator, now=now)
    industry = _user(client_of, "body_officer", body="industry")
    other = _user(client_of, "body_officer", body="housing")
    county = _user(client_of, "county_officer", county="230381")
    assert [state for state, _ in task_states.open_steps(task, industry)] == ["on_schedule", "behind", "reported"]
    assert task_states.open_steps(task, other) == []
    assert task_states.open_steps(task, county) == []  # one county cannot say of the whole city that it is done
    named = services.enter("task", plan, 2025, task_of(plan, number="2", counties="虎林市"), by=administrator, now=now)
    assert task_states.open_steps(named, county) != []
    district = _user(client_of, "county_officer", county="230306")
    own = services.enter("task", plan, 2025, task_of(plan, number="3", bodies="城子河区"), by=administrator, now=now)
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
        services.new_row("task", plan, 2025, task_of(plan, number=str(n)), by=administrator, now=now)
        for n in range(450)
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
