"""The one door for files: size and true type are checked, the bytes kept under their digest, never shown inline."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Collection
from datetime import datetime
from pathlib import Path, PurePath
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import FileResponse

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.site import configured
from lantian.site.intake.models import Upload
from lantian.site.people.models import User

TABLES = frozenset({"xlsx", "csv"})
AIR_TABLES = frozenset({"xlsx", "csv", "txt", "parquet", "gz"})
DOCUMENTS = frozenset({"docx", "pdf", "txt"})
EVIDENCE = frozenset({"xlsx", "csv", "docx", "pdf", "txt", "png", "jpg"})
_NAMES = {"xlsx": "Excel（.xlsx）", "csv": "CSV", "docx": "Word（.docx）", "pdf": "PDF", "txt": "文本（.txt）",
          "png": "PNG 图片", "jpg": "JPEG 图片", "parquet": "Parquet", "gz": "压缩的 CSV（.gz）"}  # fmt: skip
_SUFFIXES = {"jpeg": "jpg", "text": "txt", "md": "txt", "tsv": "csv"}
_SAVE_AGAIN = {"xls": "xlsx", "doc": "docx", "et": "xlsx", "wps": "docx"}
_TEXTS = {"csv", "txt"}
_HEAD = 64 * 1024
_MOST_UNPACKED = 500 * 2**20
_MOST_RATIO = 200


def keep(upload: UploadedFile[bytes], allowed: Collection[str], *, by: User | None, now: datetime) -> Upload:
    """The record of a file now kept in ``<data>/evidence/``; the same bytes are kept once.

    Errors  Refusal: empty, larger than 50 MB, of another kind than its name says, or of a kind not taken here
    """
    name = safe_name(upload.name or "")
    if not upload.size:
        raise refused("UPLOAD-EMPTY", f"文件“{name}”是空的。请确认选对了文件，重新上传。", "The file is empty.", name)
    if upload.size > settings.MAX_UPLOAD:
        most, size = settings.MAX_UPLOAD // 2**20, upload.size / 2**20
        zh = f"文件“{name}”有 {size:.0f} MB，超过 {most} MB 的上限。请拆分或压缩图片后再上传。"
        raise refused("UPLOAD-TOO-LARGE", zh, f"The file is larger than {most} MB.", name)
    upload.seek(0)
    kind = sniffed(upload.file if upload.file is not None else upload, name, allowed)
    upload.seek(0)
    digest = _kept(upload, kind)
    region = configured.plan().region
    return Upload.objects.create(digest=digest, name=name, kind=kind, size=upload.size, by=by, at=now, region=region)


def keep_made(content: bytes, name: str, kind: str, *, by: User | None, now: datetime) -> Upload:
    """The record of a file this program made itself, kept like one that was handed in."""
    digest = _kept(SimpleUploadedFile(name, content), kind)
    region = configured.plan().region
    return Upload.objects.create(digest=digest, name=name, kind=kind, size=len(content), by=by, at=now, region=region)


def path_of(upload: Upload) -> Path:
    """Where the bytes of an upload lie."""
    return _folder() / f"{upload.digest}.{upload.kind}"


def download(upload: Upload) -> FileResponse:
    """The file as an attachment of no type a browser would show."""
    response = FileResponse(path_of(upload).open("rb"), as_attachment=True, filename=upload.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def sniffed(file: IO[bytes], name: str, allowed: Collection[str]) -> str:
    """Kind of a file by its content; its name must say the same.

    Errors  Refusal
    """
    suffix = PurePath(name).suffix.lstrip(".").lower()
    claimed = _SUFFIXES.get(suffix, suffix)
    head = file.read(_HEAD)
    wanted = "、".join(_NAMES[kind] for kind in sorted(allowed))
    if claimed in _SAVE_AGAIN:
        better = _NAMES[_SAVE_AGAIN[claimed]]
        zh = f"“{name}”是旧格式（.{claimed}）。请用 WPS 或 Office 另存为{better}后再上传。"
        raise refused("UPLOAD-OLD-FORMAT", zh, "An old file format; save it again in the current one.", name)
    if claimed not in allowed:
        zh = f"“{name}”不是这里能用的文件。可用：{wanted}。"
        raise refused("UPLOAD-WRONG-KIND", zh, f"Not a kind taken here: {', '.join(sorted(allowed))}.", name)
    found = _content_kind(head, file, name)
    if found != claimed and not (found == "text" and claimed in _TEXTS):
        what = _NAMES.get(found or "", "无法识别的内容" if found != "text" else "普通文本")
        zh = f"“{name}”的扩展名是 .{suffix}，内容却是{what}。请用原来的软件打开后重新另存，再上传。"
        raise refused("UPLOAD-NOT-WHAT-IT-SAYS", zh, "The content is of another kind than the name says.", name)
    return claimed


def safe_name(name: str) -> str:
    """Last part of a file name without control characters, at most 200 characters with its suffix."""
    plain = "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable()).strip() or "file"
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix[:12]
    return f"{stem[: 200 - len(suffix)]}{suffix}"


def refused(code: str, zh: str, en: str, name: str) -> Refusal:
    """A refusal of one file."""
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place()))


def _content_kind(head: bytes, file: IO[bytes], name: str) -> str | None:
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(file, name)
    for start, kind in ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"),
                        (b"PAR1", "parquet"), (b"\x1f\x8b", "gz")):  # fmt: skip
        if head.startswith(start):
            return kind
    return "text" if _is_text(head) else None


def _zip_kind(file: IO[bytes], name: str) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        zh = f"“{name}”已损坏，打不开。请重新导出或另存后再上传。"
        raise refused("UPLOAD-DAMAGED", zh, "The file is damaged.", name) from None
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > _MOST_UNPACKED or (unpacked > 50 * 2**20 and unpacked / packed > _MOST_RATIO):
        zh = f"“{name}”解压后有 {unpacked / 2**20:.0f} MB，不是正常的办公文件，已拒收。请用原来的软件重新另存。"
        raise refused("UPLOAD-BOMB", zh, "Unpacks to far more than an office file holds.", name)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else None


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the head may end inside a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _kept(upload: UploadedFile[bytes], kind: str) -> str:
    """Digest of the bytes, which now stand whole in the evidence folder."""
    folder, digest = _folder(), hashlib.sha256()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in upload.chunks():
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        final = folder / f"{digest.hexdigest()}.{kind}"
        if final.exists():
            os.unlink(temporary)
        else:
            os.replace(temporary, final)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _folder() -> Path:
    return Path(settings.DATA) / "evidence"
