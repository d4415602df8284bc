"""Region codes: the first six digits of GB/T 2260 (province 2, prefecture 4, county 6)."""

from __future__ import annotations

import re
from enum import StrEnum

_CODE = re.compile(r"[1-9]\d{5}\Z")


class Level(StrEnum):
    """Administrative level of a region code."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


def checked(code: str | int) -> str:
    """The six-digit text of a region code.

    Errors  ValueError naming the text that is no region code
    """
    text = str(code)
    if not _CODE.match(text):
        raise ValueError(f"not a six-digit region code: {text!r}")
    return text


def level(code: str) -> Level:
    """Level of a region code, read from its trailing zeros."""
    checked(code)
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.PREFECTURE if code.endswith("00") else Level.COUNTY


def holds(outer: str, inner: str) -> bool:
    """Whether ``inner`` lies in ``outer`` or is the same region."""
    width = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6}[level(outer)]
    return inner[:width] == outer[:width]
