"""Tables of ``stack.sqlite`` (what arrived) and ``referee.sqlite`` (what was made of it)."""

from __future__ import annotations

# Times: data_time as sent (14 digits where it is a time, Beijing, start of the period); received_at whole microseconds since
# 1970 (UTC). kind of a file: frames, or the CN of its records; level: delta, day, base. A frame stands once: the digest is over
# command, part and data area, so a repeat under another QN is the same.
INBOX = (
    """CREATE TABLE IF NOT EXISTS frame (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        mn TEXT NOT NULL, cn TEXT NOT NULL, data_time TEXT NOT NULL, part INTEGER NOT NULL,
        qn TEXT NOT NULL, received_at INTEGER NOT NULL, digest BLOB NOT NULL, raw BLOB NOT NULL)""",
    "CREATE UNIQUE INDEX IF NOT EXISTS frame_once ON frame (data_time, mn, cn, part, digest)",
    """CREATE TABLE IF NOT EXISTS quarantine (
        id INTEGER PRIMARY KEY,
        received_at INTEGER NOT NULL, peer TEXT NOT NULL, mn TEXT NOT NULL, cn TEXT NOT NULL, qn TEXT NOT NULL,
        raw BLOB NOT NULL, findings TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS device (
        mn TEXT PRIMARY KEY,
        accepted INTEGER NOT NULL DEFAULT 0, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
        last_data_time TEXT NOT NULL DEFAULT '', frames INTEGER NOT NULL DEFAULT 0, peer TEXT NOT NULL DEFAULT '',
        connected INTEGER NOT NULL DEFAULT 0, findings TEXT NOT NULL DEFAULT '{}')""",
    """CREATE TABLE IF NOT EXISTS command (
        id INTEGER PRIMARY KEY,
        mn TEXT NOT NULL, cn TEXT NOT NULL, fields TEXT NOT NULL, qn TEXT NOT NULL, asked_by TEXT NOT NULL,
        asked_at INTEGER NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
        answered_at INTEGER, ended_at INTEGER, result TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE IF NOT EXISTS file (
        path TEXT PRIMARY KEY,
        kind TEXT NOT NULL, month TEXT NOT NULL, level TEXT NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL, source TEXT NOT NULL, first_mn TEXT NOT NULL, last_mn TEXT NOT NULL,
        first_start TEXT NOT NULL, last_start TEXT NOT NULL, made_at INTEGER NOT NULL, replaced_at INTEGER)""",
    "CREATE INDEX IF NOT EXISTS file_month ON file (kind, month) WHERE replaced_at IS NULL",
    """CREATE TABLE IF NOT EXISTS batch (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL, sha256 TEXT NOT NULL, imported_by TEXT NOT NULL, made_at INTEGER NOT NULL,
        rows INTEGER NOT NULL, kept INTEGER NOT NULL, refused INTEGER NOT NULL, withdrawn_at INTEGER)""",
    "CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    "INSERT OR IGNORE INTO counter VALUES ('format', 1)",
)

# Times: start as ISO text, Beijing; values as decimal text; lists as JSON. One row per outlet, factor and period: a later run
# replaces it, digest and run say what it rests on.
REFEREE = (
    """CREATE TABLE IF NOT EXISTS run (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, as_of TEXT NOT NULL, computed_at TEXT NOT NULL,
        inputs TEXT NOT NULL, editions TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS hour (
        outlet TEXT NOT NULL, factor TEXT NOT NULL, start TEXT NOT NULL,
        minutes INTEGER, valid INTEGER NOT NULL, measured TEXT, converted TEXT, mass_kg TEXT, mass_substituted INTEGER NOT NULL,
        hour_limit TEXT, exceeded INTEGER, state TEXT NOT NULL, marks TEXT NOT NULL, reasons TEXT NOT NULL,
        source TEXT NOT NULL, inputs TEXT NOT NULL, run INTEGER NOT NULL,
        PRIMARY KEY (outlet, start, factor)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS hour_start ON hour (start)",
    """CREATE TABLE IF NOT EXISTS day (
        outlet TEXT NOT NULL, factor TEXT NOT NULL, day TEXT NOT NULL,
        hours INTEGER NOT NULL, valid INTEGER NOT NULL, measured TEXT, converted TEXT, mass_kg TEXT,
        day_limit TEXT, exceeded INTEGER, exceeded_hours INTEGER NOT NULL, state TEXT NOT NULL, reasons TEXT NOT NULL,
        inputs TEXT NOT NULL, run INTEGER NOT NULL,
        PRIMARY KEY (outlet, day, factor)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS day_day ON day (day)",
    """CREATE TABLE IF NOT EXISTS hit (
        outlet TEXT NOT NULL, code TEXT NOT NULL, factor TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
        severity TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL, evidence TEXT NOT NULL, run INTEGER NOT NULL,
        PRIMARY KEY (outlet, code, factor, first)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS screened (
        outlet TEXT NOT NULL, pattern TEXT NOT NULL, factor TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
        score TEXT NOT NULL, zh TEXT NOT NULL, look_at TEXT NOT NULL, evidence TEXT NOT NULL, run INTEGER NOT NULL,
        PRIMARY KEY (outlet, pattern, factor, first)) WITHOUT ROWID""",
)
