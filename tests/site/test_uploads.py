"""The one door for files: size, true type, digest name, never inline."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from lantian.basis.finding import Refusal
from lantian.site import uploads
from lantian.site.intake.models import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path / "evidence"


def _xlsx() -> bytes:
    book = Workbook()
    book.active["A1"] = "日期"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bomb(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * (60 * 2**20))
    return out.getvalue()


def _keep(name: str, content: bytes, now, allowed=uploads.EVIDENCE) -> Upload:
    return uploads.keep(SimpleUploadedFile(name, content), allowed, by=None, now=now)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("表.xlsx", _xlsx(), "xlsx"),
        ("表.CSV", "日期,值\n2025-01-01,1\n".encode("gb18030"), "csv"),
        ("文.txt", "第一条 总则".encode(), "txt"),
        ("扫描.pdf", b"%PDF-1.7\n...", "pdf"),
        ("照片.JPEG", b"\xff\xd8\xff\xe0....", "jpg"),
        ("图.png", b"\x89PNG\r\n\x1a\n....", "png"),
    ],
)
def test_a_file_is_kept_under_its_digest(name, content, kind, now, folder):
    kept = _keep(name, content, now)
    assert (kept.kind, kept.size, kept.name) == (kind, len(content), name)
    assert kept.digest == hashlib.sha256(content).hexdigest()
    assert [file.name for file in folder.iterdir()] == [f"{kept.digest}.{kind}"]
    assert uploads.path_of(kept).read_bytes() == content
    assert uploads.path_of(kept).stat().st_mode & 0o077 == 0


def test_the_same_bytes_are_kept_once(now, folder):
    first, second = _keep("a.pdf", b"%PDF-1", now), _keep("b.pdf", b"%PDF-1", now)
    assert first.pk != second.pk
    assert uploads.path_of(first) == uploads.path_of(second)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.csv", b"", "UPLOAD-EMPTY"),
        ("旧.xls", b"\xd0\xcf\x11\xe0", "UPLOAD-OLD-FORMAT"),
        ("程序.exe", b"MZ", "UPLOAD-WRONG-KIND"),
        ("网页.html", b"<script>", "UPLOAD-WRONG-KIND"),
        ("假.pdf", _xlsx(), "UPLOAD-NOT-WHAT-IT-SAYS"),
        ("假.xlsx", b"%PDF-1", "UPLOAD-NOT-WHAT-IT-SAYS"),
        ("假.docx", _xlsx(), "UPLOAD-NOT-WHAT-IT-SAYS"),
        ("乱.txt", bytes(range(256)) * 4, "UPLOAD-NOT-WHAT-IT-SAYS"),
        ("坏.xlsx", _xlsx()[:200], "UPLOAD-DAMAGED"),
        ("弹.xlsx", _bomb("xl/workbook.xml"), "UPLOAD-BOMB"),
        ("图.svg", b"<svg onload='alert(1)'/>", "UPLOAD-WRONG-KIND"),
    ],
)
def test_what_is_refused_is_told_and_nothing_is_left(name, content, code, now, folder):
    with pytest.raises(Refusal) as refused:
        _keep(name, content, now)
    assert refused.value.findings[0].code == code
    assert name in refused.value.findings[0].text.zh
    assert not Upload.objects.exists()
    assert not folder.exists() or not list(folder.iterdir())


def test_more_than_fifty_megabytes_is_refused(now, settings, folder):
    settings.MAX_UPLOAD = 1000
    assert _keep("a.txt", b"x" * 1000, now).size == 1000
    with pytest.raises(Refusal) as refused:
        _keep("b.txt", b"x" * 1001, now)
    assert refused.value.findings[0].code == "UPLOAD-TOO-LARGE"


def test_a_kind_not_taken_here_is_refused_though_it_is_taken_elsewhere(now):
    with pytest.raises(Refusal):
        _keep("图.png", b"\x89PNG\r\n\x1a\n", now, uploads.TABLES)


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "passwd"), ("C:\\用户\\表.xlsx", "表.xlsx"), ("a\x00\r\nb.csv", "ab.csv"), ("", "file"),
     ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx")],
)  # fmt: skip
def test_names_lose_folders_and_control_characters(name, safe):
    assert uploads.safe_name(name) == safe


def test_a_file_is_given_back_as_an_attachment_only_to_staff(client_of, client, now):
    kept = _keep("证据 表.pdf", b"%PDF-1.7", now)
    response = client_of("leader").get(f"/intake/file/{kept.pk}/")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert client.get(f"/intake/file/{kept.pk}/").status_code == 302
