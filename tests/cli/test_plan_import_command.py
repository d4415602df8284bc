"""``lantian plan import`` on a small fictional plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lantian.basis.finding import Refusal
from lantian.cli.plan import app
from lantian.rulebook import plan

PLAN = """云岭市空气质量持续改善实施方案

为持续改善空气质量，制定本方案。

一、总体要求

（一）目标指标。到2025年，全市PM2.5年均浓度控制在30微克/立方米以内，重度及以上污染天数控制在3天以内。

二、重点任务

（二）整治锅炉。建成区严禁新建35蒸吨/小时及以下燃煤锅炉。（由市生态环境局牵头，市住建局等按职责分工负责）

云岭市人民政府
2024年3月1日
"""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """The command sets LANTIAN_DATA for all that follows; this puts it back."""
    monkeypatch.setenv("LANTIAN_DATA", str(data))


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "云岭.txt"
    file.write_text(PLAN)
    return file


def test_a_new_plan_is_a_draft_and_says_what_to_do(document: Path, data: Path) -> None:
    done = CliRunner().invoke(app, ["import", str(document), "--id", "yunling", "--data", str(data)])
    assert done.exit_code == 0, done.output
    assert "已建立草稿" in done.output
    made = plan("yunling", data)
    assert made.draft
    assert [(target.metric, str(target.value)) for target in made.targets] == [
        ("pm25_annual_mean", "30"),
        ("heavy_pollution_days", "3"),
    ]
    again = CliRunner().invoke(app, ["import", str(document), "--data", str(data)])
    assert "与以前的导入相同，没有改动" in again.output


def test_an_unknown_plan_is_refused_and_nothing_written(document: Path, data: Path) -> None:
    done = CliRunner().invoke(app, ["import", str(document), "--as", "jixi2024", "--data", str(data)])
    assert isinstance(done.exception, Refusal)
    assert "是否为“jixi-2024”" in str(done.exception)
    assert not (data / "plans").exists()
