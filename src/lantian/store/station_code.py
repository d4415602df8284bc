"""Codes of stations as they are kept: one way to write each."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NATIONAL: Final = re.compile(r"\d{3,5}[a-z]\Z")
_WHOLE: Final = re.compile(r"(\d+)\.0\Z")


def plain_code(text: str) -> str:
    """A code without full-width signs, spaces around, or the .0 of a spreadsheet; the letter of 1001a is a capital."""
    code = unicodedata.normalize("NFKC", text).strip()
    code = _WHOLE.sub(r"\1", code)
    return code.upper() if _NATIONAL.match(code) else code
