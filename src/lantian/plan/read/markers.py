"""Numbers that open a unit of a plan: 第一章, 第一节, 一、, （一）, 1., （1）, ①, 1.1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lantian.plan.read.numerals import CIRCLED, NUMERAL, number_of

_N = f"{NUMERAL}{{1,4}}"
_FORMS = (
    ("part", re.compile(rf"第({_N}|\d{{1,2}})(?:部分|篇|编)[：、]?")),
    ("chapter", re.compile(rf"第({_N}|\d{{1,2}})章[：、]?")),
    ("section", re.compile(rf"第({_N}|\d{{1,2}})节[：、]?")),
    ("clause", re.compile(rf"第({_N}|\d{{1,3}})条(?:之[一二三四五])?[：、]?(?![、和款项（规的第])")),
    ("cn", re.compile(rf"({_N})[、.](?!\d)")),
    ("label", re.compile(rf"(?:任务|行动|措施)({_N}|\d{{1,2}})[：、.]")),
    ("cnp", re.compile(rf"[（〔]({_N})[）〕][、.：]?")),
    ("decimal4", re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2}\.\d{1,2})[.、]?(?=\s?[\u4e00-\u9fff“《])")),
    ("decimal3", re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2})[.、]?(?=\s?[\u4e00-\u9fff“《])")),
    ("ar", re.compile(r"(\d{1,3})(?:[.、](?=\D|\d{4}年|\d{2,}蒸吨)|、)")),
    ("decimal2", re.compile(r"(\d{1,2}\.\d{1,2})[、]?(?=\s?[\u4e00-\u9fff“《])")),
    ("arp", re.compile(r"(?:（(\d{1,2})）|(\d{1,2})）)[、.]?")),
    ("circled", re.compile(rf"([{CIRCLED}])[、.]?")),
)
_NOT_AFTER_DECIMAL = re.compile(
    r"\s?(?:万|亿|吨|个|公里|平方|倍|家|户|辆|台|微克|毫克|立方|小时|天|米|亩|公顷|蒸吨|元|千瓦|兆瓦)"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A number that opens a unit: its form, value, numeral as written, and how long it is."""

    form: str
    value: int
    numeral: str
    length: int


def marker_at(text: str, at: int) -> Marker | None:
    """The marker that stands at an offset of analysed text, or None."""
    for form, pattern in _FORMS:
        match = pattern.match(text, at)
        if not match:
            continue
        numeral = next(group for group in match.groups() if group)
        if form.startswith("decimal"):
            if form == "decimal2" and _NOT_AFTER_DECIMAL.match(text, match.end()):
                return None
            return Marker(form, int(numeral.rsplit(".", 1)[1]), numeral, len(match[0]))
        value = number_of(numeral)
        if value is not None and value > 0:
            return Marker(form, value, numeral, len(match[0]))
    return None
