"""A file's bytes as text: plain text in the usual encodings, Word documents, and PDF that carries text."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from lantian.plan.read import refusals

MAX_BYTES = 20 * 2**20
_COMMON = frozenset("，。、的和市生态环境大气污染治理年月日局一二三四五工作各有关责任單位重点重點防控人民政府國家產業")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def text_of_file(path: Path) -> str:
    """Text of a document, line ends LF.

    Errors  Refusal where the file is missing, empty, too large, binary, garbled or damaged
    """
    name = path.name
    if not path.exists():
        raise refusals.missing(str(path))
    if not path.is_file():
        raise refusals.not_a_file(str(path))
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise refusals.too_large(name, size, MAX_BYTES)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise refusals.unreadable(name, error.strerror or "OSError") from error
    return text_of_bytes(content, name)


def text_of_bytes(content: bytes, name: str) -> str:
    """Text of a document's bytes, told by what they are and not by the file's name.

    Errors  Refusal where the bytes are empty, too many, binary, garbled or damaged
    """
    if len(content) > MAX_BYTES:
        raise refusals.too_large(name, len(content), MAX_BYTES)
    if not content.strip(b"\x00 \t\r\n"):
        raise refusals.empty(name)
    text = _text_by_kind(content, name)
    text = lines_ended_by_lf(text)
    if not text.strip():
        raise refusals.empty(name)
    return text


def _text_by_kind(content: bytes, name: str) -> str:
    if content.startswith(_OLE):
        raise refusals.old_word(name)
    if content.startswith(b"{\\rtf"):
        raise refusals.rich_text(name)
    if content.startswith(b"PK\x03\x04") or name.lower().endswith(".docx"):
        from lantian.plan.read.word import text_of_docx

        return text_of_docx(content, name)
    if content.startswith(b"%PDF-") or name.lower().endswith(".pdf"):
        from lantian.plan.read.portable import text_of_pdf

        return text_of_pdf(content, name)
    return decoded(content, name)


def decoded(content: bytes, name: str) -> str:
    """Plain text: a byte order mark first, then UTF-8, UTF-16 without a mark, GB 18030 (which holds GBK).

    Errors  Refusal for binary bytes and for text that is no text in any of them
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(_decode(content, encoding) or "\ufffd" * 10, name)
    text = _decode(content, "utf-8")
    if text is not None and "\x00" not in text:
        return _checked(text, name)
    if b"\x00" in content:
        encoding = "utf-16-le" if content[1::2].count(0) >= content[::2].count(0) else "utf-16-be"
        text = _decode(content[: len(content) // 2 * 2], encoding)
        if text is None or not _is_chinese(text):
            raise refusals.binary(name)
        return _checked(text, name)
    text = _decode(content, "gb18030")
    if text is None:
        raise (refusals.binary if _share_of_controls(content.decode("latin-1")) > 0.02 else refusals.garbled)(name)
    if not _is_chinese(text):
        raise (refusals.binary if _share_of_controls(text) > 0.01 else refusals.garbled)(name)
    return _checked(text, name)


def _decode(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str, name: str) -> str:
    sample = text[:200_000]
    if _share_of_controls(sample) > 0.005:
        raise refusals.binary(name)
    odd = sum(char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cs") for char in sample)
    wide = sum(ord(char) > 0x7F for char in sample)
    latin = sum(0x80 <= ord(char) < 0x250 for char in sample)
    if odd * 100 > len(sample) or (wide > 20 and latin > wide * 0.6):
        raise refusals.garbled(name)
    return text


def _share_of_controls(text: str) -> float:
    controls = sum(char < " " and char not in "\t\n\r\x0b\x0c\x1a" for char in text)
    return controls / max(1, len(text))


def _is_chinese(text: str) -> bool:
    """Whether most of what is not ASCII are characters and marks of everyday Chinese (GB 2312 and its marks)."""
    wide = [char for char in text[:200_000] if ord(char) > 0x7F]
    if not wide:
        return False
    plain = sum(_everyday(char) for char in wide)
    common = sum(char in _COMMON for char in wide)
    return common >= 0.05 * len(wide) and plain >= 0.85 * len(wide) and _share_of_controls(text) <= 0.005


def _everyday(char: str) -> bool:
    if char in "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·～％　．\u00a0\ufeff":
        return True
    try:
        pair = char.encode("gbk")
    except UnicodeEncodeError:
        return False
    if len(pair) != 2:
        return False
    # level 1 of GB 2312 and the marks: everyday words; GBK/3 and GBK/4 (81-A0, and trail bytes below A1): traditional forms
    return 0xA3 <= pair[0] <= 0xD7 if pair[1] >= 0xA1 else 0x81 <= pair[0] <= 0xFD


def lines_ended_by_lf(text: str) -> str:
    """The text without a byte order mark, every line end written LF."""
    for old in ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"):
        text = text.replace(old, "\n")
    return text.removeprefix("\ufeff").replace("\x1a", "")
