"""What the office does: first use, the desk at eight, the daily report, a table pasted in, a second plan."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from conftest import DESKTOP, PASSWORD, PHONE  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser

FICTIONAL_PLAN = """云岭市空气质量持续改善行动计划实施方案

为持续改善空气质量，结合我市实际，制定本方案。

一、总体要求
（一）目标指标。到2027年，全市细颗粒物（PM2.5）年均浓度控制在31微克/立方米以内，优良天数比率达到88%。

二、重点任务
（二）优化能源结构。严禁新建35蒸吨/小时及以下燃煤锅炉。到2026年，全市散煤替代率达到60%。（由市发改委牵头，市生态环境局按职责分工负责）
（三）加强监督检查。每季度开展一次专项检查。（由市生态环境局负责）

云岭市人民政府
2024年6月1日
"""


def test_the_one_time_link_creates_the_administrator(page, server) -> None:  # type: ignore[no-untyped-def]
    page.goto(server.first_link)
    page.get_by_label("登录名").fill("root-of-office")
    page.get_by_label("姓名").fill("管理员")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.get_by_role("button", name="保存并登录").click()
    page.wait_for_url("**/")
    assert "值班台" in page.inner_text("h1")


def test_the_desk_fits_one_screen_and_every_figure_has_its_why(staff) -> None:  # type: ignore[no-untyped-def]
    assert staff.evaluate("document.documentElement.scrollHeight") <= DESKTOP["height"]
    text = staff.inner_text("main")
    for words in ("2025-10-16", "模拟数据", "PM2.5", "去年同期", "优良天数", "首要污染物"):
        assert words in text
    staff.get_by_role("link", name="为什么").first.click()
    assert "口径" in staff.inner_text("main")
    staff.set_viewport_size(PHONE)
    staff.goto("/")
    assert staff.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_daily_report_is_one_tap_as_text_word_and_picture(staff) -> None:  # type: ignore[no-untyped-def]
    staff.goto("/desk/report/2025-10-15/text/")
    text = staff.inner_text("body")
    for words in ("鸡西市", "10月15日", "模拟数据", "实况"):
        assert words in text
    with staff.expect_download() as coming:
        staff.evaluate("window.location = '/desk/report/2025-10-15/docx/'")
    with zipfile.ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes())) as document:
        assert "鸡西市" in document.read("word/document.xml").decode()
    staff.goto("/desk/report/2025-10-15/")
    staff.get_by_role("button", name="图片").click()
    picture = staff.locator("img[src$='.png']")
    picture.wait_for(timeout=60_000)
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 600


def test_a_log_entry_stays_and_an_open_matter_is_handed_over(staff) -> None:  # type: ignore[no-untyped-def]
    staff.get_by_placeholder("记一条").fill("城子河站数据中断，已通知运维单位")
    staff.get_by_label("待办").check()
    staff.get_by_role("button", name="记入").click()
    assert "城子河站数据中断" in staff.inner_text("main")
    staff.goto("/desk/log/")
    assert "城子河站数据中断" in staff.inner_text("main")
    assert staff.get_by_role("button", name="交班").is_visible()


def test_a_second_plan_is_imported_finished_and_shown_without_a_change_of_code(staff, tmp_path) -> None:  # type: ignore[no-untyped-def]
    document = tmp_path / "yunling.txt"
    document.write_text(FICTIONAL_PLAN, encoding="utf-8")
    staff.goto("/intake/")
    staff.get_by_label("方案文件").set_input_files(str(document))
    staff.get_by_role("button", name="识别").click()
    staff.get_by_role("link", name="补充并完成方案").click(timeout=60_000)
    address = staff.url
    staff.get_by_label("行政区划代码").fill("990100")
    staff.get_by_label("印发单位").fill("云岭市人民政府")
    staff.get_by_role("button", name="完成").click()
    staff.wait_for_load_state()
    name = address.split("/plan/")[1].split("/")[0]
    staff.goto("/account/login/")
    staff.context.clear_cookies()
    staff.goto(f"/p/{name}/")
    text = staff.inner_text("main")
    assert "云岭市" in text
    assert "31" in text
    assert staff.locator("[id^='article-'][data-state]").count() == 3
    assert staff.locator("[id^='target-'][data-state]").count() == 3
