"""One outlet's month of minute values out of a year of 300 outlets, against the bare read of the file it lies in.

The lake is simulated: one outlet's month is made, written for 300 outlets, and the files of the other eleven months are the
same files listed under their month (hard links), so the manifest and the folder are those of a whole year.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.figure import Figure, percentile
from lantian.store.stack import lake, stack_file
from lantian.store.stack.record_rows import RECORDS
from lantian.store.stack.records import records, scaled

OUTLETS, A_FILE = 300, 3
CODES = ("a00000", "a01011", "a01012", "a01014", "a19001", "a21002", "a21026", "a34013")
FIRST, UNTIL = datetime(2026, 10, 1), datetime(2026, 11, 1)  # noqa: DTZ001  Beijing civil time
MINUTES = (UNTIL - FIRST) // timedelta(minutes=1)
LIMIT_MS = 100
ASKED = 20


def _mn(number: int) -> str:
    return f"F0{number:022d}"


def outlet_month() -> pl.DataFrame:
    """Minute records of one outlet in the order of the lake: three values and a flag of each factor."""
    chosen = np.random.default_rng(1)
    starts = pl.datetime_range(FIRST, UNTIL, "1m", closed="left", eager=True)
    parts = []
    for code in CODES:
        middle = chosen.integers(1_000, 9_000, MINUTES)
        values = {name: _text(middle + shift) for name, shift in (("min", -150), ("avg", 0), ("max", 150))}
        parts.append(pl.DataFrame({"start": starts, **values}).with_columns(pl.lit(code).alias("code")))
    whole = (
        pl.concat(parts)
        .sort("start", "code")
        .with_columns(
            pl.lit("2051").alias("cn"),
            pl.lit("N").alias("flag"),
            pl.col("start").dt.strftime("%Y%m%d%H%M05000").alias("qn"),
            (pl.col("start") - timedelta(hours=8)).dt.replace_time_zone("UTC").alias("received_at"),
            pl.lit("gateway").alias("source"),
            pl.int_range(pl.len()).cast(pl.Int64).alias("seq"),
        )
    )
    absent = [pl.lit(None, RECORDS[name]).alias(name) for name in RECORDS if name not in whole.columns]
    return whole.with_columns(absent)


def _text(hundredths: np.ndarray) -> pl.Series:
    whole = pl.Series(hundredths)
    return (whole // 100).cast(pl.String) + "." + (whole % 100).cast(pl.String).str.zfill(2)


def filled(data: Path) -> lake.LakeFile:
    """Writes the year; the file in which the last outlet's October lies."""
    one = outlet_month()
    files = []
    for number in range(0, OUTLETS, A_FILE):
        rows = pl.concat(
            one.with_columns(pl.lit(_mn(outlet)).alias("mn")).select(list(RECORDS))
            for outlet in range(number, number + A_FILE)
        )
        files.append(lake.write(data, rows, "2051", "2026-10", "base", f"bench-{number:03d}", "merge"))
    with stack_file.writing(data) as database:
        lake.add(database, files, now=0)
        for month in [f"2026-{number:02d}" for number in (*range(1, 10), 11)] + ["2025-12"]:
            lake.add(database, [_linked(data, file, month) for file in files], now=0)
    return files[-1]


def _linked(data: Path, file: lake.LakeFile, month: str) -> lake.LakeFile:
    path = file.path.replace("2026-10", month)
    (data / path).parent.mkdir(parents=True, exist_ok=True)
    os.link(data / file.path, data / path)
    return replace(file, path=path, month=month, first_start=f"{month}-01T00:00:00", last_start=f"{month}-28T23:59:00")


def curve(data: Path, mn: str) -> int:
    """Number of values of one outlet's month of one factor, as whole numbers in the order of time."""
    found = records(data, FIRST, UNTIL, mns=[mn], cns=["2051"], codes=["a21026"])
    return found.select("start", scaled("avg")).height


def bare(file: Path, mn: str) -> int:
    """The same rows by the library alone."""
    wanted = (pl.col("mn") == mn) & (pl.col("code") == "a21026")
    return pl.scan_parquet(file).filter(wanted).select("start", "avg").collect().height


def day(data: Path) -> int:
    """Rows of one day of all outlets, as the daily referee reads them."""
    first = FIRST + timedelta(days=19)
    return records(data, first, first + timedelta(days=1), cns=["2051"]).height


def _milliseconds(work: Callable[[], int], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return percentile(taken, 0.5)


def figures() -> Iterator[Figure]:
    """Median milliseconds of a curve; the read of a day of all outlets beside it."""
    with tempfile.TemporaryDirectory(prefix="lantian-bench-") as folder:
        data = Path(folder)
        start = time.perf_counter()
        last = filled(data)
        size = sum(file.stat().st_size for file in (data / "stack" / "records" / "2051" / "2026-10").iterdir())
        print(
            f"stack lake: a month of {OUTLETS} outlets {size / 2**30:.2f} GiB, made in {time.perf_counter() - start:.0f} s"
        )
        mn = _mn(OUTLETS - 1)
        assert curve(data, mn) == bare(data / last.path, mn) == MINUTES
        own, peer = (
            _milliseconds(lambda: curve(data, mn), ASKED),
            _milliseconds(lambda: bare(data / last.path, mn), ASKED),
        )
        yield Figure("stack: an outlet's month of minutes", own, LIMIT_MS, "bare read", peer)
        assert day(data) == OUTLETS * 1440 * len(CODES)
        whole = _milliseconds(lambda: day(data), 1)
        yield Figure("stack: a day of 300 outlets read", whole, None, "one curve", own)


if __name__ == "__main__":
    from benchmarks.figure import table

    print(table(list(figures())))
