"""``lantian air bulletin``: the document and the workbook of a month, or the reason why there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from typer.testing import CliRunner

from lantian.cli.air import app
from lantian.work.air_import import import_city_days


@pytest.fixture
def folder(data: Path, tmp_path: Path, now: datetime) -> Path:
    rows = [f"2025-09-{day:02},鸡西,8,20,0.5,80,60,{20 + day}" for day in range(1, 31)]
    file = tmp_path / "days.csv"
    file.write_text("\n".join(["日期,城市,SO2,NO2,CO,O3_8h,PM10,PM2.5", *rows]), "utf-8")
    import_city_days(data, file, now=now, user="")
    return data


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LANTIAN_AS_OF": "2025-10-15", "LANTIAN_PLAN": "jixi-2024"}
    command = [sys.executable, "-m", "lantian.cli", "air", "bulletin", *arguments, "--data", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)


@pytest.mark.slow
def test_document_and_workbook_are_written(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "bulletin.docx"
    done = run(folder, "2025-09", "--out", str(out))
    assert done.returncode == 0, done.stderr
    document = Document(str(out))
    assert [paragraph.text for paragraph in document.paragraphs[:2]] == ["鸡西市环境空气质量月报", "2025年9月"]
    assert document.tables[0].rows[1].cells[2].text == "36"  # 35.5, the half to even
    assert len(document.inline_shapes) == 4
    assert load_workbook(out.with_suffix(".xlsx")).sheetnames[0] == "鸡西市主要指标"


def test_a_month_without_data_writes_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "bulletin.docx"
    done = run(folder, "2025-08", "--out", str(out))
    assert done.returncode == 2
    assert "没有实况的日均值" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(("month", "extra"), [("2025-13", []), ("九月", []), ("2025-09", ["--values", "guessed"])])
def test_what_is_no_month_is_told(data: Path, month: str, extra: list[str]) -> None:
    out = data / "b.docx"
    done = CliRunner().invoke(app, ["bulletin", month, "--out", str(out), "--data", str(data), *extra])
    assert done.exit_code == 2
    assert "请写" in done.output
    assert not out.exists()
