"""Plan import on a hand-made reading: a new plan that a person finishes."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from plan_readings import at, longer

from lantian.basis.finding import Refusal
from lantian.rulebook import RulebookError, plan
from lantian.work.plan_import import finish_plan, import_document

# New plans


def test_a_document_becomes_a_draft_in_readable_files(data: Path, reading: dict[str, Any], now: datetime) -> None:
    report = import_document(data, reading, as_id=None, now=now, name="望海.docx")
    assert (report.plan_id, report.new, report.repeated) == ("plan-2024", True, False)
    assert (report.articles, report.targets, report.rules, report.procedures, report.groups) == (3, 3, 1, 1, 1)
    assert {finding.code for finding in report.findings} == {"PLAN-IMPORT-UNPARSED", "PLAN-IMPORT-REGION"}
    folder = data / "plans" / "plan-2024"
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert files == {
        "plan.yaml",
        "bodies.yaml",
        "articles/00.yaml",
        "articles/01.yaml",
        "articles/02.yaml",
        "text.txt",
        "join.yaml",
        "read.json",
    }
    assert (folder / "text.txt").read_text() == reading["text"]
    made = plan("plan-2024", data)
    assert (made.draft, made.region, made.cities, made.until) == (True, "", ("望海",), date(2026, 12, 31))
    assert made.issued_on == date(2024, 3, 1)


def test_targets_outside_articles_are_kept(data: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(data, reading, as_id=None, now=now)
    outside = plan("plan-2024", data).article(0)
    assert outside.title.zh == "规划指标"
    pm25, good = outside.targets
    assert (pm25.id, pm25.metric, pm25.basis, pm25.unit) == ("T00-1", "pm25_annual_mean", "city_realtime", "ug/m3")
    assert (good.metric, good.value, good.upper) == ("good_day_ratio", Decimal(85), Decimal("88.5"))
    assert [note.zh for note in good.notes] == ["出自表1"]
    assert outside.text == "PM2.5年均浓度（微克/立方米）\t33\n优良天数比率（%）\t85—88"
    assert [sentence.items for sentence in outside.sentences] == [("T00-1",), ("T00-2",)]


def test_metrics_are_given_only_to_known_words(data: Path, reading: dict[str, Any], now: datetime) -> None:
    reading["targets"][0]["indicator"] = "PM2.5年均浓度下降比例"
    reading["targets"][1]["unit"] = "天"
    import_document(data, reading, as_id=None, now=now)
    made = plan("plan-2024", data)
    assert [target.metric for target in made.targets] == [None, None, None]
    assert {target.answered_by.by for target in made.targets} == {"person_entry"}


def test_a_target_stated_twice_counts_once(data: Path, reading: dict[str, Any], now: datetime) -> None:
    again = {**reading["targets"][0], "article": 2, "table": None, "comparator": "<", **at(reading, "广泛宣传。")}
    reading["targets"].append(again)
    import_document(data, reading, as_id=None, now=now)
    assert {target.id: target.same_as for target in plan("plan-2024", data).targets} == {
        "T00-1": None,
        "T00-2": None,
        "T01-1": None,
        "T02-1": "T00-1",
    }


def test_sentences_know_their_items(data: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(data, reading, as_id=None, now=now)
    article = plan("plan-2024", data).article(1)
    assert article.text is not None
    assert article.text.startswith("（一）改造锅炉。")
    assert [(article.text[s.start : s.end], s.role, s.items) for s in article.sentences][1:3] == [
        ("建成区严禁新建35蒸吨/小时及以下燃煤锅炉。", "rule", ("R01-1",)),
        ("2026年底前淘汰10台锅炉。", "target", ("T01-1",)),
    ]
    assert article.sentences[-1].items == ("D01-1",)
    assert article.groups[0].digest.zh == "建成区严禁新建35蒸吨/小时及以下燃煤锅炉"


def test_bodies_other_plans_know_keep_their_id(data: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(data, reading, as_id=None, now=now)
    made = plan("plan-2024", data)
    assert made.groups[0].bodies == ("ecology", "housing", "望海热力公司")
    assert made.bodies["望海热力公司"].kind == "company"
    assert set(made.bodies) == {"ecology", "housing", "望海热力公司"}


def test_an_article_without_items_is_a_principle_a_person_confirms(
    data: Path, reading: dict[str, Any], now: datetime
) -> None:
    import_document(data, reading, as_id=None, now=now)
    article = plan("plan-2024", data).article(2)
    assert (article.kind, article.answered_by.kind) == ("principle", "aspiration")


def test_importing_again_changes_nothing(data: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(data, reading, as_id=None, now=now)
    before = {file: file.stat().st_mtime_ns for file in (data / "plans").rglob("*")}
    report = import_document(data, deepcopy(reading), as_id=None, now=now)
    assert (report.plan_id, report.new, report.repeated) == ("plan-2024", False, True)
    assert {file: file.stat().st_mtime_ns for file in (data / "plans").rglob("*")} == before


def test_another_document_of_the_year_gets_another_id(data: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(data, reading, as_id=None, now=now)
    assert import_document(data, longer(reading, "附件略。\n"), as_id=None, now=now).plan_id == "plan-2024-2"
    assert import_document(data, longer(reading, "又\n"), as_id=None, now=now, new_id="wanghai").plan_id == "wanghai"
    with pytest.raises(Refusal, match="已在使用"):
        import_document(data, longer(reading, "再\n"), as_id=None, now=now, new_id="wanghai")


def test_repeated_numbers_are_counted_through(data: Path, reading: dict[str, Any], now: datetime) -> None:
    reading["articles"][1]["n"] = 1
    import_document(data, reading, as_id=None, now=now)
    assert [article.n for article in plan("plan-2024", data).articles] == [0, 1, 2]


def test_what_the_reader_does_not_know_still_becomes_a_plan(data: Path, reading: dict[str, Any], now: datetime) -> None:
    """Unknown kinds, a lead without body, no unit, no title: nothing is lost and the files hold."""
    reading["rules"][0] |= {"type": "wish", "threshold": {"param": None, "op": "以下", "value": 35, "unit": "台时"}}
    reading["targets"][2] |= {"unit": None, "comparator": "降至"}
    reading["articles"][0]["title"] = ""
    reading["articles"][0]["responsibility"][0] |= {"lead": []}
    reading["document"] |= {"issued_on": "2024-03", "region": None}
    import_document(data, reading, as_id=None, now=now)
    article = plan("plan-2024", data).article(1)
    assert (article.rules[0].type, article.rules[0].threshold.op if article.rules[0].threshold else "") == (
        "requirement",
        "=",
    )
    assert (article.targets[0].unit, article.targets[0].comparator, article.groups[0].mode) == ("1", "=", "listed")
    assert article.title.zh == "第一条"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"document": {"plan": False}}, "不是行动计划"),
        ({"articles": [], "targets": [], "rules": [], "procedures": []}, "没有识读出条文"),
        ({"schema": "other/1"}, "不是 lantian-plan/1 格式"),
    ],
)
def test_what_is_no_plan_is_refused(
    data: Path, reading: dict[str, Any], changes: dict[str, Any], words: str, now: datetime
) -> None:
    with pytest.raises(Refusal, match=words):
        import_document(data, reading | changes, as_id=None, now=now, name="某法.txt")
    assert not (data / "plans").exists()


def test_a_cut_document_says_so(data: Path, reading: dict[str, Any], now: datetime) -> None:
    reading["document"]["complete"] = False
    report = import_document(data, reading, as_id=None, now=now)
    assert "PLAN-IMPORT-INCOMPLETE" in {finding.code for finding in report.findings}


# Finishing a draft


def test_a_person_finishes_the_draft(data: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(data, reading, as_id=None, now=now)
    done = finish_plan(
        data,
        "plan-2024",
        {
            "plan": {
                "region": "999900",
                "issuer": "望海市人民政府（虚构）",
                "title": {"zh": "望海方案", "en": "Wanghai plan"},
            },
            "bodies": {"望海热力公司": {"en": "Wanghai Heating"}},
            "articles": {1: {"digest": "改造锅炉，每月调度。"}},
            "items": {"T01-1": {"value": "12", "notes": ["按台数计"]}, "P01-1": None},
            "add": [{"article": 2, "of": "procedure", "name": "年度宣传", "answered_by": "person_entry"}],
            "finished": True,
        },
        by="王敏",
        now=now,
    )
    assert (done.draft, done.region, done.title.en, done.changed_by) == (False, "999900", "Wanghai plan", "王敏")
    assert done.changed_at == "2025-10-16T08:00:00+08:00"
    first, second = done.article(1), done.article(2)
    assert (first.targets[0].value, first.digest.zh, first.procedures) == (Decimal(12), "改造锅炉，每月调度。", ())
    assert done.retired == ("P01-1",)
    assert second.procedures[0].id == "P02-1"
    assert first.text is not None
    assert done.bodies["望海热力公司"].zh == "望海热力公司"


def test_a_draft_without_region_cannot_be_finished(data: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(data, reading, as_id=None, now=now)
    with pytest.raises(RulebookError, match="没有行政区划代码"):
        finish_plan(data, "plan-2024", {"finished": True}, by="王敏", now=now)
    assert plan("plan-2024", data).draft


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"item": {}}, "是否为“items”"),
        ({"items": {"T09-1": {}}}, "没有“T09-1”"),
        ({"plan": {"id": "x"}}, "没有“id”"),
        ({"items": {"T01-1": {"valeu": 1}}}, "是否为“value”"),
        ({"items": {"T01-1": {"value": "十"}}}, "这里应为数字"),
        ({"articles": {7: {}}}, "没有“7”"),
        ({"add": [{"article": 1, "of": "goal"}]}, "没有“goal”"),
        ({"items": {"T01-1": {"metric": "pm25"}}}, "没有指标“pm25”"),
        ({"plan": {"region": "99"}}, "不是六位行政区划代码"),
    ],
)
def test_changes_that_do_not_hold_change_nothing(
    data: Path, reading: dict[str, Any], changes: dict[str, Any], words: str, now: datetime
) -> None:
    import_document(data, reading, as_id=None, now=now)
    before = plan("plan-2024", data)
    with pytest.raises(Refusal, match=words):
        finish_plan(data, "plan-2024", changes, by="王敏", now=now)
    assert plan("plan-2024", data) == before
