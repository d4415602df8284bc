"""What the program understood of a table of city days before anything is written: layout, columns, cities, days, bad rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from lantian.air.item import ITEMS, PRINTED, SCALE
from lantian.basis.exact import plain_text
from lantian.basis.finding import Finding
from lantian.basis.period import beijing_date
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store import cells
from lantian.store.city_rows import CityRows, Reading, city_rows, find_layout
from lantian.store.layout import Match, layouts, plausible, unit_for
from lantian.store.station_layout import station_layouts
from lantian.work.air_import import no_layout, without_conflicts

_FIELDS = {"date": "日期", "city": "城市", "region": "行政区划代码", **PRINTED}
_SAMPLE = 6
_SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True)
class TablePreview:
    """One table of the file: where its head stands, which column was taken for what."""

    sheet: str
    head_row: int
    layout: str
    columns: list[tuple[str, str, str]]
    passed: list[str]
    rows_read: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole file; ``city_given``: the table names no city, so the plan's was taken."""

    tables: list[TablePreview]
    cities: list[tuple[str, int]]
    first: date | None
    last: date | None
    good: int
    aside: list[Finding]
    aside_count: int
    notes: list[Finding]
    sample: list[tuple[str, date, list[str]]]
    items: list[str]
    city_given: bool


def preview(data: Path, source: cells.Source, *, city: str, only: Sequence[str] = (), now: datetime) -> Preview:
    """What would be imported of a source; where it has no column of cities, ``city`` is taken.

    Errors  Refusal where no layout fits or the table is implausible as a whole
    """
    known = layouts(data)
    chosen, given = tuple(only), False
    found = [
        (sheet, fit) for sheet in source.sheets if (fit := find_layout(sheet, known.values(), city_given=bool(chosen)))
    ]
    if not found:
        chosen, given = (city,), True
        found = [
            (sheet, fit) for sheet in source.sheets if (fit := find_layout(sheet, known.values(), city_given=True))
        ]
    if not found:
        raise no_layout(source, {**known, **station_layouts(data)})
    reading = Reading(first=TOTAL_FROM, last=beijing_date(now), cities=chosen)
    read = [(sheet, at, match, city_rows(sheet, at, match, reading, plausible())) for sheet, (at, match) in found]
    tables = [_table(sheet, at, match, rows) for sheet, at, match, rows in read]
    rows, aside = without_conflicts([one for *_, one in read])
    days = sorted(row.date for row in rows)
    names = sorted({row.city for row in rows})
    return Preview(
        tables=tables,
        cities=[(name, sum(row.city == name for row in rows)) for name in names],
        first=days[0] if days else None,
        last=days[-1] if days else None,
        good=len(rows),
        aside=[one.finding for one in aside[:_SHOWN_FAULTS]],
        aside_count=len(aside),
        notes=[note for *_, one in read for note in one.notes],
        sample=[(row.city, row.date, [_text(value) for value in row.values]) for row in rows[:_SAMPLE]],
        items=[PRINTED[item] for item in ITEMS],
        city_given=given,
    )


def _table(sheet: cells.Sheet, at: int, match: Match, rows: CityRows) -> TablePreview:
    columns = [
        (match.headings[place], _FIELDS.get(field, field), unit_for(match, field).symbol if field in ITEMS else "")
        for field, place in sorted(match.places.items(), key=lambda pair: pair[1])
    ]
    return TablePreview(
        sheet=sheet.sheet or "",
        head_row=at + 1,
        layout=match.layout.title.zh,
        columns=columns,
        passed=[*match.ignored, *match.unknown],
        rows_read=rows.rows_read,
    )


def _text(value: int | None) -> str:
    return "" if value is None else plain_text(value, SCALE)
