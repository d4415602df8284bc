"""City days of ambient air as the other rooms read them: latest rows with what was derived from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from lantian.air.item import ITEMS, PRINTED
from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.basis.period import Days
from lantian.store.air_file import reading

_TABLE = {"city": pl.String, "date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64), "aqi": pl.Int64, "edition": pl.String}


@dataclass(frozen=True, slots=True)
class CityDay:
    """One city day: values as they came (scaled by 10**4), printed text, sub-indices, AQI and what follows from it.

    Unit    co mg/m³, the others µg/m³; a missing item is None, never 0
    """

    city: str
    region: str | None
    date: date
    values: dict[str, int | None]
    printed: dict[str, str | None]
    iaqi: dict[str, int | None]
    aqi: int | None
    primary: tuple[str, ...]
    category: str | None
    edition: str
    simulated: bool
    source: str = "table"  # or hours, stations: computed here


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import as the manifest keeps it; ``files`` name and SHA-256, ``notes`` findings that kept no row out."""

    id: int
    at: datetime
    by: str
    kind: str
    files: tuple[Mapping[str, str], ...]
    layout: str
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_quarantined: int
    notes: tuple[Mapping[str, Any], ...]


class AirReader:
    """Reads the city days of a data folder; where there are none yet, everything is empty.

    ``values`` is realtime (实况) or reviewed (审核后). Of a date that was both imported and computed the imported day is
    given, of two computed ones that of the hours; a real day goes before a simulated one.
    """

    def __init__(self, data: Path) -> None:
        self.data = Path(data)

    def days(self, city: str, days: Days, *, values: str = "realtime") -> list[CityDay]:
        """The days of a city that are there, in order."""
        return [_city_day(row) for row in self._rows(_DAYS, _asked(city, days, values))]

    def table(self, city: str, days: Days, *, values: str = "realtime") -> pl.DataFrame:
        """The same days as a table for the air room: city, date, the six items (scaled), aqi, edition."""
        rows = self._rows(_COLUMNS, _asked(city, days, values))
        columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in _TABLE]
        columns[1] = [date.fromisoformat(text) for text in columns[1]]
        return pl.DataFrame(dict(zip(_TABLE, columns, strict=True)), schema=_TABLE)

    def of_source(self, city: str, days: Days, source: str, *, values: str = "realtime") -> list[CityDay]:
        """The days of one source (table, hours, stations), whether or not another one goes before."""
        return [_city_day(row) for row in self._rows(_OF_SOURCE, (*_asked(city, days, values), source))]

    def cities(self, values: str = "realtime") -> list[str]:
        """Names of the cities and counties with days, in order."""
        return [
            name for (name,) in self._rows("SELECT DISTINCT city FROM raw_day WHERE kind = ? ORDER BY 1", (values,))
        ]

    def latest(self, city: str, *, values: str = "realtime") -> date | None:
        """Last day of a city; None without days."""
        return self._end("max", city, values)

    def earliest(self, city: str, *, values: str = "realtime") -> date | None:
        """First day of a city; None without days."""
        return self._end("min", city, values)

    def _end(self, which: str, city: str, values: str) -> date | None:
        query = f"SELECT {which}(date) FROM raw_day WHERE city = ? AND kind = ?"  # noqa: S608 - one of two words
        ((text,),) = self._rows(query, (plain_city(city), values)) or [(None,)]
        return date.fromisoformat(text) if text else None

    def simulated(self, city: str) -> bool:
        """Whether a city stands on simulated days."""
        query = "SELECT 1 FROM raw_day WHERE city = ? AND simulated = 1 LIMIT 1"
        return bool(self._rows(query, (plain_city(city),)))

    def version(self) -> int:
        """Number that changes with every write; 0 before the first."""
        rows = self._rows("SELECT value FROM counter WHERE name = 'version'")
        return int(rows[0][0]) if rows else 0

    def imports(self) -> list[ImportRecord]:
        """All imports, latest first."""
        names = "id, at, by, kind, files, layout, rows_read, rows_new, rows_changed, rows_same, rows_quarantined, notes"
        return [_import(row) for row in self._rows(f"SELECT {names} FROM import ORDER BY id DESC")]  # noqa: S608 - built from constants

    def quarantine(self, import_id: int) -> list[Finding]:
        """Findings of the rows an import kept aside, in the order of the file."""
        query = 'SELECT code, file, sheet, row, "column", zh, en FROM quarantine WHERE import = ? ORDER BY id'
        return [
            Finding(code, Severity.REFUSED, Text(zh, en), Place(file=file, sheet=sheet, row=row, column=column))
            for code, file, sheet, row, column, zh, en in self._rows(query, (import_id,))
        ]

    def quarantined_rows(self, import_id: int) -> list[dict[str, str]]:
        """Content of the rows an import kept aside, column by column, in the same order as ``quarantine``."""
        rows = self._rows("SELECT content FROM quarantine WHERE import = ? ORDER BY id", (import_id,))
        return [json.loads(content) for (content,) in rows]

    def revisions(
        self, city: str, day: date, *, values: str = "realtime", source: str = "table"
    ) -> list[tuple[datetime, dict[str, int | None]]]:
        """All rows a day has had in one series, oldest first: when each became known, and its values."""
        names = ", ".join(ITEMS)
        of = "WHERE city = ?1 AND date = ?2 AND kind = ?3 AND source = ?4"
        query = (
            f"SELECT known_at, {names} FROM replaced_day {of} "  # noqa: S608 - built from constants
            f"UNION ALL SELECT known_at, {names} FROM raw_day {of} ORDER BY 1"
        )
        rows = self._rows(query, (plain_city(city), day.isoformat(), values, source))
        return [(datetime.fromisoformat(row[0]), dict(zip(ITEMS, row[1:], strict=True))) for row in rows]

    def brought_by(self, city: str, day: date, *, values: str = "realtime", source: str = "table") -> list[int]:
        """Numbers of the imports that brought the rows ``revisions`` gives, in the same order."""
        of = "WHERE city = ?1 AND date = ?2 AND kind = ?3 AND source = ?4"
        query = (
            f"SELECT known_at, batch FROM replaced_day {of} "  # noqa: S608 - built from constants
            f"UNION ALL SELECT known_at, batch FROM raw_day {of} ORDER BY 1"
        )
        return [batch for _, batch in self._rows(query, (plain_city(city), day.isoformat(), values, source))]

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with reading(self.data) as database:
            return database.execute(query, values).fetchall() if database is not None else []


_RANK = "{0}.simulated, CASE {0}.source WHEN 'table' THEN 0 WHEN 'hours' THEN 1 ELSE 2 END"
_OF_CITY = (
    "FROM raw_day r JOIN derived_day d ON d.city = r.city AND d.date = r.date AND d.kind = r.kind AND d.source = r.source "
    "WHERE r.city = ? AND r.kind = ? AND r.date BETWEEN ? AND ?"
)
_FIRST = (
    " AND NOT EXISTS (SELECT 1 FROM raw_day b WHERE b.city = r.city AND b.date = r.date AND b.kind = r.kind "  # noqa: S608 - built from constants
    f"AND ({_RANK.format('b')}) < ({_RANK.format('r')})) ORDER BY r.date"
)
_HEADS = (
    "SELECT r.city, r.region, r.date, r.simulated, r.source, d.aqi, d.primary_items, d.category, d.edition, "
    + ", ".join([*(f"r.{i}" for i in ITEMS), *(f"d.{i}_printed" for i in ITEMS), *(f"d.{i}_iaqi" for i in ITEMS)])
)
_DAYS = f"{_HEADS} {_OF_CITY}{_FIRST}"
_OF_SOURCE = f"{_HEADS} {_OF_CITY} AND r.source = ? ORDER BY r.date"
_HEAD, _N = 9, len(ITEMS)
_COLUMNS = f"SELECT r.city, r.date, {', '.join(f'r.{item}' for item in ITEMS)}, d.aqi, d.edition {_OF_CITY}{_FIRST}"


def _asked(city: str, days: Days, values: str) -> tuple[str, str, str, str]:
    return plain_city(city), values, days.first.isoformat(), days.last.isoformat()


def plain_city(name: str) -> str:
    """City name as the store keeps it: without spaces around and without 市 at the end."""
    text = name.strip()
    return text[:-1] if len(text) > 2 and text.endswith("市") else text


def _city_day(row: tuple[Any, ...]) -> CityDay:
    city, region, day, simulated, source, aqi, primary, category, edition = row[:_HEAD]
    return CityDay(
        city=city,
        region=region,
        date=date.fromisoformat(day),
        values=dict(zip(ITEMS, row[_HEAD : _HEAD + _N], strict=True)),
        printed=dict(zip(ITEMS, row[_HEAD + _N : _HEAD + 2 * _N], strict=True)),
        iaqi=dict(zip(ITEMS, row[_HEAD + 2 * _N :], strict=True)),
        aqi=aqi,
        primary=tuple(PRINTED[item] for item in primary.split(",")) if primary else (),
        category=category,
        edition=edition,
        simulated=bool(simulated),
        source=source,
    )


def _import(row: tuple[Any, ...]) -> ImportRecord:
    number, at, by, kind, files, layout, read, new, changed, same, aside, notes = row
    return ImportRecord(
        id=number,
        at=datetime.fromisoformat(at),
        by=by,
        kind=kind,
        files=tuple(json.loads(files)),
        layout=layout,
        rows_read=read,
        rows_new=new,
        rows_changed=changed,
        rows_same=same,
        rows_quarantined=aside,
        notes=tuple(json.loads(notes)),
    )
