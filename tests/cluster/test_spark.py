"""A standalone master and two workers on this machine; one worker is killed while it works, the result is the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from benchmarks.standalone import Cluster, standalone, until
from network_hours import month_of, written_year

LANTIAN = Path(sys.executable).with_name("lantian")
BEFORE = 4  # tasks done before the kill
BUSY = 240  # seconds until so many are done
WHOLE = 480  # seconds for the rest of the run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("pyspark") is None, reason="left out: pyspark is not installed (make install-cluster)"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="left out: no Java 17 on this machine"),
]


def submitted(cluster: Cluster, hours: Path, out: Path) -> subprocess.Popen[bytes]:
    """``lantian air evaluate`` on the cluster, its output beside the other logs."""
    with (cluster.folder / f"submit-{out.name}.log").open("wb") as log:
        command = [str(LANTIAN), "air", "evaluate", "--hourly", str(hours), "--period", "year", "--out", str(out)]
        return subprocess.Popen(
            [*command, "--cluster", cluster.master], env=cluster.environment, stdout=log, stderr=subprocess.STDOUT
        )


def in_process(hours: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LANTIAN), "air", "evaluate", "--hourly", str(hours), "--period", "year", "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def busy_executor(cluster: Cluster) -> dict[str, Any] | None:
    """An executor in the midst of its work: tasks done on both, and this one with one done and one running."""
    there = [one for one in cluster.executors() if one["isActive"]]
    if len(there) < 2 or sum(one["completedTasks"] for one in there) < BEFORE:
        return None
    return next((one for one in there if one["activeTasks"] and one["completedTasks"]), None)


def test_a_worker_killed_in_the_midst_changes_nothing(tmp_path: Path) -> None:
    hours = written_year(tmp_path / "hours", stations=240, cities=48)
    assert in_process(hours, tmp_path / "local").returncode == 0
    with standalone(tmp_path / "cluster", spark__sql__shuffle__partitions="32") as cluster:
        run = submitted(cluster, hours, tmp_path / "out")
        cluster.processes["submit"] = run
        victim = until(lambda: busy_executor(cluster), BUSY, f"{BEFORE} tasks done and others running", run)
        killed_at = 1000 * time.time()
        cluster.kill(cluster.worker_of(victim))
        assert run.wait(WHOLE) == 0
        events = cluster.events()
        removed = [one for one in events if one["Event"] == "SparkListenerExecutorRemoved"]
        ended = [one for one in events if one["Event"] == "SparkListenerTaskEnd"]
        done = [one for one in ended if one["Task End Reason"]["Reason"] == "Success"]
        lost = [one for one in ended if one["Task End Reason"]["Reason"] != "Success"]
        assert victim["id"] in [one["Executor ID"] for one in removed]
        assert sum(one["Task Info"]["Finish Time"] <= killed_at for one in done) >= BEFORE
        assert any(
            one["Task Info"]["Executor ID"] == victim["id"] and one["Task Info"]["Finish Time"] <= killed_at
            for one in done
        )
        assert any(one["Task Info"]["Executor ID"] == victim["id"] for one in lost), "no task was lost with the worker"
        after = {one["Task Info"]["Executor ID"] for one in done if one["Task Info"]["Launch Time"] > killed_at}
        assert after, "nothing was left to do after the kill"
        assert victim["id"] not in after
        for name in ("city_daily.csv", "city_year.csv"):
            assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "local" / name).read_bytes()


def test_a_fault_in_the_files_is_told_as_in_process(tmp_path: Path) -> None:
    folder = tmp_path / "hours"
    folder.mkdir()
    january = month_of(1, stations=10, cities=2)
    january.write_parquet(folder / "a.parquet")
    january.slice(100, 1).with_columns(pl.col("so2").fill_null(0) + 1).write_parquet(folder / "b.parquet")
    expected = in_process(folder, tmp_path / "local")
    assert "两个不同的值" in expected.stderr
    command = [str(LANTIAN), "air", "evaluate", "--hourly", str(folder), "--out", str(tmp_path / "out")]
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    found = subprocess.run(
        [*command, "--cluster", "local[1]"], env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert found.stderr.splitlines()[-1] == expected.stderr.splitlines()[-1]
    assert not (tmp_path / "out").exists()
