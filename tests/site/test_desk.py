"""The duty desk: what each role may do and what is kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from desk_pages import AS_OF, DUTY_DAY, REPORT, ROSTER, forecast_form, officer_named, page_of
from django.test import Client
from django.urls import reverse

from lantian.basis.period import BEIJING
from lantian.site.desk import screen, selectors
from lantian.site.desk.models import (
    Forecast,
    ForecastDay,
    HandOver,
    LogEntry,
    RosterDay,
)
from lantian.site.desk.services import log as log_services
from lantian.site.desk.services.roster import read_lines
from lantian.site.journal.models import Entry

pytestmark = pytest.mark.usefixtures("desk_city")


# The screen


def test_desk_shows_yesterday_year_and_goals_marked_as_simulated(officer: Client) -> None:
    page = page_of(officer)
    assert "模拟数据" in page
    assert "暂定" in page
    assert "2025-10-16" in page
    assert "数据截至 2025-10-15" in page
    for words in ("PM2.5 平均浓度", "优良天数比率", "重度及以上污染天", "有效天数", "去年同期", "剩余"):
        assert words in page, words
    assert re.search(r'class="mark (on_track|at_risk|missed)" href="/p/jixi-2024/why/T', page)
    assert reverse("desk:why", args=[AS_OF.isoformat()]) in page


def test_desk_says_what_will_stand_in_empty_places(officer: Client) -> None:
    page = page_of(officer)
    for words in (
        "今日没有值班安排",
        "导入站点小时值后显示",
        "粘贴省里通报的各市数据后显示",
        "各县（市）区没有日均数据",
    ):
        assert words in page, words


def test_a_folder_without_any_data_shows_what_will_stand_there(officer: Client, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = tmp_path
    page = page_of(officer)
    assert "全市没有日均数据" in page
    assert "模拟数据" not in page
    assert 'class="strip"' not in page
    yesterday = datetime.now(UTC).astimezone(BEIJING).date() - timedelta(days=1)
    text = page_of(officer, f"/desk/report/{yesterday}/text/")
    assert "全市无有效数据" in text
    assert "今年以来" not in text


def test_desk_bears_no_inline_script_or_style(officer: Client) -> None:
    for path in ("/desk/", REPORT, "/desk/log/", "/desk/roster/", "/desk/forecast/", "/desk/province/"):
        page = page_of(officer, path)
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page), path
        assert len(page.encode()) < 100_000, path


def test_figures_are_computed_once_for_a_state_of_the_data(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page_of(officer)
    from lantian.site.desk import figures

    def never(*arguments: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(figures, "year_so_far", never)
    officer.post("/desk/log/write/", {"text": "新的一条"})
    page = page_of(officer)
    assert "新的一条" in page
    assert "PM2.5 平均浓度" in page


def test_screen_is_drawn_once_until_something_changes(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def counted(template: str, context: dict[str, object]) -> str:
        drawn.append(template)
        return "<p>screen</p>"

    monkeypatch.setattr(screen, "render_to_string", counted)
    for _ in range(3):
        page_of(officer)
    assert len(drawn) == 1
    officer.post("/desk/log/write/", {"text": "新的一条"})
    page_of(officer)
    assert len(drawn) == 2


def test_why_page_shows_values_editions_and_periods(reader: Client) -> None:
    page = page_of(reader, f"/desk/why/{AS_OF}/")
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
        assert not re.search(r'action="/desk/(?!report)', page_of(reader, path)), path


# Roster


def test_pasted_roster_is_kept_and_shown(officer: Client) -> None:
    officer.post("/desk/roster/paste/", {"text": ROSTER})
    assert {row.day: row.officer for row in RosterDay.objects.all()} == {
        DUTY_DAY: "乙、丙",
        date(2025, 10, 17): "丁",
    }
    page = page_of(officer)
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


def test_typed_forecast_stands_on_the_desk_and_in_the_report(officer: Client) -> None:
    officer.post("/desk/forecast/set/", forecast_form())
    assert [str(day.day) for day in ForecastDay.objects.all()] == ["2025-10-16", "2025-10-17"]
    assert "良至轻度污染" in page_of(officer)
    text = page_of(officer, f"{REPORT}text/")
    assert (
        "未来三天预报（望川市气象台发布）：10月16日良至轻度污染（AQI 80～110，PM2.5），夜间静稳；10月17日良。" in text
    )


def test_a_forecast_not_officially_issued_stays_out_of_the_report(officer: Client) -> None:
    values = forecast_form()
    del values["official"]
    officer.post("/desk/forecast/set/", values)
    assert "未正式发布，仅供内部" in page_of(officer)
    assert "预报" not in page_of(officer, f"{REPORT}text/")


def test_a_corrected_forecast_replaces_the_issue_and_the_journal_keeps_the_old(officer: Client) -> None:
    officer.post("/desk/forecast/set/", forecast_form())
    officer.post(
        "/desk/forecast/set/", forecast_form(**{"2025-10-16-category_low": "优", "2025-10-16-category_high": ""})
    )
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
    page = officer.post("/desk/forecast/set/", forecast_form(**changes)).content.decode()
    assert told in page
    assert not Forecast.objects.exists()


# Log and hand-over


def test_notes_are_struck_through_with_a_reason_and_never_removed(officer: Client) -> None:
    officer.post("/desk/log/write/", {"text": "虎林市来电", "from": "desk"})
    entry = LogEntry.objects.get()
    assert "虎林市来电" in page_of(officer)
    officer.post(f"/desk/log/{entry.pk}/strike/", {"reason": ""})
    entry.refresh_from_db()
    assert entry.struck_at is None
    officer.post(f"/desk/log/{entry.pk}/strike/", {"reason": "记错县"})
    page = page_of(officer, "/desk/log/")
    assert "<s>虎林市来电</s>" in page
    assert "划去：记错县" in page
    again = officer.post(f"/desk/log/{entry.pk}/strike/", {"reason": "再划"}, follow=True).content.decode()
    assert "这一条已经划去" in again


def test_a_matter_stays_open_until_closed_and_can_be_opened_again(officer: Client) -> None:
    officer.post("/desk/log/write/", {"text": "核实锅炉冒烟", "is_matter": "on"})
    matter = LogEntry.objects.get()
    assert "<b>待办</b> 核实锅炉冒烟" in page_of(officer)
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
    giver, taker, third = (officer_named(name, now) for name in ("甲", "乙", "丙"))
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
    giver, taker = officer_named("甲", now), officer_named("乙", now)
    with pytest.raises(log_services.LogError, match="本人"):
        log_services.hand_over(giver, "", by=giver, now=now)
    given = log_services.hand_over(taker, "", by=giver, now=now)
    with pytest.raises(log_services.LogError, match="只能由其撤回"):
        log_services.withdraw(given, by=taker, now=now)
    log_services.withdraw(given, by=giver, now=now)
    assert selectors.waiting_hand_over(given.region) is None


def test_hand_over_by_page(officer: Client, now: datetime) -> None:
    taker = officer_named("接班员", now)
    officer.post("/desk/hand-over/", {"taker": taker.pk, "note": "无"})
    assert "等待接班确认" in page_of(officer)
    client = Client()
    client.force_login(taker)
    assert "确认接班" in page_of(client)
    client.post(f"/desk/hand-over/{HandOver.objects.get().pk}/accept/", {"from": "desk"})
    assert "等待接班确认" not in page_of(client)
