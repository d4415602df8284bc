"""A CSV of station hours with AQI added row by row, against Polars reading the same file."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.commands import LANTIAN, whole_process
from benchmarks.figure import Figure

ROWS = 500_000
LEVELS = {"so2": 12, "no2": 28, "co": 8, "o3": 70, "pm10": 70, "pm25": 35}  # CO in tenths of mg/m³
READ = "import sys, polars; polars.read_csv(sys.argv[1])"


def written(file: Path) -> None:
    """Hours of a fictional network over both editions, with all columns ``lantian air aqi`` wants."""
    rng = np.random.default_rng(1)
    hours = pl.Series(
        np.datetime64("2026-01-01T01:00", "ms") + np.arange(ROWS // 125) * np.timedelta64(3_600_000, "ms")
    )
    columns = {"time": hours.dt.strftime("%Y-%m-%d %H:%M").gather(np.arange(ROWS) // 125)}
    columns["station"] = pl.Series([f"S{one:03d}" for one in range(125)]).gather(np.arange(ROWS) % 125)
    for item, level in LEVELS.items():
        values = np.maximum(1, np.rint(level * rng.lognormal(0, 0.5, ROWS))).astype(np.int64)
        columns[item] = pl.Series(values if item != "co" else np.round(values / 10, 1))
    pl.DataFrame(columns).write_csv(file)


def figures() -> Iterator[Figure]:
    """No limit is set for it; the peer is the bare reading, in a process of its own as well."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "hours.csv", Path(folder) / "aqi.csv"
        written(file)
        own = whole_process(LANTIAN, "air", "aqi", str(file), "--hourly", "--out", str(out))
        bare = whole_process(sys.executable, "-c", READ, str(file))
    yield Figure(f"lantian air aqi --hourly, {ROWS:,} rows", own, None, "Polars reads the CSV", bare)
    print(f"lantian air aqi --hourly: {1000 * ROWS / own:,.0f} rows a second, whole process")
