"""City-day tables into ``air.sqlite``: good rows written whole, bad rows kept aside, touched days computed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from pathlib import Path

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import beijing_date
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store import cells
from lantian.store.air_file import writing
from lantian.store.air_write import (
    Changes,
    Quarantined,
    RawDay,
    Series,
    compared,
    earlier_import,
    finish_import,
    remove_simulated,
    start_import,
    write_changes,
    write_derived,
)
from lantian.store.city_rows import HEADING_ROWS, CityRows, Reading, city_rows, find_layout
from lantian.store.folder import prepare
from lantian.store.layout import Layout, Plausible, layouts, plain_heading, plausible
from lantian.store.series_compare import difference_notes
from lantian.store.station_layout import StationLayout, station_layouts
from lantian.work.air_rules import evaluated_days, table_of
from lantian.work.simulated_stations import clear_simulated_stations

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; ``quarantined`` says why each row was kept aside, ``notes`` what else to know.

    ``import_id`` is that of the earlier import where the same content was imported before and nothing changed.
    """

    import_id: int
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_same: int
    quarantined: list[Finding]
    days_recomputed: int
    layout: str
    cities: tuple[str, ...]
    simulated_removed: int
    notes: list[Finding]
    repeated: bool
    kind: str = "city_days"
    values: str = "realtime"


def silent(done: int, total: int, text: str) -> None:
    """A progress callback that shows nothing."""


def import_city_days(
    data: Path,
    source: Path | str | Sequence[Path],
    *,
    now: datetime,
    user: str,
    mapping: str | None = None,
    cities: Sequence[str] = (),
    values: str = "realtime",
    progress: Progress = silent,
) -> ImportReport:
    """Imports a file, several files, or text pasted from a spreadsheet, in one transaction.

    ``mapping`` names the layout instead of finding it; ``cities`` the city of a table without such a column, otherwise
    the only cities wanted; ``values`` what the table holds: realtime or reviewed. Real days of a city remove its simulated ones.
    Errors  Refusal where a file is no table, no layout fits, values are implausible as a whole, or another writes
    """
    prepare(data, now=now)
    sources = _sources(source, progress)
    reading = Reading(first=TOTAL_FROM, last=beijing_date(now), cities=tuple(cities))
    others = station_layouts(data) if mapping is None else {}
    tables = read_tables(sources, _layouts(data, mapping), reading, plausible(), progress, others)
    rows, aside = without_conflicts(tables)
    notes = [note for table in tables for note in table.notes]
    layout = ", ".join(sorted({table.layout for table in tables}))
    files = [{"name": one.name, "sha256": one.sha256} for one in sources]
    rows_read = sum(table.rows_read for table in tables)
    names = tuple(sorted({row.city for row in rows}))
    kind = "city_days" if values == "realtime" else f"city_days/{values}"
    if not rows and not aside:
        raise _nothing(sources, cities)
    with writing(data, job="air import", now=now) as database:
        progress(0, 3, "与已有数据比对")
        removed = remove_simulated(database, names)
        clear_simulated_stations(database, data, names, now=now)
        series = Series(values)
        changes = compared(database, rows, series)
        before = earlier_import(database, files, layout)
        repeated = before is not None and not changes.touched and not removed
        if repeated and before is not None:
            return _report(before, rows_read, changes, aside, notes, layout, names, 0, values, repeated=True)
        batch = start_import(database, at=now, by=user, kind=kind, files=files, layout=layout)
        progress(1, 3, f"写入 {len(changes.touched)} 天")
        write_changes(database, changes, batch=batch, known_at=now, simulated=False, series=series)
        progress(2, 3, "计算 AQI")
        write_derived(database, evaluated_days(table_of(changes.touched)), computed_at=now, series=series)
        if changes.emptied:
            notes.append(_emptied(changes.emptied))
        notes += difference_notes(database, values, batch)
        finish_import(database, batch, rows_read=rows_read, counts=changes.counts, quarantined=aside, notes=notes)
    progress(3, 3, "完成")
    return _report(batch, rows_read, changes, aside, notes, layout, names, removed, values, repeated=False)


def _report(
    batch: int,
    rows_read: int,
    changes: Changes,
    aside: Sequence[Quarantined],
    notes: list[Finding],
    layout: str,
    names: tuple[str, ...],
    removed: int,
    values: str,
    *,
    repeated: bool,
) -> ImportReport:
    return ImportReport(
        import_id=batch,
        rows_read=rows_read,
        rows_new=len(changes.new),
        rows_changed=len(changes.changed),
        rows_same=changes.same,
        quarantined=[one.finding for one in aside],
        days_recomputed=len(changes.touched),
        layout=layout,
        cities=names,
        simulated_removed=removed,
        notes=notes,
        repeated=repeated,
        values=values,
    )


def _sources(source: Path | str | Sequence[Path], progress: Progress) -> list[cells.Source]:
    if isinstance(source, str):
        return [cells.pasted(source)]
    files = [source] if isinstance(source, Path) else list(source)
    found = []
    for done, file in enumerate(files):
        progress(done, len(files), f"读取 {file.name}")
        found.append(cells.read_file(file))
    return found


def _layouts(data: Path | None, mapping: str | None) -> dict[str, Layout]:
    known = layouts(data)
    if mapping is None:
        return known
    if mapping not in known:
        names = "、".join([*sorted(known), *sorted(station_layouts(data))])
        raise _refused(
            "AIR-LAYOUT-UNKNOWN", f"没有名为“{mapping}”的布局。已有：{names}", f"no layout {mapping!r}: {names}"
        )
    return {mapping: known[mapping]}


def read_tables(
    sources: Sequence[cells.Source],
    known: dict[str, Layout],
    reading: Reading,
    bounds: Plausible | None,
    progress: Progress = silent,
    others: Mapping[str, StationLayout] | None = None,
) -> list[CityRows]:
    """City rows of every table; sheets without a fitting heading are passed over where another sheet has one.

    ``bounds`` None takes values as they come; ``others`` are layouts of other tables, to be named where none fits.
    Errors  Refusal naming headings and layouts where a file has no table of city days, and for implausible tables
    """
    tables: list[CityRows] = []
    for done, source in enumerate(sources):
        progress(done, len(sources), f"识读 {source.name}")
        fits = [
            (sheet, *found)
            for sheet in source.sheets
            if (found := find_layout(sheet, known.values(), city_given=bool(reading.cities))) is not None
        ]
        if not fits:
            raise no_layout(source, {**known, **(others or {})})
        tables += [city_rows(sheet, at, found, reading, bounds) for sheet, at, found in fits]
    return tables


def no_layout(source: cells.Source, known: Mapping[str, Layout | StationLayout]) -> Refusal:
    """The refusal of a file in which no table was found: its headings, the layouts, the closest one."""
    rows = [row for sheet in source.sheets for row in sheet.rows[:HEADING_ROWS]] or [()]
    fullest = max(rows, key=lambda row: sum(isinstance(cell, str) and bool(cell.strip()) for cell in row))
    headings = [str(cell).strip() for cell in fullest if cell is not None and str(cell).strip()]
    shown = "、".join(headings[:20]) or "（没有表头）"
    names = "、".join(f"{layout.id}（{layout.title.zh}）" for layout in known.values())
    close = max(known.values(), key=lambda layout: _closeness(layout, headings))
    wanted = "、".join(column.names[0] for column in close.columns.values())
    zh = (
        f"认不出这张表。找到的列：{shown}。已有的布局：{names}。最接近的是 {close.id}，它要的列：{wanted}。"
        f"请改表头，或在数据目录的 layouts/ 里写一个布局文件，或用 --layout 指定；没有城市列时用 --city 指定城市"
    )
    en = (
        f"no layout fits. Columns found: {', '.join(headings[:20])}. Layouts: {', '.join(known)}. Closest: {close.id}"
        f" (wants {', '.join(column.names[0] for column in close.columns.values())})"
    )
    finding = Finding("AIR-LAYOUT-NONE", Severity.REFUSED, Text(zh, en), Place(file=source.name))
    return Refusal(finding)


def _closeness(layout: Layout | StationLayout, headings: Sequence[str]) -> float:
    plain = [plain_heading(text) for text in headings]
    wanted = [plain_heading(name) for column in layout.columns.values() for name in column.names[:1]]
    wanted += [plain_heading(name) for name in layout.marks]
    best = [max((SequenceMatcher(None, name, text).ratio() for text in plain), default=0) for name in wanted]
    return sum(best) / len(best)


def without_conflicts(tables: Sequence[CityRows]) -> tuple[list[RawDay], list[Quarantined]]:
    """Rows with each day once, and all rows kept aside: days that occur with different values leave out all of them."""
    aside = [one for table in tables for one in table.aside]
    found: dict[tuple[str, date], list[tuple[RawDay, Place]]] = defaultdict(list)
    for table in tables:
        for row, place in table.good:
            found[row.city, row.date].append((row, place))
    rows = []
    for same in found.values():
        if all(row.values == same[0][0].values for row, _ in same):
            rows.append(same[0][0])
        else:
            aside += [_conflict(row, place, [other for _, other in same if other is not place]) for row, place in same]
    return rows, aside


def _conflict(row: RawDay, place: Place, others: Sequence[Place]) -> Quarantined:
    where = "、".join(str(other) for other in others)
    text = Text(
        f"{row.city} {row.date} 出现了不止一次而且数值不同（另见 {where}）。请核对后只保留一行（本行已隔离，未计入）",
        f"{row.city} {row.date} occurs more than once with different values (see {where}); keep one row",
    )
    content = {"city": row.city, "date": row.date.isoformat(), "values": str(row.values)}
    return Quarantined(Finding("AIR-DAY-TWICE", Severity.REFUSED, text, place), content)


def _emptied(count: int) -> Finding:
    text = Text(
        f"{count} 天原来有的项在新表里是空的，已按整行替换；旧行仍保存",
        f"on {count} days the new rows lack items the old ones had; rows are replaced whole, the old ones are kept",
    )
    return Finding("AIR-REVISION-EMPTIES", Severity.WARNING, text, Place())


def _nothing(sources: Sequence[cells.Source], cities: Sequence[str]) -> Refusal:
    wanted = f"（只要 {'、'.join(cities)}）" if cities else ""
    zh = f"表头认得，但没有一行数据{wanted}。请检查是否导出完整"
    finding = Finding(
        "AIR-TABLE-NO-ROWS", Severity.REFUSED, Text(zh, "headings, but no rows"), Place(file=sources[0].name)
    )
    return Refusal(finding)


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place()))
