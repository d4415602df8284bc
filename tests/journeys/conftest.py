"""A real server on a simulated city, and a real browser, for whole journeys."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
PASSWORD = "blue sky 2025"


@dataclass(frozen=True)
class Server:
    """A running ``lantian serve``: address, first administrator's link, data folder."""

    address: str
    first_link: str
    data: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path) -> tuple[subprocess.Popen[str], list[str]]:
    """The process and the lines it printed until it was ready."""
    environment = {**os.environ, "LANTIAN_DATA": str(data), "PORT": str(free_port()), "HOST": "127.0.0.1"}
    environment["LANTIAN_GATEWAY_PORT"] = "0"
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [str(Path(sys.executable).with_name("lantian")), "serve"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    lines = [process.stdout.readline()]
    assert "http://" in lines[0], f"the server said {lines[0]!r}"
    if not (data / "started").exists():
        lines += [process.stdout.readline(), process.stdout.readline()]
        (data / "started").touch()
    return process, lines


def stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(30)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("journey") / "data"
    data.mkdir(mode=0o700)
    process, lines = start(data)
    address = re.search(r"http://\S+?/", lines[0])
    link = re.search(r"http://\S+", lines[2])
    assert address
    assert link
    yield Server(address[0].rstrip("/"), link[0], data)
    assert stop(process) == 0


@pytest.fixture(scope="session")
def chromium():  # type: ignore[no-untyped-def]
    """Headless Chromium of the system's packages; the tests are left out with a reason where it is absent."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("left out: Chromium is not installed (apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=path, args=[*arguments, "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, server):  # type: ignore[no-untyped-def]
    """A fresh page at desktop width; anything the browser complains about fails the test."""
    context = chromium.new_context(viewport=DESKTOP, base_url=server.address, locale="zh-CN")
    complaints: list[str] = []
    tab = context.new_page()
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on(
        "response", lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
    )
    tab.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
    yield tab
    context.close()
    assert not [text for text in complaints if "net::ERR_ABORTED" not in text], complaints


@pytest.fixture
def staff(page, server):  # type: ignore[no-untyped-def]
    """The page, signed in as a coordinator."""
    environment = {**os.environ, "LANTIAN_DATA": str(server.data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [str(Path(sys.executable).with_name("lantian")), "user", "add", "wang", "--role", "coordinator"]
    if not (server.data / "wang").exists():
        subprocess.run([*command, "--name", "王一", "--password", PASSWORD], check=True, env=environment)
        (server.data / "wang").touch()
    page.goto("/account/login/")
    page.get_by_label("登录名").fill("wang")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    return page
