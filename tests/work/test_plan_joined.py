"""Plan import on a hand-made reading: joined to a known plan, differences settled by a person."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from plan_readings import WHOLE, at

from lantian.basis.finding import Refusal
from lantian.rulebook import RulebookError, plan, plans
from lantian.rulebook.joins import read_join
from lantian.work.plan_import import finish_plan, import_document, settle_difference
from lantian.work.plan_join import likeness

# Joining a document to a known plan


@pytest.fixture
def known(data: Path, reading: dict[str, Any], now: datetime) -> Path:
    """A data folder where the fictional plan stands as curated data, without the text."""
    import_document(data, reading, as_id=None, now=now)
    finish_plan(data, "plan-2024", {"plan": {"region": "999900"}, "finished": True}, by="王敏", now=now)
    for name in ("text.txt", "join.yaml", "read.json"):
        (data / "plans/plan-2024" / name).unlink()
    assert plan("plan-2024", data).article(1).text is None
    return data


def test_the_same_document_joins_without_a_difference(known: Path, reading: dict[str, Any], now: datetime) -> None:
    report = import_document(known, reading, as_id="plan-2024", now=now, name="望海.txt")
    assert (report.matched, report.differences, report.new) == (6, (), False)
    assert plan("plan-2024", known).article(1).sentences[2].items == ("T01-1",)
    assert import_document(known, reading, as_id="plan-2024", now=now, name="望海.txt").repeated


def _differing(reading: dict[str, Any]) -> dict[str, Any]:
    changed = deepcopy(reading)
    changed["targets"][2]["value"] = 15
    changed["rules"][0]["threshold"]["value"] = 65
    changed["procedures"] = []
    changed["articles"][0]["responsibility"][0]["bodies"] = ["市生态环境局", "市气象局"]
    changed["targets"].append(
        {**changed["targets"][2], "indicator": "广泛宣传次数", "value": 4, "unit": "次", **at(reading, "广泛宣传。")}
    )
    return changed


def test_differences_are_listed(known: Path, reading: dict[str, Any], now: datetime) -> None:
    report = import_document(known, _differing(reading), as_id="plan-2024", now=now)
    assert [(d.id, d.of, d.kind, d.item, d.document, d.data) for d in report.differences] == [
        ("V01-1", "target", "value", "T01-1", ">= 15 台 2026", ">= 10 台 2026"),
        ("V01-2", "rule", "value", "R01-1", "<= 65 t/h", "<= 35 t/h"),
        ("V01-3", "procedure", "only_in_data", "P01-1", None, "每月调度"),
        (
            "V01-4",
            "group",
            "value",
            "D01-1",
            "lead：牵头 市生态环境局；市气象局",
            "lead：牵头 市生态环境局；市住建局、望海热力公司",
        ),
        ("V02-1", "target", "only_in_document", None, "广泛宣传。", None),
    ]
    assert report.open == 5


def test_a_person_takes_the_documents_reading(known: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(known, _differing(reading), as_id="plan-2024", now=now)
    for identity in ("V01-1", "V01-2", "V01-3", "V01-4", "V02-1"):
        settled = settle_difference(known, "plan-2024", identity, "document", by="王敏", now=now)
        assert (settled.status, settled.choice, settled.by, settled.at) == (
            "settled",
            "document",
            "王敏",
            "2025-10-16T08:00:00+08:00",
        )
    changed = plan("plan-2024", known)
    first, second = changed.article(1), changed.article(2)
    assert first.targets[0].value == 15
    assert first.rules[0].threshold is not None
    assert first.rules[0].threshold.value == 65
    assert (first.procedures, changed.retired) == ((), ("P01-1",))
    assert [changed.bodies[body].zh for body in first.groups[0].bodies] == ["市生态环境局", "市气象局"]
    assert (second.targets[0].id, second.targets[0].value) == ("T02-1", 4)
    assert second.sentences[-1].items == ("T02-1",)
    again = import_document(known, _differing(reading), as_id="plan-2024", now=now)
    assert again.differences == ()


def test_a_person_keeps_the_data(known: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(known, _differing(reading), as_id="plan-2024", now=now)
    before = plan("plan-2024", known)
    settle_difference(known, "plan-2024", "V01-1", "data", by="王敏", now=now)
    assert plan("plan-2024", known).targets == before.targets
    kept = {one.id: one.status for one in read_join(known / "plans/plan-2024").differences}
    assert (kept["V01-1"], kept["V01-2"]) == ("settled", "open")
    again = import_document(known, _differing(reading), as_id="plan-2024", now=now)
    assert [one.choice for one in again.differences if one.id == "V01-1"] == ["data"]
    assert again.repeated


def test_a_choice_can_be_taken_back(known: Path, reading: dict[str, Any], now: datetime) -> None:
    import_document(known, _differing(reading), as_id="plan-2024", now=now)
    settle_difference(known, "plan-2024", "V01-1", "data", by="王敏", now=now)
    settle_difference(known, "plan-2024", "V01-1", "document", by="王敏", now=now)
    assert plan("plan-2024", known).article(1).targets[0].value == 15


def test_a_whole_article_is_not_taken_over(known: Path, reading: dict[str, Any], now: datetime) -> None:
    only_one = deepcopy(reading)
    only_one["articles"] = only_one["articles"][:1]
    report = import_document(known, only_one, as_id="plan-2024", now=now)
    assert [(d.id, d.of, d.kind) for d in report.differences] == [("V02-1", "article", "only_in_data")]
    with pytest.raises(Refusal, match="整条的增减不能在这里采用"):
        settle_difference(known, "plan-2024", "V02-1", "document", by="王敏", now=now)
    assert settle_difference(known, "plan-2024", "V02-1", "data", by="王敏", now=now).status == "settled"


def test_unknown_differences_and_choices_are_refused(known: Path, reading: dict[str, Any], now: datetime) -> None:
    with pytest.raises(Refusal, match="没有导入过文件"):
        settle_difference(known, "plan-2024", "V01-1", "data", by="王敏", now=now)
    import_document(known, _differing(reading), as_id="plan-2024", now=now)
    with pytest.raises(Refusal, match="没有差异“V09-9”"):
        settle_difference(known, "plan-2024", "V09-9", "data", by="王敏", now=now)
    with pytest.raises(Refusal, match="没有选择“doc”"):
        settle_difference(known, "plan-2024", "V01-1", "doc", by="王敏", now=now)  # type: ignore[arg-type]


def test_an_unknown_plan_and_another_document_are_refused(data: Path, reading: dict[str, Any], now: datetime) -> None:
    with pytest.raises(RulebookError, match="没有方案“jixi-2023”"):
        import_document(data, reading, as_id="jixi-2023", now=now)
    reading["targets"], reading["rules"], reading["procedures"] = [], [], []
    reading["articles"][0]["responsibility"] = []
    with pytest.raises(Refusal, match="没有一处相同"):
        import_document(data, reading, as_id="jixi-2024", now=now)
    assert not (data / "plans" / "jixi-2024").exists()


def test_a_change_of_a_plan_of_the_package_is_a_copy_in_the_data_folder(
    data: Path, reading: dict[str, Any], now: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from lantian.rulebook import plan_files

    shutil.copytree(WHOLE, tmp_path / "package")
    monkeypatch.setattr(plan_files, "PACKAGE", tmp_path / "package")
    reading["rules"][0]["threshold"]["value"] = 20
    report = import_document(data, reading, as_id="yunling", now=now)
    different = next(one for one in report.differences if one.item == "R01-1")
    assert not (data / "plans/yunling/plan.yaml").exists()
    settle_difference(data, "yunling", different.id, "document", by="王敏", now=now)
    assert (data / "plans/yunling/plan.yaml").exists()
    limits = [plan("yunling", folder).rules[0].threshold for folder in (None, data)]
    assert [str(limit.value) for limit in limits if limit] == ["35", "20"]
    assert plans(data)["yunling"].built_in is False


def test_likeness_is_the_share_of_pairs() -> None:
    assert likeness("新建燃煤锅炉", "不再新建35蒸吨燃煤锅炉") == 0.8
    assert likeness("", "文") == 0.0


@pytest.mark.slow
def test_the_jixi_document_joins_the_curated_plan(data: Path, shared: Path, now: datetime) -> None:
    """The reader's own output joined to the package's plan: every target at its place, few differences to settle."""
    from lantian.plan.read import read

    found = read(shared / "data/plans/jixi-2024.txt")
    report = import_document(data, json.loads(json.dumps(found)), as_id="jixi-2024", now=now, name="jixi-2024.txt")
    joined = plan("jixi-2024", data)
    placed = {item for article in joined.articles for s in article.sentences for item in s.items}
    assert {item for item in joined.items() if item[0] in "TD"} <= placed
    assert len(placed) >= 160  # of 169: what is left over is settled by a person
    assert all(article.text for article in joined.articles)
    assert not [one for one in report.differences if one.of in ("article", "group") or one.kind == "value"]
