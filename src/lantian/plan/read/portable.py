"""A PDF's text layer, page after page."""

from __future__ import annotations

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from lantian.plan.read import refusals

MAX_PAGES = 300
MIN_CHARACTERS_A_PAGE = 20


def text_of_pdf(content: bytes, name: str) -> str:
    """Text of all pages, one LF between pages.

    Errors  Refusal where the file is broken, encrypted, too long or carries no text
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refusals.broken_pdf(name, "已加密")
        if len(reader.pages) > MAX_PAGES:
            raise refusals.broken_pdf(name, f"超过 {MAX_PAGES} 页")
        pages = [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise refusals.broken_pdf(name, type(error).__name__) from error
    text = "\n".join(pages)
    if len("".join(text.split())) < MIN_CHARACTERS_A_PAGE * max(1, len(pages)) and len("".join(text.split())) < 200:
        raise refusals.pdf_without_text(name)
    return text
