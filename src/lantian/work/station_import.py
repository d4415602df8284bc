"""Tables of station hours, station days and monthly figures into the store; the city and county days they touch anew."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lantian.basis.determination import VALUES
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import BEIJING, Days
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store import cells
from lantian.store.air_file import writing
from lantian.store.air_write import Counts, Series, earlier_import, finish_import, simulated_days, start_import
from lantian.store.folder import prepare, refusal
from lantian.store.hours import MEASURED, SCHEMA, latest, newest, note_stations, write_hours
from lantian.store.series_compare import difference_notes
from lantian.store.station_days import write_months, write_station_days
from lantian.store.station_given import emptied, standing
from lantian.store.station_layout import StationLayout, station_layouts
from lantian.store.station_rows import StationRows, read_station_rows
from lantian.store.stations import StationReader, register
from lantian.work.air_import import ImportReport, Progress, silent
from lantian.work.air_kinds import KINDS
from lantian.work.simulated_stations import clear_simulated_stations
from lantian.work.station_cities import of_several_cities, only_cities
from lantian.work.station_days import recompute, touched_days
from lantian.work.station_places import StationPlace, places
from lantian.work.station_table import registers
from lantian.work.station_tables import together

LOCK_SECONDS = 20  # an hourly import waits for the nightly merge
_NAMED = 5
_KEY = ["station", "time"]


class Read(NamedTuple):
    """Station tables of one kind as read, with name and digest of each file."""

    tables: list[StationRows]
    files: list[dict[str, str]]
    kind: str
    values: str

    @property
    def layout(self) -> str:
        """Ids of the layouts."""
        return ", ".join(sorted({one.layout for one in self.tables}))


class Done(NamedTuple):
    """What writing did: counts, days computed anew, rows that took values back, notes."""

    counts: Counts
    days: int = 0
    emptied: int = 0
    notes: tuple[Finding, ...] = ()


def read_stations(
    data: Path,
    source: Path | str | Sequence[Path],
    *,
    now: datetime,
    values: str | None = None,
    mapping: str | None = None,
    progress: Progress = silent,
) -> Read | None:
    """The station tables of files or of a pasted text; None where they are none.

    Errors  Refusal where some are and some are not, or they are of several kinds
    """
    known = _layouts(data, mapping)
    sources: list[Path | str] = [source] if isinstance(source, Path | str) else list(source)
    tables: list[StationRows | None] = []
    for done, one in enumerate(sources):
        progress(done, len(sources), f"识读 {one.name if isinstance(one, Path) else cells.PASTED}")
        given = cells.pasted(one) if isinstance(one, str) else one
        tables.append(read_station_rows(given, known, first=TOTAL_FROM, last=_last_hour(now)) if known else None)
    found = [table for table in tables if table is not None]
    if not found:
        return None
    kinds = sorted({table.kind for table in found} | ({"city_days"} if None in tables else set()))
    declared = {table.values or "realtime" for table in found}
    if len(kinds) > 1 or (values is None and len(declared) > 1):
        raise _mixed(sources, tables)
    if not any(table.rows_read for table in found):
        zh = "表头认得，但没有一行数据。请检查是否导出完整"
        raise refusal("AIR-TABLE-NO-ROWS", zh, "headings, but no rows", _file(sources[0])["name"])
    return Read(found, [_file(one) for one in sources], kinds[0], values or declared.pop())


def _mixed(sources: Sequence[Path | str], tables: Sequence[StationRows | None]) -> Refusal:
    """The refusal of files of several kinds, each with its kind."""
    told = []
    for source, table in zip(sources, tables, strict=True):
        if table is not None:
            kind = f"{KINDS[table.kind].zh}（{VALUES[table.values or 'realtime'].zh}）"
        else:
            kind = KINDS["stations" if registers(source) else "city_days"].zh
        told.append(f"{_file(source)['name']} 是{kind}")
    zh = f"这些文件不是同一类表：{'；'.join(told)}。没有写入任何内容，请分类分次导入"
    return _refused("AIR-FILES-DIFFER", zh, "the files are of several kinds; import each kind by itself")


def _layouts(data: Path, mapping: str | None) -> dict[str, StationLayout]:
    known = station_layouts(data)
    return known if mapping is None else {key: one for key, one in known.items() if key == mapping}


def _last_hour(now: datetime) -> datetime:
    return now.astimezone(BEIJING).replace(tzinfo=None) + timedelta(hours=1)  # a clock may be a little ahead


def _file(source: Path | str) -> dict[str, str]:
    if isinstance(source, str):
        return {"name": cells.PASTED, "sha256": hashlib.sha256(source.encode()).hexdigest()}
    with source.open("rb") as stream:
        return {"name": source.name, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def import_station_hours(
    data: Path,
    source: Path | str | Sequence[Path],
    *,
    now: datetime,
    user: str,
    values: str | None = None,
    mapping: str | None = None,
    progress: Progress = silent,
) -> ImportReport:
    """Imports station hours, station days or monthly figures, in one transaction.

    ``values`` realtime or reviewed; without it what the layout says, else realtime. ``mapping`` names the layout.
    Errors  Refusal where no station table is found, a table cannot be what it says, or another process writes
    """
    prepare(data, now=now)
    read = read_stations(data, source, now=now, values=values, mapping=mapping, progress=progress)
    if read is None:
        raise _refused("AIR-STATION-TABLE-NONE", "没有认出站点表。请检查表头", "no station table was found")
    return import_read(data, read, now=now, user=user, progress=progress)


def import_read(
    data: Path, read: Read, *, now: datetime, user: str, cities: Sequence[str] = (), progress: Progress = silent
) -> ImportReport:
    """Writes what ``read_stations`` found, of these cities where named, in one transaction.

    Errors  Refusal (busy) where another process writes, or where no row belongs to these cities
    """
    rows, conflicts, again = together(read.tables, [one["name"] for one in read.files])
    aside = [*(one for table in read.tables for one in table.aside), *conflicts]
    notes = [note for table in read.tables for note in table.notes]
    if again:
        notes.append(_note("AIR-HOUR-AGAIN", f"{again} 行在几个文件中重复且数值相同，只计一次", f"{again} equal rows"))
    if cities:
        rows, told = only_cities(rows, cities, StationReader(data).stations(), read.files[0]["name"])
        notes.append(told)
    rows_read = sum(table.rows_read for table in read.tables)
    kind = read.kind if read.values == "realtime" else f"{read.kind}/{read.values}"
    notes += of_several_cities(rows)
    with writing(data, job="air import", now=now, wait_seconds=LOCK_SECONDS) as database:
        before, simulated = earlier_import(database, read.files, read.layout), simulated_days(database)
        batch = start_import(database, at=now, by=user, kind=kind, files=read.files, layout=read.layout)
        progress(0, 2, "写入并重算")
        clear_simulated_stations(database, data, _cities(database, rows), now=now)
        found = places(register(database))
        done = _WRITERS[read.kind](database, data, rows, read.values, found, batch, now)
        notes += done.notes
        if done.emptied:
            notes.append(_emptied(done.emptied))
        removed = simulated - simulated_days(database)
        repeated = before is not None and not (done.counts.new or done.counts.changed)
        if repeated:
            database.execute("DELETE FROM import WHERE id = ?", (batch,))
        else:
            notes += difference_notes(database, read.values, batch)
            finish_import(database, batch, rows_read=rows_read, counts=done.counts, quarantined=aside, notes=notes)
    progress(2, 2, "完成")
    return ImportReport(
        import_id=before if repeated and before is not None else batch,
        rows_read=rows_read,
        rows_new=done.counts.new,
        rows_changed=done.counts.changed,
        rows_same=done.counts.same,
        quarantined=[one.finding for one in aside],
        days_recomputed=done.days,
        layout=read.layout,
        cities=_names(rows),
        simulated_removed=removed,
        notes=notes,
        repeated=repeated,
        kind=read.kind,
        values=read.values,
    )


def _cities(database: sqlite3.Connection, rows: pl.DataFrame) -> set[str]:
    """Cities the rows are of: by the register, or as the table names them."""
    codes = set(rows["station"].unique().to_list()) if "station" in rows.columns else set()
    named = set(rows["city"].drop_nulls().unique().to_list())
    return named | {one.city for one in register(database) if one.code in codes}


def _names(rows: pl.DataFrame) -> tuple[str, ...]:
    column = "place" if "place" in rows.columns else "city"
    return tuple(rows[column].drop_nulls().unique().sort().to_list())


def _hours(
    database: sqlite3.Connection,
    data: Path,
    rows: pl.DataFrame,
    values: str,
    found: dict[str, StationPlace],
    batch: int,
    now: datetime,
) -> Done:
    if rows.is_empty():
        return Done(Counts())
    day = (pl.col("time") - pl.duration(milliseconds=1)).dt.date()
    first, last = rows.select(first=day.min(), last=day.max()).row(0)
    touched = touched_days(rows.select("station", date=day), found)
    mates = [one.station for name in touched["city"].unique().to_list() for one in found[name].members]
    stored = latest(database, data, Days(first, last), values, list({*rows["station"].unique().to_list(), *mates}))
    judged = _judged(rows, stored)
    fresh = judged.filter(pl.col("_state") != "same")
    counts = Counts(*(int((judged["_state"] == state).sum()) for state in ("new", "changed", "same")))
    if fresh.is_empty():
        return Done(counts)
    known = {"known_at": pl.lit(now).cast(SCHEMA["known_at"]), "batch": pl.lit(batch, pl.Int32)}
    told = fresh.with_columns(**known)
    write_hours(database, data, told, values, now=now)
    note_stations(database, _seen(fresh.with_columns(date=day)), values)
    hours = newest(pl.concat([stored, told.select(stored.columns)]))
    touched = touched_days(fresh.select("station", date=day), found)
    series = Series(values, "hours")
    days = recompute(database, data, touched, found, series, batch=batch, now=now, hours=hours)
    return Done(counts, days, int(judged["_emptied"].sum()), _unregistered(database, fresh))


def _judged(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Rows as they will stand, with their state: new, changed or same; ``_emptied`` whether a value is taken back.

    An item the row says nothing of keeps what was stored; a row without any value is nothing new.
    """
    both = rows.join(stored.select(*_KEY, "known_at", *MEASURED), on=_KEY, how="left", suffix="_old")
    both = both.with_columns(*standing(MEASURED, "_old"), _emptied=emptied(MEASURED, "_old"))
    differs = pl.any_horizontal(pl.col(item).ne_missing(pl.col(f"{item}_old")) for item in MEASURED)
    state = (
        pl.when(~differs)
        .then(pl.lit("same"))
        .when(pl.col("known_at").is_null())
        .then(pl.lit("new"))
        .otherwise(pl.lit("changed"))
    )
    return both.with_columns(_state=state).select(*_KEY, "city", *MEASURED, "_state", "_emptied")


def _days(
    database: sqlite3.Connection,
    data: Path,
    rows: pl.DataFrame,
    values: str,
    found: dict[str, StationPlace],
    batch: int,
    now: datetime,
) -> Done:
    counts, fresh, taken_back = write_station_days(database, rows, values, batch=batch, now=now)
    if not fresh:
        return Done(counts)
    days = pl.DataFrame(fresh, schema={"station": pl.String, "date": pl.Date}, orient="row")
    seen = days.join(rows.select("station", "date", "city"), on=["station", "date"], how="left")
    note_stations(database, _seen(seen), values)
    touched = touched_days(days, found)
    count = recompute(database, data, touched, found, Series(values, "stations"), batch=batch, now=now)
    return Done(counts, count, taken_back, _unregistered(database, days))


def _months(
    database: sqlite3.Connection,
    data: Path,
    rows: pl.DataFrame,
    values: str,
    found: dict[str, StationPlace],
    batch: int,
    now: datetime,
) -> Done:
    written = write_months(database, rows, values, batch=batch, now=now)
    return Done(written.counts, emptied=written.emptied)


_WRITERS = {"station_hours": _hours, "station_days": _days, "city_months": _months}


def _seen(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("station").agg(
        pl.col("city").drop_nulls().last(), first=pl.col("date").min(), last=pl.col("date").max()
    )


def _unregistered(database: sqlite3.Connection, rows: pl.DataFrame) -> tuple[Finding, ...]:
    known = {code for (code,) in database.execute("SELECT DISTINCT code FROM station")}
    missing = sorted(set(rows["station"].unique().to_list()) - known)
    if not missing:
        return ()
    names = "、".join(missing[:_NAMED]) + ("等" if missing[_NAMED:] else "")
    zh = f"{len(missing)} 个站点没有登记（{names}）：数据已保存，但不计入任何城市或县区。登记站点后自动重算"
    en = f"{len(missing)} stations are not registered ({names}): kept, but counted nowhere until they are"
    return (_note("AIR-STATION-UNREGISTERED", zh, en),)


def _emptied(count: int) -> Finding:
    zh = f"{count} 行原来有的值在新表里是空的，已按新表改为缺测；旧值仍保存，可查以前的版本"
    return _note("AIR-REVISION-EMPTIES", zh, f"{count} rows take back values known before; the old rows are kept")


def _note(code: str, zh: str, en: str) -> Finding:
    return Finding(code, Severity.WARNING, Text(zh, en), Place())


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place()))
