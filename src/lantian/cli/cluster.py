"""A Spark session for one command: what is missing is said before anything is computed."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.cli.progress import Report

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from lantian.work.air_evaluate import Evaluation

_PATIENCE = 5  # seconds for a master to answer


def on_cluster(master: str, paths: Sequence[Path], progress: Report) -> Evaluation:
    """The evaluation of station hours computed on a cluster; ``spark.lantian.months`` are held in memory at once.

    Errors  Refusal, also where there are no hours: city days need no cluster
    """
    if not paths:
        zh = "--cluster 只用于站点小时值，请用 --hourly 给出文件或目录"
        raise _refused("AIR-CLUSTER-HOURLY", zh, "--cluster is for station hours: name them with --hourly")
    from lantian.work.air_cluster import MONTHS, evaluated_on_cluster

    with session(master) as spark:
        months = int(spark.conf.get("spark.lantian.months", str(MONTHS)) or MONTHS)
        return evaluated_on_cluster(spark, paths, progress, months)


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """A session on a cluster (``spark://host:7077``), ended afterwards; further settings as Spark reads them.

    Errors  Refusal where pyspark, Java or the master is missing, or the cluster gives up
    """
    _refuse_absent(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the same path on every worker
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("lantian").config("spark.log.level", "ERROR")
    try:
        spark = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
        try:
            yield spark
        finally:
            spark.stop()
    except (PySparkException, Py4JError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        told = next((line for line in reversed(lines) if "Error" in line), lines[0] if lines else type(error).__name__)
        told = told.rstrip(".")
        zh = f"集群没有算完：{told}。请看工作节点的日志，并确认各节点装有本程序、能读到这些文件"
        raise _refused("AIR-CLUSTER-FAILED", zh, f"the cluster gave up: {told}") from None


def _refuse_absent(master: str) -> None:
    if find_spec("pyspark") is None:
        zh = "没有安装 Spark。请运行：pip install 'lantian[cluster]'（源码目录中：make install-cluster）"
        raise _refused("AIR-CLUSTER-PYSPARK", zh, "Spark is not installed: pip install 'lantian[cluster]'")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        zh = "没有找到 Java。Spark 4 需要 Java 17：apt-get install -y openjdk-17-jre-headless，或设置 JAVA_HOME"
        raise _refused("AIR-CLUSTER-JAVA", zh, "Java 17 is needed")
    if master.startswith("spark://") and not any(_answers(one) for one in master[8:].split(",")):
        zh = f"{master} 没有应答。请检查地址和端口，主节点是否在运行"
        raise _refused("AIR-CLUSTER-SILENT", zh, f"{master} does not answer")


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
    except (OSError, ValueError):
        return False
    return True


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en)))
