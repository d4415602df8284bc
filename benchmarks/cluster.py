"""``make bench-cluster``: the same hours in one process and on a standalone cluster of this machine, results compared.

Two workers of one core on the machine that also carries master and submitter cannot be quicker than one process with
all cores and no network: the figures say what a cluster costs, not what it gains. LANTIAN_BENCH_STATIONS sets the size
(1800 is the national network); the hours are made by ``make_national_year.py`` of the shared trial data.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.commands import LANTIAN
from benchmarks.standalone import Cluster, standalone

TABLES = ("city_daily.csv", "city_year.csv")


def main() -> int:
    shared = Path(os.environ.get("LANTIAN_SHARED", Path(__file__).parents[2] / "shared"))
    maker = shared / "accept/make_national_year.py"
    if not maker.exists():
        print("cluster: left out, the shared trial data is not on this machine (LANTIAN_SHARED)")
        return 0
    stations = os.environ.get("LANTIAN_BENCH_STATIONS", "600")
    print(
        f"{datetime.now(UTC):%Y-%m-%d}  {platform.platform()}  Python {platform.python_version()}  {os.cpu_count()} cores"
    )
    with tempfile.TemporaryDirectory() as base:
        hours, local, out = (Path(base) / name for name in ("hours", "local", "out"))
        command = [sys.executable, str(maker), "--out", str(hours), "--stations", stations]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        rows = sum(pq.read_metadata(file).num_rows for file in hours.iterdir())
        print(f"{stations} stations, one year, {rows:,} rows in {len(list(hours.iterdir()))} files\n")
        alone = seconds(hours, local)
        with standalone(Path(base) / "cluster", spark__sql__shuffle__partitions="32") as cluster:
            whole = seconds(hours, out, cluster)
            told(rows, alone, whole, cluster)
        equal = all((local / name).read_bytes() == (out / name).read_bytes() for name in TABLES)
    print(f"\nboth tables {'equal byte by byte' if equal else 'DIFFER'}")
    return 0 if equal else 1


def seconds(hours: Path, out: Path, cluster: Cluster | None = None) -> float:
    """Seconds of the whole command."""
    command = [LANTIAN, "air", "evaluate", "--hourly", str(hours), "--period", "year", "--out", str(out)]
    if cluster:
        command += ["--cluster", cluster.master]
    start = time.perf_counter()
    environment = cluster.environment if cluster else None
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def told(rows: int, alone: float, whole: float, cluster: Cluster) -> None:
    ended = [one for one in cluster.events() if one["Event"] == "SparkListenerTaskEnd"]
    first = min(one["Task Info"]["Launch Time"] for one in ended)
    last = max(one["Task Info"]["Finish Time"] for one in ended)
    moved = sum(one["Task Metrics"]["Shuffle Write Metrics"]["Shuffle Bytes Written"] for one in ended)
    longest = max(one["Task Info"]["Finish Time"] - one["Task Info"]["Launch Time"] for one in ended)
    print(f"{'one process, whole command':<44}{alone:>8.1f} s")
    print(f"{'two workers of one core, whole command':<44}{whole:>8.1f} s")
    print(f"{'  of these first to last task':<44}{(last - first) / 1000:>8.1f} s   {len(ended)} tasks")
    print(f"{'  longest task':<44}{longest / 1000:>8.1f} s")
    print(f"{'  brought together over the network':<44}{moved / 1e6:>8.0f} MB  {moved / rows:.0f} bytes a row")


if __name__ == "__main__":
    sys.exit(main())
