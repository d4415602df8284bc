"""Tables from every kind of file, and what is no table."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from lantian.basis.finding import Refusal
from lantian.store.cells import pasted, read_file

TEXT = "日期,城市,PM2.5\n2025-01-01,鸡西市,30.5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_text_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TEXT.encode(encoding))
    (sheet,) = read_file(file).sheets
    assert sheet.rows == [("日期", "城市", "PM2.5"), ("2025-01-01", "鸡西市", "30.5")]


def test_gzip_tabs_and_semicolons(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(TEXT.replace(",", ";").encode()))
    assert read_file(file).sheets[0].rows[1][1] == "鸡西市"
    assert pasted(TEXT.replace(",", "\t")).sheets[0].rows[1] == ("2025-01-01", "鸡西市", "30.5")


def test_a_sheet_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as old, zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet><sheetData><row><c" if "sheet1" in name else old.read(name))
    with pytest.raises(Refusal, match="xlsx"):
        read_file(tmp_path / "cut.xlsx")


def test_parquet_keeps_the_text_of_narrow_floats(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    table = pa.table({"co": pa.array([0.7, None], pa.float32()), "pm25": [30.5, float("nan")]})
    pq.write_table(table, file)
    (sheet,) = read_file(file).sheets
    assert sheet.rows[0] == ("co", "pm25")
    assert sheet.rows[1] == ("0.7", 30.5)
    assert sheet.rows[2][0] is None


def test_workbook_with_two_sheets(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "说明"  # type: ignore[union-attr]
    second = book.create_sheet("数据")
    second.append(["日期", "PM2.5"])
    second.append([datetime(2025, 1, 1), 30.5])
    book.save(tmp_path / "a.xlsx")
    sheets = read_file(tmp_path / "a.xlsx").sheets
    assert [sheet.sheet for sheet in sheets] == ["说明", "数据"]
    assert sheets[1].rows[1] == (datetime(2025, 1, 1), 30.5)


def zip_bomb() -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (260 << 20))
    return raw.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空的"),
        (b"\x00\x01\x02binary", "不是表格文件"),
        (b"\xff\xff\xfe\x81\x20\xff", "不是表格文件"),
        (b"\x1f\x8bdamaged", "压缩文件已损坏"),
        (b"PK\x03\x04 no zip", "不是有效的 xlsx"),
        (b"PAR1 no parquet", "已损坏"),
        (b"  \n \n", "没有内容"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(Refusal, match=message):
        read_file(file)


def test_bombs_folders_and_absent_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(zip_bomb())
    with pytest.raises(Refusal, match="超过上限"):
        read_file(file)
    monkeypatch.setattr("lantian.store.cells.MAX_UNPACKED", 1000)
    small = tmp_path / "a.csv.gz"
    small.write_bytes(gzip.compress(b"0" * 5000))
    with pytest.raises(Refusal, match="超过上限"):
        read_file(small)
    monkeypatch.setattr("lantian.store.cells.MAX_ROWS", 3)
    with pytest.raises(Refusal, match="超过 3 行"):
        pasted("a\tb\n" * 4)
    with pytest.raises(Refusal, match="没有这个文件"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(Refusal, match="不是文件"):
        read_file(tmp_path)
