"""Every deliberately broken file is refused with its file, its line, what is wrong and what to do.

The first line of each file says what the message must contain. ``article-`` and ``plan-`` and ``bodies-`` files replace
one of a small whole plan's, ``parameter-`` files are dated parameters, ``yaml-`` files are only loaded.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lantian.rulebook import RulebookError, plans
from lantian.rulebook.dated import read
from lantian.rulebook.loader import load
from lantian.rulebook.plan_files import read_folder

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))
PLACES = {"article": "articles/01.yaml", "plan": "plan.yaml", "bodies": "bodies.yaml"}


def _use(file: Path, folder: Path) -> str:
    """Reads the broken file the way the program would; the name the message must give."""
    kind = file.name.partition("-")[0]
    if kind in PLACES:
        shutil.copytree(HERE / "whole" / "yunling", folder / "yunling")
        shutil.copy(file, folder / "yunling" / PLACES[kind])
        name = f"plans/yunling/{PLACES[kind]}"
        if file.stem == "article-article-twice":
            name = "plans/yunling/articles/02.yaml"
        with pytest.raises(RulebookError) as caught:
            read_folder(folder / "yunling")
    else:
        name = file.name
        with pytest.raises(RulebookError) as caught:
            read("broken", load(file, name)) if kind == "parameter" else load(file, name)
    assert caught.value.file == name
    return f"{caught.value} line {caught.value.line} | {caught.value.findings[0].text.en}"


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_file_says_where_what_and_what_to_do(file: Path, tmp_path: Path) -> None:
    expected = file.read_text().partition("\n")[0].removeprefix("# expect: ").split(" | ")
    message = _use(file, tmp_path)
    assert len(expected) >= 3
    assert f"{expected[0]} |" in message
    for words in expected[1:]:
        assert words in message


def test_the_whole_plan_is_read(tmp_path: Path) -> None:
    """Without this the broken files might be refused for another reason."""
    shutil.copytree(HERE / "whole", tmp_path / "plans")
    plan = plans(tmp_path)["yunling"]
    assert [len(plan.articles), len(plan.targets), len(plan.rules), len(plan.procedures), len(plan.groups)] == [
        2,
        1,
        1,
        1,
        1,
    ]
    assert plan.articles[1].title.zh == plan.articles[1].title.en == "原则"


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    shutil.copytree(HERE / "whole" / "yunling", tmp_path / "yunling")
    (tmp_path / "yunling" / "bodies.yaml").unlink()
    with pytest.raises(RulebookError, match=r"bodies\.yaml 文件读不出来"):
        read_folder(tmp_path / "yunling")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [(b"", 1, "文件是空的"), (b"a: 1\nb: \xb5\xda\n", 2, "不是 UTF-8 编码"), (b"a: \x00\n", None, "YAML 语法有误")],
)
def test_files_that_are_no_text_are_refused(content: bytes, line: int | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(content)
    with pytest.raises(RulebookError, match=words) as caught:
        load(file, "x.yaml")
    assert caught.value.line == line


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    with file.open("wb") as out:
        out.truncate(50_000_000)
    with pytest.raises(RulebookError, match="超过 4000000"):
        load(file, "x.yaml")
