"""The register of stations: dated rows, each revision kept; what other rooms ask of it, and how it is written.

A row is one station in one span of time (``valid_from`` … ``valid_until``, both days included, None: until further
notice). A station that is moved, renamed or given another role gets a further row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from lantian.basis.finding import Text
from lantian.store.air_file import reading
from lantian.store.air_write import Counts

ROLES: Final = {
    "national": Text("国控", "national"),
    "provincial": Text("省控", "provincial"),
    "county": Text("县级", "county"),
    "reference": Text("对照", "reference"),
    "micro": Text("小微站", "micro station"),
}
OF_CITY: Final = ("national",)  # 全市: the city's national stations
OF_COUNTY: Final = ("national", "provincial", "county")

_COLUMNS = "code, valid_from, valid_until, name, city, county, region, role, lon, lat"


@dataclass(frozen=True, slots=True)
class Station:
    """One station in one span of time; ``city`` plain (鸡西), ``region`` the six digits of its county or city.

    Unit    ``lon``, ``lat`` degrees as published, None where not known
    """

    code: str
    name: str
    city: str
    county: str | None
    region: str | None
    role: str
    lon: float | None
    lat: float | None
    valid_from: date
    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether this row holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class StationReader:
    """Reads the register of a data folder; where there is none yet, everything is empty."""

    def __init__(self, data: Path) -> None:
        self.data = Path(data)

    def stations(self, on: date | None = None) -> list[Station]:
        """All rows of the register, or those that hold on a day, by code and date."""
        with reading(self.data) as database:
            found = register(database) if database is not None else []
        return [one for one in found if on is None or one.valid_on(on)]

    def unregistered(self) -> list[str]:
        """Codes of the stations of which there are data but no row in the register."""
        query = (
            "SELECT DISTINCT station FROM seen_station WHERE station NOT IN (SELECT code FROM station) ORDER BY station"
        )
        with reading(self.data) as database:
            return [code for (code,) in database.execute(query)] if database is not None else []

    def heard(self, values: str = "realtime") -> dict[str, tuple[date, date]]:
        """First and last day of which there are data, of each station that told any."""
        query = "SELECT station, first, last FROM seen_station WHERE kind = ?"
        with reading(self.data) as database:
            rows = database.execute(query, (values,)).fetchall() if database is not None else []
        return {code: (date.fromisoformat(first), date.fromisoformat(last)) for code, first, last in rows}

    def revisions(self, code: str) -> list[tuple[datetime, Station]]:
        """All rows the register has had of a station, as they became known, oldest first."""
        query = (
            f"SELECT known_at, {_COLUMNS} FROM replaced_station WHERE code = ?1 "  # noqa: S608 - built from constants
            f"UNION ALL SELECT known_at, {_COLUMNS} FROM station WHERE code = ?1 ORDER BY 1, 3"
        )
        with reading(self.data) as database:
            rows = database.execute(query, (code,)).fetchall() if database is not None else []
        return [(datetime.fromisoformat(row[0]), _station(row[1:])) for row in rows]


def register(database: sqlite3.Connection) -> list[Station]:
    """All rows of the register, by code and date."""
    query = f"SELECT {_COLUMNS} FROM station ORDER BY code, valid_from"  # noqa: S608 - built from constants
    return [_station(row) for row in database.execute(query)]


def write_stations(database: sqlite3.Connection, rows: Sequence[Station], *, batch: int, known_at: datetime) -> Counts:
    """Writes rows into the register; one of the same code and first day is replaced and kept as it was."""
    have = {(one.code, one.valid_from): one for one in register(database)}
    new = [row for row in rows if (row.code, row.valid_from) not in have]
    changed = [row for row in rows if have.get((row.code, row.valid_from), row) != row]
    _keep(database, changed, batch, known_at)
    holes = ", ".join("?" for _ in range(12))
    database.executemany(
        f"INSERT OR REPLACE INTO station ({_COLUMNS}, batch, known_at) VALUES ({holes})",  # noqa: S608 - built from constants
        ((*_row(one), batch, known_at.isoformat()) for one in [*new, *changed]),
    )
    return Counts(len(new), len(changed), len(rows) - len(new) - len(changed))


def remove_stations(database: sqlite3.Connection, rows: Sequence[Station], *, batch: int, known_at: datetime) -> None:
    """Takes rows that were entered by mistake out of the register; they are kept as replaced."""
    _keep(database, rows, batch, known_at)
    database.executemany("DELETE FROM station WHERE code = ? AND valid_from = ?", _keys(rows))


def _keep(database: sqlite3.Connection, rows: Sequence[Station], batch: int, at: datetime) -> None:
    names = f"{_COLUMNS}, batch, known_at"
    database.executemany(
        f"INSERT INTO replaced_station ({names}, replaced_by, replaced_at) SELECT {names}, ?, ? "  # noqa: S608 - built from constants
        "FROM station WHERE code = ? AND valid_from = ?",
        ((batch, at.isoformat(), *key) for key in _keys(rows)),
    )


def _keys(rows: Iterable[Station]) -> list[tuple[str, str]]:
    return [(row.code, row.valid_from.isoformat()) for row in rows]


def _row(one: Station) -> tuple[Any, ...]:
    until = one.valid_until.isoformat() if one.valid_until else None
    place = (_text(one.lon), _text(one.lat))
    return (one.code, one.valid_from.isoformat(), until, one.name, one.city, one.county, one.region, one.role, *place)


def _text(number: float | None) -> str | None:
    return None if number is None else str(Decimal(repr(number)))


def _station(row: tuple[Any, ...]) -> Station:
    code, first, until, name, city, county, region, role, lon, lat = row
    return Station(
        code=code,
        name=name,
        city=city,
        county=county,
        region=region,
        role=role,
        lon=float(lon) if lon is not None else None,
        lat=float(lat) if lat is not None else None,
        valid_from=date.fromisoformat(first),
        valid_until=date.fromisoformat(until) if until else None,
    )
