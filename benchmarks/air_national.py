"""A national year of station hours: whole way against a bare read of the same columns, memory, one city, one late hour.

The year is made by ``make_national_year.py`` of the shared trial data; without it these figures are left out. Ten years
take minutes to make and are measured with LANTIAN_BENCH_TEN=1. pandas and DuckDB are peers where they are installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from benchmarks.commands import LANTIAN
from benchmarks.figure import Figure

RUNS = 3
READ = "Polars read"
SCALES = {"so2": 0, "no2": 0, "co": 1, "o3": 0, "pm10": 0, "pm25": 0}


@dataclass(frozen=True)
class Run:
    """One process: seconds it reported, seconds it took, its peak memory in MB."""

    inside: float
    whole: float
    megabytes: float


def measured(*command: str) -> Run:
    """A process run to its end; what it prints first is the seconds it measured itself, if it is a number."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    first = process.stdout.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    whole = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    inside = float(first[0]) if first and first[0].replace(".", "", 1).isdigit() else whole
    return Run(inside, whole, usage.ru_maxrss / 1024)


def peer(name: str, folder: Path) -> Run:
    return measured(sys.executable, "-m", f"benchmarks.peers.{name}", str(folder))


def evaluated(folder: Path) -> Run:
    with tempfile.TemporaryDirectory() as out:
        return measured(LANTIAN, "air", "evaluate", "--hourly", str(folder), "--period", "year", "--out", out)


def best(*jobs: Callable[[], Run]) -> list[Run]:
    """The quickest of some runs of each job, the jobs taking turns so that other load hits all of them."""
    runs = [[job() for job in jobs] for _ in range(RUNS)]
    return [
        Run(min(one.inside for one in own), min(one.whole for one in own), max(one.megabytes for one in own))
        for own in zip(*runs, strict=True)
    ]


def figures() -> Iterator[Figure]:
    """National year ≤ 2.0 × the bare read, whole process ≤ 3.5 s where the read takes 1.2 s, ≤ 1.3 GB."""
    maker = (
        Path(os.environ.get("LANTIAN_SHARED", Path(__file__).parents[2] / "shared")) / "accept/make_national_year.py"
    )
    if not maker.exists():
        print("national year: left out, the shared trial data is not on this machine (LANTIAN_SHARED)")
        return
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base) / "year"
        made(maker, folder, "2026")
        read, ours, whole = best(
            lambda: peer("polars_read", folder), lambda: peer("lantian_year", folder), lambda: evaluated(folder)
        )
        bare = 1000 * read.inside
        yield Figure("national year, disk to annual figures", 1000 * ours.inside, 2.0 * bare, READ, bare)
        yield Figure("national year, whole process", 1000 * whole.whole, 3500 / 1200 * bare, READ, bare)
        yield Figure("national year, peak memory", whole.megabytes, 1300, READ, read.megabytes, "MB")
        yield from others(folder, ours)
        yield from one_city(folder)
        if os.environ.get("LANTIAN_BENCH_TEN"):
            yield from ten_years(maker, Path(base) / "ten", ours)


def others(folder: Path, ours: Run) -> Iterator[Figure]:
    for name, title in (("pandas", "pandas"), ("duckdb", "DuckDB SQL")):
        if find_spec(name) is None:
            print(f"national year: {title} is not installed, no figure against it")
            continue
        other = peer(f"{name}_year", folder)
        yield Figure(
            f"national year against {title}", 1000 * ours.inside, 1000 * other.inside, title, 1000 * other.inside
        )
        yield Figure(f"peak memory against {title}", ours.megabytes, other.megabytes, title, other.megabytes, "MB")


def ten_years(maker: Path, folder: Path, one: Run) -> Iterator[Figure]:
    made(maker, folder, "2017-2026")
    ten = peer("lantian_year", folder)
    yield Figure("ten national years", 1000 * ten.inside, 11_000 * one.inside, "one year", 1000 * one.inside)
    yield Figure("ten national years, peak memory", ten.megabytes, 3000, "one year", one.megabytes, "MB")


def made(maker: Path, folder: Path, years: str) -> None:
    subprocess.run(
        [sys.executable, str(maker), "--out", str(folder), "--years", years], check=True, stdout=subprocess.DEVNULL
    )


def one_city(folder: Path) -> Iterator[Figure]:
    """A city's year in process ≤ 30 ms, one late hour ≤ 50 ms, annual figures included."""
    import polars as pl

    from lantian.basis.period import Days, year
    from lantian.work.air_city_year import city_days_of, city_years, with_late_hours

    begin = time.perf_counter()
    hours = pl.concat(
        pl.read_parquet(file).with_columns(pl.col("city", "station").cast(pl.String)).filter(pl.col("city") == "C001")
        for file in sorted(folder.glob("*.parquet"))
    )
    found = 1000 * (time.perf_counter() - begin)
    members = {"C001": hours["station"].n_unique()}
    days = city_days_of(hours, year(2026), SCALES, members)
    day = Days(date(2026, 7, 1), date(2026, 7, 1))

    def late() -> None:
        city_years(with_late_hours(days, hours, day, SCALES, members))

    def whole() -> None:
        city_years(city_days_of(hours, year(2026), SCALES, members))

    yield Figure("a city's year in process", quickest(whole), 30, "finding its hours", found)
    yield Figure("one late hour recomputed", quickest(late), 50, "finding its hours", found)


def quickest(work: Callable[[], None]) -> float:
    times = []
    for _ in range(15):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return min(times)
