"""The register of stations as a table: read from xlsx, csv or a paste, the template, and the table back with reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store import cells
from lantian.store.air_write import Quarantined
from lantian.store.city_rows import HEADING_ROWS
from lantian.store.dates import date_of, numeric_order
from lantian.store.layout import plain_heading
from lantian.store.stations import ROLES, Station
from lantian.work.station_row import ALSO, COLUMNS, NEEDED, Defaults, RowFault, head_of, kept_aside, row_of, station_in


@dataclass(slots=True)
class Register:
    """What a table of stations held: good rows with their place, rows kept aside, notes, files."""

    rows: list[tuple[Station, Place]] = field(default_factory=list)
    aside: list[Quarantined] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    rows_read: int = 0


def read_register(sources: Sequence[cells.Source], defaults: Defaults) -> Register:
    """Stations of tables; rows that cannot be taken are kept aside with their reason.

    Errors  Refusal where no sheet has the columns of a register
    """
    found = Register(files=[{"name": one.name, "sha256": one.sha256} for one in sources])
    for source in sources:
        sheets = [(sheet, at) for sheet in source.sheets if (at := _heading(sheet)) is not None]
        if not sheets:
            raise _no_register(source)
        for sheet, (line, places) in sheets:
            _read_sheet(found, sheet, line, places, defaults)
    _keep_apart(found)
    return found


def is_register(source: cells.Source) -> bool:
    """Whether a table has the columns of a register."""
    return any(_heading(sheet) is not None for sheet in source.sheets)


def registers(source: Path | str | Sequence[Path]) -> list[str]:
    """Names of those tables that are registers of stations."""
    return [one.name for one in sources_of(source) if is_register(one)]


def _heading(sheet: cells.Sheet) -> tuple[int, dict[str, int]] | None:
    names = {plain_heading(name): column.key for column in COLUMNS for name in (column.head, *ALSO[column.key])}
    for line, row in enumerate(sheet.rows[:HEADING_ROWS]):
        places: dict[str, int] = {}
        for at, cell in enumerate(row):
            key = names.get(plain_heading(str(cell))) if cell is not None else None
            if key is not None:
                places.setdefault(key, at)
        if all(key in places for key in NEEDED) and ("role" in places or "lon" in places):
            return line, places
    return None


def _read_sheet(found: Register, sheet: cells.Sheet, line: int, places: dict[str, int], defaults: Defaults) -> None:
    body = sheet.rows[line + 1 :]
    dates = [
        row[at] for row in body for key in ("valid_from", "valid_until") if (at := places.get(key, 9999)) < len(row)
    ]
    order = numeric_order(dates, "year_first")
    for number, row in enumerate(body, start=line + 2):
        got = {key: row[at] if at < len(row) else None for key, at in places.items()}
        if all(cell is None or not str(cell).strip() for cell in got.values()):
            continue
        found.rows_read += 1
        place = Place(file=sheet.file, sheet=sheet.sheet, row=number)
        try:
            one = station_in(got, defaults, lambda cell: date_of(cell, order))
        except RowFault as fault:
            found.aside.append(kept_aside(fault, place, got))
            continue
        found.rows.append((one, place))


def _keep_apart(found: Register) -> None:
    """Equal rows count once; rows of one code and first day that differ, or whose spans overlap, are kept aside."""
    by_code: dict[str, list[tuple[Station, Place]]] = defaultdict(list)
    for one, place in found.rows:
        if all(one != other for other, _ in by_code[one.code]):
            by_code[one.code].append((one, place))
    found.rows = []
    for rows in by_code.values():
        for one, place in rows:
            clash = next((other for other in rows if other[0] is not one and overlap(one, other[0])), None)
            if clash is None:
                found.rows.append((one, place))
            else:
                found.aside.append(clashing(one, place, clash[0], str(clash[1])))


def overlap(one: Station, other: Station) -> bool:
    """Whether two rows of one station hold on a day both."""
    ends = one.valid_until or date.max, other.valid_until or date.max
    return one.code == other.code and one.valid_from <= ends[1] and other.valid_from <= ends[0]


def clashing(one: Station, place: Place, other: Station, where: str) -> Quarantined:
    """The row kept aside because another one of its station overlaps it."""
    until = other.valid_until or "今"
    zh = (
        f"{one.code} 的时段与另一行（{other.valid_from} 至 {until}，{where}）重叠。请先给前一行填停用日期，或改启用日期"
    )
    fault = RowFault("STATION-OVERLAP", zh, f"{one.code} overlaps the row from {other.valid_from}", "valid_from")
    return kept_aside(fault, place, row_of(one))


def template(stations: Sequence[Station] = ()) -> bytes:
    """The workbook to be filled in, with the stations registered already."""
    from lantian.render.tables import template as workbook

    return workbook("站点登记", COLUMNS, _LISTS, rows=[row_of(one) for one in stations])


def returned(aside: Sequence[Quarantined]) -> bytes:
    """A workbook of the rows kept aside, each with its reason, to be corrected and imported again."""
    from lantian.render.tables import template as workbook

    keys = {column.head: column.key for column in COLUMNS}
    rows = [{keys[head]: cell for head, cell in one.content.items() if head in keys} for one in aside]
    reasons = {at: one.finding.text.zh for at, one in enumerate(aside)}
    return workbook("站点登记", COLUMNS, _LISTS, rows=rows, reasons=reasons)


_LISTS: Final = {"类型": [(text.zh, "") for text in ROLES.values()]}


def _no_register(source: cells.Source) -> Refusal:
    wanted = "、".join(head_of(key) for key in (*NEEDED, "role"))
    zh = f"认不出站点登记表：至少要有这些列：{wanted}。可用 lantian air stations --template 生成模板"
    finding = Finding(
        "STATION-TABLE-NONE", Severity.REFUSED, Text(zh, "no register of stations"), Place(file=source.name)
    )
    return Refusal(finding)


def sources_of(source: Path | str | Sequence[Path]) -> list[cells.Source]:
    """What is to be read."""
    if isinstance(source, str):
        return [cells.pasted(source)]
    return [cells.read_file(file) for file in ([source] if isinstance(source, Path) else source)]
