"""Thresholds that say which objects are meant: 35蒸吨/小时及以下, 每小时35蒸吨以下, 超过15年, 150万吨以上."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lantian.plan.read.quantities import UNIT, plain_number

_NUMBER = r"(?<!\d)\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?(?!\d)"
_THRESHOLD = re.compile(
    rf"(?P<before>不超过|不足|不低于|不高于|不少于|超过|大于|小于|低于|高于|少于|多于|达到|≥|≤|>|<|>=|<=)?(?P<per>每小时|每年|年|每日|日)?(?P<value>{_NUMBER})(?P<unit>{UNIT.pattern})"
    r"(?P<after>（含[^）]*）以[上下]|（不含[^）]*）以[上下]|[及或含]以[上下]|以[上下]|以内)?"
)
_BEFORE = {
    "超过": ">", "大于": ">", "高于": ">", "多于": ">", ">": ">", "不足": "<", "小于": "<", "低于": "<", "少于": "<", "<": "<",
    "不超过": "<=", "不高于": "<=", "≤": "<=", "<=": "<=", "不低于": ">=", "不少于": ">=", "≥": ">=", ">=": ">=", "达到": ">=",
}  # fmt: skip
_AFTER = {
    "及以上": ">=",
    "或以上": ">=",
    "以上": ">=",
    "及以下": "<=",
    "或以下": "<=",
    "以下": "<",
    "以内": "<=",
    "含以上": ">=",
    "含以下": "<=",
}
_PARAMETER = re.compile(
    r"(容量|年货运量|年运量|货运量|运量|服役时间|服役年限|使用年限|车龄|占地面积|建筑面积|面积|产能|功率|吨位|蒸发量|出力|规模|浓度|排放量|含量|年限|高度|距离|半径)(?:在|为|超过)?$"
)
_BY_UNIT = (
    ("蒸吨", "额定蒸发量"),
    ("吨/小时", "额定蒸发量"),
    ("年", "服役时间"),
    ("千瓦", "功率"),
    ("兆瓦", "功率"),
    ("平方米", "面积"),
    ("米", "距离"),
    ("吨", "额定起重量"),
)
_IGNORED = (
    "%",
    "个",
    "家",
    "次",
    "天",
    "日",
    "人",
    "名",
    "项",
    "级",
    "小时",
    "分钟",
    "元",
    "万元",
    "亿元",
    "条",
    "座",
    "处",
    "台",
    "辆",
    "户",
    "期",
    "类",
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold: offsets in its clause, parameter, comparator, value and unit."""

    start: int
    end: int
    param: str
    op: str
    value: Decimal
    unit: str

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {"param": self.param, "op": self.op, "value": plain_number(self.value), "unit": self.unit}


def thresholds_in(text: str) -> list[Threshold]:
    """Thresholds of a clause in order."""
    found = []
    for match in _THRESHOLD.finditer(text):
        op = _operator(match)
        lasting = match["unit"] in ("天", "日", "小时", "分钟", "米") and match["before"]
        counted = match["unit"] in ("台", "辆") and match["after"]
        if op is None or (match["unit"] in _IGNORED and not lasting and not counted) or _is_date(match, text):
            continue
        unit = match["unit"] + ("/小时" if match["per"] == "每小时" else "")
        found.append(
            Threshold(
                match.start(),
                match.end(),
                _parameter(text, match, unit),
                op,
                Decimal(match["value"].replace(",", "")),
                unit,
            )
        )
    return found


def _operator(match: re.Match[str]) -> str | None:
    after = match["after"]
    if after:
        if after.startswith("（不含"):
            return ">" if after.endswith("上") else "<"
        if after.startswith("（含"):
            return ">=" if after.endswith("上") else "<="
        return _AFTER[after]
    return _BEFORE.get(match["before"] or "")


def _is_date(match: re.Match[str], text: str) -> bool:
    return match["unit"] == "年" and len(match["value"]) == 4 and match["value"][:2] in ("19", "20")


def _parameter(text: str, match: re.Match[str], unit: str) -> str:
    named = _PARAMETER.search(text[: match.start()])
    if named:
        return named[1]
    measured = re.search(r"([\u4e00-\u9fff]{1,7}(?:量|率|数|度|积|力))(?:在|为|超过|达到)?$", text[: match.start()])
    if measured:
        return measured[1]
    if "车" in text[match.end() : match.end() + 8] and unit == "吨" and "叉车" not in text:
        return "总质量"
    return next((name for mark, name in _BY_UNIT if mark in unit), "")
