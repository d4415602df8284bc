"""Monthly bulletins: who may have one made, what is kept of each edition, the clock's draft; charts made by the worker."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from lantian.basis.finding import Refusal
from lantian.rulebook import plan
from lantian.site.access import TABLE, Action, Role
from lantian.site.bulletin import charts, content, drafting, jobs, selectors
from lantian.site.bulletin.models import Bulletin, BulletinFile
from lantian.site.jobs import clock_work
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.running import perform
from lantian.site.journal.models import Entry
from lantian.store.air import AirReader
from lantian.work.air_import import import_city_days
from lantian.work.simulate import simulate_city

AS_OF = date(2025, 10, 15)
SEPTEMBER = date(2025, 9, 1)
NOW = datetime(2025, 10, 16, tzinfo=UTC)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with simulated days of the configured plan's city."""
    data = tmp_path_factory.mktemp("bulletin")
    found = plan("jixi-2024", data)
    simulate_city(data, found.cities[0], found.region, seed=7, first=date(2024, 1, 1), last=AS_OF, now=NOW)
    return data


@pytest.fixture(autouse=True)
def _city(simulated: Path, settings, db: None) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = simulated


@pytest.fixture
def real(settings, tmp_path: Path) -> Callable[[str], None]:  # type: ignore[no-untyped-def]
    """A function: imports real days of September 2025 with a PM2.5 into a folder of its own."""
    settings.DATA = tmp_path

    def given(pm25: str) -> None:
        rows = [f"2025-09-{day:02},鸡西,8,20,0.5,80,60,{pm25}" for day in range(1, 31)]
        file = tmp_path / "days.csv"
        file.write_text("\n".join(["日期,城市,SO2,NO2,CO,O3_8h,PM10,PM2.5", *rows]), "utf-8")
        import_city_days(tmp_path, file, now=datetime.now(UTC), user="")

    return given


class Handle:
    """A job's handle without a job."""

    job_id, by, due_at = 0, None, NOW

    def now(self) -> datetime:
        return NOW

    def progress(self, done: int, total: int, text: str = "") -> None:
        assert 0 <= done <= total


def made(client: Client, text: str) -> Job:
    """The job a person's button started, run to its end."""
    answer = client.post(f"/bulletin/{text}/make/")
    assert answer.status_code == 302
    job = Job.objects.latest("pk")
    perform(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.slow
def test_a_bulletin_is_made_shown_and_downloaded(client_of: Callable[..., Client]) -> None:
    officer = client_of("duty_officer")
    job = made(officer, "2025-09")
    assert job.state == State.DONE, job.error + job.detail
    page = officer.get("/bulletin/2025-09/").content.decode()
    for words in ("鸡西市环境空气质量月报", "2025年9月", "模拟数据", "拟稿", "主要指标", "实况，未经审核，暂定"):
        assert words in page, words
    assert "暂定</span>" not in page  # the month is over
    edition = Bulletin.objects.get()
    for picture in content.from_json(edition.content).pictures:
        assert f'alt="{picture.alt}"' in page
        answer = officer.get(f"/bulletin/2025-09/1/{picture.key}.svg")
        assert answer["Content-Type"] == "image/svg+xml"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer.content.startswith(b"<svg")
    document = Document(io.BytesIO(officer.get("/bulletin/2025-09/1/bulletin.docx").content))
    assert document.paragraphs[0].text == "鸡西市环境空气质量月报"
    assert document.paragraphs[2].text == "模拟数据"
    assert len(document.inline_shapes) == len(content.from_json(edition.content).pictures) >= 4
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    book = load_workbook(io.BytesIO(officer.get("/bulletin/2025-09/1/bulletin.xlsx").content))
    assert len(book.sheetnames) == len(content.from_json(edition.content).tables)
    text = officer.get("/bulletin/2025-09/1/bulletin.txt").content.decode()
    assert text.startswith("鸡西市环境空气质量月报\n2025年9月\n")
    assert "本报含模拟数据" in text
    assert Entry.objects.filter(action="bulletin.made").count() == 1


@pytest.mark.slow
def test_changed_data_make_a_further_edition_and_the_earlier_is_kept(
    client_of: Callable[..., Client], real: Callable[[str], None]
) -> None:
    officer = client_of("duty_officer")
    real("30")
    made(officer, "2025-09")
    assert "内容与" in made(officer, "2025-09").result["summary"]  # the same again is no further edition
    assert selectors.editions(SEPTEMBER).count() == 1
    first = bytes(BulletinFile.objects.get(name="docx").body)
    real("35")
    assert "数据有更新" in officer.get("/bulletin/?year=2025").content.decode()
    made(officer, "2025-09")
    page = officer.get("/bulletin/2025-09/").content.decode()
    assert "与第 1 稿不同之处" in page
    assert "主要指标：PM2.5 单位 µg/m³ 本月 30" in page
    assert "主要指标：PM2.5 单位 µg/m³ 本月 35" in page
    assert "模拟数据" not in page
    assert "数据有更新" not in page
    assert officer.get("/bulletin/2025-09/1/bulletin.docx").content == first
    assert "第 1 稿" in officer.get("/bulletin/2025-09/?number=1").content.decode()
    assert officer.get("/bulletin/2025-09/?number=9").status_code == 404


def test_months_are_listed_and_the_empty_page_says_what_will_stand_there(
    client_of: Callable[..., Client], settings, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    page = officer.get("/bulletin/").content.decode()
    assert "2025-10" in page
    assert "未完" in page
    assert "2024-12" not in page
    assert "2024-12" in officer.get("/bulletin/?year=2024").content.decode()
    assert "还没有生成" in officer.get("/bulletin/2025-08/").content.decode()
    settings.DATA = tmp_path
    assert "这里将列出各月的空气质量月报" in officer.get("/bulletin/").content.decode()


def test_a_month_that_has_not_begun_has_no_page(client_of: Callable[..., Client]) -> None:
    officer = client_of("duty_officer")
    assert officer.get("/bulletin/2025-10/").status_code == 200
    assert officer.get("/bulletin/2025-11/").status_code == 404
    assert officer.post("/bulletin/2025-11/make/").status_code == 404


def test_a_month_without_data_is_told_in_words(client_of: Callable[..., Client]) -> None:
    officer = client_of("duty_officer")
    job = made(officer, "2023-05")
    assert job.state == State.FAILED
    assert "没有实况的日均值" in job.error
    assert "没有实况的日均值" in officer.get("/bulletin/2023-05/").content.decode()
    assert (
        officer.post("/bulletin/2025-09/make/", {"values": "guessed"}, follow=True)
        .content.decode()
        .count("没有这一类数据")
    )
    for address in ("/bulletin/2025-13/", "/bulletin/nonsense/", "/bulletin/2025-09/1/bulletin.docx"):
        assert officer.get(address).status_code == 404


@pytest.mark.parametrize("role", [role.value for role in Role if Action.READ_AIR in TABLE[role]])
def test_staff_read_and_only_those_who_keep_the_air_have_one_made(client_of: Callable[..., Client], role: str) -> None:
    client = client_of(role)
    may = role in ("administrator", "coordinator", "duty_officer")
    page = client.get("/bulletin/2025-09/")
    assert page.status_code == 200
    assert ("生成月报</button>" in page.content.decode()) is may
    assert client.post("/bulletin/2025-09/make/").status_code == (302 if may else 403)


def test_the_public_is_asked_to_sign_in(client: Client) -> None:
    for address in (
        "/bulletin/",
        "/bulletin/2025-09/",
        "/bulletin/wind/",
        "/bulletin/chart/calendar.svg?place=鸡西&year=2025",
    ):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/account/login" in answer["Location"]


def test_the_clock_drafts_last_month_from_the_third_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(work.name == jobs.MONTHLY for work in clock_work.table())
    kept: list[date] = []

    def keep(handle: object, first: date, values: str) -> tuple[Bulletin, bool]:
        kept.append(first)
        version = AirReader(drafting.settings.DATA).version()
        one = Bulletin.objects.create(
            plan="jixi-2024", region="230300", month=first, number=1, as_of=AS_OF, data_version=version, inputs="x",
            content={}, made_at=NOW,
        )  # fmt: skip
        return one, True

    monkeypatch.setattr(jobs, "_made", keep)
    monkeypatch.setenv("LANTIAN_AS_OF", "2025-10-01")  # the second of October on duty
    assert "今天不用做" in jobs.monthly(Handle())["summary"]
    monkeypatch.setenv("LANTIAN_AS_OF", "2025-10-02")
    assert "已生成" in jobs.monthly(Handle())["summary"]
    assert "没有变化" in jobs.monthly(Handle())["summary"]
    assert kept == [SEPTEMBER]
    Bulletin.objects.update(data_version=1)
    monkeypatch.setattr(jobs, "_made", lambda *_: (Bulletin.objects.get(), False))
    assert "不影响" in jobs.monthly(Handle())["summary"]


def test_the_month_before() -> None:
    assert drafting.last_month(date(2026, 1, 3)) == date(2025, 12, 1)
    assert drafting.last_month(date(2025, 3, 31)) == date(2025, 2, 1)


def test_content_goes_to_json_and_back_and_editions_are_compared() -> None:
    said = drafting.drafted(SEPTEMBER, AS_OF).bulletin
    assert content.from_json(content.as_json(said)) == said
    later = drafting.drafted(SEPTEMBER, date(2025, 10, 14)).bulletin
    assert content.digest_of(later) == content.digest_of(said)  # a whole month says the same a day later
    half = drafting.drafted(SEPTEMBER, date(2025, 9, 15)).bulletin
    assert content.digest_of(half) != content.digest_of(said)
    kinds = {kind for kind, _ in content.difference(half, said)}
    assert kinds == {"before", "now"}


def test_a_chart_is_made_by_the_worker_and_shown_as_a_picture(client_of: Callable[..., Client]) -> None:
    reader = client_of("leader")
    address = "/bulletin/chart/calendar/?place=鸡西&year=2025"
    assert charts.chart_svg("calendar", {"place": "鸡西", "year": "2025"}) is None
    assert reader.get("/bulletin/chart/calendar.svg?place=鸡西&year=2025").status_code == 404
    assert "绘制图表" in reader.get(address).content.decode()
    assert not Job.objects.filter(name=charts.CHART_JOB).exists()  # looking begins nothing
    make = "/bulletin/chart/calendar/make/?place=鸡西&year=2025"
    assert reader.get(make).status_code == 405
    assert "图表正在生成" in reader.post(make, headers={"HX-Request": "true"}).content.decode()
    assert reader.post(make, {"back": "/bulletin/charts/?year=2025"})["Location"] == "/bulletin/charts/?year=2025"
    assert reader.post(make, {"back": "//elsewhere.example/"})["Location"] == "/bulletin/charts/"
    job = Job.objects.get(name=charts.CHART_JOB)  # asked for once
    perform(job.pk)
    page = reader.get(address).content.decode()
    assert "<figure><img" in page
    made = charts.chart_svg("calendar", {"place": "鸡西", "year": "2025"}) or ""
    assert "模拟数据" in made
    assert "含未核实依据" in made
    drawing = reader.get("/bulletin/chart/calendar.svg?place=鸡西&year=2025")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert reader.get("/bulletin/chart/calendar.png?place=鸡西&year=2025").content.startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_told(client_of: Callable[..., Client]) -> None:
    reader = client_of("leader")
    assert reader.get("/bulletin/chart/pie/?place=鸡西").status_code == 404
    assert reader.get("/bulletin/chart/calendar/?place=天边&year=2025").status_code == 404
    address = "/bulletin/chart/calendar/?place=鸡西&year=last"
    reader.post("/bulletin/chart/calendar/make/?place=鸡西&year=last")
    perform(Job.objects.get(name=charts.CHART_JOB).pk)
    told = reader.get(address).content.decode()
    assert "图表没有生成" in told
    assert "重新绘制" in told
    with pytest.raises(Refusal):
        charts.draw("calendar", {"place": "鸡西", "year": "last"})
    assert charts.draw("rose", {"place": "鸡西", "first": "2025-09-01", "last": "2025-09-02"}).svg is None


def test_the_page_of_wind_says_what_will_stand_there(client_of: Callable[..., Client]) -> None:
    reader = client_of("county_officer", county="230321")
    page = reader.get("/bulletin/wind/?period=2025-09")
    assert page.status_code == 200
    assert "没有同时测了风和浓度的小时" in page.content.decode()
    wrong = reader.get("/bulletin/wind/?period=nie&item=lead")
    assert wrong.status_code == 400
    assert "请改正时段" in wrong.content.decode()
    assert reader.get("/bulletin/wind.xlsx?period=2025-09").status_code == 404


def test_the_page_of_charts_asks_for_the_one_chosen(client_of: Callable[..., Client]) -> None:
    reader = client_of("body_officer", body="jixi-2024")
    page = reader.get("/bulletin/charts/?kind=course&by=month&item=o3_8h&year=2024").content.decode()
    assert "绘制图表" in page
    reader.post("/bulletin/chart/course/make/?place=鸡西&year=2024&item=o3_8h&by=month")
    assert "图表正在生成" in reader.get("/bulletin/charts/?kind=course&by=month&item=o3_8h&year=2024").content.decode()
    job = Job.objects.get(name=charts.CHART_JOB)
    assert job.arguments["kind"] == "course"
    assert job.arguments["arguments"] == {"place": "鸡西", "year": "2024", "item": "o3_8h", "by": "month"}
    perform(job.pk)
    page = reader.get("/bulletin/charts/?kind=course&by=month&item=o3_8h&year=2024").content.decode()
    assert "O3" in page
    assert ".png?" in page
    wrong = reader.get("/bulletin/charts/?kind=pie&year=1999")
    assert wrong.status_code == 400
    assert "没有“pie”这一项" in wrong.content.decode()
    assert Job.objects.filter(name=charts.CHART_JOB).count() == 1
