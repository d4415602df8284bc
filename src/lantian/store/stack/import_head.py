"""Where the heading of a platform's table is: up to three lines, below whatever titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.cells import Cell, Sheet
from lantian.store.dates import DateFault, date_of
from lantian.store.stack.import_layout import Heading, ImportLayout, headings, plain, strange_unit

_LINES: Final = 3  # factor, what is said of it, unit
_LOOKED_AT: Final = 12  # lines from the top among which the heading is sought


_OUTLET: Final = frozenset({"mn", "outlet", "company", "name"})
_DAY: Final = frozenset({"date", "time"})
_TITLE: Final = re.compile(r"([^\s:：]+)\s*[:：]\s*([^\s:：]+)(?=\s|\Z)(?!\s*[\d至到~～—–-])")  # no range of days


class Head(NamedTuple):
    """The heading of a sheet: its columns, their texts, the first row below it.

    ``named`` is the outlet and the day of the whole sheet where titles say it (“企业名称：… 日期：…”) and no column does.
    """

    columns: Mapping[int, Heading]
    texts: tuple[str, ...]
    below: int
    named: Mapping[str, str] = {}


def head(sheet: Sheet, layout: ImportLayout) -> Head | None:
    """The heading with most columns known among the first lines, of one line or of several; None where there is none."""
    best: Head | None = None
    for at in range(min(_LOOKED_AT, len(sheet.rows))):
        if best and at >= best.below and _dated(sheet.rows[best.below : at], best):
            break  # what follows is another table
        titles = _titles(sheet.rows[:at], layout)
        for texts, below in _candidates(sheet.rows, at):
            columns = headings(texts, layout)
            keys = {one.key for one in columns.values() if one.key}
            told = {*keys, *(_OUTLET if keys & _OUTLET else ())}
            named = {key: text for key, text in titles.items() if key not in told}
            if _serves(columns, keys | named.keys()) and (
                best is None or _better(columns, best, sheet.rows[below - 1])
            ):
                best = Head(columns, tuple(texts), below, named)
    return best


def another(sheet: Sheet, found: Head, layout: ImportLayout) -> int | None:
    """Where a second table begins below the first: a heading of its own, or a title that names another outlet or day."""
    own = [[*map(cell_text, cells)] for cells in sheet.rows[: found.below]]
    at_time = _time_at(found)
    for at in range(found.below, len(sheet.rows)):
        cells = sheet.rows[at]
        cell = cells[at_time] if at_time is not None and at_time < len(cells) else None
        if not (cell is None or isinstance(cell, str)) or (cell and cell[:1].isdigit()):
            continue  # a row of data
        if any(found.named.get(key, text) != text for key, text in _titles([cells], layout).items()):
            return at
        if [*map(cell_text, cells)] not in own and _is_heading(sheet.rows, at, layout):
            return at
    return None


def _is_heading(rows: Sequence[tuple[Cell, ...]], at: int, layout: ImportLayout) -> bool:
    words = (plain(cell_text(cell)) for cells in rows[at : at + _LINES] for cell in cells if isinstance(cell, str))
    if not any(layout.key_of.get(word) in _DAY for word in words):
        return False  # told in few steps: most rows that look odd are remarks
    lines = (headings(texts, layout) for texts, _ in _candidates(rows, at))
    return any(_serves(columns, {one.key for one in columns.values() if one.key}) for columns in lines)


def _time_at(found: Head) -> int | None:
    return next((at for at, one in found.columns.items() if one.key in _DAY), None)


def _dated(rows: Sequence[tuple[Cell, ...]], found: Head) -> bool:
    """Whether rows hold data under a heading: a time where it says so."""
    at = _time_at(found)
    return at is not None and any(at < len(cells) and cell_text(cells[at])[:4].isdigit() for cells in rows)


def _titles(rows: Sequence[tuple[Cell, ...]], layout: ImportLayout) -> dict[str, str]:
    """What titles say of the outlet and of the day, in one cell or with the value in the next one."""
    found: dict[str, str] = {}
    for cells in rows:
        texts = [text for text in map(cell_text, cells) if text]
        line = " ".join(texts)
        for word, value in _TITLE.findall(line):
            key = layout.key_of.get(plain(word))
            if key in _OUTLET:
                found.setdefault(key, value)
            elif key in _DAY and _is_day(value):
                found.setdefault("date", value)
    return found


def _better(columns: Mapping[int, Heading], best: Head, last: tuple[Cell, ...]) -> bool:
    """Whether more is known of these columns; of as many, whether their last line is one of units, not the first of data."""
    keys = [at for at, one in columns.items() if one.key]
    units = not any(cell_text(last[at]) for at in keys if at < len(last))
    return len(columns) > len(best.columns) or (
        len(columns) == len(best.columns) and units and any(map(cell_text, last))
    )


def _candidates(rows: Sequence[tuple[Cell, ...]], at: int) -> Iterator[tuple[list[str], int]]:
    """The texts of a heading of one, two or three lines from here, and the row below it."""
    texts: list[str] = []
    for below in range(at, min(at + _LINES, len(rows))):
        texts = _joined(texts, [cell_text(cell) for cell in rows[below]])
        yield texts, below + 1


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """A heading with one more line: a merged upper cell holds for the columns under it."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    texts, last = [], ""
    for above, below in zip(upper, lower, strict=True):
        last = above or (last if below else "")
        texts.append(f"{last} {below}".strip() if above or below else "")
    return texts


def _is_day(text: str) -> bool:
    try:
        date_of(text, "year_first")
    except DateFault:
        return False
    return True


def _serves(columns: Mapping[int, Heading], keys: set[str]) -> bool:
    values = [one for one in columns.values() if one.field and one.field != "flag"]
    named = any(one.factor for one in values) or ("factor" in keys and values)
    return bool(named and keys & _OUTLET and keys & {"time", "date"})


def strange_units(sheet: Sheet, found: Head, layout: ImportLayout) -> Iterator[Finding]:
    """A finding for each column of values whose heading names a unit nobody knows: the whole column is left out."""
    for text in found.texts:
        unit = strange_unit(text, layout)
        if unit is not None:
            zh = f"表头里的“{unit}”不是认识的单位，这一列未采用。请改成 mg/m3 等通用写法，或在对照文件里补上"
            place = Place(file=sheet.file, sheet=sheet.sheet, row=found.below, column=text)
            yield Finding(
                "STACK-UNIT-UNKNOWN", Severity.REFUSED, Text(zh, f"unknown unit {unit!r} in the heading"), place
            )


def cell_text(cell: Cell) -> str:
    """A cell as text; a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
