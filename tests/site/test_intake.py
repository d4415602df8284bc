"""The intake: air data with preview and job, plans with differences and finishing, wrong files refused in words."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from lantian.basis.period import Days, month
from lantian.site import clock
from lantian.site.facts import selectors, simulated
from lantian.site.intake import plan_services
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.worker import run_due
from lantian.site.journal.models import Entry
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.work.simulate import simulate_city

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 11, 3, 1, 0, tzinfo=UTC)
HEAD = "城市,日期,SO2(μg/m3),NO2(μg/m3),CO(mg/m3),O3_8h(μg/m3),PM10(μg/m3),PM2.5(μg/m3)"
ROWS = ("鸡西,2025-11-01,9,20,0.8,50,60,40", "鸡西,2025-11-02,9,20,0.8,50,60,x", "虎林,2025-11-01,5,11,0.4,61,30,12")
TABLE = "\n".join((HEAD, *ROWS)).replace(",", "\t")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def desk(client_of):
    return client_of("coordinator")


def _imported(desk, post) -> str:
    """Page of the result of an upload that goes through preview and job."""
    answer = desk.post("/intake/air/", post)
    assert answer.status_code == 302
    started = desk.post(answer["Location"], {})
    assert started["Location"].startswith("/jobs/")
    run_due(NOW)
    job = Job.objects.filter(name__startswith="intake").latest("pk")
    assert job.state == State.DONE, job.error + job.detail
    return str(job.result["url"])


def test_the_page_says_what_comes_in_and_how(desk, client, client_of):
    page = desk.get("/intake/").content.decode()
    assert "还没有导入过空气数据" in page
    assert "方案文件" in page
    assert client.get("/intake/").status_code == 302
    assert client_of("leader").get("/intake/").status_code == 403
    assert "方案文件" not in client_of("duty_officer").get("/intake/").content.decode()


def test_a_pasted_table_is_previewed_before_anything_is_written(desk, settings):
    answer = desk.post("/intake/air/", {"pasted": TABLE})
    page = desk.get(answer["Location"]).content.decode()
    assert "可导入 2 天" in page
    assert "隔离 1 行" in page
    assert "PM2.5(μg/m3)" in page
    assert "不是数字" in page
    assert AirReader(settings.DATA).cities() == []


def test_the_end_of_simulated_days_is_said_before(desk, settings, now):
    first = desk.post("/intake/air/", {"pasted": TABLE})["Location"]
    assert "模拟数据" not in desk.get(first).content.decode()
    simulate_city(settings.DATA, "鸡西", "230300", seed=1, first=date(2025, 9, 1), last=date(2025, 9, 30), now=now)
    page = desk.get(first).content.decode()
    assert "鸡西现在用的是模拟数据" in page
    assert "不能恢复" in page


def test_an_import_is_a_job_with_counts_and_rows_kept_aside(desk, settings):
    address = _imported(desk, {"pasted": TABLE})
    page = desk.get(address).content.decode()
    assert "粘贴的表格.txt" in page
    assert "不是数字" in page
    reader = AirReader(settings.DATA)
    assert [day.values["pm25"] for day in reader.days("鸡西", Days(date(2025, 11, 1), date(2025, 11, 2)))] == [400_000]
    sheet = load_workbook(io.BytesIO(desk.get(f"{address}aside.xlsx").content)).active
    heads = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, heads.index("行") + 1).value == 3
    assert "不是数字" in sheet.cell(2, heads.index("问题") + 1).value
    assert Entry.objects.filter(action="intake.air_imported").count() == 1
    assert "粘贴的表格.txt" in desk.get("/intake/").content.decode()


def test_the_same_table_again_changes_nothing(desk, settings):
    _imported(desk, {"pasted": TABLE})
    version = AirReader(settings.DATA).version()
    _imported(desk, {"pasted": TABLE})
    assert AirReader(settings.DATA).version() == version
    assert "没有变化" in Job.objects.filter(name__startswith="intake").latest("pk").result["summary"]


def test_only_the_plans_city_can_be_taken(desk, settings):
    answer = desk.post("/intake/air/", {"pasted": TABLE})
    page = desk.get(f"{answer['Location']}?city=鸡西").content.decode()
    assert "可导入 1 天" in page
    desk.post(answer["Location"], {"city": "鸡西"})
    run_due(NOW)
    assert AirReader(settings.DATA).cities() == ["鸡西"]


def test_a_table_without_cities_is_taken_for_the_plans_city_and_says_so(desk, settings):
    table = "\n".join(line.split("\t", 1)[1] for line in TABLE.splitlines()[:2])
    answer = desk.post("/intake/air/", {"pasted": table})
    page = desk.get(answer["Location"]).content.decode()
    assert "没有城市列" in page
    assert 'name="city" value="鸡西"' in page
    desk.post(answer["Location"], {"city": "鸡西"})
    run_due(NOW)
    assert AirReader(settings.DATA).cities() == ["鸡西"]


def test_files_in_gbk_and_xlsx_are_read(desk, settings):
    _imported(desk, {"file": SimpleUploadedFile("日报.csv", "\n".join((HEAD, *ROWS)).encode("gbk"))})
    assert AirReader(settings.DATA).cities() == ["虎林", "鸡西"]
    assert AirReader(settings.DATA).imports()[0].files[0]["name"] == "日报.csv"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("空.csv", b"", "是空的"),
        ("图.png", b"\x89PNG\r\n\x1a\n", "不是这里能用的文件"),
        ("旧.xls", b"\xd0\xcf\x11\xe0", "旧格式"),
        ("乱.csv", bytes(range(256)) * 8, "内容却是"),
        ("假.xlsx", b"a,b\n1,2", "内容却是"),
    ],
)
def test_wrong_files_are_refused_in_words(desk, name, content, says, settings):
    answer = desk.post("/intake/air/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not Job.objects.exists()


def test_a_table_of_something_else_names_the_columns_found(desk):
    answer = desk.post("/intake/air/", {"pasted": "姓名\t年龄\n甲\t30"})
    page = desk.get(answer["Location"])
    assert page.status_code == 400
    assert "姓名" in page.content.decode()
    assert "请选择文件" in desk.post("/intake/air/", {"pasted": " "}).content.decode()


def test_a_long_file_is_read_by_the_worker_alone(desk, settings, monkeypatch):
    monkeypatch.setattr("lantian.site.intake.views_air._PREVIEW_UP_TO", 10)
    answer = desk.post("/intake/air/", {"pasted": TABLE})
    assert "由后台直接识别" in desk.get(answer["Location"]).content.decode()
    desk.post(answer["Location"], {"city": ""})
    run_due(NOW)
    assert AirReader(settings.DATA).cities() == ["虎林", "鸡西"]


def test_a_file_too_large_is_refused(desk, settings):
    settings.MAX_UPLOAD = 100
    answer = desk.post("/intake/air/", {"file": SimpleUploadedFile("大.csv", b"x" * 101)})
    assert "超过" in answer.content.decode()


def test_real_data_end_the_simulation_and_its_entries(desk, settings):
    simulate_city(settings.DATA, "鸡西", "230300", seed=7, first=date(2025, 1, 1), last=date(2025, 10, 15), now=NOW)
    assert simulated.seed(NOW) > 0
    _imported(desk, {"pasted": TABLE})
    assert not AirReader(settings.DATA).simulated("鸡西")
    assert selectors.entries("jixi-2024", None) == []
    assert Entry.objects.filter(action="intake.simulated_removed").count() == 1


PLAN = """望川市2025年空气质量改善行动方案

为改善空气质量，制定本方案。
一、总体目标
第一条 到2025年，全市细颗粒物（PM2.5）年均浓度控制在30微克/立方米以内，优良天数比率达到90%。
二、重点任务
第二条 严禁新建35蒸吨/小时及以下燃煤锅炉。由市生态环境局牵头，市住建局配合。
第三条 到2025年底前，完成全部加油站油气回收改造，道路机械化清扫率达到80%。市住建局、市城管局按职责分工负责。
"""


def _read_plan(desk, content: bytes, name: str, as_id: str = "") -> Job:
    answer = desk.post("/intake/plan/", {"file": SimpleUploadedFile(name, content), "as_id": as_id})
    assert answer.status_code == 302, answer.content.decode()
    run_due(NOW)
    return Job.objects.filter(name__startswith="intake").latest("pk")


def test_a_new_plan_is_read_finished_and_shown(desk, client, settings):
    job = _read_plan(desk, PLAN.encode(), "望川.txt")
    assert job.state == State.DONE, job.error + job.detail
    address = job.result["url"]
    plan_id = address.split("/")[3]
    page = desk.get(address)
    assert "未完成" in page.content.decode()
    head = {f"head-{key}": value or "" for key, value in page.context["head"].initial.items()}
    bodies = {f"{form.prefix}-{key}": form.initial[key] for _, form in page.context["bodies"] for key in ("zh", "kind")}
    post = {**head, **bodies, "new-body-kind": "department", "seen": page.context["mark"]}
    wrong = desk.post(address, {**post, "head-region": "2399"}).content.decode()
    assert "请写六位代码" in wrong
    body = page.context["bodies"][0][0].id
    half = {**post, "head-region": "239900", "head-issuer": "甲", "head-inherited_body": body}
    assert "要同时填写" in desk.post(address, half).content.decode()
    filled = {**post, "head-region": "239900", "head-cities": "望川", "head-until": "2025-12-31", "head-issuer": "望川市人民政府",
              "head-counties": "239902 东岸区\n239921 河口县", "new-body-zh": "市交通运输局", "head-inherited_body": body,
              "head-inherited_from": "2", "finished": "1"}  # fmt: skip
    done = desk.post(address, filled)
    assert done.status_code == 302, done.content.decode()
    assert done["Location"] == f"/p/{plan_id}/"
    from lantian import rulebook

    made = rulebook.plan(plan_id, settings.DATA)
    assert (made.region, made.cities, made.draft, made.built_in) == ("239900", ("望川",), False, False)
    assert [county.zh for county in made.counties] == ["东岸区", "河口县"]
    assert (made.inherited.body, made.inherited.from_article) == (body, 2)
    assert "市交通运输局" in {body.zh for body in made.bodies.values()}
    assert {target.metric for target in made.targets} >= {"pm25_annual_mean", "good_day_ratio"}
    stale = desk.post(address, filled).content.decode()
    assert "改过" in stale
    actions = set(Entry.objects.values_list("action", flat=True))
    assert actions >= {"intake.plan_received", "intake.plan_imported", "intake.plan_finished"}
    assert client.get(address).status_code == 302


def test_an_article_is_corrected_item_by_item(desk, settings):
    plan_id = _read_plan(desk, PLAN.encode(), "望川.txt").result["url"].split("/")[3]
    from lantian import rulebook

    before = rulebook.plan(plan_id, settings.DATA)
    target = next(t for t in before.targets if "PM2.5" in t.indicator.zh)
    address = f"/intake/plan/{plan_id}/finish/{target.article}/"
    page = desk.get(address)
    forms = [
        page.context["own"],
        page.context["fresh"],
        *(form for _, items in page.context["kinds"] for _, form in items),
    ]
    post: dict[str, object] = {"seen": page.context["mark"]}
    for form in forms:
        for name in form.fields:
            value = form.initial.get(name)
            if value not in (None, False, ""):
                post[f"{form.prefix}-{name}"] = value
    post |= {f"{target.id}-value": "29", f"{target.id}-strength": "力争", "new-indicator": "一氧化碳浓度", "new-value": "1.2",
             "new-unit": "毫克/立方米", "new-deadline": "2025"}  # fmt: skip
    answer = desk.post(address, post)
    assert answer.status_code == 302, answer.content.decode()
    after = rulebook.plan(plan_id, settings.DATA)
    changed = after.items()[target.id]
    assert (changed.value, changed.strength, changed.metric) == (29, "力争", target.metric)
    (added,) = set(after.items()) - set(before.items())
    assert (after.items()[added].unit, after.items()[added].answered_by.kind) == ("mg/m3", "entry")
    assert "改过" in desk.post(address, post).content.decode()
    post["seen"] = desk.get(address).context["mark"]
    post |= {f"{added}-drop": "on", "new-indicator": "", "new-value": ""}
    for name in ("indicator", "kind", "comparator", "value", "unit", "deadline"):
        value = after.items()[added].indicator.zh if name == "indicator" else getattr(after.items()[added], name)
        post[f"{added}-{name}"] = value
    assert desk.post(address, post).status_code == 302
    assert added not in rulebook.plan(plan_id, settings.DATA).items()


def test_a_law_is_not_taken_for_a_plan(desk, shared, settings):
    law = next((shared / "data/plans/neighbour-genre").glob("*.txt"))
    job = _read_plan(desk, law.read_bytes(), "法律.txt")
    assert job.state == State.FAILED
    assert "不是行动计划" in job.error
    assert "Traceback" not in job.error


def test_documents_that_are_none_are_refused(desk):
    for name, content in (("a.docx", b"PK\x03\x04"), ("a.doc", b"\xd0\xcf"), ("a.xlsx", b"x"), ("a.txt", b"")):
        answer = desk.post("/intake/plan/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 400, name
    assert "请选择方案文件" in desk.post("/intake/plan/", {}).content.decode()
    assert not Job.objects.exists()


def test_differences_are_settled_one_by_one_and_the_slower_one_is_told(desk, shared, settings, administrator):
    job = _read_plan(desk, (shared / "data/plans/jixi-2024.txt").read_bytes(), "jixi-2024.txt", "jixi-2024")
    assert job.state == State.DONE, job.error + job.detail
    address = "/intake/plan/jixi-2024/"
    join = plan_services.join_of("jixi-2024")
    page = desk.get(address).content.decode()
    assert "jixi-2024.txt" in page
    open_ones = [one for one in join.differences if one.status == "open"]
    if not open_ones:
        assert "没有差异" in page
        return
    first = open_ones[0]
    post = {"difference": f"{first.id}@", "choice": "data", "note": "以数据为准"}
    assert "已处理 1 处" in desk.post(f"{address}settle/", post, follow=True).content.decode()
    assert "刚由" in desk.post(f"{address}settle/", post, follow=True).content.decode()
    settled = {one.id: one for one in plan_services.join_of("jixi-2024").differences}[first.id]
    assert (settled.status, settled.choice) == ("settled", "data")
    entry = Entry.objects.get(action="intake.plan_settled")
    assert (entry.note, entry.after["choice"]) == ("以数据为准", "保留数据")


@pytest.mark.slow
def test_the_fictional_plan_goes_all_the_way(desk, shared: Path, settings):
    document = shared / "data/plans/synthetic/wangchuan-attainment-2024.docx"
    job = _read_plan(desk, document.read_bytes(), document.name)
    assert job.state == State.DONE, job.error + job.detail
    page = desk.get(job.result["url"])
    head = {f"head-{key}": value or "" for key, value in page.context["head"].initial.items()}
    bodies = {f"{form.prefix}-{key}": form.initial[key] for _, form in page.context["bodies"] for key in ("zh", "kind")}
    post = {**head, **bodies, "new-body-kind": "department", "seen": page.context["mark"],
            "head-region": head["head-region"] or "239900", "head-issuer": "望川市人民政府", "finished": "1"}  # fmt: skip
    done = desk.post(job.result["url"], post)
    assert done.status_code == 302, done.content.decode()
    assert desk.get(done["Location"]).status_code == 200
    for article in page.context["plan"].articles:
        assert desk.get(f"{job.result['url']}{article.n}/").status_code == 200


STATION_HOURS = "time,station,city,so2,no2,co,o3,pm10,pm25\n" + "".join(
    f"2025-10-01 {hour:02d}:00,2240A,鸡西,5,6,0.4,50,60,30\n" for hour in range(1, 24)
)


def test_station_hours_are_recognised_and_their_values_chosen(desk, settings):
    answer = desk.post("/intake/air/", {"pasted": STATION_HOURS})
    page = desk.get(answer["Location"]).content.decode()
    assert "站点小时值" in page
    assert "1 个站点没有登记" in page
    assert '<option value="realtime" selected>实况' in page
    desk.post(answer["Location"], {"values": "reviewed"})
    run_due(NOW)
    job = Job.objects.filter(name__startswith="intake").latest("pk")
    assert job.state == State.DONE, job.error + job.detail
    assert "审核后" in job.result["summary"]
    assert "站点小时值，审核后" in desk.get(job.result["url"]).content.decode()
    assert HourReader(settings.DATA).months("reviewed") == ["2025-10"]
    assert HourReader(settings.DATA).months() == []


def test_the_lake_is_tidied_at_night(desk, settings):
    answer = desk.post("/intake/air/", {"pasted": STATION_HOURS})
    desk.post(answer["Location"], {"values": "realtime"})
    run_due(NOW)
    before = HourReader(settings.DATA).hours(month(2025, 10))
    run_due(NOW + timedelta(days=1))
    assert Job.objects.filter(name="lake.upkeep").latest("pk").state == State.DONE
    assert list((settings.DATA / "lake").rglob("base-*.parquet"))
    assert HourReader(settings.DATA).hours(month(2025, 10)).equals(before)


REGISTER = "站点编码\t站点名称\t城市\t类型\n1001A\t一号\t鸡西\t国控\n"


def test_a_register_is_recognised_and_led_to_where_it_is_imported(desk, settings):
    address = desk.post("/intake/air/", {"pasted": REGISTER})["Location"]
    page = desk.get(address).content.decode()
    assert "站点登记表" in page
    number = address.rstrip("/").rsplit("/", 1)[1]
    assert f'href="/air/stations-import/{number}/"' in page
    assert "1001A" in desk.get(f"/air/stations-import/{number}/").content.decode()
