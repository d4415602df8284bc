"""Chinese and circled numerals as numbers."""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[零〇○一二两三四五六七八九十百千]"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def number_of(text: str) -> int | None:
    """Value of a numeral written 12, 十二, 二〇二五 or ③; None where it is none."""
    if text.isdigit() and text.isascii():
        return int(text)
    if len(text) == 1 and text in CIRCLED:
        return CIRCLED.index(text) + 1
    if not text or any(char not in _DIGITS and char not in _UNITS and char != "万" for char in text):
        return None
    if "万" in text:
        head, _, tail = text.partition("万")
        upper, lower = number_of(head), number_of(tail) if tail else 0
        return None if upper is None or lower is None else upper * 10_000 + lower
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    return _composed(text)


def _composed(text: str) -> int:
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
