"""What a document is refused for: each message says what, where, why and what to do."""

from __future__ import annotations

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text


def refusal(code: str, file: str, zh: str, en: str) -> Refusal:
    """A refusal of a whole document."""
    return Refusal(Finding(f"PLAN-DOCUMENT-{code}", Severity.REFUSED, Text(zh, en), Place(file=file)))


def missing(file: str) -> Refusal:
    """The file is not there."""
    return refusal(
        "MISSING", file, "找不到这个文件。请核对路径和文件名后重试。", "no such file; check the path and the name"
    )


def not_a_file(file: str) -> Refusal:
    """The path is a folder or a device."""
    return refusal(
        "NOT-A-FILE",
        file,
        "这个路径不是文件（可能是文件夹）。请指定方案文件本身。",
        "not a regular file; name the document itself",
    )


def unreadable(file: str, why: str) -> Refusal:
    """The system does not let the file be read."""
    return refusal(
        "UNREADABLE",
        file,
        f"文件不能读取（{why}）。请检查权限后重试。",
        f"the file cannot be read ({why}); check its permissions",
    )


def empty(file: str) -> Refusal:
    """The file holds no text."""
    return refusal(
        "EMPTY",
        file,
        "文件是空的，没有可识读的文字。请确认导出或下载是否完整。",
        "the file holds no text; check that it was saved completely",
    )


def too_large(file: str, size: int, limit: int) -> Refusal:
    """The file is larger than any plan."""
    zh = f"文件有 {size / 2**20:.0f} MB，超过 {limit / 2**20:.0f} MB 的上限；方案文本不会这样大。请只保留方案正文，或另存为纯文本后重试。"
    return refusal(
        "TOO-LARGE", file, zh, f"{size} bytes, more than {limit}; keep the plan itself or save it as plain text"
    )


def binary(file: str) -> Refusal:
    """The bytes are no text."""
    zh = "文件内容不是文字（二进制数据），无法识读。可识读的格式为 .txt、.docx 和带文字层的 .pdf；请另存为其中一种。"
    return refusal(
        "BINARY", file, zh, "binary data, not text; save the plan as .txt, .docx or a .pdf that carries text"
    )


def garbled(file: str) -> Refusal:
    """The characters make no Chinese text."""
    zh = "文字是乱码：按 UTF-8、UTF-16 和 GBK（GB 18030）都读不出通顺的中文。请用原编辑软件另存为 UTF-8 后重试。"
    return refusal("GARBLED", file, zh, "no readable Chinese in UTF-8, UTF-16 or GB 18030; save the file as UTF-8")


def old_word(file: str) -> Refusal:
    """The file is a Word 97–2003 document."""
    zh = "这是旧版 Word（.doc）或加密的 Office 文件，不能直接识读。请在 Word 或 WPS 中另存为 .docx（不加密）后重试。"
    return refusal("OLD-WORD", file, zh, "a Word 97-2003 or encrypted Office file; save it as .docx without a password")


def rich_text(file: str) -> Refusal:
    """The file is RTF."""
    return refusal(
        "RTF",
        file,
        "这是 RTF 文件，不能直接识读。请另存为 .docx 或 .txt 后重试。",
        "an RTF file; save it as .docx or .txt",
    )


def not_docx(file: str, why: str) -> Refusal:
    """The file bears the name of a Word document and is none."""
    zh = f"这不是完好的 Word 文档（{why}）。请在 Word 或 WPS 中打开并另存为 .docx 后重试。"
    return refusal("NOT-DOCX", file, zh, f"not a sound .docx ({why}); open it in Word or WPS and save it again")


def bomb(file: str, why: str) -> Refusal:
    """The archive unpacks to more than a plan can be."""
    zh = f"压缩内容异常（{why}），为安全起见没有解开。请向提供者核实文件，或另存为 .txt 后重试。"
    return refusal(
        "ZIP-BOMB", file, zh, f"suspicious archive ({why}); it was not unpacked; ask where the file comes from"
    )


def pdf_without_text(file: str) -> Refusal:
    """The PDF holds pictures of pages."""
    zh = "这个 PDF 没有文字层（多为扫描件），读不出文字。请提供 .docx，或先做文字识别（OCR）并人工核对后另存为 .txt。"
    return refusal(
        "PDF-NO-TEXT",
        file,
        zh,
        "the PDF carries no text (a scan); give the .docx, or recognise and check the text first",
    )


def broken_pdf(file: str, why: str) -> Refusal:
    """The PDF cannot be opened."""
    zh = f"这个 PDF 打不开（{why}）。请确认文件完整、未加密，或改用 .docx、.txt。"
    return refusal(
        "BROKEN-PDF", file, zh, f"the PDF cannot be opened ({why}); check that it is whole and not encrypted"
    )
