"""Lines that have not the width of their heading, quotation marks without a partner: nothing slips into a wrong column."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.store.cells import pasted
from lantian.store.station_layout import station_layouts
from lantian.store.station_rows import StationRows, read_station_rows

HEAD = "时间,站点,SO2,NO2,CO,O3,PM10,PM2.5"
LINES = [f"2025-03-01 {hour:02d}:00,9001A,{hour},20,0.5,60,80,{hour + 20}" for hour in range(1, 21)]


def read(source: Path | str) -> StationRows:
    table = pasted(source) if isinstance(source, str) else source
    found = read_station_rows(table, station_layouts(), first=date(2012, 1, 1), last=datetime(2026, 1, 1))
    assert found is not None
    return found


def written(folder: Path, *lines: str, end: str = "\n") -> Path:
    (folder / "hours.csv").write_text("\n".join([HEAD, *lines]) + end, "utf-8")
    return folder / "hours.csv"


def said(found: StationRows) -> list[tuple[str, int | None]]:
    return [(one.finding.code, one.finding.place.row) for one in found.aside]


@pytest.mark.parametrize(
    "line",
    ["2025-03-01 21:00,9001A,1,200,20,0.5,60,80,30", "2025-03-01 21:00,9001A,1,200,20,0.5,60,80,", f"{LINES[0]}, "],
    ids=["thousands", "thousands-last-empty", "mark-at-the-end-of-one-line"],
)
def test_a_line_with_a_cell_too_many_is_kept_aside(tmp_path: Path, line: str) -> None:
    found = read(written(tmp_path, *LINES[1:], line, LINES[0] if line != f"{LINES[0]}, " else ""))
    assert said(found) == [("AIR-ROW-LONGER", 21)]
    assert found.table["so2"].max() == 200000


def test_a_mark_at_the_end_of_every_line_is_a_habit(tmp_path: Path) -> None:
    found = read(written(tmp_path, *(f"{line}," for line in LINES)))
    assert found.table.height == len(LINES)
    assert not found.aside


def test_the_last_line_cut_off_is_kept_aside_and_others_that_are_shorter_are_told(tmp_path: Path) -> None:
    found = read(written(tmp_path, LINES[0].rsplit(",", 1)[0], *LINES[1:-1], LINES[-1][:30], end=""))
    assert said(found) == [("AIR-ROW-CUT", 21)]
    assert [note.code for note in found.notes if "SHORTER" in note.code] == ["AIR-ROW-SHORTER"]
    assert found.table["pm25"].to_list()[0] is None
    assert found.table.height == len(LINES) - 1


def test_a_pasted_line_with_a_cell_too_many_is_kept_aside() -> None:
    text = "\n".join([HEAD, *LINES[:3], f"{LINES[3]},99"]).replace(",", "\t")
    assert said(read(text)) == [("AIR-ROW-LONGER", 5)]


@pytest.mark.parametrize("at", [1, 17], ids=["in-the-first-lines", "further-down"])
def test_a_quotation_mark_without_its_partner_is_refused_with_its_line(tmp_path: Path, at: int) -> None:
    lines = [f'"{line}' if number == at else line for number, line in enumerate(LINES)]
    with pytest.raises(Refusal, match=f"从第 {at + 2} 行起引号不成对"):
        read(written(tmp_path, *lines))


def test_quoted_cells_are_taken(tmp_path: Path) -> None:
    found = read(written(tmp_path, *(line.replace("9001A", '"9001A"') for line in LINES)))
    assert found.table.height == len(LINES)
    assert not found.aside
