"""The heading of a numbered unit: its title where it has one, else a short head of its first sentence."""

from __future__ import annotations

import re

from lantian.plan.read.brackets import depths, split
from lantian.plan.read.deadlines import deadlines_in
from lantian.plan.read.flat import Flat

_LONGEST = 45
_HEAD = 25  # an untitled measure is known by at most this many characters
_QUANTITY = re.compile(r"(?<!\d)\d+(?:\.\d+)?(?:%|微克|毫克|吨|万|个百分点|天|台|辆|户|家|公里|蒸吨)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MEASURED = re.compile(r"(?:率|浓度|天数|比例|比重|尘量|总量|指数|强度)$")
_PREDICATE = re.compile(r"达到|控制在|降至|降到|下降|不低于|不高于|不超过|不少于|提高到|提高至|提升至|提升到|超过|力争")
_OPENING = re.compile(
    r"(?:以习近平|以邓小平|以马克思|以党的|以改善|全面贯彻|深入贯彻|坚持以|为贯彻|为深入|为全面|为落实|到(?:19|20)\d{2}年|(?:19|20)\d{2}年|"
    r"“十[一二三四五六]五”|按照|根据|经过|本(?:方案|规划|计划)|规划(?:基准年|范围|期限))"
)


def heading(flat: Flat, *, alone: bool) -> tuple[int, Flat]:
    """How far the heading reaches in a unit's first paragraph (0 where it is all text), and the title.

    ``alone`` says that the paragraph is the unit's only text.
    """
    text = flat.text
    says_more = alone and (_QUANTITY.search(text) or ("，" in text and len(text) > _HEAD))
    if not re.search(r"[。；！]", text) and len(text) <= _LONGEST and not says_more:
        return _bare_heading(flat)
    stop = _first_stop(text)
    first = text[:stop]
    colon = first.find("：")
    if 2 <= colon <= 16 and not re.search(r"[，；、（\d]", first[:colon]):
        return (0 if _MEASURED.search(first[:colon]) else colon + 1), flat.cut(0, colon)
    if (
        stop < len(text)
        and text[stop] == "。"
        and len(first) <= _LONGEST
        and "；" not in first
        and not _QUANTITY.search(first)
    ):
        tail = re.sub(r"[（〔【].*$|(?:牵头|责任|配合)(?:单位|部门)：.*$", "", text[stop + 1 :])
        if tail or len(first) <= _HEAD:
            return stop + 1, flat.cut(0, stop)
    for at in range(2, min(_HEAD, len(text))):
        if (
            flat.wide_gap(at)
            and _HAN.match(text[at])
            and _HAN.match(text[at - 1])
            and flat.raw[at - 1] != " "
            and "，" not in text[:at]
            and len(text) > at + 12
        ):
            return at, flat.cut(0, at)
    opening = _OPENING.search(text, 2, 20)
    if (
        opening
        and not re.search(r"[，。；：]", text[: opening.start()])
        and len(text) > 40
        and not _PREDICATE.search(text[: opening.start()])
    ):
        return opening.start(), flat.cut(0, opening.start())
    return 0, _head(flat)


def _bare_heading(flat: Flat) -> tuple[int, Flat]:
    """A heading on a line of its own, a remark in brackets behind it left out."""
    opening = min((flat.text.find(mark) for mark in "〔【" if flat.text.find(mark) > 2), default=len(flat))
    role = re.search(r"（[^（）]*(?:牵头|负责|责任单位)", flat.text)
    return len(flat), flat.cut(0, min(opening, role.start() if role else len(flat)))


def _first_stop(text: str) -> int:
    depth = depths(text)
    return next((i for i, c in enumerate(text) if c in "。！" and depth[i] == 0), len(text))


def _head(flat: Flat) -> Flat:
    """The first clause that says something; where it is long, its subject."""
    text = flat.text
    end = next((last for _, last in split(text, "。；：")), len(text))
    end = min(end, next((m.start() for m in re.finditer(r"[（〔【][^）〕】]*(?:责任|牵头|负责)", text)), end))
    while end and text[end - 1] in "，、":
        end -= 1
    if end <= _HEAD:
        return flat.cut(0, end)
    spans = split(text[:end], "，")
    first = 0
    while first + 1 < len(spans) and _is_frame(text[spans[first][0] : spans[first][1]]):
        first += 1
    end = spans[first][1]
    if end <= _HEAD:
        return flat.cut(0, end)
    predicate = _PREDICATE.search(text, spans[first][0] + 2, end)
    if predicate:
        end = predicate.start()
    if end > _HEAD and "中" in text[spans[first][0] + 2 : end]:
        end = text.index("中", spans[first][0] + 2)
    return flat.cut(0, end)


def _is_frame(text: str) -> bool:
    """Whether a clause only says when or where."""
    dates = deadlines_in(text)
    left = len(text) - sum(date.end - date.start for date in dates)
    return (bool(dates) and left <= 3) or bool(re.match(r"(?:在|按照|根据|针对|对|以).{0,30}$", text))
