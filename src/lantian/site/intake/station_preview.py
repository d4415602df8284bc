"""What the program understood of a table of stations before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from lantian.air.item import PRINTED, SCALE
from lantian.basis.exact import plain_text
from lantian.basis.finding import Finding
from lantian.basis.period import BEIJING
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.station_layout import station_layouts
from lantian.store.station_rows import StationRows, read_station_rows
from lantian.store.stations import StationReader
from lantian.work.air_kinds import KINDS

_NAMES = {
    **PRINTED, "o3": "O3（1 小时）", "o3_8h": "O3-8h", "wind_direction": "风向", "wind_speed": "风速",
    "good_ratio": "优良天数比例", "composite_index": "综合指数", "rank": "排名",
}  # fmt: skip
_SAMPLE, _SHOWN_FAULTS, _SHOWN_STATIONS = 6, 20, 12


@dataclass(frozen=True, slots=True)
class StationPreview:
    """A table of stations or of months: kind, layout, extent, items, stations not registered, rows kept aside."""

    kind: str
    layout: str
    values: str
    rows: int
    subjects: list[str]
    subject_word: str
    unregistered: list[str]
    first: date | None
    last: date | None
    items: list[str]
    sample: list[tuple[str, str, str, list[str]]]
    aside: list[Finding]
    aside_count: int
    notes: list[Finding]


def station_preview(data: Path, file: Path, *, now: datetime) -> StationPreview | None:
    """What would be imported of a file; None where it is no station table.

    Errors  Refusal where the file cannot be read or the table cannot be what it says
    """
    known = station_layouts(data)
    ahead = now.astimezone(BEIJING).replace(tzinfo=None) + timedelta(hours=1)
    found = read_station_rows(file, known, first=TOTAL_FROM, last=ahead)
    if found is None:
        return None
    subject, moment = found.table.columns[0], found.table.columns[2]
    subjects = found.table[subject].unique().sort().to_list()
    registered = {one.code for one in StationReader(data).stations()}
    ends = found.table.select(first=found.table[moment].min(), last=found.table[moment].max()).row(0)
    items = [name for name in found.table.columns[3:] if name not in ("given", "row")]
    return StationPreview(
        kind=KINDS[found.kind].zh,
        layout=known[found.layout].title.zh,
        values=found.values or "",
        rows=found.table.height,
        subjects=subjects,
        subject_word="站点" if subject == "station" else "城市和县区",
        unregistered=[code for code in subjects if code not in registered] if subject == "station" else [],
        first=ends[0],
        last=ends[1],
        items=[_NAMES.get(item, item) for item in items],
        sample=_sample(found, items),
        aside=[one.finding for one in found.aside[:_SHOWN_FAULTS]],
        aside_count=len(found.aside),
        notes=found.notes,
    )


def _sample(found: StationRows, items: list[str]) -> list[tuple[str, str, str, list[str]]]:
    rows = found.table.head(_SAMPLE).select(*found.table.columns[:3], *items).iter_rows()
    return [
        (row[0], row[1] or "", _moment(row[2]), [_text(item, cell) for item, cell in zip(items, row[3:], strict=True)])
        for row in rows
    ]


def _moment(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"


def _text(item: str, cell: int | None) -> str:
    if cell is None:
        return ""
    return str(cell) if item == "rank" else plain_text(cell, SCALE)
