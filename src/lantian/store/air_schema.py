"""The tables of ``air.sqlite`` and how an older file becomes one of them.

A city day is one row for each series: ``kind`` of values (realtime, reviewed) and ``source`` (table: imported as city
days; hours, stations: computed here of station hours or of station days).
"""

from __future__ import annotations

import sqlite3

from lantian.air.item import ITEMS

_VALUES = ", ".join(f"{item} INTEGER" for item in ITEMS)
_SUB_INDICES = ", ".join(f"{item}_printed TEXT, {item}_iaqi INTEGER" for item in ITEMS)
_SERIES = "kind TEXT NOT NULL DEFAULT 'realtime', source TEXT NOT NULL DEFAULT 'table'"
_DAY = f"city TEXT NOT NULL, date TEXT NOT NULL, region TEXT, {_VALUES}"
_KNOWN = "batch INTEGER NOT NULL, known_at TEXT NOT NULL"
_REPLACED = "replaced_by INTEGER NOT NULL, replaced_at TEXT NOT NULL"
_STATION = (
    "code TEXT NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT, name TEXT NOT NULL, city TEXT NOT NULL, "
    "county TEXT, region TEXT, role TEXT NOT NULL, lon TEXT, lat TEXT"
)
_STATION_DAY = f"station TEXT NOT NULL, date TEXT NOT NULL, kind TEXT NOT NULL, {_VALUES}"
_MONTH = (
    f"place TEXT NOT NULL, city TEXT, month TEXT NOT NULL, kind TEXT NOT NULL, {_VALUES}, good_ratio INTEGER, "
    "composite_index INTEGER, rank INTEGER"
)

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID""",
    """INSERT OR IGNORE INTO counter VALUES ('version', 0)""",
    """CREATE TABLE IF NOT EXISTS import (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL, kind TEXT NOT NULL,
        files TEXT NOT NULL, layout TEXT NOT NULL, rows_read INTEGER NOT NULL, rows_new INTEGER NOT NULL,
        rows_changed INTEGER NOT NULL, rows_same INTEGER NOT NULL, rows_quarantined INTEGER NOT NULL,
        notes TEXT NOT NULL)""",
    f"""CREATE TABLE IF NOT EXISTS raw_day ({_DAY}, simulated INTEGER NOT NULL, {_KNOWN}, {_SERIES},
        PRIMARY KEY (city, date, kind, source)) WITHOUT ROWID""",
    """CREATE INDEX IF NOT EXISTS raw_day_simulated ON raw_day (city) WHERE simulated = 1""",
    f"""CREATE TABLE IF NOT EXISTS replaced_day ({_DAY}, simulated INTEGER NOT NULL, {_KNOWN}, {_REPLACED}, {_SERIES})""",
    """CREATE INDEX IF NOT EXISTS replaced_day_of ON replaced_day (city, date)""",
    f"""CREATE TABLE IF NOT EXISTS derived_day (city TEXT NOT NULL, date TEXT NOT NULL, {_SUB_INDICES}, aqi INTEGER,
        primary_items TEXT NOT NULL, category TEXT, edition TEXT NOT NULL, inputs TEXT NOT NULL,
        computed_at TEXT NOT NULL, {_SERIES}, PRIMARY KEY (city, date, kind, source)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS quarantine (
        id INTEGER PRIMARY KEY, import INTEGER NOT NULL, code TEXT NOT NULL, file TEXT, sheet TEXT, row INTEGER,
        "column" TEXT, zh TEXT NOT NULL, en TEXT NOT NULL, content TEXT NOT NULL)""",
    """CREATE INDEX IF NOT EXISTS quarantine_of ON quarantine (import)""",
    f"""CREATE TABLE IF NOT EXISTS station ({_STATION}, {_KNOWN}, PRIMARY KEY (code, valid_from)) WITHOUT ROWID""",
    f"""CREATE TABLE IF NOT EXISTS replaced_station ({_STATION}, {_KNOWN}, {_REPLACED})""",
    """CREATE TABLE IF NOT EXISTS seen_station (station TEXT NOT NULL, kind TEXT NOT NULL, city TEXT,
        first TEXT NOT NULL, last TEXT NOT NULL, PRIMARY KEY (station, kind)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS lake_file (
        id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL, kind TEXT NOT NULL, month TEXT NOT NULL,
        role TEXT NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, last_hour TEXT,
        written_at TEXT NOT NULL, replaced_at TEXT)""",
    """CREATE INDEX IF NOT EXISTS lake_file_of ON lake_file (kind, month)""",
    f"""CREATE TABLE IF NOT EXISTS given_station_day ({_STATION_DAY}, {_KNOWN},
        PRIMARY KEY (station, date, kind)) WITHOUT ROWID""",
    f"""CREATE TABLE IF NOT EXISTS replaced_station_day ({_STATION_DAY}, {_KNOWN}, {_REPLACED})""",
    f"""CREATE TABLE IF NOT EXISTS given_month ({_MONTH}, {_KNOWN},
        PRIMARY KEY (place, month, kind)) WITHOUT ROWID""",
    f"""CREATE TABLE IF NOT EXISTS replaced_month ({_MONTH}, {_KNOWN}, {_REPLACED})""",
)

_OF_FORMAT_1 = ("raw_day", "replaced_day", "derived_day")


def is_format_1(database: sqlite3.Connection) -> bool:
    """Whether the city days of this file know no series yet."""
    columns = {row[1] for row in database.execute("PRAGMA table_info(raw_day)")}
    return bool(columns) and "kind" not in columns


def upgrade_from_1(database: sqlite3.Connection) -> None:
    """Brings the tables of format 1 to format 2 inside the caller's transaction: every row becomes realtime, table."""
    for table in _OF_FORMAT_1:
        database.execute(f"ALTER TABLE {table} RENAME TO {table}_of_format_1")
    for index in ("replaced_day_of", "raw_day_simulated"):
        database.execute(f"DROP INDEX IF EXISTS {index}")
    for statement in SCHEMA:
        database.execute(statement)
    for table in _OF_FORMAT_1:
        names = ", ".join(row[1] for row in database.execute(f"PRAGMA table_info({table}_of_format_1)"))
        database.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_of_format_1")  # noqa: S608 - built from constants
        database.execute(f"DROP TABLE {table}_of_format_1")
