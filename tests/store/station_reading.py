"""Reading a station table in tests: the rows, what was kept aside, what was noted, why it was refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.store.cells import pasted
from lantian.store.station_layout import station_layouts
from lantian.store.station_rows import StationRows, read_station_rows

FIRST, LAST = date(2012, 1, 1), datetime(2026, 11, 24, 8)
HEAD = "站点编码,城市,时间,SO2,NO2,CO,O3,PM10,PM2.5"


def read(source: Path | str, data: Path | None = None) -> StationRows:
    table = pasted(source) if isinstance(source, str) else source
    found = read_station_rows(table, station_layouts(data), first=FIRST, last=LAST)
    assert found is not None
    return found


def long(*rows: str, head: str = HEAD) -> StationRows:
    return read("\n".join([head, *rows]))


def codes(rows: StationRows) -> list[tuple[str, int | None, str | None]]:
    return [(one.finding.code, one.finding.place.row, one.finding.place.column) for one in rows.aside]


def noted(rows: StationRows) -> list[str]:
    return [note.code for note in rows.notes]


def refused(source: Path | str) -> str:
    with pytest.raises(Refusal) as caught:
        read(source)
    return caught.value.findings[0].code
