"""Station hours into the store: a year of ten stations imported, and one late hour with the days it touches."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.figure import Figure
from benchmarks.rooms import in_process

CODES = tuple(f"{1001 + number}A" for number in range(10))
HEAD = "time,station,city,so2,no2,co,o3,pm10,pm25\n"
NOW = datetime(2026, 2, 1, tzinfo=UTC)
YEAR = 2025
MEMORY = Path("/dev/shm")


def figures() -> Iterator[Figure]:
    """One late hour ≤ 50 ms where a folder's writes reach the disk, warm, months merged; the same without a disk."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _on(Path(folder), 50, "")
    if MEMORY.is_dir():
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            yield from _on(Path(folder), None, ", no disk")


def _on(folder: Path, limit: float | None, where: str) -> Iterator[Figure]:
    import polars as pl

    from lantian.work.air_intake import import_air
    from lantian.work.lake_upkeep import tidy_lake
    from lantian.work.station_register import keep_stations

    data, table = folder / "data", folder / "year.csv"
    table.write_text(HEAD + "".join(_rows()), "utf-8")
    keep_stations(data, _stations(), now=NOW, user="bench")
    begin = time.perf_counter()
    import_air(data, table, now=NOW, user="bench")
    whole = (time.perf_counter() - begin) * 1000
    bare = in_process(lambda: pl.read_csv(table))
    yield Figure(f"year of 10 stations imported{where}", whole, None, "Polars reads the CSV", bare)

    tidy_lake(data, now=NOW)
    month = next((data / "lake/hours/realtime/2025-07").glob("base-*.parquet"))
    late = iter(_late())
    taken = in_process(lambda: import_air(data, next(late), now=NOW, user="bench"))
    read = in_process(lambda: pl.read_parquet(month))
    yield Figure(f"one late hour, days computed anew{where}", taken, limit, "Polars reads its month", read)


def _stations() -> list:  # type: ignore[type-arg]
    from lantian.store.stations import Station

    return [
        Station(code, code, "甲城", f"区{number % 3}", "230303", "national", 131.0, 45.3, date(2013, 1, 1))
        for number, code in enumerate(CODES)
    ]


def _rows() -> Iterator[str]:
    random = Random(1)
    start = datetime(YEAR, 1, 1)  # noqa: DTZ001 - Beijing civil time
    for code in CODES:
        for hour in range(1, 365 * 24 + 1):
            so2, no2, o3, pm10, pm25 = (random.randint(5, 200) for _ in range(5))
            moment = start + timedelta(hours=hour)
            yield f"{moment:%Y-%m-%d %H:%M},{code},甲城,{so2},{no2},0.8,{o3},{pm10 + pm25},{pm25}\n"


def _late() -> Iterator[str]:
    """An hour sent again with other values, each in another month than the one before."""
    for number in range(1000):
        yield f"{HEAD}{YEAR}-{number % 12 + 1:02d}-15 09:00,1001A,甲城,9,9,0.8,50,60,{201 + number}\n"
