"""An import killed in its middle leaves nothing half-written: what was there stays, and the same file then comes in whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from lantian.basis.period import Days
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.store.stations import Station
from lantian.work.air_intake import import_air
from lantian.work.lake_upkeep import tidy_lake
from lantian.work.station_register import keep_stations

NOW = datetime.fromisoformat("2026-03-10T00:00:00+00:00")
YEAR = Days(date(2025, 1, 1), date(2025, 12, 31))
HEAD = "时间,站点,SO2,NO2,CO,O3,PM10,PM2.5\n"
KILLED_AT_THE_THIRD_FILE = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from lantian.store import lake
from lantian.work.air_intake import import_air

write, written = lake._write, []
def stopped(file, rows):
    if len(written) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    written.append(file)
    return write(file, rows)
lake._write = stopped
import_air(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime.fromisoformat(sys.argv[3]), user="a")
"""


def hours(first: datetime, count: int) -> str:
    moments = (first + timedelta(hours=number) for number in range(1, count + 1))
    return HEAD + "".join(f"{moment:%Y-%m-%d %H:%M},1001A,7,20,0.5,60,80,30\n" for moment in moments)


def state(data: Path) -> tuple[int, int, int]:
    return (
        HourReader(data).hours(YEAR).height,
        len(AirReader(data).days("甲城", YEAR)),
        len(AirReader(data).imports()),
    )


def test_nothing_half_written_and_the_file_comes_in_again(tmp_path: Path) -> None:
    data, big = tmp_path / "d", tmp_path / "big.csv"
    keep_stations(
        data,
        [Station("1001A", "站", "甲城", None, None, "national", None, None, date(2013, 1, 1))],
        now=NOW,
        user="a",
    )
    import_air(data, hours(datetime(2025, 1, 1), 48), now=NOW, user="a")
    before = state(data)
    big.write_text(hours(datetime(2025, 1, 1), 24 * 150), "utf-8")
    command = [sys.executable, "-c", KILLED_AT_THE_THIRD_FILE, str(data), str(big), NOW.isoformat()]
    assert subprocess.run(command, env=os.environ, check=False).returncode == -signal.SIGKILL
    stray = len(list((data / "lake").rglob("*.parquet"))) - 1
    assert stray == 2
    assert state(data) == before

    report = import_air(data, big, now=NOW, user="a")
    assert (report.rows_new, report.rows_same) == (24 * 148, 48)
    assert state(data)[:2] == (24 * 150, 150)
    tidy_lake(data, now=NOW)
    assert HourReader(data).hours(YEAR).height == 24 * 150
