"""What a typed or imported row of a year means, or for each wrong cell the reason; the same for form, paste and file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lantian.basis.units import factor, unit_of
from lantian.rulebook.plans import Group, Plan, Target, deadline_day
from lantian.site.year.columns import COMPARATORS
from lantian.site.year.models import TaskState

_WRITTEN_COMPARATORS = {
    **{key: key for key in COMPARATORS}, **{words: key for key, words in COMPARATORS.items()},
    "≤": "<=", "≥": ">=", "＜": "<", "＞": ">", "＝": "=", "达到": ">=", "至少": ">=", "控制在": "<=", "以内": "<=",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?(?: .*)?\Z|(\d{4})[-/.年](\d{1,2})月?\Z")
_SPLIT = re.compile(r"[、,，;；\s]+")
_CITY = {"", "全市", "市本级"}
_MOST = Decimal(10) ** 12


@dataclass(slots=True)
class Checked:
    """Values of a row, and the reasons by column key where it cannot be taken."""

    values: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def check(kind: str, plan: Plan, cells: Mapping[str, str]) -> Checked:
    """The row as values of its model, with a reason for each cell that cannot be taken."""
    found = Checked()
    _CHECKS[kind](plan, {key: value.strip() for key, value in cells.items()}, found)
    return found


def _target_row(plan: Plan, cells: Mapping[str, str], found: Checked) -> None:
    target = _target(plan, cells, found)
    found.values["county"] = _county(plan, cells.get("county", ""), found)
    found.values["comparator"] = _comparator(cells.get("comparator", ""), target, found)
    found.values["value"] = _number(cells.get("value", ""), found)
    found.values["unit"] = _unit(cells.get("unit", ""), target, found)
    found.values["document_number"] = _needed(cells, "document_number", "文号", 120, found)
    found.values["document_date"] = _day(cells.get("document_date", ""), "document_date", found)
    found.values["issued_by"] = _short(cells.get("issued_by", ""), "issued_by", 120, found)
    found.values["note"] = _short(cells.get("note", ""), "note", 300, found)


def _share_row(plan: Plan, cells: Mapping[str, str], found: Checked) -> None:
    target = _target(plan, cells, found)
    county = _county(plan, cells.get("county", ""), found)
    if not county and "county" not in found.reasons:
        found.reasons["county"] = "请填县（市）区。全市的数值请录入“年度目标”。"
    found.values["county"] = county
    found.values["comparator"] = _comparator(cells.get("comparator", ""), target, found)
    found.values["value"] = _number(cells.get("value", ""), found)
    found.values["unit"] = _unit(cells.get("unit", ""), target, found)
    found.values["document_number"] = _needed(cells, "document_number", "文号", 120, found)
    found.values["note"] = _short(cells.get("note", ""), "note", 300, found)


def _task_row(plan: Plan, cells: Mapping[str, str], found: Checked) -> None:
    found.values["number"] = _needed(cells, "number", "序号", 20, found)
    found.values["text"] = _needed(cells, "text", "任务内容", 4000, found)
    found.values["article"] = article = _article(plan, cells.get("article", ""), found)
    found.values["item"] = _item(plan, cells.get("item", ""), article, found)
    found.values["lead"] = _body(plan, cells.get("lead", ""), "lead", found)
    bodies = [_body(plan, name, "bodies", found) for name in _SPLIT.split(cells.get("bodies", "")) if name]
    found.values["bodies"] = list(dict.fromkeys(bodies))
    found.values["deadline"] = _day(cells.get("deadline", ""), "deadline", found)
    names = [name for name in _SPLIT.split(cells.get("counties", "")) if name not in _CITY]
    found.values["counties"] = list(dict.fromkeys(_county(plan, name, found, "counties") for name in names))
    found.values["document_number"] = _short(cells.get("document_number", ""), "document_number", 120, found)
    found.values["state"] = _state(cells.get("state", ""), found)


_CHECKS: dict[str, Callable[[Plan, Mapping[str, str], Checked], None]] = {
    "target": _target_row,
    "share": _share_row,
    "task": _task_row,
}


def _target(plan: Plan, cells: Mapping[str, str], found: Checked) -> Target | None:
    text = cells.get("target", "")
    wanted = (text.split() or [""])[0].upper()
    for target in plan.targets:
        if target.id.upper() == wanted:
            found.values["target"] = target.id
            return target
    found.reasons["target"] = (
        f"方案中没有编号“{wanted}”的目标。{_nearest(wanted, [target.id for target in plan.targets])}"
        if wanted
        else "请填目标编号。"
    )
    return None


def _county(plan: Plan, text: str, found: Checked, key: str = "county") -> str:
    if text in _CITY:
        return ""
    for county in plan.counties:
        if text in {county.code, county.zh, county.zh[:-1]} or (text == county.zh + "政府"):
            return county.code
    near = _nearest(text, [county.zh for county in plan.counties])
    found.reasons[key] = f"“{text}”不是本方案的县（市）区。{near}"
    return ""


def _comparator(text: str, target: Target | None, found: Checked) -> str:
    if not text:
        own = target.comparator if target else ""
        if own in COMPARATORS:
            return own
        if target is not None:
            found.reasons["comparator"] = "方案原文没有数值比较，请填 <= 或 >=（不超过、不低于）。"
        return ""
    known = _WRITTEN_COMPARATORS.get(text)
    if known is None:
        found.reasons["comparator"] = f"“{text}”不是比较方式。可填：{'、'.join(COMPARATORS)}。"
    return known or ""


def _number(text: str, found: Checked) -> Decimal | None:
    if not text:
        found.reasons["value"] = "请填数值。"
        return None
    try:
        number = Decimal(text.replace(",", "").replace("，", "").replace("−", "-"))
    except InvalidOperation:
        found.reasons["value"] = f"“{text[:30]}”不是数字。只写数字，单位写在“单位”列。"
        return None
    if not number.is_finite() or abs(number) >= _MOST:
        found.reasons["value"] = f"“{text[:30]}”不是能用的数字。"
    elif number < 0:
        found.reasons["value"] = "数值不能为负。下降幅度写正数。"
    elif -int(number.normalize().as_tuple().exponent) > 6:
        found.reasons["value"] = "小数最多 6 位。"
    else:
        return number
    return None


def _unit(text: str, target: Target | None, found: Checked) -> str:
    own = (target.unit or "") if target else ""
    if not text or text == own:
        return own
    given, wanted = unit_of(text), unit_of(own) if own else None
    if given is None:
        found.reasons["unit"] = f"单位“{text[:30]}”认不出。请从模板的“单位”列表中选。"
        return ""
    if wanted is not None:
        try:
            factor(given, wanted)
        except ValueError:
            found.reasons["unit"] = f"单位“{text}”与方案目标的单位“{wanted.symbol or wanted.id}”不是同一类。"
            return ""
    return given.id


def _article(plan: Plan, text: str, found: Checked) -> int | None:
    plain = text.removeprefix("第").removesuffix("条").strip()
    for article in plan.articles:
        if plain and (plain == str(article.n) or plain == article.numeral.removeprefix("第").removesuffix("条")):
            return article.n
    last = plan.articles[-1].n if plan.articles else 0
    found.reasons["article"] = f"方案中没有第“{text}”条（共 {last} 条）。" if text else "请填对应条款的号数。"
    return None


def _item(plan: Plan, text: str, article: int | None, found: Checked) -> str:
    wanted = (text.split() or [""])[0].upper()
    if not wanted:
        return ""
    for one in plan.articles:
        for item in one.items():
            if item.id.upper() == wanted:
                if article is not None and one.n != article:
                    found.reasons["item"] = f"{item.id} 属于第 {one.n} 条，与“对应条款”不一致。"
                return item.id
    found.reasons["item"] = f"方案中没有编号“{wanted}”的事项。{_nearest(wanted, list(plan.items()))}"
    return ""


def _body(plan: Plan, text: str, key: str, found: Checked) -> str:
    if not text:
        return ""
    for body in plan.bodies.values():
        if text in {body.id, body.zh}:
            return body.id
    near = _nearest(text, [body.zh for body in plan.bodies.values()])
    reason = f"方案中没有责任单位“{text[:40]}”。{near}"
    found.reasons[key] = f"{found.reasons[key]} {reason}" if key in found.reasons else reason
    return ""


def _state(text: str, found: Checked) -> str:
    if not text:
        return TaskState.NOT_STARTED.value
    for value, label in TaskState.choices:
        if text in {value, label}:
            return value
    found.reasons["state"] = f"“{text}”不是任务状态。可填：{'、'.join(label for _, label in TaskState.choices)}。"
    return ""


def _day(text: str, key: str, found: Checked) -> date | None:
    day = day_of(text)
    if text and day is None:
        found.reasons[key] = f"“{text[:30]}”不是日期。请写成 2025-12-31。"
    return day


def day_of(text: str) -> date | None:
    """The day a text means: 2025-12-31, 2025/12/31, 2025年12月31日; a month or year means its last day."""
    plain = text.strip().removesuffix("前").removesuffix("底").removesuffix("末")
    if match := _DATE.match(plain):
        year, month, day = match[1] or match[4], int(match[2] or match[5]), match[3]
        return deadline_day(f"{year}-{month:02d}-{int(day):02d}" if day else f"{year}-{month:02d}")
    return deadline_day(plain.removesuffix("年"))


def _needed(cells: Mapping[str, str], key: str, head: str, most: int, found: Checked) -> str:
    text = cells.get(key, "")
    if not text:
        found.reasons[key] = f"请填{head}。"
    return _short(text, key, most, found)


def _short(text: str, key: str, most: int, found: Checked) -> str:
    if len(text) > most:
        found.reasons[key] = f"太长：{len(text)} 字，最多 {most} 字。"
    return text


def _nearest(text: str, known: list[str]) -> str:
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.6)
    return f"是不是“{near[0]}”？" if near else ""


def answers_for(plan: Plan, item_id: str) -> frozenset[str]:
    """Bodies that answer for an item: those of its group, or of every group of its article."""
    for article in plan.articles:
        for item in article.items():
            if item.id == item_id:
                groups = [item] if isinstance(item, Group) else list(article.groups)
                return frozenset(body for group in groups for body in (*group.lead, *group.bodies))
    return frozenset()
