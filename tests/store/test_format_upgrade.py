"""A data folder of format 1 is brought up: a backup first, every row kept as realtime, table."""

from __future__ import annotations

import json
import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import year
from lantian.store.air import AirReader
from lantian.store.air_file import reading
from lantian.store.backup import restore
from lantian.store.folder import FORMAT, check, prepare
from lantian.work.air_import import import_city_days

ITEMS = ("so2", "no2", "co", "o3_8h", "pm10", "pm25")
_VALUES = ", ".join(f"{item} INTEGER" for item in ITEMS)
_SUB = ", ".join(f"{item}_printed TEXT, {item}_iaqi INTEGER" for item in ITEMS)
_DAY = f"city TEXT NOT NULL, date TEXT NOT NULL, region TEXT, {_VALUES}"
FORMAT_1 = f"""
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES ('version', 7);
CREATE TABLE import (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, by TEXT NOT NULL, kind TEXT NOT NULL,
  files TEXT NOT NULL, layout TEXT NOT NULL, rows_read INTEGER NOT NULL, rows_new INTEGER NOT NULL,
  rows_changed INTEGER NOT NULL, rows_same INTEGER NOT NULL, rows_quarantined INTEGER NOT NULL, notes TEXT NOT NULL);
INSERT INTO import VALUES (1, '2025-01-03T00:00:00+00:00', 'a', 'city_days', '[]', 'plain', 2, 2, 0, 0, 0, '[]');
CREATE TABLE raw_day ({_DAY}, simulated INTEGER NOT NULL, batch INTEGER NOT NULL, known_at TEXT NOT NULL,
  PRIMARY KEY (city, date)) WITHOUT ROWID;
INSERT INTO raw_day VALUES ('鸡西', '2025-01-01', '230300', 120000, 254000, 8500, 600000, 800000, 765000, 0, 1,
  '2025-01-03T00:00:00+00:00');
CREATE TABLE replaced_day ({_DAY}, simulated INTEGER NOT NULL, batch INTEGER NOT NULL, known_at TEXT NOT NULL,
  replaced_by INTEGER NOT NULL, replaced_at TEXT NOT NULL);
INSERT INTO replaced_day VALUES ('鸡西', '2025-01-01', '230300', 110000, NULL, 8500, 600000, 800000, 765000, 0, 1,
  '2025-01-02T00:00:00+00:00', 1, '2025-01-03T00:00:00+00:00');
CREATE INDEX replaced_day_of ON replaced_day (city, date);
CREATE TABLE derived_day (city TEXT NOT NULL, date TEXT NOT NULL, {_SUB}, aqi INTEGER, primary_items TEXT NOT NULL,
  category TEXT, edition TEXT NOT NULL, inputs TEXT NOT NULL, computed_at TEXT NOT NULL,
  PRIMARY KEY (city, date)) WITHOUT ROWID;
INSERT INTO derived_day VALUES ('鸡西', '2025-01-01', '12', 12, '25', 32, '0.8', 20, '60', 30, '80', 65, '76', 102,
  102, 'pm25', '轻度污染', 'HJ 633-2012', 'x', '2025-01-03T00:00:00+00:00');
CREATE TABLE quarantine (id INTEGER PRIMARY KEY, import INTEGER NOT NULL, code TEXT NOT NULL, file TEXT, sheet TEXT,
  row INTEGER, "column" TEXT, zh TEXT NOT NULL, en TEXT NOT NULL, content TEXT NOT NULL);
CREATE INDEX quarantine_of ON quarantine (import);
"""


@pytest.fixture
def old(data: Path) -> Path:
    database = sqlite3.connect(data / "air.sqlite")
    database.executescript(FORMAT_1)
    database.close()
    (data / "format.json").write_text('{"format": 1, "made_at": "2025-01-01T00:00:00+00:00"}')
    return data


def test_an_old_file_is_not_read_as_if_it_were_empty(old: Path) -> None:
    with pytest.raises(Refusal, match="旧格式"):
        AirReader(old).days("鸡西", year(2025))


def test_every_row_is_kept_as_realtime_and_table(old: Path, now: datetime) -> None:
    prepare(old, now=now)
    reader = AirReader(old)
    (day,) = reader.days("鸡西", year(2025))
    assert (day.aqi, day.printed["pm25"], day.values["no2"], day.source, day.region) == (
        102,
        "76",
        254000,
        "table",
        "230300",
    )
    assert reader.days("鸡西", year(2025), values="reviewed") == []
    assert [values["no2"] for _, values in reader.revisions("鸡西", date(2025, 1, 1))] == [None, 254000]
    assert [one.id for one in reader.imports()] == [1]
    assert reader.version() == 7
    with reading(old) as database:
        assert database is not None
        rows = database.execute(
            "SELECT DISTINCT kind, source FROM raw_day UNION SELECT DISTINCT kind, source FROM derived_day"
        )
        assert rows.fetchall() == [("realtime", "table")]
    assert check(old) == FORMAT == 2
    assert json.loads((old / "format.json").read_text())["upgraded_from"] == 1


def test_the_backup_made_before_holds_the_old_folder(old: Path, now: datetime, tmp_path: Path) -> None:
    prepare(old, now=now)
    (backup,) = (old / "backups").iterdir()
    restore(backup, tmp_path / "again", now=now)
    assert check(tmp_path / "again") == 1
    prepare(tmp_path / "again", now=now)
    assert AirReader(tmp_path / "again").days("鸡西", year(2025)) == AirReader(old).days("鸡西", year(2025))


def test_preparing_twice_upgrades_once_and_imports_go_on(old: Path, now: datetime) -> None:
    prepare(old, now=now)
    before = AirReader(old).days("鸡西", year(2025))
    prepare(old, now=now)
    assert len(list((old / "backups").iterdir())) == 1
    text = "日期\t城市\tSO2\tNO2\tCO\tO3-8h\tPM10\tPM2.5\n2025-01-02\t鸡西\t1\t2\t0.5\t60\t70\t30\n"
    import_city_days(old, text, now=now, user="a")
    assert AirReader(old).days("鸡西", year(2025))[:1] == before
    assert len(AirReader(old).days("鸡西", year(2025))) == 2


def test_an_upgrade_that_could_not_be_backed_up_changes_nothing(old: Path, now: datetime) -> None:
    (old / "backups").write_text("a file stands in the way")
    with pytest.raises((Refusal, OSError)):
        prepare(old, now=now)
    assert check(old) == 1
