"""The analysed form of a text: simplified script, one width of digits and marks, one code point for one code point."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_TRADITIONAL = frozenset(
    "為國發環氣進實質業與關區縣務強產結構單據設標東車運輸導從個來時會對減細顆達過現嚴燃煤鍋爐".replace("燃煤", "")
)
_SAME = {
    ",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！", "[": "〔", "]": "〕",
    "﹝": "〔", "﹞": "〕", "［": "〔", "］": "〕", "「": "“", "」": "”", "『": "‘", "』": "’",
    "﹪": "%", "％": "%", "~": "～", "〜": "～", "∼": "～", "–": "—", "―": "—", "－": "—", "‐": "-", "‑": "-", "─": "—",
    "µ": "μ", "㎍": "μ", "³": "3", "²": "2", "₂": "2", "₃": "3", "₅": "5", "•": "·", "・": "·", "‧": "·",
    "＜": "<", "＞": ">", "≦": "≤", "≧": "≥", "／": "/", "＋": "+", "＝": "=", "．": ".", "｡": "。", "､": "、", "﹒": ".",
    "﹑": "、", "︰": "：", "∶": "：", "﹔": "；", "﹐": "，", "｜": "|", "│": "|", "┃": "|",
}  # fmt: skip
_WIDE = {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_MARKS = str.maketrans({**_SAME, **_WIDE})
_WORDS = (
    ("专案", "项目"),
    ("水准", "水平"),
    ("品质", "质量"),
    ("计画", "计划"),
    ("佔", "占"),
    ("採", "采"),
    ("裡", "里"),
)  # words of the south
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:，\d{3})+(?!\d)")


def is_traditional(text: str) -> bool:
    """Whether a text is written in traditional characters."""
    return sum(char in _TRADITIONAL for char in text) * 100 >= max(200, len(text))


def plain(text: str) -> str:
    """The text with simplified characters, half-width digits and full-width marks.

    Shape   as long as ``text``: every offset holds in both
    """
    changed = text.translate(_MARKS)
    if is_traditional(text):
        changed = changed.translate(_simplified())
        for word, same in _WORDS:
            changed = changed.replace(word, same)
    return _THOUSANDS.sub(lambda match: _grouped(match, text), changed)


def _grouped(match: re.Match[str], text: str) -> str:
    """Digits grouped by a half-width comma stay one number."""
    written = text[match.start() : match.end()]
    return match[0].replace("，", ",") if "," in written and "，" not in written else match[0]


@cache
def _simplified() -> dict[int, str]:
    """Single characters, traditional to simplified (OpenCC, TSCharacters)."""
    table = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t", 1) for line in table.splitlines() if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1 and new and len(new.split()[0]) == 1}
