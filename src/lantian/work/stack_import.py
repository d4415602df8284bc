"""Tables of monitoring platforms into the records: previewed without a trace, or taken in as a batch that can be taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store import cells
from lantian.store.folder import refusal
from lantian.store.stack import imports
from lantian.store.stack.import_head import head
from lantian.store.stack.import_layout import ImportLayout, layouts
from lantian.store.stack.import_rows import ImportTable, Known, Seen, Value, read_sheet
from lantian.store.stack.inbox import RefusedRow
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.record_rows import RECORDS, VALUES
from lantian.store.stack.records import OUTLET_PREFIX, records

Progress = Callable[[int, int, str], None]
_EARLIEST: Final = datetime(2000, 1, 1)  # noqa: DTZ001  Beijing civil time
_DAY: Final = timedelta(days=1)
_STAND_BY: Final = "没有认出表头：需要有排放口（MN、编号或企业和排放口名称）、时间，以及至少一个监测因子"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did or would do: values that are new, of them those that revise others, values that stood already.

    ``batch`` is None for a preview, and where nothing new was in it. ``findings`` bear their places.
    """

    name: str
    sha256: str
    batch: int | None
    periods: tuple[str, ...]
    rows: int
    refused: int
    new: int
    revised: int
    same: int
    outlets: tuple[str, ...]
    first: datetime | None
    last: datetime | None
    findings: tuple[Finding, ...]
    ignored: tuple[str, ...]
    layout: str


@dataclass(frozen=True, slots=True)
class ReadImport:
    """A file as read: its sheets with their tables, and the records they make."""

    source: cells.Source
    tables: tuple[tuple[cells.Sheet, ImportTable], ...]
    rows: pl.DataFrame
    layout: str


def read_table(
    data: Path, given: Path | str, outlets: Sequence[Outlet], *, now: datetime, layout: str | None = None
) -> ReadImport:
    """The tables of a file or of a pasted text, with the records they make.

    Errors  Refusal where nothing in it has the headings of a platform's table; for an unknown layout
    """
    source = cells.pasted(given) if isinstance(given, str) else cells.read_file(given)
    known = _layouts(data, layout, source.name)
    found: list[tuple[cells.Sheet, ImportTable]] = []
    used = ""
    seen: Seen = {}
    unknown: list[cells.Sheet] = []
    for sheet in source.sheets:
        heads = [(one, head(sheet, one)) for one in known]
        best = max(((one, top) for one, top in heads if top), key=lambda pair: len(pair[1].columns), default=None)
        if best is not None:
            used = used or best[0].id
            found.append((sheet, read_sheet(sheet, best[1], best[0], Known(outlets), seen)))
        elif _holds_table(sheet):
            unknown.append(sheet)
    if not found:
        raise refusal(
            "STACK-TABLE-UNKNOWN",
            f"{_STAND_BY}。请补上表头，或在 layouts/stack/ 里写一个对照文件",
            "no heading of a platform's table",
            source.name,
        )
    found += [(sheet, _untaken(sheet)) for sheet in unknown]
    values = [value for _, table in found for value in table.values]
    return ReadImport(source, tuple(found), _rows(found, values, now), used)


def _holds_table(sheet: cells.Sheet) -> bool:
    """Whether a sheet holds rows of several cells, not just a remark."""
    return sum(sum(cell is not None for cell in row) > 1 for row in sheet.rows) > 1


def _untaken(sheet: cells.Sheet) -> ImportTable:
    """What is told of a sheet whose heading is none: all of it is left out."""
    text = Text(
        f"{_STAND_BY}。这张工作表整张未采用，其余照收", "no heading of a platform's table: the sheet is left out"
    )
    place = Place(file=sheet.file, sheet=sheet.sheet, row=1)
    told = [Finding("STACK-SHEET-UNKNOWN", Severity.REFUSED, text, place)]
    return ImportTable("hour", findings=told, rows=len(sheet.rows), refused=len(sheet.rows))


def preview(
    data: Path, given: Path | str, outlets: Sequence[Outlet], *, now: datetime, layout: str | None = None
) -> ImportResult:
    """What taking a table in would do; nothing is written."""
    read = read_table(data, given, outlets, now=now, layout=layout)
    return _result(read, _new(data, read.rows), None)


def import_table(
    data: Path,
    given: Path | str,
    outlets: Sequence[Outlet],
    *,
    by: str,
    now: datetime,
    progress: Progress,
    layout: str | None = None,
) -> ImportResult:
    """Takes a table in: new and differing values become a batch of records, what cannot be taken is kept aside.

    Rule    the same table again changes nothing; a differing value is a revision and stands from now on
    Errors  Refusal where no table is in it, or the disk refuses: then nothing is kept
    """
    progress(0, 3, "识读表格")
    read = read_table(data, given, outlets, now=now, layout=layout)
    progress(1, 3, "与已有数据比较")
    new = _new(data, read.rows)
    refused = _refused(read, now)
    again = any(one.sha256 == read.source.sha256 and not one.withdrawn_at for one in imports.batches(data))
    if not new.height and (again or not refused):
        progress(3, 3, "没有新内容")
        return _result(read, new, None)
    progress(2, 3, "写入")
    number = imports.next_batch(data)
    instant = int(now.timestamp() * 1_000_000)
    batch = imports.ImportBatch(
        number, read.source.name, read.source.sha256, by, instant,
        sum(table.rows for _, table in read.tables), new.height, sum(table.refused for _, table in read.tables), None,
    )  # fmt: skip
    rows = new.drop("revises").with_columns(pl.lit(f"{imports.SOURCE}{number}").alias("source"))
    imports.keep(data, rows.select(list(RECORDS)), batch, refused, now=instant)
    progress(3, 3, "已写入")
    return _result(read, new, number)


def _layouts(data: Path, wanted: str | None, name: str) -> list[ImportLayout]:
    known = layouts(data)
    if wanted is None:
        return list(known.values())
    if wanted not in known:
        names = "、".join(known)
        raise refusal("STACK-LAYOUT-UNKNOWN", f"没有对照文件“{wanted}”。可用：{names}", f"no layout {wanted!r}", name)
    return [known[wanted]]


def _rows(tables: Sequence[tuple[cells.Sheet, ImportTable]], values: Sequence[Value], now: datetime) -> pl.DataFrame:
    periods = {id(value): table.period for _, table in tables for value in table.values}
    columns: dict[str, list[Any]] = {name: [] for name in RECORDS}
    for value in values:
        columns["mn"].append(value.outlet.mn or f"{OUTLET_PREFIX}{value.outlet.code}")
        columns["cn"].append(imports.COMMANDS[periods[id(value)]])
        columns["start"].append(value.start)
        columns["code"].append(value.code)
        for name in VALUES:
            columns[name].append(value.fields.get(name))
        columns["flag"].append(value.flag)
        columns["more"].append(json.dumps(value.more, ensure_ascii=False) if value.more else None)
    count = len(values)
    columns["qn"], columns["source"], columns["seq"] = [""] * count, [""] * count, [0] * count
    columns["received_at"] = [now] * count
    return pl.DataFrame(columns, schema=RECORDS)


def _new(data: Path, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that say something else than what stands."""
    if not rows.height:
        return rows.with_columns(pl.lit(False).alias("revises"))
    first, last = rows["start"].min(), rows["start"].max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    mns, cns = sorted(set(rows["mn"])), sorted(set(rows["cn"]))
    return imports.different(rows, records(data, max(first, _EARLIEST), last + _DAY, mns=mns, cns=cns))


def _refused(read: ReadImport, now: datetime) -> list[RefusedRow]:
    """One row of the quarantine for each line of which something was not taken, with its cells and every reason."""
    instant = int(now.timestamp() * 1_000_000)
    found: list[RefusedRow] = []
    for sheet, table in read.tables:
        lines: dict[int, list[Finding]] = {}
        for one in table.findings:
            lines.setdefault(one.place.row or 0, []).append(one)
        for line, told in lines.items():
            raw = "\t".join("" if cell is None else str(cell) for cell in sheet.rows[line - 1])
            reasons = json.dumps([one.as_dict() for one in told], ensure_ascii=False)
            found.append(
                RefusedRow(
                    instant, f"import {sheet.file}", "", imports.COMMANDS[table.period], "", raw.encode(), reasons
                )
            )
    return found


def _result(read: ReadImport, new: pl.DataFrame, batch: int | None) -> ImportResult:
    starts = read.rows["start"]
    tables = [table for _, table in read.tables]
    first, last = (starts.min(), starts.max()) if read.rows.height else (None, None)
    return ImportResult(
        name=read.source.name,
        sha256=read.source.sha256,
        batch=batch,
        periods=tuple(sorted({table.period for table in tables if table.headings})),
        rows=sum(table.rows for table in tables),
        refused=sum(table.refused for table in tables),
        new=new.height,
        revised=int(new["revises"].sum()),
        same=read.rows.height - new.height,
        outlets=tuple(sorted({value.outlet.code for table in tables for value in table.values})),
        first=first if isinstance(first, datetime) else None,
        last=last if isinstance(last, datetime) else None,
        findings=tuple(one for table in tables for one in table.findings),
        ignored=tuple(dict.fromkeys(text for table in tables for text in table.ignored)),
        layout=read.layout,
    )
