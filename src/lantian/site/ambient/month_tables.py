"""Monthly tables as the province issued them, below what is computed here: shown as they came, never mixed with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from lantian.air.item import ITEMS, PRINTED, SCALE
from lantian.basis.exact import plain_text
from lantian.basis.period import Days, month
from lantian.rulebook.dated import TOTAL_FROM
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.places import Places
from lantian.store.station_days import FIGURES, GivenMonth, MonthReader

HEADS = {
    **{item: f"{PRINTED[item]}{'-8h' if item == 'o3_8h' else ''}" for item in ITEMS},
    "good_ratio": "优良率 %",
    "composite_index": "综合指数",
}
OFFERED = 6  # months named where the period shown is none of them


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One place: rank as issued, name, figures in the order of the table's columns, whether it is the plan's city."""

    rank: int | None
    name: str
    cells: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class GivenTable:
    """The lines of one month and kind of values; columns no line fills are left out."""

    words: str
    heads: tuple[str, ...]
    rows: tuple[GivenRow, ...]


def given_tables(days: Days, known: Places, *, counties: bool) -> list[GivenTable]:
    """Tables of the month ``days`` lie in, real-time before reviewed; empty where they are no month or none was imported."""
    if days.first.day != 1 or days.last not in month(days.first.year, days.first.month):
        return []
    reader = MonthReader(settings.DATA)
    tables = []
    for values, words in VALUES.items():
        lines = _lines(reader.months(Days(days.first, days.first), values=values), known, counties=counties)
        if lines:
            tables.append(_table(lines, words, known.city.name))
    return tables


def months_given(until: date, known: Places, *, counties: bool) -> list[date]:
    """The latest months of which tables were imported, newest first."""
    reader, whole = MonthReader(settings.DATA), Days(TOTAL_FROM, until)
    lines = [one for values in VALUES for one in reader.months(whole, values=values)]
    return sorted({one.month for one in _lines(lines, known, counties=counties)}, reverse=True)[:OFFERED]


def _lines(lines: list[GivenMonth], known: Places, *, counties: bool) -> list[GivenMonth]:
    own = {one.name for one in known.counties}
    if counties:
        return [one for one in lines if one.place in own and one.city in (None, one.place, known.city.name)]
    return [one for one in lines if one.place not in own and one.city in (None, one.place)]


def _table(lines: list[GivenMonth], words: str, city: str) -> GivenTable:
    filled = [name for name in FIGURES if any(one.figures[name] is not None for one in lines)]
    ordered = sorted(lines, key=lambda one: (one.rank is None, one.rank or 0, one.place))
    rows = tuple(
        GivenRow(one.rank, one.place, tuple(_text(one.figures[name]) for name in filled), one.place == city)
        for one in ordered
    )
    return GivenTable(words, tuple(HEADS[name] for name in filled), rows)


def _text(value: int | None) -> str:
    return "—" if value is None else plain_text(value, SCALE)
