"""Declarations of responsibility: mode, lead, bodies as written, open lists, deadlines, what everything below inherits."""

from __future__ import annotations

import pytest

from lantian.plan.read.flat import Source
from lantian.plan.read.responsibility import Group, groups_in

CASES = [
    ("（由市发改委、市工信局、市生态环境局等按职责分工负责）", "shared", [], ["市发改委", "市工信局", "市生态环境局"], True),
    ("（由市生态环境局牵头，市应急管理局、市商务局等按职责分工负责）", "lead", ["市生态环境局"], ["市生态环境局", "市应急管理局", "市商务局"], True),
    ("（由市生态环境局负责）", "sole", ["市生态环境局"], ["市生态环境局"], False),
    ("（由市生态环境局牵头，各有关部门和单位按职责分工负责）", "lead", ["市生态环境局"], ["市生态环境局", "各有关部门和单位"], False),
    ("（责任单位：市发展改革委、市能源局）", "listed", [], ["市发展改革委", "市能源局"], False),
    ("【牵头单位：市住建局；配合单位：市气象局和市水务局】", "lead", ["市住建局"], ["市住建局", "市气象局", "市水务局"], False),
    ("〔市生态环境局、自然资源和规划局牵头督导,市公安局参与〕", "lead",
     ["市生态环境局", "自然资源和规划局"], ["市生态环境局", "自然资源和规划局", "市公安局"], False),
    ("（市生态环境局会同市公安局负责，各县区政府具体实施）", "lead", ["市生态环境局"], ["市生态环境局", "市公安局", "各县区政府"], False),
    ("由市城管局牵头，市住建局、市交通运输局按职责分工负责。", "lead", ["市城管局"], ["市城管局", "市住建局", "市交通运输局"], False),
    ("牵头单位：市城管局　责任单位：各县（市、区）人民政府（管委会）、开发区管委会", "lead",
     ["市城管局"],
     ["市城管局", "各县（市、区）人民政府（管委会）", "开发区管委会"], False),
    ("落实到位。（市城管局、各县、区人民政府）", "listed", [], ["市城管局", "各县、区人民政府"], False),
]  # fmt: skip


def only(text: str) -> Group:
    ((_, _, group),) = groups_in(Source(text).flat(0, len(text)))
    return group


@pytest.mark.parametrize(("text", "mode", "lead", "bodies", "is_open"), CASES, ids=[case[0][:16] for case in CASES])
def test_declared(text: str, mode: str, lead: list[str], bodies: list[str], is_open: bool) -> None:
    group = only(text)
    assert (group.mode, group.lead, group.bodies, group.open_list) == (mode, lead, bodies, is_open)


def test_inherited_body_is_no_body_of_the_group() -> None:
    group = only("（市发改委负责，县（市）区政府负责落实。以下均需县（市）区政府落实，不再列出）")
    assert group.bodies == ["市发改委"]
    assert group.inherited is not None
    assert group.inherited.raw == "县（市）区政府"


def test_deadline_in_a_declaration() -> None:
    assert only("（牵头单位：市公安局；完成时限：2025年12月底前）").deadline == "2025-12"


@pytest.mark.parametrize("text", [
    "（此件公开发布）", "（含电力）",
    "对县区（市生态环境局负责统计口径和年度考核结果的解释工作以及其他事项）通报。",
    "由市生态环境局会同有关部门公开约谈主要负责人，实施区域限批。"])  # fmt: skip
def test_not_a_declaration(text: str) -> None:
    assert groups_in(Source(text).flat(0, len(text))) == []
