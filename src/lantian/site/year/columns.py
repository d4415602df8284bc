"""Columns of the three tables of a year, and the lists their cells are chosen from: one place for form, template, export."""

from __future__ import annotations

from lantian.basis.units import UNITS
from lantian.render.columns import Column
from lantian.rulebook.plans import Group, Item, Plan, Procedure, Rule, Target
from lantian.site.year.models import TaskState

COMPARATORS = {"<=": "不超过", "<": "低于", ">=": "不低于", ">": "高于", "=": "等于", "≈": "左右"}
KINDS = {"target": "年度目标", "task": "年度任务", "share": "县（市）区分解"}

TARGET = (
    Column("target", "目标编号", 12, True, "目标编号"),
    Column("county", "县（市）区", 14, choices="县（市）区", hint="全市的目标留空"),
    Column("comparator", "比较", 8, choices="比较", hint="留空时按方案原文"),
    Column("value", "数值", 12, True, hint="只写数字，不带单位"),
    Column("unit", "单位", 14, choices="单位", strict=False, hint="留空时按方案原文"),
    Column("document_number", "文号", 26, True, hint="下达文件的文号，例如 ×环函〔2025〕×号"),
    Column("document_date", "印发日期", 13, hint="2025-03-15"),
    Column("issued_by", "下达单位", 22),
    Column("note", "备注", 30),
)
SHARE = (
    Column("target", "目标编号", 12, True, "目标编号"),
    Column("county", "县（市）区", 14, True, "县（市）区"),
    Column("comparator", "比较", 8, choices="比较", hint="留空时按方案原文"),
    Column("value", "数值", 12, True, hint="只写数字，不带单位"),
    Column("unit", "单位", 14, choices="单位", strict=False, hint="留空时按方案原文"),
    Column("document_number", "文号", 26, True),
    Column("note", "备注", 30),
)
TASK = (
    Column("number", "序号", 8, True, hint="年内不重复，再次导入时按序号对应"),
    Column("text", "任务内容", 60, True),
    Column("article", "对应条款", 10, True, "条款", hint="条的号数，例如 7"),
    Column("item", "对应事项", 12, choices="事项", hint="可留空；填了就与该事项的状态相连"),
    Column("lead", "牵头单位", 22, choices="单位名称", strict=False),
    Column("bodies", "责任单位", 40, hint="多个单位用顿号分开"),
    Column("deadline", "完成时限", 13, hint="2025-12-31，或 2025-12（当月底）、2025（当年底）"),
    Column("counties", "涉及县（市）区", 24, hint="多个用顿号分开；全市留空"),
    Column("document_number", "文号", 26),
    Column("state", "状态", 12, choices="状态", hint="留空为未启动；已有任务的状态不随导入改变"),
)
COLUMNS = {"target": TARGET, "share": SHARE, "task": TASK}


def lists(plan: Plan, kind: str) -> dict[str, list[tuple[str, str]]]:
    """Lists of the template's second sheet: name of the list to (value, words)."""
    targets = [(target.id, f"第{target.article}条 {target.indicator.zh}") for target in plan.targets]
    counties = [(county.zh, county.code) for county in plan.counties]
    units = [(unit.symbol or "（无）", unit.zh) for unit in UNITS.values() if unit.symbol]
    if kind in {"target", "share"}:
        return {"目标编号": targets, "县（市）区": counties, "比较": list(COMPARATORS.items()), "单位": units}
    return {
        "条款": [(str(article.n), article.title.zh) for article in plan.articles],
        "事项": [(item_id, item_words(item)) for item_id, item in plan.items().items()],
        "单位名称": [(body.zh, body.id) for body in plan.bodies.values()],
        "县（市）区": counties,
        "状态": [(label, value) for value, label in TaskState.choices],
    }


def item_words(item: Item) -> str:
    """What an item of a plan is about, in a few Chinese words."""
    if isinstance(item, Target):
        return item.indicator.zh
    if isinstance(item, Rule):
        return item.subject.zh
    if isinstance(item, Procedure):
        return item.name.zh
    assert isinstance(item, Group)
    return item.digest.zh
