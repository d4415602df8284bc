"""The same plan in other clothes gives the same reading: one line, hard lines with page numbers, half-width signs,
other brackets, numbering that restarts, other line ends and encodings. Run on a fictional plan of the corpus and,
where the shared trial data is there, on the whole official document of Jixi.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from corpus_score import score

reader = pytest.importorskip("lantian.plan.read")
pytestmark = pytest.mark.skipif(not hasattr(reader, "read_text"), reason="the plan reader is not there yet")

Dress = Callable[[str], str]
CORPUS = Path(__file__).parent / "read" / "corpus"
WIDTH, PAGE = 35, 24
NUMERALS = "零一二三四五六七八九十"
HALF = str.maketrans("，：（）；", ",:();")


def one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", re.sub(r"(?m)^— \d+ —$", "", text))


def hard_lines(text: str) -> str:
    """Lines of 35 signs, a page number after every 24 lines where a paragraph ends."""
    lines: list[str] = []
    pages, since = 1, 0
    for paragraph in text.split("\n"):
        cut = [paragraph[n : n + WIDTH] for n in range(0, len(paragraph), WIDTH)] or [""]
        lines += cut
        since += len(cut)
        if since >= PAGE:
            lines += ["", f"— {pages} —", ""]
            pages, since = pages + 1, 0
    return "\n".join(lines)


def half_width(text: str) -> str:
    return text.translate(HALF)


def square_brackets(text: str) -> str:
    """Responsibilities in 【】 instead of （）."""
    return re.sub(r"（(由[^\n]*?)）(?=\n|$)", r"【\1】", text)


def indented(text: str) -> str:
    return "\n\n".join("　　" + line.strip() for line in text.split("\n") if line.strip())


def windows_lines(text: str) -> str:
    return text.replace("\n", "\r\n")


def spaced(text: str) -> str:
    """A space around every number, as pages from a text program have them."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(\d[\d.]*)(?=[\u4e00-\u9fff])", r" \1 ", text)


def restarting(text: str) -> str:
    """The articles counted anew in every chapter."""
    count = 0
    lines = []
    for line in text.split("\n"):
        if re.match(r"[一二三四五六七八九十]+、", line):
            count = 0
        if match := re.match(r"（([一二三四五六七八九十]+)）", line):
            count += 1
            line = f"（{NUMERALS[count]}）{line[match.end() :]}"
        lines.append(line)
    return "\n".join(lines)


@cache
def traditional_signs() -> dict[int, str]:
    """Sign by sign: looking for phrases takes minutes."""
    table = files("opencc").joinpath("dictionary/STCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t", 1) for line in table.splitlines() if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1}


def traditional(text: str) -> str:
    return text.translate(traditional_signs())


def newspaper(text: str) -> str:
    head = (
        "首页 > 政务公开 > 政策文件\n发布时间：2024-06-03 09:12　来源：市政府办公室　浏览次数：318　字体：大 中 小\n\n"
    )
    tail = "\n上一篇：市政府召开常务会议\n下一篇：没有了\n打印本页　关闭窗口\n主办：市人民政府办公室　网站标识码：9900000002\n"
    return head + text + tail


DRESSES: list[Dress] = [
    one_line,
    hard_lines,
    half_width,
    square_brackets,
    indented,
    windows_lines,
    spaced,
    restarting,
    traditional,
    newspaper,
]


def dressed(key: dict[str, Any], dress: Dress) -> dict[str, Any]:
    """The key in the same clothes: only signs inside a line change in it; one line hides where a title ends."""
    if dress is one_line:
        facts = {name: key["document"][name] for name in ("plan", "complete")}
        return {**key, "document": facts}
    if dress in (half_width, traditional):
        return turned(key, dress)
    return key


def turned(value: Any, dress: Dress, name: str = "") -> Any:
    """Every text of a key in other signs; the words of the reader's own vocabulary stay."""
    if isinstance(value, dict):
        return {key: turned(inner, dress, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [turned(inner, dress, name) for inner in value]
    return dress(value) if isinstance(value, str) and name not in ("kind", "comparator", "deadline") else value


def check(text: str, key: dict[str, Any], dress: Dress, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(dress(text).encode("utf-8"))
    out = reader.read(path)
    short = [str(m) for m in score(dressed(key, dress), out) if not m.reached]
    assert not short, "\n".join([dress.__name__, *short])


@pytest.mark.parametrize("dress", DRESSES, ids=lambda d: d.__name__)
def test_a_fictional_plan_in_other_clothes(dress: Dress, tmp_path: Path) -> None:
    key = json.loads((CORPUS / "qingze-2024.key.json").read_text("utf-8"))
    check((CORPUS / "qingze-2024.txt").read_text("utf-8"), key, dress, tmp_path)


@pytest.mark.parametrize("dress", DRESSES, ids=lambda d: d.__name__)
def test_the_jixi_plan_in_other_clothes(dress: Dress, tmp_path: Path, shared: Path) -> None:
    plans = shared / "data" / "plans"
    key = json.loads((plans / "jixi-2024.key.json").read_text("utf-8"))
    key["document"] |= {"plan": True, "complete": True}
    for name in ("title", "number", "issued_on"):  # the notice's own title is broken in this document
        key["document"].pop(name, None)
    check((plans / "jixi-2024.txt").read_text("utf-8"), key, dress, tmp_path)


ONE_LINE_PLANS = ["yanzhou-2019", "songcheng-rules-2014", "shiheng-2025", "maoling-2023"]
OLD_PLANS = ["lantai-2018", "songcheng-rules-2014", "tongyan-2023-news", "hequan-2020-table"]


@pytest.mark.parametrize("plan", ONE_LINE_PLANS)
def test_other_numberings_without_a_line_end(plan: str, tmp_path: Path) -> None:
    key = json.loads((CORPUS / f"{plan}.key.json").read_text("utf-8"))
    check((CORPUS / f"{plan}.txt").read_text("utf-8"), key, one_line, tmp_path)


@pytest.mark.parametrize("plan", OLD_PLANS)
def test_an_old_plan_on_a_page_of_a_later_year(plan: str, tmp_path: Path) -> None:
    """The date of a web page says nothing about the years of the targets."""
    key = json.loads((CORPUS / f"{plan}.key.json").read_text("utf-8"))
    check((CORPUS / f"{plan}.txt").read_text("utf-8"), key, newspaper, tmp_path)


def test_the_official_encoding_of_old_pages(tmp_path: Path) -> None:
    """GBK gives what UTF-8 gives."""
    text = (CORPUS / "qingze-2024.txt").read_text("utf-8")
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_bytes(text.encode("gb18030"))
    new.write_bytes(text.encode("utf-8"))
    assert reader.read(old)["targets"] == reader.read(new)["targets"]
