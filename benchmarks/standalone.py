"""A standalone Spark cluster on this machine: a master and workers as processes of their own, loopback only.

Used by ``make bench-cluster`` and by the test that kills a worker. Everything lives in one folder and ends with it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil

HOST = "127.0.0.1"
START = 120  # seconds for master and workers to come up
_TOLD = 4000  # characters of each log shown where something fails


@dataclass
class Cluster:
    """Address of the master, folder of logs and events, processes by name, web port of each worker."""

    folder: Path
    port: int
    driver_ui: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    web_ports: dict[str, int] = field(default_factory=dict)

    @property
    def master(self) -> str:
        return f"spark://{HOST}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Environment of a program that submits to this cluster."""
        own = {"SPARK_CONF_DIR": str(self.folder / "conf"), "SPARK_LOCAL_IP": HOST}
        return {**{name: text for name, text in os.environ.items() if not name.startswith("SPARK_")}, **own}

    def executors(self) -> list[dict[str, Any]]:
        """Executors of the application that runs, as Spark tells them; none while there is no application."""
        base = f"http://{HOST}:{self.driver_ui}/api/v1/applications"
        with suppress(OSError, ValueError):
            applications = _json(base)
            return [one for one in _json(f"{base}/{applications[0]['id']}/executors") if one["id"] != "driver"]
        return []

    def worker_of(self, executor: dict[str, Any]) -> str:
        """Name of the worker an executor runs on."""
        log = executor["executorLogs"]["stdout"]
        return next(name for name, port in self.web_ports.items() if f":{port}/" in log)

    def kill(self, name: str) -> None:
        """Kills a process and all it started, at once and without notice."""
        _killed(self.processes[name])

    def events(self) -> list[dict[str, Any]]:
        """What happened, as Spark wrote it down: all events of all applications that have ended."""
        files = [file for file in (self.folder / "events").iterdir() if not file.name.startswith(".")]
        return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]

    def logs(self) -> str:
        """The ends of all logs."""
        files = sorted(self.folder.glob("*.log")) + sorted((self.folder / "work").rglob("stderr"))
        return "\n".join(
            f"---- {file.relative_to(self.folder)}\n{file.read_text('utf-8', 'replace')[-_TOLD:]}" for file in files
        )


@contextmanager
def standalone(folder: Path, workers: int = 2, memory: str = "1g", **settings: str) -> Iterator[Cluster]:
    """A cluster with workers of one core each, all of them registered; ended with everything it started.

    ``settings`` are Spark's, with ``__`` for the dot. Where anything fails inside, the logs are printed.
    """
    import pyspark

    ports = free_ports(3 + 2 * workers)
    cluster = Cluster(folder, ports[0], ports[1])
    for name in ("conf", "events", "work", "local"):
        (folder / name).mkdir(parents=True)
    _configured(cluster, memory, {name.replace("__", "."): text for name, text in settings.items()})
    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    web = ports[2]
    own = [str(program), "org.apache.spark.deploy.master.Master", "--port", str(cluster.port), "--webui-port", str(web)]
    try:
        _start(cluster, "master", own)
        for number in range(workers):
            name, (port, ui) = f"worker-{number + 1}", ports[3 + 2 * number : 5 + 2 * number]
            cluster.web_ports[name] = ui
            own = [str(program), "org.apache.spark.deploy.worker.Worker", "--port", str(port), "--webui-port", str(ui)]
            own += ["--cores", "1", "--memory", memory, "--work-dir", str(folder / "work"), cluster.master]
            _start(cluster, name, own)
        until(lambda: _alive(web) == workers, START, "master and workers to come up", cluster.processes["master"])
        yield cluster
    except BaseException:
        print(cluster.logs())
        raise
    finally:
        for process in cluster.processes.values():
            _killed(process)


def until(condition: Callable[[], Any], seconds: float, what: str, process: subprocess.Popen[bytes]) -> Any:
    """What the condition gives once it is true, asked again and again while a process runs.

    Errors  TimeoutError; RuntimeError where the process ends first
    """
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        with suppress(subprocess.TimeoutExpired):
            raise RuntimeError(f"ended with {process.wait(0.05)} before {what}")
    return found


def free_ports(count: int) -> list[int]:
    """Ports nothing listens on now."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _configured(cluster: Cluster, memory: str, settings: dict[str, str]) -> None:
    lines = {
        "spark.driver.host": HOST,
        "spark.driver.bindAddress": HOST,
        "spark.ui.port": str(cluster.driver_ui),
        "spark.executor.cores": "1",
        "spark.executor.memory": memory,
        "spark.local.dir": str(cluster.folder / "local"),
        "spark.eventLog.enabled": "true",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": (cluster.folder / "events").as_uri(),
        **settings,
    }
    text = "".join(f"{name} {value}\n" for name, value in lines.items())
    (cluster.folder / "conf" / "spark-defaults.conf").write_text(text, encoding="utf-8")


def _start(cluster: Cluster, name: str, command: list[str]) -> None:
    environment = {**cluster.environment, "SPARK_DAEMON_MEMORY": "256m", "SPARK_PUBLIC_DNS": HOST}
    with (cluster.folder / f"{name}.log").open("wb") as log:
        cluster.processes[name] = subprocess.Popen(
            [*command[:2], "--host", HOST, *command[2:]], env=environment, stdout=log, stderr=log
        )


def _alive(web: int) -> int:
    with suppress(OSError, ValueError):
        return sum(one["state"] == "ALIVE" for one in _json(f"http://{HOST}:{web}/json/")["workers"])
    return 0


def _json(address: str) -> Any:
    with urlopen(address, timeout=10) as answer:
        return json.load(answer)


def _killed(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and its descendants, the youngest last so that none is started anew."""
    with suppress(psutil.NoSuchProcess):
        own = psutil.Process(process.pid)
        family = [own, *own.children(recursive=True)]
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, 10)
    process.wait(10)
