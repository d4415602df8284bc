"""Marks that stand in a cell of values: behind the number, “35.2(M)”, or in its place, “停运”."""

from __future__ import annotations

import re
from typing import Final

from lantian.store.cells import Cell
from lantian.store.stack.import_head import cell_text
from lantian.store.stack.import_layout import ImportLayout, plain, wide

_BEHIND: Final = re.compile(
    r"(?P<number>[+-]?[\d.,]+)\s*(?:[(\[【](?P<inside>[^()\[\]【】]+)[)\]】]|(?P<letter>[a-z]))\Z"
)
_DIGIT: Final = re.compile(r"\d")
_LETTERS: Final = 2  # a mark in place of a value is a word: a single letter may be anything


def parted(raw: Cell, layout: ImportLayout) -> tuple[Cell, str]:
    """The value of a cell and the mark in it (empty: none); the cell as it is where it holds no mark.

    Rule    a word in brackets the layout does not know is a mark without a letter, as in a column of marks; a unit and
            anything with digits is none
    """
    if not isinstance(raw, str):
        return raw, ""
    text = wide(raw)
    found = _BEHIND.match(text)
    if found is None:
        known = len(text) >= _LETTERS and plain(text) in layout.letter_of
        return (None, cell_text(raw)) if known else (raw, "")
    mark = (found["inside"] or found["letter"]).strip()
    known, unit = plain(mark) in layout.letter_of, plain(mark) in layout.unit_of
    if (found["letter"] and (not known or unit)) or (not known and (unit or not plain(mark) or _DIGIT.search(mark))):
        return raw, ""  # 3.2T may be three tonnes
    return found["number"], mark.upper() if len(mark) == 1 else mark


def is_summary(text: str, layout: ImportLayout) -> bool:
    """Whether the text of a key says that its row sums others up: 平均值, 11月合计, 2026-11-01 小计."""
    return re.sub(r"[\d年月日]", "", plain(text)) in layout.summary
