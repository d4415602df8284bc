"""The rooms of the air, one journey after another on one server: stations and hours pasted in, a basis decided and taken
back, the bulletin, who may only read.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from conftest import PASSWORD, PHONE, Server, start, stop  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser

DAY = date(2025, 3, 31)
DUST = date(2025, 3, 15)
STATIONS = {"2240A": "环保局", "2241A": "自来水公司", "2242A": "白酒厂", "2243A": "气象局"}
SLOW = 60_000  # ms the worker may take for one piece of work on a busy machine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that looks back to the day of these tables."""
    data = tmp_path_factory.mktemp("air-rooms") / "data"
    data.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LANTIAN_AS_OF", DAY.isoformat())
        process, lines = start(data)
    yield Server(lines[0].split("：")[1].strip().rstrip("/"), lines[2].strip(), data)
    assert stop(process) == 0


def register() -> str:
    rows = [
        f"{code}\t{name}\t鸡西\t国控\t{130.9 + n / 50}\t45.29\t2024-01-01"
        for n, (code, name) in enumerate(STATIONS.items())
    ]
    return "\n".join(["站点编码\t站点名称\t城市\t类型\t经度\t纬度\t自哪天起", *rows])


def hours(*rows: tuple[str, datetime, int]) -> str:
    head = "站点编码\t城市\t监测时间\tSO2\tNO2\tCO\tO3\tPM10\tPM2.5"
    return "\n".join(
        [
            head,
            *(f"{code}\t鸡西\t{time:%Y-%m-%d %H:%M}\t8\t20\t0.6\t60\t{pm25 + 20}\t{pm25}" for code, time, pm25 in rows),
        ]
    )


def whole_day() -> list[tuple[str, datetime, int]]:
    first = datetime(DAY.year, DAY.month, DAY.day)
    return [(code, first + timedelta(hours=hour), 40) for code in STATIONS for hour in range(1, 25)]


def city_days() -> str:
    """January to 30 March: PM2.5 30 on every day, 300 on the day of dust."""
    head = "日期\t城市\tSO2\tNO2\tCO\tO3_8h\tPM10\tPM2.5"
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(89)]
    return "\n".join(
        [
            head,
            *(
                f"{day}\t鸡西\t8\t20\t0.6\t80\t{500 if day == DUST else 50}\t{300 if day == DUST else 30}"
                for day in days
            ),
        ]
    )


def brought_in(staff, table: str) -> None:  # type: ignore[no-untyped-def]
    """A table pasted, looked at and imported, to the end of its job."""
    staff.goto("/intake/")
    staff.get_by_label("粘贴").fill(table)
    staff.get_by_role("button", name="预览").click()
    staff.get_by_role("button", name=re.compile("^导入")).click()
    staff.get_by_text("已完成").first.wait_for(timeout=SLOW)


def test_stations_and_hours_pasted_in_stand_on_every_page_and_a_late_hour_changes_the_day(staff) -> None:  # type: ignore[no-untyped-def]
    staff.goto("/air/stations/")
    staff.get_by_role("link", name="导入登记表").click()
    staff.get_by_label("粘贴").fill(register())
    staff.get_by_role("button", name="预览").click()
    staff.get_by_role("button", name=re.compile("写入 4 行")).click()
    staff.get_by_text("已完成").first.wait_for(timeout=SLOW)
    brought_in(staff, hours(*whole_day()))

    staff.goto("/air/")
    today = staff.inner_text("main")
    for words in (
        "2025-03-31 24:00",
        "有值 4 个",
        "环保局",
        "气象局",
        "57",
        "良",
    ):  # PM2.5 40: (40 − 35) · 50 / 40 + 50 = 56.25
        assert words in today, words
    assert "模拟数据" not in today
    staff.goto("/air/stations/2240A/?day=2025-03-31")
    assert "40" in staff.get_by_role("row", name=re.compile("03-31")).first.inner_text()

    late = (("2240A", datetime(2025, 3, 31, 10), 280),)  # its day becomes 50, the city's (50 + 3 · 40) / 4 = 42.5
    brought_in(staff, hours(*late))
    staff.goto("/air/day/2025-03-31/")
    day = staff.inner_text("main")
    assert re.search(r"PM2\.5\s+µg/m³\s+42\.5\s+42\s+59", day)  # half to even; (42 − 35) · 50 / 40 + 50 = 58.75
    assert re.search(r"PM2\.5 40 → 42\.5", day), day
    staff.goto("/")
    assert "59" in staff.inner_text(".yesterday")
    assert "环保局" in staff.inner_text(".last-hour")


def test_a_decided_basis_and_days_taken_out_stand_beside_the_others_until_they_are_withdrawn(staff) -> None:  # type: ignore[no-untyped-def]
    brought_in(staff, city_days())
    staff.goto("/board/excluded/")
    staff.get_by_text("登记一条").click()
    box = staff.locator("form[action$='excluded/record']")
    box.get_by_label("起", exact=False).first.fill(DUST.isoformat())
    box.get_by_label("决定单位").fill("中国环境监测总站")
    box.get_by_label("文号").fill("总站气字〔2025〕7号")
    box.get_by_label("决定日期").fill("2025-03-20")
    box.get_by_role("button", name="登记").click()
    staff.get_by_text("总站气字〔2025〕7号").wait_for()

    staff.goto("/board/")
    pair = staff.locator("table", has=staff.get_by_role("columnheader", name="扣除后")).inner_text()
    assert re.search(r"PM2\.5 平均浓度.*\s33\s+30\s+−3", pair), (
        pair
    )  # (88 · 30 + 300 + 42.5) / 90 = 33.1; 30.1 of 89 days

    staff.goto("/board/basis/")
    staff.get_by_text("登记一项决定").click()
    box = staff.locator("form[action$='basis/record']")
    box.get_by_label("用于").select_option("T03-1")
    box.get_by_label("沙尘").select_option("excluded")
    for label, words in {
        "考核单位": "省生态环境厅",
        "文件": "黑环函〔2025〕9号",
        "决定人": "张三",
        "理由": "按省厅通知",
    }.items():
        box.get_by_label(label).fill(words)
    box.get_by_label("决定日期").fill("2025-03-21")
    box.get_by_role("button", name="登记").click()
    staff.get_by_text("执行中").wait_for()
    staff.goto("/p/jixi-2024/why/T03-1/")
    why = staff.inner_text("main")
    for words in ("扣除沙尘", "黑环函〔2025〕9号", "张三", "30"):
        assert words in why, words

    for address, document in (("/board/basis/", "黑环函"), ("/board/excluded/", "总站气字")):
        staff.goto(address)
        row = staff.locator("tr", has_text=document)
        row.get_by_text("撤回").first.click()
        row.get_by_label("撤回原因").fill("试登记")
        row.get_by_role("button", name="撤回").click()
        staff.get_by_text("已撤回：试登记").wait_for()
    staff.goto("/p/jixi-2024/why/T03-1/")
    assert "黑环函" not in staff.inner_text("main")
    staff.goto("/board/")
    assert "今年没有登记扣除日" in staff.inner_text("main")


def test_the_bulletin_of_a_month_is_made_by_the_worker_and_opens_in_word(staff) -> None:  # type: ignore[no-untyped-def]
    staff.goto("/bulletin/2025-03/")
    staff.get_by_role("button", name=re.compile("生成")).click()
    staff.get_by_text("已完成").first.wait_for(timeout=SLOW)
    staff.goto("/bulletin/2025-03/")
    with staff.expect_download() as coming:
        staff.get_by_role("link", name="下载 Word").click()
    with zipfile.ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes())) as document:
        text = re.sub(r"<[^>]+>", "", document.read("word/document.xml").decode())
    assert "鸡西市" in text
    assert "PM2.5 39 µg/m³" in text  # (29 · 30 + 300 + 42.5) / 31 = 39.1


def test_a_leader_reads_everything_and_writes_nothing_and_the_public_signs_in_first(page, server) -> None:  # type: ignore[no-untyped-def]
    environment = {**os.environ, "LANTIAN_DATA": str(server.data)}
    command = [
        str(Path(sys.executable).with_name("lantian")),
        "user",
        "add",
        "li",
        "--role",
        "leader",
        "--name",
        "李四",
    ]
    subprocess.run([*command, "--password", PASSWORD], check=True, env=environment)
    page.goto("/board/")
    assert "/account/login/" in page.url
    page.get_by_label("登录名").fill("li")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/board/")
    page.set_viewport_size(PHONE)
    for address in ("/air/", "/air/stations/", "/air/quality/", "/board/", "/board/basis/", "/bulletin/2025-03/"):
        page.goto(address)
        assert page.locator("main form[method=post]").count() == 0, address
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
    for address in ("/air/stations-import/", "/air/stations-add/", "/intake/air/"):
        assert page.request.get(address).status == 403, address
