"""A file's bytes become text, or are refused with a message that says what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from lantian.basis.finding import Refusal
from lantian.plan.read import read, read_bytes
from lantian.plan.read.documents import MAX_BYTES, text_of_bytes

HERE = Path(__file__).parent / "documents"
PLAN = (HERE / "hanshan-winter.txt").read_text(encoding="utf-8")


def refused(content: bytes, name: str = "x.txt") -> str:
    with pytest.raises(Refusal) as caught:
        read_bytes(content, name)
    finding = caught.value.findings[0]
    assert finding.place.file == name
    assert len(finding.text.zh) > 15
    assert finding.text.en
    return finding.code.removeprefix("PLAN-DOCUMENT-")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030"]
)
def test_encodings(encoding: str) -> None:
    assert text_of_bytes(PLAN.encode(encoding), "a.txt") == PLAN


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_become_lf(end: str) -> None:
    assert text_of_bytes(PLAN.replace("\n", end).encode(), "a.txt") == PLAN


def test_traditional_gbk() -> None:
    text = (HERE / "xiapuwan-hant-one-line.txt").read_text(encoding="utf-8")
    assert text_of_bytes(text.encode("gbk"), "a.txt") == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY"),
        (b" \r\n\t", "EMPTY"),
        (b"\x00\x01\x02\xff\xfe\x80PK" * 200, "BINARY"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "BINARY"),
        (PLAN.encode().decode("latin-1").encode("utf-8"), "GARBLED"),
        ("锟斤拷".encode("gbk")[:5] + b"\xff\xfa\xfb" * 40, "GARBLED"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "OLD-WORD"),
        (rb"{\rtf1\ansi plan}", "RTF"),
        (b"a" * (MAX_BYTES + 1), "TOO-LARGE"),
        (b"PK\x03\x04 not an archive", "NOT-DOCX"),
        (b"%PDF-1.7 broken", "BROKEN-PDF"),
    ],
)
def test_refused(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_text_under_the_name_of_a_word_document() -> None:
    assert refused(PLAN.encode(), "plan.docx") == "NOT-DOCX"


def test_archive_that_is_no_document() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(content.getvalue()) == "NOT-DOCX"


def test_bomb_is_not_unpacked() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (30 * 2**20))
    assert len(content.getvalue()) < 2**20
    assert refused(content.getvalue()) == "ZIP-BOMB"


def test_missing_and_folder(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.txt", "MISSING"), (tmp_path, "NOT-A-FILE")):
        with pytest.raises(Refusal) as caught:
            read(path)
        assert caught.value.findings[0].code == f"PLAN-DOCUMENT-{code}"


def test_word_paragraphs_tables_and_headers() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉不读"
    document.add_paragraph("第一段")
    table = document.add_table(rows=2, cols=3)
    for row, values in zip(table.rows, (("甲", "乙", "丙"), ("1", "2", "3")), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(0, 0).merge(table.cell(1, 0))
    document.add_paragraph("末段")
    content = io.BytesIO()
    document.save(content)
    assert text_of_bytes(content.getvalue(), "a.docx") == "第一段\n甲 1\t乙\t丙\n\t2\t3\n末段"


def test_word_writes_list_numbers() -> None:
    document = docx.Document()
    for text in ("建立台账", "开展巡查"):
        document.add_paragraph(text, style="List Number")
    content = io.BytesIO()
    document.save(content)
    assert text_of_bytes(content.getvalue(), "a.docx") == "1.建立台账\n2.开展巡查"
