"""The duty desk: what each role may do, what is kept, and that a report can be had again as it was."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import Workbook

from lantian.basis.finding import Refusal
from lantian.basis.period import BEIJING
from lantian.rulebook import plan
from lantian.site.access import Role
from lantian.site.desk import content, screen, selectors
from lantian.site.desk.models import (
    DailyReport,
    Forecast,
    ForecastDay,
    HandOver,
    LogEntry,
    ProvinceTable,
    ReportPicture,
    RosterDay,
)
from lantian.site.desk.province import read_rows, read_text, read_xlsx, standing
from lantian.site.desk.services import log as log_services
from lantian.site.desk.services import report as report_services
from lantian.site.desk.services.roster import read_lines
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.running import perform
from lantian.site.journal.models import Entry
from lantian.site.living.kept import Kept
from lantian.site.people.models import User
from lantian.site.people.services import create_user
from lantian.work.simulate import simulate_city

AS_OF, DUTY_DAY = date(2025, 10, 15), date(2025, 10, 16)
REPORT = f"/desk/report/{AS_OF}/"
ROSTER = "日期\t带班领导\t值班人员\t电话\n2025-10-16\t甲局长\t乙、丙\t0467-0000000\n10月17日\t甲局长\t丁\n"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two simulated years of the configured plan's city."""
    data = tmp_path_factory.mktemp("desk")
    found = plan("jixi-2024", data)
    simulate_city(
        data,
        found.cities[0],
        found.region,
        seed=7,
        first=date(2024, 1, 1),
        last=AS_OF,
        now=datetime(2025, 10, 16, tzinfo=UTC),
    )
    return data


@pytest.fixture(autouse=True)
def _city(simulated: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = simulated
    monkeypatch.setattr(
        screen, "_SCREENS", Kept(8)
    )  # the database is rolled back after each test, kept screens are not
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # strength is not what is tried here


@pytest.fixture
def officer(client_of: Callable[..., Client]) -> Client:
    return client_of("duty_officer")


@pytest.fixture
def reader(client_of: Callable[..., Client]) -> Client:
    return client_of("leader")


def _user(name: str, now: datetime) -> User:
    return create_user(username=name, name=name, role=Role.DUTY_OFFICER, password="correct horse battery", now=now)


def _page(client: Client, path: str = "/desk/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


# The screen


def test_desk_shows_yesterday_year_and_goals_marked_as_simulated(officer: Client) -> None:
    page = _page(officer)
    assert "模拟数据" in page
    assert "暂定" in page
    assert "2025-10-16" in page
    assert "数据截至 2025-10-15" in page
    for words in ("PM2.5 平均浓度", "优良天数比率", "重度及以上污染天", "有效天数", "去年同期", "剩余"):
        assert words in page, words
    assert re.search(r'class="mark (on_track|at_risk|missed)" href="/p/jixi-2024/why/T', page)
    assert reverse("desk:why", args=[AS_OF.isoformat()]) in page


def test_desk_says_what_will_stand_in_empty_places(officer: Client) -> None:
    page = _page(officer)
    for words in ("今日没有值班安排", "接入小时数据后显示", "粘贴省里通报的各市数据后显示", "各县（市）区没有日均数据"):
        assert words in page, words


def test_a_folder_without_any_data_shows_what_will_stand_there(officer: Client, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = tmp_path
    page = _page(officer)
    assert "全市没有日均数据" in page
    assert "模拟数据" not in page
    assert 'class="strip"' not in page
    yesterday = datetime.now(UTC).astimezone(BEIJING).date() - timedelta(days=1)
    text = _page(officer, f"/desk/report/{yesterday}/text/")
    assert "全市无有效数据" in text
    assert "今年以来" not in text


def test_desk_bears_no_inline_script_or_style(officer: Client) -> None:
    for path in ("/desk/", REPORT, "/desk/log/", "/desk/roster/", "/desk/forecast/", "/desk/province/"):
        page = _page(officer, path)
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page), path
        assert len(page.encode()) < 100_000, path


def test_figures_are_computed_once_for_a_state_of_the_data(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _page(officer)
    from lantian.site.desk import figures

    def never(*arguments: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(figures, "year_so_far", never)
    officer.post("/desk/log/write/", {"text": "新的一条"})
    page = _page(officer)
    assert "新的一条" in page
    assert "PM2.5 平均浓度" in page


def test_screen_is_drawn_once_until_something_changes(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def counted(template: str, context: dict[str, object]) -> str:
        drawn.append(template)
        return "<p>screen</p>"

    monkeypatch.setattr(screen, "render_to_string", counted)
    for _ in range(3):
        _page(officer)
    assert len(drawn) == 1
    officer.post("/desk/log/write/", {"text": "新的一条"})
    _page(officer)
    assert len(drawn) == 2


def test_why_page_shows_values_editions_and_periods(reader: Client) -> None:
    page = _page(reader, f"/desk/why/{AS_OF}/")
    for words in ("HJ 633-2012", "HJ 663-2013", "2024-01-01", "2024-10-15", "四舍六入五成双", "IAQI"):
        assert words in page, words
    assert reader.get("/desk/why/2025-10-16/").status_code == 404
    assert reader.get("/desk/why/nonsense/").status_code == 404


# Rights

WRITING = (
    "/desk/log/write/", "/desk/hand-over/", "/desk/roster/paste/", "/desk/roster/day/", "/desk/roster/repeat/",
    "/desk/forecast/set/", "/desk/province/keep/", f"{REPORT}release/",
)  # fmt: skip


@pytest.mark.parametrize("path", WRITING)
def test_who_only_reads_cannot_write(reader: Client, path: str) -> None:
    assert reader.post(path, {"text": "x"}).status_code == 403
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("path", ["/desk/", REPORT, "/desk/log/", f"{REPORT}docx/", "/desk/forecast/"])
def test_the_public_is_asked_to_sign_in(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


def test_a_reader_sees_no_forms(reader: Client) -> None:
    for path in ("/desk/", "/desk/log/", "/desk/roster/", "/desk/forecast/", "/desk/province/"):
        assert not re.search(r'action="/desk/(?!report)', _page(reader, path)), path


# Roster


def test_pasted_roster_is_kept_and_shown(officer: Client) -> None:
    officer.post("/desk/roster/paste/", {"text": ROSTER})
    assert {row.day: row.officer for row in RosterDay.objects.all()} == {
        DUTY_DAY: "乙、丙",
        date(2025, 10, 17): "丁",
    }
    page = _page(officer)
    assert "甲局长" in page
    assert "0467-0000000" in page
    assert "值班表缺：10月18日" in page


def test_lines_of_a_roster_that_cannot_be_used_are_named_with_the_reason() -> None:
    lines, findings = read_lines(
        "明天\t甲\t乙\n2025-10-16\t甲\n2025-02-30,甲,乙\n2025/10/17，甲，乙\n2025-10-17,甲,丙", 2025
    )
    assert [line.officer for line in lines] == ["乙"]
    assert [finding.place.row for finding in findings] == [1, 2, 3, 5]
    assert "缺少值班人员" in findings[1].text.zh


def test_last_week_is_repeated_into_empty_days_only(officer: Client) -> None:
    officer.post("/desk/roster/paste/", {"text": "2025-10-07,甲,旧\n2025-10-08,甲,旧\n2025-10-15,甲,新"})
    officer.post("/desk/roster/repeat/", {"week": "2025-10-13"})
    known = {row.day.day: row.officer for row in RosterDay.objects.all()}
    assert known == {7: "旧", 8: "旧", 14: "旧", 15: "新"}
    page = officer.post("/desk/roster/repeat/", {"week": "2025-01-06"}, follow=True).content.decode()
    assert "没有值班安排，无法照抄" in page


def test_a_corrected_day_leaves_the_old_words_in_the_journal(officer: Client) -> None:
    officer.post("/desk/roster/paste/", {"text": ROSTER})
    officer.post("/desk/roster/day/", {"day": "2025-10-16", "leader": "甲局长", "officer": "戊", "phone": ""})
    entry = Entry.objects.filter(action="desk.roster_set").first()
    assert entry is not None
    assert (entry.before["officer"], entry.after["officer"]) == ("乙、丙", "戊")
    officer.post("/desk/roster/day/", {"day": "2025-10-16", "officer": "戊", "remove": "1"})
    assert not RosterDay.objects.filter(day=DUTY_DAY).exists()
    assert Entry.objects.filter(action="desk.roster_removed", before__officer="戊").exists()


# Forecast


def _forecast(**changes: str) -> dict[str, str]:
    return {
        "issuer": "望川市气象台",
        "official": "on",
        "2025-10-16-day": "2025-10-16",
        "2025-10-16-category_low": "良",
        "2025-10-16-category_high": "轻度污染",
        "2025-10-16-aqi_low": "80",
        "2025-10-16-aqi_high": "110",
        "2025-10-16-primary": "PM2.5",
        "2025-10-16-diffusion": "夜间静稳",
        "2025-10-17-day": "2025-10-17",
        "2025-10-17-category_low": "良",
        "2025-10-18-day": "2025-10-18",
        **changes,
    }


def test_typed_forecast_stands_on_the_desk_and_in_the_report(officer: Client) -> None:
    officer.post("/desk/forecast/set/", _forecast())
    assert [str(day.day) for day in ForecastDay.objects.all()] == ["2025-10-16", "2025-10-17"]
    assert "良至轻度污染" in _page(officer)
    text = _page(officer, f"{REPORT}text/")
    assert (
        "未来三天预报（望川市气象台发布）：10月16日良至轻度污染（AQI 80～110，PM2.5），夜间静稳；10月17日良。" in text
    )


def test_a_forecast_not_officially_issued_stays_out_of_the_report(officer: Client) -> None:
    values = _forecast()
    del values["official"]
    officer.post("/desk/forecast/set/", values)
    assert "未正式发布，仅供内部" in _page(officer)
    assert "预报" not in _page(officer, f"{REPORT}text/")


def test_a_corrected_forecast_replaces_the_issue_and_the_journal_keeps_the_old(officer: Client) -> None:
    officer.post("/desk/forecast/set/", _forecast())
    officer.post("/desk/forecast/set/", _forecast(**{"2025-10-16-category_low": "优", "2025-10-16-category_high": ""}))
    assert Forecast.objects.count() == 1
    entry = Entry.objects.filter(action="desk.forecast_set").first()
    assert entry is not None
    assert "良至轻度污染" in entry.before["days"][0]
    officer.post(f"/desk/forecast/{Forecast.objects.get().pk}/remove/")
    assert not Forecast.objects.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"2025-10-16-category_high": "优"}, "由轻到重"),
        ({"2025-10-16-aqi_high": "70"}, "AQI 上限小于下限"),
        ({"2025-10-18-primary": "O3"}, "请选择级别"),
        ({"2025-10-16-aqi_low": ""}, "请先填写 AQI 下限"),
        ({"issuer": ""}, "必填"),
    ],
)
def test_a_forecast_that_contradicts_itself_is_not_kept(officer: Client, changes: dict[str, str], told: str) -> None:
    page = officer.post("/desk/forecast/set/", _forecast(**changes)).content.decode()
    assert told in page
    assert not Forecast.objects.exists()


# The province's table

TABLE = """2025年1—9月各市（地）环境空气质量
名次\t城市\tPM2.5(微克/立方米)\tPM2.5同比(%)\t优良天数比率（%）\t综合指数
1\t安山市\t18\t-2\t97.1\t2.1
2\t鸡西市\t24\t1\t95.1%\t2.6
3\t白河市\t24\t3\t—\t2.9
\t长岭市\t二十\t3\t90\t3.0
4\t安山市\t18\t-2\t97.1\t2.1
全省平均\t全省平均\t22\t0\t96\t2.5
"""


def test_table_of_the_province_is_read_and_bad_rows_are_named() -> None:
    read = read_text(TABLE)
    assert [(row.city, row.rank, row.pm25, row.good_ratio) for row in read.rows] == [
        ("安山", 1, "18", "97.1"),
        ("鸡西", 2, "24", "95.1"),
        ("白河", 3, "24", None),
    ]
    assert [finding.place.row for finding in read.findings] == [6, 7, 8]
    found = standing(read.rows, "鸡西市")
    assert found is not None
    assert (found.places, found.cities) == ({"pm25": 2, "index": 2, "good_ratio": 2, "rank": 2}, 3)
    tied = standing(read.rows, "白河")
    assert tied is not None
    assert tied.places["pm25"] == 2, "equal values share a place"
    assert "good_ratio" not in tied.places
    assert standing(read.rows, "丁") is None


def test_table_reads_the_same_from_commas_and_from_a_workbook() -> None:
    rows = [["城市", "排名", "PM2.5", "优良天数比率"], ["鸡西", 3, 24, 95.1], ["甲", 1, 18, 99]]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    typed = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    assert read_text(typed) == read_xlsx(saved.getvalue())
    assert read_text(typed).rows[0].good_ratio == "95.1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲,18\n乙,20", "PROVINCE-HEAD-MISSING"),
        ("城市,备注\n甲,好", "PROVINCE-HEAD-MISSING"),
        ("城市,PM2.5\n", "PROVINCE-ROWS-MISSING"),
        ("城市,PM2.5\n甲,-1", "PROVINCE-VALUE-WRONG"),
        ("城市,优良天数比率\n甲,101", "PROVINCE-VALUE-WRONG"),
        ("", "PROVINCE-HEAD-MISSING"),
    ],
)
def test_a_table_without_what_is_needed_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_text(text)
    assert code in [finding.code for finding in refusal.value.findings]


def test_a_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(Refusal, match="不是可读的 xlsx"):
        read_xlsx(b"PK\x03\x04 not a workbook")


def test_a_rank_that_is_no_number_keeps_its_row_out() -> None:
    read = read_rows([["城市", "排名"], ["甲", "第一"], ["乙", "2"]])
    assert [row.city for row in read.rows] == ["乙"]
    assert "不是整数" in read.findings[0].text.zh


def test_rank_in_the_province_stands_on_the_desk_until_withdrawn(officer: Client) -> None:
    sent = {"first": "2025-01-01", "last": "2025-09-30", "source": "省厅通报", "text": TABLE}
    page = officer.post("/desk/province/keep/", sent, follow=True).content.decode()
    assert "已录入 3 个城市，3 行未采用" in page
    assert "第 6 行：长岭的“二十”不是可用的数值" in page
    assert "PM2.5 第 <b>2</b>" in _page(officer)
    officer.post(f"/desk/province/{ProvinceTable.objects.get().pk}/withdraw/")
    assert "粘贴省里通报的各市数据后显示" in _page(officer)
    assert ProvinceTable.objects.get().withdrawn_at is not None


def test_nothing_is_kept_of_a_table_that_is_refused(officer: Client) -> None:
    sent = {"first": "2025-01-01", "last": "2025-09-30", "source": "群消息", "text": "甲 18"}
    page = officer.post("/desk/province/keep/", sent).content.decode()
    assert "没有找到表头" in page
    assert not ProvinceTable.objects.exists()


# Log and hand-over


def test_notes_are_struck_through_with_a_reason_and_never_removed(officer: Client) -> None:
    officer.post("/desk/log/write/", {"text": "虎林市来电", "from": "desk"})
    entry = LogEntry.objects.get()
    assert "虎林市来电" in _page(officer)
    officer.post(f"/desk/log/{entry.pk}/strike/", {"reason": ""})
    entry.refresh_from_db()
    assert entry.struck_at is None
    officer.post(f"/desk/log/{entry.pk}/strike/", {"reason": "记错县"})
    page = _page(officer, "/desk/log/")
    assert "<s>虎林市来电</s>" in page
    assert "划去：记错县" in page
    again = officer.post(f"/desk/log/{entry.pk}/strike/", {"reason": "再划"}, follow=True).content.decode()
    assert "这一条已经划去" in again


def test_a_matter_stays_open_until_closed_and_can_be_opened_again(officer: Client) -> None:
    officer.post("/desk/log/write/", {"text": "核实锅炉冒烟", "is_matter": "on"})
    matter = LogEntry.objects.get()
    assert "<b>待办</b> 核实锅炉冒烟" in _page(officer)
    officer.post(f"/desk/log/{matter.pk}/close/", {"reason": "已整改"})
    matter.refresh_from_db()
    assert (matter.is_open, matter.closing) == (False, "已整改")
    officer.post(f"/desk/log/{matter.pk}/reopen/")
    matter.refresh_from_db()
    assert matter.is_open
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)[1:])[-3:] == [
        "desk.log_written",
        "desk.matter_closed",
        "desk.matter_reopened",
    ]


def test_hand_over_carries_open_matters_and_is_accepted_by_the_one_it_names(now: datetime) -> None:
    giver, taker, third = (_user(name, now) for name in ("甲", "乙", "丙"))
    log_services.write_entry("查看企业台账", is_matter=True, by=giver, now=now)
    log_services.write_entry("天气转静稳", is_matter=False, by=giver, now=now)
    given = log_services.hand_over(taker, "注意夜间", by=giver, now=now)
    assert [matter["text"] for matter in given.matters] == ["查看企业台账"]
    with pytest.raises(log_services.LogError, match="由 乙 确认"):
        log_services.accept(given, by=third, now=now)
    with pytest.raises(log_services.LogError, match="还没有确认"):
        log_services.hand_over(third, "", by=giver, now=now)
    later = now + timedelta(minutes=5)
    log_services.accept(given, by=taker, now=later)
    given.refresh_from_db()
    assert given.accepted_at == later
    with pytest.raises(log_services.LogError, match="已经确认或已撤回"):
        log_services.withdraw(given, by=giver, now=later)


def test_nobody_hands_over_to_themselves_and_only_the_giver_withdraws(now: datetime) -> None:
    giver, taker = _user("甲", now), _user("乙", now)
    with pytest.raises(log_services.LogError, match="本人"):
        log_services.hand_over(giver, "", by=giver, now=now)
    given = log_services.hand_over(taker, "", by=giver, now=now)
    with pytest.raises(log_services.LogError, match="只能由其撤回"):
        log_services.withdraw(given, by=taker, now=now)
    log_services.withdraw(given, by=giver, now=now)
    assert selectors.waiting_hand_over(given.region) is None


def test_hand_over_by_page(officer: Client, now: datetime) -> None:
    taker = _user("接班员", now)
    officer.post("/desk/hand-over/", {"taker": taker.pk, "note": "无"})
    assert "等待接班确认" in _page(officer)
    client = Client()
    client.force_login(taker)
    assert "确认接班" in _page(client)
    client.post(f"/desk/hand-over/{HandOver.objects.get().pk}/accept/", {"from": "desk"})
    assert "等待接班确认" not in _page(client)


# The report


def test_report_page_offers_text_word_and_picture_without_scripts(officer: Client) -> None:
    page = _page(officer, REPORT)
    assert "数据为实况，未经审核。" in page
    assert "模拟数据" in page
    assert f'href="{REPORT}docx/"' in page
    assert f'action="{REPORT}picture/make/"' in page
    assert "<textarea" in page


def test_word_file_says_what_the_text_says(officer: Client) -> None:
    answer = officer.get(f"{REPORT}docx/")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    told = "".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    body = _page(officer, f"{REPORT}text/").splitlines()[2].split("：", 1)[1]
    assert body in told


@pytest.mark.parametrize("day", ["2025-10-16", "1999-01-01", "nonsense", "2025-13-01"])
def test_there_is_no_report_of_a_day_that_has_not_ended_or_lies_before_the_law(officer: Client, day: str) -> None:
    assert officer.get(f"/desk/report/{day}/").status_code == 404


def test_a_released_report_is_kept_and_the_difference_is_shown_when_data_change(officer: Client) -> None:
    officer.post(f"{REPORT}release/")
    officer.post(f"{REPORT}release/")
    kept = DailyReport.objects.get()
    assert (kept.number, kept.simulated, len(kept.inputs)) == (1, True, 64)
    assert "与最近一次留存一致" in _page(officer, REPORT)
    officer.post("/desk/roster/paste/", {"text": ROSTER})  # who is on duty became known late
    page = _page(officer, REPORT)
    assert "数据在留存之后有变化" in page
    assert "值班 乙、丙" in page
    assert "值班 乙、丙" not in _page(officer, f"{REPORT}text/?number=1")
    assert _page(officer, f"{REPORT}text/?number=1") == kept.text
    officer.post(f"{REPORT}release/")
    assert list(DailyReport.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_content_goes_through_json_unchanged(officer: Client, administrator: User) -> None:
    officer.post("/desk/forecast/set/", _forecast())
    officer.post("/desk/roster/paste/", {"text": ROSTER})
    report = selectors.report(AS_OF, administrator)
    assert content.from_json(content.as_json(report)) == report


@pytest.mark.slow
def test_the_worker_makes_the_picture_and_the_page_shows_it(reader: Client) -> None:
    reader.post(f"{REPORT}picture/make/")
    job = Job.objects.get()
    assert "hx-get" in _page(reader, REPORT)
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == State.DONE, job.error
    picture = ReportPicture.objects.get()
    assert f"{picture.digest}.png" in _page(reader, REPORT)
    answer = reader.get(f"{REPORT}picture/{picture.digest}.png")
    assert answer.content.startswith(b"\x89PNG")


def test_one_picture_is_asked_for_once(administrator: User, now: datetime) -> None:
    report = selectors.report(AS_OF, administrator)
    first = report_services.ask_for_picture(report, by=administrator, now=now)
    assert report_services.ask_for_picture(report, by=administrator, now=now).pk == first.pk


def test_the_web_process_does_not_load_the_drawing_library() -> None:
    import subprocess
    import sys

    code = (
        "import django, sys; django.setup();"
        "import lantian.site.urls, lantian.site.desk.jobs;"
        "sys.exit(bool({'vl_convert', 'altair', 'docx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
