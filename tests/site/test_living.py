"""The living plan: what anyone sees, filters, languages, why, files; drafts and entries that are not released stay in."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from lantian import rulebook
from lantian.plan.state.model import State
from lantian.rulebook.plan_files import PACKAGE
from lantian.site.facts.services import enter, release
from lantian.site.living.kept import Kept
from lantian.work.simulate import simulate_city

pytestmark = pytest.mark.django_db
STATES = {state.value for state in State}
TARGET = "/p/jixi-2024/target/T03-1/"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("living")
    now = datetime(2025, 10, 16, tzinfo=UTC)
    simulate_city(data, "鸡西", "230300", seed=5, first=date(2022, 1, 1), last=date(2025, 10, 15), now=now)
    return data


@pytest.fixture(autouse=True)
def own_folder(settings, simulated: Path) -> None:
    settings.DATA = simulated


@pytest.fixture
def public() -> Client:
    return Client()


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def states_of(text: str, prefix: str) -> dict[str, str]:
    found = re.findall(rf'<[^>]*\bid="({prefix}-[^"]+)"[^>]*data-state="([^"]+)"', text)
    assert len(found) == len(dict(found)), "an id stands twice"
    return dict(found)


def test_the_home_page_shows_every_article_and_target_with_its_state(public: Client) -> None:
    text = page(public, "/")
    articles, targets = states_of(text, "article"), states_of(text, "target")
    assert list(articles) == [f"article-{n}" for n in range(1, 40)]
    assert targets.keys() == {f"target-{target.id}" for target in rulebook.plan("jixi-2024").targets}
    assert set(articles.values()) | set(targets.values()) <= STATES
    assert targets["target-T03-1"] in {"on_track", "at_risk", "missed"}
    assert len(states_of(text, "rule")) == 68
    assert len(states_of(text, "procedure")) == 35
    assert len(states_of(text, "duty")) == 41
    for words in ("模拟数据", "暂定", "2025-10-15", "不是官方文本", "落实", "牵头"):
        assert words in text


def test_the_page_is_light_and_keeps_the_policy(public: Client) -> None:
    for address in ("/", TARGET, "/p/jixi-2024/why/T03-1/", "/p/jixi-2024/article/11/"):
        text = page(public, address)
        assert len(text.encode()) < 300_000
        assert not re.search(r'\sstyle="|\son\w+="|<script>|<style', text), address


def test_no_id_stands_twice_and_every_jump_lands(public: Client) -> None:
    class Ids(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.ids: list[str] = []
            self.jumps: set[str] = set()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name == "id":
                    self.ids.append(str(value))
                if name == "href" and str(value).startswith("#"):
                    self.jumps.add(str(value)[1:])

    reader = Ids()
    reader.feed(page(public, "/"))
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.jumps <= set(reader.ids)


def test_programs_get_the_states_of_the_page(public: Client) -> None:
    shown = states_of(page(public, "/"), "target")
    document = json.loads(page(public, "/plan.json"))
    assert document == json.loads(page(public, "/p/jixi-2024/plan.json"))
    assert {f"target-{one['id']}": one["state"] for art in document["articles"] for one in art["targets"]} == shown
    assert document["flags"] == ["provisional", "simulated", "unverified"]


def test_filters_live_in_the_address(public: Client) -> None:
    plan = rulebook.plan("jixi-2024")
    targets = page(public, "/?kind=target")
    assert len(states_of(targets, "target")) == 25
    assert not states_of(targets, "rule")
    pressed = page(public, "/?kind=target&state=no_data")
    assert set(states_of(pressed, "target").values()) == {"no_data"}
    of_body = states_of(page(public, "/?body=meteorology"), "article")
    assert of_body
    assert all(
        "meteorology" in {body for group in plan.article(int(name[8:])).groups for body in (*group.lead, *group.bodies)}
        for name in of_body
    )
    assert "article-21" in states_of(page(public, "/?q=秸秆"), "article")
    assert states_of(page(public, "/?q=straw"), "article")
    nothing = page(public, "/?q=没有这样的词")
    assert not states_of(nothing, "article")
    assert "没有符合条件的条款" in nothing
    assert len(states_of(page(public, "/?kind=x&state=y&body=z"), "article")) == 39


def test_what_is_asked_for_is_shown_as_text(public: Client) -> None:
    assert "<b>x" not in page(public, "/?q=%3Cb%3Ex")


def test_english_for_everything_public(public: Client) -> None:
    public.cookies["lantian_language"] = "en"
    for address in ("/", TARGET, "/p/jixi-2024/why/T03-1/", "/p/jixi-2024/article/1/", "/p/jixi-2024/why/pm25/"):
        text = page(public, address)
        assert 'lang="en"' in text
        for chinese in ("目标页", "依据条款", "口径", "单位", "筛选", "数据截至", "定义", "填报与佐证", "状态"):
            assert chinese not in text, (address, chinese)
    assert "simulated data" in page(public, "/")


def test_a_target_has_its_definition_chart_table_and_files(public: Client) -> None:
    text = page(public, TARGET)
    for words in ("≤ 28 µg/m³", "<svg", "2025-09", "按第二十六条理解为年均浓度", "HJ 663-2013", "方案规定"):
        assert words in text
    assert "%”" in page(public, "/p/jixi-2024/target/T10-1/") or "百分点" in page(public, "/p/jixi-2024/target/T10-1/")
    days = public.get(f"{TARGET}days.csv")
    lines = days.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("日期,")
    assert lines[1].startswith("2025-01-01,")
    assert lines[-1] == "# 模拟数据"
    sheet = load_workbook(io.BytesIO(public.get(f"{TARGET}days.xlsx").content)).active
    assert sheet.cell(289, 1).value is not None  # heads and 288 days
    assert public.get(f"{TARGET}figure.svg").content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    for gone in ("days.pdf", "other.csv"):
        assert public.get(f"{TARGET}{gone}").status_code == 404
    assert public.get("/p/jixi-2024/target/T03-3/days.csv").status_code == 404


def test_why_names_rule_edition_basis_inputs_and_imports(public: Client) -> None:
    document = json.loads(page(public, "/plan.json"))
    made = document["articles"][2]["targets"][0]
    text = page(public, "/p/jixi-2024/why/T03-1/")
    for words in (
        made["value"],
        made["inputs"],
        "HJ 663-2013",
        "HJ 633-2012",
        "四舍六入",
        "÷",
        "口径",
        "计算时间",
        "未经人工发布",
    ):
        assert words in text, words
    assert "没有进入计算的数据" in page(public, "/p/jixi-2024/why/T03-3/")


def test_why_of_a_period(public: Client) -> None:
    text = page(public, "/p/jixi-2024/why/good_days/?from=2025-02-01&until=2025-02-28")
    assert "2025-02-28" in text
    assert "2025-03-01" not in text
    answer = public.get("/p/jixi-2024/why/pm25/?from=2025-02-01&until=2025-02-28&format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    for wrong in ("from=x", "from=2025-03-01&until=2025-02-01", "from=2001-01-01&until=2001-02-01"):
        page(public, f"/p/jixi-2024/why/pm25/?{wrong}", 404)


@pytest.mark.parametrize(
    "address",
    [
        "/p/no-such-plan/",
        "/p/jixi-2024/article/40/",
        "/p/jixi-2024/target/T99-9/",
        "/p/jixi-2024/why/T99-9/",
        "/p/x/plan.json",
    ],
)
def test_what_is_not_there_is_not_found(public: Client, address: str) -> None:
    page(public, address, 404)


def test_only_released_entries_are_public(public: Client, administrator, client_of, now) -> None:
    plan = rulebook.plan("jixi-2024")
    values = {"on": date(2025, 9, 30), "value": Decimal("1300.5"), "unit": "t", "state": "", "share": None, "note": "",
              "source": "减排台账", "entered_for": ""}  # fmt: skip
    assert states_of(page(public, "/"), "target")["target-T03-4"] == "no_data"
    entry = enter(plan, "T03-4", values, by=administrator, now=now)
    assert "1300.5" not in page(public, "/") + page(public, "/p/jixi-2024/target/T03-4/")
    staff = client_of("leader")
    assert states_of(page(staff, "/p/jixi-2024/"), "target")["target-T03-4"] == "on_track"
    release(entry, by=client_user(client_of), now=now, version=entry.version)
    assert states_of(page(public, "/"), "target")["target-T03-4"] == "on_track"
    assert "减排台账" in page(public, "/p/jixi-2024/target/T03-4/")
    assert "减排台账" in page(public, "/p/jixi-2024/why/T03-4/")
    for address in ("target", "why"):
        assert "1300.5 t" in page(public, f"/p/jixi-2024/{address}/T03-4/")


def client_user(client_of):
    from lantian.site.people.models import User

    client_of("coordinator")
    return User.objects.get(role="coordinator")


def test_drafts_are_for_staff(settings, simulated: Path, tmp_path: Path, public: Client, client_of) -> None:
    copied(tmp_path, "xinjian-2025", "draft: true\n")
    settings.DATA = tmp_path
    page(public, "/p/xinjian-2025/", 404)
    page(public, "/p/xinjian-2025/plan.json", 404)
    assert "草稿" in page(client_of("leader"), "/p/xinjian-2025/")


def copied(data: Path, plan_id: str, more: str) -> Path:
    """A copy of the built-in plan in a data folder, under another id."""
    folder = data / "plans" / plan_id
    shutil.copytree(PACKAGE / "jixi-2024", folder)
    file = folder / "plan.yaml"
    file.write_text(file.read_text().replace("id: jixi-2024", f"id: {plan_id}", 1) + more)
    return file


def test_a_plan_that_is_over_names_the_one_that_carries_it_on(settings, tmp_path, public, monkeypatch) -> None:
    copied(tmp_path, "jiu-2020", "continued_by: jixi-2024\n")
    settings.DATA = tmp_path
    monkeypatch.setenv("LANTIAN_AS_OF", "2031-01-01")
    text = page(public, "/p/jiu-2020/")
    assert "本方案已到期" in text
    assert 'href="/p/jixi-2024/"' in text
    assert "尚未登记延续的方案" in page(public, "/p/jixi-2024/")


def test_a_broken_plan_says_where_to_who_works_here(settings, tmp_path, public, client_of, monkeypatch) -> None:
    copied(tmp_path, "huai-2025", "unknown_key: 1\n")
    settings.DATA = tmp_path
    monkeypatch.setenv("LANTIAN_AS_OF", "2025-10-15")
    assert "plan.yaml" not in page(public, "/p/huai-2025/", 503)
    assert "plan.yaml" in page(client_of("leader"), "/p/huai-2025/", 503)
    page(public, "/p/huai-2025/plan.json", 503)


def test_official_text_is_annotated_sentence_by_sentence(
    settings, tmp_path: Path, shared: Path, public: Client, now
) -> None:
    from lantian.plan.read import read
    from lantian.work.plan_import import import_document

    import_document(
        tmp_path, read(shared / "data/plans/jixi-2024.txt"), as_id="jixi-2024", now=now, name="jixi-2024.txt"
    )
    settings.DATA = tmp_path
    text = page(public, "/")
    assert "控制在28微克/立方米以内" in text
    assert "不是官方文本" not in text
    linked = set(" ".join(re.findall(r'data-notes="([^"]+)"', text)).split())
    assert "target-T03-1" in linked
    assert linked <= set(re.findall(r'id="([^"]+)"', text))
    assert len(states_of(text, "target")) == 25


def test_changed_air_changes_the_page(settings, tmp_path: Path, public: Client, now, monkeypatch) -> None:
    settings.DATA = tmp_path
    monkeypatch.setenv("LANTIAN_AS_OF", "2025-10-15")
    assert states_of(page(public, "/"), "target")["target-T03-1"] == "no_data"
    simulate_city(tmp_path, "鸡西", "230300", seed=6, first=date(2025, 1, 1), last=date(2025, 10, 15), now=now)
    assert states_of(page(public, "/"), "target")["target-T03-1"] != "no_data"


def test_kept_values_are_computed_once_and_the_oldest_leaves() -> None:
    kept: Kept[int] = Kept(2)
    asked: list[str] = []

    def value(name: str) -> int:
        return kept.get(name, lambda: asked.append(name) or len(asked))

    assert [value(name) for name in ("a", "a", "b", "a", "c", "b")] == [1, 1, 2, 1, 3, 4]
    assert asked == ["a", "b", "c", "b"]


def test_the_office_s_task_list_is_not_public(public: Client, administrator, client_of, now) -> None:
    from lantian.site.year import services as year_services
    from lantian.site.year.checking import check

    plan = rulebook.plan("jixi-2024")
    cells = {"number": "1", "text": "内部事项甲", "article": "4", "lead": "市发改委", "deadline": "2025-09-01"}
    year_services.enter("task", plan, 2025, check("task", plan, cells).values, by=administrator, now=now)
    staff = client_of("leader")
    assert "内部事项甲" in page(staff, "/p/jixi-2024/article/4/") + page(staff, "/p/jixi-2024/")
    assert "内部事项甲" not in page(public, "/p/jixi-2024/article/4/") + page(public, "/") + page(public, "/plan.json")
