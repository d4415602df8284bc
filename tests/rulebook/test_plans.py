"""Plans of the package and of the data folder: which one wins, editions, the official text beside a plan, writing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lantian.basis.finding import Text
from lantian.rulebook import RulebookError, deadline_day, plan, plan_files, plans, readable_plans
from lantian.rulebook.joins import Difference, Join, JoinedArticle, JoinedSentence, digest_of, read_join
from lantian.rulebook.plan_writer import write_beside, write_join, write_plan

WHOLE = Path(__file__).parent / "whole"


@pytest.fixture
def folder(data: Path) -> Path:
    """A data folder with the fictional plan."""
    shutil.copytree(WHOLE, data / "plans")
    return data


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_package_and_the_data_folder_are_merged(folder: Path) -> None:
    found = plans(folder)
    assert {"jixi-2024", "yunling"} <= set(found)
    assert (found["jixi-2024"].built_in, found["yunling"].built_in) == (True, False)
    assert "yunling" not in plans(None)


def test_a_plan_of_the_data_folder_wins_by_id(folder: Path) -> None:
    shutil.copytree(WHOLE / "yunling", folder / "plans" / "jixi-2024")
    _edit(folder / "plans/jixi-2024/plan.yaml", "id: yunling", "id: jixi-2024")
    assert plan("jixi-2024", folder).issuer == "云岭市人民政府（虚构）"
    assert plan("jixi-2024").issuer == "鸡西市人民政府"


def test_a_changed_file_is_read_again(folder: Path) -> None:
    assert plan("yunling", folder).articles[0].targets[0].value == 30
    _edit(folder / "plans/yunling/articles/01.yaml", "value: 30", "value: 29.5")
    assert str(plan("yunling", folder).articles[0].targets[0].value) == "29.5"


def test_an_unchanged_plan_is_read_once(folder: Path) -> None:
    assert plan("yunling", folder) is plan("yunling", folder)


def test_an_unknown_plan_names_the_nearest() -> None:
    with pytest.raises(RulebookError, match="是否为“jixi-2024”"):
        plan("jixi2024")


def test_ids_that_were_taken_out_are_never_reused(folder: Path) -> None:
    whole = plan("yunling", folder)
    write_plan(folder, replace(whole, articles=whole.articles[1:]))
    assert plan("yunling", folder).retired == ("T01-9", "T01-1", "R01-1", "P01-1", "D01-1")
    with pytest.raises(RulebookError, match="T01-1 已停用"):
        write_plan(folder, whole)


def test_ids_retired_in_the_package_bind_the_data_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = folder / "package"
    shutil.copytree(WHOLE / "yunling", package / "yunling")
    _edit(package / "yunling/plan.yaml", "[T01-9]", "[R01-1]")
    monkeypatch.setattr(plan_files, "PACKAGE", package)
    with pytest.raises(RulebookError, match="R01-1 已停用"):
        plan("yunling", folder)


@pytest.mark.parametrize(("key", "words"), [("replaces", "是否为“yunling”"), ("continued_by", "是否为“yunling”")])
def test_editions_must_resolve(folder: Path, key: str, words: str) -> None:
    shutil.copytree(WHOLE / "yunling", folder / "plans" / "yunling-2026")
    _edit(folder / "plans/yunling-2026/plan.yaml", "id: yunling", f"id: yunling-2026\n{key}: yunlin")
    with pytest.raises(RulebookError, match=words):
        plans(folder)
    _edit(folder / "plans/yunling-2026/plan.yaml", f"{key}: yunlin", f"{key}: yunling")
    assert getattr(plans(folder)["yunling-2026"], key) == "yunling"


def test_a_broken_plan_leaves_the_others_readable(folder: Path) -> None:
    _edit(folder / "plans/yunling/plan.yaml", 'region: "999900"', "region: 9")
    found, broken = readable_plans(folder)
    assert "jixi-2024" in found
    assert list(broken) == ["yunling"]
    assert "请加引号" in str(broken["yunling"])


def test_editions_do_not_run_in_a_circle(folder: Path) -> None:
    shutil.copytree(WHOLE / "yunling", folder / "plans" / "yunling-2026")
    _edit(folder / "plans/yunling-2026/plan.yaml", "id: yunling", "id: yunling-2026\nreplaces: yunling")
    _edit(folder / "plans/yunling/plan.yaml", "id: yunling", "id: yunling\nreplaces: yunling-2026")
    with pytest.raises(RulebookError, match="绕成一圈"):
        plans(folder)


@pytest.mark.parametrize(
    ("deadline", "day"),
    [
        ("2025", date(2025, 12, 31)), ("2025-12", date(2025, 12, 31)), ("2028-02", date(2028, 2, 29)),
        ("2025-06-30", date(2025, 6, 30)), ("每年", None), (None, None), ("2025-13", None),
    ],
)  # fmt: skip
def test_deadlines_end_with_their_last_day(deadline: str | None, day: date | None) -> None:
    assert deadline_day(deadline) == day


def test_writing_and_reading_gives_the_same_plan(data: Path) -> None:
    jixi = plan("jixi-2024")
    write_plan(data, jixi)
    assert replace(plan("jixi-2024", data), built_in=True) == jixi
    written = data / "plans" / "jixi-2024"
    assert sorted(file.name for file in written.glob("*")) == ["articles", "bodies.yaml", "plan.yaml"]
    assert 'deadline: "2025"' in (written / "articles/03.yaml").read_text()


def test_a_plan_that_does_not_hold_changes_nothing(folder: Path) -> None:
    before = plan("yunling", folder)
    broken = replace(before, articles=tuple(replace(a, chapter=7) for a in before.articles))
    with pytest.raises(RulebookError, match="不在第 7 章之内"):
        write_plan(folder, broken)
    assert plan("yunling", folder) == before
    assert sorted(file.name for file in (folder / "plans").iterdir()) == [".lock", "yunling"]


@pytest.mark.parametrize("plan_id", ["../x", "", "云岭", "a/b", ".hidden"])
def test_a_folder_outside_is_refused(folder: Path, plan_id: str) -> None:
    with pytest.raises(RulebookError, match="不能作方案编号"):
        write_plan(folder, replace(plan("yunling", folder), id=plan_id))


TEXT = "第一条　目标。到2025年达到30。\n第二条　原则。\n"


def _join(**changes: object) -> Join:
    first = JoinedArticle(article=1, start=0, end=18, sentences=(
        JoinedSentence(start=0, end=7, role="title", items=()),
        JoinedSentence(start=7, end=18, role="target", items=("T01-1", "R01-1")),
    ))  # fmt: skip
    join = Join(
        document="云岭.txt", digest=digest_of(TEXT), imported_at="2025-10-16", articles=(first,), differences=()
    )
    return replace(join, **changes)  # type: ignore[arg-type]


def test_official_text_stands_beside_the_plan(folder: Path) -> None:
    write_beside(folder, "yunling", text=TEXT, join=_join(), read={"schema": "lantian-plan/1"})
    first, second = plan("yunling", folder).articles
    assert first.text == "第一条　目标。到2025年达到30。"
    assert [(first.text[s.start : s.end], s.role, s.item) for s in first.sentences] == [
        ("第一条　目标。", "title", None), ("到2025年达到30。", "target", "T01-1"),
    ]  # fmt: skip
    assert first.sentences[1].items == ("T01-1", "R01-1")
    assert (second.text, second.sentences) == (None, ())
    assert first.targets == plan("yunling", folder).articles[0].targets


def test_official_text_beside_a_plan_of_the_package(data: Path) -> None:
    write_beside(data, "jixi-2024", text=TEXT, join=_join())
    assert plan("jixi-2024", data).article(1).text == TEXT[:18]
    assert plan("jixi-2024").article(1).text is None
    assert not (data / "plans/jixi-2024/plan.yaml").exists()


def test_a_changed_text_is_refused(folder: Path) -> None:
    write_beside(folder, "yunling", text=TEXT, join=_join())
    (folder / "plans/yunling/text.txt").write_text("别的文字")
    with pytest.raises(RulebookError, match="不是同一份文件"):
        plan("yunling", folder)


def test_differences_are_kept_and_settled(folder: Path) -> None:
    open_one = Difference(
        id="V1", article=1, of="target", kind="value", what="数值", item="T01-1", document="28", data="30", span=(7, 18)
    )
    write_beside(folder, "yunling", text=TEXT, join=_join(differences=(open_one,)))
    settled = replace(open_one, status="settled", choice="data", by="王敏", at="2025-10-16T08:00+08:00")
    write_join(folder, "yunling", replace(read_join(folder / "plans/yunling"), differences=(settled,)))
    assert read_join(folder / "plans/yunling").differences == (settled,)


@pytest.mark.parametrize("row", ["[0, 30, title]", "[5, 5, title]", "[0, 5]", "[a, 5, title]"])
def test_a_broken_span_is_refused(folder: Path, row: str) -> None:
    write_beside(folder, "yunling", text=TEXT, join=_join())
    _edit(folder / "plans/yunling/join.yaml", "[0, 7, title]", row)
    with pytest.raises(RulebookError, match="句子应写成"):
        plan("yunling", folder)


def test_texts_without_english_are_written_once(folder: Path) -> None:
    own = plan("yunling", folder)
    write_plan(folder, replace(own, title=Text("云岭方案", "云岭方案")))
    assert "title: 云岭方案\n" in (folder / "plans/yunling/plan.yaml").read_text()
