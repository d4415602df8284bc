"""What the columns of a table hold, told by their heads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lantian.plan.read.flat import Flat

_YEAR = re.compile(r"((?:19|20)\d{2})年?(?:底|度|末)?")
_BASELINE = re.compile(r"基准|基数|现状|实际|实绩|现值|完成情况|基期|均值情况|当前")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number", re.compile(r"^(?:序号|编号|No\.?)$", re.I)),
    ("lead", re.compile(r"牵头|主办|主责")),
    ("deadline", re.compile(r"完成(?:时限|时间|期限|年限)|时限|时间节点|期限|完成日期|进度要求")),
    ("bodies", re.compile(r"(?:责任|配合|参与|协办|落实|责任主体|监管|督导)(?:单位|部门|主体|领导)?")),
    ("nature", re.compile(r"属性|指标性质|指标类型|性质|类型$")),
    ("unit", re.compile(r"^(?:计量)?单位$")),
    ("owner", re.compile(r"实施(?:单位|主体)|建设单位|承担单位|企业(?:名称)?|业主")),
    ("reduction", re.compile(r"减排|削减|减排潜力|减煤量")),
    (
        "place",
        re.compile(
            r"^(?:县（?市?、?区?）?|县（市、区）|县区|地区|区域|县（市）区|区县|城市|行政区|辖区|乡镇|各县.*|市县)$"
        ),
    ),
    ("task", re.compile(r"任务|措施|工作内容|主要内容|建设内容|重点工作|工作要求|具体要求|治理内容")),
    ("project", re.compile(r"工程名称|项目名称|重点工程|工程|项目$")),
    ("indicator", re.compile(r"指标|名称|污染物|因子|内容|类别|项目")),
)
_UNIT_IN_HEAD = re.compile(r"[（(]((?:[^（）()]|（[^（）]*）)*)[）)](?=(?:(?:19|20)\d{2}年?)?(?:目标值?)?$)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, its head, its unit, and the year of its values."""

    kind: str  # number lead bodies deadline nature unit owner reduction place task project indicator target baseline other
    head: Flat
    unit: str | None = None
    year: str | None = None


def column_of(head: Flat) -> Column:
    """The column under a head."""
    text = head.text.replace(" ", "")
    year = _YEAR.search(text)
    in_head = _UNIT_IN_HEAD.search(head.raw)
    unit = (
        in_head[1] if in_head and not _BASELINE.search(in_head[1]) and not re.search(r"年|性", in_head[1][:4]) else None
    )
    if in_head and unit is None and re.fullmatch(r"(?:万|亿)?吨/年|t/a", in_head[1]):
        unit = in_head[1]
    if _BASELINE.search(text) and not re.search(r"目标", text):
        return Column("baseline", head, unit, year[1] if year else None)
    for kind, pattern in _KINDS[:9]:
        if pattern.search(text) and not (kind == "bodies" and year):
            return Column(kind, head, unit, year[1] if year else None)
    if year or re.search(r"目标值?|约束值|控制值|年度目标", text):
        return Column("target", head, unit, year[1] if year else None)
    for kind, pattern in _KINDS[9:]:
        if pattern.search(text):
            return Column(kind, head, unit)
    return Column("other", head, unit)


def unit_in(text: str) -> str | None:
    """The unit in brackets at the end of a name."""
    match = _UNIT_IN_HEAD.search(text)
    if not match:
        return None
    inner = match[1]
    return (
        inner
        if re.search(r"%|％|吨|克|天|米|户|辆|台|个|家|亩|公里|千瓦|小时|m[3³]|百分|座|项|噸|戶|輛|t$|kg", inner)
        else None
    )
