"""Tables of station hours, station days and monthly figures as rows; everything wrong is kept aside by row with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

import polars as pl

from lantian.basis.finding import Finding, Place, Severity
from lantian.store.air_write import Quarantined
from lantian.store.cells import Source
from lantian.store.dates import DateFault
from lantian.store.folder import refusal
from lantian.store.layout import plain_heading
from lantian.store.station_checks import SHOWN, checked, plausible
from lantian.store.station_frames import ROW, Raw, Uneven, tables
from lantian.store.station_given import GIVEN
from lantian.store.station_layout import GASES_AND_DUST, ITEMS, Headings, Kind, StationLayout, StationMatch, match
from lantian.store.station_shapes import CITY, PART, Part, Reason, rows_of, settled
from lantian.store.station_times import Span, moments, title_month

MOST_ASIDE: Final = 100_000  # beyond this nobody looks through what was kept aside


@dataclass(frozen=True, slots=True)
class StationRows:
    """What a station table held.

    Shape   ``table`` one row per station and hour (``station city time``), station and day (``station city date``) or
            place and month (``place month``), sorted by these, each pair once; the item columns the table has; ``row``
            = line of the file the row came from (1 = first line); ``given`` which items the row says something of
            (``station_given``). Rows without any value are kept
    Unit    items Int32 ``value * 10**4`` (CO mg/m³, others µg/m³, good_ratio percent), ``rank`` as it is; null missing;
            ``time`` Datetime("ms") = end of the hour, Beijing, without zone; ``month`` the first of the month
    """

    kind: Kind
    table: pl.DataFrame
    aside: list[Quarantined]
    notes: list[Finding]
    layout: str
    rows_read: int
    values: Literal["realtime", "reviewed"] | None


def read_station_rows(
    source: Path | Source, known: Mapping[str, StationLayout], *, first: date, last: datetime | None = None
) -> StationRows | None:
    """The rows of a station table; None where no layout fits.

    ``first`` the first day taken, ``last`` the last hour that can have ended (Beijing, without zone): rows beyond are kept aside.

    Errors  Refusal where the file cannot be read or the table as a whole cannot be what its headings say
    """
    parts: list[Part] = []
    frames: list[pl.DataFrame] = []
    span = Span(first, last)
    for raw in tables(source):
        best = _best(raw, known)
        if best is None:
            continue
        at, found = best
        part, rows = _part(raw, at, found, span)
        frames.append(rows.with_columns(pl.lit(len(parts), dtype=pl.Int32).alias(PART)))
        parts.append(part)
    if not parts:
        return None
    _one_layout(parts)
    return _together(parts, frames)


def _best(raw: Raw, known: Mapping[str, StationLayout]) -> tuple[int, StationMatch] | None:
    """Line of the heading (0 = first) and the layout that fits it best."""
    best: tuple[int, StationMatch] | None = None
    for at, line in enumerate(raw.lines):
        month, headings = _month(raw, at), Headings.of(line)
        for layout in known.values():
            found = match(headings, layout, month_given=month is not None, file=raw.file)
            if found is not None and (best is None or found.score > best[1].score):
                best = at, found
    return best


def _month(raw: Raw, at: int) -> date | None:
    """Year and month of the title above a heading, or else of the name of the sheet."""
    return title_month(raw.lines[:at]) or title_month([[raw.sheet or ""]])


def _part(raw: Raw, at: int, found: StationMatch, span: Span) -> tuple[Part, pl.DataFrame]:
    place = Place(raw.file, raw.sheet)
    body = raw.body(at)
    read = moments(body.table, found, span, _month(raw, at), place)
    part = Part(found, read.table, place, raw.units)
    part.notes += read.notes
    _uneven(part, body.uneven)
    displaced = {row for row, _, _ in part.aside}
    faults = {row: one for row, one in read.faults.items() if row not in displaced}
    part.aside += [(row, Reason(one.code, one.zh, one.en), _where(found, one)) for row, one in faults.items()]
    rows = rows_of(part)
    _tell(part, rows)
    return part, rows


def _where(found: StationMatch, fault: DateFault) -> str | None:
    """Heading of the column a wrong time stands in: that of the hours, where they have one of their own."""
    if not found.moment:
        return None
    return found.heading(found.moment[-1 if fault.code == "AIR-HOUR-TIME" else 0])


def _uneven(part: Part, uneven: Uneven) -> None:
    """Lines with other cells than the heading: in a longer one values stand in wrong columns, the last one may be cut off."""
    zh = "这一行的格数比表头多，数值可能错了列（例如数字里有逗号）。请核对这一行"
    longer = Reason("AIR-ROW-LONGER", zh, "more cells than the heading: values may stand in wrong columns")
    part.aside += [(row, longer, None) for row in uneven.longer]
    if uneven.cut is not None:
        zh = "文件末尾的这一行不完整，文件可能被截断。请重新导出"
        part.aside.append(
            (uneven.cut, Reason("AIR-ROW-CUT", zh, "the last line is cut off; export the file again"), None)
        )
    if uneven.shorter:
        zh = f"{len(uneven.shorter)} 行的格数比表头少（第一处在第 {uneven.shorter[0]} 行），缺的格按空处理"
        part.note("AIR-ROW-SHORTER", Severity.WARNING, zh, f"{len(uneven.shorter)} lines are shorter than the heading")
    moment, out = part.keys[1], [row for row, _, _ in part.aside]
    if out:
        part.body = part.body.with_columns(pl.when(~pl.col(ROW).is_in(out)).then(moment).alias(moment))


def _tell(part: Part, rows: pl.DataFrame) -> None:
    """Notes on the columns of a table."""
    found = part.found
    for heading in found.ignored:
        reason = next(
            (one for name, one in found.layout.ignores.items() if plain_heading(name) == plain_heading(heading)), None
        )
        if reason is not None:
            part.note("AIR-COLUMN-IGNORED", Severity.NOTE, f"未采用“{heading}”：{reason.zh}", f"{heading}: {reason.en}")
    if found.unknown:
        names = "、".join(found.unknown[:SHOWN])
        part.note("AIR-COLUMN-UNKNOWN", Severity.WARNING, f"未采用这些列：{names}", f"passed over: {names}")
    pollutants = [item for item in ITEMS[found.layout.kind] if item in GASES_AND_DUST]
    absent = "、".join(item for item in pollutants if item not in rows.columns)
    if absent:
        zh = f"表中没有 {absent}，这些项按缺测处理"
        part.note("AIR-ITEM-ABSENT", Severity.WARNING, zh, f"not in the table, taken as missing: {absent}")


def _one_layout(parts: list[Part]) -> None:
    """Errors  Refusal where the sheets of a workbook are tables of several kinds"""
    ids = list(dict.fromkeys(part.found.layout.id for part in parts))
    if len(ids) > 1:
        shown = "、".join(f"{part.place.sheet}（{part.found.layout.title.zh}）" for part in parts)
        zh = f"各工作表的版式不同：{shown}。请分成几个文件导入"
        raise refusal(
            "AIR-SHEETS-DIFFER", zh, f"the sheets are of several kinds: {', '.join(ids)}", parts[0].place.file
        )


def _together(parts: list[Part], frames: list[pl.DataFrame]) -> StationRows:
    layout = parts[0].found.layout
    keys = parts[0].keys
    items = [item for item in ITEMS[layout.kind] if any(item in frame.columns for frame in frames)]
    whole = settled(parts, pl.concat(frames, how="diagonal"), keys, items)
    for part in parts:
        _not_too_many(part)
    table = whole.sort(keys).select(keys[0], CITY, keys[1], *items, GIVEN, ROW)
    notes = checked(table, layout.kind, plausible(), parts[0].place)
    told = [Finding("AIR-LAYOUT-NOTE", Severity.WARNING, text, parts[0].place) for text in layout.notes]
    return StationRows(
        kind=layout.kind,
        table=table,
        aside=[one for part in parts for one in part.quarantined()],
        notes=[*told, *(note for part in parts for note in part.notes), *notes],
        layout=layout.id,
        rows_read=sum(part.body.height for part in parts),
        values=layout.values,
    )


def _not_too_many(part: Part) -> None:
    """Errors  Refusal where so much is wrong that the table should be made again, not mended row by row"""
    if len(part.aside) > MOST_ASIDE:
        row, reason, _ = min(part.aside, key=lambda one: one[0])
        zh = (
            f"有 {len(part.aside)} 处不能用，第一处在第 {row} 行：{reason.zh}。整张表没有收入，请在来源处更正后重新导出"
        )
        raise refusal("AIR-ASIDE-TOO-MANY", zh, f"{len(part.aside)} faults, the first: {reason.en}", part.place.file)
