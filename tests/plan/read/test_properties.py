"""Laws of form that hold for every document: coverage, offsets, line ends, prefixes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.plan.read import read_text

HERE = Path(__file__).parent / "documents"
NAMES = sorted(path.name for path in HERE.glob("*.txt"))
PLANS = [name for name in NAMES if "law" not in name]
# What the last line of a whole plan may end with: a sentence, a closed bracket, a body's name, a deadline. A cut that
# ends so cannot be told from the end by that line alone.
STOPS = ("。", "）", ")", "〕", "】")
BODY_ENDS = (*"局府委办会社司心区处室位门部厅院站段队", "银行", "海关")
DEADLINE_ENDS = (*"年月日底前",)
NUMERAL = re.compile(r"(?:^|\n)\s*[（(][一二三四五六七八九十\d]+[）)]$")  # of this number the text is cut off


@cache
def text_of(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def reading(name: str) -> dict[str, Any]:
    return read_text(text_of(name))


def assert_covered(data: dict[str, Any]) -> None:
    held = [0] * len(data["text"])
    for sentence in data["sentences"]:
        assert sentence["end"] - sentence["start"] <= 400
        for at in range(sentence["start"], sentence["end"]):
            held[at] += 1
    assert max(held, default=0) <= 1
    assert [s["start"] for s in data["sentences"]] == sorted(s["start"] for s in data["sentences"])
    for article in data["articles"]:
        missed = [
            at for at in range(article["start"], article["end"]) if not held[at] and not data["text"][at].isspace()
        ]
        assert not missed, data["text"][missed[0] - 10 : missed[0] + 20]


@pytest.mark.parametrize("name", NAMES)
def test_every_character_of_an_article_stands_in_one_sentence(name: str) -> None:
    assert_covered(reading(name))


@pytest.mark.parametrize("name", PLANS)
def test_little_is_not_understood_and_all_of_it_is_listed(name: str) -> None:
    data = reading(name)
    unparsed = [s for s in data["sentences"] if s["role"] == "unparsed"]
    assert len(unparsed) == len(data["unparsed"])
    assert sum(s["end"] - s["start"] for s in unparsed) <= 0.1 * len(data["text"])


@pytest.mark.parametrize("name", PLANS)
def test_offsets_point_at_what_they_name(name: str) -> None:
    data = reading(name)
    text = data["text"]
    for kind in ("targets", "rules", "procedures", "duties", "sentences", "articles"):
        for item in data[kind]:
            assert 0 <= item["start"] < item["end"] <= len(text)
            assert text[item["start"]].strip()
            assert text[item["end"] - 1].strip()
    for duty in data["duties"]:
        assert "".join(duty["text"].split()) in "".join(text[duty["start"] : duty["end"]].split())
    for article in data["articles"]:
        squeezed = "".join(text[article["start"] : article["end"]].split())
        assert "".join(article["title"].split()) in squeezed
        for group in article["responsibility"]:
            declared = "".join(text[group["start"] : group["end"]].split())
            assert all("".join(body.split()) in declared for body in group["bodies"])


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_do_not_matter(name: str) -> None:
    assert read_text(text_of(name).replace("\n", "\r\n")) == reading(name)


@pytest.mark.parametrize("name", NAMES)
def test_reading_twice_gives_the_same(name: str) -> None:
    assert read_text(text_of(name)) == reading(name)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLANS), st.floats(0.02, 0.97))
def test_a_prefix_is_read_and_is_not_complete(name: str, share: float) -> None:
    text = text_of(name)
    at = int(len(text) * share)
    data = read_text(text[:at])
    assert_covered(data)
    chapters = reading(name)["chapters"]
    cut = text[:at].rstrip()
    ends_well = cut.endswith((*STOPS, *BODY_ENDS, *DEADLINE_ENDS)) and not NUMERAL.search(cut)
    seam = text[: chapters[-1]["start"]].rstrip() if chapters else ""  # there only a chapter's name tells
    before_the_last = bool(chapters) and len(cut) < len(seam)
    within = at <= reading(name)["articles"][-1]["end"]  # what follows is furniture: the plan itself is whole
    if within and (not ends_well or before_the_last):
        assert data["document"]["complete"] is False


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("dongping-decimal.txt", "编制本规划。"),  # the purpose of a plan is its beginning
        ("nanhu-list.txt", "“回头看”"),  # closes a name, not a sentence
        ("qinghe-four-levels.txt", "三、保障措施\n(一)"),  # a number whose text is cut off
    ],
)
def test_a_cut_that_looks_like_an_end(name: str, end: str) -> None:
    text = text_of(name)
    assert read_text(text[: text.index(end) + len(end)])["document"]["complete"] is False


@settings(max_examples=40, deadline=None)
@given(
    st.text(
        alphabet="一二、（）1.2.。；，：到年%吨微克/立方米市局牵头负责严禁不得\n\t 表|〔〕【】《》“”第章节条",
        max_size=300,
    )
)
def test_any_text_is_read_without_a_crash(text: str) -> None:
    data = read_text("某市大气污染防治行动方案\n一、空气\n（一）大气治理。" + text)
    assert_covered(data)
