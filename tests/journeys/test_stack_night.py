"""A night at the stacks, worked through in the browser: an exceedance, a lost signal, a planted pattern, from alarm to 销号.

The data come the way they always do: virtual stations of the simulated city send to the gateway, the referee, the checks and
the screening judge them, the watch raises the alarms. Nothing is written by hand.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import pytest

from conftest import DESKTOP, PASSWORD, PHONE  # type: ignore[import-not-found]
from lantian.basis.period import BEIJING
from lantian.store.stack.outlets import Outlet, outlets
from lantian.store.stack.records import records
from lantian.work.simulated_stack_night import Night, last_night

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_WAIT_SECONDS = 900  # 36 hours of 24 outlets are sent late, on whatever machine this is
_LEAST_SHARE = 0.8  # simulated minutes get lost too
Found = tuple[Night, dict[str, Outlet]]


@pytest.fixture(scope="module")
def night(server) -> Found:  # type: ignore[no-untyped-def]
    """The night the stations play, once its data have come; and the outlets by code."""
    now = datetime.now(BEIJING).replace(tzinfo=None)
    found = {one.code: one for one in outlets(server.data)}
    played = last_night(found.values(), now)
    assert played
    day = datetime.combine(played.silent_since.date(), clock_time())
    spans = {played.exceeding: (day + timedelta(hours=1), day + timedelta(hours=5)),
             played.flat: (day - timedelta(hours=4), day + timedelta(hours=6)),
             played.silent: (day, played.silent_since)}  # fmt: skip
    until = time.monotonic() + _WAIT_SECONDS
    while not all(_arrived(server.data, found[code], first, last) for code, (first, last) in spans.items()):
        assert time.monotonic() < until, "the stations' data did not come"
        time.sleep(3)
    return played, found


def _arrived(data: Path, outlet: Outlet, first: datetime, last: datetime) -> bool:
    rows = records(data, first, last, mns=[outlet.mn or ""], cns=["2051"], codes=["a21002"])
    return rows.height >= _LEAST_SHARE * (last - first) / timedelta(minutes=outlet.interval_minutes)


@pytest.fixture
def officer(page, server):  # type: ignore[no-untyped-def]
    return _signed_in(page, server, "zhiban", "duty_officer")


@pytest.fixture
def company(chromium, server, night: Found) -> Iterator:  # type: ignore[no-untyped-def, type-arg]
    """A phone of the company whose outlet exceeds."""
    played, found = night
    context = chromium.new_context(viewport=PHONE, base_url=server.address, locale="zh-CN")
    yield _signed_in(
        context.new_page(), server, "qiye", "company_officer", "--company", found[played.exceeding].company
    )
    context.close()


def _signed_in(page, server, name: str, role: str, *more: str):  # type: ignore[no-untyped-def]
    environment = {**os.environ, "LANTIAN_DATA": str(server.data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    lantian = str(Path(sys.executable).with_name("lantian"))
    if not (server.data / name).exists():
        command = [lantian, "user", "add", name, "--role", role, "--name", name, "--password", PASSWORD, *more]
        subprocess.run(command, check=True, env=environment)
        (server.data / name).touch()
    page.goto("/account/login/")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()
    return page


def _looked(page, what: str) -> None:  # type: ignore[no-untyped-def]
    """Has the watch look and waits for its end."""
    page.goto("/alarms/")
    page.get_by_role("button", name=what).click()
    until = time.monotonic() + _WAIT_SECONDS
    while "已完成" not in page.inner_text("main"):
        assert time.monotonic() < until, page.inner_text("main")
        page.wait_for_timeout(1000)
        page.reload()


def _opened(page, outlet: Outlet, cause: str, words: str = "") -> None:  # type: ignore[no-untyped-def]
    page.goto(f"/alarms/?state=all&cause={cause}&q={outlet.company}")
    row = page.locator("tr", has_text=outlet.title).filter(has_text=words).first
    row.get_by_role("link", name=outlet.title).click()
    page.wait_for_load_state()


def _shot(page, name: str) -> None:  # type: ignore[no-untyped-def]
    folder = os.environ.get("LANTIAN_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_night_from_alarm_to_closing_off(officer, company, night: Found, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    played, found = night
    exceeding, flat, silent = (found[code] for code in (played.exceeding, played.flat, played.silent))

    # Eight o'clock: the desk says what the night brought, on one screen.
    _looked(officer, "立即筛查")
    officer.goto("/")
    strip = officer.inner_text(".night-alarms")
    assert "八点清单" in strip
    assert "模拟数据" in strip
    assert officer.evaluate("document.documentElement.scrollHeight") <= DESKTOP["height"]
    _shot(officer, "desk")

    # The lost signal: pressed, still going; dealt with, it is closed as soon as the device is heard again.
    _opened(officer, silent, "lost")
    text = officer.inner_text("main")
    assert "督办" in text
    assert "信号中断" in text
    officer.get_by_text("处理完毕", exact=True).first.click()
    officer.locator("form[action$='/settle/'] textarea").fill("电话通知运维单位，更换通讯模块。")
    officer.locator("form[action$='/settle/'] button").click()
    assert "持续中，已处理" in officer.inner_text("main")

    # The planted pattern: for the office alone; its evidence is frozen for transfer, then it is closed off.
    _opened(officer, flat, "suspect", "恒值")
    assert "现场看什么" in officer.inner_text("main")
    _shot(officer, "pattern")
    officer.get_by_text("固定证据并移送").click()
    officer.get_by_label("移送单位").fill("模拟执法支队")
    officer.get_by_role("button", name="固定证据").click()
    officer.get_by_role("link", name="移送").click()
    officer.wait_for_load_state()
    assert "文件与固定时的摘要一致" in officer.inner_text("main")
    _shot(officer, "case")
    officer.go_back()
    officer.get_by_text("处理完毕", exact=True).first.click()
    officer.locator("form[action$='/settle/'] textarea").fill("已转执法支队现场核查。")
    officer.locator("form[action$='/settle/'] button").click()
    assert "处理完毕" in officer.inner_text(".timeline")

    # The exceedance: the company answers on a phone, the office draws an order from the alarm and sends it.
    company.goto("/")
    todo = company.inner_text("main")
    assert exceeding.name in todo
    assert "八点清单" not in todo
    assert company.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    _shot(company, "todo")
    company.get_by_role("link", name="报告原因和措施").first.click()
    company.get_by_label("原因和措施").fill("脱硝喷枪堵塞，已疏通。")
    company.get_by_role("button", name="提交").click()
    assert "脱硝喷枪堵塞" in company.inner_text(".timeline")
    _shot(company, "alarm-phone")
    _opened(officer, exceeding, "hour")
    alarm = officer.url
    assert "待标记" in officer.inner_text("main")
    assert "脱硝喷枪堵塞" in officer.inner_text(".timeline")
    _shot(officer, "alarm")
    officer.get_by_role("link", name="拟督办单").click()
    officer.get_by_label("联系人").fill("值班室 0000-0000000")
    officer.get_by_role("button", name="保存拟稿").click()
    order = officer.url
    officer.get_by_label("文号").fill("模拟督〔2026〕1号")
    officer.get_by_label("签发人").fill("模拟签发人")
    officer.get_by_role("button", name="登记印发并发出").click()
    assert "已发出" in officer.inner_text("main")

    # Received, explained with an attachment, returned, put right, checked, closed off: each step with its time.
    company.goto("/")
    company.get_by_role("link", name="去签收").click()
    company.get_by_role("button", name="签收", exact=True).click()
    proof = tmp_path / "检修记录.txt"
    proof.write_text("检修记录（模拟）", encoding="utf-8")
    company.get_by_label("情况说明").fill("喷枪堵塞，更换后达标。")
    company.get_by_label("附件").set_input_files(proof)
    company.get_by_role("button", name="报送说明").click()
    assert "检修记录.txt" in company.inner_text(".timeline")
    assert company.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    _shot(company, "order-phone")
    _step(officer, order, "退回补正", "缺少运行记录。")
    company.goto(order)
    company.get_by_label("情况说明").fill("已补运行记录。")
    company.get_by_role("button", name="报送补正").click()
    _step(officer, order, "核查通过", "现场核查属实。")
    _step(officer, order, "销号", "同意销号。")
    assert "已销号" in officer.inner_text("main")
    _shot(officer, "order")
    officer.goto(alarm)
    assert "已销号" in officer.inner_text("main")
    _step(officer, order, "登记回头看结果", "运行稳定。")
    assert "已回头看" in officer.inner_text("main")

    # Looked for again, what was dealt with is not raised anew.
    _looked(officer, "立即判定")
    officer.goto(f"/alarms/?cause=hour&q={exceeding.company}")
    assert exceeding.title not in officer.inner_text("main")


def _step(page, order: str, button: str, note: str) -> None:  # type: ignore[no-untyped-def]
    page.goto(order)
    form = page.locator("form", has=page.get_by_role("button", name=button, exact=True, include_hidden=True))
    if not form.locator("textarea").is_visible():
        page.locator("summary", has_text=button).click()
    form.locator("textarea").fill(note)
    form.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()
