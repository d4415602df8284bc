"""The year-end board on the site: who may what, what is recorded, what a decision changes and nothing else does."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from lantian.site.board.models import BasisDecision, DoubtReport, ExcludedDays
from lantian.site.intake.models import Upload
from lantian.site.journal.models import Entry
from lantian.work.air_board_text import RULE
from lantian.work.simulate import simulate_city

AS_OF = date(2025, 10, 15)
NOW = datetime(2025, 10, 16, tzinfo=UTC)
DECISION = {
    "subject": "pm25_annual_mean", "values_kind": "realtime", "dust": "excluded", "edition": "by_date",
    "stations": "city", "decimals": "1", "validity": "hj_663", "assessor": "省生态环境厅", "document": "测试〔2025〕9号",
    "decided_by": "甲处长", "decided_on": "2025-03-01", "reason": "考核办法写明扣除沙尘",
}  # fmt: skip
EXCLUDED = {
    "place": "鸡西", "first": "2025-04-10", "last": "", "items": ["pm10", "pm25"], "kind": "dust",
    "decided_by": "中国环境监测总站", "document": "总站测〔2025〕1号", "decided_on": "2025-05-06",
}  # fmt: skip
DOUBT = {
    "addressee": "省级监测中心", "stations": "甲站", "first": "2025-10-12", "last": "2025-10-13", "hours": "03:00 至 09:00",
    "phenomenon": "夜间数值长时间不变，周边站同期有变化。", "attachment": "", "request": "", "contact": "乙",
}  # fmt: skip
PASTED = (
    "地点\t起\t止\t项目\t类别\t决定单位\t文号\t决定日期\n"
    "鸡西市\t2025-03-11\t2025-03-12\tPM10、PM2.5\t沙尘\t总站\t甲号\t2025-04-01\n"
    "鸡西\t2025-05-02\t\tPM2.5\t其他\t总站\t乙号\t2025-06-01\n"
)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("board")
    simulate_city(data, "鸡西", "230300", seed=7, first=date(2023, 1, 1), last=AS_OF, now=NOW)
    return data


@pytest.fixture(autouse=True)
def _city(simulated: Path, settings, db: None) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = simulated


@pytest.fixture
def coordinator(client_of: Callable[..., Client]) -> Client:
    return client_of("coordinator")


def page(client: Client, path: str = "/board/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def posted(client: Client, path: str, values: dict) -> str:  # type: ignore[type-arg]
    answer = client.post(path, values, follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


# The page


def test_one_screen_says_everything_and_what_it_is(coordinator: Client) -> None:
    shown = page(coordinator)
    for words in (
        "模拟数据", "暂定", "数据截至", "2025-10-15", "余量", "国家标准各项", "情景", "再出现 1 个重污染天", "展望",
        "80% 区间", "达标概率", "往年同期", "两种口径", "有效性", "发群消息", "没有登记扣除日", "没有站点小时值", RULE,
    ):  # fmt: skip
        assert words in shown, words
    assert 'class="figure"' in shown
    assert "style=" not in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("typed", "words"), [("32.5", "剩余各天日均 32.5"), ("abc", "请填写一个数"), ("-3", "应在 0 到")]
)
def test_a_daily_mean_stands_in_the_address(coordinator: Client, typed: str, words: str) -> None:
    shown = page(coordinator, f"/board/?mean={typed}")
    assert words in shown
    assert f'value="{typed}"' in shown


def test_without_data_it_says_what_will_stand_here(coordinator: Client, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = tmp_path
    shown = page(coordinator)
    assert "导入城市日均值" in shown
    assert "模拟数据" not in shown
    assert [coordinator.get(f"/board/{name}").status_code for name in ("figure.svg", "days.csv")] == [404, 404]
    assert "还没有城市日均数据" in page(coordinator, "/board/text")


@pytest.mark.parametrize("as_of", ["2024-12-31", "2025-01-01", "2024-02-29"])
def test_edges_of_the_calendar(coordinator: Client, as_of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANTIAN_AS_OF", as_of)
    shown = page(coordinator)
    assert as_of in shown
    assert ("全年已结束" in shown) == as_of.endswith("12-31")


def test_files(coordinator: Client) -> None:
    book = load_workbook(io.BytesIO(coordinator.get("/board/board.xlsx").content)).worksheets[0]
    cells = [str(cell.value) for row in book.iter_rows() for cell in row if cell.value is not None]
    assert "目标余量" in cells
    assert "模拟数据" in cells
    assert not [one for one in cells if "概率" in one]
    svg = coordinator.get("/board/figure.svg").content.decode()
    assert svg.startswith("<svg xmlns")
    assert 'fill="#cfe3f2"' in svg
    days = coordinator.get("/board/days.csv").content.decode("utf-8-sig").splitlines()
    assert days[0] == "日期,PM2.5（µg/m³）,AQI"
    assert sum(1 for one in days if one.startswith("2025-")) == 288
    assert days[-2] == "# 模拟数据"
    assert days[-1].startswith("# 未核实依据：")
    assert "年数据有效性" in days[-1]
    assert RULE in page(coordinator, "/board/text")


# Rights


PLACES = (
    "",
    "text",
    "board.xlsx",
    "figure.svg",
    "days.csv",
    "basis/",
    "basis.xlsx",
    "excluded/",
    "excluded.xlsx",
    "doubts/",
)


@pytest.mark.parametrize("path", PLACES)
def test_the_public_sees_nothing_of_it(path: str) -> None:
    answer = Client().get(f"/board/{path}")
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


@pytest.mark.parametrize("role", ["leader", "duty_officer", "coordinator", "administrator", "body_officer"])
def test_staff_reads(client_of: Callable[..., Client], role: str) -> None:
    client = client_of(role, body="housing" if role == "body_officer" else "")
    assert [client.get(f"/board/{path}").status_code for path in PLACES] == [200] * len(PLACES)


@pytest.mark.parametrize(
    ("role", "decides", "drafts"),
    [("leader", False, False), ("duty_officer", False, True), ("coordinator", True, True)],
)
def test_who_decides_and_who_drafts(client_of: Callable[..., Client], role: str, decides: bool, drafts: bool) -> None:
    client = client_of(role)
    assert (client.post("/board/basis/record", DECISION).status_code == 302) is decides
    assert (client.post("/board/excluded/record", EXCLUDED).status_code == 302) is decides
    assert (client.post("/board/excluded/paste", {"text": PASTED}).status_code == 302) is decides
    assert (client.post("/board/doubts/record", DOUBT).status_code == 302) is drafts
    assert BasisDecision.objects.exists() is decides
    assert ("登记一项决定" in page(client, "/board/basis/")) is decides
    assert ("起草一份" in page(client, "/board/doubts/")) is drafts


def test_no_public_page_speaks_of_the_outlook(coordinator: Client) -> None:
    assert "达标概率" in page(coordinator)
    public = Client()
    for path in ("/", "/p/jixi-2024/target/T03-1/", "/p/jixi-2024/why/T03-1/", "/p/jixi-2024/plan.json"):
        answer = public.get(path, follow=True)
        text = answer.content.decode()
        for words in ("概率", "80% 区间", "probability", "仅供内部", "年终研判"):
            assert words not in text, (path, words)


# Recorded bases


def value_of(text: str) -> str:
    return text.split('class="big"')[1].split("<b>")[1].split("</b>")[0]


def test_staff_are_led_to_the_board_and_the_public_is_not(coordinator: Client) -> None:
    for path in ("/desk/", "/p/jixi-2024/target/T03-1/"):
        assert 'href="/board/"' in page(coordinator, path)
    assert 'href="/board/"' not in page(Client(), "/p/jixi-2024/target/T03-1/")


def test_only_who_may_draft_a_report_of_doubt_is_led_to_it(client_of: Callable[..., Client]) -> None:
    assert "起草疑问报告" in page(client_of("duty_officer"))
    assert "起草疑问报告" not in page(client_of("leader"))


def test_a_decision_moves_the_state_and_says_who_decided_and_back(coordinator: Client) -> None:
    public = Client()
    before = page(public, "/p/jixi-2024/target/T03-1/")
    posted(coordinator, "/board/basis/record", DECISION)
    for path in ("target", "why"):
        text = page(public, f"/p/jixi-2024/{path}/T03-1/")
        assert "甲处长" in text, path
        assert "测试〔2025〕9号" in text, path
        assert "扣除沙尘" in text, path
    after = page(public, "/p/jixi-2024/target/T03-1/")
    assert "." in value_of(after).split()[0]  # one decimal now
    assert "." not in value_of(before).split()[0]
    desk = page(coordinator, "/desk/")  # its table stands on the default basis: what was decided is said beside it
    assert f"登记口径（测试〔2025〕9号）{value_of(after).split()[0]}" in desk
    assert "甲处长" in page(public, "/p/jixi-2024/target/T26-2/")  # the same target elsewhere in the plan
    assert "甲处长" not in page(public, "/p/jixi-2024/target/T03-2/")  # another metric
    row = BasisDecision.objects.get()
    assert "执行中" in page(coordinator, "/board/basis/")
    assert "请写明" in posted(coordinator, f"/board/basis/{row.pk}/withdraw", {"reason": " "})
    assert "已撤回" in posted(coordinator, f"/board/basis/{row.pk}/withdraw", {"reason": "登记错了"})
    assert "登记口径" not in page(coordinator, "/desk/")
    again = page(public, "/p/jixi-2024/target/T03-1/")
    assert "甲处长" not in again
    assert value_of(again) == value_of(before)
    assert "这一条已经撤回" in posted(coordinator, f"/board/basis/{row.pk}/withdraw", {"reason": "再来一次"})
    actions = [one.action for one in Entry.objects.filter(action__startswith="board.").order_by("pk")]
    assert actions == ["board.basis_recorded", "board.basis_withdrawn"]


def test_withdrawing_brings_the_decision_before_it_back(coordinator: Client) -> None:
    posted(coordinator, "/board/basis/record", DECISION)
    posted(coordinator, "/board/basis/record", DECISION | {"decided_by": "丁厅长", "decided_on": "2025-06-01"})
    assert "丁厅长" in page(Client(), "/p/jixi-2024/target/T03-1/")
    newest = BasisDecision.objects.get(decided_by="丁厅长")
    posted(coordinator, f"/board/basis/{newest.pk}/withdraw", {"reason": "作废"})
    shown = page(Client(), "/p/jixi-2024/target/T03-1/")
    assert "甲处长" in shown
    assert "丁厅长" not in shown


def test_what_is_sent_twice_stands_once(coordinator: Client) -> None:
    for _ in range(2):
        posted(coordinator, "/board/basis/record", DECISION)
        posted(coordinator, "/board/doubts/record", DOUBT)
    assert (BasisDecision.objects.count(), DoubtReport.objects.count()) == (1, 1)
    assert Entry.objects.filter(action__startswith="board.").count() == 2


def test_reviewed_values_are_no_data_until_they_are_there(coordinator: Client) -> None:
    posted(coordinator, "/board/basis/record", DECISION | {"values_kind": "reviewed", "dust": "included"})
    assert 'class="mark no_data"' in page(Client(), "/p/jixi-2024/target/T03-1/")
    assert "今年还没有有效数据" in page(coordinator)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("decided_on", "2999-01-01", "日期晚于今天"),
        ("decided_on", "1999-01-01", "请核对年份"),
        ("decided_on", "昨天", "日期"),
        ("decimals", "7", "3"),
        ("subject", "T99-9", "T99-9"),
        ("document", "", "必填"),
        ("reason", "", "必填"),
    ],
)
def test_wrong_decisions_are_told_beside_the_field(coordinator: Client, field: str, value: str, words: str) -> None:
    answer = posted(coordinator, "/board/basis/record", DECISION | {field: value})
    assert 'class="field wrong"' in answer
    assert words in answer
    assert not BasisDecision.objects.exists()


# Days taken out


def test_days_taken_out_count_only_where_the_basis_says_so(coordinator: Client) -> None:
    public = Client()
    before = page(public, "/p/jixi-2024/target/T03-1/")
    posted(coordinator, "/board/excluded/record", EXCLUDED | {"last": "2025-04-20"})
    assert value_of(page(public, "/p/jixi-2024/target/T03-1/")) == value_of(before)
    assert "扣除沙尘等影响" in page(coordinator)  # the scenario
    assert "已登记扣除 11 天" in page(coordinator)
    posted(coordinator, "/board/basis/record", DECISION)
    after = page(public, "/p/jixi-2024/target/T03-1/")
    assert "总站测〔2025〕1号" in after
    assert "扣除 11 天的 PM2.5" in after
    why = page(public, "/p/jixi-2024/why/T03-1/")
    assert value_of(why).split()[0] == value_of(after).split()[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"last": "2025-04-01"}, "截止日期早于起始日期"),
        ({"last": "2025-07-01"}, "一次最多 31 天"),
        ({"first": "2999-01-01"}, "日期晚于今天"),
        ({"first": "2001-01-01"}, "请核对年份"),
        ({"items": []}, "必填"),
        ({"items": ["so2"]}, "so2"),
        ({"place": "北京"}, "北京"),
        ({"document": ""}, "必填"),
    ],
)
def test_wrong_days_are_told_beside_the_field(coordinator: Client, change: dict, words: str) -> None:  # type: ignore[type-arg]
    answer = posted(coordinator, "/board/excluded/record", EXCLUDED | change)
    assert 'class="field wrong"' in answer
    assert words in answer
    assert not ExcludedDays.objects.exists()


def test_the_same_day_is_taken_out_once_and_the_scan_is_kept(coordinator: Client) -> None:
    scan = io.BytesIO(b"%PDF-1.4\n%%EOF\n")
    scan.name = "认定.pdf"
    posted(coordinator, "/board/excluded/record", EXCLUDED | {"file": scan})
    assert ExcludedDays.objects.get().file is not None
    again = io.BytesIO(b"%PDF-1.4\n%%EOF\n")
    again.name = "又一份.pdf"
    assert "重复" in posted(coordinator, "/board/excluded/record", EXCLUDED | {"file": again})
    assert (ExcludedDays.objects.count(), Upload.objects.count()) == (1, 1)
    row = ExcludedDays.objects.get()
    posted(coordinator, f"/board/excluded/{row.pk}/withdraw", {"reason": "文号写错"})
    posted(coordinator, "/board/excluded/record", EXCLUDED)
    assert ExcludedDays.objects.filter(withdrawn_at=None).count() == 1


def test_several_pasted_days_all_or_none(coordinator: Client) -> None:
    assert "已登记 2 条" in posted(coordinator, "/board/excluded/paste", {"text": PASTED})
    first = ExcludedDays.objects.get(first=date(2025, 3, 11))
    assert (first.place, first.items, first.kind) == ("鸡西", ["pm10", "pm25"], "dust")
    bad = PASTED.replace("2025-05-02", "2025-08-01").replace("2025-03-11\t2025-03-12", "明天\t2025-03-12")
    shown = posted(coordinator, "/board/excluded/paste", {"text": bad})
    assert "起" in shown
    assert ExcludedDays.objects.count() == 2
    assert "需要的列" in posted(coordinator, "/board/excluded/paste", {"text": "无关\t内容\n1\t2"})
    assert "重复" in posted(coordinator, "/board/excluded/paste", {"text": PASTED})
    twice = PASTED.replace("2025-03-11\t2025-03-12", "2025-05-02\t").replace("甲号", "丙号")
    ExcludedDays.objects.all().delete()
    assert "重复" in posted(coordinator, "/board/excluded/paste", {"text": twice})
    assert not ExcludedDays.objects.exists()


def test_lists_export(coordinator: Client) -> None:
    posted(coordinator, "/board/basis/record", DECISION)
    posted(coordinator, "/board/excluded/paste", {"text": PASTED})
    bases = load_workbook(io.BytesIO(coordinator.get("/board/basis.xlsx").content)).worksheets[0]
    assert bases["I2"].value == "测试〔2025〕9号"
    days = load_workbook(io.BytesIO(coordinator.get("/board/excluded.xlsx").content)).worksheets[0]
    assert [days["A2"].value, days["D3"].value, days.max_row] == ["鸡西", "PM10、PM2.5", 3]


# Reports of doubt


def test_a_doubt_is_drafted_kept_and_never_sent(client_of: Callable[..., Client], mailoutbox) -> None:  # type: ignore[no-untyped-def]
    officer = client_of("duty_officer")
    shown = posted(officer, "/board/doubts/record", DOUBT)
    assert "本程序不发送" in shown
    assert "拟稿，未经核稿和签发" in shown
    assert "2025-10-12" in shown
    row = DoubtReport.objects.get()
    assert row.table[0] == ["日期", "PM2.5", "PM10", "AQI"]
    assert [one[0] for one in row.table[1:]] == ["2025-10-12", "2025-10-13"]
    assert row.simulated
    text = officer.get(f"/board/doubts/{row.pk}/draft.txt").content.decode()
    for words in ("省级监测中心：", "甲站", "夜间数值长时间不变", "模拟数据", "未经核稿和签发"):
        assert words in text
    word = Document(io.BytesIO(officer.get(f"/board/doubts/{row.pk}/draft.docx").content))
    assert "关于监测数据疑问的报告" in word.paragraphs[0].text
    assert word.tables[0].rows[1].cells[0].text == "2025-10-12"
    assert mailoutbox == []
    assert Entry.objects.filter(action="board.doubt_recorded").count() == 1
    assert "已撤回" in posted(officer, f"/board/doubts/{row.pk}/withdraw", {"reason": "已查清"})


def test_a_doubt_without_what_it_is_about_is_told(client_of: Callable[..., Client]) -> None:
    shown = posted(client_of("duty_officer"), "/board/doubts/record", DOUBT | {"phenomenon": "", "first": "2999-01-01"})
    assert shown.count('class="field wrong"') >= 2
    assert not DoubtReport.objects.exists()
