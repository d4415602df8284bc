"""The command as a person meets it: help, refusals, exit codes, what is left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LANTIAN = str(Path(sys.executable).with_name("lantian"))


def lantian(*arguments: str, data: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LANTIAN_DATA": str(data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [LANTIAN, *arguments], capture_output=True, text=True, env=environment, input=stdin, timeout=120
    )


def test_help_lists_the_commands_in_chinese(data: Path) -> None:
    shown = lantian("--help", data=data).stdout
    for name in ("plan", "air", "serve", "backup", "restore", "demo", "user", "work"):
        assert name in shown
    assert "方案" in shown


def test_help_loads_no_heavy_library(data: Path) -> None:
    code = (
        "import sys; sys.argv=['lantian']; import lantian.cli; "
        "print(sorted({'django','polars','altair','pyarrow','vl_convert','opencc','openpyxl','docx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.txt", None, "absent.txt"),
        ("empty.txt", b"", "空"),
        ("picture.txt", bytes(range(256)) * 40, "picture.txt"),
        ("not-a.docx", b"plain text", "not-a.docx"),
    ],
)
def test_a_document_that_cannot_be_read_ends_with_2_and_says_which(
    data: Path, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    answer = lantian("plan", "read", str(tmp_path / name), "--json", data=data)
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""


def test_a_table_with_other_columns_ends_with_2_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "sales.csv"
    table.write_text("customer,amount\nA,1\n", encoding="utf-8")
    answer = lantian("air", "import", str(table), data=data)
    assert answer.returncode == 2
    assert "customer" in answer.stderr
    assert not (data / "air.sqlite").exists() or lantian("air", "import", str(table), data=data).returncode == 2


def test_a_taken_port_is_reported_with_its_owner(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = lantian("serve", "--port", str(port), data=data)
    assert answer.returncode == 2
    assert f"端口 {port} 已被占用" in answer.stderr
    assert f"进程 {os.getpid()}" in answer.stderr
    assert "PORT=" in answer.stderr


def test_a_user_is_added_and_a_wrong_role_is_explained(data: Path) -> None:
    wrong = lantian("user", "add", "wang", "--role", "king", "--password", "blue sky 2025", data=data)
    assert wrong.returncode == 2
    assert "king" in wrong.stderr
    assert "coordinator" in wrong.stderr


@pytest.mark.parametrize(("moment", "words"), [("tomorrow", "不是时刻"), ("2025-10-16T08:00", "时区")])
def test_run_due_wants_an_instant_with_its_zone(data: Path, moment: str, words: str) -> None:
    answer = lantian("work", "run-due", "--now", moment, data=data)
    assert answer.returncode == 2
    assert words in answer.stderr.replace("\n", "").replace("│", "").replace(" ", "")
