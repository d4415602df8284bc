"""Numbers that Word writes by itself before a paragraph (numbered lists), written out as a reader sees them."""

from __future__ import annotations

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "ideographTraditional",
    "taiwaneseCountingThousand",
}
_DIGITS = "零一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Numbering:
    """Counts the numbered paragraphs of one document in their order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._read(document)

    def _read(self, document: Any) -> None:
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract = {a.get(f"{_W}abstractNumId"): a for a in root.iter(f"{_W}abstractNum")}
        for number in root.iter(f"{_W}num"):
            link = number.find(f"{_W}abstractNumId")
            source = abstract.get(link.get(f"{_W}val")) if link is not None else None
            if source is not None:
                self._levels[number.get(f"{_W}numId")] = _levels(source)
        for style in document.styles.element.iter(f"{_W}style"):
            found = _num_pr(style)
            if found:
                self._styles[style.get(f"{_W}styleId")] = found

    def prefix(self, paragraph: Any) -> str:
        """The number shown before a paragraph, or nothing."""
        found = _num_pr(paragraph)
        if found is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            found = self._styles.get(style.get(f"{_W}val")) if style is not None else None
        if found is None or found[0] not in self._levels or found[1] not in self._levels[found[0]]:
            return ""
        number, level = found
        return self._next(number, level)

    def _next(self, number: str, level: int) -> str:
        levels, counts = self._levels[number], self._counts.setdefault(number, {})
        form, pattern, start = levels[level]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        if form in ("bullet", "none"):
            return ""
        text = pattern
        for other, (other_form, _, other_start) in levels.items():
            text = text.replace(f"%{other + 1}", _written(counts.get(other, other_start), other_form))
        return text


def _levels(abstract: Any) -> dict[int, tuple[str, str, int]]:
    found: dict[int, tuple[str, str, int]] = {}
    for level in abstract.iter(f"{_W}lvl"):
        form, text, start = (level.find(f"{_W}{tag}") for tag in ("numFmt", "lvlText", "start"))
        found[int(level.get(f"{_W}ilvl", "0"))] = (
            form.get(f"{_W}val", "decimal") if form is not None else "decimal",
            text.get(f"{_W}val", "") if text is not None else "",
            int(start.get(f"{_W}val", "1")) if start is not None else 1,
        )
    return found


def _num_pr(element: Any) -> tuple[str, int] | None:
    found = element.find(f"{_W}pPr/{_W}numPr")
    if found is None:
        return None
    number, level = found.find(f"{_W}numId"), found.find(f"{_W}ilvl")
    if number is None or number.get(f"{_W}val") == "0":
        return None
    return number.get(f"{_W}val"), int(level.get(f"{_W}val", "0")) if level is not None else 0


def _written(value: int, form: str) -> str:
    if form in _CHINESE:
        return chinese(value)
    if form.startswith("decimalEnclosedCircle") and 1 <= value <= len(_CIRCLED):
        return _CIRCLED[value - 1]
    return str(value)


def chinese(value: int) -> str:
    """A number from 1 to 99 as a Chinese numeral: 二十三."""
    tens, ones = divmod(value, 10)
    if value <= 0 or value >= 100:
        return str(value)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")
